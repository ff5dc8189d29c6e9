"""A record with all its values, for explanations: from the tables of the last run, or else from the graph.

The tables are there right after `resolve`, before the graph is; the graph is there beside a run, and where it was imported.
"""

from __future__ import annotations

import json
from typing import Any

from fullcircle.engine.base import Engine
from fullcircle.errors import NotFound
from fullcircle.graph.base import GraphStore
from fullcircle.model.golden import GoldenRule, chosen_by
from fullcircle.model.identifiers import OF_RECORDS

UNKNOWN = "The view of a customer lists the records of that customer."


def record(store: GraphStore, tables: Engine | None, which: str) -> dict[str, Any]:
    """The record with this id (the word `record:` may be left out), with `identifiers`, `addresses` and `customer_id`."""
    if which.startswith("customer:"):
        raise NotFound(
            f"{which} is a customer: this is asked about two records.", f"`fullcircle show {which}` lists its records."
        )
    id = which if which.startswith("record:") else f"record:{which}"  # as views shorten it
    found = _from_tables(tables, id) if tables else _from_graph(store, id)
    if found is None:
        raise NotFound(f"There is no record {id}.", UNKNOWN)
    return found


def _from_tables(tables: Engine, id: str) -> dict[str, Any] | None:
    rows = _rows(
        tables, "SELECT r.*, m.customer_id FROM records r LEFT JOIN members m USING (record_id) WHERE record_id = $id", id
    )
    if not rows:
        return None
    return {
        **rows[0],
        "customer_id": rows[0]["customer_id"] or id,
        "identifiers": _rows(tables, "SELECT kind, value FROM identifiers WHERE record_id = $id", id),
        "addresses": _rows(tables, "SELECT street, city, postcode, region, country FROM addresses WHERE record_id = $id", id),
    }


def _rows(tables: Engine, sql: str, id: str) -> list[dict[str, Any]]:
    names = [row[0] for row in tables.rows(f"SELECT column_name FROM (DESCRIBE {sql.replace('$id', 'NULL')})")]
    return [dict(zip(names, row, strict=True)) for row in tables.rows(sql, {"id": id})]


def _from_graph(store: GraphStore, id: str) -> dict[str, Any] | None:
    vertex = store.vertex(id)
    if vertex is None or vertex.label != "Record":
        return None
    to = store.neighbours(id, ["RESOLVES_TO"], "out", limit=1)
    fields = dict(vertex.properties)
    own = [{"kind": kind, "value": fields[kind]} for kind in OF_RECORDS if fields.get(kind)]
    place = {name: fields.get(name) for name in chosen_by(GoldenRule.ADDRESS)}
    fields["identifiers"] = own + json.loads(fields.get("identifiers") or "[]")
    fields["addresses"] = ([place] if place["street"] else []) + json.loads(fields.get("addresses") or "[]")
    return {"record_id": vertex.id, **fields, "customer_id": to[0].vertex.id if to else vertex.id}
