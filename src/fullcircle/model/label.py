"""What a label of the graph is: a type of vertices or edges, with its properties. The labels themselves are in graph.py."""

from __future__ import annotations

from dataclasses import dataclass, field

# Property types -> DuckDB types. Money is a double here (graph stores have no decimals) and a timestamp has milliseconds
# (Neptune has no finer resolution); the tables keep the exact value.
PROPERTY_TYPES = {
    "string": "VARCHAR",
    "int": "BIGINT",
    "double": "DOUBLE",
    "bool": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
}
VERTEX_COLUMNS = ("id", "hash")
EDGE_COLUMNS = ("id", "source", "target", "hash")


@dataclass(frozen=True, slots=True)
class VertexLabel:
    """A label of vertices, with its properties: name -> type."""

    name: str
    properties: dict[str, str] = field(default_factory=dict)
    insight: str = ""  # the insight that computes it; "" if it comes from the sources
    meaning: str = ""  # one sentence, for the ontology
    schema_org: str = "schema:Thing"  # its superclass in schema.org
    classes: dict[str, str] = field(default_factory=dict)  # of a label of another package: property -> class in field_classes.py

    @property
    def table(self) -> str:
        """The engine's table with the vertices that should be in the graph: id, hash, properties."""
        return f"vertices_{self.name.lower()}"


@dataclass(frozen=True, slots=True)
class EdgeLabel:
    """A label of edges, the pairs of vertex labels it may join, and its properties."""

    name: str
    joins: tuple[tuple[str, str], ...]
    properties: dict[str, str] = field(default_factory=dict)
    insight: str = ""  # the insight that computes it; "" if it comes from the sources
    classes: dict[str, str] = field(default_factory=dict)  # of a label of another package: property -> class in field_classes.py

    @property
    def table(self) -> str:
        """The engine's table with the edges that should be in the graph: id, source, target, hash, properties."""
        return f"edges_{self.name.lower()}"
