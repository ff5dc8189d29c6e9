"""Prepares columns for landing: unique names, types that every reader supports, keys and raw records as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.connectors.base import META
from fullcircle.engine.base import Engine, quoted

# Names that a landed source column cannot have. `_seq` is the landing order of a row.
RESERVED = {*META.names, "_seq"}


def stored_names(names: Sequence[str], known: Mapping[str, str]) -> list[str]:
    """The landed name of each source column. Names in `known` (source name -> landed name) stay as they are.

    The table engine ignores case, so `Email` next to `email` becomes `Email_1`. A header that only changes its case from one
    file to the next keeps its column.
    """
    exact = [known.get(name) for name in names]
    taken = {stored.casefold() for stored in exact if stored is not None}
    by_fold: dict[str, str] = {}
    for name, stored in known.items():
        by_fold.setdefault(name.casefold(), stored)
    ours = {*taken, *(stored.casefold() for stored in known.values()), *(name.casefold() for name in RESERVED)}
    out: list[str] = []
    for name, same in zip(names, exact, strict=True):
        again = by_fold.get(name.casefold())
        if same is not None:
            stored = same
        elif again is not None and again.casefold() not in taken:
            stored = again
        else:
            stored = _free(name or "column", ours)
        taken.add(stored.casefold())
        ours.add(stored.casefold())
        out.append(stored)
    return out


def unique(names: Sequence[str]) -> list[str]:
    """The names, with a number appended to each repeated one (ignoring case). An empty name becomes `column_<position>`."""
    taken: set[str] = set()
    out = []
    for place, name in enumerate(names, 1):
        stripped = name.replace("\x00", "").strip()
        out.append(_free(stripped or f"column_{place}", taken))
        taken.add(out[-1].casefold())
    return out


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 0
    while free.casefold() in taken:
        number += 1
        free = f"{name}_{number}"
    return free


def landable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The values in one of the few types that are landed; other types become text.

    Integers have 64 bits, floats are doubles, timestamps are microseconds in UTC without a zone. This way a column does not
    change its type from file to file without need.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return landable(column.cast(kind.value_type))
    if pa.types.is_null(kind) or pa.types.is_boolean(kind) or pa.types.is_date32(kind) or pa.types.is_decimal128(kind):
        return column
    target = _target(kind)
    try:
        return column.cast(target, safe=not pa.types.is_timestamp(kind))
    except pa.ArrowInvalid:  # a value does not fit, e.g. an unsigned number of 64 bits
        return _as_text(column)
    except pa.ArrowNotImplementedError:
        return _as_text(column)


def _target(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_integer(kind):
        return pa.int64()
    if pa.types.is_floating(kind):
        return pa.float64()
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us")
    if pa.types.is_date(kind):
        return pa.date32()
    if pa.types.is_time(kind):
        return pa.time64("us")
    return pa.string()


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return pc.cast(column, pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # nested or binary, and the connector did not make it JSON text
        return pa.chunked_array([pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())])


def sql_type(kind: pa.DataType) -> str:
    """The SQL type of a landed column; "NULL" for a column without any value."""
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision},{kind.scale})"
    names = {
        pa.null(): "NULL",
        pa.bool_(): "BOOLEAN",
        pa.int64(): "BIGINT",
        pa.float64(): "DOUBLE",
        pa.date32(): "DATE",
        pa.timestamp("us"): "TIMESTAMP",
        pa.time64("us"): "TIME",
    }
    return names.get(kind, "VARCHAR")


def widened(types: Sequence[str]) -> str:
    """The type that can hold values of all these types: VARCHAR if they differ."""
    known = {kind for kind in types if kind != "NULL"}
    return known.pop() if len(known) == 1 else "VARCHAR"


def key_sql(columns: Sequence[str]) -> str:
    """SQL for the key as text: the value itself, or several joined by `|` (`|` and `\\` inside are escaped with `\\`)."""
    if len(columns) == 1:
        return f"CAST({quoted(columns[0])} AS VARCHAR)"
    parts = [f"replace(replace(CAST({quoted(name)} AS VARCHAR), '\\', '\\\\'), '|', '\\|')" for name in columns]
    return " || '|' || ".join(parts)


def raw_json(engine: Engine, table: pa.Table, as_json: Sequence[str] = ()) -> pa.ChunkedArray:
    """Each row as JSON text. `as_json` names text columns that contain JSON, which is nested instead of quoted."""
    if not table.num_columns:
        return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])
    order = pa.array(range(table.num_rows), pa.int64())
    safe = table.rename_columns([f"c{place}" for place in range(table.num_columns)]).append_column("n", order)
    fields = ", ".join(
        f"{quoted(field.name)}: {_json_value(field.type, f'c{place}', field.name in as_json)}"
        for place, field in enumerate(table.schema)
    )
    with engine.register("raw_rows", safe):
        return engine.arrow(f"SELECT CAST(to_json({{{fields}}}) AS VARCHAR) AS raw FROM raw_rows ORDER BY n")["raw"]


def _json_value(kind: pa.DataType, column: str, is_json: bool) -> str:
    if pa.types.is_floating(kind):  # JSON has no NaN and no infinity
        return f"CASE WHEN isfinite({column}) THEN {column} END"
    if is_json:
        return f"CAST({column} AS JSON)"
    return column
