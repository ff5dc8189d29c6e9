"""The queue of a steward: contested pairs and customers in order of worth, each with its evidence and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from shlex import quote

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

    kind: str  # unsure, vetoed, cut, weak, mixed or not met: see identity/contested.py
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


def review(store: GraphStore, tables: Engine, book: Book, settings: IdentitySettings, limit: int = 10) -> Answers[ReviewItem]:
    """The most worth first. What was judged already is left out."""
    found = contested(tables, threshold_of(settings), Judgements(book).list() if _judged(book) else [], limit)
    return Answers(ReviewItem, tuple(_item(one, store, tables, book, settings) for one in found))


def _judged(book: Book) -> bool:
    return bool(book.read("SELECT 1 FROM sqlite_master WHERE name = 'judgement'"))


def _item(one: Contested, store: GraphStore, tables: Engine, book: Book, settings: IdentitySettings) -> ReviewItem:
    customers = portraits(tables, [id for id in (one.customer_a, one.customer_b) if id])
    evidence: tuple[Evidence, ...] = ()
    if one.kind != "not met":
        pair = [record(store, tables, id) for id in (one.record_a, one.record_b)]
        parts = explain(book, pair[0], pair[1], settings).parts
        evidence = tuple(
            Evidence(part.name, part.level, part.value_a, part.value_b, min(part.against_strangers, part.against_kin))
            for part in parts if part.level != MISSING
        )  # fmt: skip
    return ReviewItem(
        one.kind, one.worth, _question(one), customers, one.record_a, one.record_b, one.weight, one.veto, one.pairs, evidence,
        _commands(one),
    )  # fmt: skip


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
