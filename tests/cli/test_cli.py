"""The command line: exit codes, JSON errors, init, doctor, and what --help promises."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fullcircle.config.read import read_config
from fullcircle.errors import ExitCode
from fullcircle.serve.cli.main import app

COMMAND = [sys.executable, "-m", "fullcircle.serve.cli.main"]
VERBS = "init demo run pull conform check resolve graph insights publish map show search related path why query status doctor"
VERBS += " merge split always never undo why-not how history review identity audit timeline runs quality lake lineage"


def shell(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd)


def test_help_lists_every_verb() -> None:
    text = CliRunner().invoke(app, ["--help"]).output
    assert not [verb for verb in VERBS.split() if verb not in text]


@pytest.mark.parametrize("verb", VERBS.split())
def test_every_verb_explains_itself(verb: str) -> None:
    assert CliRunner().invoke(app, [verb, "--help"]).exit_code == 0


def test_init_writes_a_config_that_reads(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,name\n1,Ada\n")
    assert shell("init", tmp_path).returncode == ExitCode.OK
    assert read_config(tmp_path / "fullcircle.toml").sources["files"].connector == "files"
    again = shell("init", tmp_path)
    assert again.returncode == ExitCode.USAGE
    assert "--force" in again.stderr


def test_errors_are_one_message_or_one_json_object(tmp_path: Path) -> None:
    text = shell("run", cwd=tmp_path)
    assert text.returncode == ExitCode.USAGE
    assert "fullcircle init" in text.stderr
    assert "Traceback" not in text.stderr
    error = json.loads(shell("status", "--json", cwd=tmp_path).stderr)["error"]
    assert (error["code"], error["retry"]) == ("config", False)


def test_doctor_says_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "fullcircle.toml").write_text("[sources.crm]\nconnector = 'sql'\nurl = 'env:NO_SUCH_VARIABLE'\n")
    found = shell("doctor", "--json", cwd=tmp_path)
    assert found.returncode == ExitCode.FAILED
    wrong = {one["what"]: one for one in json.loads(found.stdout) if not one["ok"]}
    assert "NO_SUCH_VARIABLE" in wrong["source crm"]["found"]


def test_asking_before_a_run_says_so(tmp_path: Path) -> None:
    (tmp_path / "fullcircle.toml").write_text("")
    asked = shell("show", "anybody", cwd=tmp_path)
    assert asked.returncode == ExitCode.FAILED
    assert "fullcircle run" in asked.stderr


def test_the_door_for_programs_imports_nothing_heavy() -> None:
    code = "import sys, fullcircle; print([name for name in ('duckdb', 'pyarrow', 'pydantic', 'rich') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
