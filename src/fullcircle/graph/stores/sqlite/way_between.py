"""A shortest path over the numbers of vertices, searched from both ends, a ring at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from fullcircle.graph.stores.sqlite import statements as sql
from fullcircle.model.graph import EDGES

Rows = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]
Step = tuple[str, int, int, bool]  # an edge (label, source, target), and whether it is walked from source to target


def shortest(rows: Rows, a: int, b: int, max_hops: int) -> list[Step] | None:
    """The edges from a to b; None if there is no path of so few edges."""
    if a == b:
        return []
    reached: dict[int, dict[int, tuple[int, Step] | None]] = {a: {a: None}, b: {b: None}}
    rings = {a: [a], b: [b]}
    for _ in range(max_hops):
        side, other = (a, b) if len(rings[a]) <= len(rings[b]) else (b, a)
        rings[side] = _next_ring(rows, reached[side], rings[side])
        meeting = min((n for n in rings[side] if n in reached[other]), default=None)
        if meeting is not None:
            there = [(label, source, target, not outward) for label, source, target, outward in _way(reached[b], meeting)]
            return _way(reached[a], meeting)[::-1] + there
        if not rings[side]:
            return None
    return None


def _next_ring(rows: Rows, reached: dict[int, tuple[int, Step] | None], ring: list[int]) -> list[int]:
    given, new = json.dumps(ring), []
    for label in EDGES:
        for outward in (True, False):
            for here, far in rows(sql.step(label, "out" if outward else "in"), (given,)):
                if far not in reached:
                    source, target = (here, far) if outward else (far, here)
                    reached[far] = (here, (label, source, target, outward))
                    new.append(far)
    return new


def _way(reached: dict[int, tuple[int, Step] | None], n: int) -> list[Step]:
    """The steps from where the search began, the last first."""
    way = []
    step = reached[n]
    while step is not None:
        way.append(step[1])
        step = reached[step[0]]
    return way
