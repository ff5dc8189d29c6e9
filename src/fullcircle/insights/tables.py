"""Fills the tables of the graph kinds an insight owns, with exactly the columns model/graph.py asks for."""

from __future__ import annotations

from fullcircle.engine.base import Engine, fingerprint, quoted
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.label import PROPERTY_TYPES


def fill_edges(engine: Engine, label: str, sql: str) -> int:
    """Replace the table of an edge kind by a query with columns source, target and the kind's properties; returns its rows.

    A pair of vertices may stand in the query once only, as ids are made of the pair.
    """
    model = EDGES[label]
    ends = {"source": "VARCHAR", "target": "VARCHAR"}
    columns = {**ends, **{name: PROPERTY_TYPES[type_] for name, type_ in model.properties.items()}}
    id_ = f"'{label.lower()}:' || source || '>' || target"
    return _fill(engine, model.table, f"{id_} AS id, source, target", columns, list(model.properties), sql)


def fill_vertices(engine: Engine, label: str, sql: str) -> int:
    """Replace the table of a vertex kind by a query with columns id and the kind's properties; returns its rows."""
    model = VERTICES[label]
    columns = {"id": "VARCHAR", **{name: PROPERTY_TYPES[type_] for name, type_ in model.properties.items()}}
    return _fill(engine, model.table, "id", columns, list(model.properties), sql)


def _fill(engine: Engine, table: str, head: str, columns: dict[str, str], properties: list[str], sql: str) -> int:
    casts = ", ".join(f"CAST({quoted(name)} AS {type_}) AS {quoted(name)}" for name, type_ in columns.items())
    hashed = fingerprint(*(quoted(name) for name in columns if name != "id"))  # ends and properties
    body = "".join(f", {quoted(name)}" for name in properties)
    engine.run(f"CREATE OR REPLACE TABLE {table} AS SELECT {head}, {hashed} AS hash{body} FROM (SELECT {casts} FROM ({sql}))")
    return engine.count(table)


def empty(engine: Engine, insight: str) -> None:
    """Empty the graph tables of an insight that is not computed (any more), and drop its own table."""
    with engine.transaction():
        engine.run(f"DROP TABLE IF EXISTS insight_{insight}")
        for label in (name for name, model in VERTICES.items() if model.insight == insight):
            fill_vertices(engine, label, _nothing(["id", *VERTICES[label].properties]))
        for label in (name for name, model in EDGES.items() if model.insight == insight):
            fill_edges(engine, label, _nothing(["source", "target", *EDGES[label].properties]))


def _nothing(columns: list[str]) -> str:
    return f"SELECT {', '.join(f'NULL AS {quoted(name)}' for name in columns)} WHERE false"
