"""Fills the tables of the graph labels an insight owns, with exactly the columns that the label declares."""

from __future__ import annotations

from fullcircle.engine.base import Engine, fingerprint, quoted
from fullcircle.engine.changes import bring_once
from fullcircle.insights.base import owned_labels
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.label import PROPERTY_TYPES

THE_DEAD = "the_dead"
BESIDE = {  # further tables of an insight
    "worth": ("insight_worth_trials", "insight_worth_deciles"),
    "bought_together": ("insight_categories_together",),
    "groups": ("insight_group_sizes",),
    "segments": ("insight_segment_changes", "insight_segment_sizes"),
}


def fill_edges(engine: Engine, label: str, sql: str) -> int:
    """Replace the table of an edge label by a query with source, target and the label's properties; returns its number of rows.

    Each pair of vertices may occur only once in the query, as the id of an edge is made of its pair.
    """
    model = EDGES[label]
    ends = {"source": "VARCHAR", "target": "VARCHAR"}
    columns = {**ends, **{name: PROPERTY_TYPES[type_] for name, type_ in model.properties.items()}}
    id_ = f"'{label.lower()}:' || source || '>' || target"
    return _fill(engine, model.table, f"{id_} AS id, source, target", columns, list(model.properties), sql)


def fill_vertices(engine: Engine, label: str, sql: str) -> int:
    """Replace the table of a vertex label by a query with id and the label's properties; returns its number of rows."""
    model = VERTICES[label]
    columns = {"id": "VARCHAR", **{name: PROPERTY_TYPES[type_] for name, type_ in model.properties.items()}}
    return _fill(engine, model.table, "id", columns, list(model.properties), sql)


def _fill(engine: Engine, table: str, head: str, columns: dict[str, str], properties: list[str], sql: str) -> int:
    casts = ", ".join(f"CAST({quoted(name)} AS {type_}) AS {quoted(name)}" for name, type_ in columns.items())
    hashed = fingerprint(*(quoted(name) for name in columns if name != "id"))  # ends and properties
    body = "".join(f", {quoted(name)}" for name in properties)
    ends = [name for name in ("id", "source", "target") if name == "id" or name in columns]
    made = [*(f"{name} VARCHAR" for name in ends), "hash BIGINT", *(f"{quoted(name)} {columns[name]}" for name in properties)]
    ddl = f"CREATE OR REPLACE TABLE {table} ({', '.join(made)})"
    bring_once(engine, table, f"SELECT {head}{body} FROM (SELECT {casts} FROM ({sql}))", ddl=ddl, made={"hash": hashed})
    return engine.count(table)


def know_the_dead(engine: Engine) -> None:
    """Make the temporary table THE_DEAD: customers of whom a record says that they died. Nobody is to write to them."""
    known = engine.has("customers") and "deceased" in engine.columns("customers")
    those = "SELECT customer_id FROM customers WHERE deceased IS NOT NULL" if known else "SELECT NULL AS customer_id WHERE false"
    engine.run(f"CREATE OR REPLACE TEMP TABLE {THE_DEAD} AS {those}")


def empty(engine: Engine, insight: str) -> None:
    """Empty the graph tables of an insight that is not computed, and drop its table `insight_<name>`."""
    with engine.transaction():
        for table in (f"insight_{insight}", *BESIDE.get(insight, ())):
            engine.run(f"DROP TABLE IF EXISTS {table}")
        for label in owned_labels(insight):
            if label in VERTICES:
                fill_vertices(engine, label, _no_rows(["id", *VERTICES[label].properties]))
            else:
                fill_edges(engine, label, _no_rows(["source", "target", *EDGES[label].properties]))


def _no_rows(columns: list[str]) -> str:
    return f"SELECT {', '.join(f'NULL AS {quoted(name)}' for name in columns)} WHERE false"
