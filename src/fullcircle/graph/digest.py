"""A digest of the whole content of a graph: equal for equal content, in any store and in any order.

Each row becomes a 64-bit number computed from all its columns; the numbers of a label are added up. So nothing has to be
sorted, and a graph of any size is read page by page.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

import pyarrow as pa

from fullcircle.engine.base import Engine, fingerprint, quoted
from fullcircle.engine.open import open_engine
from fullcircle.graph.base import GraphStore
from fullcircle.graph.shape import schema
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress, Silent

TOGETHER = 50_000  # rows of small labels that are added up by one statement
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
    found = dict.fromkeys((*VERTICES, *EDGES), (0, 0))
    held: list[tuple[str, pa.Table]] = []

    def add() -> None:
        for label, counted in zip([label for label, _ in held], _added_up(engine, held), strict=True):
            found[label] = (found[label][0] + counted[0], found[label][1] + counted[1])
        held.clear()

    try:
        for label in found:
            for page in store.scan(label, schema(label).names):
                progress.advance(page.num_rows)
                held.append((label, page))
                if sum(each.num_rows for _, each in held) >= TOGETHER:
                    add()
        add()
        return found
    finally:
        engine.close()


def digest_of_label(engine: Engine, store: GraphStore, label: str, progress: Progress) -> tuple[int, int]:
    """How many rows of a label the store has, and the sum of their numbers. The engine only computes."""
    rows = total = 0
    for page in store.scan(label, schema(label).names):
        for counted, sum_ in _added_up(engine, [(label, page)]):
            rows, total = rows + counted, total + sum_
        progress.advance(page.num_rows)
    return rows, total


def _added_up(engine: Engine, pages: Sequence[tuple[str, pa.Table]]) -> list[tuple[int, int]]:
    """The rows of each page, and the sum of their numbers, by one statement."""
    if not pages:
        return []
    with ExitStack() as registered:
        for place, (_, page) in enumerate(pages):
            registered.enter_context(engine.register(f"page_{place}", page))
        each = [f"SELECT {n}, sum(CAST({number(label)} AS HUGEINT))::VARCHAR FROM page_{n}" for n, (label, _) in enumerate(pages)]
        summed = dict(engine.rows(" UNION ALL ".join(each)))
    return [(page.num_rows, int(summed[place] or 0)) for place, (_, page) in enumerate(pages)]


def number(label: str) -> str:
    """SQL for the number of a row, over all columns of its label."""
    return fingerprint(*map(quoted, schema(label).names))
