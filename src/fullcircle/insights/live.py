"""The insights of everybody, each computed by the graph server, in the tables that a sync writes back into the graph.

The answers are those that insights/answers/ computes from the tables, in minutes in place of seconds: for who keeps the graph
at a server and trusts what it says now, not what the last run saw. Start at `of_all`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from fullcircle.config.sections import Config
from fullcircle.engine.base import Engine
from fullcircle.graph.base import RunsInsights
from fullcircle.insights.answers import bought_together, related
from fullcircle.insights.by_server import related_options, together_options
from fullcircle.insights.tables import fill_edges
from fullcircle.model.progress import Progress

AT_ONCE = 4  # questions that the server answers at the same time


@dataclass(frozen=True, slots=True)
class _Kind:
    """An insight that a server computes: of whom or what (a column of purchases), its table, its edges, and how it is asked."""

    subject: str
    table: str
    label: str
    edges: str
    ask: Callable[[RunsInsights], Callable[..., pa.Table]]
    options: Callable[[Config], Mapping[str, Any]]


KINDS = {
    "related": _Kind(
        "customer_id",
        """SELECT subject AS customer_id, related_id, CAST(rank AS INTEGER) AS rank, round(score, 2) AS score,
            CAST(shared AS INTEGER) AS shared, why FROM found""",
        "RELATED_TO",
        related.EDGES,
        lambda store: store.related_customers,
        related_options,
    ),
    "bought_together": _Kind(
        "product_id",
        "SELECT subject AS product_id, with_product_id, rank, together, support, confidence, lift, lift_low, why FROM found",
        "BOUGHT_WITH",
        bought_together.EDGES,
        lambda store: store.bought_together_with,
        together_options,
    ),
}


def of_all(
    engine: Engine, store: RunsInsights, insight: str, k: int, settings: Config, progress: Progress
) -> tuple[str, dict[str, int]]:
    """Fill the table and the edges of an insight, `k` others for each; returns the label of the edges, and how many there are."""
    kind = KINDS[insight]
    ids = [one for (one,) in engine.rows(f"SELECT DISTINCT {kind.subject} FROM purchases ORDER BY 1")]
    ask, options = kind.ask(store), kind.options(settings)
    found = _of_each(ids, lambda id: ask(id, k, **options), insight.replace("_", " "), progress)
    with engine.transaction(), engine.register("found", found):
        engine.run(f"CREATE OR REPLACE TABLE insight_{insight} AS {kind.table} ORDER BY {kind.subject}, rank")
        pairs = fill_edges(engine, kind.label, kind.edges)
    return kind.label, {f"{kind.subject.removesuffix('_id')}s": len(ids), insight.replace("_", " "): pairs}


def _of_each(ids: Sequence[str], ask: Callable[[str], pa.Table], what: str, progress: Progress) -> pa.Table:
    """The answers for all ids in one table, with the id as `subject`."""
    progress.step(f"insight {what}, live", len(ids))

    def answered() -> Iterable[pa.Table]:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for id, rows in zip(ids, threads.map(ask, ids), strict=True):
                progress.advance(1)
                yield rows.append_column("subject", pa.array([id] * rows.num_rows, pa.string()))

    tables = list(answered())
    return pa.concat_tables(tables) if tables else ask("").append_column("subject", pa.array([], pa.string()))
