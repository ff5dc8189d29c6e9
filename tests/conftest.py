"""What holds for all tests.

Fixtures: a fixture lives in the `conftest.py` of the room whose tests use it; one that a single file uses lives in that
file. What is dear to make is made once: servers (`tests/servers`) once for a test session, worlds that many tests only read
once for a session or a module. A test that changes such a world gets a copy. Every fixture closes what it opened.

Customer ids: all books of the tests have one secret (identity/ids.py), so that homes can be compared by their ids. Tests of the
secret itself take the fixture `own_secrets`.

Properties: `ci` is the profile without being asked. The same examples come every time, so a failure is the change's own.
`soak` (see `make soak`) draws new ones, and many more; `tests/properties.py` holds the numbers.
"""

from __future__ import annotations

import functools
import gc
import os
import time

import pytest
import typer.testing
from hypothesis import is_hypothesis_test
from typer.main import get_command

from fullcircle.identity import ids
from tests import properties

properties.load_profile()
# Tables of tests are small: a second thread of the engine costs a sixth more time, and four workers share two cores.
os.environ.setdefault("FULLCIRCLE_ENGINE__THREADS", "1")

# The tree of commands is made once, not for each command that a test types: that is half of what a quick command takes.
typer.testing._get_command = functools.cache(get_command)

QUICK = "FULLCIRCLE_QUICK_SECONDS"  # set by tests/quick.py
SECRET = "5e" * 32
_began: list[float] = []  # when the first test of this process did
_new_secret = ids.new_secret
ids.new_secret = lambda: SECRET


@pytest.fixture
def own_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each new book has a secret of its own, as outside of tests."""
    monkeypatch.setattr(ids, "new_secret", _new_secret)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the property tests: `pytest -m property` runs them alone. Tests that share what one of them made stay together."""
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.property)
        if _shares(item) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: the garbage collector need not walk over it again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """At the end all is let go of: DuckDB's binding lists what is left."""
    gc.unfreeze()


def _shares(item: pytest.Item) -> bool:
    """True for a test with a fixture of its module: each worker that runs such a test would make it again."""
    found = getattr(item, "_fixtureinfo", None)
    return found is not None and any(one[-1].scope == "module" for one in found.name2fixturedefs.values() if one)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """In a quick run: leave out what the time is too short for, never the rules. The end of the run says how many."""
    seconds, now = float(os.environ.get(QUICK) or "inf"), time.monotonic()
    if not _began:
        _began.append(now)
    if now - _began[0] > seconds and not item.nodeid.startswith("tests/rules"):
        pytest.skip(f"NOT RUN: the {seconds:.0f} s of a quick run were over; `make test` runs it")


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Let go of what a raised error holds: one given as a parameter lives until the end, and with its traceback the engine
    it was raised beside. DuckDB's binding lists such engines at exit ("nanobind: leaked ...").
    """
    call = getattr(item, "callspec", None)
    for value in call.params.values() if call else ():
        if isinstance(value, BaseException):
            value.__traceback__ = value.__context__ = value.__cause__ = None
