"""Work that takes longer than a page may: previews of decisions, and applying them. One at a time, in a process of its own.

A page begins an errand and is answered at once; the errand's page shows how it stands, until it is done. A process of its own
leaves the server's readers alone, as `fullcircle run` does, and ends with the server: what it did not finish, the next run does.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import Queue
from typing import Literal

from fullcircle.config.sections import Config
from fullcircle.errors import FullcircleError, NotFound
from fullcircle.serve.http.apart import apart
from fullcircle.steward.apply import apply
from fullcircle.steward.carry_out import Effect, carry_out
from fullcircle.steward.wish import Wish

KEPT = 200  # errands whose end is kept
State = Literal["waiting", "working", "done", "failed"]


@dataclass(slots=True)
class Errand:
    """One piece of work. `wish`: what is tried out; None: the decisions that are noted are applied."""

    number: int
    by: str  # who began it
    wish: Wish | None
    back: str  # the page that it was begun from
    state: State = "waiting"
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None
    effect: Effect | None = None
    problem: str = ""
    hint: str = ""

    @property
    def is_over(self) -> bool:
        """True when nothing of it will change any more."""
        return self.state in ("done", "failed")


class Errands:
    """All errands of one server."""

    def __init__(self, settings: Config) -> None:
        self._settings = settings
        self._all: OrderedDict[int, Errand] = OrderedDict()
        self._queue: Queue[Errand] = Queue()
        self._changing = threading.Lock()
        self._count = 0
        self._worker: threading.Thread | None = None

    def preview(self, wish: Wish, by: str, back: str) -> Errand:
        """Begin to try out a wish on a throw-away copy."""
        return self._begin(by, wish, back)

    def apply(self, by: str, back: str) -> Errand:
        """Begin to apply what is noted; one that waits already does that, too."""
        with self._changing:
            waiting = next((one for one in self._all.values() if one.wish is None and one.state == "waiting"), None)
        return waiting or self._begin(by, None, back)

    def of(self, number: int, by: str) -> Errand:
        """An errand of somebody. What is applied concerns all; what is tried out, who tries it. NotFound otherwise."""
        found = self._all.get(number)
        if found is None or (found.wish is not None and found.by != by):
            raise NotFound(f"There is no work {number}, or not any more.", "Begin it again from the queue.")
        return found

    def applying(self) -> Errand | None:
        """The applying that goes on, or is about to."""
        with self._changing:
            return next((one for one in self._all.values() if one.wish is None and not one.is_over), None)

    def _begin(self, by: str, wish: Wish | None, back: str) -> Errand:
        with self._changing:
            self._count += 1
            made = self._all[self._count] = Errand(self._count, by, wish, back)
            over = [one.number for one in self._all.values() if one.is_over]
            for number in over[: max(0, len(self._all) - KEPT)]:
                del self._all[number]
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="errands", daemon=True)
                self._worker.start()
        self._queue.put(made)
        return made

    def _work(self) -> None:
        while True:
            one = self._queue.get()
            one.state = "working"
            try:
                if one.wish is None:
                    apart(apply, self._settings)
                else:
                    one.effect = apart(_try_out, self._settings, one.wish, one.by)
            except FullcircleError as error:
                one.problem, one.hint = error.message, error.hint
            except Exception as error:  # no process could be made: the next errand may fare better
                one.problem = f"The work could not begin ({type(error).__name__})."
            one.ended = datetime.now(UTC)
            one.state = "failed" if one.problem else "done"


def _try_out(settings: Config, wish: Wish, by: str) -> Effect:
    return carry_out(settings, wish, by, when="dry run")
