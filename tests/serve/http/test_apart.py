"""Work in a process of its own: what it gives, and its errors, arrive as if it had been done here."""

from __future__ import annotations

import os
import pickle

import pytest

from fullcircle import errors
from fullcircle.errors import FullcircleError, NotFound
from fullcircle.serve.http.apart import apart
from fullcircle.steward.once import AnswerGone, KeyReused, StillRunning
from fullcircle.steward.versions import VersionMissing, VersionStale

KINDS = [
    *(one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, FullcircleError)),
    AnswerGone, KeyReused, StillRunning, VersionMissing, VersionStale,
]  # fmt: skip


def who() -> tuple[int, int]:
    return os.getpid(), os.getppid()


def refuse(message: str, hint: str) -> None:
    raise NotFound(message, hint)


def break_down(value: str) -> None:
    raise ValueError(value)


def vanish() -> None:
    os._exit(1)


def test_it_is_another_process() -> None:
    assert apart(who)[1] == os.getpid()


def test_an_error_is_raised_here_with_its_hint() -> None:
    with pytest.raises(NotFound) as raised:
        apart(refuse, "There is no 7.", "Name another.")
    assert (raised.value.message, raised.value.hint) == ("There is no 7.", "Name another.")


def test_an_unforeseen_error_says_no_values() -> None:
    with pytest.raises(FullcircleError) as raised:
        apart(break_down, "ada@example.org")
    assert "ValueError" in raised.value.message
    assert "ada" not in raised.value.message


def test_a_process_that_was_stopped_is_said() -> None:
    with pytest.raises(FullcircleError, match="was stopped before it was done"):
        apart(vanish)


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_arrives_whole(kind: type[FullcircleError]) -> None:
    there = pickle.loads(pickle.dumps(kind("what", "what to do")))
    assert (type(there), there.message, there.hint) == (kind, "what", "what to do")
