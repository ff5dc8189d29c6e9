"""A customer in a few facts, from the tables: records, orders and tickets, golden values, edges. For before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from fullcircle.engine.base import Engine, quoted
from fullcircle.model.entities import ENTITIES
from fullcircle.model.golden import GOLDEN_FIELDS
from fullcircle.model.graph import EDGES


@dataclass(frozen=True, slots=True)
class Portrait:
    """One customer: its records, how much it has of each entity, its golden values, its edges in the graph by label."""

    id: str
    name: str
    records: tuple[str, ...]
    has: dict[str, int]  # orders, tickets ...: how many
    golden: dict[str, str]
    edges: dict[str, int]  # of those that come from the sources


def portraits(engine: Engine, customers: Sequence[str]) -> tuple[Portrait, ...]:
    """The customers with these ids, in their order; ids that are not customers now are left out."""
    asked = pa.table({"customer_id": pa.array(list(customers), pa.string())})
    with engine.register("asked", asked):
        columns = ("customer_id", "name", *GOLDEN_FIELDS)
        casts = ", ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in columns)
        rows = {row[0]: row for row in engine.rows(f"SELECT {casts} FROM customers SEMI JOIN asked USING (customer_id)")}
        records = dict(
            engine.rows(
                "SELECT customer_id, list(record_id ORDER BY record_id) FROM members SEMI JOIN asked USING (customer_id) "
                "GROUP BY customer_id"
            )
        )
        has, edges = _has(engine), _edges(engine)
    return tuple(
        Portrait(
            id, rows[id][1] or "", tuple(records.get(id, ())), has.get(id, {}),
            {name: value for name, value in zip(GOLDEN_FIELDS, rows[id][2:], strict=True) if value is not None},
            edges.get(id, {}),
        )
        for id in dict.fromkeys(customers) if id in rows
    )  # fmt: skip


def _has(engine: Engine) -> dict[str, dict[str, int]]:
    there = [entity.table_name for entity in ENTITIES.values() if engine.has(entity.table_name)]
    selects = (
        f"SELECT customer_id, '{name}' AS what, count(*) AS n FROM {name} JOIN members USING (record_id) "
        "SEMI JOIN asked USING (customer_id) GROUP BY customer_id"
        for name in there
    )
    return _by_customer(engine, " UNION ALL ".join(selects))


def _edges(engine: Engine) -> dict[str, dict[str, int]]:
    selects = []
    for label in EDGES.values():
        for side, place in (("source", 0), ("target", 1)):
            if not label.insight and engine.has(label.table) and any(pair[place] == "Customer" for pair in label.joins):
                selects.append(
                    f"SELECT {side} AS customer_id, '{label.name}' AS what, count(*) AS n FROM {label.table} "
                    f"WHERE {side} IN (SELECT customer_id FROM asked) GROUP BY {side}"
                )
    return _by_customer(engine, " UNION ALL ".join(selects))


def _by_customer(engine: Engine, sql: str) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    rows: list[tuple[Any, ...]] = (
        engine.rows(f"SELECT customer_id, what, sum(n) FROM ({sql}) GROUP BY ALL ORDER BY ALL") if sql else []
    )
    for customer, what, number in rows:
        found.setdefault(customer, {})[what] = int(number)
    return found
