"""Why two records are, or are not, one customer."""

from __future__ import annotations

import json
from typing import Any

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.errors import NotFound
from fullcircle.graph.base import GraphStore
from fullcircle.identity.explain import Explanation, explain


def why(store: GraphStore, book: Book, a: str, b: str, settings: IdentitySettings) -> tuple[Explanation, bool]:
    """The match weights field by field, and whether the two are one customer in the graph now."""
    one, other = _record(store, a), _record(store, b)
    together = one.pop("customer_id") == other.pop("customer_id")
    return explain(book, one, other, settings), together


def _record(store: GraphStore, record: str) -> dict[str, Any]:
    record = record if record.startswith("record:") else f"record:{record}"  # as views shorten it
    vertex = store.vertex(record)
    if vertex is None or vertex.label != "Record":
        raise NotFound(
            f"There is no record {record} in the graph.", "`fullcircle show CUSTOMER` lists the records of a customer."
        )
    to = store.neighbours(record, ["RESOLVES_TO"], "out", limit=1)
    fields = dict(vertex.properties)
    own = [{"kind": kind, "value": fields[kind]} for kind in ("email", "phone") if fields.get(kind)]
    place = {name: fields.get(name) for name in ("street", "city", "postcode", "region", "country")}
    fields["identifiers"] = own + json.loads(fields.get("identifiers") or "[]")
    fields["addresses"] = ([place] if place["street"] else []) + json.loads(fields.get("addresses") or "[]")
    return {"record_id": vertex.id, **fields, "customer_id": to[0].vertex.id if to else vertex.id}
