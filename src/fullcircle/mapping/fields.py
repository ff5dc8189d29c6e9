"""Turns a `FieldRule` into SQL: an expression for the value of one canonical column as trimmed text, or null.

A name is a landed column (case is ignored) or else a path into the raw record. Paths use dots, list positions (`emails[0]`)
and `[*]`, the first element that has the value. In a map with `each`, a name is a path into the element; `.` is the element
itself, and `$.` leads back to the record.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fullcircle.config.sections import FieldRule
from fullcircle.engine.base import literal

SPACE = "' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(160) || chr(8203) || chr(65279)"
BARE = "[!-~]([ -~]*[!-~])?"  # nothing to trim: found out four times as fast as by trimming
WRAPPED = "^=\"(.*)\"$|^''([+0-9][0-9 ()./-]*)$"
SEGMENT = re.compile(r"^([^\[\]]*)((?:\[(?:\d+|\*)\])*)$")
REFUSED = "refused"
FURTHER = {"consents": (REFUSED,)}  # what a map may fill beside the columns of the table: see refusals.py
ELEMENT, RECORD = "_each", "_raw"  # the columns that hold JSON


@dataclass(frozen=True, slots=True)
class Place:
    """The location of a value: a landed column, or a path (`$.a."b c"[0]`) in a column that holds JSON."""

    column: str
    path: str = ""

    @property
    def first(self) -> str:
        """The first name on the path, unquoted; "" for a column and for the element itself."""
        found = re.match(r'^\$\."((?:[^"\\]|\\.)*)"', self.path)
        return found.group(1) if found else ""


def place_of(name: str, columns: Mapping[str, str], each: bool = False) -> Place | None:
    """The location of the named value; None if the name is neither a landed column nor a valid path."""
    if each and name == ".":
        return Place(ELEMENT, "$")
    if each and not name.startswith(("$.", "_")):
        path = json_path(name)
        return Place(ELEMENT, path) if path else None
    name = name.removeprefix("$.")
    by_fold = {column.casefold(): column for column in columns}
    if name.casefold() in by_fold:
        return Place(by_fold[name.casefold()])
    path = json_path(name)
    return Place(RECORD, path) if path else None


def json_path(name: str) -> str:
    """`address.lines[0]` as the engine's JSON path; "" if it is not a valid path."""
    path = "$"
    for part in name.split("."):
        found = SEGMENT.match(part)
        if not found or not (found.group(1) or found.group(2)):
            return ""
        path += (f'."{found.group(1)}"' if found.group(1) else "") + found.group(2)
    return path


def text_of(place: Place, columns: Mapping[str, str]) -> str:
    """SQL for the value at a location, as trimmed text; empty text is null."""
    if not place.path:
        sql_type = columns.get(place.column, "VARCHAR")
        text = _column_text(place.column, sql_type)
        if sql_type != "VARCHAR":  # what was typed has nothing around it
            return text
        return f"CASE WHEN regexp_full_match({text}, '{BARE}') THEN {text} ELSE {trimmed(text)} END"
    found = _inside(place.column, place.path)
    root = f'$."{place.first}"'
    if place.column == RECORD and place.path != root and columns.get(place.first) == "VARCHAR":
        text = f"json_extract_string({RECORD}, {literal(root)})"  # a cell that holds an object, as text
        within = _inside(f"CASE WHEN json_valid({text}) THEN {text} END", "$" + place.path.removeprefix(root))
        return (
            f"coalesce({trimmed(found)}, CASE WHEN json_type({RECORD}, {literal(root)}) = 'VARCHAR' THEN {trimmed(within)} END)"
        )
    return trimmed(found)


def _inside(json: str, path: str) -> str:
    """SQL for the text at a path; of a list, the first that there is."""
    found = f"json_extract_string({json}, {literal(path)})"
    return f"list_filter({found}, lambda v: v IS NOT NULL AND v <> '' AND v <> 'null')[1]" if "[*]" in path else found


def trimmed(sql: str) -> str:
    """SQL that trims text on both sides and makes empty text null."""
    return f"nullif(trim({sql}, {SPACE}), '')"


def unwrapped(sql: str) -> str:
    """SQL that takes away what spreadsheets put around a text so that it stays a text: `="02134"` and `'02134`."""
    return f"nullif(regexp_replace({sql}, '{WRAPPED}', '\\1\\2'), '')"


def _column_text(name: str, sql_type: str) -> str:
    column = '"' + name.replace('"', '""') + '"'
    if sql_type in {"DOUBLE", "FLOAT"}:  # spreadsheets turn whole numbers into 17.0; as a key that must be 17
        whole = f"{column} = trunc({column}) AND abs({column}) < 1e15"
        return f"CASE WHEN {whole} THEN CAST(CAST({column} AS BIGINT) AS VARCHAR) ELSE CAST({column} AS VARCHAR) END"
    return f"CAST({column} AS VARCHAR)"


def names_in(rule: FieldRule) -> tuple[str, ...]:
    """The source names that a rule reads, except those inside its `sql`."""
    return (rule.field,) if rule.field else rule.fields


def text_sql(rule: FieldRule, columns: Mapping[str, str], each: bool = False) -> str:
    """SQL for the value of a rule, as trimmed text or null. The names must have been checked by validate.py."""
    if rule.sql:
        sql = trimmed(f"CAST(({rule.sql}) AS VARCHAR)")
    elif rule.field or rule.fields:
        texts = [_named_text(name, columns, each) for name in names_in(rule)]
        sql = texts[0] if len(texts) == 1 else _joined(texts, rule)
    else:
        return literal(rule.value if not isinstance(rule.value, bool) else str(rule.value).lower())
    if rule.map:
        cases = " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in rule.map.items())
        sql = f"nullif(CASE {sql} {cases} ELSE {sql} END, '')"
    if rule.value is not None:
        sql = f"coalesce({sql}, {literal(rule.value)})"
    return sql


def _joined(texts: list[str], rule: FieldRule) -> str:
    """Several values as one; with a `ref` and `|`, as keys of several columns are landed: none may be missing."""
    if rule.ref and rule.join == "|":
        return " || '|' || ".join(f"replace(replace({text}, '\\', '\\\\'), '|', '\\|')" for text in texts)
    return f"nullif(concat_ws({literal(rule.join)}, {', '.join(texts)}), '')"


def _named_text(name: str, columns: Mapping[str, str], each: bool) -> str:
    place = place_of(name, columns, each)
    known = place is not None and (place.path or place.column in columns)
    return text_of(place, columns) if place is not None and known else "CAST(NULL AS VARCHAR)"
