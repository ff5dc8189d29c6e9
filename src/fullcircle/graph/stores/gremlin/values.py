"""Values of the graph model, as a Gremlin server receives and sends them.

Integers are sent as longs whatever their size, dates and times as milliseconds since 1970 UTC (as Neptune keeps them), so a
timestamp is cut to milliseconds. A null is not sent: in a property graph, the property is then missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
from gremlin_python.process.traversal import Direction, T

from fullcircle.graph import shape
from fullcircle.graph.base import Edge, Vertex
from fullcircle.model.graph import EDGES, VERTICES

ENDS = {"source": Direction.OUT, "target": Direction.IN}
KEYS = {T.id: "id", T.label: "label"}


def structure(label: str) -> tuple[str, ...]:
    """The columns of a label that are not properties. Note that vertices may have a property named source."""
    return ("id", "source", "target") if label in EDGES else ("id",)


def table_of(label: str, elements: Sequence[dict[Any, Any]], columns: Sequence[str]) -> pa.Table:
    """Element maps of a label as a table with these columns, typed as in the model.

    A server takes any value for any property. One that another program wrote and that is not of the model's type becomes null,
    and so does the hash of its row: a sync then sees that the row is not as it should be, and writes it again.
    """
    schema = pa.schema([shape.schema(label).field(name) for name in columns])
    own, types = structure(label), {"hash": "int", **shape.label_named(label).properties}
    found, odd = {}, set[int]()
    for name in columns:
        values = [_at(element, name, own) for element in elements]
        found[name] = values if name in own else _fitting(values, types[name], odd)
    if odd and "hash" in found:
        found["hash"] = [None if place in odd else value for place, value in enumerate(found["hash"])]
    return pa.Table.from_arrays([pa.array(found[field.name], field.type) for field in schema], schema=schema)


def _at(element: dict[Any, Any], name: str, structure: tuple[str, ...]) -> Any:
    if name not in structure:
        return element.get(name)
    return str(element[T.id] if name == "id" else element[ENDS[name]][T.id])


def _fitting(values: list[Any], type_: str, odd: set[int]) -> list[Any]:
    """Values of one property as Arrow takes them; the places of those that do not fit its type are added to `odd`."""
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= AS_THEY_ARE[type_]:
        return values
    fitted = [None if value is None else fit(value, type_) for value in values]
    odd.update(place for place, value in enumerate(fitted) if value is None and values[place] is not None)
    return fitted


# The Python types whose values need no look. Integers are not among them: some are too large.
AS_THEY_ARE: dict[str, set[type]] = {
    "string": {str}, "int": set(), "double": {float}, "bool": {bool}, "date": set(), "timestamp": set(),
}  # fmt: skip
SMALLEST, LARGEST = -(2**63), 2**63 - 1


def fit(value: Any, type_: str) -> Any:
    """A value as one of a type of the model; None if it is not one. Nothing is converted that could mean something else."""
    if type_ in ("date", "timestamp"):
        if not isinstance(value, datetime):
            return value if type_ == "date" and isinstance(value, date) else None
        moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return moment.date() if type_ == "date" else moment
    if isinstance(value, bool):
        return value if type_ == "bool" else None
    if type_ == "int":
        return int(value) if isinstance(value, int) and SMALLEST <= value <= LARGEST else None
    if type_ == "double":
        return float(value) if isinstance(value, float) or (isinstance(value, int) and abs(value) <= 2**53) else None
    return str(value) if type_ == "string" and isinstance(value, str) else None


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
    ends = {name: str(element[end][T.id]) for name, end in ENDS.items()}
    return shape.edge_of(label, {**_row(label, element), **ends})


def _row(label: str, element: dict[Any, Any]) -> dict[str, Any]:
    types = shape.label_named(label).properties
    row = {name: fit(element[name], type_) for name, type_ in types.items() if element.get(name) is not None}
    return {**row, "id": str(element[T.id])}


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
