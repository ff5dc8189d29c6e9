"""The contract of an insight: a name, one sentence, and a function from tables to tables.

An insight reads the engine's tables (customers, members, purchases and what graph/build.py made), writes `insight_<name>`
tables for publishing, and fills the `edges_*` / `vertices_*` tables of the graph kinds it owns (model/graph.py says which);
sync.py carries those into the store like any other. Work is SQL, Arrow or sparse matrices, never a Python loop over rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from fullcircle.engine.base import Engine
from fullcircle.model.progress import Progress


@dataclass(frozen=True, slots=True)
class InsightContext:
    """What an insight is computed with. `as_of` is "now" for the insight: the newest order, unless the config says otherwise."""

    engine: Engine
    as_of: datetime
    progress: Progress
    options: dict[str, Any] = field(default_factory=dict)  # [insights.<name>] of the config

    def option(self, name: str, default: Any) -> Any:
        """An option, or its default."""
        return self.options.get(name, default)


@dataclass(frozen=True, slots=True)
class Finding:
    """What an insight made: its tables with their rows, and figures worth telling (quality, coverage)."""

    insight: str
    tables: dict[str, int]
    figures: dict[str, float] = field(default_factory=dict)


class Insight(Protocol):
    """One question answered for everybody at once."""

    name: str
    meaning: str  # one sentence a marketer understands
    after: tuple[str, ...]  # insights whose tables it needs

    def compute(self, context: InsightContext) -> Finding:
        """Answer it."""
        ...
