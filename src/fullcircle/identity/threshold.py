"""Precision and recall by threshold, from labels where there are any, else from what the model itself holds likely.

The compared pairs are sorted into classes of one unit of weight. How many pairs of a class are one customer is estimated from its
labels, beginning with what the weight says (like PRIOR labels). So a hundred labels are enough if they are where the doubt is,
and the classes that hold many pairs count for what they hold. Recall is that of the pairs that were compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.identity.labels import PairLabel

LOWEST, HIGHEST = -4, 20  # classes of weight; what is beyond belongs to the last one
PRIOR = 2.0
PER_CLASS = 60  # pairs of a class among which questions are chosen
_CLASS = f"CAST(floor(greatest({LOWEST}, least({HIGHEST}, p.weight))) AS INTEGER)"
_COMPARED = "p.weight IS NOT NULL AND p.rule = 'score' AND p.veto IS NULL"


@dataclass(frozen=True, slots=True)
class WeightClass:
    """The pairs whose weight is in [weight, weight + 1)."""

    weight: int
    pairs: int
    likely: float  # share of them that is one customer, by the weights
    labelled: int
    same: int  # ... of these are one customer

    @property
    def share(self) -> float:
        """The estimated share of its pairs that is one customer."""
        return (self.same + PRIOR * self.likely) / (self.labelled + PRIOR)


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """What a threshold would give."""

    threshold: float
    precision: float
    recall: float
    f1: float
    pairs: int  # that would be linked


def classes(engine: Engine, labels: Sequence[PairLabel]) -> list[WeightClass]:
    """The classes of weight that have pairs, lowest first."""
    usable = [label for label in labels if label.answer != "unsure"]
    known = pa.table(
        {
            "record_a": pa.array([label.record_a for label in usable], pa.string()),
            "record_b": pa.array([label.record_b for label in usable], pa.string()),
            "same": pa.array([label.answer == "same" for label in usable], pa.bool_()),
        }
    )
    with engine.register("label_rows", known):
        rows = engine.rows(f"""
            SELECT {_CLASS} AS class, count(*), avg(1 / (1 + pow(2.0, -greatest(-60, least(60, p.weight))))),
                count(l.same), count(*) FILTER (l.same)
            FROM pairs p LEFT JOIN label_rows l USING (record_a, record_b)
            WHERE {_COMPARED} GROUP BY class ORDER BY class""")
    return [WeightClass(*row) for row in rows]


def by_threshold(found: Sequence[WeightClass]) -> list[ThresholdRow]:
    """Precision, recall and F1 for the threshold at the lower end of each class."""
    every = sum(one.pairs * one.share for one in found)
    rows = []
    for place, one in enumerate(found):
        above = found[place:]
        linked, right = sum(each.pairs for each in above), sum(each.pairs * each.share for each in above)
        precision, recall = right / linked if linked else 1.0, right / every if every else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        rows.append(ThresholdRow(float(one.weight), precision, recall, f1, linked))
    return rows


def best(rows: Sequence[ThresholdRow]) -> ThresholdRow | None:
    """The row of the greatest F1; among equals the highest threshold, since a wrong link is worse than a missed one."""
    return max(rows, key=lambda row: (round(row.f1, 6), row.threshold), default=None)


def telling(engine: Engine, labels: Sequence[PairLabel], limit: int) -> list[tuple[str, str, float]]:
    """The pairs whose labels would say most: of classes with much doubt, many pairs, few labels. Labelled ones are left out."""
    asked = pa.table(
        {name: pa.array([getattr(label, name) for label in labels], pa.string()) for name in ("record_a", "record_b")}
    )
    with engine.register("asked_rows", asked):
        rows = engine.rows(f"""
            SELECT class, record_a, record_b, weight FROM (
                SELECT {_CLASS} AS class, p.record_a, p.record_b, p.weight FROM pairs p
                WHERE {_COMPARED} AND (record_a, record_b) NOT IN (SELECT (record_a, record_b) FROM asked_rows))
            QUALIFY row_number() OVER (PARTITION BY class ORDER BY md5(record_a || record_b)) <= {PER_CLASS}
            ORDER BY class, md5(record_a || record_b)""")
    waiting: dict[int, list[tuple[str, str, float]]] = {}
    for number, a, b, weight in rows:
        waiting.setdefault(number, []).append((a, b, weight))
    known = {one.weight: one for one in classes(engine, labels)}
    given = {number: known[number].labelled for number in waiting}
    chosen: list[tuple[str, str, float]] = []
    while waiting and len(chosen) < limit:
        number = max(waiting, key=lambda each: (_worth(known[each], given[each]), -each))
        chosen.append(waiting[number].pop(0))
        given[number] += 1
        if not waiting[number]:
            del waiting[number]
    return chosen


def _worth(one: WeightClass, labelled: int) -> float:
    """How much one more label of a class lessens the doubt about the whole."""
    return sqrt(one.pairs) * sqrt(one.share * (1 - one.share)) / (labelled + 1)
