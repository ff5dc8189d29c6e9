"""How far a pull by time stamps has got: what is interrupted goes on, and nothing is skipped."""

from __future__ import annotations

from datetime import datetime, timedelta

from fullcircle.connectors.http.stamped import StampedPosition, set_back, swept

WEEK, DAY = timedelta(days=7), timedelta(days=1)
FIRST, SECOND, LATER = "2026-01-01T10:00:00Z", "2026-01-02T10:00:00Z", "2026-02-01T10:00:00Z"


def begun(cursor: dict[str, object] | None, now: str, *fields: str) -> StampedPosition:
    return StampedPosition.resumed(cursor, fields or ("a", "b"), now, WEEK)[0]


def test_a_pull_begins_where_the_last_one_began() -> None:
    first = begun(None, FIRST)
    assert first.since is None
    second = begun(first.end(), SECOND)
    assert (second.since, second.upto) == (FIRST, SECOND)
    assert begun(second.end(), SECOND).since == SECOND


def test_an_interrupted_pull_goes_on_whatever_it_had_read() -> None:
    first = begun(None, FIRST)
    again = begun(first.cursor(), SECOND)  # nothing was read yet
    assert (again.since, again.upto) == (None, FIRST)
    again.reading = {"after": 7}
    assert begun(again.cursor(), LATER).reading == {"after": 7}
    second = begun(begun(None, FIRST).end(), SECOND)
    assert begun(second.cursor(), LATER).since == FIRST


def test_a_new_field_or_a_long_time_means_all_rows() -> None:
    ended = begun(None, FIRST).end()
    position, new = StampedPosition.resumed(ended, ["a", "c"], SECOND, WEEK)
    assert (position.since, new) == (None, ["c"])
    assert begun(ended, SECOND, "a").since == FIRST
    assert begun(ended, LATER).since is None


def test_ids_are_compared_when_it_is_time_and_once() -> None:
    first = begun(None, FIRST)
    assert not first.sweeps(DAY)
    second = begun(first.end(), SECOND)
    assert second.sweeps(DAY)
    cursor = second.end()
    assert begun(cursor, SECOND).sweep  # as long as it has not been done
    assert not begun(swept(cursor), SECOND).sweeps(DAY)


def test_a_cursor_is_set_back_and_never_on() -> None:
    first = begun(None, FIRST)
    assert set_back(first.cursor(), datetime(2025, 1, 1)) == first.cursor()  # all rows are read anyway
    ended = begun(first.end(), SECOND).end()
    assert begun(set_back(ended, datetime(2026, 1, 1)), LATER, "a").upto == LATER
    assert begun(set_back(ended, datetime(2026, 1, 1)), SECOND).since == "2026-01-01T00:00:00Z"
    assert begun(set_back(ended, datetime(2027, 1, 1)), SECOND).since == SECOND
