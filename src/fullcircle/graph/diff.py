"""What should be in the graph, compared with what was last written: only ids and hashes are looked at.

What was last written stands in `written.<kind>(id, hash[, source, target])`. It is a cache: whatever is in doubt is dropped
and read anew from the store (sync.py decides). A hash tells only what we wrote: where somebody else may have written, the
content is read too, and the hash of a row with other content counts as unknown (null). `written.suspect` names the kinds of
which that is so. A kind's difference is `changed.<kind>(id, op)`, op insert, change or delete.
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
    """How many rows of a kind have to be inserted, changed and deleted."""

    label: str
    inserts: int
    changes: int
    deletes: int
    whole: bool = False  # nothing of the kind has been written yet: all of it is to be inserted

    def __bool__(self) -> bool:
        """True if there is anything to do."""
        return bool(self.inserts or self.changes or self.deletes)


def written(label: str) -> str:
    """The table with what was last written of a kind."""
    return f"written.{label.lower()}"


def changed(label: str) -> str:
    """The table with the difference of a kind."""
    return f"changed.{label.lower()}"


def define(engine: Engine) -> None:
    """Make the two schemas."""
    engine.run("CREATE SCHEMA IF NOT EXISTS written; CREATE SCHEMA IF NOT EXISTS changed")
    engine.run(f"CREATE TABLE IF NOT EXISTS {SUSPECT} (kind VARCHAR)")


def suspect(engine: Engine, labels: Sequence[str]) -> None:
    """Somebody else may have written rows of these kinds."""
    engine.run(f"INSERT INTO {SUSPECT} SELECT unnest([{', '.join(map(literal, labels))}]) EXCEPT FROM {SUSPECT}")


def clear(engine: Engine, labels: Sequence[str]) -> None:
    """These kinds are in the store as they should be."""
    engine.run(f"DELETE FROM {SUSPECT} WHERE list_contains([{', '.join(map(literal, labels))}]::VARCHAR[], kind)")


def read_store(engine: Engine, store: GraphStore, label: str, progress: Progress) -> None:
    """Fill the written table of a kind from what really is in the store: ids and hashes; of a suspect kind all content."""
    content = bool(engine.value(f"SELECT count(*) FROM {SUSPECT} WHERE kind = {literal(label)}"))
    own = ["id", "hash", "source", "target"] if label in EDGES else ["id", "hash"]
    print_ = _print(label, "page") if content else "NULL"
    with engine.transaction():  # a table read only in part must never be taken for the whole
        engine.run("CREATE OR REPLACE TABLE written.read (id VARCHAR, hash BIGINT, source VARCHAR, target VARCHAR, print BIGINT)")
        for page in store.scan(label, schema(label).names if content else own):
            with engine.register("page", page):
                engine.run(f"INSERT INTO written.read BY NAME SELECT {', '.join(own)}, {print_} AS print FROM page")
            progress.advance(page.num_rows)
        if content:
            engine.run(f"""UPDATE written.read SET hash = NULL FROM {label_named(label).table} AS should
                WHERE should.id = read.id AND {_print(label, "should")} IS DISTINCT FROM read.print""")
        engine.run(f"CREATE OR REPLACE TABLE {written(label)} AS SELECT {', '.join(own)} FROM written.read")
        engine.run("DROP TABLE written.read")


def _print(label: str, table: str) -> str:
    """SQL for a fingerprint of all that a row says beside its hash, as a store keeps it: times in milliseconds, no -0.0."""
    values = [f"{table}.{name}" for name in (("id", "source", "target") if label in EDGES else ("id",))]
    for name, type_ in label_named(label).properties.items():
        value = f"CAST({table}.{quoted(name)} AS {PROPERTY_TYPES[type_]})"
        if type_ == "timestamp":
            value = f"date_trunc('millisecond', {value})"
        values.append(f"CASE WHEN {value} = 0 THEN 0 ELSE {value} END" if type_ == "double" else value)
    return fingerprint(*values)


def compare(engine: Engine, label: str) -> GraphDifference:
    """Make the table with the difference of a kind; it stays empty where the whole kind is new."""
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
    """The rows to insert or to change, as they should be, in batches of at most so many."""
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
    """The difference of a kind is in the store now: bring the written table up to it."""
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
    """A deleted vertex took its edges along: forget them in a kind that is not part of this sync."""
    gone = f"(SELECT id FROM {changed(vertex_label)} WHERE op = 'delete')"
    engine.run(f"DELETE FROM {written(edge_label)} WHERE source IN {gone} OR target IN {gone}")
