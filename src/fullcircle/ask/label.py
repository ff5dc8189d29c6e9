"""The pairs to label: those whose answer would tell most about the threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.identity.labels import Labels
from fullcircle.identity.threshold import telling
from fullcircle.model.golden import GOLDEN_FIELDS


@dataclass(frozen=True, slots=True)
class LabelQuestion(ReaderAnswer):
    """Two records side by side: are they one customer?"""

    record_a: str
    record_b: str
    weight: float
    fields: dict[str, tuple[str | None, str | None]]  # those that at least one of them has


def questions(tables: Engine, book: Book, limit: int = 20) -> Answers[LabelQuestion]:
    """The most telling first; what was labelled is not asked again."""
    found = telling(tables, Labels(book).list(), limit)
    ids = sorted({record for a, b, _ in found for record in (a, b)})
    columns = ", ".join(f"CAST({name} AS VARCHAR)" for name in GOLDEN_FIELDS)
    rows = tables.rows(f"SELECT record_id, {columns} FROM records WHERE list_contains($ids, record_id)", {"ids": ids})
    of: dict[str, tuple[Any, ...]] = {row[0]: row[1:] for row in rows}
    none = (None,) * len(GOLDEN_FIELDS)
    made = []
    for a, b, weight in found:
        values = zip(GOLDEN_FIELDS, of.get(a, none), of.get(b, none), strict=True)
        fields = {name: (one, other) for name, one, other in values if one is not None or other is not None}
        made.append(LabelQuestion(a, b, weight, fields))
    return Answers(LabelQuestion, tuple(made))
