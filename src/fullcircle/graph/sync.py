"""Brings a graph store to the state of the engine's tables, writing only what changed since the last sync.

Start at `sync`. A cache in the engine (diff.py) has what was last written. It is trusted only if the last sync ended well and
the store still has the stamp of that sync; otherwise the store itself is read. Every writer replaces the stamp first
(claim.py). So a sync may be killed at any point, and the next sync, by any process, repairs the graph. Order of writing:
vertices, edges, then edges to delete, then vertices to delete, so that an edge never lacks an end.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.errors import Busy
from fullcircle.graph import claim, diff
from fullcircle.graph.base import BulkLoads, GraphStore, KeepsStamp, LoadsInBulk, WritesTogether
from fullcircle.graph.changed import CUSTOMER, wait_for_changed
from fullcircle.graph.claim import Claim
from fullcircle.graph.diff import GraphDifference
from fullcircle.graph.lock import locked
from fullcircle.graph.shape import label_named, schema
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress

ROWS = 100_000  # rows in one write
AT_ONCE = 200_000  # changed rows that take effect in one moment
BYTES = 512 << 20  # ... and bytes, for stores that take large writes
# One row: `mark` is the stamp of the last sync; while a sync is under way, or after it was killed, it is its claim.
DDL = "CREATE TABLE IF NOT EXISTS graph_sync (one INTEGER PRIMARY KEY CHECK (one = 1), mark TEXT)"


@dataclass(frozen=True, slots=True)
class Synced:
    """Rows inserted or changed, and rows deleted, for each label that had any."""

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
    """The state before a comparison: the stamp or claim of our last sync, the store's stamp, and whether the cache is valid."""

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
    """Bring these labels in the store to the content of `vertices_*` and `edges_*`; a label without such a table is not touched.

    `verify` reads all content of the store, and so repairs what others have changed in it. `dry_run` only counts. Busy if
    another sync with the same book is under way, or another writer begins to write the graph.
    """
    work = _Work(engine, store, book, progress)
    mine = [label for label in (*VERTICES, *EDGES) if label in labels and engine.has(label_named(label).table)]
    busy = Busy("Another sync is writing the graph.", "Wait for it to end, then try again.")
    with locked(book.path.with_name(f"{book.path.name}.sync-lock"), busy):
        book.define(DDL)
        diff.define(engine)
        if isinstance(store, LoadsInBulk) and not dry_run:
            store.finish_bulk(progress)
        known = _known(work)
        differences = _differences(work, known, mine, verify)
        if not dry_run and CUSTOMER in mine and any(differences):
            wait_for_changed(engine, book, differences)  # durable before anything of it is written
        if not dry_run and (not known.trusted or any(differences)):
            claimed = _begin(work, known)
            _write(work, differences, claimed)
            _end(work, claimed, mine)
        elif not any(differences):
            diff.clear(engine, mine)
        engine.run(f"DROP TABLE {diff.CHANGED}")
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
    with _at_once(work.store, todo):
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


def _at_once(store: GraphStore, todo: Sequence[GraphDifference]) -> AbstractContextManager[None]:
    """Readers see none of it or all of it, where the store can do that and it is not too much for one transaction."""
    size = sum(one.inserts + one.changes + one.deletes for one in todo)
    return store.together() if isinstance(store, WritesTogether) and size <= AT_ONCE else nullcontext()


def _load(work: _Work, differences: Sequence[GraphDifference]) -> bool:
    """Load the rows to insert in bulk, if the store can do that and decides to."""
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
    """Write the inserts of a label, unless they have been loaded in bulk, and its changes."""
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
    """Batches combined into tables of about so many rows, or fewer where rows are large."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(one.num_rows for one in held) >= rows or sum(one.nbytes for one in held) >= BYTES:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


# -- whether the cache is valid ----------------------------------------------------------------------------------------


def _known(work: _Work) -> _Known:
    found = work.book.read("SELECT mark FROM graph_sync")
    own, seen = (found[0][0] if found else None) or "", claim.stamp_of(work.store)
    return _Known(own, seen, _is_trusted(work, own, seen))


def _is_trusted(work: _Work, own: str, seen: str) -> bool:
    """True if the written tables agree with the store: the last sync ended well, with this engine and this store."""
    if not own or not work.engine.has("written.mark") or work.engine.value("SELECT mark FROM written.mark") != own:
        return False
    if isinstance(work.store, KeepsStamp):
        return seen == own
    counts = work.store.count()
    known = [label for label in counts if work.engine.has(diff.written(label))]
    return all(counts[label] == work.engine.count(diff.written(label)) for label in known)


def _differences(work: _Work, known: _Known, labels: Sequence[str], verify: bool) -> list[GraphDifference]:
    """Compare. What is in doubt is read from the store first, with its content if another process may have written last."""
    doubted: Sequence[str] = labels if verify else ()
    if not known.trusted:
        work.engine.run("DROP TABLE IF EXISTS written.mark")
        doubted = (*VERTICES, *EDGES)
    if verify or (not known.trusted and known.seen != known.own):
        diff.suspect(work.engine, doubted)
    if doubted:
        work.engine.run("; ".join(f"DROP TABLE IF EXISTS {diff.written(label)}" for label in doubted))
    suspects = diff.suspects(work.engine)
    for label in labels:
        if not work.engine.has(diff.written(label)):
            work.progress.step(f"Graph: reading {label} from the store")
            diff.read_store(work.engine, work.store, label, label in suspects, work.progress)
    work.progress.step("Graph: comparing")
    return diff.compare(work.engine, labels)


def _begin(work: _Work, known: _Known) -> Claim:
    """Write the claim into the book first: a claim that is both in the store and in the book is from a dead sync of ours."""
    text = claim.new()
    work.book.write("INSERT OR REPLACE INTO graph_sync VALUES (1, ?)", (text,))
    return Claim(work.store, text, known.own, known.seen)


def _end(work: _Work, claimed: Claim, labels: Sequence[str]) -> None:
    """Write the stamp to the store, the engine and the book, the book last: it counts only if all three have it."""
    stamp = uuid.uuid4().hex
    if not claimed.end(stamp):
        work.progress.say(
            "Another sync, import or copy may have written into the graph meanwhile: the next sync will read the whole graph."
        )
        return
    diff.clear(work.engine, labels)
    work.engine.run("CREATE OR REPLACE TABLE written.mark AS SELECT $mark AS mark", {"mark": stamp})
    work.book.write("INSERT OR REPLACE INTO graph_sync VALUES (1, ?)", (stamp,))
