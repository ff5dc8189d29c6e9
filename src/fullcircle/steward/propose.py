"""Proposals: somebody who may not decide says what a steward should look at. They wait in the review queue and change nothing.

A proposal names customers and records by their ids alone, so it is kept beside a run and holds nobody's words but its reason.
A decision about the same customers ends it, and so does declining it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.errors import ConfigError, NotFound
from fullcircle.govern.door import Door
from fullcircle.govern.home_keys import open_book
from fullcircle.home.folder import private
from fullcircle.identity.ledger import Ledger

DDL = """
CREATE TABLE IF NOT EXISTS proposal (
    id INTEGER PRIMARY KEY AUTOINCREMENT, verb TEXT NOT NULL CHECK (verb IN ('merge', 'split')), names INTEGER NOT NULL,
    by TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'decided', 'declined')),
    ended_by TEXT, ended_at TEXT, ended_reason TEXT, decision INTEGER);
CREATE INDEX IF NOT EXISTS proposal_open ON proposal (state) WHERE state = 'open';
CREATE TABLE IF NOT EXISTS proposal_name (
    proposal INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, PRIMARY KEY (proposal, place)) WITHOUT ROWID;
"""
VERBS = ("merge", "split")
MOST_NAMES = 50  # in one proposal
MOST_OPEN = 1_000  # that wait at the same time: a program in a loop must not bury the queue
REASON = 2_000  # characters
_COLUMNS = "id, verb, by, reason, at, state, ended_by, ended_at, ended_reason, decision"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal. `names` of a merge: its customers; of a split: the customer, then the records that should leave it."""

    id: int
    verb: str  # merge or split
    names: tuple[str, ...]
    by: str
    reason: str
    at: str  # ISO, in UTC
    state: str = "open"  # open, decided or declined
    ended_by: str | None = None
    ended_at: str | None = None
    ended_reason: str | None = None
    decision: int | None = None  # the decision that ended it


class Proposals:
    """The proposals in the book; in one that is only read, and has none, there are none."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)
        self._there = bool(book.read("SELECT 1 FROM sqlite_master WHERE name = 'proposal'"))

    def open(self, limit: int = MOST_OPEN) -> list[Proposal]:
        """Those that wait, the oldest first; not those that have come true meanwhile by themselves."""
        waiting = self._read("WHERE state = 'open' ORDER BY id", ())
        return [one for one in waiting if not _is_so(Ledger(self._book), one)][:limit]

    def get(self, id: int) -> Proposal:
        """One proposal; NotFound if there is none of this number."""
        found = self._read("WHERE id = ?", (id,))
        if not found:
            raise NotFound(f"There is no proposal {id}.", "`fullcircle review` lists those that wait.")
        return found[0]

    def add(self, verb: str, names: Sequence[str], by: str, reason: str) -> Proposal:
        """Keep a proposal. The same one of the same person, while it waits, is kept once."""
        _check(verb, names, reason)
        meant = _meant(Ledger(self._book), verb, names)
        waiting = self.open()
        for one in waiting:
            if (one.verb, one.by, set(one.names)) == (verb, by, set(meant)):
                return one
        if len(waiting) >= MOST_OPEN:
            raise ConfigError(
                f"{MOST_OPEN:,} proposals are waiting: no more are taken.", "A steward decides or declines some of them first."
            )
        with self._book.transaction():
            self._book.write(
                "INSERT INTO proposal (verb, names, by, reason, at) VALUES (?, ?, ?, ?, ?)",
                (verb, len(meant), by, reason, _now()),
            )
            number = int(self._book.read("SELECT max(id) FROM proposal")[0][0])
            self._book.write_many(
                "INSERT INTO proposal_name VALUES (?, ?, ?)", ((number, place, name) for place, name in enumerate(meant))
            )
        return self.get(number)

    def decline(self, id: int, by: str, reason: str = "") -> Proposal:
        """A steward does not want it. NotFound for one that does not wait any more."""
        found = self.get(id)
        if found.state != "open":
            raise NotFound(
                f"Proposal {id} does not wait any more: it was {found.state} by {found.ended_by}.",
                "`fullcircle review` lists those that wait.",
            )
        self._end([id], "declined", by, reason)
        return self.get(id)

    def end_about(self, records: Iterable[str], decision: int, by: str) -> list[int]:
        """End the proposals about customers that this decision was about; returns their numbers."""
        waiting = self.open()
        if not waiting:
            return []
        ledger = Ledger(self._book)
        decided = {ledger.customer_of(record) for record in records}
        ended = [one.id for one in waiting if {_customer(ledger, name) for name in one.names} <= decided]
        self._end(ended, "decided", by, "", decision)
        return ended

    def _end(self, numbers: Sequence[int], state: str, by: str, reason: str, decision: int | None = None) -> None:
        self._book.write_many(
            "UPDATE proposal SET state = ?, ended_by = ?, ended_at = ?, ended_reason = ?, decision = ? "
            "WHERE id = ? AND state = 'open'",
            ((state, by, _now(), reason, decision, number) for number in numbers),
        )

    def _read(self, where: str, params: Sequence[object]) -> list[Proposal]:
        if not self._there:
            return []
        rows = self._book.read(f"SELECT {_COLUMNS} FROM proposal {where}", params)
        return [_proposal(row, self._names(row[0])) for row in rows]

    def _names(self, id: int) -> tuple[str, ...]:
        rows = self._book.read("SELECT name FROM proposal_name WHERE proposal = ? ORDER BY place", (id,))
        return tuple(row[0] for row in rows)


def propose(settings: Config, door: Door, verb: str, names: Sequence[str], reason: str = "") -> Proposal:
    """Put a proposal into the review queue, as whoever is at the door. Nothing is merged or split by it.

    `names` are ids. NotFound for one that there is not, and for a record whose id the asker may not see.
    """
    names = permitted(door, verb, names)
    with _opened(settings) as proposals:
        return proposals.add(verb, names, door.who.name.removeprefix("os:"), reason)


def permitted(door: Door, verb: str, names: Sequence[str]) -> list[str]:
    """The ids that somebody at this door names; NotAllowed, or NotFound for what they may not see. It is noted that they do."""
    door.check("propose")
    whole = [_id(name) for name in names]
    for name in whole:
        if not door.mask.may_name(name):
            raise NotFound(f"There is no {name}.", "Name customers and records by the ids that were shown to you.")
    door.enter("propose", f"propose {verb}" if verb in VERBS else "propose")
    return whole


def decline(settings: Config, door: Door, id: int, by: str, reason: str = "") -> Proposal:
    """Take a proposal out of the queue without doing it; who may decide may."""
    door.enter("decide", "decline")
    with _opened(settings) as proposals:
        return proposals.decline(id, by, reason)


def open_proposals(book: Book, limit: int = MOST_OPEN) -> list[Proposal]:
    """The proposals that wait for a steward, the oldest first. Nothing is masked here: a question of the reader does that."""
    return Proposals(book).open(limit)


@contextmanager
def _opened(settings: Config) -> Iterator[Proposals]:
    with private(), closing(open_book(settings)) as book:
        yield Proposals(book)


def _is_so(ledger: Ledger, one: Proposal) -> bool:
    """Whether the customers are one, or the records have left, without anybody's decision about it; or are gone."""
    customers = [_customer(ledger, name) for name in one.names]
    if one.verb == "merge":
        return len({*customers} - {None}) < 2
    return customers[0] is None or customers[0] not in customers[1:]


