"""Rows of an API as rows of a batch: columns in their types, and the rows with a value that does not fit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.connectors.base import META
from fullcircle.connectors.columns import raw_json
from fullcircle.connectors.http.typed import typed
from fullcircle.engine.base import Engine

TYPES: dict[str, pa.DataType] = {
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "moment": pa.timestamp("us", "UTC"),
}
REJECTS = pa.schema([(name, pa.string()) for name in ("key", "reason", "raw")])
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowShape:
    """What becomes of the rows of an object."""

    kinds: Mapping[str, str]  # column -> its type: one of TYPES; any other is text
    key: str
    stamp: str
    as_json: Sequence[str] = ()  # columns of text that hold JSON


def text_of_value(value: Any) -> str | None:
    """A value of JSON as text; what is not a text as it is written. Empty text is null."""
    if value is None or isinstance(value, str):
        return value or None
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def shaped(
    engine: Callable[[], Engine], shape: RowShape, texts: Mapping[str, pa.Array], rows: Sequence[Row], gone: Sequence[bool] = ()
) -> tuple[pa.Table, pa.Table | None]:
    """The META columns and the object's own; and the rows with a value that is not of its column's type (None: no such row).

    Of those that are `gone`, only the key is kept.
    """
    deleted = pa.array(gone or [False] * len(rows), pa.bool_())
    known, bad = typed(shape.kinds, TYPES, pa.table({name: pc.if_else(deleted, None, text) for name, text in texts.items()}))
    keys = texts[shape.key]
    rejects = None
    if bad:
        said = [
            {"key": keys[n].as_py(), "reason": reason, "raw": json.dumps(rows[n], ensure_ascii=False)}
            for n, reason in bad.items()
        ]
        rejects = pa.Table.from_pylist(said, REJECTS)
        kept = pa.array([n not in bad for n in range(len(rows))], pa.bool_())
        known, keys, deleted = known.filter(kept), keys.filter(kept), deleted.filter(kept)
    number = known.num_rows
    raw = raw_json(engine(), known, shape.as_json) if number else pa.nulls(0, pa.string())
    raw = pc.if_else(deleted, pa.scalar(None, pa.string()), raw)
    op = pc.if_else(deleted, "delete", "upsert")
    columns = [keys, op, pa.nulls(number, pa.string()), known[shape.stamp], raw, *known.columns]
    return pa.table(columns, names=[*META.names, *known.schema.names]), rejects
