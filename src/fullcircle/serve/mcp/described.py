"""What is in the graph, for a model that has never seen it: things, fields, counts, and how the asker sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fullcircle.ask.reader import Reader
from fullcircle.insights.segments.fields import CONSENT, segment_fields
from fullcircle.model.field_classes import CLASSES
from fullcircle.model.graph import EDGES, VERTICES


@dataclass(frozen=True, slots=True)
class DescribedModel:
    """What there is."""

    things: list[dict[str, Any]]  # labels of vertices: name, meaning, fields, count
    connections: list[dict[str, Any]]  # labels of edges: name, what they join, count
    segment_fields: list[dict[str, Any]]  # name, kind, meaning, and whether the asker may count by it
    sources: list[str]
    seen: dict[str, dict[str, str]]  # class of fields -> what is in it, and how the asker sees it
    roles: list[str]  # of the asker


def described_model(reader: Reader) -> dict[str, Any]:
    """The description, as this asker may have it. What there is of each is a question to the reader, and noted."""
    counts = reader.status().graph
    sight = reader.door.mask.sight
    counted = [
        {"name": one.name, "kind": one.kind, "meaning": one.meaning, "may_count": sight.level(one.field_class) == "full"}
        for one in segment_fields().values()
    ]
    counted.append({"name": f"{CONSENT}<channel>", "kind": "yes or no", "meaning": "whether they agreed", "may_count": True})
    return {
        "things": [
            {"name": name, "meaning": one.meaning, "fields": list(one.properties), "count": counts.get(name, 0)}
            for name, one in VERTICES.items()
        ],
        "connections": [
            {"name": name, "joins": [f"{a} -> {b}" for a, b in one.joins], "count": counts.get(name, 0)}
            for name, one in EDGES.items()
        ],
        "segment_fields": counted,
        "sources": sorted(reader.settings.sources),
        "seen": {name: {"what": what, "level": sight.level(name)} for name, what in CLASSES.items()},
        "roles": sorted(reader.door.who.roles),
    }
