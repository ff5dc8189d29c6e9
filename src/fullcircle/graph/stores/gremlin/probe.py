"""Does a server keep our graph as we give it? Two vertices and an edge are written, read, replaced and deleted.

Servers differ most in ids: ours are texts, for vertices and for edges. A server that makes ids of its own, or takes numbers only,
would refuse our rows after some of them are written, or keep them under other ids.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import pyarrow as pa
from gremlin_python.process.traversal import Direction, T

from fullcircle.errors import StoreError, StoreRefused, StoreUnreachable
from fullcircle.graph import shape
from fullcircle.graph.stores.gremlin import reading, values, writing
from fullcircle.graph.stores.gremlin.connection import Ask

LABEL = "FullcircleProbe"  # not one of the model: other readers do not see it
FITTING = (
    "A server must take the ids that it is given, as text, for vertices and edges. TinkerGraph: set vertexIdManager and "
    "edgeIdManager to ANY. JanusGraph and ArcadeDB make ids of their own and cannot keep this graph."
)


def probe(ask: Ask, where: str, manner: writing.Manner) -> None:
    """StoreError, which says what does not fit, unless the server keeps vertices and edges as they are given."""
    own = f"fullcircle:probe:{uuid.uuid4().hex}"
    ends = [f"{own}:a", f"{own}:b"]
    try:
        _step(where, "take a text as the id of a vertex", lambda: _vertices(ask, ends, manner))
        _step(where, "take a text as the id of an edge", lambda: _edge(ask, own, ends, manner))
        _step(where, "replace the properties of a vertex", lambda: _replaced(ask, ends, manner))
    finally:
        with suppress(StoreError):
            ask(reading.bytecode(reading.g.V().has_label(LABEL).has("probe", own).drop()))


def _step(where: str, what: str, work: Callable[[], bool]) -> None:
    try:
        fits = work()
    except (StoreRefused, StoreUnreachable):
        raise
    except StoreError as error:
        if "refused a request" not in error.message:  # it is busy, or slow
            raise
        raise StoreError(f"The graph server {where} does not {what}.", FITTING) from error
    if not fits:
        raise StoreError(f"The graph server {where} does not {what} and keep it as it is.", FITTING)


def _vertices(ask: Ask, ends: list[str], manner: writing.Manner) -> bool:
    own = ends[0].rpartition(":")[0]
    _write(
        ask,
        pa.table({"id": ends, "probe": [own, own], "text": ["é", "b"], "number": [2**53 + 1, 1], "share": [0.1, 1.0]}),
        manner,
    )
    found = {element[T.id]: element for element in ask(reading.vertices(ends))}
    first = found.get(ends[0], {})
    return set(found) == set(ends) and [first.get(name) for name in ("text", "number", "share")] == ["é", 2**53 + 1, 0.1]


def _replaced(ask: Ask, ends: list[str], manner: writing.Manner) -> bool:
    own = ends[0].rpartition(":")[0]
    _write(ask, pa.table({"id": ends[:1], "probe": [own], "text": ["new"]}), manner)
    chain = writing.start_at("V", ends[:1], ("values", "text"))
    return list(ask(chain)) == ["new"]


def _edge(ask: Ask, own: str, ends: list[str], manner: writing.Manner) -> bool:
    label = next(iter(shape.edge_labels()))
    row = {"id": [f"{own}:e"], "source": ends[:1], "target": ends[1:], "hash": pa.array([1], pa.int64())}
    load = writing.Load(label, pa.table(row), insert_only=True)
    for message in writing.merges(load, np.arange(1), manner):
        ask(message)
    found: list[Any] = ask(writing.start_at("E", [f"{own}:e"], ("elementMap",)))
    kept = [(one[T.id], one[Direction.OUT][T.id], one[Direction.IN][T.id], one.get("hash")) for one in found]
    return kept == [(f"{own}:e", *ends, 1)] and values.is_edge(found[0])


def _write(ask: Ask, rows: pa.Table, manner: writing.Manner) -> None:
    for message in writing.merges(writing.Load(LABEL, rows, insert_only=False), np.arange(rows.num_rows), manner):
        ask(message)
