"""The insights of everybody, each computed by the graph server, in the tables that a sync writes back into the graph.

The answers are those that insights/answers/ computes from the tables, in minutes in place of seconds: for who keeps the graph
at a server and trusts what it says now, not what the last run saw. Start at `related_of_all`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.graph.base import RunsInsights
from fullcircle.insights.tables import fill_edges
from fullcircle.model.progress import Progress

AT_ONCE = 4  # questions that the server answers at the same time

RELATED = """CREATE OR REPLACE TABLE insight_related AS
    SELECT subject AS customer_id, related_id, CAST(rank AS INTEGER) AS rank, round(score, 2) AS score,
        CAST(shared AS INTEGER) AS shared, why
    FROM found ORDER BY customer_id, rank"""
TOGETHER = """CREATE OR REPLACE TABLE insight_bought_together AS
    SELECT subject AS product_id, with_product_id, rank, together, support, confidence, lift, why
    FROM found ORDER BY product_id, rank"""


def related_of_all(engine: Engine, store: RunsInsights, k: int, options: Mapping[str, Any], progress: Progress) -> dict[str, int]:
    """Fill insight_related and edges_related_to; returns how many customers were asked for, and the pairs that were found."""
    from fullcircle.insights.answers.related import EDGES

    who = [one for (one,) in engine.rows("SELECT DISTINCT customer_id FROM purchases ORDER BY 1")]
    found = _of_each(who, lambda id: store.related_customers(id, k, **options), "related", progress)
    with engine.transaction(), engine.register("found", found):
        engine.run(RELATED)
        return {"customers": len(who), "related": fill_edges(engine, "RELATED_TO", EDGES)}


def together_of_all(
    engine: Engine, store: RunsInsights, k: int, options: Mapping[str, Any], progress: Progress
) -> dict[str, int]:
    """Fill insight_bought_together and edges_bought_with; returns how many products were asked for, and the pairs found."""
    from fullcircle.insights.answers.bought_together import EDGES

    what = [one for (one,) in engine.rows("SELECT DISTINCT product_id FROM purchases ORDER BY 1")]
    found = _of_each(what, lambda id: store.bought_together_with(id, k, **options), "bought together", progress)
    with engine.transaction(), engine.register("found", found):
        engine.run(TOGETHER)
        return {"products": len(what), "bought together": fill_edges(engine, "BOUGHT_WITH", EDGES)}


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
