"""Rows of Salesforce as rows of a batch: typed columns, and what became of the row. Start at `shaped`.

Bulk jobs answer in CSV and queries in JSON. Both become tables of text first, so that a row is the same whichever way it came:
otherwise each change of the way would look like a change of every row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.connectors.base import META
from fullcircle.connectors.columns import raw_json
from fullcircle.connectors.http.shaped import REJECTS, text_of_value
from fullcircle.connectors.http.typed import typed
from fullcircle.connectors.sources.salesforce.described import CURRENCY, GONE, MASTER, STAMP, SalesforceObject
from fullcircle.engine.base import Engine
from fullcircle.errors import SourceBroken, SourceChanged

TYPES: dict[str, pa.DataType] = {
    "boolean": pa.bool_(),
    "int": pa.int64(),
    "long": pa.int64(),
    "double": pa.float64(),
    "currency": pa.float64(),
    "percent": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", "UTC"),
}


def texts_of(object: str, asked: Sequence[str], records: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The rows of a page of JSON as a table of text."""
    if records:
        _check_fields(object, asked, list(records[0]))
    return pa.table({name: pa.array([text_of_value(row.get(name)) for row in records], pa.string()) for name in asked})


def _check_fields(object: str, asked: Sequence[str], there: Sequence[str]) -> None:
    missing = sorted({*asked} - {*there})
    if missing:
        raise SourceChanged(
            f"Salesforce answers without {', '.join(missing[:5])} of {object}, which were asked for.", "Pull again."
        )


def shaped(
    engine: Callable[[], Engine], object: SalesforceObject, texts: pa.Table, currency: str = ""
) -> tuple[pa.Table, pa.Table | None]:
    """The META columns and the object's own; and the rows with a value that is not of its field's type (None: no such row)."""
    if texts["Id"].null_count:
        raise SourceBroken(f"Salesforce returned a row of {object.name} without an id.", "Pull again.")
    known, bad = typed(object.columns, TYPES, texts)
    rejects = None
    if bad:
        rejects = pa.Table.from_pylist(
            [
                {"key": texts["Id"][row].as_py(), "reason": reason, "raw": json.dumps(_row(texts, row), ensure_ascii=False)}
                for row, reason in sorted(bad.items())
            ],
            REJECTS,
        )
        good = pa.array([row not in bad for row in range(texts.num_rows)], pa.bool_())
        known, texts = known.filter(good), texts.filter(good)
    if currency and CURRENCY in known.schema.names:
        known = _with(known, CURRENCY, pc.fill_null(known[CURRENCY], currency))
    return _with_meta(engine, object, known), rejects


def _with_meta(engine: Callable[[], Engine], object: SalesforceObject, typed: pa.Table) -> pa.Table:
    rows = typed.num_rows
    gone = pc.fill_null(typed[GONE], False) if object.recycles else pa.array([False] * rows, pa.bool_())
    into = typed[MASTER] if object.merges else pa.nulls(rows, pa.string())
    merged = pc.and_(gone, pc.is_valid(into))
    deleted = pc.and_not(gone, merged)
    op = pc.if_else(merged, "merge", pc.if_else(deleted, "delete", "upsert"))
    # Of a deleted row nothing is kept but its key: its people may have asked for that.
    own = {name: _blank(typed[name], deleted) for name in typed.schema.names}
    raw = _blank(raw_json(engine(), typed), deleted) if rows else pa.nulls(0, pa.string())
    at = typed[STAMP] if STAMP in typed.schema.names else pa.nulls(rows, pa.timestamp("us"))
    columns = [typed["Id"], op, pc.if_else(merged, into, pa.scalar(None, pa.string())), at, raw, *own.values()]
    return pa.table(columns, names=[*META.names, *own])


def _blank(column: pa.ChunkedArray, where: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(where, pa.scalar(None, column.type), column)


def _with(table: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, column)


def _row(table: pa.Table, place: int) -> dict[str, Any]:
    row: dict[str, Any] = table.slice(place, 1).to_pylist()[0]
    return row


def deletes(keys: Sequence[str], object: SalesforceObject, engine: Callable[[], Engine]) -> pa.Table:
    """Rows that say that these keys are gone for good."""
    empty, _ = shaped(engine, object, pa.table({name: pa.array([], pa.string()) for name in object.asked}))
    meta = [pa.array(keys, pa.string()), pa.array(["delete"] * len(keys), pa.string())]
    rest = [pa.nulls(len(keys), field.type) for field in list(empty.schema)[2:]]
    return pa.table([*meta, *rest], names=empty.schema.names)
