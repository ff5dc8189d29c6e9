"""`run --watch`: a line for each run that changed something, patience with what may pass, a clean stop."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fullcircle.errors import Busy, ConfigError
from fullcircle.serve.cli.endings import Stopped
from fullcircle.serve.cli.main import app
from fullcircle.serve.cli.watch import changed_something, line, watch
from fullcircle.stage import Done
from tests import small

COMMAND = [sys.executable, "-m", "fullcircle.serve.cli.main"]
NOTHING = [Done("pull", {"rows": 0, "objects": 3}, 0.1), Done("conform", {"records": 3}, 0.0, skipped=True)]
SOME = [Done("pull", {"rows": 2, "deleted": 0, "objects": 3}, 0.1), Done("conform", {"records": 3}, 0.2)]


def watched(*runs: list[Done] | Exception, every: float = 10) -> tuple[list[list[Done]], list[float]]:
    """What was shown, and the pauses, when the runs end in this way and the last pause is stopped."""
    left, shown, pauses = list(runs), [], []

    def once() -> list[Done]:
        one = left.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if not left:
            raise Stopped

    watch(once, every, shown.append, pause)
    return shown, pauses


def test_only_runs_with_news_are_shown() -> None:
    assert watched(SOME, NOTHING, SOME) == ([SOME, SOME], [10, 10, 10])
    assert (changed_something(NOTHING), changed_something(SOME)) == (False, True)
    assert "2 rows; conform done in 0.3 s" in line(SOME)


def test_what_may_pass_is_tried_again_with_longer_pauses() -> None:
    busy = Busy("Another run is under way.", "Wait.")
    shown, pauses = watched(busy, busy, SOME, busy, NOTHING)
    assert (shown, pauses) == ([SOME], [20, 40, 10, 20, 10])
    assert watched(*[busy] * 9)[1][-1] == 300
    assert watched(busy, every=600)[1] == [600], "never sooner than asked"


def test_any_other_error_ends_it() -> None:
    with pytest.raises(ConfigError):
        watched(SOME, ConfigError("The config is broken.", "Mend it."))


@pytest.mark.parametrize("option", ["--again", "--rebuild-graph", "--repair", "--new-book", "--dry-run"])
def test_what_is_for_one_run_is_refused(tmp_path: Path, option: str) -> None:
    done = CliRunner().invoke(app, ["run", "--watch", option, "-c", str(small.make(tmp_path))])
    assert isinstance(done.exception, ConfigError)
    assert option in str(done.exception)


def test_a_change_is_seen_and_sigterm_ends_it_in_good_order(tmp_path: Path) -> None:
    file = small.make(tmp_path)
    work = subprocess.Popen(
        [*COMMAND, "run", "--watch", "--every", "1", "--json", "-c", str(file)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    overdue = threading.Timer(120, work.kill)
    overdue.start()
    try:
        assert work.stdout is not None
        first = json.loads(work.stdout.readline())
        assert first["stages"][0]["counts"]["rows"] == 12
        small.change(tmp_path, 1)
        second = json.loads(work.stdout.readline())
        assert second["stages"][0]["counts"]["rows"] > 0
        time.sleep(0.3)  # the run has ended: what follows is the pause
        work.send_signal(signal.SIGTERM)
        said = work.communicate()[1]
    finally:
        overdue.cancel()
        work.kill()
    assert work.returncode == 0, said
    assert "Stopped between two runs" in said
