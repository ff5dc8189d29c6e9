"""A digest of the whole content of a graph: equal for equal content, in any store and in any order.

Each row becomes a 64-bit number computed from all its columns; the numbers of a label are added up. So nothing has to be
sorted, and a graph of any size is read page by page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from fullcircle.engine.base import Engine, fingerprint, quoted
from fullcircle.engine.open import open_engine
from fullcircle.graph.base import GraphStore
from fullcircle.graph.shape import schema
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress, Silent

Sums = Mapping[str, tuple[int, int]]  # label -> number of rows, and the sum of the numbers of its rows


def digest(store: GraphStore) -> str:
    """The digest of everything in the store: ids, ends, hashes and every property, as 64 hexadecimal digits."""
    return digest_of(sums(store, Silent()))


def digest_of(found: Sums) -> str:
    """The digest of a graph with these sums."""
    return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()


def sums(store: GraphStore, progress: Progress) -> Sums:
    """The sums of every label; reports the rows it has read."""
    engine = open_engine()
    try:
        return {label: digest_of_label(engine, store, label, progress) for label in (*VERTICES, *EDGES)}
    finally:
        engine.close()


def digest_of_label(engine: Engine, store: GraphStore, label: str, progress: Progress) -> tuple[int, int]:
    """How many rows of a label the store has, and the sum of their numbers. The engine only computes."""
    rows = total = 0
    for page in store.scan(label, schema(label).names):
        if not page.num_rows:
            continue
        with engine.register("page", page):
            sum_ = engine.value(f"SELECT sum(CAST({number(label)} AS HUGEINT))::VARCHAR FROM page")
        rows += page.num_rows
        total += int(sum_ or 0)
        progress.advance(page.num_rows)
    return rows, total


def number(label: str) -> str:
    """SQL for the number of a row, over all columns of its label."""
    return fingerprint(*map(quoted, schema(label).names))
