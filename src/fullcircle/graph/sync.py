"""Brings a graph store to the state of the engine's tables, writing only what changed since the last time.

Start at `sync`. What was last written is known from a cache in the engine (diff.py). The cache is believed only if the
last sync ended well and the store still has the mark it ended with; else the store itself is read. Who writes takes that
mark away first (claim.py). So a sync may be killed at any point, and the next one of anybody mends it. Order of writing:
vertices, edges, then edges to delete, then vertices to delete, so that an edge never lacks an end.
"""

from __future__ import annotations

import fcntl
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.errors import Busy
from fullcircle.graph import claim, diff
from fullcircle.graph.base import BulkLoads, GraphStore, KeepsStamp, LoadsInBulk
from fullcircle.graph.claim import Claim
from fullcircle.graph.diff import GraphDifference
from fullcircle.graph.shape import label_named, schema
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress

ROWS = 100_000  # rows in one write
BYTES = 512 << 20  # ... and bytes, for stores that like large writes
# One row: `mark` names the sync that ended last, or is its claim while one is under way (or was, when it was killed).
DDL = "CREATE TABLE IF NOT EXISTS graph_sync (one INTEGER PRIMARY KEY CHECK (one = 1), mark TEXT)"


@dataclass(frozen=True, slots=True)
class Synced:
    """Rows inserted or changed, and rows deleted, of each kind that had any."""

    written: dict[str, int]
    deleted: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Work:
    engine: Engine
    store: GraphStore
    book: Book
    progress: Progress


@dataclass(frozen=True, slots=True)
class _Known:
    """What a sync finds before it compares: the mark or claim of our last one, the store's mark, and whether both agree."""

    own: str
    seen: str
    trusted: bool


def sync(
    engine: Engine,
    store: GraphStore,
    book: Book,
    labels: Sequence[str],
    progress: Progress,
    dry_run: bool = False,
    verify: bool = False,
) -> Synced:
    """Bring these kinds in the store to what `vertices_*` and `edges_*` hold; a kind without such a table is left alone.

    `verify` reads from the store what is really there, with all content, and so repairs what was changed behind our back.
    `dry_run` only counts. Busy if another sync with the same book is under way, or somebody else begins to write the graph.
    """
    work = _Work(engine, store, book, progress)
    mine = [label for label in (*VERTICES, *EDGES) if label in labels and engine.has(label_named(label).table)]
    with _alone(book):
        book.define(DDL)
        diff.define(engine)
        if isinstance(store, LoadsInBulk) and not dry_run:
            store.finish_bulk(progress)
        known = _known(work)
        differences = _differences(work, known, mine, verify)
        if not dry_run and (not known.trusted or any(differences)):
            claimed = _begin(work, known)
            _write(work, differences, claimed)
            _end(work, claimed, mine)
        elif not any(differences):
            diff.clear(engine, mine)
        for label in mine:
            engine.run(f"DROP TABLE {diff.changed(label)}")
    return Synced(
        {one.label: one.inserts + one.changes for one in differences if one.inserts or one.changes},
        {one.label: one.deletes for one in differences if one.deletes},
    )


# -- writing -----------------------------------------------------------------------------------------------------------


def _write(work: _Work, differences: Sequence[GraphDifference], claimed: Claim) -> None:
    todo = [one for one in differences if one]
    vertices = [one for one in todo if one.label in VERTICES]
    edges = [one for one in todo if one.label in EDGES]
    claimed.check()
    loaded = _load(work, (*vertices, *edges))
    for one in (*vertices, *edges):
        _put(work, one, loaded, claimed)
    for one in (*edges, *vertices):
        _forget(work, one, claimed)
    outside = set(EDGES) - {one.label for one in differences}
    for one in vertices:
        for label in sorted(outside) if one.deletes else ():
            joined = {end for pair in EDGES[label].joins for end in pair}
            if one.label in joined and work.engine.has(diff.written(label)):
                diff.forget_ends(work.engine, one.label, label)
    for one in todo:
        diff.note(work.engine, one)
    if todo:
        work.store.checkpoint()


def _load(work: _Work, differences: Sequence[GraphDifference]) -> bool:
    """Load what is to be inserted in bulk, where the store has a way for that and chooses it."""
    store, rows = work.store, sum(one.inserts for one in differences)
    if not rows or not isinstance(store, LoadsInBulk) or not store.takes_in_bulk(rows, work.progress):
        return False
    work.progress.step("Graph: preparing files", rows)
    store.bulk_load(_inserts(work, differences), work.progress)
    return True


def _inserts(work: _Work, differences: Sequence[GraphDifference]) -> Iterator[tuple[str, pa.Table]]:
    for one in differences:
        if one.inserts:
            for table in _portions(diff.rows(work.engine, one, "insert", ROWS), ROWS):
                yield one.label, table.select(schema(one.label).names)


