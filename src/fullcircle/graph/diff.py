"""Compares what should be in the graph with what was last written, by ids and hashes alone.

What was last written is in the table `written.<label>(id, hash[, source, target])`. It is a cache: what is in doubt is dropped
and read again from the store (sync.py decides). A hash only describes what we wrote. Where another process may have written,
the content is read too, and the hash of a row with other content counts as unknown (null); `written.suspect` lists these
labels, in its column `kind`. The difference of a label is `changed.<label>(id, op)`, op insert, change or delete.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from fullcircle.engine.base import Engine, fingerprint, literal, quoted
from fullcircle.graph.base import GraphStore
from fullcircle.graph.shape import label_named, schema
from fullcircle.model.graph import EDGES
from fullcircle.model.label import PROPERTY_TYPES
from fullcircle.model.progress import Progress

SUSPECT = "written.suspect"


@dataclass(frozen=True, slots=True)
class GraphDifference:
    """How many rows of a label are to be inserted, changed and deleted."""

    label: str
    inserts: int
    changes: int
    deletes: int
    whole: bool = False  # no row of the label has been written yet: all are to be inserted

    def __bool__(self) -> bool:
        """True if there is anything to do."""
        return bool(self.inserts or self.changes or self.deletes)


def written(label: str) -> str:
    """The table with the rows of a label that were last written."""
    return f"written.{label.lower()}"


def changed(label: str) -> str:
    """The table with the difference of a label."""
    return f"changed.{label.lower()}"


def define(engine: Engine) -> None:
    """Create the two schemas."""
    engine.run("CREATE SCHEMA IF NOT EXISTS written; CREATE SCHEMA IF NOT EXISTS changed")
    engine.run(f"CREATE TABLE IF NOT EXISTS {SUSPECT} (kind VARCHAR)")


def suspect(engine: Engine, labels: Sequence[str]) -> None:
    """Note that another process may have written rows of these labels."""
    engine.run(f"INSERT INTO {SUSPECT} SELECT unnest([{', '.join(map(literal, labels))}]) EXCEPT FROM {SUSPECT}")


def clear(engine: Engine, labels: Sequence[str]) -> None:
    """Note that the store has these labels as they should be."""
    engine.run(f"DELETE FROM {SUSPECT} WHERE list_contains([{', '.join(map(literal, labels))}]::VARCHAR[], kind)")


def read_store(engine: Engine, store: GraphStore, label: str, progress: Progress) -> None:
    """Fill the written table of a label from the store itself: ids and hashes, and for a suspect label all content."""
    content = bool(engine.value(f"SELECT count(*) FROM {SUSPECT} WHERE kind = {literal(label)}"))
    ends = ["source", "target"] if label in EDGES else []
    own = ", ".join(["id", "hash", *ends])
    place, print_ = ("written.read", f", {_print(label, 'page')} AS print") if content else (written(label), "")
    more = "".join(f", {name} VARCHAR" for name in ends) + (", print BIGINT" if content else "")
    with engine.transaction():  # a table that was read only in part must never count as complete
        engine.run(f"CREATE OR REPLACE TABLE {place} (id VARCHAR, hash BIGINT{more})")
        for page in store.scan(label, schema(label).names if content else ["id", "hash", *ends]):
            with engine.register("page", page):
                engine.run(f"INSERT INTO {place} BY NAME SELECT {own}{print_} FROM page")
            progress.advance(page.num_rows)
        if content:
            engine.run(f"""
                UPDATE written.read SET hash = NULL FROM {label_named(label).table} AS should
                WHERE should.id = read.id AND {_print(label, "should")} IS DISTINCT FROM read.print;
                CREATE OR REPLACE TABLE {written(label)} AS SELECT {own} FROM written.read;
                DROP TABLE written.read""")


def _print(label: str, table: str) -> str:
    """SQL for a fingerprint of all of a row except its hash, as a store keeps it: times in milliseconds, no -0.0."""
    values = [f"{table}.{name}" for name in (("id", "source", "target") if label in EDGES else ("id",))]
    for name, type_ in label_named(label).properties.items():
        value = f"CAST({table}.{quoted(name)} AS {PROPERTY_TYPES[type_]})"
        if type_ == "timestamp":
            value = f"date_trunc('millisecond', {value})"
        values.append(f"CASE WHEN {value} = 0 THEN 0 ELSE {value} END" if type_ == "double" else value)
    return fingerprint(*values)


def compare(engine: Engine, label: str) -> GraphDifference:
    """Create the table with the difference of a label; it stays empty if the whole label is new."""
    if engine.count(written(label)) == 0:
        engine.run(f"CREATE OR REPLACE TABLE {changed(label)} (id VARCHAR, op VARCHAR)")
        return GraphDifference(label, engine.count(label_named(label).table), 0, 0, whole=True)
    engine.run(f"""CREATE OR REPLACE TABLE {changed(label)} AS
        SELECT coalesce(should.id, was.id) AS id,
            CASE WHEN was.id IS NULL THEN 'insert' WHEN should.id IS NULL THEN 'delete' ELSE 'change' END AS op
        FROM {label_named(label).table} AS should FULL JOIN {written(label)} AS was ON should.id = was.id
        WHERE should.id IS NULL OR was.id IS NULL OR should.hash IS DISTINCT FROM was.hash""")
    found = dict(engine.rows(f"SELECT op, count(*) FROM {changed(label)} GROUP BY op"))
    return GraphDifference(label, found.get("insert", 0), found.get("change", 0), found.get("delete", 0))


def rows(engine: Engine, difference: GraphDifference, op: str, most: int) -> Iterator[pa.RecordBatch]:
    """The rows to insert or to change, as they should be, in batches of at most `most` rows."""
    table, ops = label_named(difference.label).table, changed(difference.label)
    if difference.whole:
        yield from engine.batches(f"FROM {table}", most)
    else:
        yield from engine.batches(f"FROM {table} SEMI JOIN (SELECT id FROM {ops} WHERE op = '{op}') USING (id)", most)


def deleted(engine: Engine, label: str) -> Iterator[pa.Array]:
    """The ids to delete."""
    for batch in engine.batches(f"SELECT id FROM {changed(label)} WHERE op = 'delete'"):
        yield batch.column(0)


def note(engine: Engine, difference: GraphDifference) -> None:
    """The difference of a label is in the store now: update the written table."""
    table, was, ops = label_named(difference.label).table, written(difference.label), changed(difference.label)
    columns = "id, hash, source, target" if difference.label in EDGES else "id, hash"
    if difference.whole:
        engine.run(f"CREATE OR REPLACE TABLE {was} AS SELECT {columns} FROM {table}")
        return
    with engine.transaction():
        engine.run(f"DELETE FROM {was} WHERE id IN (SELECT id FROM {ops} WHERE op <> 'insert')")
        engine.run(f"""INSERT INTO {was} SELECT {columns} FROM {table}
            SEMI JOIN (SELECT id FROM {ops} WHERE op <> 'delete') USING (id)""")


def forget_ends(engine: Engine, vertex_label: str, edge_label: str) -> None:
    """The store deleted the edges of deleted vertices: remove them from the written table of a label outside this sync."""
    gone = f"(SELECT id FROM {changed(vertex_label)} WHERE op = 'delete')"
    engine.run(f"DELETE FROM {written(edge_label)} WHERE source IN {gone} OR target IN {gone}")
