"""Requests that write: chains of constant mergeV / mergeE steps that match on the id alone, which Neptune runs natively.

A request has about two hundred records (a record is one label or one property). No step in a chain depends on data: no inject,
no unfold, no select. Every property is replaced with `single`: by default, Neptune would keep the old value beside the new one.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from gremlin_python.process.traversal import Bytecode, T

from fullcircle.graph.stores.gremlin import reading, wire
from fullcircle.graph.stores.gremlin.connection import Ask
from fullcircle.graph.stores.gremlin.values import structure
from fullcircle.model.graph import EDGES

Lanes = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]
IDS_PER_REQUEST = 500
ROWS_PER_WORKER = 500  # for fewer rows, another connection does not pay
ROWS_AT_ONCE = 50_000  # rows whose bytes are put in order at a time
REQUEST_BYTES = 8 << 20  # the limit for requests with long texts


@dataclass(frozen=True)
class Load:
    """Rows of one label to be sent; edges have sources and targets. The table has been through `shape.conformed`."""

    label: str
    table: pa.Table
    insert_only: bool

    @property
    def is_edges(self) -> bool:
        """True if these are edges."""
        return self.label in EDGES

    @property
    def step(self) -> str:
        """The step that starts a traversal at such elements."""
        return "E" if self.is_edges else "V"

    @property
    def properties(self) -> list[str]:
        """The columns that are properties, hash among them."""
        return [name for name in self.table.column_names if name not in structure(self.label)]

    @cached_property
    def merges(self) -> tuple[pa.LargeBinaryArray, npt.NDArray[np.int32]]:
        """See wire.merges."""
        return wire.merges(self.label, self.table, self.insert_only)

    def ends(self) -> pa.Array:
        """The ids of all vertices that these edges join, each once."""
        return pc.unique(pa.chunked_array([*self.table["source"].chunks, *self.table["target"].chunks], pa.string()))


@dataclass(frozen=True, slots=True)
class Manner:
    """How to write to a server: records per request, and strategies of the server to leave out."""

    records: int = 200
    without: tuple[str, ...] = ()


# -- who writes what ----------------------------------------------------------------------------------------------------


def turns(load: Load, workers: int) -> Iterator[list[Rows]]:
    """Rows for each worker, turn by turn, so that no two workers touch the same vertex in the same turn.

    Vertices are assigned to a worker by their id, in one turn. Edges have two ends, so there are as many turns as workers,
    as in a Latin square: in turn t worker w writes the edges from vertices of share w to vertices of share w + t.
    """
    workers = max(1, min(workers, load.table.num_rows // ROWS_PER_WORKER))
    if not load.is_edges:
        own = lanes(load.table["id"].to_pylist(), workers)
        yield [np.flatnonzero(own == worker) for worker in range(workers)]
        return
    start, end = (lanes(load.table[name].to_pylist(), workers) for name in ("source", "target"))
    order = _by_busier_end(load)
    start, end = start[order], end[order]
    for turn in range(workers):
        yield [order[(start == worker) & (end == (worker + turn) % workers)] for worker in range(workers)]


def _by_busier_end(load: Load) -> Rows:
    """The order in which the edges of a busy vertex follow each other: a request then touches few such vertices, and a server
    that copies or locks what it touches does so once per request and not once per edge."""
    columns = [load.table[name].combine_chunks().dictionary_encode() for name in ("source", "target")]
    busier = min(columns, key=lambda column: len(column.dictionary))
    return np.argsort(busier.indices.to_numpy(), kind="stable").astype(np.intp)


def lanes(ids: Sequence[str], workers: int) -> Lanes:
    """The share of each id: by its hash, so the same id always has the same share."""
    return np.fromiter((zlib.crc32(id.encode()) % workers for id in ids), np.int64, len(ids))


def job(load: Load, rows: Rows, manner: Manner) -> Callable[[Ask], None]:
    """The work of one worker in one turn."""
    _ = load.merges  # computed here, once, before all workers need it
    at_once = ROWS_AT_ONCE if load.insert_only else IDS_PER_REQUEST

    def run(ask: Ask) -> None:
        for start in range(0, len(rows), at_once):
            part = rows[start : start + at_once]
            if not load.insert_only:
                _tidy(load, part, ask)
            for message in merges(load, part, manner):
                ask(message)

    return run


# -- the requests -------------------------------------------------------------------------------------------------------


def merges(load: Load, rows: Rows, manner: Manner) -> Iterator[wire.Encoded]:
    """Insert or replace these rows, several per request; each request is one transaction."""
    all_rows, records = load.merges
    names = ("mergeE" if load.is_edges else "mergeV", "option", "id")
    end = wire.head("id", 0)  # so that the answer is one id instead of a whole element
    for number, body in wire.packs(all_rows.take(pa.array(rows)), records[rows], manner.records, REQUEST_BYTES):
        yield wire.Encoded(names, number * wire.steps_a_row(load.insert_only) + 1, body + end, manner.without)


def _tidy(load: Load, rows: Rows, ask: Ask) -> None:
    """Before rows are replaced: drop properties that they no longer have, and edges that now join other vertices.

    This comes first, because the old hash stays until the merge: after a crash in between, a sync still sees the row as old.
    """
    part = load.table.take(pa.array(rows))
    ids = part["id"].to_pylist()
    moved = _moved(part, ids, ask) if load.is_edges else []
    if moved:
        ask(start_at("E", moved, ("drop",)))
    empty = {name: part[name].is_null().to_numpy() for name in load.properties if part[name].null_count}
    if not empty:
        return
    place = {id: number for number, id in enumerate(ids)}
    stale: dict[tuple[str, ...], list[str]] = {}
    for element in ask(reading.holders(load.label, ids, list(empty))):
        id = element[T.id]
        gone = tuple(name for name in empty if name in element and empty[name][place[id]])
        if gone:
            stale.setdefault(gone, []).append(id)
    for names, of in sorted(stale.items()):
        ask(start_at(load.step, of, ("properties", *names), ("drop",)))


def _moved(part: pa.Table, ids: Sequence[str], ask: Ask) -> list[str]:
    """The edges that join other vertices on the server."""
    wanted = dict(zip(ids, zip(part["source"].to_pylist(), part["target"].to_pylist(), strict=True), strict=True))
    return [id for id, *ends in ask(reading.ends(ids)) if tuple(ends) != wanted[id]]


def start_at(step: str, ids: Sequence[str], *steps: tuple[Any, ...]) -> Bytecode:
    """A traversal that starts at elements by id: `step` is V or E, each of `steps` is a name with its arguments."""
    chain = Bytecode()
    chain.add_step(step, *ids)
    for name, *arguments in steps:
        chain.add_step(name, *arguments)
    return chain


def drops(step: str, label: str, ids: Sequence[str]) -> Iterator[Bytecode]:
    """Delete elements with a label by id, and the edges of vertices."""
    for start in range(0, len(ids), IDS_PER_REQUEST):
        yield start_at(step, ids[start : start + IDS_PER_REQUEST], ("hasLabel", label), ("drop",))


def counts(ids: pa.Array) -> Iterator[tuple[Bytecode, int]]:
    """Requests that count vertices by id, each with the number to expect if all exist."""
    texts = wire.encoded(ids)
    for start in range(0, len(texts), IDS_PER_REQUEST):
        part = texts.slice(start, IDS_PER_REQUEST)
        yield wire.starting_at("V", part, "count"), len(part)
