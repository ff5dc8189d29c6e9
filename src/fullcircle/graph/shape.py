"""model/graph.py as stores need it: Arrow schemas, checks of rows before writing, and rows as vertices and edges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.errors import NotFound, StoreError
from fullcircle.graph.base import Edge, Vertex, Way
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.label import EDGE_COLUMNS, VERTEX_COLUMNS, EdgeLabel, VertexLabel

ARROW = {
    "string": pa.string(),
    "int": pa.int64(),
    "double": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),  # UTC, without a zone
}
# The properties that `find` searches. The title of a vertex is the first one of TITLES that its label has.
SEARCHED = (
    "name", "full_name", "given_name", "middle_name", "family_name", "organisation", "email", "phone",
    "city", "postcode", "value", "sku", "brand", "category", "subject", "text",
)  # fmt: skip
TITLES = ("name", "full_name", "value", "subject", "text")
OF_PREFIX = {name.lower(): name for name in VERTICES}


def label_named(label: str) -> VertexLabel | EdgeLabel:
    """The vertex or edge label with that name; NotFound if the model does not have it."""
    found = VERTICES.get(label) or EDGES.get(label)
    if found is None:
        raise NotFound(f'The graph has no label "{label}".', f"Labels: {', '.join((*VERTICES, *EDGES))}.")
    return found


def label_of(id: str) -> str | None:
    """The vertex label of an id, from its prefix; None if the prefix is unknown."""
    return OF_PREFIX.get(id.partition(":")[0])


def schema(label: str) -> pa.Schema:
    """All columns of a label: id (for edges also source, target), hash, then its properties."""
    model = label_named(label)
    first = VERTEX_COLUMNS if isinstance(model, VertexLabel) else EDGE_COLUMNS
    fields = [pa.field(name, pa.int64() if name == "hash" else pa.string()) for name in first]
    return pa.schema(fields + [pa.field(name, ARROW[type_]) for name, type_ in model.properties.items()])


def columns_of(label: str, columns: Sequence[str] | None) -> list[str]:
    """The columns asked for, else all; NotFound for a column that the label does not have."""
    known = schema(label).names
    for name in columns or ():
        if name not in known:
            raise NotFound(f'{label} has no column "{name}".', f"Columns: {', '.join(known)}.")
    return list(columns) if columns is not None else known


def conformed(label: str, rows: pa.Table) -> pa.Table:
    """Rows to write, with exactly the columns and types of the label; StoreError names the column that is wrong.

    Text with a NUL character is refused: several stores cut the text there or cannot keep it at all. Timestamps are cut to
    milliseconds, the finest unit that every store (and Neptune) keeps, so that a graph reads the same from each of them.
    """
    wanted, required = schema(label), EDGE_COLUMNS if label in EDGES else VERTEX_COLUMNS
    if set(rows.column_names) != set(wanted.names):
        odd = sorted(set(rows.column_names) ^ set(wanted.names))
        raise StoreError(
            f"Rows for {label} have missing or unknown columns: {', '.join(odd)}.", "See the columns in model/graph.py."
        )
    try:
        table = rows.select(wanted.names).cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise StoreError(f"Rows for {label} have a column whose type is not that of the model.", str(error)) from error
    for field in wanted:
        column = table[field.name]
        if field.name in required and column.null_count:
            raise StoreError(
                f"Rows for {label} have no {field.name} in {column.null_count} rows.", "Every row needs a value there."
            )
        if pa.types.is_string(field.type) and pc.any(pc.match_substring_regex(column, r"\x00")).as_py():
            raise StoreError(f"Rows for {label} have a NUL character in {field.name}.", "Remove it from the text first.")
    return in_milliseconds(table)


def in_milliseconds(table: pa.Table) -> pa.Table:
    """The table with its timestamps cut to milliseconds, toward the past."""
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            table = table.set_column(place, field, pc.floor_temporal(table[field.name], unit="millisecond"))
    return table


def vertex_of(label: str, row: dict[str, Any]) -> Vertex:
    """A vertex from its row: the properties that are not null."""
    return Vertex(row["id"], label, _properties(label, row))


def edge_of(label: str, row: dict[str, Any]) -> Edge:
    """An edge from its row: the properties that are not null."""
    return Edge(row["id"], label, row["source"], row["target"], _properties(label, row))


def _properties(label: str, row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in label_named(label).properties if row.get(name) is not None}


def edge_labels(labels: Sequence[str] = ()) -> list[str]:
    """The edge labels given, else all; NotFound for an unknown one."""
    for label in labels:
        if label not in EDGES:
            raise NotFound(f'The graph has no edge label "{label}".', f"Edge labels: {', '.join(EDGES)}.")
    return list(labels) or list(EDGES)


def is_of_edge(label: str, way: Way, by: str) -> bool:
    """Where edges with a label have the property `by`: True: themselves; False: their neighbours; NotFound if neither has it."""
    edge_labels([label])
    edge = EDGES[label]
    if by in edge.properties:
        return True
    ends = [target if way == "out" else source for source, target in edge.joins]
    if not any(by in VERTICES[end].properties for end in ends):
        raise NotFound(f'Neither {label} nor {" or ".join(ends)} has a property "{by}".', "See the properties in model/graph.py.")
    return False


def searched(label: str) -> list[str]:
    """The columns that `find` searches: the texts by which a person knows such a vertex, else the id."""
    model = label_named(label)
    return [name for name in SEARCHED if name in model.properties] or ["id"]


def title(label: str) -> str:
    """The column by whose length `find` sorts; where it is null, `find` uses the id."""
    model = label_named(label)
    return next((name for name in TITLES if name in model.properties), "id")


def by_ends(label: str, table: pa.Table) -> Iterator[tuple[str, str, pa.Table]]:
    """The rows for each pair of vertex labels that an edge label joins, recognised by the prefixes of the ids."""
    for source, target in EDGES[label].joins:
        fitting = pc.and_(
            pc.starts_with(table["source"], f"{source.lower()}:"), pc.starts_with(table["target"], f"{target.lower()}:")
        )
        part = table.filter(fitting)
        if part.num_rows:
            yield source, target, part
