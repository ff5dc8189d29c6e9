"""How commands end badly: stopped by signals, no room for output, errors nobody foresaw, homes that cannot be used."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fullcircle.serve.cli.endings import Signals, without_values
from tests import small
from tests.properties import some_of

COMMAND = [sys.executable, "-m", "fullcircle.serve.cli.main"]
# Under `nohup`, or in the background of a shell, a child inherits that signals are ignored, and the command respects that.
HEARS = """
import signal, sys
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
from fullcircle.serve.cli.main import main
sys.argv = ["fullcircle", *sys.argv[1:]]
main()
"""
SECRET = "ada@private.example"
BREAKS = """
import sys
from fullcircle.serve.cli import main, run
import fullcircle.config.read as read
def broken(*_, **__):
    value = "ada@private.example"
    try:
        raise KeyError(value)
    except KeyError as error:
        raise ValueError(f"no such person: {value}") from error
sys.argv = ["fullcircle", *sys.argv[1:]]
import fullcircle.desk
fullcircle.desk.open_desk = broken
main.main()
"""


def shell(*words: object, **how: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, words)], stderr=subprocess.PIPE, text=True, check=False, **how)  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.make(tmp_path_factory.mktemp("endings"))


@pytest.mark.parametrize(
    ("stage", "name"),
    some_of([(stage, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") for stage in ("pull", "resolve")], usual=4),
)
def test_a_signal_ends_with_one_line_and_its_code(file: Path, stage: str, name: str) -> None:
    _ends_in_good_order(file, stage, name)


def test_a_signal_ends_a_pull_of_several_sources_at_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that is in the middle of a library would break off the end of the process."""
    monkeypatch.setenv("FULLCIRCLE_PULL__AT_ONCE", "4")
    _ends_in_good_order(file, "pull", "SIGTERM")


def _ends_in_good_order(file: Path, stage: str, name: str) -> None:
    word = "Interrupted." if name == "SIGINT" else name
    command = [sys.executable, "-c", HEARS, "run", "--again", "-c", file]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as work:
        assert work.stderr is not None
        next(line for line in work.stderr if line.startswith(stage))
        work.send_signal(getattr(signal, name))
        rest = work.stderr.read()
    assert work.returncode == 128 + getattr(signal, name)
    last = rest.splitlines()[-1]
    assert word in last
    assert "The same command continues where it stopped." in last
    assert "Traceback" not in rest


SWALLOWS = HEARS.replace(
    "sys.argv =",
    """
import time
from fullcircle import pipeline
class Closing:
    def __del__(self):
        print("now", file=sys.stderr, flush=True)
        time.sleep(60)  # an exception that is raised here goes nowhere
def work(*_, **__):
    del_it = Closing()
    del del_it
    try:
        time.sleep(60)
    finally:
        print("closed", file=sys.stderr)
pipeline.run = work
sys.argv =""",
)


def test_a_signal_that_a_destructor_swallowed_comes_again(file: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SWALLOWS, "run", "-c", file], stderr=subprocess.PIPE, text=True) as work:
        assert work.stderr is not None
        next(line for line in work.stderr if line == "now\n")
        work.send_signal(signal.SIGINT)
        rest = work.stderr.read()
    assert work.returncode == 130
    assert "closed\n" in rest
    assert "Traceback" not in rest
    assert rest.splitlines()[-1] == "Interrupted. The same command continues where it stopped."


def test_a_question_that_is_stopped_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    signals = Signals()
    signals.received = signal.SIGTERM
    said = {}
    for words in ("query", "run", "graph sync", "map suggest", "graph export out", "run --dry-run", "-c x.toml resolve", "show"):
        monkeypatch.setattr(sys, "argv", ["fullcircle", *words.split()])
        said[words] = signals.line()
    continues = {words for words, line in said.items() if line.endswith("continues where it stopped.")}
    assert continues == {"run", "graph sync", "-c x.toml resolve"}
    assert said["query"] == "Stopped by SIGTERM. The same command begins anew."


@pytest.mark.parametrize("words", ["--help", "doctor", "doctor --json", "run --help"])
def test_output_that_cannot_be_written(file: Path, words: str) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with open("/dev/full", "w") as full:
        done = shell(*words.split(), stdout=full, cwd=file.parent)
    assert done.returncode == 1
    assert "output could not be written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("where", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}])
def test_letters_that_the_terminal_does_not_have(tmp_path: Path, where: dict[str, str]) -> None:
    (tmp_path / "fullcircle.toml").write_text('[sources."Ärzte"]\nconnector = "files"\npath = "Straße"\n')
    done = shell("doctor", stdout=subprocess.PIPE, cwd=tmp_path, env={**os.environ, "PYTHONCOERCECLOCALE": "0", **where})
    assert "rzte" in done.stdout
    assert "Traceback" not in done.stderr


def test_what_nobody_foresaw_is_one_message_without_values(file: Path) -> None:
    home = file.parent / ".fullcircle"
    home.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", BREAKS, "run", "-c", str(file), "--json"], capture_output=True, text=True, check=False
    )
    error = json.loads(done.stderr)["error"]
    assert done.returncode == 1
    assert "ValueError" in error["message"]
    kept = home / "last-error.txt"
    assert str(kept) in error["hint"]
    assert kept.stat().st_mode & 0o077 == 0
    text = kept.read_text()
    assert "broken" in text
    assert "builtins.KeyError" in text
    assert SECRET not in text + done.stderr


def test_a_traceback_is_kept_without_the_texts_of_errors() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        text = without_values(error)
    assert SECRET not in text
    assert "builtins.ValueError" in text


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    file = small.make(tmp_path)
    (tmp_path / ".fullcircle").write_text("not a folder")
    for words in (["run"], ["run", "--dry-run"], ["graph", "import", "out"]):
        done = shell(*words, cwd=file.parent, stdout=subprocess.PIPE)
        assert done.returncode == 2
        assert "it is a file" in done.stderr
    assert (tmp_path / ".fullcircle").read_text() == "not a folder"


def test_a_config_without_sources_runs_nothing(tmp_path: Path) -> None:
    (tmp_path / "fullcircle.toml").write_text("")
    done = shell("run", cwd=tmp_path, stdout=subprocess.PIPE)
    assert done.returncode == 2
    assert "no source" in " ".join(done.stderr.split())
    assert not (tmp_path / ".fullcircle").exists()
