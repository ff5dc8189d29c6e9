"""The tables in Redshift: their types, the keys by which rows are spread and sorted, and how a table becomes another one."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from fullcircle.engine.base import Engine, quoted
from fullcircle.errors import PublishError
from fullcircle.publish.difference import Field
from fullcircle.publish.targets.redshift.data_api import SqlStep

LONGEST_NAME, LONGEST_TEXT = 127, 65_535  # bytes
SIZES = (256, 2048, 16_384, LONGEST_TEXT)  # of text columns: what is declared costs memory in queries
TYPES = {
    "BOOLEAN": "BOOLEAN", "INTEGER": "INTEGER", "BIGINT": "BIGINT", "FLOAT": "REAL", "DOUBLE": "DOUBLE PRECISION", "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP",
}  # fmt: skip
WIDER = {("INTEGER", "BIGINT"), ("REAL", "DOUBLE PRECISION")}  # a change that keeps the values
TOGETHER = "customer_id"  # rows of one customer are kept on one node, and sorted by it


@dataclass(frozen=True, slots=True)
class RedshiftShape:
    """The columns of a table with their types, and its key."""

    columns: dict[str, str]
    key: tuple[str, ...]

    def text(self) -> str:
        """As it is noted in the database."""
        return quote(json.dumps([list(self.columns.items()), self.key]))  # without a backslash, which escapes in Redshift

    @staticmethod
    def read(text: str) -> RedshiftShape:
        """What was noted."""
        columns, key = json.loads(unquote(text))
        return RedshiftShape(dict(columns), tuple(key))

    @property
    def placed_by(self) -> tuple[str, tuple[str, ...]]:
        """The column that rows are spread by ("" for none), and those that they are sorted by."""
        spread = TOGETHER if TOGETHER in self.columns else self.key[0] if len(self.key) == 1 else ""
        sort = tuple(dict.fromkeys([*([spread] if spread else []), *self.key]))
        return spread, tuple(one for one in sort if self.columns[one] != "SUPER")

    def create(self, table: str, temporary: bool = False) -> str:
        """The statement that makes such a table."""
        columns = ", ".join(f"{quoted(name)} {type_}" for name, type_ in self.columns.items())
        if temporary:
            return f"CREATE TEMP TABLE {table} ({columns})"
        primary = f", PRIMARY KEY ({', '.join(map(quoted, self.key))})" if self.key else ""
        spread, sort = self.placed_by
        placed = f" DISTSTYLE KEY DISTKEY({quoted(spread)})" if spread else " DISTSTYLE AUTO"
        placed += f" SORTKEY({', '.join(map(quoted, sort))})" if sort else ""
        return f"CREATE TABLE {table} ({columns}{primary}){placed}"

    def changes(self, table: str, old: RedshiftShape, most: int) -> list[SqlStep] | None:
        """How a table of the old shape becomes one of this; None if it is to be made anew. At most so many statements."""
        if old.key != self.key or old.placed_by != self.placed_by:
            return None
        fixed = {*self.key, old.placed_by[0], *old.placed_by[1]}
        found: list[str] = []
        for name, type_ in old.columns.items():
            wanted = self.columns.get(name)
            if wanted is None and name not in fixed:
                found.append(f"ALTER TABLE {table} DROP COLUMN {quoted(name)}")
            elif wanted != type_ and (name in fixed or not _wider(type_, wanted or "")):
                return None
            elif wanted != type_:
                between = quoted(f"{name[:100]}~")
                found += [
                    f"ALTER TABLE {table} ADD COLUMN {between} {wanted}", f"UPDATE {table} SET {between} = {quoted(name)}",
                    f"ALTER TABLE {table} DROP COLUMN {quoted(name)}",
                    f"ALTER TABLE {table} RENAME COLUMN {between} TO {quoted(name)}",
                ]  # fmt: skip
        found += [
            f"ALTER TABLE {table} ADD COLUMN {quoted(name)} {type_}"
            for name, type_ in self.columns.items()
            if name not in old.columns
        ]
        return [SqlStep("changing columns", sql) for sql in found] if len(found) <= most else None


def shape_of(engine: Engine, rows: str, fields: Sequence[Field], key: tuple[str, ...], name: str) -> RedshiftShape:
    """The shape that these rows need. PublishError for what Redshift cannot keep, by the name of the column."""
    _check_names(fields, name)
    sized = [field for field in fields if field.sql_type in ("VARCHAR", "BLOB")]
    timed = [field for field in fields if field.sql_type in ("DATE", "TIMESTAMP")]
    tests = [f"max({'strlen' if field.sql_type == 'VARCHAR' else 'octet_length'}({quoted(field.name)}))" for field in sized]
    tests += [f"bool_or(isinf({quoted(field.name)}))" for field in timed]
    found = engine.rows(f"SELECT {', '.join(tests)} FROM ({rows})")[0] if tests else ()
    sizes = dict(zip([field.name for field in sized], found[: len(sized)], strict=True))
    for field, infinite in zip(timed, found[len(sized) :], strict=True):
        if infinite:
            raise PublishError(
                f"{name}.{field.name} has an infinite time, which Redshift cannot keep.", "Correct it at its source."
            )
    return RedshiftShape({field.name: _type(field, sizes.get(field.name) or 0, name) for field in fields}, key)


def kept_sizes(shape: RedshiftShape, old: RedshiftShape) -> RedshiftShape:
    """The shape, with text columns as wide as they are there, where that is enough."""
    columns = {}
    for name, type_ in shape.columns.items():
        there = old.columns.get(name, "")
        ours, theirs = _size(type_), _size(there)
        columns[name] = there if ours and theirs and type_.split("(")[0] == there.split("(")[0] and theirs >= ours else type_
    return RedshiftShape(columns, shape.key)


def _check_names(fields: Sequence[Field], table: str) -> None:
    names = [table, *(field.name for field in fields)]
    for each in names:
        if len(each.encode()) > LONGEST_NAME:
            raise PublishError(
                f'"{each}" is a name of more than {LONGEST_NAME} bytes, which Redshift cannot keep.', "Shorten it."
            )
    lower = [field.name.lower() for field in fields]
    twice = sorted({one for one in lower if lower.count(one) > 1})
    if twice:
        raise PublishError(
            f'The table {table} has two columns "{twice[0]}" that differ in capital letters only, which Redshift does not tell '
            "apart.",
            "Give one another name, in the query of the join or of the source.",
        )


def _type(field: Field, longest: int, table: str) -> str:
    if field.sql_type.endswith("[]"):
        return "SUPER"
    if decimal := re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", field.sql_type):
        return f"DECIMAL({decimal[1]},{decimal[2]})"
    if field.sql_type not in ("VARCHAR", "BLOB"):
        return TYPES[field.sql_type]
    if longest > LONGEST_TEXT:
        raise PublishError(
            f"{table}.{field.name} has a value of {longest:,} bytes; Redshift keeps {LONGEST_TEXT:,} at most.",
            "Leave the column out by the role of the target, or shorten the value at its source.",
        )
    size = next(one for one in SIZES if longest <= one)
    return f"{'VARCHAR' if field.sql_type == 'VARCHAR' else 'VARBYTE'}({size})"


def _size(type_: str) -> int:
    found = re.fullmatch(r"VAR(?:CHAR|BYTE)\((\d+)\)", type_)
    return int(found[1]) if found else 0


def _wider(old: str, new: str) -> bool:
    if (old, new) in WIDER or (_size(old) and _size(new) > _size(old) and old[:7] == new[:7]):
        return True
    one, other = (re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", text) for text in (old, new))
    if not one or not other:
        return False
    scale, wider = int(one[2]), int(other[2])
    return wider >= scale and int(other[1]) - wider >= int(one[1]) - scale
