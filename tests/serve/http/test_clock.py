"""The clock of the machine is set back or ahead: what has ended stays ended, and nobody is kept out."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from fullcircle.book.book import Book
from fullcircle.errors import NotAllowed
from fullcircle.govern.clock import Clock
from fullcircle.govern.keys import ApiKeys
from fullcircle.serve.http.rates import Rates, TooOften
from fullcircle.serve.web.sessions import HOURS, Sessions

DAY = 86_400.0
Go = Callable[[float, float], None]


@pytest.fixture
def go(monkeypatch: pytest.MonkeyPatch) -> Go:
    """`go(by, set)`: so many seconds go by, and the clock is set by so many."""
    steady, wall = time.monotonic, time.time
    gone = {"by": 0.0, "set": 0.0}

    def on(by: float, set_: float) -> None:
        gone["by"] += by
        gone["set"] += set_

    monkeypatch.setattr(time, "monotonic", lambda: steady() + gone["by"])
    monkeypatch.setattr(time, "time", lambda: wall() + gone["by"] + gone["set"])
    return on


def test_time_goes_on_whatever_the_clock_says(go: Go) -> None:
    clock = Clock()
    began = clock.now()
    go(10, -DAY)
    assert 10 <= clock.now() - began < 11
    go(0, 2 * DAY)
    assert clock.now() - began > DAY
    go(0, -DAY)  # and what was ahead by mistake is put right
    assert clock.now() - began < 11


def test_a_key_and_a_login_that_have_ended_stay_so(go: Go, tmp_path: Path) -> None:
    with closing(Book(tmp_path / "book.sqlite")) as book:
        keys, sessions = ApiKeys(book), Sessions()
        _, token = keys.make("a till", ["agent"], "os:tests", 1)
        number = sessions.begin(token)
        assert keys.of_token(token).state == "valid"
        assert sessions.of(number)
        go(1.1 * DAY, 0)
        for set_back in (0, -2 * DAY):
            go(0, set_back)
            with pytest.raises(NotAllowed):
                keys.of_token(token)
            assert sessions.of(number) is None
    assert HOURS < 24


def test_a_clock_set_back_keeps_nobody_out(go: Go) -> None:
    rates = Rates(3)
    for _ in range(3):
        rates.count("key:till")
    with pytest.raises(TooOften):
        rates.count("key:till")
    go(1, -DAY)
    rates.count("key:till")
