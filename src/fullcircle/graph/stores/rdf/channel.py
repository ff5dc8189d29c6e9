"""What the RDF store needs to run SPARQL 1.1: an embedded engine (embedded.py) or a server (endpoint.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Form = Literal["json", "csv", "ntriples"]
MEDIA: dict[Form, str] = {
    "json": "application/sparql-results+json",
    "csv": "text/csv",
    "ntriples": "application/n-triples",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as bytes, and its format: json or csv for SELECT and ASK, ntriples for CONSTRUCT and DESCRIBE."""

    form: Form
    body: bytes


class SparqlChannel(Protocol):
    """Runs queries and updates. It raises the errors of graph/base.py; QueryError only for a query of a user."""

    def select(self, query: str) -> bytes:
        """The answer to one of our own SELECT queries, as CSV."""
        ...

    def ask(self, query: str) -> Answer:
        """The answer to a user's query of any form; updates are refused. The default graph is the union of all graphs."""
        ...

    def update(self, text: str) -> None:
        """Run updates, all of them or none. The updates of the store can be run twice."""
        ...

    def checkpoint(self) -> None:
        """Writing is done for now."""
        ...

    def close(self) -> None:
        """Release files and connections."""
        ...
