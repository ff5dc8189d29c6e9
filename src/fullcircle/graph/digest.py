"""A digest over all that is in a graph: equal for equal content, whatever store holds it and in whatever order.

Each row becomes a 64-bit number made from all its columns; the numbers of a kind are added up. So nothing is sorted, and a
graph of any size goes through page by page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from fullcircle.engine.base import Engine, fingerprint, quoted
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.base import GraphStore
from fullcircle.graph.shape import schema
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress, Silent

Sums = Mapping[str, tuple[int, int]]  # kind -> how many rows, and the sum of their numbers


def digest(store: GraphStore) -> str:
    """The digest of everything in the store: ids, ends, hashes and every property, as 64 hexadecimal digits."""
    return digest_of(sums(store, Silent()))


def digest_of(found: Sums) -> str:
    """The digest that a graph with these sums has."""
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()


def sums(store: GraphStore, progress: Progress) -> Sums:
    """The sums of every kind; tells the rows it has read."""
    engine = DuckDB()
    try:
        return {label: digest_of_label(engine, store, label, progress) for label in (*VERTICES, *EDGES)}
    finally:
        engine.close()


def digest_of_label(engine: Engine, store: GraphStore, label: str, progress: Progress) -> tuple[int, int]:
    """How many rows of a kind the store has, and the sum of their numbers. The engine is only used to count with."""
    rows = total = 0
    for page in store.scan(label, schema(label).names):
        with engine.register("page", page):
            sum_ = engine.value(f"SELECT sum(CAST({number(label)} AS HUGEINT))::VARCHAR FROM page")
        rows += page.num_rows
        total += int(sum_ or 0)
        progress.advance(page.num_rows)
    return rows, total


def number(label: str) -> str:
    """SQL for the number of a row, over all columns of its kind."""
    return fingerprint(*map(quoted, schema(label).names))
