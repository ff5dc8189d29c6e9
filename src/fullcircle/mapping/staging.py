"""Turns each map into a SELECT and all maps of a table into one staged table, with typed values and reasons for failures.

A staged table has the columns of its canonical table, then `_rule`, `_reason` and `_bad_raw` (the record, only for rows that
go to quarantine), `_place` (the position of the map) and `_seq` (its order of landing). Values are typed, but not cleaned yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from fullcircle.config.sections import FieldRule
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.currency import MONEY_OF, OTHER, with_currency
from fullcircle.mapping.discount import discount_texts
from fullcircle.mapping.fields import REFUSED, json_path, names_in, place_of, text_sql, trimmed, unwrapped
from fullcircle.mapping.kept import KEPT, HowRead, KeptRows
from fullcircle.mapping.local_times import zoned, zones_of
from fullcircle.mapping.reading.characters import is_rounded
from fullcircle.mapping.reading.customs import Asked, Customs, decide, is_time
from fullcircle.mapping.reading.date_order import Neighbours
from fullcircle.mapping.reading.times import joined
from fullcircle.mapping.reading.values import filled, is_number, typed
from fullcircle.mapping.refusals import with_refusal
from fullcircle.mapping.validate import OWN_RECORD, CheckedMap
from fullcircle.model.progress import Progress, Silent
from fullcircle.model.table import Column, Table
from fullcircle.model.tables import CONFORMED

BIRTH = "birth_date"  # a date that cannot be read is no reason for quarantine: it stays in birth_text
EXTRA = ("_rule", "_reason", "_bad_raw", "_place", "_seq")
EXTRA_TYPES = {"_place": "INTEGER", "_seq": "BIGINT"}


def stage(
    engine: Engine,
    table: Table,
    maps: Sequence[CheckedMap],
    country: str,
    progress: Progress,
    neighbours: Neighbours | None = None,
    kept: KeptRows | None = None,
) -> tuple[str, HowRead]:
    """Make the temp table `staged_<table>` from its maps and return its name, and how it was read.

    Of what is `kept`, it has only the rows that are to be read again: `KeptRows.keep` adds the others.
    """
    name = f"staged_{table.name}"
    if not maps:
        columns = ", ".join(f"CAST(NULL AS {column.sql_type}) AS {quoted(column.name)}" for column in table.columns)
        extra = ", ".join(f"NULL::{EXTRA_TYPES.get(each, 'VARCHAR')} AS {each}" for each in EXTRA)
        engine.run(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {columns}, {extra} WHERE false")
        return name, HowRead(None, "", plain=False)
    reader = _Reader(
        engine, table, maps, country, {each.place: zones_of(engine, each, table, country, progress) for each in maps}
    )
    kept = kept if kept and kept.is_worth(maps) else None
    changed = kept.changed(table, maps) if kept else None
    customs = reader.as_before(changed.maps) if changed and changed.plain else None
    plain = customs is not None
    if customs is None:
        heard = _Heard(progress)
        customs = reader.customs(maps, heard, neighbours, only_asked=changed is not None)
        plain = not heard.any and not any(one.odd for one in customs.values())
    text = kept.text(reader.rows(maps, customs)) if kept else ""
    if changed and changed.text != text:
        changed = None
    again = maps if changed is None else changed.maps
    if again:
        engine.run(f"CREATE OR REPLACE TEMP TABLE {name} AS {reader.rows(again, customs, texts=True)}")
    else:
        engine.run(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {KEPT}.{table.name} WHERE false")
    for each in again:
        _give_raw(engine, name, each)
    reader.end()
    return name, HowRead(changed, text, plain)


class _Heard(Silent):
    """Passes on what is said, and knows whether anything was."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self.any = progress, False

    def say(self, text: str) -> None:
        self.any = True
        self._progress.say(text)


