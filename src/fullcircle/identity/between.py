"""What all the records of two customers say of each other: why a pair that would be one customer by itself is not.

As grouping.py decides: what is kept apart stays apart with all that hangs on it, and a link near the threshold is a question
about the mean of all pairs. See `apart_between` and `mean_between`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine, literal
from fullcircle.identity import grouping, model_store
from fullcircle.identity.explain import Fields, side_by_side, threshold_of
from fullcircle.identity.prepare import WORK
from fullcircle.identity.score import score


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of the weights between the records of two customers, what it must be, and the pair that says most against it."""

    mean: float
    needed: float
    pairs: int
    lowest: tuple[str, str, float]


def apart_between(tables: Engine, one: str, other: str) -> tuple[str, str, str] | None:
    """Two records, one of each customer, that are kept apart, and why; those of the greatest weight."""
    rows = tables.rows(
        """
        SELECT p.record_a, p.record_b, p.veto FROM pairs p
            JOIN members a ON a.record_id = p.record_a JOIN members b ON b.record_id = p.record_b
        WHERE p.veto IS NOT NULL AND list_sort([a.customer_id, b.customer_id]) = list_sort([$one, $other])
        ORDER BY p.weight DESC NULLS LAST, p.record_a, p.record_b LIMIT 1""",
        {"one": one, "other": other},
    )
    return (str(rows[0][0]), str(rows[0][1]), str(rows[0][2])) if rows else None


def was_compared(tables: Engine, record_a: str, record_b: str) -> bool:
    """True if the last run compared the two and kept the pair."""
    both = f"({literal(record_a)}, {literal(record_b)})"
    return bool(tables.value(f"SELECT count(*) FROM pairs WHERE record_a IN {both} AND record_b IN {both}"))


def mean_between(
    book: Book, ones: Sequence[Fields], others: Sequence[Fields], settings: IdentitySettings, kind: str
) -> Mean | None:
    """The mean over all pairs of these records, as the run takes it."""
    ids = {str(fields["record_id"]): side for side, records in enumerate((ones, others)) for fields in records}
    model = model_store.model_or_built_in(book, kind)
    with side_by_side(book, sorted((*ones, *others), key=lambda fields: str(fields["record_id"])), settings) as engine:
        rows = engine.rows(f"SELECT code, record_id FROM {WORK}.names WHERE kind = {literal(kind)}")
        name = {code: str(record) for code, record in rows}
        crossing = [f"({a}, {b})" for a in sorted(name) for b in sorted(name) if a < b and ids[name[a]] != ids[name[b]]]
        if not crossing:
            return None
        engine.run(
            f"CREATE TABLE {WORK}.pair AS SELECT CAST(a AS INTEGER) AS join_key_l, CAST(b AS INTEGER) AS join_key_r, "
            f"CAST(0 AS UINTEGER) AS match_key FROM (VALUES {', '.join(crossing)}) t(a, b)"
        )
        score(engine, model, "pair", "weighed", None)
        weighed = engine.rows(f"SELECT code_a, code_b, weight FROM {WORK}.weighed ORDER BY ALL")
    weights = [float(weight) for *_, weight in weighed]
    low = min(weighed, key=lambda row: float(row[2]))
    mean = float(np.clip(weights, -grouping.SPREAD, grouping.SPREAD).mean())
    wanted = grouping.needed(model, threshold_of(settings))
    return Mean(mean, wanted, len(weights), (name[low[0]], name[low[1]], float(low[2])))
