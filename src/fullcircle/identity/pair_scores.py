"""Compares the result with a known truth: pairwise precision and recall, and B-cubed, computed in SQL."""

from __future__ import annotations

from fullcircle.engine.base import Engine


def pair_scores(engine: Engine, members_table: str, truth_table: str) -> dict[str, float]:
    """Compare members (record_id, customer_id) with a truth table (record_id, entity_id) for the records in both.

    Returns `precision`, `recall` and `f1` over pairs of records, `b3_precision`, `b3_recall`, `b3_f1` over records, and the
    counts `records`, `customers`, `entities`, `pairs_found`, `pairs_true`, `pairs_right`.
    """
    both = f"SELECT m.customer_id, t.entity_id FROM {members_table} m JOIN {truth_table} t USING (record_id)"
    cells = f"SELECT customer_id, entity_id, count(*) AS n FROM ({both}) GROUP BY customer_id, entity_id"
    row = engine.rows(f"""
        WITH cells AS ({cells}),
            found AS (SELECT customer_id, sum(n) AS size FROM cells GROUP BY customer_id),
            "true" AS (SELECT entity_id, sum(n) AS size FROM cells GROUP BY entity_id)
        SELECT (SELECT coalesce(sum(n), 0) FROM cells), (SELECT count(*) FROM found), (SELECT count(*) FROM "true"),
            (SELECT coalesce(sum(size * (size - 1) / 2), 0) FROM found),
            (SELECT coalesce(sum(size * (size - 1) / 2), 0) FROM "true"),
            (SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM cells),
            (SELECT sum(n * n / f.size) FROM cells JOIN found f USING (customer_id)),
            (SELECT sum(n * n / t.size) FROM cells JOIN "true" t USING (entity_id))
    """)[0]
    records, customers, entities, found, true, right = (float(value) for value in row[:6])
    b3_precision, b3_recall = ((float(value or 0) / records) if records else 0.0 for value in row[6:])
    precision, recall = (right / found if found else 1.0), (right / true if true else 1.0)
    return {
        "precision": precision, "recall": recall, "f1": _f1(precision, recall),
        "b3_precision": b3_precision, "b3_recall": b3_recall, "b3_f1": _f1(b3_precision, b3_recall),
        "records": records, "customers": customers, "entities": entities,
        "pairs_found": found, "pairs_true": true, "pairs_right": right,
    }  # fmt: skip


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
