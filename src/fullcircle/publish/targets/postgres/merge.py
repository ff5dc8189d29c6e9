"""Brings a private table to the rows of the engine: they are staged by COPY, and merged in the transaction that is open.

Readers see the rows of before until it ends. A row that is the same is not written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import pyarrow as pa
from pyarrow import csv

from fullcircle.engine.base import Engine, quoted
from fullcircle.publish.difference import Field
from fullcircle.publish.targets.postgres.shape import PrivateTable, type_of

STAGE = "fullcircle_stage"
MERGES_ALL = 170_000  # from this version on, MERGE deletes rows that the source does not have
ROWS = 50_000  # of a block that is sent
Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class MergedRows:
    """How many rows were new, changed and deleted."""

    inserted: int = 0
    changed: int = 0
    deleted: int = 0


@dataclass(frozen=True, slots=True)
class RowChanges:
    """What a table lacks, as a SELECT of whole rows; and whether it has rows whose key is not among `keys`, a SELECT."""

    lacking: str
    too_many: bool
    keys: str


def merge(
    connection: Connection, engine: Engine, rows: str, what: PrivateTable, fields: Sequence[Field], key: Sequence[str]
) -> MergedRows:
    """Bring the table to these rows, a SELECT with these columns."""
    _stage(connection, engine, rows, fields)
    names = [field.name for field in fields]
    if not key:
        return _replaced(connection, what, names)
    if connection.info.server_version >= MERGES_ALL:
        return _merged(connection, what, names, key)
    gone = _delete_others(connection, what, key)
    return replace(_upserted(connection, what, names, key), deleted=gone)


def merge_changes(
    connection: Connection, engine: Engine, changes: RowChanges, what: PrivateTable, fields: Sequence[Field], key: Sequence[str]
) -> MergedRows:
    """The same, where it is known which rows the table lacks, and whether it has rows too many: only these are staged."""
    _stage(connection, engine, changes.lacking, fields)
    done = _upserted(connection, what, [field.name for field in fields], key)
    if not changes.too_many:
        return done
    _stage(connection, engine, changes.keys, [field for field in fields if field.name in key])
    return replace(done, deleted=_delete_others(connection, what, key))


def _stage(connection: Connection, engine: Engine, rows: str, fields: Sequence[Field]) -> None:
    columns = ", ".join(f"{quoted(field.name)} {type_of(field)}" for field in fields)
    connection.execute(f"DROP TABLE IF EXISTS pg_temp.{STAGE}; CREATE TEMP TABLE {STAGE} ({columns}) ON COMMIT DROP")
    with connection.cursor() as cursor, cursor.copy(f"COPY pg_temp.{STAGE} FROM STDIN (FORMAT csv)") as copy:
        for block in _blocks(engine, rows, fields):
            copy.write(block)
    connection.execute(f"ANALYZE pg_temp.{STAGE}")


def _blocks(engine: Engine, rows: str, fields: Sequence[Field]) -> Iterator[bytes]:
    texts = ", ".join(f"{_text(field)} AS {quoted(field.name)}" for field in fields)
    options = csv.WriteOptions(include_header=False, quoting_style="all_valid")
    for batch in engine.batches(f"SELECT {texts} FROM ({rows})", ROWS):
        if batch.num_rows:
            block = pa.BufferOutputStream()
            csv.write_csv(batch, block, options)
            yield block.getvalue().to_pybytes()


def _text(field: Field) -> str:
    """A value as the text that PostgreSQL reads. It keeps no character 0: that becomes the sign for what cannot be shown."""
    name = quoted(field.name)
    if field.sql_type.endswith("[]"):
        one = r"""'"' || replace(replace(replace(CAST(x AS VARCHAR), chr(0), chr(65533)), '\', '\\'), '"', '\"') || '"'"""
        items = f"list_transform({name}, lambda x: CASE WHEN x IS NULL THEN 'NULL' ELSE {one} END)"
        return f"CASE WHEN {name} IS NOT NULL THEN '{{' || array_to_string({items}, ',') || '}}' END"
    if field.sql_type == "VARCHAR":
        return f"replace({name}, chr(0), chr(65533))"
    if field.sql_type == "BLOB":
        return rf"'\x' || hex({name})"
    if field.sql_type in ("DATE", "TIMESTAMP"):
        return f"replace(CAST({name} AS VARCHAR), ' (BC)', ' BC')"
    return f"CAST({name} AS VARCHAR)"


def _differs(names: Sequence[str], other: str) -> str:
    ours, theirs = (", ".join(f"{alias}.{quoted(name)}" for name in names) for alias in ("t", other))
    return f"ROW({ours}) IS DISTINCT FROM ROW({theirs})"


def _merged(connection: Connection, what: PrivateTable, names: Sequence[str], key: Sequence[str]) -> MergedRows:
    rest = [name for name in names if name not in key]
    setting = ", ".join(f"{quoted(name)} = s.{quoted(name)}" for name in rest)
    changes = f"WHEN MATCHED AND {_differs(rest, 's')} THEN UPDATE SET {setting}" if rest else ""
    listed, values = ", ".join(map(quoted, names)), ", ".join(f"s.{quoted(name)}" for name in names)
    found = dict(
        connection.execute(
            f"""WITH done AS (
                MERGE INTO {what.table} t USING pg_temp.{STAGE} s ON {_same(key, "s")} {changes}
                WHEN NOT MATCHED THEN INSERT ({listed}) VALUES ({values})
                WHEN NOT MATCHED BY SOURCE THEN DELETE
                RETURNING merge_action() AS action)
            SELECT action, count(*) FROM done GROUP BY action"""
        ).fetchall()
    )
    return MergedRows(found.get("INSERT", 0), found.get("UPDATE", 0), found.get("DELETE", 0))


def _delete_others(connection: Connection, what: PrivateTable, key: Sequence[str]) -> int:
    """Delete the rows whose key is not staged."""
    return connection.execute(
        f"DELETE FROM {what.table} t WHERE NOT EXISTS (SELECT FROM pg_temp.{STAGE} s WHERE {_same(key, 's')})"
    ).rowcount


def _upserted(connection: Connection, what: PrivateTable, names: Sequence[str], key: Sequence[str]) -> MergedRows:
    """Write the staged rows that are new or others."""
    rest = [name for name in names if name not in key]
    setting = ", ".join(f"{quoted(name)} = excluded.{quoted(name)}" for name in rest)
    changes = f"UPDATE SET {setting} WHERE {_differs(rest, 'excluded')}" if rest else "NOTHING"
    listed = ", ".join(map(quoted, names))
    row = connection.execute(
        f"""WITH done AS (
            INSERT INTO {what.table} AS t ({listed}) SELECT {listed} FROM pg_temp.{STAGE}
            ON CONFLICT ({", ".join(map(quoted, key))}) DO {changes} RETURNING xmax = 0 AS is_new)
        SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM done"""
    ).fetchone()
    return MergedRows(*(row or (0, 0)))


def _same(key: Sequence[str], other: str) -> str:
    return " AND ".join(f"t.{quoted(name)} = {other}.{quoted(name)}" for name in key)


def _replaced(connection: Connection, what: PrivateTable, names: Sequence[str]) -> MergedRows:
    """Rows without a key: all are replaced, unless they are the same."""
    listed = ", ".join(map(quoted, names))
    new, old = f"SELECT {listed} FROM pg_temp.{STAGE}", f"SELECT {listed} FROM {what.table}"
    row = connection.execute(
        f"SELECT (SELECT count(*) FROM ({new} EXCEPT ALL {old}) a), (SELECT count(*) FROM ({old} EXCEPT ALL {new}) b)"
    ).fetchone()
    inserted, deleted = row or (0, 0)
    if inserted or deleted:
        connection.execute(f"DELETE FROM {what.table}")
        connection.execute(f"INSERT INTO {what.table} ({listed}) {new}")
    return MergedRows(inserted, 0, deleted)
