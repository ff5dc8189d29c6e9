"""Records beside each other, whole: every field with its dates, what each has done and when, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fullcircle.ask.record import record
from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.engine.base import Engine, quoted
from fullcircle.graph.base import GraphStore
from fullcircle.model.entities import ENTITIES

APART = ("record_id", "customer_id", "identifiers", "addresses", "hash")  # what an answer has elsewhere, or not at all


@dataclass(frozen=True, slots=True)
class RecordBeside(ReaderAnswer):
    """One of the records."""

    id: str
    customer: str  # whose it is now
    fields: dict[str, Any]  # id and the values that it has, as its source had them too
    identifiers: list[dict[str, Any]]  # kind, value
    addresses: list[dict[str, Any]]
    has: dict[str, int]  # orders, tickets ...: how many
    first: datetime | None  # when the first of them was
    last: datetime | None


@dataclass(frozen=True, slots=True)
class SideBySide(ReaderAnswer):
    """Several records, in the order in which they were named."""

    records: Answers[RecordBeside]

    def to_dict(self) -> dict[str, Any]:
        """Dicts and lists all the way down."""
        return {"records": self.records.to_pylist()}


def side_by_side(store: GraphStore, tables: Engine | None, ids: Sequence[str]) -> SideBySide:
    """The records with these ids. NotFound for one that there is not."""
    return SideBySide(Answers(RecordBeside, tuple(_beside(store, tables, id) for id in ids)))


def _beside(store: GraphStore, tables: Engine | None, which: str) -> RecordBeside:
    found = record(store, tables, which)
    id = str(found["record_id"])
    own = {name: value for name, value in found.items() if name not in APART and value is not None}
    has, first, last = _done(tables, id) if tables else ({}, None, None)
    places = [{name: value for name, value in one.items() if value} for one in found["addresses"]]
    return RecordBeside(id, str(found["customer_id"]), {"id": id, **own}, found["identifiers"], places, has, first, last)


def _done(tables: Engine, id: str) -> tuple[dict[str, int], datetime | None, datetime | None]:
    there = [one for one in ENTITIES.values() if tables.has(one.table_name)]
    parts = [
        f"SELECT '{one.table_name}' AS what, count(*) AS n, min({quoted(one.when)}) AS first, max({quoted(one.when)}) AS last "
        f"FROM {one.table_name} WHERE record_id = $id"
        for one in there
    ]
    rows = tables.rows(f"SELECT * FROM ({' UNION ALL '.join(parts)}) WHERE n > 0 ORDER BY what", {"id": id}) if parts else []
    times = [time for *_, first, last in rows for time in (first, last) if time is not None]
    return {what: n for what, n, *_ in rows}, min(times, default=None), max(times, default=None)
