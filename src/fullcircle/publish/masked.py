"""A table as a role may see it, for a target with a `role`: the mask in SQL, with the same parts and hashes as in answers.

Columns that the role does not see are left out. So are lists and JSON of what is not seen in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.govern.mask import LABEL_OF, OPEN_KEY, OPEN_NOUNS
from fullcircle.govern.partial import DAY, DIGITS, HASH, PHONE, STARS, pads
from fullcircle.govern.policy import Level, Sight
from fullcircle.model.field_classes import CONTACT, KINDS, PERSON, PLAIN, SENSITIVE, class_of
from fullcircle.publish.base import Outgoing

NO_CLASSES: Mapping[str, str] = MappingProxyType({})
ALWAYS_IDS = ("customer_id", "record_id")  # in every table, a join with a warehouse too


@contextmanager
def masked(engine: Engine, what: Outgoing, rows: str, sight: Sight, key: bytes) -> Iterator[Outgoing | None]:
    """The table, or these of its rows, as they may be sent, inside the `with` block; None if nothing of it is seen."""
    if sight.whole:
        yield replace(what, table=rows)
        return
    name = what.table.strip('"')
    columns = columns_seen(engine.columns(what.table), name, sight, what.classes)
    if not columns:
        yield None
        return
    table = quoted(f"masked_{name}")
    shown = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in columns.items())
    keyed = any("$inner" in sql for sql in columns.values())
    engine.run(
        f"CREATE OR REPLACE TABLE {table} AS SELECT {shown} FROM {rows}",
        dict(zip(("inner", "outer"), pads(key), strict=True)) if keyed else {},
    )
    try:
        yield Outgoing(table, what.name, what.key if set(what.key) <= set(columns) else ())
    finally:
        engine.run(f"DROP TABLE IF EXISTS {table}")


def columns_seen(types: Mapping[str, str], table: str, sight: Sight, classes: Mapping[str, str] = NO_CLASSES) -> dict[str, str]:
    """Column -> the SQL of what is shown of it; those that are not seen are not in it. `classes`: where the model has none."""
    found = {}
    for name, sql_type in types.items():
        how = "id" if name in ALWAYS_IDS else classes.get(name) or class_of(table, name)
        if sql := _seen(quoted(name), how, sql_type, sight):
            found[name] = sql
    return found


def _seen(column: str, how: str, sql_type: str, sight: Sight) -> str:
    if how == "id":
        return _id(column, sight)
    if how == "key":
        return column if sight.level(CONTACT) == "full" else f"CASE WHEN {_open(column)} THEN {column} ELSE {_hash(column)} END"
    if how in ("of kind", "of field"):
        return _by(
            column, "kind" if how == "of kind" else "field", KINDS if how == "of kind" else {**PERSON, "kind": PLAIN}, sight
        )
    return _at(column, sight.level(how), how, sql_type)


def _by(column: str, other: str, classes: Mapping[str, str], sight: Sight) -> str:
    """A value whose class another column says."""
    cases = [
        f"WHEN {literal(name)} THEN {shown}"
        for name, one in classes.items()
        if (shown := _at(column, sight.level(one), one, "VARCHAR"))
    ]
    return f"CASE {quoted(other)} {' '.join(cases)} END" if cases else ""


def _at(column: str, level: Level, field_class: str, sql_type: str) -> str:
    """A value at a level; empty where there is nothing to show."""
    if level == "full":
        return column
    text, day = sql_type == "VARCHAR", sql_type in ("DATE", "TIMESTAMP")
    if level == "absent" or not (text or day):
        return ""
    if level == "hashed":
        return _hash(
            column if text else f"strftime({column}, {literal('%Y-%m-%d' if sql_type == 'DATE' else '%Y-%m-%dT%H:%M:%S')})"
        )
    if day:
        return f"strftime({column}, '%Y-**-**')"
    return {CONTACT: _part_of_contact, SENSITIVE: _part_of_sensitive}.get(field_class, lambda _: "")(f"trim({column})")


def _part_of_contact(text: str) -> str:
    code = f"CASE WHEN {text}[2] IN ('1', '7') THEN {text}[2] ELSE {text}[2:3] END"
    first = f"regexp_extract({text}, '^(.?).*@', 1, 's')"
    last = f"right(regexp_replace({text}, '[^0-9]', '', 'g'), 2)"
    word = f"CASE WHEN length(word) > 1 AND regexp_matches(word, '^\\p{{L}}') THEN word[1] || '{STARS}' ELSE '{STARS}' END"
    return f"""CASE WHEN {_is(text, DAY.pattern)} THEN {text}[1:4] || '-**-**'
        WHEN contains({text}, '@') THEN {first} || '{STARS}@' || regexp_extract({text}, '@([^@]*)$', 1)
        WHEN {_is(text, PHONE.pattern)} AND {text}[1] = '+' THEN '+' || {code} || ' ** *** ** ' || {last}
        WHEN {_is(text, PHONE.pattern)} THEN '** *** ** ' || {last}
        WHEN {text} = '' THEN ''
        ELSE array_to_string(list_transform(string_split_regex({text}, '\\s+'), lambda word: {word}), ' ') END"""


def _part_of_sensitive(text: str) -> str:
    return f"""CASE WHEN {_is(text, DAY.pattern)} THEN {text}[1:4] || '-**-**'
        WHEN length(regexp_replace({text}, '[^0-9]', '', 'g')) > 4 THEN '{STARS}' || right({text}, 2) END"""


def _id(column: str, sight: Sight) -> str:
    """An id as `Mask.id` has it."""
    noun, rest = f"split_part({column}, ':', 1)", f"regexp_extract({column}, '^[^:]*:(.*)$', 1, 's')"
    kinds = ", ".join(literal(kind) for kind, one in KINDS.items() if sight.level(one) == "full") or "NULL"
    kind, value = f"split_part({column}, ':', 2)", f"regexp_extract({rest}, '^[^:]*:(.*)$', 1, 's')"
    identifier = f"CASE WHEN {kind} IN ({kinds}) THEN {column} ELSE 'identifier:' || {kind} || ':' || {_hash(value)} END"
    if sight.level(CONTACT) == "full":
        return f"CASE WHEN {noun} = 'identifier' THEN {identifier} ELSE {column} END"
    key = f"regexp_extract({column}, '^[^:]*:[^:]*:[^:]*:(.*)$', 1, 's')"
    shown = ", ".join(map(literal, OPEN_NOUNS))
    known = ", ".join(map(literal, LABEL_OF))
    return f"""CASE WHEN {noun} IN ({shown}) OR starts_with({column}, 'habits:customer:') THEN {column}
        WHEN {noun} = 'identifier' THEN {identifier}
        WHEN {noun} <> 'household' AND {_open(key)} THEN {column}
        WHEN {noun} IN ({known}) AND {noun} <> 'household' AND {key} <> ''
            THEN regexp_extract({column}, '^[^:]*:[^:]*:[^:]*:', 0) || {_hash(key)}
        WHEN {noun} IN ({known}) THEN {noun} || ':' || {_hash(rest)}
        ELSE {_hash(column)} END"""


def _open(key: str) -> str:
    one = f"(?:{OPEN_KEY.pattern})"
    return _is(key, f"{one}(?::{one})*")


def _is(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {literal(pattern)}, 's')"


def _hash(text: str) -> str:
    return f"'{HASH}' || sha256($outer || unhex(sha256($inner || encode({text}))))[1:{DIGITS}]"
