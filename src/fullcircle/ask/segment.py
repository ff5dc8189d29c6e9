"""How many customers fulfil some conditions, and a few of them. All conditions must hold; the SQL that counted is in the answer.

Nobody is counted whose data may not be used (govern/restricted.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fullcircle.ask.conditions import Condition
from fullcircle.ask.segment_fields import CONSENT, NEEDS_HABITS, segment_field
from fullcircle.ask.segment_sql import condition_sql
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.engine.base import Engine
from fullcircle.errors import ConfigError, NotFound, did_you_mean

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
    _check_tables(tables, conditions)
    habits = tables.has(NEEDS_HABITS)
    tests = [condition_sql(one, lambda: _currencies(tables)) for one in conditions]
    beside = " LEFT JOIN insight_habits h USING (customer_id)" if habits else ""
    wanted = f"FROM customers c{beside}\nWHERE {RESTRICTED}\n  AND " + "\n  AND ".join(tests)
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


def _check_tables(tables: Engine, conditions: Sequence[Condition]) -> None:
    if not tables.has("customers"):
        raise NotFound("It is not known yet who is who.", "Run `fullcircle run` first.")
    for one in conditions:
        field = segment_field(one.field)
        if field.table and not tables.has(field.table):
            raise NotFound(f'"{one.field}" is not known: there is no table {field.table}.', "A whole `fullcircle run` makes it.")
        if one.field.startswith(CONSENT):
            purposes = [row[0] for row in tables.rows("SELECT DISTINCT purpose FROM customer_consents ORDER BY 1")]
            if (purpose := field.name.removeprefix(CONSENT)) not in purposes:
                raise ConfigError(f'Nobody was asked for consent by "{purpose}".', did_you_mean(purpose, purposes))


def _currencies(tables: Engine) -> tuple[str, ...]:
    """The currencies in which customers pay; "" where the sources do not say."""
    rows = tables.rows(
        f"SELECT DISTINCT coalesce(currency, '') FROM {NEEDS_HABITS} WHERE amount IS NOT NULL UNION SELECT DISTINCT "
        f"replace(unnest(json_keys(CAST(amounts AS JSON))), '?', '') FROM {NEEDS_HABITS} WHERE amounts IS NOT NULL ORDER BY 1"
    )
    return tuple(row[0] for row in rows)
