"""Bytecode that writes: chains of constant mergeV / mergeE matched on the id alone, which Neptune runs natively.

About two hundred records a request (a record is one label or one property). No step in a chain depends on data: no inject,
no unfold, no select. Every replaced property says `single`; Neptune's default would keep the old value beside the new one.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from gremlin_python.process.traversal import Bytecode, Cardinality, Direction, Merge, T

from fullcircle.graph.stores.tinkerpop.connection import Ask
from fullcircle.graph.stores.tinkerpop.values import property_maps
from fullcircle.model.graph import EDGES, VERTICES

Lanes = npt.NDArray[np.int64]
Elements = list[dict[str, Any]]
IDS_PER_REQUEST = 500
ROWS_PER_WORKER = 500  # fewer are not worth another connection


@dataclass(frozen=True, slots=True)
class Load:
    """Rows of one kind, made ready to send. Edges have sources and targets."""

    kind: str
    ids: list[str]
    properties: Elements
    sources: list[str]
    targets: list[str]
    fresh: bool

    @property
    def is_edges(self) -> bool:
        """True if these are edges."""
        return self.kind in EDGES

    @property
    def step(self) -> str:
        """The step that starts a traversal at such elements."""
        return "E" if self.is_edges else "V"


def load_of(kind: str, table: pa.Table, fresh: bool) -> Load:
    """A conformed table as a load."""
    ends = [table[name].to_pylist() if kind in EDGES else [] for name in ("source", "target")]
    return Load(kind, table["id"].to_pylist(), property_maps(kind, table), ends[0], ends[1], fresh)


# -- who writes what ----------------------------------------------------------------------------------------------------


def turns(load: Load, workers: int) -> Iterator[list[npt.NDArray[np.intp]]]:
    """Rows for each worker, turn by turn, so that no two workers ever touch the same vertex in the same turn.

    Vertices fall to a worker by their id, in one turn. Edges have two ends, so there are as many turns as workers, like a
    Latin square: in turn t worker w writes the edges from vertices of share w to vertices of share w + t.
    """
    workers = max(1, min(workers, len(load.ids) // ROWS_PER_WORKER))
    if not load.is_edges:
        own = lanes(load.ids, workers)
        yield [np.flatnonzero(own == worker) for worker in range(workers)]
        return
    start, end = lanes(load.sources, workers), lanes(load.targets, workers)
    for turn in range(workers):
        yield [np.flatnonzero((start == worker) & (end == (worker + turn) % workers)) for worker in range(workers)]


def lanes(ids: Sequence[str], workers: int) -> Lanes:
    """The share each id falls to: by its hash, so the same id always falls to the same."""
    return np.fromiter((zlib.crc32(id.encode()) % workers for id in ids), np.int64, len(ids))


def job(load: Load, rows: npt.NDArray[np.intp], records: int) -> Callable[[Ask], None]:
    """The work of one worker in one turn."""

    def run(ask: Ask) -> None:
        for start in range(0, len(rows), IDS_PER_REQUEST):
            part = rows[start : start + IDS_PER_REQUEST].tolist()
            if not load.fresh:
                _tidy(load, part, ask)
            for some in _packed(load, part, records):
                ask(merge(load, some))

    return run


def _packed(load: Load, rows: list[int], records: int) -> Iterator[list[int]]:
    """Rows in packs of about so many records."""
    pack: list[int] = []
    weight = 0
    for row in rows:
        size = 1 + len(load.properties[row])
        if pack and weight + size > records:
            yield pack
            pack, weight = [], 0
        pack.append(row)
        weight += size
    if pack:
        yield pack


# -- the bytecode -------------------------------------------------------------------------------------------------------


def merge(load: Load, rows: Sequence[int]) -> Bytecode:
    """Insert or replace these rows in one request, which is one transaction."""
    chain = Bytecode()
    for row in rows:
        _merge_edge(chain, load, row) if load.is_edges else _merge_vertex(chain, load, row)
    chain.add_step("id")  # the answer is one id instead of a whole element
    return chain


def _merge_vertex(chain: Bytecode, load: Load, row: int) -> None:
    id, properties = load.ids[row], load.properties[row]
    chain.add_step("mergeV", {T.id: id})
    chain.add_step("option", Merge.on_create, {T.label: load.kind, **properties})
    if not load.fresh:
        chain.add_step("option", Merge.on_match, properties, Cardinality.single)


def _merge_edge(chain: Bytecode, load: Load, row: int) -> None:
    ends = {Direction.OUT: load.sources[row], Direction.IN: load.targets[row]}
    properties = load.properties[row]
    chain.add_step("mergeE", {T.id: load.ids[row]})
    chain.add_step("option", Merge.on_create, {T.label: load.kind, **ends, **properties})
    if not load.fresh:
        chain.add_step("option", Merge.on_match, properties)  # an edge has single values only


def _tidy(load: Load, rows: list[int], ask: Ask) -> None:
    """Before rows are replaced: drop properties that they no longer have, and edges that now join other vertices.

    First, because the old hash stays until the merge: whoever dies in between leaves something a sync still sees as old.
    """
    known = VERTICES[load.kind].properties if not load.is_edges else EDGES[load.kind].properties
    wanted = {load.ids[row]: row for row in rows}
    stale: dict[tuple[str, ...], list[str]] = {}
    moved = []
    for element in ask(start_at(load.step, list(wanted), ("elementMap",))):
        row = wanted[element[T.id]]
        gone = tuple(sorted(set(element) & (known.keys() - load.properties[row].keys())))
        if load.is_edges and _moved(load, row, element):
            moved.append(load.ids[row])
        elif gone:
            stale.setdefault(gone, []).append(load.ids[row])
    for names, ids in sorted(stale.items()):
        ask(start_at(load.step, ids, ("properties", *names), ("drop",)))
    if moved:
        ask(start_at("E", moved, ("drop",)))


def _moved(load: Load, row: int, element: dict[Any, Any]) -> bool:
    ends = element[Direction.OUT][T.id], element[Direction.IN][T.id]
    return ends != (load.sources[row], load.targets[row])


def start_at(step: str, ids: Sequence[str], *steps: tuple[Any, ...]) -> Bytecode:
    """A traversal that starts at elements by id: `step` is V or E, each of `steps` a name with its arguments."""
    chain = Bytecode()
    chain.add_step(step, *ids)
    for name, *arguments in steps:
        chain.add_step(name, *arguments)
    return chain


def drops(step: str, kind: str, ids: Sequence[str]) -> Iterator[Bytecode]:
    """Delete elements of a kind by id, edges at them included."""
    for start in range(0, len(ids), IDS_PER_REQUEST):
        yield start_at(step, ids[start : start + IDS_PER_REQUEST], ("hasLabel", kind), ("drop",))


def counts(ids: Sequence[str]) -> Iterator[tuple[Bytecode, int]]:
    """Requests that count vertices by id, each with the number that says all are there."""
    for start in range(0, len(ids), IDS_PER_REQUEST):
        part = ids[start : start + IDS_PER_REQUEST]
        yield start_at("V", part, ("count",)), len(part)
