"""Completes what a store has read around a vertex: each list in its order, and how many there are in all.

A store reads all the lists at once, in no order, and stops each at one more than is wanted. So the usual vertex takes one trip;
only a list that is longer is asked for again, in its order, and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fullcircle.graph import shape
from fullcircle.graph.base import AroundVertex, GraphStore, Neighbour, Vertex, Wanted
from fullcircle.graph.walk import greatest


def completed(
    store: GraphStore, vertex: Vertex, wanted: Sequence[Wanted], read: Mapping[str, Sequence[Neighbour]]
) -> AroundVertex:
    """`read`, by label: all neighbours of the vertex or, where there are more than wanted, at least one more than wanted."""
    near, totals = {}, {}
    for one in wanted:
        rows = read.get(one.label, ())
        if len(rows) > one.limit:
            near[one.label] = _longer(store, vertex.id, one)
            totals[one.label] = store.count_neighbours(vertex.id, one.label, one.way)
        else:
            near[one.label] = _in_order([each for each in rows if each.vertex.id != vertex.id], one)
            totals[one.label] = len(near[one.label])
    return AroundVertex(vertex, near, totals)


def _longer(store: GraphStore, id: str, one: Wanted) -> list[Neighbour]:
    if one.by:
        return store.greatest_neighbours(id, one.label, one.way, one.by, one.limit)
    return store.neighbours(id, [one.label], one.way, limit=one.limit)


def _in_order(rows: Sequence[Neighbour], one: Wanted) -> list[Neighbour]:
    by_edge = {each.edge.id: each for each in rows}
    if not one.by:
        return [by_edge[id] for id in sorted(by_edge)]
    of_edge = shape.is_of_edge(one.label, one.way, one.by)
    values = [((each.edge if of_edge else each.vertex).properties.get(one.by), each.edge) for each in rows]
    return [by_edge[edge.id] for edge in greatest(values, len(rows))]