class _Reader:
    """Reads the maps of a table; `zones` are those of each map, by its place."""

    def __init__(
        self, engine: Engine, table: Table, maps: Sequence[CheckedMap], country: str, zones: Mapping[int, Mapping[str, str]]
    ) -> None:
        self._engine, self._table, self._country, self._zones = engine, table, country, zones
        self._empty = _never_filled(table, maps)
        self._asked = {each.place: _asked(each, table, zones[each.place]) for each in maps}
        self._texts: dict[tuple[int, str], str] = {}  # (place, view) -> the table with the texts of a map

    def customs(
        self, maps: Sequence[CheckedMap], progress: Progress, neighbours: Neighbours | None, only_asked: bool
    ) -> dict[str, Customs]:
        """How the columns are written, judged over all their values, which are read twice: here, and to be typed.

        `only_asked`: most rows will not be typed, so that nothing but these values is read.
        """
        asked = []
        for each in maps:
            if columns := self._asked[each.place]:
                texts = f"{'asked' if only_asked else 'texts'}_{each.place}"
                select = text_select(each, self._table, self._zones[each.place])
                those = ", ".join(map(quoted, columns)) if only_asked else "*"
                self._engine.run(f"CREATE OR REPLACE TEMP TABLE {texts} AS SELECT {those} FROM ({select})")
                if not only_asked:
                    self._texts[each.place, each.landed.view] = texts
                ours = each.settings
                asked.append(Asked(each.place, ours.source, ours.object, texts, columns, ours.dates))
        return decide(self._engine, self._table.name, asked, self._country, progress, neighbours)

    def as_before(self, maps: Sequence[CheckedMap]) -> dict[str, Customs] | None:
        """The customs of columns about which nothing had to be decided, if that is so for the values of these maps, too."""
        heard = _Heard(Silent())
        found = self.customs(maps, heard, None, only_asked=False)
        if heard.any or any(one.odd for one in found.values()):
            return None
        return {name: Customs(self._country, odd=False, worded=False) for asked in self._asked.values() for name in asked}

    def rows(self, maps: Sequence[CheckedMap], customs: Mapping[str, Customs], texts: bool = False) -> str:
        """SQL: the typed rows of these maps. `texts`: from the texts that are there already."""
        made = [
            f"SELECT * FROM {self._texts[which]}"
            if texts and (which := (each.place, each.landed.view)) in self._texts
            else text_select(each, self._table, self._zones[each.place])
            for each in maps
        ]
        return _typed_rows(self._table, " UNION ALL ".join(f"({one})" for one in made), self._country, customs, self._empty)

    def end(self) -> None:
        """Drop what it made to read."""
        for place in (place for place, asked in self._asked.items() if asked):
            self._engine.run(f"DROP TABLE IF EXISTS temp.texts_{place}; DROP TABLE IF EXISTS temp.asked_{place}")


def _give_raw(engine: Engine, staged: str, map_: CheckedMap) -> None:
    """Put the raw record in the place of its landed key, in the rows that go to quarantine: only there is it needed."""
    bad = f"FROM {staged} WHERE _reason IS NOT NULL AND _place = {map_.place}"
    if engine.value(f"SELECT count(*) {bad}"):
        engine.run(
            f"UPDATE {staged} SET _bad_raw = r.raw FROM (SELECT _key, any_value(_raw) AS raw FROM {map_.landed.view} "
            f"WHERE _key IN (SELECT _bad_raw {bad}) GROUP BY _key) r "
            f"WHERE r._key = _bad_raw AND _reason IS NOT NULL AND _place = {map_.place}"
        )


def _asked(map_: CheckedMap, table: Table, zones: Mapping[str, str]) -> dict[str, str]:
    """The columns of dates and numbers that the map fills from text; those that a machine wrote leave nothing open."""
    asked = {}
    for column in table.columns:
        rule = map_.settings.fields.get(column.name) or (map_.settings.fields.get("birth_text") if column.name == BIRTH else None)
        wanted = rule is not None and (is_time(column.sql_type) or is_number(column.sql_type))
        if rule and wanted and (column.name in zones or not _by_machine(map_, rule, column.sql_type)):
            asked[column.name] = column.sql_type
    return asked


def _by_machine(map_: CheckedMap, rule: FieldRule, sql_type: str) -> bool:
    """True if the rule only reads a landed column of dates (for dates) or of another type than text (for numbers)."""
    if rule.sql or rule.map or rule.value is not None:
        return False
    places = [place_of(name, map_.landed.columns, bool(map_.settings.each)) for name in names_in(rule)]
    types = [map_.landed.columns.get(place.column, "") if place is not None and not place.path else "" for place in places]
    return all(each in {"DATE", "TIMESTAMP"} if is_time(sql_type) else each not in {"", "VARCHAR"} for each in types)


