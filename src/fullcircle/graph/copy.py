"""Copies a whole graph from one store into another, kind by kind; asked again it continues, and ends with equal digests.

Rows are compared by all their content, since somebody may have changed a row in the target and left its hash as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import StoreError
from fullcircle.graph.base import GraphStore, LoadsInBulk
from fullcircle.graph.claim import Claim, mark_of
from fullcircle.graph.digest import digest_of, number, sums
from fullcircle.graph.shape import schema
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress

PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did (or, in a dry run, would do): rows written and deleted per kind, and the digest both stores have now.

    In a dry run the digest is empty, and `deleted` is what only the target has.
    """

    written: dict[str, int]
    deleted: dict[str, int]
    digest: str


@dataclass(frozen=True, slots=True)
class _Work:
    engine: Engine
    source: GraphStore
    target: GraphStore
    tell: Progress


def copy(source: GraphStore, target: GraphStore, tell: Progress, replace: bool = False, dry_run: bool = False) -> Copied:
    """Bring `target` to the content of `source`: write what is missing or different, all columns compared.

    What only the target has is deleted with `replace`, otherwise it is a StoreError before anything is written. The digests
    of both stores are compared at the end; StoreError if they differ (somebody wrote meanwhile: run it again). `dry_run`
    counts, extras included, and writes no row.
    """
    engine = DuckDB(memory="1GB")
    work = _Work(engine, source, target, tell)
    try:
        target.prepare()
        if isinstance(target, LoadsInBulk) and not dry_run:
            target.finish_bulk(tell)
        seen = mark_of(target)
        _compare(work)
        extra = {kind: engine.count(f"extra_{kind}") for kind in (*VERTICES, *EDGES)}
        extra = {kind: rows for kind, rows in extra.items() if rows}
        if extra and not replace and not dry_run:
            told = ", ".join(f"{rows:,} {kind}" for kind, rows in extra.items())
            raise StoreError(f"The target holds what the source does not: {told}.", "Delete it in the same go with --replace.")
        written = {kind: engine.count(f"different_{kind}") for kind in (*VERTICES, *EDGES)}
        if not dry_run:
            _bring(work, written, extra, seen)
    finally:
        engine.close()
    return Copied(
        {kind: rows for kind, rows in written.items() if rows}, extra, "" if dry_run else _verified(source, target, tell)
    )


def _bring(work: _Work, written: dict[str, int], extra: dict[str, int], seen: str) -> None:
    """Write and delete under a claim, so that whoever synced into the target looks into it again."""
    if not any(written.values()) and not extra:
        return
    claimed = Claim(work.target, seen=seen)
    loaded = _load(work, written)
    for kind in written:
        _write(work, kind, loaded, claimed)
    for kind in (*EDGES, *VERTICES):
        if kind in extra:
            _delete(work, kind, extra[kind], claimed)
    work.target.settle()
    claimed.end()


# -- comparing ---------------------------------------------------------------------------------------------------------


def _compare(work: _Work) -> None:
    """Make for each kind `different_<kind>(id, fresh)`, to be written, and `extra_<kind>(id)`, which only the target has."""
    engine = work.engine
    work.tell.step("comparing", sum(work.source.count().values()) + sum(work.target.count().values()))
    for kind in (*VERTICES, *EDGES):
        for side, store in (("here", work.source), ("there", work.target)):
            engine.run(f"CREATE OR REPLACE TABLE {side} (id VARCHAR, number BIGINT)")
            for page in store.scan(kind, schema(kind).names):
                with engine.lend("page", page):
                    engine.run(f"INSERT INTO {side} SELECT id, {number(kind)} FROM page")
                work.tell.advance(page.num_rows)
        engine.run(f"""
            CREATE TABLE different_{kind} AS SELECT id, t.id IS NULL AS fresh
                FROM here h LEFT JOIN there t USING (id) WHERE t.number IS DISTINCT FROM h.number;
            CREATE TABLE extra_{kind} AS SELECT id FROM there ANTI JOIN here USING (id)""")
    engine.run("DROP TABLE here; DROP TABLE there")


def _verified(source: GraphStore, target: GraphStore, tell: Progress) -> str:
    tell.step("comparing digests", sum(source.count().values()) + sum(target.count().values()))
    here, there = sums(source, tell), sums(target, tell)
    odd = [kind for kind in here if here[kind] != there[kind]]
    if odd:
        raise StoreError(
            f"The copy is not equal to its source in {', '.join(odd)}.",
            "Was something written meanwhile? Run the same command again.",
        )
    return digest_of(here)


# -- writing -----------------------------------------------------------------------------------------------------------


def _load(work: _Work, written: dict[str, int]) -> bool:
    """Load what the target lacks in bulk, where it has a way for that and chooses it."""
    if not isinstance(work.target, LoadsInBulk):
        return False
    lacks = {kind: work.engine.value(f"SELECT count(*) FROM different_{kind} WHERE fresh") for kind in written}
    rows = sum(lacks.values())
    if not rows or not work.target.takes_in_bulk(rows, work.tell):
        return False
    work.tell.step("preparing files", rows)
    work.target.bulk_load(
        ((kind, page) for kind, lacking in lacks.items() if lacking for page in _pages(work, kind, fresh=True)), work.tell
    )
    return True


def _write(work: _Work, kind: str, loaded: bool, claimed: Claim) -> None:
    """Write the rows of a kind that the target has otherwise, and (fresh) those it lacks unless they have been loaded."""
    if loaded:
        work.engine.run(f"DELETE FROM different_{kind} WHERE fresh")
    rows = work.engine.count(f"different_{kind}")
    if rows == 0:
        return
    work.tell.step(f"copying {kind}", rows)
    write = work.target.write_vertices if kind in VERTICES else work.target.write_edges
    for (fresh,) in work.engine.rows(f"SELECT DISTINCT fresh FROM different_{kind} ORDER BY fresh DESC"):
        for page in _pages(work, kind, fresh):
            claimed.check()
            write(kind, page, fresh=fresh)
            work.tell.advance(page.num_rows)


def _pages(work: _Work, kind: str, fresh: bool) -> Iterator[pa.Table]:
    """The source's rows of a kind that are to be written."""
    for page in work.source.scan(kind, rows=PAGE):
        with work.engine.lend("page", page):
            rows = work.engine.arrow(
                f"SELECT p.* FROM page p SEMI JOIN (FROM different_{kind} WHERE fresh = {fresh}) USING (id) ORDER BY id"
            )
        if rows.num_rows:
            yield rows


def _delete(work: _Work, kind: str, rows: int, claimed: Claim) -> None:
    """Delete what only the target has."""
    work.tell.step(f"deleting {kind}", rows)
    forget = work.target.forget_edges if kind in EDGES else work.target.forget_vertices
    for batch in work.engine.batches(f"SELECT id FROM extra_{kind} ORDER BY id", PAGE):
        claimed.check()
        forget(kind, batch.column(0))
        work.tell.advance(batch.num_rows)
