"""How many customers fulfil some conditions, and a few of them. All conditions must hold; the SQL that counted is in the answer.

Nobody is counted whose data may not be used (govern/restricted.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.engine.base import Engine
from fullcircle.insights.segments.conditions import Condition
from fullcircle.insights.segments.fields import NEEDS_HABITS
from fullcircle.insights.segments.query import segment_sql

FEW = 5  # who does not see everything is not shown how many, where it is fewer: they might be known by it
RESTRICTED = (
    "c.customer_id NOT IN (SELECT customer_id FROM members WHERE record_id IN (SELECT unnest(CAST($restricted AS VARCHAR[]))))"
)


@dataclass(frozen=True, slots=True)
class SegmentMember(ReaderAnswer):
    """One customer of a segment."""

    id: str
    name: str | None
    email: str | None
    country: str | None
    orders: int | None
    spent: float | None
    currency: str | None
    last_order: datetime | None


@dataclass(frozen=True, slots=True)
class SegmentAnswer(ReaderAnswer):
    """A segment."""

    conditions: tuple[str, ...]
    size: int | None  # None: fewer than FEW, and the asker does not see everything
    size_text: str  # "1,204 of 9,480 customers", "fewer than 5 customers"
    customers: int  # in all
    sql: str  # what counted; $restricted are the records of people whose data may not be used
    sample: Answers[SegmentMember]  # some of them, always the same; none where there are fewer than FEW

    def to_dict(self) -> dict[str, Any]:
        """Dicts and lists all the way down."""
        return {
            "conditions": list(self.conditions), "size": self.size, "size_text": self.size_text, "customers": self.customers,
            "sql": self.sql, "sample": self.sample.to_pylist(),
        }  # fmt: skip


def segment(tables: Engine, restricted: Sequence[str], conditions: Sequence[Condition], limit: int, whole: bool) -> SegmentAnswer:
    """Count and show some. `restricted`: the records of people whose data may not be used; `whole`: the asker sees everything."""
    wanted, habits = segment_sql(tables, conditions, also=RESTRICTED), tables.has(NEEDS_HABITS)
    values = {"restricted": list(restricted)}
    size = int(tables.value(f"SELECT count(*) {wanted}", values))
    total = int(tables.value(f"SELECT count(*) FROM customers c WHERE {RESTRICTED}", values))
    few = not whole and size < FEW
    bought = "h.orders, CAST(h.amount AS DOUBLE), h.currency, h.last_order" if habits else "NULL, NULL, NULL, NULL"
    rows = tables.rows(
        f"SELECT c.customer_id, c.name, c.email, c.country, {bought} {wanted}\nORDER BY c.customer_id LIMIT $limit",
        {**values, "limit": 0 if few else limit},
    )
    text = f"fewer than {FEW} customers" if few else f"{size:,} of {total:,} customers"
    sample = Answers(SegmentMember, tuple(SegmentMember(*row) for row in rows))
    return SegmentAnswer(
        tuple(map(str, conditions)), None if few else size, text, total, f"SELECT c.customer_id {wanted}", sample
    )
