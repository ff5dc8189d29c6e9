"""Deciding at the page: who may, what a choice means as a wish, whether somebody else was quicker, and noting it in the book.

Whatever is decided is noted at once, and applied by the next run or by "apply now" (errands.py). So no page waits for a run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from shlex import split
from typing import TypeVar

from fastapi import Request

from fullcircle.ask.decisions import DecisionTaken, decisions
from fullcircle.ask.review import ReviewItem
from fullcircle.book.book import Book
from fullcircle.errors import Busy, ConfigError, Contradiction
from fullcircle.serve.web.errands import Errands
from fullcircle.serve.web.login import Visited
from fullcircle.steward.carry_out import Effect, carry_out
from fullcircle.steward.propose import decline
from fullcircle.steward.wish import Wish

TRY_SECONDS = 4.0  # for a moment in which somebody reads the tables, or notes something, too
BETWEEN = 0.15
EVERY = 1_000_000  # decisions about a few records: all of them
NOT_NOTED = "Nothing was noted. Wait until it has ended, and send it again; the page shows when a run goes on."
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Aboutness:
    """What a page showed when it was drawn: the records, and how many decisions about them there were, and withdrawals."""

    records: tuple[str, ...]
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Choosable:
    """One choice about an item: what its button says, and what it means."""

    words: str
    wish: Wish


def errands(request: Request) -> Errands:
    """The errands of this server."""
    found: Errands = request.app.state.errands
    return found


def who(visit: Visited) -> str:
    """Under which name a decision is kept."""
    return visit.asked.who.name.removeprefix("os:")


def permitted(visit: Visited, verb: str) -> None:
    """NotAllowed for who may not decide, or does not see all: before and after show everything."""
    door = visit.asked.door()
    door.check("decide", verb)
    door.check_whole(verb, "Deciding is for roles that see every class of fields: `fullcircle roles list` shows them.")
    door.enter("decide", verb)


def note(visit: Visited, wish: Wish, reason: str = "", about: Aboutness | None = None) -> Effect:
    """Note a decision; the next run applies it. Contradiction if somebody decided about the same since the page was drawn."""
    permitted(visit, wish.verb)
    settings, noting = visit.asked.settings, _NotLate(about) if about is not None and about.records else None
    return retried(lambda: carry_out(settings, wish, who(visit), reason, "later", noting=noting), NOT_NOTED)


def retried(work: Callable[[], Found], hint: str = "") -> Found:
    """Do it; where another part of the server has the tables for a moment, again. Busy, with this hint, if that lasts."""
    until = time.monotonic() + TRY_SECONDS
    while True:
        try:
            return work()
        except Busy as error:
            if time.monotonic() > until:
                error.hint = hint or error.hint
                raise
            time.sleep(BETWEEN)


class _NotLate:
    """Looks again in the transaction in which a decision is noted: by whichever door somebody else decided, it is seen."""

    def __init__(self, about: Aboutness) -> None:
        self._about = about

    def before(self, book: Book, _: tuple[str, ...]) -> None:
        """Contradiction if somebody was quicker."""
        _refuse(decisions(book, self._about.records, EVERY), self._about)

    def noted(self, book: Book, effect: Effect) -> None:
        """Nothing more is noted."""


def refuse_late(visit: Visited, about: Aboutness) -> None:
    """Contradiction, which says who decided what, if that was not known when the page was drawn."""
    with visit.reader() as reader:
        _refuse(reader.decisions(about.records, EVERY), about)


def _refuse(found: Sequence[DecisionTaken], about: Aboutness) -> None:
    if state_of(found) != about.seen:
        raise Contradiction(f"{_last(found)} since you opened this.", "Open the queue again and look at it as it is now.")


def state_of(found: Sequence[DecisionTaken]) -> str:
    """The decisions about something, in few letters: it changes when one is taken, or taken back."""
    return f"{len(found)}.{sum(one.undone_at is not None for one in found)}"


def _last(found: Sequence[DecisionTaken]) -> str:
    if not found:
        return "The decision about these records was removed"
    one = max(found, key=lambda each: each.undone_at or each.at)
    if one.undone_at:
        return f"{one.undone_by} took back decision {one.decision} ({one.verb}) about these records"
    return f"{one.by} decided about these records (decision {one.decision}: {one.verb})"


def choices_of(item: ReviewItem) -> dict[str, Choosable]:
    """What can be chosen about an item, as its commands say it: one (customer), never (the same), decline (a proposal)."""
    found: dict[str, Choosable] = {}
    for command in item.do if isinstance(item.do, tuple) else ():  # hidden from who does not see the ids in it
        _, verb, *names = split(command)
        wish = Wish(verb, tuple(names))
        if verb in ("merge", "always"):
            found["one"] = Choosable("One customer" if verb == "merge" else "They belong together", wish)
        elif verb in ("never", "split"):
            apart = len(item.customers) > 1
            found["never"] = Choosable("Never the same" if apart else "Split them", wish)
        elif verb == "undo":
            found["never"] = Choosable(f"Withdraw judgement {names[0]}", wish)
        elif verb == "decline":
            found["decline"] = Choosable("Decline the proposal", wish)
    return found


def wish_of(item: ReviewItem, choice: str) -> Wish:
    """What a choice about an item of the queue means. ConfigError for one that it does not have."""
    known = choices_of(item)
    if choice not in known:
        raise ConfigError(f'"{choice}" is not a choice about this item.', f"Valid: {', '.join((*known, 'skip'))}.")
    return known[choice].wish


def carry(visit: Visited, wish: Wish, reason: str = "", about: Aboutness | None = None) -> str:
    """Note a choice; returns what became of it, in words."""
    if wish.verb != "decline":
        return f"Decision {note(visit, wish, reason, about).decision} is noted."
    declined = decline(visit.asked.settings, visit.asked.door(), int(wish.names[0]), who(visit), reason)
    return f"Proposal {declined.id} is declined."
