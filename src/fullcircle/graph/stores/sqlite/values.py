"""Arrow tables as rows for SQLite, and SQLite's values as those of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.graph import shape

EPOCH, DAY_ONE = datetime(1970, 1, 1), date(1970, 1, 1).toordinal()
READ: dict[str, Callable[[Any], Any]] = {
    "timestamp": lambda value: EPOCH + timedelta(milliseconds=value),
    "date": lambda value: date.fromordinal(DAY_ONE + value),
    "bool": bool,
}


def kept(value: Any) -> Any:
    """A single value of the model as SQLite keeps it."""
    if isinstance(value, datetime):
        return (value - EPOCH) // timedelta(milliseconds=1)
    return value.toordinal() - DAY_ONE if isinstance(value, date) else value


class Reading:
    """How the properties of a label are read from the end of a row: (name, what makes the value) by place."""

    def __init__(self, label: str) -> None:
        self._plain = list(shape.label_named(label).properties)
        self._made = [
            (place, READ[type_]) for place, type_ in enumerate(shape.label_named(label).properties.values()) if type_ in READ
        ]

    def __call__(self, values: Sequence[Any]) -> dict[str, Any]:
        """The properties that are not null."""
        if self._made:
            values = list(values)
            for place, made in self._made:
                if values[place] is not None:
                    values[place] = made(values[place])
        return {name: value for name, value in zip(self._plain, values, strict=True) if value is not None}


def rows(table: pa.Table, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table in the model's types, as SQLite keeps them."""
    return zip(*(_kept(table[name]).to_pylist() for name in names), strict=True)


def _kept(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("ms"), safe=False).cast(pa.int64())
    if pa.types.is_date(column.type):
        return column.cast(pa.int32())
    return column


def own_ids(label: str, table: pa.Table) -> pa.ChunkedArray:
    """The ids of edges as they are kept: '' for the usual id of its label and ends."""
    usual = pc.binary_join_element_wise(
        f"{label.lower()}:", pc.binary_join_element_wise(table["source"], table["target"], ">"), ""
    )
    return pc.if_else(pc.equal(table["id"], usual), "", table["id"])


def page(label: str, names: Sequence[str], found: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Rows that were read, as a table in the model's types."""
    schema = pa.schema([shape.schema(label).field(name) for name in names])
    columns = zip(*found, strict=True) if found else ([] for _ in names)
    return pa.Table.from_arrays(
        [_read(list(column), field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def _read(values: list[Any], type_: pa.DataType) -> pa.Array:
    if pa.types.is_timestamp(type_):
        return pa.array(values, pa.int64()).cast(pa.timestamp("ms")).cast(type_)
    if pa.types.is_date(type_):
        return pa.array(values, pa.int32()).cast(type_)
    if pa.types.is_boolean(type_):
        return pa.array(values, pa.int64()).cast(type_)
    return pa.array(values, type_)
