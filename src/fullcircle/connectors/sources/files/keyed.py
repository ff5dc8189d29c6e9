"""Turns the rows of a file into rows of a batch: key, operation, time and raw record, then the file's own columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.connectors.base import META
from fullcircle.connectors.columns import key_sql, raw_json, unique
from fullcircle.connectors.sources.files.part import FilePart, Reject
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.errors import ConfigError, FullcircleError, SourceBroken, SourceChanged

FALSE = r"'(0(\.0+)?|false|f|no|n|)'"
ROUNDED = r"^[-+]?\d([.,]\d+)?[eE]\+\d{2,}$"  # as spreadsheets and programs show a number whose last digits they dropped
RAW_AT_MOST = 10_000  # characters of a rejected row


@dataclass(frozen=True, slots=True)
class FileRoles:
    """Which columns of a file have a special meaning, and which rows count."""

    key: tuple[str, ...] = ()
    updated_at: str = ""
    deleted: str = ""
    merged_into: str = ""
    where: str = ""

    @property
    def named(self) -> tuple[str, ...]:
        """The columns named in the config; they must exist."""
        return tuple(name for name in (*self.key, self.updated_at, self.deleted, self.merged_into) if name)


class Keyed:
    """Makes batches from the parts of one file. Rows that cannot have a key are added to `rejects`."""

    def __init__(self, engine: Engine, roles: FileRoles, path: Path, title: str) -> None:
        self.rejects: list[Reject] = []
        self.left_out = 0  # rows that do not fulfil `where`
        self._engine, self._roles, self._path, self._title = engine, roles, path, title
        engine.run("CREATE OR REPLACE TEMP TABLE seen (hash VARCHAR)")

    def shaped(self, part: FilePart) -> pa.Table:
        """The META columns, then the file's own."""
        self.rejects += part.rejects
        if part.rows.num_rows or part.rows.num_columns:
            self._check_columns(part.rows)
        part = self._wanted(part)
        own, roles = part.rows, self._roles
        raw = part.raw if part.raw is not None else raw_json(self._engine, own)
        places = pa.array(range(own.num_rows), pa.int64())
        numbered = own.rename_columns([f"c{number}" for number in range(own.num_columns)]).append_column("n", places)
        with self._engine.register("part", numbered):
            made = self._engine.arrow(self._keyed_sql(own)) if roles.key else self._hashed(own)
        columns = [made["_key"], made["_op"], made["_into"], made["_at"], raw]
        table = pa.table([*columns, *own.columns], names=[*META.names, *own.schema.names])
        key = ", ".join(roles.key)
        table, lines = self._without(table, part.lines, made["_key"].is_null(), f"the key ({key}) is empty")
        return self._without_rounded(table, lines) if own.num_columns else table

    def _check_columns(self, own: pa.Table) -> None:
        for column in self._roles.named:
            if column not in own.schema.names:
                raise SourceChanged(
                    f'The file {self._path} has no column "{column}", which is named in [sources.{self._title}].',
                    f"Its columns are: {', '.join(own.schema.names[:30])}.",
                )

    def _wanted(self, part: FilePart) -> FilePart:
        """The rows that fulfil `where`, an SQL condition over the file's own columns."""
        if not self._roles.where or not part.rows.num_columns:
            return part
        numbers, place = pa.array(range(part.rows.num_rows), pa.int64()), unique([*part.rows.schema.names, "_place"])[-1]
        with self._engine.register("part", part.rows.append_column(place, numbers)):
            try:
                kept = self._engine.arrow(f"SELECT {place} FROM part WHERE ({self._roles.where}) ORDER BY {place}")[place]
            except FullcircleError:
                raise
            except Exception as error:  # the engine's own error: it names the column or the position, never a value
                reason = " ".join(line.strip() for line in str(error).splitlines()[:2] if line.strip() and "LINE" not in line)
                raise ConfigError(
                    f"[sources.{self._title}] where does not work for {self._path}: {reason}",
                    f"Write a condition over the columns: {', '.join(map(quoted, part.rows.schema.names[:30]))}.",
                ) from error
        self.left_out += part.rows.num_rows - len(kept)
        raw = part.raw.take(kept) if part.raw is not None else None
        return FilePart(part.rows.take(kept), part.lines.take(kept.combine_chunks()), raw, notes=part.notes)

    def _without(self, table: pa.Table, lines: pa.Array, bad: pa.ChunkedArray, reason: str) -> tuple[pa.Table, pa.Array]:
        """The table without the bad rows, which are added to the rejects."""
        if not pc.any(bad).as_py():
            return table, lines
        texts = table.column(META.names.index("_raw")).filter(bad).to_pylist()
        for line, text in zip(lines.filter(bad.combine_chunks()).to_pylist(), texts, strict=True):
            self.rejects.append(Reject(line, reason, (text or "")[:RAW_AT_MOST]))
        good = pc.invert(bad)
        return table.filter(good), lines.filter(good.combine_chunks())

    def _without_rounded(self, table: pa.Table, lines: pa.Array) -> pa.Table:
        """A number in scientific notation is never a key: many keys were rounded to the same one."""
        for column in self._roles.key:
            values = table.column(len(META) + table.schema.names[len(META) :].index(column))
            if not pa.types.is_string(values.type):
                continue
            rounded = pc.fill_null(pc.match_substring_regex(values, ROUNDED), False)
            count = pc.sum(rounded).as_py() or 0
            if count * 2 > table.num_rows:
                raise SourceBroken(
                    f'The key column "{column}" of {self._path} holds numbers in scientific notation (like 1.23457E+17) in '
                    f"{count:,} of {table.num_rows:,} rows: a spreadsheet has rounded them, and they are not keys any more.",
                    "Export the file again with this column as text, or set another key for the object.",
                )
            reason = f'the key column "{column}" holds a number in scientific notation: its last digits are lost'
            table, lines = self._without(table, lines, rounded, reason)
        return table

    def _keyed_sql(self, own: pa.Table) -> str:
        names = own.schema.names
        if not own.num_columns:
            return "SELECT NULL::VARCHAR AS _key, NULL::VARCHAR AS _op, NULL::VARCHAR AS _into, NULL::TIMESTAMP AS _at FROM part"
        key = f"nullif({key_sql([f'c{names.index(column)}' for column in self._roles.key])}, '')"
        into = "CAST(NULL AS VARCHAR)"
        if self._roles.merged_into:
            into = f"nullif(trim(CAST(c{names.index(self._roles.merged_into)} AS VARCHAR)), '')"
        gone = "false"
        if self._roles.deleted:
            flag = f"lower(trim(CAST(c{names.index(self._roles.deleted)} AS VARCHAR)))"
            gone = f"({flag} IS NOT NULL AND NOT regexp_full_match({flag}, {FALSE}))"
        return (
            "SELECT _key, "
            "CASE WHEN _into IS NOT NULL AND _into <> _key THEN 'merge' WHEN gone THEN 'delete' ELSE 'upsert' END AS _op, "
            "CASE WHEN _into <> _key THEN _into END AS _into, _at FROM "
            f"(SELECT {key} AS _key, {into} AS _into, {gone} AS gone, {self._at_sql(names)} AS _at, n FROM part) ORDER BY n"
        )

    def _hashed(self, own: pa.Table) -> pa.Table:
        """Keys made from the content of each row: its hash, and from the second occurrence in the file on, a number."""
        names = own.schema.names
        self._engine.run(
            f"CREATE OR REPLACE TEMP TABLE hashed AS SELECT n, {_hash_sql(names)} AS hash, {self._at_sql(names)} AS _at FROM part"
        )
        made = self._engine.arrow(
            "SELECT hash || CASE WHEN number > 1 THEN '-' || number ELSE '' END AS _key, 'upsert' AS _op, "
            "CAST(NULL AS VARCHAR) AS _into, _at FROM ("
            "SELECT n, hash, _at, row_number() OVER (PARTITION BY hash ORDER BY n) + coalesce(before, 0) AS number FROM hashed "
            "LEFT JOIN (SELECT hash, count(*) AS before FROM seen WHERE hash IN (SELECT hash FROM hashed) GROUP BY hash) "
            "USING (hash)) ORDER BY n"
        )
        self._engine.run("INSERT INTO seen SELECT hash FROM hashed")
        return made

    def _at_sql(self, names: Sequence[str]) -> str:
        """The time a row changed according to its own column. A time without a zone is assumed to be in UTC."""
        if self._roles.updated_at not in names:
            return "CAST(NULL AS TIMESTAMP)"
        return f"timezone('UTC', TRY_CAST(c{names.index(self._roles.updated_at)} AS TIMESTAMPTZ))"


def check_roles(roles: FileRoles, title: str) -> None:
    """Raise ConfigError for roles that need a key."""
    for option in ("deleted", "merged_into"):
        if getattr(roles, option) and not roles.key:
            raise ConfigError(
                f"[sources.{title}] has {option}, but no key: a row that was deleted or merged is found by its key.",
                "Set key to the column with the id of the rows.",
            )


def _hash_sql(names: Sequence[str]) -> str:
    """A hash of a row's content. It depends neither on the order of the columns nor on empty columns."""
    order = sorted(range(len(names)), key=lambda place: names[place])
    parts = [f"{literal(names[place] + chr(30))} || CAST(c{place} AS VARCHAR)" for place in order]
    return f"md5(concat_ws(chr(31), {', '.join(parts)}))" if parts else "md5('')"
