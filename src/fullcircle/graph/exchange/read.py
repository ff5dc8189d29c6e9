"""Loads graph CSV files (Gremlin or openCypher headers; our own exports and those of neptune-export) into a store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.engine.open import open_engine
from fullcircle.errors import cannot_write
from fullcircle.graph.base import GraphStore, LoadsInBulk
from fullcircle.graph.claim import Claim, stamp_of
from fullcircle.graph.exchange import rows
from fullcircle.graph.exchange.headers import GraphFile, files_of
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress

PAGE = 100_000


@dataclass(frozen=True, slots=True)
class _Found:
    """The content of the files, checked, typed and merged, in tables of an engine; nothing has been written yet."""

    engine: Engine
    files: list[GraphFile]
    rows: dict[str, int]  # per label, vertices first


def load(store: GraphStore, folder: Path, progress: Progress, ignore_unknown: bool = False, bulk: bool = False) -> dict[str, int]:
    """Load every .csv / .csv.gz below `folder` into the store, vertices first; returns rows per label.

    Loading the same files again changes nothing. Labels and properties that the model does not have are refused by name, or
    skipped with `ignore_unknown`. A row that is not valid stops the load, with its file and line, before anything is written.
    With `bulk`, a store that can load in bulk may do so for new rows. Without it, all rows are written by `write_*`; a store
    that repairs a failed bulk load with this function needs that.
    """
    with _staged(folder, progress, ignore_unknown) as found:
        store.prepare()
        if bulk and isinstance(store, LoadsInBulk):
            store.finish_bulk(progress)
        seen = stamp_of(store)
        _refuse_missing_ends(found, store)
        claimed = Claim(store, seen=seen)
        there = _load_in_bulk(found, store, progress) if bulk else False
        for label, count in found.rows.items():
            progress.step(f"writing {label}", count)
            write = store.write_vertices if label in VERTICES else store.write_edges
            for page in _pages(found.engine, label, f"SEMI JOIN there_{label} USING (id)" if there else ""):
                claimed.check()
                write(label, page)
                progress.advance(page.num_rows)
        store.checkpoint()
        claimed.end()
    return found.rows


def survey(folder: Path, progress: Progress, ignore_unknown: bool = False) -> dict[str, int]:
    """Read and check the files as `load` does, and only count what it would write: rows per label."""
    with _staged(folder, progress, ignore_unknown) as found:
        return found.rows


@contextmanager
def _staged(folder: Path, progress: Progress, ignore_unknown: bool) -> Iterator[_Found]:
    """The rows in tables on disk, in a temporary folder: they may be larger than the memory."""
    files = files_of(folder)
    with _scratch() as place:
        engine = open_engine(place / "import.duckdb", memory="1GB")
        try:
            rows.define(engine)
            for file in files:
                progress.step(f"reading {file.path.name}")
                progress.advance(rows.stage(engine, file, ignore_unknown))
            counts = {label: rows.merge(engine, label, files) for label in (*VERTICES, *EDGES)}
            counts = {label: count for label, count in counts.items() if count}
            for sort in (VERTICES, EDGES):
                rows.refuse_two_labels(engine, [label for label in counts if label in sort], files)
            yield _Found(engine, files, counts)
        finally:
            engine.close()


@contextmanager
def _scratch() -> Iterator[Path]:
    try:
        made = TemporaryDirectory(prefix="fullcircle-import-")
    except OSError as error:
        raise cannot_write("The temporary folder (TMPDIR)", error) from error
    with made as name:
        yield Path(name)


def _refuse_missing_ends(found: _Found, store: GraphStore) -> None:
    """StoreError if an edge has an end that is neither in the files nor in the store."""
    for label in found.rows:
        for place, side in enumerate(("source", "target") if label in EDGES else ()):
            labels = sorted({pair[place] for pair in EDGES[label].joins})
            known = " UNION ALL ".join(f"SELECT id FROM {rows.table(one)}" for one in labels)
            missing = f"SELECT {side} AS id FROM {rows.table(label)} e ANTI JOIN ({known}) v ON e.{side} = v.id"
            if found.engine.value(f"SELECT count(*) FROM ({missing})"):
                for one in labels:
                    _look(found.engine, store, one)
                    known += f" UNION ALL SELECT id FROM there_{one}"
                rows.refuse_missing_end(found.engine, label, side, known, found.files)


def _look(engine: Engine, store: GraphStore, label: str) -> None:
    """Read the ids of a label in the store into the table `there_<label>`, once."""
    if engine.has(f"there_{label}"):
        return
    engine.run(f"CREATE TABLE there_{label} (id VARCHAR)")
    for page in store.scan(label, ["id"]):
        with engine.register("page", page):
            engine.run(f"INSERT INTO there_{label} SELECT id FROM page")


def _load_in_bulk(found: _Found, store: GraphStore, progress: Progress) -> bool:
    """Load the rows that the store lacks in bulk, if it can do that and decides to."""
    if not isinstance(store, LoadsInBulk):
        return False
    lacking = 0
    for label in found.rows:
        _look(found.engine, store, label)
        lacking += found.engine.value(f"SELECT count(*) FROM {rows.table(label)} ANTI JOIN there_{label} USING (id)")
    if not lacking or not store.takes_in_bulk(lacking, progress):
        return False
    progress.step("preparing files", lacking)
    portions = (
        (label, page) for label in found.rows for page in _pages(found.engine, label, f"ANTI JOIN there_{label} USING (id)")
    )
    store.bulk_load(portions, progress)
    return True


def _pages(engine: Engine, label: str, joined: str = "") -> Iterator[pa.Table]:
    for batch in engine.batches(f"{rows.rows_sql(label)} {joined}", PAGE):
        if batch.num_rows:
            yield pa.Table.from_batches([batch])
