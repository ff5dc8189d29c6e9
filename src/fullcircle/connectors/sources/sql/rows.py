"""Turns a page of a table into rows of a batch: key, operation, time and raw record, then its own columns. See source.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.connectors.base import META
from fullcircle.connectors.columns import key_sql, raw_json, unique
from fullcircle.connectors.sources.sql.values import packed
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


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a result: as a table, as the driver returned it, and the values that the table cannot hold."""

    table: pa.Table
    rows: Sequence[Sequence[Any]] = ()
    odd: Mapping[str, Mapping[int, str]] = field(default_factory=dict)  # column -> row -> its text

    @property
    def last(self) -> list[Any]:
        """The last row."""
        return list(self.rows[-1]) if self.rows else []

    def odd_rows(self, columns: Iterable[str] | None = None) -> list[int]:
        """The rows that have a value out of range, in these columns or in any."""
        return sorted({row for name in (self.odd if columns is None else columns) for row in self.odd.get(name, ())})

    def take(self, rows: Sequence[int]) -> Page:
        """Some of the rows."""
        places = {row: place for place, row in enumerate(rows)}
        odd = {name: {places[row]: text for row, text in cells.items() if row in places} for name, cells in self.odd.items()}
        return Page(self.table.take(pa.array(rows, pa.int64())), [self.rows[row] for row in rows], odd)


def shaped(engine: Engine, page: Page, roles: Roles) -> pa.Table:
    """The META columns, then the page's own; without the rows whose key is out of range."""
    meta = _meta(engine, page.table, roles)
    columns = [meta["_key"], meta["_op"], meta["_into"], meta["_at"], raw_records(engine, page, roles), *page.table.columns]
    rows = pa.table(columns, names=[*META.names, *unique(page.table.schema.names)])
    bad = page.odd_rows(roles.key)
    return rows.filter(pa.array(~np.isin(np.arange(rows.num_rows), bad))) if bad else rows


def raw_records(engine: Engine, page: Page, roles: Roles) -> pa.ChunkedArray:
    """Each row as JSON; what is out of range is there as text."""
    raw = raw_json(engine, page.table, roles.json)
    groups: dict[tuple[str, ...], list[int]] = {}
    for row in page.odd_rows():
        groups.setdefault(tuple(name for name in page.odd if row in page.odd[name]), []).append(row)
    if not groups:
        return raw
    texts = raw.to_pylist()
    for names, rows in groups.items():
        part = page.table.take(pa.array(rows, pa.int64()))
        for name in names:
            reported = pa.array([page.odd[name][row] for row in rows], pa.string())
            part = part.set_column(part.schema.names.index(name), name, reported)
        json = tuple(name for name in roles.json if name not in names)
        for row, text in zip(rows, raw_json(engine, part, json).to_pylist(), strict=True):
            texts[row] = text
    return pa.chunked_array([pa.array(texts, pa.string())])


def live_keys(engine: Engine, page: Page, roles: Roles) -> pa.Array:
    """The keys of the rows of a page that are not marked as deleted; none that is out of range."""
    meta = _meta(engine, page.table, roles)
    good = pa.array(~np.isin(np.arange(meta.num_rows), page.odd_rows(roles.key)))
    return meta.filter(pc.and_(pc.not_equal(meta["_op"], "delete"), good))["_key"].combine_chunks()


def keys_of(engine: Engine, page: Page, roles: Roles) -> list[str | None]:
    """The keys of a page, also those out of range; of a table without a key, the hashes of the records."""
    if not roles.key:
        raw = pa.table({"raw": raw_records(engine, page, roles), "n": _numbers(page.table.num_rows)})
        with engine.register("keyless", raw):
            hashes: list[str | None] = engine.arrow("SELECT md5(raw) AS hash FROM keyless ORDER BY n")["hash"].to_pylist()
        return hashes
    table = page.table
    for name in roles.key:
        if cells := page.odd.get(name):
            texts = [
                cells.get(place, None if value is None else str(value)) for place, value in enumerate(table[name].to_pylist())
            ]
            table = table.set_column(table.schema.names.index(name), name, pa.array(texts, pa.string()))
    found: list[str | None] = _meta(engine, table, Roles(roles.key))["_key"].to_pylist()
    return found


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


def newest(page: Page, cursor: str, before: Any) -> Any:
    """The last value of the cursor's column that is in range; the page is ordered by it."""
    place = page.table.schema.names.index(cursor)
    odd = page.odd.get(cursor, {})
    sane = next((page.rows[row][place] for row in reversed(range(len(page.rows))) if row not in odd), None)
    return before if sane is None else packed(sane)


def key_values(text: str, key: Sequence[str], kinds: Mapping[str, str]) -> list[Any]:
    """The parts of a key that is given as text, with integers as numbers."""
    parts = (
        [text] if len(key) == 1 else [re.sub(r"\\(.)", r"\1", part) for part in re.findall(r"((?:[^|\\]|\\.)*)(?:\||$)", text)]
    )
    return [
        int(part) if kinds[one] == "int" and re.fullmatch(r"-?\d+", part) else part for one, part in zip(key, parts, strict=False)
    ]
