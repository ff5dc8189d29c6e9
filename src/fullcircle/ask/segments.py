"""The segments of the config as the last run filled them: size, who came and went, and a few of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from fullcircle.ask.segment import FEW
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.engine.base import Engine
from fullcircle.insights.segments.conditions import conditions_of
from fullcircle.insights.segments.fields import segment_field
from fullcircle.insights.segments.members import SIZES, TABLE

HIDDEN = "Its rules count by what you do not see in full."
SMALL = f"Fewer than {FEW} customers."
SAMPLE = 5


@dataclass(frozen=True, slots=True)
class KnownSegment(ReaderAnswer):
    """One segment. Counts are None where they may not be shown, or where `note` says why there is no answer."""

    name: str
    rules: tuple[str, ...]
    audience: bool  # who refused offers is not in it
    size: int | None
    refused: int | None  # who would be in it, but refused offers or died
    entered: int | None  # since the run before; None the first time
    left: int | None
    sample: tuple[str, ...]  # ids of some of them, always the same
    note: str | None


def segments(tables: Engine, sees: Callable[[str], bool], whole: bool) -> Answers[KnownSegment]:
    """All segments by name. `sees`: whether the asker sees a class of fields in full; `whole`: whether they see everything."""
    if not tables.has(SIZES):
        return Answers(KnownSegment, ())
    rows = tables.rows(f"SELECT segment, rules, audience, size, refused, entered, gone, note FROM {SIZES} ORDER BY segment")
    some = dict(
        tables.rows(
            f"SELECT segment, list(customer_id ORDER BY customer_id) FROM (SELECT segment, customer_id FROM {TABLE} QUALIFY "
            f"row_number() OVER (PARTITION BY segment ORDER BY customer_id) <= {SAMPLE}) GROUP BY segment"
        )
    )
    found = []
    for name, written, audience, size, refused, came, went, note in rows:
        rules = tuple(json.loads(written))
        if not all(sees(segment_field(one.field).field_class) for one in conditions_of(rules)):
            found.append(KnownSegment(name, (), audience, None, None, None, None, (), HIDDEN))
        elif not whole and size is not None and size < FEW:
            found.append(KnownSegment(name, rules, audience, None, None, None, None, (), SMALL))
        else:
            found.append(KnownSegment(name, rules, audience, size, refused, came, went, tuple(some.get(name, ())), note))
    return Answers(KnownSegment, tuple(found))
