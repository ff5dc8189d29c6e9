"""The queue of a steward: contested pairs and customers in order of worth, each with its evidence and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from shlex import quote

from fullcircle.ask.decisions import applied_until
from fullcircle.ask.record import record
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine
from fullcircle.graph.base import GraphStore
from fullcircle.identity.contested import Contested, contested
from fullcircle.identity.explain import explain, threshold_of
from fullcircle.identity.judgements import Judgements
from fullcircle.identity.model import MISSING
from fullcircle.steward.portrait import Portrait, portraits
from fullcircle.steward.propose import Proposal, open_proposals


@dataclass(frozen=True, slots=True)
class Evidence:
    """One field of the two records, and how much it counts for "one customer"; negative: against it."""

    field: str
    level: str
    value_a: str
    value_b: str
    weight: float  # against what explains it best otherwise: chance or kinship


@dataclass(frozen=True, slots=True)
class ReviewItem(ReaderAnswer):
    """One thing to decide."""

    kind: str  # proposed; or unsure, vetoed, cut, weak, mixed, not met: see identity/contested.py
    worth: float
    question: str
    customers: tuple[Portrait, ...]  # as they are now: what hangs on it
    record_a: str
    record_b: str
    weight: float | None
    veto: str | None
    pairs: int
    evidence: tuple[Evidence, ...]
    do: tuple[str, ...]  # the commands that decide it
    proposal: int | None = None  # its number, where somebody proposed it: see steward/propose.py
    by: str = ""  # who did
    reason: str = ""  # ... and why


Weighed = Callable[[tuple[str, str]], tuple[Evidence, ...]]  # a pair of records -> its evidence


def review(
    store: GraphStore, tables: Engine, book: Book, settings: IdentitySettings, limit: int = 10, evidence: bool = True
) -> Answers[ReviewItem]:
    """What people and programs proposed, the oldest first; then the most worth first. What was judged already is left out, also
    where no run has applied that yet.
    """

    def weighed(pair: tuple[str, str]) -> tuple[Evidence, ...]:
        return _evidence(pair, store, tables, book, settings) if evidence and all(pair) else ()

    judgements = Judgements(book).list() if _judged(book) else []
    resolved = applied_until(book)
    waiting = [one for one in judgements if one.at >= resolved]
    asked = [_proposed(one, tables, weighed) for one in open_proposals(book, limit)]
    found = contested(tables, threshold_of(settings), judgements, limit - len(asked), waiting)
    return Answers(ReviewItem, (*asked, *(_item(one, tables, weighed) for one in found)))


def _judged(book: Book) -> bool:
    return bool(book.read("SELECT 1 FROM sqlite_master WHERE name = 'judgement'"))


def _item(one: Contested, tables: Engine, weighed: Weighed) -> ReviewItem:
    customers = portraits(tables, [id for id in (one.customer_a, one.customer_b) if id])
    pair = (one.record_a, one.record_b)
    evidence = weighed(pair) if one.kind != "not met" else ()
    return ReviewItem(
        one.kind, one.worth, _question(one), customers, one.record_a, one.record_b, one.weight, one.veto, one.pairs, evidence,
        _commands(one),
    )  # fmt: skip


def _evidence(
    pair: tuple[str, str], store: GraphStore, tables: Engine, book: Book, settings: IdentitySettings
) -> tuple[Evidence, ...]:
    a, b = (record(store, tables, id) for id in pair)
    return tuple(
        Evidence(part.name, part.level, part.value_a, part.value_b, min(part.against_strangers, part.against_kin))
        for part in explain(book, a, b, settings).parts if part.level != MISSING
    )  # fmt: skip


def _proposed(one: Proposal, tables: Engine, weighed: Weighed) -> ReviewItem:
    """A proposal, with the evidence of the pair of records that speaks most for it, if any were compared."""
    customers = portraits(tables, [name for name in one.names if name.startswith("customer:")])
    sides = [customer.records for customer in customers]
    if one.verb == "split":
        out = one.names[1:]
        sides = [tuple(id for id in side if id not in out) for side in sides] + [out]
    pair, weight = _closest(tables, sides)
    evidence = weighed(pair)
    names = " ".join(map(quote, one.names))
    never = f"fullcircle never {' '.join(map(quote, one.names))}"
    do = (f"fullcircle {one.verb} {names}", *((never,) if one.verb == "merge" and len(one.names) == 2 else ()))
    question = {
        "merge": "One customer or several? It was proposed to merge them.",
        "split": "One customer or several? It was proposed to split off these records.",
    }[one.verb]
    return ReviewItem(
        "proposed", 0.0, question, customers, *pair, weight, None, 0, evidence, (*do, f"fullcircle decline {one.id}"), one.id,
        one.by, one.reason,
    )  # fmt: skip


def _closest(tables: Engine, sides: Sequence[Sequence[str]]) -> tuple[tuple[str, str], float | None]:
    """The pair of records of two sides with the greatest weight; of what was not compared the first ones."""
    if len(sides) < 2 or not (sides[0] and sides[1]):
        return ("", ""), None
    found = tables.rows(
        "SELECT record_a, record_b, weight FROM pairs WHERE (list_contains($a, record_a) AND list_contains($b, record_b)) "
        "OR (list_contains($b, record_a) AND list_contains($a, record_b)) ORDER BY weight DESC NULLS LAST, 1, 2 LIMIT 1",
        {"a": list(sides[0]), "b": [id for side in sides[1:] for id in side]},
    )
    return (found[0][:2], found[0][2]) if found else ((sides[0][0], sides[1][0]), None)


def _question(one: Contested) -> str:
    weight = "" if one.weight is None else f"{one.weight:+.2f}"
    return {
        "unsure": f"One customer or two? The weight {weight} is too little to link them.",
        "vetoed": f"One customer or two? The weight {weight} says one, but {one.veto}.",
        "cut": f"One customer or two? The weight {weight} says one, but the group they were in was cut.",
        "weak": f"Do these two records belong together? The weight {weight} is all that joins them.",
        "mixed": f"One person or several? Its given names begin with {one.pairs} different letters.",
        "not met": f"Judgement {one.judgement} says together, but {one.veto or 'they are two customers'}.",
    }[one.kind]


def _commands(one: Contested) -> tuple[str, ...]:
    pair = f"{quote(one.record_a)} {quote(one.record_b)}"  # ids may have blanks in them
    if one.kind == "not met":
        return (f"fullcircle undo {one.judgement}",)
    if one.kind == "mixed":
        return f"fullcircle how {quote(one.customer_a)}", f"fullcircle split {quote(one.customer_a)} {quote(one.record_b)}"
    if one.kind == "weak":
        return f"fullcircle always {pair}", f"fullcircle never {pair}"
    return f"fullcircle merge {quote(one.customer_a)} {quote(one.customer_b)}", f"fullcircle never {pair}"
