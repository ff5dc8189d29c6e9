"""What should be in the graph, compared with what was last written: only ids and hashes are looked at.

What was last written stands in `written.<kind>(id, hash[, source, target])`. It is a cache: whatever is in doubt is dropped
and read anew from the store (sync.py decides). A kind's difference is `changed.<kind>(id, op)`, op insert, change or delete.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.graph.base import GraphStore
from fullcircle.graph.shape import kind_named
from fullcircle.model.graph import EDGES


@dataclass(frozen=True, slots=True)
class Difference:
    """How many rows of a kind have to be inserted, changed and deleted."""

    kind: str
    inserts: int
    changes: int
    deletes: int
    whole: bool = False  # nothing of the kind has been written yet: all of it is to be inserted

    def __bool__(self) -> bool:
        """True if there is anything to do."""
        return bool(self.inserts or self.changes or self.deletes)


def written(kind: str) -> str:
    """The table with what was last written of a kind."""
    return f"written.{kind.lower()}"


def changed(kind: str) -> str:
    """The table with the difference of a kind."""
    return f"changed.{kind.lower()}"


def define(engine: Engine) -> None:
    """Make the two schemas."""
    engine.run("CREATE SCHEMA IF NOT EXISTS written; CREATE SCHEMA IF NOT EXISTS changed")


def read_store(engine: Engine, store: GraphStore, kind: str) -> int:
    """Fill the written table of a kind from what really is in the store; returns its rows."""
    ends = ", source VARCHAR, target VARCHAR" if kind in EDGES else ""
    columns = ["id", "hash", "source", "target"] if ends else ["id", "hash"]
    with engine.transaction():  # a table read only in part must never be taken for the whole
        engine.run(f"CREATE OR REPLACE TABLE {written(kind)} (id VARCHAR, hash BIGINT{ends})")
        for page in store.scan(kind, columns):
            with engine.lend("page", page):
                engine.run(f"INSERT INTO {written(kind)} SELECT * FROM page")
    return engine.count(written(kind))


def compare(engine: Engine, kind: str) -> Difference:
    """Make the table with the difference of a kind; it stays empty where the whole kind is new."""
    if engine.count(written(kind)) == 0:
        engine.run(f"CREATE OR REPLACE TABLE {changed(kind)} (id VARCHAR, op VARCHAR)")
        return Difference(kind, engine.count(kind_named(kind).table), 0, 0, whole=True)
    engine.run(f"""CREATE OR REPLACE TABLE {changed(kind)} AS
        SELECT coalesce(should.id, was.id) AS id,
            CASE WHEN was.id IS NULL THEN 'insert' WHEN should.id IS NULL THEN 'delete' ELSE 'change' END AS op
        FROM {kind_named(kind).table} AS should FULL JOIN {written(kind)} AS was ON should.id = was.id
        WHERE should.id IS NULL OR was.id IS NULL OR should.hash IS DISTINCT FROM was.hash""")
    found = dict(engine.rows(f"SELECT op, count(*) FROM {changed(kind)} GROUP BY op"))
    return Difference(kind, found.get("insert", 0), found.get("change", 0), found.get("delete", 0))


def rows(engine: Engine, difference: Difference, op: str, most: int) -> Iterator[pa.RecordBatch]:
    """The rows to insert or to change, as they should be, in batches of at most so many."""
    table, ops = kind_named(difference.kind).table, changed(difference.kind)
    if difference.whole:
        yield from engine.batches(f"FROM {table}", most)
    else:
        yield from engine.batches(f"FROM {table} SEMI JOIN (SELECT id FROM {ops} WHERE op = '{op}') USING (id)", most)


def deleted(engine: Engine, kind: str) -> Iterator[pa.Array]:
    """The ids to delete."""
    for batch in engine.batches(f"SELECT id FROM {changed(kind)} WHERE op = 'delete'"):
        yield batch.column(0)


def note(engine: Engine, difference: Difference) -> None:
    """The difference of a kind is in the store now: bring the written table up to it."""
    table, was, ops = kind_named(difference.kind).table, written(difference.kind), changed(difference.kind)
    columns = "id, hash, source, target" if difference.kind in EDGES else "id, hash"
    if difference.whole:
        engine.run(f"CREATE OR REPLACE TABLE {was} AS SELECT {columns} FROM {table}")
        return
    with engine.transaction():
        engine.run(f"DELETE FROM {was} WHERE id IN (SELECT id FROM {ops} WHERE op <> 'insert')")
        engine.run(f"""INSERT INTO {was} SELECT {columns} FROM {table}
            SEMI JOIN (SELECT id FROM {ops} WHERE op <> 'delete') USING (id)""")


def forget_ends(engine: Engine, vertex_kind: str, edge_kind: str) -> None:
    """A deleted vertex took its edges along: forget them in a kind that is not part of this sync."""
    gone = f"(SELECT id FROM {changed(vertex_kind)} WHERE op = 'delete')"
    engine.run(f"DELETE FROM {written(edge_kind)} WHERE source IN {gone} OR target IN {gone}")