def text_select(map_: CheckedMap, table: Table, zones: Mapping[str, str]) -> str:
    """SQL: one row for each canonical row of the map: all its columns as text, `_landed` (its key there), `_place`, `_seq`.

    `zones` are those of columns with times that may be written without one.
    """
    settings = map_.settings
    texts = {column.name: _column_text(map_, column) for column in table.columns[1:]}
    texts |= {name: zoned(texts[name], zone) for name, zone in zones.items()}
    texts["source"], texts["object"] = literal(settings.source), literal(settings.object)
    if table.name == "order_lines":
        texts |= discount_texts(texts)
    if REFUSED in settings.fields:
        texts[REFUSED] = unwrapped(text_sql(settings.fields[REFUSED], map_.landed.columns, bool(settings.each)))
    tail = [literal(f":{settings.key}")] if settings.key else []
    tail += ["':' || CAST(_number AS VARCHAR)"] if settings.each and "key" not in settings.fields else []
    columns = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in texts.items())
    seq = "_seq" if "_seq" in map_.landed.columns else "NULL::BIGINT"
    inner = f"SELECT {columns}, {' || '.join(tail) or literal('')} AS _tail, _key AS _landed, {seq} AS _seq FROM {rows_of(map_)}"
    condition = [f"({settings.where})"] if settings.where else []
    condition += [_has_values(map_, table)] if _has_values(map_, table) else []
    if condition:
        inner += f" WHERE {' AND '.join(condition)}"
    inner = with_currency(inner, table.name, settings.fields)
    if REFUSED in settings.fields:
        texts.pop(REFUSED)
        inner = with_refusal(inner, [*texts, "_tail", "_landed", "_seq"])
    names = ", ".join(map(quoted, texts))
    prefix = f"{table.noun}:{settings.source}:{settings.object}:"
    return (
        f"SELECT {literal(prefix)} || key || _tail AS {table.key}, {names}, _landed, {map_.place} AS _place, _seq FROM ({inner})"
    )


def rows_of(map_: CheckedMap) -> str:
    """The landed rows; with `each`, a row for each element of the array: `_each`, and its `_number` from 1."""
    settings, view = map_.settings, map_.landed.view
    if not settings.each:
        return view
    if settings.each.startswith("="):
        array = f"json_extract(CAST(({settings.each[1:]}) AS JSON), '$[*]')"
    else:
        path = json_path(settings.each.removeprefix("$.")) + "[*]"
        array = f"json_extract(_raw, {literal(path)})"
    listed = f"SELECT *, {array} AS _list FROM {view}"
    return f"(SELECT * EXCLUDE (_list), unnest(_list) AS _each, unnest(range(1, len(_list) + 1)) AS _number FROM ({listed}))"


def _column_text(map_: CheckedMap, column: Column) -> str:
    """SQL for the value of a column as text, before it is typed."""
    settings, columns = map_.settings, map_.landed.columns
    rule = settings.fields.get(column.name)
    if column.name == BIRTH and rule is None:
        rule = settings.fields.get("birth_text")
    if column.name == "key":
        return text_sql(rule, columns, bool(settings.each)) if rule else "_key"
    if column.name == "merged_into":
        own = _reference(map_, column, rule) if rule else "NULL"
        merged = f"'record:' || {literal(f'{settings.source}:{settings.object}:')} || _into"
        return f"coalesce({own}, CASE WHEN _op = 'merge' THEN {merged} END)"
    if rule is None:
        return _default(map_, column)
    if column.ref:
        return _reference(map_, column, rule)
    text = text_sql(rule, columns, bool(settings.each))
    if is_time(column.sql_type) and len(rule.fields) > 1:
        text = joined(text)
    return unwrapped(text) if _is_text(map_, rule) else text


def _is_text(map_: CheckedMap, rule: FieldRule) -> bool:
    """True if the rule reads a field that may hold text: what was typed when it landed has nothing around it."""
    places = [place_of(name, map_.landed.columns, bool(map_.settings.each)) for name in names_in(rule)]
    return any(one is None or one.path or map_.landed.columns.get(one.column, "VARCHAR") == "VARCHAR" for one in places)


def _default(map_: CheckedMap, column: Column) -> str:
    settings = map_.settings
    if column.name == "updated_at":
        return "CAST(_at AS VARCHAR)"
    if column.name == "status_raw" and "status" in settings.fields:  # the source's word, whatever the map makes of it
        rule = settings.fields["status"].model_copy(update={"map": {}})
        return text_sql(rule, map_.landed.columns, bool(settings.each))
    if column.name == "record_id" and settings.to in OWN_RECORD:
        return f"{literal(f'record:{settings.source}:{settings.object}:')} || _key"
    return "CAST(NULL AS VARCHAR)"


def _reference(map_: CheckedMap, column: Column, rule: FieldRule) -> str:
    value = text_sql(rule, map_.landed.columns, bool(map_.settings.each))
    prefix = map_.refs.get(column.name)
    found = f"{literal(prefix)} || {value}" if prefix else value
    if not rule.otherwise:
        return found
    own = f"{CONFORMED[str(column.ref)].noun}:{map_.settings.source}:{map_.settings.object}:"
    return f"coalesce({found}, {literal(own)} || {trimmed(f'CAST(({rule.otherwise}) AS VARCHAR)')})"


