"""A digest over all that is in a graph: equal for equal content, whatever store holds it and in whatever order.

Each row becomes a 64-bit number made from all its columns; the numbers of a kind are added up. So nothing is sorted, and a
graph of any size goes through page by page.
"""

from __future__ import annotations

import hashlib

from fullcircle.engine.base import Engine, fingerprint, quoted
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.base import GraphStore
from fullcircle.graph.shape import schema
from fullcircle.model.graph import EDGES, VERTICES


def digest(store: GraphStore) -> str:
    """The digest of everything in the store: ids, ends, hashes and every property, as 64 hexadecimal digits."""
    engine = DuckDB()
    try:
        sums = {kind: digest_of_kind(engine, store, kind) for kind in (*VERTICES, *EDGES)}
    finally:
        engine.close()
    return hashlib.sha256(repr(sorted(sums.items())).encode()).hexdigest()


def digest_of_kind(engine: Engine, store: GraphStore, kind: str) -> tuple[int, int]:
    """How many rows of a kind the store has, and the sum of their numbers. The engine is only used to count with."""
    columns = schema(kind).names
    rows = total = 0
    for page in store.scan(kind, columns):
        with engine.lend("page", page):
            sum_ = engine.value(f"SELECT sum(CAST({fingerprint(*map(quoted, columns))} AS HUGEINT))::VARCHAR FROM page")
        rows += page.num_rows
        total += int(sum_ or 0)
    return rows, total
