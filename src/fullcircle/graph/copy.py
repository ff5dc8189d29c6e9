"""Copies a whole graph from one store into another, label by label. Run again, it continues; at the end both digests are equal.

Rows are compared by all their content, because a row in the target may have been changed without a change of its hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.engine.open import open_engine
from fullcircle.errors import StoreError
from fullcircle.graph.base import GraphStore, LoadsInBulk
from fullcircle.graph.claim import Claim, stamp_of
from fullcircle.graph.digest import digest_of, number, sums
from fullcircle.graph.shape import schema
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress

PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did (or would do, in a dry run): rows written and deleted per label, and the digest both stores have now.

    In a dry run the digest is empty, and `deleted` counts the rows that only the target has.
    """

    written: dict[str, int]
    deleted: dict[str, int]
    digest: str


@dataclass(frozen=True, slots=True)
class _Work:
    engine: Engine
    source: GraphStore
    target: GraphStore
    progress: Progress


def copy(source: GraphStore, target: GraphStore, progress: Progress, replace: bool = False, dry_run: bool = False) -> Copied:
    """Bring `target` to the content of `source`: compare all columns, and write the rows that are missing or different.

    Rows that only the target has are deleted with `replace`; otherwise they are a StoreError before anything is written. At
    the end the digests of both stores are compared; StoreError if they differ (somebody wrote meanwhile: run it again).
    `dry_run` counts, extra rows included, and writes no row.
    """
    engine = open_engine(memory="1GB")
    work = _Work(engine, source, target, progress)
    try:
        target.prepare()
        if isinstance(target, LoadsInBulk) and not dry_run:
            target.finish_bulk(progress)
        seen = stamp_of(target)
        _compare(work)
        extra = {label: engine.count(f"extra_{label}") for label in (*VERTICES, *EDGES)}
        extra = {label: rows for label, rows in extra.items() if rows}
        if extra and not replace and not dry_run:
            counts = ", ".join(f"{rows:,} {label}" for label, rows in extra.items())
            raise StoreError(
                f"The target has rows that the source does not have: {counts}.",
                "Let the copy delete them (`fullcircle graph copy --replace`).",
            )
        written = {label: engine.count(f"different_{label}") for label in (*VERTICES, *EDGES)}
        if not dry_run:
            _bring(work, written, extra, seen)
    finally:
        engine.close()
    return Copied(
        {label: rows for label, rows in written.items() if rows}, extra, "" if dry_run else _verified(source, target, progress)
    )


def _bring(work: _Work, written: dict[str, int], extra: dict[str, int], seen: str) -> None:
    """Write and delete under a claim, so that the next sync into the target reads it again."""
    if not any(written.values()) and not extra:
        return
    claimed = Claim(work.target, seen=seen)
    loaded = _load(work, written)
    for label in written:
        _write(work, label, loaded, claimed)
    for label in (*EDGES, *VERTICES):
        if label in extra:
            _delete(work, label, extra[label], claimed)
    work.target.checkpoint()
    claimed.end()


# -- comparing ---------------------------------------------------------------------------------------------------------


def _compare(work: _Work) -> None:
    """Fill two tables per label: `different_<label>(id, insert_only)`, rows to write; `extra_<label>(id)`, only in the target."""
    engine = work.engine
    work.progress.step("comparing", sum(work.source.count().values()) + sum(work.target.count().values()))
    for label in (*VERTICES, *EDGES):
        for side, store in (("here", work.source), ("there", work.target)):
            engine.run(f"CREATE OR REPLACE TABLE {side} (id VARCHAR, number BIGINT)")
            for page in store.scan(label, schema(label).names):
                with engine.register("page", page):
                    engine.run(f"INSERT INTO {side} SELECT id, {number(label)} FROM page")
                work.progress.advance(page.num_rows)
        engine.run(f"""
            CREATE TABLE different_{label} AS SELECT id, t.id IS NULL AS insert_only
                FROM here h LEFT JOIN there t USING (id) WHERE t.number IS DISTINCT FROM h.number;
            CREATE TABLE extra_{label} AS SELECT id FROM there ANTI JOIN here USING (id)""")
    engine.run("DROP TABLE here; DROP TABLE there")


def _verified(source: GraphStore, target: GraphStore, progress: Progress) -> str:
    progress.step("comparing digests", sum(source.count().values()) + sum(target.count().values()))
    here, there = sums(source, progress), sums(target, progress)
    odd = [label for label in here if here[label] != there[label]]
    if odd:
        raise StoreError(
            f"The copy is not equal to its source in {', '.join(odd)}.",
            "Another process may have written meanwhile. Run the same command again.",
        )
    return digest_of(here)


# -- writing -----------------------------------------------------------------------------------------------------------


def _load(work: _Work, written: dict[str, int]) -> bool:
    """Load the rows that the target lacks in bulk, if it can do that and decides to."""
    if not isinstance(work.target, LoadsInBulk):
        return False
    lacks = {label: work.engine.value(f"SELECT count(*) FROM different_{label} WHERE insert_only") for label in written}
    rows = sum(lacks.values())
    if not rows or not work.target.takes_in_bulk(rows, work.progress):
        return False
    work.progress.step("preparing files", rows)
    work.target.bulk_load(
        ((label, page) for label, lacking in lacks.items() if lacking for page in _pages(work, label, insert_only=True)),
        work.progress,
    )
    return True


def _write(work: _Work, label: str, loaded: bool, claimed: Claim) -> None:
    """Write the rows of a label that differ in the target, and those it lacks unless they have been loaded in bulk."""
    if loaded:
        work.engine.run(f"DELETE FROM different_{label} WHERE insert_only")
    rows = work.engine.count(f"different_{label}")
    if rows == 0:
        return
    work.progress.step(f"copying {label}", rows)
    write = work.target.write_vertices if label in VERTICES else work.target.write_edges
    for (insert_only,) in work.engine.rows(f"SELECT DISTINCT insert_only FROM different_{label} ORDER BY 1 DESC"):
        for page in _pages(work, label, insert_only):
            claimed.check()
            write(label, page, insert_only=insert_only)
            work.progress.advance(page.num_rows)


def _pages(work: _Work, label: str, insert_only: bool) -> Iterator[pa.Table]:
    """The rows of the source that are to be written."""
    for page in work.source.scan(label, rows=PAGE):
        with work.engine.register("page", page):
            rows = work.engine.arrow(
                f"SELECT p.* FROM page p SEMI JOIN (FROM different_{label} WHERE insert_only = {insert_only}) USING (id) "
                "ORDER BY id"
            )
        if rows.num_rows:
            yield rows


def _delete(work: _Work, label: str, rows: int, claimed: Claim) -> None:
    """Delete the rows that only the target has."""
    work.progress.step(f"deleting {label}", rows)
    forget = work.target.forget_edges if label in EDGES else work.target.forget_vertices
    for batch in work.engine.batches(f"SELECT id FROM extra_{label} ORDER BY id", PAGE):
        claimed.check()
        forget(label, batch.column(0))
        work.progress.advance(batch.num_rows)
