"""Turns a page of a table into rows of a batch: key, operation, time and raw record, then its own columns. See source.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.connectors.base import META
from fullcircle.connectors.columns import key_sql, raw_json, unique
from fullcircle.engine.base import Engine

FALSE = r"'(0(\.0+)?|false|f|no|n|)'"


@dataclass(frozen=True, slots=True)
class Roles:
    """Which columns of a table have a special meaning."""

    key: tuple[str, ...]
    cursor: str = ""
    deleted: str = ""
    merged_into: str = ""
    json: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        """The columns named in the config; they must exist."""
        return tuple(name for name in (*self.key, self.cursor, self.deleted, self.merged_into) if name)


def shaped(engine: Engine, page: pa.Table, roles: Roles) -> pa.Table:
    """The META columns, then the page's own."""
    raw = raw_json(engine, page, roles.json)
    meta = _meta(engine, page, roles)
    columns = [meta["_key"], meta["_op"], meta["_into"], meta["_at"], raw, *page.columns]
    return pa.table(columns, names=[*META.names, *unique(page.schema.names)])


def live_keys(engine: Engine, page: pa.Table, roles: Roles) -> pa.Array:
    """The keys of the rows of a page that are not marked as deleted."""
    meta = _meta(engine, page, roles)
    return meta.filter(pc.not_equal(meta["_op"], "delete"))["_key"].combine_chunks()


def hashed(engine: Engine, rows: pa.Table, seen: dict[str, int]) -> pa.Table:
    """Keys for a table without a key: the hash of the record, with a number if the record occurs more than once."""
    with engine.register("keyless", pa.table({"raw": rows["_raw"], "n": _numbers(rows.num_rows)})):
        found = engine.arrow(
            "SELECT md5(raw) AS hash, row_number() OVER (PARTITION BY md5(raw) ORDER BY n) AS number FROM keyless ORDER BY n"
        )
    pairs = zip(found["hash"].to_pylist(), found["number"].to_pylist(), strict=True)
    keys = []
    before = dict(seen)
    for hash, number in pairs:  # in Python, because records are counted over all pages; tables without a key are rare
        total = before.get(hash, 0) + number
        seen[hash] = total
        keys.append(hash if total == 1 else f"{hash}-{total}")
    return rows.set_column(0, "_key", pa.array(keys, pa.string()))


def _meta(engine: Engine, page: pa.Table, roles: Roles) -> pa.Table:
    names = page.schema.names
    numbered = page.rename_columns([f"c{place}" for place in range(len(names))]).append_column("n", _numbers(page.num_rows))
    key = key_sql([f"c{names.index(name)}" for name in roles.key]) if roles.key else "''"
    into = f"nullif(CAST(c{names.index(roles.merged_into)} AS VARCHAR), '')" if roles.merged_into else "CAST(NULL AS VARCHAR)"
    gone = "false"
    if roles.deleted:
        flag = f"lower(trim(CAST(c{names.index(roles.deleted)} AS VARCHAR)))"
        gone = f"({flag} IS NOT NULL AND NOT regexp_full_match({flag}, {FALSE}))"
    at = _at(page, names, roles.cursor)
    sql = (
        "SELECT _key, "
        "CASE WHEN _into IS NOT NULL AND _into <> _key THEN 'merge' WHEN gone THEN 'delete' ELSE 'upsert' END AS _op, "
        "CASE WHEN _into <> _key THEN _into END AS _into, _at FROM "
        f"(SELECT {key} AS _key, {into} AS _into, {gone} AS gone, {at} AS _at, n FROM page) ORDER BY n"
    )
    with engine.register("page", numbered):
        return engine.arrow(sql)


def _at(page: pa.Table, names: Sequence[str], cursor: str) -> str:
    if not cursor:
        return "CAST(NULL AS TIMESTAMP)"
    place = names.index(cursor)
    kind = page.schema.field(place).type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return f"CAST(c{place} AS TIMESTAMP)"
    if pa.types.is_string(kind):
        return f"timezone('UTC', TRY_CAST(c{place} AS TIMESTAMPTZ))"
    return "CAST(NULL AS TIMESTAMP)"


def _numbers(rows: int) -> pa.Array:
    return pa.array(range(rows), pa.int64())
