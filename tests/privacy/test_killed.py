"""An erasure that is killed at any of its commits: the next run finishes it, and it ends as if it had not been killed."""

import shutil
import signal
from pathlib import Path

import pytest

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from fullcircle.privacy.erase import erase, finish
from fullcircle.privacy.listed import any_open, erasures
from fullcircle.steward.who import customer_named
from tests import small
from tests.forked import Forked
from tests.privacy.doomed import work
from tests.properties import profile, spread

PERSON = "crm:contacts:17"
TRACES = (b"ada keller", b"ada.keller@example.org", b"41443334455")
POINTS = 7  # to be killed at, of some hundred, from the first to the last; a soak takes all
pytestmark = [pytest.mark.property] if profile() == "soak" else []


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = small.make(tmp_path_factory.mktemp("killed") / "project", small.PARQUET)
    with open_desk(read_config(file)) as desk:
        run(desk)
    return file.parent


def _copy(original: Path, tmp_path: Path, number: int) -> Path:
    shutil.copytree(original, tmp_path / str(number))
    return tmp_path / str(number) / "fullcircle.toml"


def _doomed(file: Path, fatal: int) -> tuple[int | None, str]:
    process = Forked(work, str(file), PERSON, str(fatal))
    said, _ = process.communicate(120)
    return process.returncode, said


@pytest.mark.slow
def test_killed_at_any_point_it_is_finished_by_the_next_run(original: Path, tmp_path: Path) -> None:
    code, said = _doomed(_copy(original, tmp_path, 0), 0)
    assert code == 0, said
    points = int(said)
    assert points > 40
    expected = _state(tmp_path / "0" / "fullcircle.toml")
    for fatal in spread(range(1, points + 1), POINTS):
        file = _copy(original, tmp_path, fatal)
        code, said = _doomed(file, fatal)
        assert code == -signal.SIGKILL, said
        settings = read_config(file)
        if not erasures(settings):  # killed before it was noted: nothing has happened
            erase(settings, [PERSON], customer_named, "officer")
        else:
            finish(settings)
        assert not any_open(settings)
        assert _state(file) == expected, f"killed at point {fatal} of {points}"
        shutil.rmtree(file.parent)


def _state(file: Path) -> dict[str, object]:
    """What is there, and where there is any trace of the person."""
    settings = read_config(file)
    found = [
        path.name
        for path in settings.home.rglob("*")
        if path.is_file() and any(trace in path.read_bytes().lower() for trace in TRACES)
    ]
    with open_desk(settings) as desk:
        rows = {name: desk.engine.rows(f"SELECT * FROM {name} ORDER BY ALL") for name in ("members", "customers", "orders")}
        ids = desk.book.read("SELECT id, state FROM customer_id ORDER BY 1")
        return {**rows, "ids": ids, "records": desk.book.read("SELECT * FROM customer_record ORDER BY 1"), "traces": found}