def _has_values(map_: CheckedMap, table: Table) -> str:
    """SQL: a condition that drops rows of identifiers, addresses and `each` in which all mapped fields are empty; or ""."""
    if table.name not in {"identifiers", "addresses"} and not map_.settings.each:
        return ""
    settings, columns = map_.settings, map_.landed.columns
    asked = {
        name: rule for name, rule in settings.fields.items()
        if (rule.field or rule.fields or rule.sql) and not table.column(name).ref and name not in {"key", "updated_at", "use"}  # type: ignore[union-attr]
    }  # fmt: skip
    if table.name == "identifiers":
        asked = {name: rule for name, rule in asked.items() if name == "value"}
    if not asked:
        return ""
    return f"coalesce({', '.join(text_sql(rule, columns, bool(settings.each)) for rule in asked.values())}) IS NOT NULL"


def _never_filled(table: Table, maps: Sequence[CheckedMap]) -> set[str]:
    """The columns of dates, numbers and flags that no map fills: reading their texts would cost much, to give nulls."""
    filled_ones = {name for each in maps for name in each.settings.fields} | {"updated_at"}
    filled_ones |= {BIRTH} if "birth_text" in filled_ones else set()
    filled_ones |= {"granted"} if REFUSED in filled_ones else set()
    return {column.name for column in table.columns if column.sql_type != "VARCHAR"} - filled_ones


def _typed_rows(table: Table, texts: str, country: str, customs: Mapping[str, Customs], empty: Set[str]) -> str:
    """SQL: the typed values of each row, and the rule and reason if it must go to quarantine; `empty`: columns without values."""
    values, reasons, rules = [], [], []
    words = []  # columns whose placeholders for missing values are first turned into null
    for column in table.columns:
        name, text, sql_type = quoted(column.name), f"_text_{column.name}", column.sql_type
        if sql_type == "VARCHAR":
            values.append(name)
        elif column.name in empty:
            values.append(f"CAST(NULL AS {sql_type}) AS {name}, {name} AS {text}")
        else:
            words.append(f"{filled(name, sql_type)} AS {name}")
            ours = customs.get(column.name, Customs(country, odd=False))
            values.append(f"{typed(name, sql_type, country, ours, column.name)} AS {name}, {name} AS {text}")
            if column.name != BIRTH:
                broken = f"{text} IS NOT NULL AND {name} IS NULL"
                reasons.append(f"CASE WHEN {broken} THEN {_unread(table.name, column, text, ours)} END")
                rules.append(f"WHEN {broken} THEN 'cast'")
        if column.name == "key":
            lost = f"{table.name}.key holds a number in scientific notation: its last digits are lost; export the column as text"
            reasons.append(f"CASE WHEN {is_rounded('key')} THEN {literal(lost)} END")
            rules.append(f"WHEN {is_rounded('key')} THEN 'cast'")
        if column.required:
            reasons.append(f"CASE WHEN {name} IS NULL THEN {literal(f'{table.name}.{column.name} is missing')} END")
    replaced = f"SELECT * REPLACE ({', '.join(words)}) FROM ({texts})" if words else texts
    cast = f"SELECT {', '.join(values)}, _landed, _place, _seq FROM ({replaced})"
    rule = f"CASE {' '.join(rules)} ELSE 'required' END" if rules else "'required'"
    reason = f"nullif(concat_ws('; ', {', '.join(reasons)}), '')"
    names = ", ".join(_kept(column) for column in table.columns)
    checked = f"SELECT {names}, {rule} AS _rule, {reason} AS _reason, _landed, _place, _seq FROM ({cast})"
    return (
        f"SELECT * EXCLUDE (_landed, _rule, _place, _seq), CASE WHEN _reason IS NOT NULL THEN _rule END AS _rule, "
        f"CASE WHEN _reason IS NOT NULL THEN _landed END AS _bad_raw, _place, _seq FROM ({checked})"
    )


def _unread(table: str, column: Column, text: str, customs: Customs) -> str:
    """SQL: the reason why a text cannot be read as its column."""
    reason = literal(f"{table}.{column.name} cannot be read as {column.sql_type}")
    if two := customs.two_numbers(text):
        why = f"{table}.{column.name} may be two numbers (1,234 or 1.234): its column has decimal commas and decimal points"
        reason = f"CASE WHEN {two} THEN {literal(why)} ELSE {reason} END"
    if MONEY_OF.get(table, ("", ""))[0] != column.name:
        return reason
    both = literal(f"{table}.{column.name} names another currency in its cell than in its header or in {MONEY_OF[table][1]}")
    return f"CASE WHEN contains({text}, {literal(OTHER)}) THEN {both} ELSE {reason} END"


def _kept(column: Column) -> str:
    if column.name == "birth_text":
        return f"coalesce(birth_text, _text_{BIRTH}) AS birth_text"
    return quoted(column.name)
