"""Rows of Dataverse as rows of a batch: typed columns, labels, currencies, and what became of the row. Start at `shaped`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.connectors.base import META
from fullcircle.connectors.columns import raw_json
from fullcircle.connectors.http.shaped import REJECTS, TYPES, text_of_value
from fullcircle.connectors.http.typed import typed
from fullcircle.connectors.sources.dataverse.api import LABEL, POINTS_TO
from fullcircle.connectors.sources.dataverse.described import (
    CURRENCY,
    CURRENCY_CODE,
    MASTER,
    MERGED,
    STAMP,
    DataverseTable,
    label_of,
    type_of,
)
from fullcircle.engine.base import Engine
from fullcircle.errors import SourceBroken, SourceChanged


def texts_of(table: DataverseTable, rows: Sequence[Mapping[str, Any]], currencies: Mapping[str, str]) -> pa.Table:
    """The rows of a page as a table of text, with the labels of choices and the tables that lookups point to."""
    missing = sorted({*table.asked} - {*rows[0]}) if rows else []
    if missing:
        raise SourceChanged(
            f"Dataverse answers without {', '.join(missing[:5])} of {table.name}, which were asked for.", "Pull again."
        )
    columns = {name: _column(rows, name) for name in table.asked}
    for names, annotation, landed in ((table.choices, LABEL, label_of), (table.several, POINTS_TO, type_of)):
        for name in names:
            found = _column(rows, f"{name}@{annotation}")
            if len(rows) > columns[name].null_count and found.null_count == len(rows):
                raise SourceBroken(
                    f"Dataverse does not say what the values of {name} of {table.name} mean.",
                    f"The annotation {annotation} was asked for: does something between here and there remove it?",
                )
            columns[landed(name)] = found
    if CURRENCY in table.asked:
        codes = [currencies.get(id or "") for id in columns[CURRENCY].to_pylist()]
        columns[CURRENCY_CODE] = pa.array(codes, pa.string())
    return pa.table(columns)


def _column(rows: Sequence[Mapping[str, Any]], name: str) -> pa.Array:
    return pa.array([text_of_value(row.get(name)) for row in rows], pa.string())


def none_of(table: DataverseTable) -> pa.Table:
    """No rows, as a table of text."""
    return texts_of(table, [], {})


def shaped(engine: Callable[[], Engine], table: DataverseTable, texts: pa.Table) -> tuple[pa.Table, pa.Table | None]:
    """The META columns and the table's own; and the rows with a value that is not of its column's type (None: no such row)."""
    if texts[table.key].null_count:
        raise SourceBroken(f"Dataverse returned a row of {table.name} without an id.", "Pull again.")
    known, bad = typed(table.columns, TYPES, texts)
    rejects = None
    if bad:
        rejects = pa.Table.from_pylist(
            [
                {"key": texts[table.key][row].as_py(), "reason": reason, "raw": json.dumps(_row(texts, row), ensure_ascii=False)}
                for row, reason in sorted(bad.items())
            ],
            REJECTS,
        )
        known = known.filter(pa.array([row not in bad for row in range(texts.num_rows)], pa.bool_()))
    return _with_meta(engine, table, known), rejects


def _with_meta(engine: Callable[[], Engine], table: DataverseTable, typed: pa.Table) -> pa.Table:
    rows = typed.num_rows
    into = typed[MASTER] if table.merges else pa.nulls(rows, pa.string())
    said = pc.fill_null(typed[MERGED], False) if table.merges else pa.array([False] * rows, pa.bool_())
    is_merged = pc.and_(said, pc.is_valid(into))
    op = pc.if_else(is_merged, "merge", "upsert")
    raw = raw_json(engine(), typed) if rows else pa.nulls(0, pa.string())
    at = typed[STAMP] if table.stamped else pa.nulls(rows, pa.timestamp("us"))
    meta = [typed[table.key], op, pc.if_else(is_merged, into, pa.scalar(None, pa.string())), at, raw]
    return pa.table([*meta, *typed.columns], names=[*META.names, *typed.schema.names])


def _row(table: pa.Table, place: int) -> dict[str, Any]:
    row: dict[str, Any] = table.slice(place, 1).to_pylist()[0]
    return row


def deletes(keys: Sequence[str], table: DataverseTable, engine: Callable[[], Engine]) -> pa.Table:
    """Rows that say that these keys are gone: of a deleted row only its key is kept."""
    empty, _ = shaped(engine, table, none_of(table))
    meta = [pa.array(keys, pa.string()), pa.array(["delete"] * len(keys), pa.string())]
    rest = [pa.nulls(len(keys), field.type) for field in list(empty.schema)[2:]]
    return pa.table([*meta, *rest], names=empty.schema.names)
