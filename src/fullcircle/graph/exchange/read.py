"""Reads graph CSV files (Gremlin or openCypher headers; our own exports and those of neptune-export) into a store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import cannot_write
from fullcircle.graph.base import GraphStore, LoadsInBulk
from fullcircle.graph.claim import Claim, mark_of
from fullcircle.graph.exchange import rows
from fullcircle.graph.exchange.headers import GraphFile, files_of
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress

PAGE = 100_000


@dataclass(frozen=True, slots=True)
class _Found:
    """What the files hold, checked, typed and merged, in tables of an engine; nothing has been written yet."""

    engine: Engine
    files: list[GraphFile]
    rows: dict[str, int]  # per kind, vertices first


def load(store: GraphStore, folder: Path, tell: Progress, ignore_unknown: bool = False, bulk: bool = False) -> dict[str, int]:
    """Load every .csv / .csv.gz below `folder` into the store, vertices first; returns rows per kind.

    Loading twice changes nothing the second time. Labels and properties that the model does not have are refused by name,
    or left out with `ignore_unknown`. A row that cannot be taken stops the load with its file and line before anything is
    written. With `bulk`, a store that loads in bulk may choose that for new rows; without, all are written by `write_*`, as
    such a store itself needs it when it mends a broken load with this.
    """
    with _staged(folder, tell, ignore_unknown) as found:
        store.prepare()
        if bulk and isinstance(store, LoadsInBulk):
            store.finish_bulk(tell)
        seen = mark_of(store)
        _refuse_missing_ends(found, store)
        claimed = Claim(store, seen=seen)
        there = _load_in_bulk(found, store, tell) if bulk else False
        for kind, count in found.rows.items():
            tell.step(f"writing {kind}", count)
            write = store.write_vertices if kind in VERTICES else store.write_edges
            for page in _pages(found.engine, kind, f"SEMI JOIN there_{kind} USING (id)" if there else ""):
                claimed.check()
                write(kind, page)
                tell.advance(page.num_rows)
        store.settle()
        claimed.end()
    return found.rows


def survey(folder: Path, tell: Progress, ignore_unknown: bool = False) -> dict[str, int]:
    """Read and check the files as `load` does, and only count what it would write: rows per kind."""
    with _staged(folder, tell, ignore_unknown) as found:
        return found.rows


@contextmanager
def _staged(folder: Path, tell: Progress, ignore_unknown: bool) -> Iterator[_Found]:
    """The rows in tables on disk, in a folder of their own that goes away afterwards: they may be more than memory holds."""
    files = files_of(folder)
    with _scratch() as place:
        engine = DuckDB(place / "import.duckdb", memory="1GB")
        try:
            rows.define(engine)
            for file in files:
                tell.step(f"reading {file.path.name}")
                tell.advance(rows.stage(engine, file, ignore_unknown))
            counts = {kind: rows.merge(engine, kind, files) for kind in (*VERTICES, *EDGES)}
            counts = {kind: count for kind, count in counts.items() if count}
            for sort in (VERTICES, EDGES):
                rows.refuse_two_kinds(engine, [kind for kind in counts if kind in sort], files)
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
    """StoreError where an edge has an end that is neither in the files nor in the store."""
    for kind in found.rows:
        for place, side in enumerate(("source", "target") if kind in EDGES else ()):
            kinds = sorted({pair[place] for pair in EDGES[kind].joins})
            known = " UNION ALL ".join(f"SELECT id FROM {rows.table(one)}" for one in kinds)
            missing = f"SELECT {side} AS id FROM {rows.table(kind)} e ANTI JOIN ({known}) v ON e.{side} = v.id"
            if found.engine.value(f"SELECT count(*) FROM ({missing})"):
                for one in kinds:
                    _look(found.engine, store, one)
                    known += f" UNION ALL SELECT id FROM there_{one}"
                rows.refuse_missing_end(found.engine, kind, side, known, found.files)


def _look(engine: Engine, store: GraphStore, kind: str) -> None:
    """The ids of a kind that the store has, in the table `there_<kind>`; looked at once."""
    if engine.has(f"there_{kind}"):
        return
    engine.run(f"CREATE TABLE there_{kind} (id VARCHAR)")
    for page in store.scan(kind, ["id"]):
        with engine.lend("page", page):
            engine.run(f"INSERT INTO there_{kind} SELECT id FROM page")


def _load_in_bulk(found: _Found, store: GraphStore, tell: Progress) -> bool:
    """Load what the store lacks in bulk, where it has a way for that and chooses it."""
    if not isinstance(store, LoadsInBulk):
        return False
    lacking = 0
    for kind in found.rows:
        _look(found.engine, store, kind)
        lacking += found.engine.value(f"SELECT count(*) FROM {rows.table(kind)} ANTI JOIN there_{kind} USING (id)")
    if not lacking or not store.takes_in_bulk(lacking, tell):
        return False
    tell.step("preparing files", lacking)
    portions = ((kind, page) for kind in found.rows for page in _pages(found.engine, kind, f"ANTI JOIN there_{kind} USING (id)"))
    store.bulk_load(portions, tell)
    return True


def _pages(engine: Engine, kind: str, joined: str = "") -> Iterator[pa.Table]:
    for batch in engine.batches(f"{rows.rows_sql(kind)} {joined}", PAGE):
        if batch.num_rows:
            yield pa.Table.from_batches([batch])
