"""The contract of an insight: a name, one sentence on its meaning, and a function from tables to tables.

An insight reads the engine's tables (customers, members, purchases and what graph/tables/build.py made), writes its table
`insight_<name>` for publishing, and fills the tables `vertices_*` and `edges_*` of the graph labels it owns, which graph/sync.py
then writes to the store. Work in SQL, Arrow or sparse matrices, never in a Python loop over rows.

An insight owns the labels that are declared with its name as their `insight`. For the built-in insights these are in
model/graph.py. Another package registers its insight in the entry point group `fullcircle.insights`, and its labels in the group
`fullcircle.labels`: a tuple of `VertexLabel` and `EdgeLabel` (model/label.py), in a module that does not import the insight,
because every command that reads the graph model loads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from fullcircle.engine.base import Engine
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress


@dataclass(frozen=True, slots=True)
class InsightContext:
    """What an insight works with. `as_of` is "now" for the insight: the newest order, unless the config says otherwise."""

    engine: Engine
    as_of: datetime
    progress: Progress
    options: dict[str, Any] = field(default_factory=dict)  # [insights.<name>] of the config
    kept: dict[str, Any] | None = None  # what insights of this run that read the same keep for each other

    def option(self, name: str, default: Any) -> Any:
        """The value of an option, or the default if it is not set."""
        return self.options.get(name, default)


@dataclass(frozen=True, slots=True)
class Finding:
    """What an insight made: its tables with their number of rows, and figures for the report (quality, coverage)."""

    insight: str
    tables: dict[str, int]
    figures: dict[str, float] = field(default_factory=dict)


class Insight(Protocol):
    """One question, answered for all customers or products at once."""

    name: str
    meaning: str  # one sentence that a marketer understands
    after: tuple[str, ...]  # the insights whose tables it reads

    def compute(self, context: InsightContext) -> Finding:
        """Compute the tables and return what was made."""
        ...


@runtime_checkable
class ChecksInsight(Protocol):
    """An insight that can find wrong options before a run begins its work."""

    def check_options(self, options: Mapping[str, Any]) -> None:
        """ConfigError if the insight could not be computed with these options of [insights.<name>]."""
        ...


@runtime_checkable
class MakesOffers(Protocol):
    """An insight whose answers are offers to customers. Who refused gets none: see consent.py.

    Its table has the customers in `customer_id`, its edges begin at them.
    """

    makes_offers: bool


def owned_labels(insight_name: str) -> tuple[str, ...]:
    """The names of the graph labels an insight owns: those of vertices, then those of edges."""
    return tuple(name for labels in (VERTICES, EDGES) for name, label in labels.items() if label.insight == insight_name)
