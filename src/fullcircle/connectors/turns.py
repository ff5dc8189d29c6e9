"""Several sources are waited for at the same time, and only one of them is worked on: what we have is not made for several.

A thread for each source takes its turn, and gives it to the others while it waits for its source. So requests of slow sources run
side by side, and engine, book and landing are used by one thread at a time. Start at `each`.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar, cast

LOOK_SECONDS = 0.2  # how often the main thread looks whether it was interrupted
LEAVE_SECONDS = 10.0  # for a source that does not answer, after an error or an interruption of the others
T = TypeVar("T")


class PullOver(BaseException):
    """Another source, or a person, has ended the pull: this one does nothing more."""


class Turns:
    """Whose turn it is."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._over = False

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Inside the `with` block it is the turn of this thread."""
        self._turn.acquire()
        try:
            self._go_on()
            yield
        finally:
            self._turn.release()

    @contextmanager
    def given(self) -> Iterator[None]:
        """Inside the `with` block others work, while this thread waits for its source."""
        self._turn.release()
        try:
            yield
        finally:
            self._turn.acquire()
            self._go_on()  # also in place of an error: nobody is to note it any more

    def waiting(self, items: Iterator[T]) -> Iterator[T]:
        """The same items; others work while the next one is waited for."""
        none = object()
        while True:
            with self.given():
                found = next(items, cast("T", none))
            if found is none:
                return
            yield found

    def end(self) -> None:
        """From when this returns, nobody has a turn any more."""
        with self._turn:
            self._over = True

    @property
    def over(self) -> bool:
        """True once it was ended."""
        return self._over

    def _go_on(self) -> None:
        if self._over:
            raise PullOver


def each(names: Sequence[str], at_once: int, turns: Turns, work: Callable[[str], None]) -> None:
    """Do the work for each name, in turns, so many at the same time. The first error ends it for all."""
    if at_once <= 1 or len(names) <= 1:
        for name in names:
            with turns.taken():
                work(name)
        return
    left, errors = deque(names), deque[BaseException]()
    ended = [threading.Event() for _ in names[:at_once]]

    def one_after_another(end: threading.Event) -> None:
        try:
            _while_any(left, turns, work, errors)
        finally:
            end.set()

    threads = [threading.Thread(target=one_after_another, args=(end,), daemon=True) for end in ended]
    try:
        for thread in threads:
            thread.start()
        while not turns.over and (going := [end for end in ended if not end.is_set()]):
            going[0].wait(LOOK_SECONDS)
    except BaseException:
        turns.end()
        raise
    finally:
        _leave([end for end, thread in zip(ended, threads, strict=True) if thread.ident])
    if errors:
        raise errors[0]


def _while_any(left: deque[str], turns: Turns, work: Callable[[str], None], errors: deque[BaseException]) -> None:
    """What a thread does: the next name, until none is left."""
    while left and not turns.over:
        try:
            with turns.taken():
                if left:
                    work(left.popleft())
        except PullOver:
            return
        except BaseException as error:  # also what ends a process: it is raised in the main thread
            errors.append(error)
            turns.end()


def _leave(ends: Sequence[threading.Event]) -> None:
    """Wait a little for threads that are at work for their source: they find out that it is over, and do nothing more.

    A library that works in the middle of the end of the process would break it off with an error of its own. `Thread.join` is not
    used: one that was interrupted takes its thread for ended.
    """
    until = time.monotonic() + LEAVE_SECONDS
    for end in ends:
        end.wait(max(0.0, until - time.monotonic()))
