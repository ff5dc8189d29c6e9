"""Two lists with the same columns: exports of two days, of two years or of two shops. Neither is a part of the other.

See `is_alike`; where they have orders in common, `counts_in_the_later` counts these once.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import plain

ALIKE = 0.9  # of the columns
AGREE = 0.8  # of the numbers that are in both are the same sale


def is_alike(one: Sample, other: Sample) -> bool:
    """True if nearly all columns have the same names."""
    ours, theirs = ({plain(each.name) for each in sample.found.fields} for sample in (one, other))
    return len(ours & theirs) >= ALIKE * max(len(ours), len(theirs), 1)


def counts_in_the_later(engine: Engine, table: str, other: str) -> tuple[int, int]:
    """How many numbers are in both tables of sales (same_sales.py), if they are the same sales there and the other is later.

    And how many numbers the first has; twice 0 where the numbers only happen to be the same, or the first is the later one.
    """
    numbers = "SELECT n, cents, who, d1, d2, unnest(own) AS v FROM {}"
    same = (
        "a.cents IS NOT DISTINCT FROM b.cents AND (a.d1 IS NOT DISTINCT FROM b.d1 OR a.d2 IS NOT DISTINCT FROM b.d2) "
        "AND (len(a.who) = 0 OR len(b.who) = 0 OR list_has_any(a.who, b.who))"
    )
    both, agree = engine.rows(
        f"SELECT count(DISTINCT v), count(DISTINCT v) FILTER ({same}) FROM ({numbers.format(table)}) a "
        f"JOIN ({numbers.format(other)}) b USING (v)"
    )[0]
    last = "SELECT coalesce(max(d1), max(d2)), count(*) FROM {}"
    (ours, rows), (theirs, _) = (engine.rows(last.format(each))[0] for each in (table, other))
    earlier = (ours is not None and theirs is not None and ours < theirs) or (ours == theirs and table < other)
    return (int(both), int(rows)) if both and agree >= AGREE * both and earlier else (0, 0)
