"""Walks over a graph step by step, for stores whose query language cannot do that itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from fullcircle.graph.base import Edge, ListPlace, Neighbour

# (vertices to start from, vertices to leave out, at most how many) -> neighbours, by edge id
Expand = Callable[[Sequence[str], set[str], int], list[Neighbour]]
# vertices -> all their edges, in either direction
EdgesAt = Callable[[Sequence[str]], Iterable[Edge]]
Node = TypeVar("Node", str, int)
Step = TypeVar("Step")
# vertices -> the steps from one of them: (from, to, what is stepped over)
StepsFrom = Callable[[Sequence[Node]], Iterable[tuple[Node, Node, Step]]]


def outward(expand: Expand, start: str, hops: int, limit: int) -> list[Neighbour]:
    """The neighbours of a vertex, nearest first, then by edge id.

    Each distance has every edge from the distance before to a vertex that is not nearer. So a vertex with two such edges is
    given twice. The walk never continues from more than `limit` vertices.
    """
    found: list[Neighbour] = []
    seen, frontier = {start}, [start]
    for hop in range(1, hops + 1):
        if not frontier or len(found) >= limit:
            break
        ring = sorted(expand(frontier, seen, limit - len(found)), key=lambda near: near.edge.id)[: limit - len(found)]
        found += [Neighbour(near.edge, near.vertex, hop) for near in ring]
        frontier = sorted({near.vertex.id for near in ring})
        seen.update(frontier)
    return found


def greatest(found: Iterable[tuple[Any, Edge]], limit: int) -> list[Edge]:
    """The edges with the greatest values first, those without a value last, equal ones by their ids."""
    by_id = sorted(found, key=lambda pair: pair[1].id)
    known = sorted((pair for pair in by_id if pair[0] is not None), key=lambda pair: pair[0], reverse=True)
    return [edge for _, edge in [*known, *(pair for pair in by_id if pair[0] is None)][:limit]]


def is_after(place: ListPlace | None, value: Any, edge_id: str) -> bool:
    """True if an edge comes after a place in the order of `greatest`."""
    if place is None:
        return True
    if value != place.value:
        return value is None or (place.value is not None and value < place.value)
    return place.edge_id is not None and edge_id > place.edge_id


def shortest(around: EdgesAt, a: str, b: str, max_hops: int) -> list[Edge]:
    """The edges of a shortest path from a to b, searched from both ends; empty if there is none (or a is b)."""

    def steps(ring: Sequence[str]) -> Iterator[tuple[str, str, Edge]]:
        here = set(ring)
        for edge in sorted(around(ring), key=lambda edge: edge.id):
            for start, end in ((edge.source, edge.target), (edge.target, edge.source)):
                if start in here:
                    yield start, end, edge

    return way_between(steps, a, b, max_hops)


def way_between(steps: StepsFrom[Node, Step], a: Node, b: Node, max_hops: int) -> list[Step]:
    """The steps of a shortest way from a to b, searched from both ends, a ring at a time; empty if there is none (or a is b)."""
    reached: dict[Node, dict[Node, tuple[Node, Step] | None]] = {a: {a: None}, b: {b: None}}
    rings = {a: [a], b: [b]}
    if a == b:
        return []
    for _ in range(max_hops):
        side, other = (a, b) if len(rings[a]) <= len(rings[b]) else (b, a)
        rings[side] = _next_ring(steps, reached[side], rings[side])
        meeting = min((one for one in rings[side] if one in reached[other]), default=None)
        if meeting is not None:
            return _way(reached[a], meeting)[::-1] + _way(reached[b], meeting)
        if not rings[side]:
            return []
    return []


def _next_ring(steps: StepsFrom[Node, Step], reached: dict[Node, tuple[Node, Step] | None], ring: Sequence[Node]) -> list[Node]:
    new = []
    for start, end, step in steps(ring):
        if end not in reached:
            reached[end] = (start, step)
            new.append(end)
    return new


def _way(reached: dict[Node, tuple[Node, Step] | None], end: Node) -> list[Step]:
    """The steps from where the search began to here, the last first."""
    way = []
    step = reached[end]
    while step is not None:
        way.append(step[1])
        step = reached[step[0]]
    return way
