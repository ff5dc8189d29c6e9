"""Names of groups that stay from run to run: a group that shares most of its customers with one of the last run has its name."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.insights.history import Ints, column

TABLE = "insight_groups"
HALF = 0.5  # of the smaller of the two
NUMBERED = re.compile(r"group (\d+)")


def of_last_run(engine: Engine, customers: list[str]) -> tuple[Ints, list[str]]:
    """The group of each customer in the last run, by its place among the names; -1: none."""
    none = np.full(len(customers), -1, dtype=np.int32)
    if not engine.has(TABLE) or not engine.count(TABLE):
        return none, []
    names = sorted((row[0] for row in engine.rows(f'SELECT DISTINCT "group" FROM {TABLE}')), key=_number)
    given = pa.table({"place": pa.array(range(len(customers)), pa.int32()), "customer_id": pa.array(customers, pa.string())})
    known = pa.table({"group": pa.array(names, pa.string()), "number": pa.array(range(len(names)), pa.int32())})
    with engine.register("grouped_now", given), engine.register("known_groups", known):
        rows = engine.arrow(
            f'SELECT place, number FROM grouped_now JOIN {TABLE} USING (customer_id) JOIN known_groups USING ("group")'
        )
    none[column(rows, "place")] = column(rows, "number")
    return none, names


def names_of(group: Ints, many: int, last: Ints, names: list[str]) -> list[str]:
    """The name of each group: that of the last run with which it shares most, else a new number; larger groups first."""
    found: dict[int, str] = {}
    both = (last >= 0) & (group >= 0)
    shared = np.zeros((many, max(len(names), 1)), dtype=np.int64)
    np.add.at(shared, (group[both], last[both]), 1)
    sizes = np.bincount(group, minlength=many)
    before = np.bincount(last[last >= 0], minlength=max(len(names), 1))
    for place in np.argsort(-shared, axis=None, kind="stable"):
        own, old = divmod(int(place), shared.shape[1])
        if shared[own, old] < max(HALF * min(sizes[own], before[old]), 1):
            continue
        if own not in found and names[old] not in found.values():
            found[own] = names[old]
    number = max(map(_number, names), default=0)
    for own in (int(one) for one in np.argsort(-sizes, kind="stable") if int(one) not in found):
        number += 1
        found[own] = f"group {number}"
    return [found[own] for own in range(many)]


def _number(name: str) -> int:
    number = NUMBERED.fullmatch(name)
    return int(number[1]) if number else 0
