"""Copies a whole graph from one store into another, kind by kind; asked again it continues, and ends with equal digests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import StoreError
from fullcircle.graph.base import GraphStore, LoadsInBulk
from fullcircle.graph.digest import digest
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress

PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did: rows written and deleted per kind, and the digest both stores have now."""

    written: dict[str, int]
    deleted: dict[str, int]
    digest: str


def copy(source: GraphStore, target: GraphStore, tell: Progress, replace: bool = False, dry_run: bool = False) -> Copied:
    """Bring `target` to the content of `source`: write what is missing or different, compared by id and hash.

    What only the target has is deleted with `replace`, otherwise it is a StoreError before anything is written. The digests
    of both stores are compared at the end; StoreError if they differ (somebody wrote meanwhile: run it again).
    """
    engine = DuckDB(memory="1GB")
    try:
        target.prepare()
        if isinstance(target, LoadsInBulk) and not dry_run:
            target.finish_bulk(tell)
        extra = _extra(engine, source, target, tell)
        if extra and not replace:
            told = ", ".join(f"{len(ids):,} {kind}" for kind, ids in extra.items())
            raise StoreError(f"The target holds what the source does not: {told}.", "Delete it in the same go with --replace.")
        loaded = not dry_run and _load(engine, source, target, tell)
        written = {kind: _write(engine, source, target, kind, tell, dry_run, loaded) for kind in (*VERTICES, *EDGES)}
        if not dry_run:
            _delete(target, extra)
            target.settle()
    finally:
        engine.close()
    return Copied(
        {kind: rows for kind, rows in written.items() if rows},
        {kind: len(ids) for kind, ids in extra.items()},
        "" if dry_run else _verified(source, target, tell),
    )


def _extra(engine: Engine, source: GraphStore, target: GraphStore, tell: Progress) -> dict[str, pa.Array]:
    """Ids per kind that only the target has; leaves both sides' (id, hash) in tables `here_<kind>` and `there_<kind>`."""
    found: dict[str, pa.Array] = {}
    for kind in (*VERTICES, *EDGES):
        tell.step(f"comparing {kind}")
        for side, store in (("here", source), ("there", target)):
            engine.run(f"CREATE TABLE {side}_{kind} (id VARCHAR, hash BIGINT)")
            for page in store.scan(kind, ["id", "hash"]):
                with engine.lend("page", page):
                    engine.run(f"INSERT INTO {side}_{kind} SELECT id, hash FROM page")
        only = engine.arrow(f"SELECT id FROM there_{kind} ANTI JOIN here_{kind} USING (id) ORDER BY id")["id"].combine_chunks()
        if len(only):
            found[kind] = only
    return found


def _load(engine: Engine, source: GraphStore, target: GraphStore, tell: Progress) -> bool:
    """Load what the target lacks in bulk, where it has a way for that and chooses it."""
    if not isinstance(target, LoadsInBulk):
        return False
    lacks = {
        kind: engine.value(f"SELECT count(*) FROM here_{kind} ANTI JOIN there_{kind} USING (id)") for kind in (*VERTICES, *EDGES)
    }
    rows = sum(lacks.values())
    if not rows or not target.takes_in_bulk(rows, tell):
        return False
    tell.step("preparing files", rows)
    target.bulk_load(_lacking(engine, source, [kind for kind, lacking in lacks.items() if lacking]), tell)
    return True


def _lacking(engine: Engine, source: GraphStore, kinds: Sequence[str]) -> Iterator[tuple[str, pa.Table]]:
    for kind in kinds:
        for page in source.scan(kind, rows=PAGE):
            with engine.lend("page", page):
                rows = engine.arrow(f"SELECT p.* FROM page p ANTI JOIN there_{kind} USING (id) ORDER BY id")
            if rows.num_rows:
                yield kind, rows


def _write(engine: Engine, source: GraphStore, target: GraphStore, kind: str, tell: Progress, dry_run: bool, loaded: bool) -> int:
    """Write the rows of a kind that the target has otherwise, and (fresh) those it lacks unless they have been loaded."""
    both = f"here_{kind} h LEFT JOIN there_{kind} t USING (id)"
    engine.run(
        f"CREATE OR REPLACE TABLE different AS SELECT id, t.id IS NULL AS fresh FROM {both} WHERE t.hash IS DISTINCT FROM h.hash"
    )
    rows = engine.count("different")
    if loaded:
        engine.run("DELETE FROM different WHERE fresh")
    if dry_run or engine.count("different") == 0:
        return rows
    tell.step(f"copying {kind}", rows)
    write = target.write_vertices if kind in VERTICES else target.write_edges
    for fresh, page in _pages(engine, source, kind):
        write(kind, page, fresh=fresh)
        tell.advance(page.num_rows)
    return rows


def _pages(engine: Engine, source: GraphStore, kind: str) -> Iterator[tuple[bool, pa.Table]]:
    for page in source.scan(kind, rows=PAGE):
        with engine.lend("page", page):
            for fresh in (True, False):
                rows = engine.arrow(
                    f"SELECT p.* FROM page p SEMI JOIN (FROM different WHERE fresh = {fresh}) USING (id) ORDER BY id"
                )
                if rows.num_rows:
                    yield fresh, rows


def _delete(target: GraphStore, extra: dict[str, pa.Array]) -> None:
    kinds: Sequence[str] = (*EDGES, *VERTICES)
    for kind in kinds:
        if kind in extra:
            forget = target.forget_edges if kind in EDGES else target.forget_vertices
            forget(kind, extra[kind])


def _verified(source: GraphStore, target: GraphStore, tell: Progress) -> str:
    tell.step("comparing digests")
    here, there = digest(source), digest(target)
    if here != there:
        raise StoreError("The copy is not equal to its source.", "Was something written meanwhile? Run the same command again.")
    return here