def _put(work: _Work, one: GraphDifference, loaded: bool, claimed: Claim) -> None:
    """Write a kind's inserts, unless they have been loaded, and its changes."""
    write = work.store.write_vertices if one.label in VERTICES else work.store.write_edges
    inserts = 0 if loaded else one.inserts
    if inserts + one.changes:
        work.progress.step(f"Graph: writing {one.label}", inserts + one.changes)
    for op, count, insert_only in (("insert", inserts, True), ("change", one.changes, False)):
        if count:
            rows = _portion_rows(work.store, insert_only)
            for table in _portions(diff.rows(work.engine, one, op, min(rows, ROWS)), rows):
                claimed.check()
                write(one.label, table.select(schema(one.label).names), insert_only=insert_only)
                work.progress.advance(table.num_rows)


def _forget(work: _Work, one: GraphDifference, claimed: Claim) -> None:
    forget = work.store.forget_vertices if one.label in VERTICES else work.store.forget_edges
    if one.deletes:
        work.progress.step(f"Graph: deleting {one.label}", one.deletes)
        for ids in diff.deleted(work.engine, one.label):
            claimed.check()
            forget(one.label, ids)
            work.progress.advance(len(ids))


def _portion_rows(store: GraphStore, insert_only: bool) -> int:
    return store.bulk_rows if insert_only and isinstance(store, BulkLoads) else ROWS


def _portions(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.Table]:
    """Batches put together to tables of about so many rows, or fewer where they are large."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(one.num_rows for one in held) >= rows or sum(one.nbytes for one in held) >= BYTES:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


# -- what is to be believed --------------------------------------------------------------------------------------------


def _known(work: _Work) -> _Known:
    found = work.book.read("SELECT mark FROM graph_sync")
    own, seen = (found[0][0] if found else None) or "", claim.mark_of(work.store)
    return _Known(own, seen, _is_trusted(work, own, seen))


def _is_trusted(work: _Work, own: str, seen: str) -> bool:
    """True if the written tables are what is in the store: the last sync ended well, with this engine and this store."""
    if not own or not work.engine.has("written.mark") or work.engine.value("SELECT mark FROM written.mark") != own:
        return False
    if isinstance(work.store, KeepsStamp):
        return seen == own
    counts = work.store.count()
    known = [label for label in counts if work.engine.has(diff.written(label))]
    return all(counts[label] == work.engine.count(diff.written(label)) for label in known)


def _differences(work: _Work, known: _Known, labels: Sequence[str], verify: bool) -> list[GraphDifference]:
    """Compare; what is in doubt is read from the store first, with its content where we were not the last to write."""
    doubted: Sequence[str] = labels if verify else ()
    if not known.trusted:
        work.engine.run("DROP TABLE IF EXISTS written.mark")
        doubted = (*VERTICES, *EDGES)
    if verify or (not known.trusted and known.seen != known.own):
        diff.suspect(work.engine, doubted)
    for label in doubted:
        work.engine.run(f"DROP TABLE IF EXISTS {diff.written(label)}")
    for label in labels:
        if not work.engine.has(diff.written(label)):
            work.progress.step(f"Graph: reading what is there of {label}")
            diff.read_store(work.engine, work.store, label, work.progress)
    work.progress.step("Graph: what has changed")
    return [diff.compare(work.engine, label) for label in labels]


def _begin(work: _Work, known: _Known) -> Claim:
    """The book has the claim first: a claim that stands in the store and in the book is of a sync of ours, and dead."""
    text = claim.new()
    work.book.write("INSERT OR REPLACE INTO graph_sync VALUES (1, ?)", (text,))
    return Claim(work.store, text, known.own, known.seen)


def _end(work: _Work, claimed: Claim, labels: Sequence[str]) -> None:
    """All three places get the mark, the book last: it counts only if all have it."""
    stamp = uuid.uuid4().hex
    if not claimed.end(stamp):
        work.progress.say(
            "Another sync, import or copy may have written into the graph meanwhile: the next sync looks into it again."
        )
        return
    diff.clear(work.engine, labels)
    work.engine.run("CREATE OR REPLACE TABLE written.mark AS SELECT $mark AS mark", {"mark": stamp})
    work.book.write("INSERT OR REPLACE INTO graph_sync VALUES (1, ?)", (stamp,))


@contextmanager
def _alone(book: Book) -> Iterator[None]:
    """One sync at a time; the system lets go of the lock when the process ends, however it ends."""
    path = book.path.with_name(f"{book.path.name}.sync-lock")
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Busy("Another sync is writing the graph.", "Wait for it to end, then try again.") from error
        yield
