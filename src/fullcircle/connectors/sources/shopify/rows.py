"""Rows of a shop as rows of a batch: typed columns, lists as JSON. Start at `rows_of`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from fullcircle.connectors.http.shaped import RowShape, shaped, text_of_value
from fullcircle.connectors.sources.shopify.bulk import Row
from fullcircle.connectors.sources.shopify.described import CURRENCY, ID, STAMP, ShopifyObject
from fullcircle.engine.base import Engine


def rows_of(engine: Callable[[], Engine], object: ShopifyObject, rows: Sequence[Row]) -> tuple[pa.Table, pa.Table | None]:
    """The META columns and the object's own; and the rows with a value that is not of its column's type (None: no such row)."""
    texts = {
        column: pa.array([text_of_value(_at(row, path)) for row in rows], pa.string()) for column, path in object.paths.items()
    }
    for column, (field, _) in object.lists.items():
        texts[column] = pa.array([_list(row.get(field)) for row in rows], pa.string())
    for column, kind in object.kinds.items():
        if kind == "id" and column in texts:
            texts[column] = pa.array([number_of(one) for one in texts[column].to_pylist()], pa.string())
    if CURRENCY in object.kinds and CURRENCY not in texts:
        texts[CURRENCY] = pa.array([object.currency or None] * len(rows), pa.string())
    return shaped(engine, RowShape(object.kinds, ID, STAMP, [*object.lists, "tags"]), texts, rows)


def _at(row: Row, path: str) -> Any:
    found: Any = row
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _list(entries: Any) -> str:
    """The entries in the order of their ids, which is that in which they were made."""
    ordered = sorted(entries or (), key=lambda one: (len(str(one["id"])), str(one["id"])))
    return json.dumps(ordered, ensure_ascii=False, sort_keys=True)


def number_of(id: str | None) -> str | None:
    """`gid://shopify/Customer/12` is 12."""
    return id.rpartition("/")[2] if id else None
