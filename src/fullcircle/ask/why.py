"""Why two records are, or are not, one customer."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from fullcircle.ask.tables import ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.errors import NotFound
from fullcircle.graph.base import GraphStore
from fullcircle.identity.explain import Explanation, explain
from fullcircle.model.golden import GoldenRule, chosen_by
from fullcircle.model.identifiers import OF_RECORDS


@dataclass(frozen=True, slots=True)
class WhyAnswer(ReaderAnswer):
    """The match weights field by field, and whether the two records are one customer in the graph now."""

    explanation: Explanation
    one_customer: bool

    def to_dict(self) -> dict[str, Any]:
        """The explanation's values and `one_customer` side by side."""
        return {**asdict(self.explanation), "one_customer": self.one_customer}


def why(store: GraphStore, book: Book, a: str, b: str, settings: IdentitySettings) -> WhyAnswer:
    """Explain a pair of records, named by their ids (the word `record:` may be left out)."""
    one, other = _record(store, a), _record(store, b)
    together = one.pop("customer_id") == other.pop("customer_id")
    return WhyAnswer(explain(book, one, other, settings), together)


def _record(store: GraphStore, record: str) -> dict[str, Any]:
    record = record if record.startswith("record:") else f"record:{record}"  # as views shorten it
    vertex = store.vertex(record)
    if vertex is None or vertex.label != "Record":
        raise NotFound(f"The graph has no record {record}.", "The view of a customer lists the records of that customer.")
    to = store.neighbours(record, ["RESOLVES_TO"], "out", limit=1)
    fields = dict(vertex.properties)
    own = [{"kind": kind, "value": fields[kind]} for kind in OF_RECORDS if fields.get(kind)]
    place = {name: fields.get(name) for name in chosen_by(GoldenRule.ADDRESS)}
    fields["identifiers"] = own + json.loads(fields.get("identifiers") or "[]")
    fields["addresses"] = ([place] if place["street"] else []) + json.loads(fields.get("addresses") or "[]")
    return {"record_id": vertex.id, **fields, "customer_id": to[0].vertex.id if to else vertex.id}
