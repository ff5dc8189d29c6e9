"""Rows of a shop as rows of a batch: typed columns, lists as JSON. Start at `shaped`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from fullcircle.connectors.base import META
from fullcircle.connectors.columns import raw_json
from fullcircle.connectors.http.typed import typed
from fullcircle.connectors.sources.shopify.bulk import Row
from fullcircle.connectors.sources.shopify.described import CURRENCY, ID, STAMP, ShopifyObject
from fullcircle.engine.base import Engine

TYPES: dict[str, pa.DataType] = {
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "moment": pa.timestamp("us", "UTC"),
}
REJECTS = pa.schema([(name, pa.string()) for name in ("key", "reason", "raw")])


def shaped(engine: Callable[[], Engine], object: ShopifyObject, rows: Sequence[Row]) -> tuple[pa.Table, pa.Table | None]:
    """The META columns and the object's own; and the rows with a value that is not of its column's type (None: no such row)."""
    texts = {column: pa.array([_text(_at(row, path)) for row in rows], pa.string()) for column, path in object.paths.items()}
    for column, (field, _) in object.lists.items():
        texts[column] = pa.array([_list(row.get(field)) for row in rows], pa.string())
    for column, kind in object.kinds.items():
        if kind == "id" and column in texts:
            texts[column] = pa.array([number_of(one) for one in texts[column].to_pylist()], pa.string())
    if CURRENCY in object.kinds and CURRENCY not in texts:
        texts[CURRENCY] = pa.array([object.currency or None] * len(rows), pa.string())
    known, bad = typed(object.kinds, TYPES, pa.table(texts))
    rejects = None
    if bad:
        said = [
            {"key": texts[ID][n].as_py(), "reason": reason, "raw": json.dumps(rows[n], ensure_ascii=False)}
            for n, reason in bad.items()
        ]
        rejects = pa.Table.from_pylist(said, REJECTS)
        known = known.filter(pa.array([n not in bad for n in range(len(rows))], pa.bool_()))
    return _with_meta(engine, object, known), rejects


def _with_meta(engine: Callable[[], Engine], object: ShopifyObject, known: pa.Table) -> pa.Table:
    rows = known.num_rows
    as_json = [*object.lists, "tags"]
    raw = raw_json(engine(), known, as_json) if rows else pa.nulls(0, pa.string())
    op = pa.array(["upsert"] * rows, pa.string())
    columns = [known[ID], op, pa.nulls(rows, pa.string()), known[STAMP], raw, *known.columns]
    return pa.table(columns, names=[*META.names, *known.schema.names])


def _at(row: Row, path: str) -> Any:
    found: Any = row
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _list(entries: Any) -> str:
    """The entries in the order of their ids, which is that in which they were made."""
    ordered = sorted(entries or (), key=lambda one: (len(str(one["id"])), str(one["id"])))
    return json.dumps(ordered, ensure_ascii=False, sort_keys=True)


def number_of(id: str | None) -> str | None:
    """`gid://shopify/Customer/12` is 12."""
    return id.rpartition("/")[2] if id else None
