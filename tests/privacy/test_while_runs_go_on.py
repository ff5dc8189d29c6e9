"""People are erased in batches while another process runs again and again; some erasures are killed. No byte of them is left.

Not after a full sync either, nor after the last backup of the home was restored. A soak does it with a thousand among twenty
thousand; `make soak TESTS=tests/privacy/test_while_runs_go_on.py` does nothing else.
"""

import json
import shutil
import signal
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from fullcircle.privacy.erase import erase, finish
from fullcircle.privacy.listed import any_open, apply, erasures, keep
from fullcircle.stage import Choice
from fullcircle.steward.who import customer_named
from tests.forked import Forked
from tests.privacy.beside import erase_killed, patiently, runs
from tests.privacy.canaries import Canary, make, scan
from tests.properties import profile

STAY = 4  # canaries that are not erased: the scan has to find them


@dataclass(frozen=True)
class Crowd:
    """How many are there, and in how many batches the canaries go; of these the ones that are killed, each at a point."""

    canaries: int
    others: int
    batches: int
    killed_at: dict[int, int]


SMALL = Crowd(50, 30, 2, {1: 60})
LARGE = Crowd(1000, 20_000, 5, {1: 4, 2: 60, 4: 140})


@pytest.mark.property
@pytest.mark.skipif(profile() != "soak", reason="takes many minutes; `make soak` does it")
@pytest.mark.parametrize("crowd", [SMALL, LARGE], ids=lambda crowd: f"{crowd.canaries}")
def test_no_byte_is_left_of_who_is_erased_while_runs_go_on(crowd: Crowd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    canaries = [Canary(number) for number in range(crowd.canaries + STAY)]
    gone, stay = canaries[: crowd.canaries], canaries[crowd.canaries :]
    settings = read_config(make(tmp_path / "project", canaries, crowd.others))
    _run(settings)
    places = (settings.home, settings.folder / "out", temporary)
    assert set().union(*scan(canaries, *places).values()) == {one.number for one in canaries}
    shutil.copytree(settings.home, tmp_path / "backup")

    _erased_beside_runs(settings, gone, crowd, tmp_path / "stop")
    assert not any_open(settings)
    assert {one.state for one in erasures(settings)} == {"done"}
    assert len(erasures(settings)) == len(gone)
    _run(settings)
    assert scan(gone, *places) == {}
    assert set().union(*scan(stay, *places).values()) == {one.number for one in stay}

    _run(settings, again=True)
    assert scan(gone, *places) == {}

    keep(settings, tmp_path / "kept.json")
    shutil.rmtree(settings.home)
    shutil.copytree(tmp_path / "backup", settings.home)
    assert len(apply(settings, tmp_path / "kept.json")) == len(gone)
    _run(settings)
    assert scan(gone, *places) == {}


def _run(settings: Config, again: bool = False) -> None:
    with open_desk(settings) as desk:
        run(desk, Choice(again=again, rebuild_graph=again))


def _erased_beside_runs(settings: Config, gone: Sequence[Canary], crowd: Crowd, stop: Path) -> None:
    config = str(settings.folder / "fullcircle.toml")
    runner = Forked(runs, config, str(stop), json.dumps([one.number for one in gone]))
    try:
        for batch in range(crowd.batches):
            those = gone[batch :: crowd.batches]
            if batch in crowd.killed_at:
                numbers = json.dumps([one.number for one in those])
                killed = Forked(erase_killed, config, numbers, str(crowd.killed_at[batch]))
                said, _ = killed.communicate(900)
                assert killed.returncode == -signal.SIGKILL, said
            if batch not in crowd.killed_at or not patiently(lambda: any_open(settings)):
                _erase(settings, those)
            patiently(lambda: finish(settings))
    finally:
        stop.touch()
        said, _ = runner.communicate(900)
    assert runner.returncode == 0, said
    assert int(said.split()[-1]) > 0


def _erase(settings: Config, those: Sequence[Canary]) -> None:
    """Those that are not erased yet: a killed erasure, and a run after it, may have got so far."""

    def left() -> None:
        with open_desk(settings) as desk:
            there = {key for (key,) in desk.engine.rows("SELECT key FROM records WHERE source = 'crm' AND object = 'contacts'")}
        if names := [f"crm:contacts:c-{one.word}" for one in those if f"c-{one.word}" in there]:
            erase(settings, names, customer_named, "officer")

    patiently(left)
