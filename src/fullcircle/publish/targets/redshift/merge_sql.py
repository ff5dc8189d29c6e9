"""The statements that bring a table to staged rows: SQL that Redshift and PostgreSQL have in common, but for COPY.

A row that is the same is not written. Nulls are compared by hand: Redshift has no IS DISTINCT FROM.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import literal, quoted
from fullcircle.publish.targets.redshift.data_api import SqlStep

STAGE, KEYS = quoted("fullcircle_stage"), quoted("fullcircle_keys")


def copy(into: str, files: str, role: str, nested: bool) -> str:
    """COPY of all Parquet files below a place in S3. `nested`: lists become SUPER."""
    by = "IAM_ROLE default" if role == "default" else f"IAM_ROLE {literal(role)}"
    return f"COPY {into} FROM {literal(files)} {by} FORMAT AS PARQUET{' SERIALIZETOJSON' if nested else ''}"


def merged(table: str, name: str, columns: Sequence[str], key: Sequence[str], all_keys: str) -> list[SqlStep]:
    """Write staged rows that are new or others; delete those whose key is not in `all_keys` (a table; empty: none is to go).

    Two of the statements have a row: how many go; how many are new, and how many are others.
    """
    own = quoted(name)  # the table, in conditions
    same_key = _same(own, STAGE, key)
    rest = [column for column in columns if column not in key]
    same_rest = " AND ".join(
        f"({own}.{quoted(one)} = {STAGE}.{quoted(one)} OR ({own}.{quoted(one)} IS NULL AND {STAGE}.{quoted(one)} IS NULL))"
        for one in rest
    )
    equal = f"{same_key} AND {same_rest}" if rest else same_key
    first = f"{own}.{quoted(key[0])}"
    steps = []
    if all_keys:  # before the rows that are the same leave the stage
        gone = f"FROM {table} WHERE NOT EXISTS (SELECT 1 FROM {all_keys} WHERE {_same(own, all_keys, key)})"
        steps += [SqlStep(f"comparing {name}", f"SELECT count(*) {gone}"), SqlStep(f"deleting rows of {name}", f"DELETE {gone}")]
    steps += [
        SqlStep(f"comparing {name}", f"DELETE FROM {STAGE} USING {table} WHERE {equal}"),
        SqlStep(
            f"comparing {name}",
            f"SELECT coalesce(sum(CASE WHEN {first} IS NULL THEN 1 ELSE 0 END), 0), "
            f"coalesce(sum(CASE WHEN {first} IS NULL THEN 0 ELSE 1 END), 0) FROM {STAGE} LEFT JOIN {table} ON {same_key}",
        ),
    ]
    listed, values = ", ".join(map(quoted, columns)), ", ".join(f"{STAGE}.{quoted(one)}" for one in columns)
    if rest:
        setting = ", ".join(f"{quoted(one)} = {STAGE}.{quoted(one)}" for one in rest)
        write = (
            f"MERGE INTO {table} USING {STAGE} ON {same_key} WHEN MATCHED THEN UPDATE SET {setting} "
            f"WHEN NOT MATCHED THEN INSERT ({listed}) VALUES ({values})"
        )
    else:
        write = f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {STAGE}"
    return [*steps, SqlStep(f"merging {name}", write)]


def replaced(table: str, name: str, columns: Sequence[str]) -> list[SqlStep]:
    """Rows without a key: all are replaced. One statement has a row: how many there were."""
    listed = ", ".join(map(quoted, columns))
    return [
        SqlStep(f"comparing {name}", f"SELECT count(*) FROM {table}"),
        SqlStep(f"replacing {name}", f"DELETE FROM {table}"),
        SqlStep(f"replacing {name}", f"INSERT INTO {table} ({listed}) SELECT {listed} FROM {STAGE}"),
    ]


def _same(one: str, other: str, key: Sequence[str]) -> str:
    return " AND ".join(f"{one}.{quoted(name)} = {other}.{quoted(name)}" for name in key)