def _check(verb: str, names: Sequence[str], reason: str) -> None:
    if verb not in VERBS:
        raise ConfigError(f'"{verb}" cannot be proposed.', f"Valid: {', '.join(VERBS)}.")
    if not 2 <= len(set(names)) <= MOST_NAMES:
        what = "the customer, and the records that should leave it" if verb == "split" else "the customers that are one"
        raise ConfigError(f"A proposal to {verb} names 2 to {MOST_NAMES} ids.", f"Name {what}.")
    if len(reason) > REASON:
        raise ConfigError(f"The reason is longer than {REASON:,} characters.", "Shorten it.")


def _meant(ledger: Ledger, verb: str, names: Sequence[str]) -> list[str]:
    """The names as they are kept: of a merge the customers as they are now."""
    customers = {name: _customer(ledger, name) for name in names}
    for name, customer in customers.items():
        if customer is None:
            raise NotFound(f"There is no {name}.", "Name customers and records by their ids, as `fullcircle search` shows them.")
    if verb == "merge":
        several = [str(one) for one in dict.fromkeys(customers.values())]
        if len(several) < 2:
            raise ConfigError(f"There is nothing to merge: these names are one customer already, {several[0]}.", "")
        return several
    first = str(customers[names[0]])
    for record in names[1:]:
        if not record.startswith("record:") or customers[record] != first:
            raise ConfigError(
                f"{record} is not a record of {first}.", "Name the customer, then the records that should leave it."
            )
    return [first, *dict.fromkeys(names[1:])]


def _customer(ledger: Ledger, name: str) -> str | None:
    return ledger.resolve(name) if name.startswith("customer:") else ledger.customer_of(name)


def _id(name: str) -> str:
    return name if name.startswith(("customer:", "record:")) else f"record:{name}"


def _proposal(row: tuple[Any, ...], names: tuple[str, ...]) -> Proposal:
    id, verb, *rest = row
    return Proposal(id, verb, names, *rest)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
