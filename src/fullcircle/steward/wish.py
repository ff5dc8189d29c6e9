"""What each verb means as judgements about pairs of records.

merge    the customers become one: a record of the first is together with a record of each other. Vetoes between their records
         would cut the group again, so records with such a veto are judged, too.
split    the named records leave their customer: each is apart from each that stays; several named ones stay together. With
         `every` all records become customers of their own.
always   two records (or all of two customers) belong together, also in later runs; never: they do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.errors import ConfigError, Contradiction
from fullcircle.identity.decisions import Decisions, Pair
from fullcircle.steward.who import customer_named, record_named, records_named, records_of

MOST = 100_000  # judgements in one decision


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for. `names`: customers or records; for `undo` the number of a decision."""

    verb: str  # merge, split, always, never or undo
    names: tuple[str, ...]
    every: bool = False  # for split: every record becomes a customer of its own


@dataclass(frozen=True, slots=True)
class PlannedDecision:
    """A wish as judgements, and the records whose customers it is about."""

    pairs: tuple[Pair, ...]
    records: tuple[str, ...]


def plan(engine: Engine, book: Book, wish: Wish) -> PlannedDecision:
    """The judgements of a wish. NotFound, Ambiguous, ConfigError or Contradiction if it cannot be carried out."""
    made = {"merge": _merge, "split": _split, "always": _always, "never": _never, "undo": _undo}[wish.verb](engine, book, wish)
    if len(made.pairs) > MOST:
        raise ConfigError(
            f"This would be {len(made.pairs):,} judgements, at most {MOST:,} are allowed in one decision.",
            "Split off fewer records at a time.",
        )
    if wish.verb != "undo":
        _refuse_two_kinds(engine, made.pairs)
        Decisions(book).refuse(made.pairs, "you")
    return made


def _merge(engine: Engine, book: Book, wish: Wish) -> PlannedDecision:
    customers = list(dict.fromkeys(customer_named(engine, book, name) for name in wish.names))
    if len(set(wish.names)) < 2:
        raise ConfigError("merge needs two customers or more.", "Name the others, too; `fullcircle search WORDS` finds them.")
    if len(customers) < 2:
        raise ConfigError(
            f"There is nothing to merge: these names are one customer already, {customers[0]}.",
            "To keep two records together in later runs, use `fullcircle always RECORD RECORD`.",
        )
    return _together(engine, [records_of(engine, customer) for customer in customers])


def _together(engine: Engine, parts: Sequence[Sequence[str]]) -> PlannedDecision:
    first = parts[0][0]
    pairs: list[Pair] = [("together", first, part[0]) for part in parts[1:]]
    records = [record for part in parts for record in part]
    pairs += [("together", first, record) for record in _vetoed(engine, records) if record != first]
    return PlannedDecision(tuple(dict.fromkeys(pairs)), tuple(records))


def _vetoed(engine: Engine, records: Sequence[str]) -> list[str]:
    """The records among these with a veto between them, other than a judgement."""
    rows = engine.rows(
        "SELECT DISTINCT unnest([record_a, record_b]) AS record FROM pairs WHERE veto IS NOT NULL "
        "AND list_contains($ids, record_a) AND list_contains($ids, record_b) ORDER BY record",
        {"ids": list(records)},
    )
    return [row[0] for row in rows]


def _split(engine: Engine, book: Book, wish: Wish) -> PlannedDecision:
    customer = customer_named(engine, book, wish.names[0])
    every = records_of(engine, customer)
    if len(every) < 2:
        raise ConfigError(f"{customer} has only one record: there is nothing to split.", "`fullcircle show` lists its records.")
    if wish.every:
        return PlannedDecision(tuple(("apart", a, b) for a, b in combinations(every, 2)), tuple(every))
    out = list(dict.fromkeys(record_named(engine, name) for name in wish.names[1:]))
    if not out:
        raise ConfigError("Which records are to leave the customer?", "Name them after the customer, or use --all.")
    if strangers := [record for record in out if record not in every]:
        raise ConfigError(f"{strangers[0]} is not a record of {customer}.", "`fullcircle show` lists the records of a customer.")
    stay = [record for record in every if record not in out]
    if not stay:
        raise ConfigError("These are all of its records: none would stay.", "Name fewer, or use --all to separate them all.")
    pairs: list[Pair] = [("apart", one, other) for one in out for other in stay]
    pairs += [("together", out[0], other) for other in out[1:]]
    return PlannedDecision(tuple(pairs), tuple(every))


def _always(engine: Engine, book: Book, wish: Wish) -> PlannedDecision:
    parts = [records_named(engine, book, name) for name in wish.names]
    _refuse_the_same(parts)
    return _together(engine, parts)


def _never(engine: Engine, book: Book, wish: Wish) -> PlannedDecision:
    one, other = (records_named(engine, book, name) for name in wish.names)
    _refuse_the_same((one, other))
    return PlannedDecision(tuple(("apart", a, b) for a in one for b in other), (*one, *other))


def _undo(_: Engine, book: Book, wish: Wish) -> PlannedDecision:
    if not wish.names[0].isdecimal():
        raise ConfigError(f'"{wish.names[0]}" is not the number of a decision.', "`fullcircle history` lists them.")
    found = Decisions(book).get(int(wish.names[0]))
    return PlannedDecision((), tuple(found.records))


def _refuse_the_same(parts: Sequence[Sequence[str]]) -> None:
    if set(parts[0]) & set(parts[1]):
        raise ConfigError(
            "Both names mean the same record or customer.",
            "Name two different ones. Two records of one customer are named by their own ids (`fullcircle show` lists them); "
            "`fullcircle split CUSTOMER RECORD` takes a record off.",
        )


def _refuse_two_kinds(engine: Engine, pairs: Sequence[Pair]) -> None:
    judged = sorted({record for kind, *two in pairs if kind == "together" for record in two})
    kinds = dict(
        engine.rows(
            "SELECT record_id, c.kind FROM members JOIN customers c USING (customer_id) WHERE list_contains($ids, record_id)",
            {"ids": judged},
        )
    )
    for kind, a, b in pairs:
        if kind == "together" and kinds[a] != kinds[b]:
            raise Contradiction(
                f"{a} is a {kinds[a]}, {b} is a {kinds[b]}: they cannot be one customer.",
                "If one of them is wrong, correct it at its source or map its kind.",
            )
