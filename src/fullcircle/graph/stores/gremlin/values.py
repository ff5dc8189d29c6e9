"""Values of the graph model, as a Gremlin server receives and sends them.

Integers are sent as longs whatever their size, dates and times as milliseconds since 1970 UTC (as Neptune keeps them), so a
timestamp is cut to milliseconds. A null is not sent: in a property graph, the property is then missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
from gremlin_python.process.traversal import Direction, T

from fullcircle.graph import shape
from fullcircle.graph.base import Edge, Vertex
from fullcircle.model.graph import EDGES, VERTICES

Properties = dict[str, Any]
ENDS = {"source": Direction.OUT, "target": Direction.IN}
KEYS = {T.id: "id", T.label: "label"}


def structure(label: str) -> tuple[str, ...]:
    """The columns of a label that are not properties. Note that vertices may have a property named source."""
    return ("id", "source", "target") if label in EDGES else ("id",)


def table_of(label: str, elements: Sequence[dict[Any, Any]], columns: Sequence[str]) -> pa.Table:
    """Element maps of a label as a table with these columns, typed as in the model."""
    schema = pa.schema([shape.schema(label).field(name) for name in columns])
    own = structure(label)
    arrays = [_array([_at(element, field.name, own) for element in elements], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _at(element: dict[Any, Any], name: str, structure: tuple[str, ...]) -> Any:
    if name not in structure:
        return element.get(name)
    return element[T.id] if name == "id" else element[ENDS[name]][T.id]


def _array(values: list[Any], type_: pa.DataType) -> pa.Array:
    if pa.types.is_date(type_):
        values = [value.date() if isinstance(value, datetime) else value for value in values]
    return pa.array(values, type_)


def id_of(element: dict[Any, Any]) -> str:
    """The id in an element map."""
    return str(element[T.id])


def vertex_of(element: dict[Any, Any]) -> Vertex | None:
    """A vertex from its element map; None if its label is not one of the model."""
    # Neptune joins the labels of a vertex with "::".
    label = next((label for label in str(element[T.label]).split("::") if label in VERTICES), None)
    return shape.vertex_of(label, _row(label, element)) if label else None


def edge_of(element: dict[Any, Any]) -> Edge:
    """An edge from its element map."""
    label = str(element[T.label])
    ends = {name: element[end][T.id] for name, end in ENDS.items()}
    return shape.edge_of(label, {**_row(label, element), **ends})


def _row(label: str, element: dict[Any, Any]) -> dict[str, Any]:
    types = shape.label_named(label).properties
    row = {name: _CAST[type_](element[name]) for name, type_ in types.items() if element.get(name) is not None}
    return {**row, "id": element[T.id]}


def _as_date(value: Any) -> Any:
    return value.date() if isinstance(value, datetime) else value


def _same(value: Any) -> Any:
    return value


_CAST: dict[str, Callable[[Any], Any]] = {
    "string": _same, "int": int, "double": float, "bool": _same, "date": _as_date, "timestamp": _same,
}  # fmt: skip


def is_edge(element: dict[Any, Any]) -> bool:
    """True for the element map of an edge."""
    return Direction.OUT in element or element[T.label] in EDGES


def plain(value: Any) -> Any:
    """A result of a user's query as a value for Arrow: numbers, texts, times and lists; anything else as text."""
    if value is None or isinstance(value, bool | int | float | str | date):
        return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value
    if isinstance(value, dict):
        return {str(KEYS.get(key, getattr(key, "name", key))): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(inner) for inner in value]
    return str(getattr(value, "id", value))


def result_table(results: Sequence[Any]) -> pa.Table:
    """The results of a query: maps become columns, anything else a single column `value`."""
    rows = [plain(result) for result in results]
    if rows and all(isinstance(row, dict) for row in rows):
        names = list(dict.fromkeys(name for row in rows for name in row))
        return pa.table({name: _loose([row.get(name) for row in rows]) for name in names})
    return pa.table({"value": _loose(rows)})


def _loose(values: list[Any]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # mixed types: a property graph allows them, a column does not
        return pa.array([None if value is None else str(value) for value in values], pa.string())
