"""Compares what should be in the graph with what was last written, by ids and hashes alone.

What was last written is in the table `written.<label>(id, hash[, source, target])`. It is a cache: what is in doubt is dropped
and read again from the store (sync.py decides). A hash only describes what we wrote. Where another process may have written,
the content is read too, and the hash of a row with other content counts as unknown (null); `written.suspect` lists these
labels, in its column `kind`. The differences are in `changed.rows(label, id, op)`, op insert, change or delete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from fullcircle.engine.base import Engine, fingerprint, literal, quoted
from fullcircle.graph.base import GraphStore
from fullcircle.graph.shape import label_named, schema
from fullcircle.model.graph import EDGES
from fullcircle.model.label import PROPERTY_TYPES
from fullcircle.model.progress import Progress

SUSPECT = "written.suspect"
CHANGED = "changed.rows"


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


def suspects(engine: Engine) -> set[str]:
    """The labels of which another process may have written rows."""
    return {row[0] for row in engine.rows(f"FROM {SUSPECT}")}


def read_store(engine: Engine, store: GraphStore, label: str, content: bool, progress: Progress) -> None:
    """Fill the written table of a label from the store itself: ids and hashes.

    With `content` everything is read, and the hash of a row with other content than it should have is null.
    """
    ends = ["source", "target"] if label in EDGES else []
    known, given = ["id", "hash", *ends], "page"
    if content:
        same = f"should.id IS NULL OR {_print(label, 'should')} IS NOT DISTINCT FROM {_print(label, 'page')}"
        given = f"page LEFT JOIN {label_named(label).table} AS should ON should.id = page.id"
    own = [f"CASE WHEN {same} THEN page.hash END AS hash" if content and name == "hash" else f"page.{name}" for name in known]
    more = "".join(f", {name} VARCHAR" for name in ends)
    with engine.transaction():  # a table that was read only in part must never count as complete
        engine.run(f"CREATE OR REPLACE TABLE {written(label)} (id VARCHAR, hash BIGINT{more})")
        for page in store.scan(label, schema(label).names if content else known):
            if not page.num_rows:
                continue
            with engine.register("page", page):
                engine.run(f"INSERT INTO {written(label)} BY NAME SELECT {', '.join(own)} FROM {given}")
            progress.advance(page.num_rows)


def _print(label: str, table: str) -> str:
    """SQL for a fingerprint of all of a row except its hash, as a store keeps it: times in milliseconds, no -0.0."""
    values = [f"{table}.{name}" for name in (("id", "source", "target") if label in EDGES else ("id",))]
    for name, type_ in label_named(label).properties.items():
        value = f"CAST({table}.{quoted(name)} AS {PROPERTY_TYPES[type_]})"
        if type_ == "timestamp":
            value = f"date_trunc('millisecond', {value})"
        values.append(f"CASE WHEN {value} = 0 THEN 0 ELSE {value} END" if type_ == "double" else value)
    return fingerprint(*values)


def compare(engine: Engine, labels: Sequence[str]) -> list[GraphDifference]:
    """Create the table with the differences of these labels; of a label that is wholly new it has no rows.

    One statement for all labels: a statement costs about a millisecond, however few rows it sees.
    """
    rows = _counts(engine, {label: (label_named(label).table, written(label)) for label in labels})
    parts = [_difference(label) for label in labels if rows[label][1]]
    engine.run(
        f"CREATE OR REPLACE TABLE {CHANGED} AS "
        + (" UNION ALL ".join(parts) if parts else "SELECT '' AS label, '' AS id, '' AS op WHERE false")
    )
    found = {(label, op): n for label, op, n in engine.rows(f"SELECT label, op, count(*) FROM {CHANGED} GROUP BY ALL")}
    return [
        GraphDifference(label, *(found.get((label, op), 0) for op in ("insert", "change", "delete")))
        if rows[label][1]
        else GraphDifference(label, rows[label][0], 0, 0, whole=True)
        for label in labels
    ]


def _counts(engine: Engine, tables: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, ...]]:
    """For each name, the number of rows of its tables."""
    if not tables:
        return {}
    counts = (", ".join([literal(name), *(f"(SELECT count(*) FROM {table})" for table in own)]) for name, own in tables.items())
    return {row[0]: row[1:] for row in engine.rows(" UNION ALL ".join(f"SELECT {part}" for part in counts))}


def _difference(label: str) -> str:
    return f"""
        SELECT {literal(label)} AS label, coalesce(should.id, was.id) AS id,
            CASE WHEN was.id IS NULL THEN 'insert' WHEN should.id IS NULL THEN 'delete' ELSE 'change' END AS op
        FROM {label_named(label).table} AS should FULL JOIN {written(label)} AS was ON should.id = was.id
        WHERE should.id IS NULL OR was.id IS NULL OR should.hash IS DISTINCT FROM was.hash"""


def rows(engine: Engine, difference: GraphDifference, op: str, most: int) -> Iterator[pa.RecordBatch]:
    """The rows to insert or to change, as they should be, in batches of at most `most` rows."""
    table = label_named(difference.label).table
    if difference.whole:
        yield from engine.batches(f"FROM {table}", most)
    else:
        yield from engine.batches(f"FROM {table} SEMI JOIN {_ids(difference.label, op)} USING (id)", most)


def deleted(engine: Engine, label: str) -> Iterator[pa.Array]:
    """The ids to delete."""
    for batch in engine.batches(f"FROM {_ids(label, 'delete')}"):
        yield batch.column(0)


def note(engine: Engine, difference: GraphDifference) -> None:
    """The difference of a label is in the store now: update the written table."""
    label = difference.label
    table, was = label_named(label).table, written(label)
    columns = "id, hash, source, target" if label in EDGES else "id, hash"
    if difference.whole:
        engine.run(f"CREATE OR REPLACE TABLE {was} AS SELECT {columns} FROM {table}")
        return
    with engine.transaction():
        engine.run(f"DELETE FROM {was} WHERE id IN {_ids(label, 'change', 'delete')}")
        engine.run(f"""INSERT INTO {was} SELECT {columns} FROM {table}
            SEMI JOIN {_ids(label, "insert", "change")} USING (id)""")


def forget_ends(engine: Engine, vertex_label: str, edge_label: str) -> None:
    """The store deleted the edges of deleted vertices: remove them from the written table of a label outside this sync."""
    gone = _ids(vertex_label, "delete")
    engine.run(f"DELETE FROM {written(edge_label)} WHERE source IN {gone} OR target IN {gone}")


def _ids(label: str, *ops: str) -> str:
    """The ids of a label in the table of differences that are to be inserted, changed or deleted."""
    return f"(SELECT id FROM {CHANGED} WHERE label = {literal(label)} AND op IN ({', '.join(map(literal, ops))}))"
