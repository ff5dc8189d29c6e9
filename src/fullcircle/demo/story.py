"""What the demo shows at its end: figures computed from the tables of the run, and the truth beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fullcircle.engine.base import Engine, located
from fullcircle.identity.pair_scores import pair_scores

FEW = 3


def story(engine: Engine, folder: Path) -> dict[str, Any]:
    """Found and true counts, match quality, the most related pair, what goes together, who is due, whom to show."""
    truth = folder / "truth.csv"
    people = f"SELECT record_id, person AS entity_id FROM read_csv({located(truth)}, all_varchar = true)"
    engine.run(f"CREATE OR REPLACE TEMP TABLE truth AS {people}")
    return {
        "records": engine.count("records"),
        "quarantined": engine.count("quarantine"),
        "sources": engine.value("SELECT count(DISTINCT source) FROM records"),
        "customers": engine.count("customers"),
        "people": engine.value("SELECT count(DISTINCT entity_id) FROM truth JOIN members USING (record_id)"),
        "match": pair_scores(engine, "members", "truth"),
        "orders": engine.count("orders"),
        "related": _first(engine, MOST_RELATED),
        "together": _dicts(engine, TOGETHER),
        "due": _dicts(engine, DUE),
        "due_count": engine.value("SELECT count(*) FROM vertices_habits WHERE due"),
        "customer": engine.value(WORTH_SHOWING),
    }


MOST_RELATED = """
    SELECT a.name AS a, b.name AS b, r.score, r.shared, r.why
    FROM edges_related_to r JOIN customers a ON a.customer_id = r.source JOIN customers b ON b.customer_id = r.target
    WHERE r.source < r.target AND r.shared >= 3 ORDER BY r.score DESC, r.source, r.target LIMIT 1"""
TOGETHER = f"""
    SELECT a.name AS product, b.name AS other, w.together, w.confidence, w.lift
    FROM edges_bought_with w JOIN products a ON a.product_id = w.source JOIN products b ON b.product_id = w.target
    WHERE w.together >= 5 AND w.source < w.target ORDER BY w.together * ln(w.lift) DESC, w.source, w.target LIMIT {FEW}"""
DUE = f"""
    SELECT c.name, h.orders, h.cadence_days, h.last_order, h.next_order
    FROM vertices_habits h JOIN edges_has_habits e ON e.target = h.id JOIN customers c ON c.customer_id = e.source
    WHERE h.due ORDER BY h.amount DESC, c.customer_id LIMIT {FEW}"""
WORTH_SHOWING = """
    SELECT c.customer_id
    FROM customers c
    JOIN (SELECT customer_id, count(*) AS orders FROM customer_orders GROUP BY ALL) o USING (customer_id)
    LEFT JOIN (SELECT source AS customer_id, count(*) AS tickets FROM edges_raised GROUP BY ALL) t USING (customer_id)
    LEFT JOIN (SELECT source AS customer_id, count(*) AS said FROM edges_interacted GROUP BY ALL) i USING (customer_id)
    WHERE c.kind = 'person'
    ORDER BY len(c.sources) DESC, (coalesce(tickets, 0) > 0)::INT + (coalesce(said, 0) > 0)::INT DESC,
        abs(c.records - 5), orders DESC, c.customer_id
    LIMIT 1"""


def _dicts(engine: Engine, sql: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = engine.arrow(sql).to_pylist()
    return found


def _first(engine: Engine, sql: str) -> dict[str, Any]:
    found = _dicts(engine, sql)
    return found[0] if found else {}
