"""Finds the landed rows that the rows of certain people come from: start at `landed_of`.

A landed row may make rows of several tables, and these may be of several people: an order of one, sent to another. Such a row is
not taken away with one of them. Then only the fields are named that the maps read for that person's rows alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from fullcircle.config.sections import MapSettings
from fullcircle.connectors.landing import Landing
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.fields import RECORD, json_path, names_in, place_of, text_sql
from fullcircle.mapping.staging import rows_of, text_select
from fullcircle.mapping.validate import CheckedMap, validate
from fullcircle.model.progress import Silent
from fullcircle.model.table import Table
from fullcircle.model.tables import CONFORMED

TRACED, IDS, LANDED, ELEMENTS = "traced", "traced_ids", "traced_landed", "traced_elements"
ROWS_OF_TABLES = ("main", "conformed")


@dataclass(frozen=True, slots=True)
class Traced:
    """What was found: how many ids of rows, whole landed rows, and landed rows that are also about others."""

    ids: int
    rows: int
    shared: int


def trace(
    engine: Engine, landing: Landing, maps: Sequence[MapSettings], only: Set[tuple[str, str]] | None = None
) -> list[CheckedMap]:
    """Make `traced`: for each row that the maps make of any landed version: its id, its owners, and where it is landed.

    `only`: the objects (source, name) to look at; None: all.
    """
    checked = validate(engine, landing, maps, Silent())
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE {TRACED} (name VARCHAR, place INTEGER, source VARCHAR, object VARCHAR, landed VARCHAR, "
        "id VARCHAR, owners VARCHAR[], by_place BOOLEAN)"
    )
    for each in checked:
        which = (each.settings.source, each.settings.object)
        engine.run(f"DROP VIEW IF EXISTS {_every(each)}")
        if only is not None and which not in only:
            continue
        view = _every(each)
        engine.run(f"CREATE OR REPLACE TEMP VIEW {view} AS {landing.every_sql(*which)}")
        every = replace(each, landed=replace(each.landed, view=view))
        engine.run(
            f"INSERT INTO {TRACED} SELECT DISTINCT {literal(each.table.name)}, {each.place}, {literal(which[0])}, "
            f"{literal(which[1])}, _landed, {each.table.key}, {_owners(each.table)}, "
            f"{by_place(each)} FROM ({text_select(every, each.table, {})})"
        )
    return checked


def begin(engine: Engine) -> None:
    """Make `traced_ids` (id, erasure), empty."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE {IDS} (id VARCHAR, erasure VARCHAR)")


def landed_of(engine: Engine, checked: Sequence[CheckedMap], tables: bool = True) -> Traced:
    """From the ids in `traced_ids` (of records, to begin with) to all that is theirs.

    Adds the ids of what these people have, and makes `traced_landed` (source, object, landed, erasure, patch): the landed rows;
    `patch` is a JSON merge patch that empties the fields about these people, or null where the whole row is theirs. With
    `tables` what the last run found out about owners counts, too.
    """
    sources = [f"SELECT name, id, owners FROM {TRACED}", *(_made(engine) if tables else ())]
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE traced_owned AS SELECT DISTINCT name, id, unnest(owners) AS owner "
        f"FROM ({' UNION ALL '.join(sources)}) WHERE id IS NOT NULL"
    )
    known = -1
    while known != (known := engine.count(IDS)):
        engine.run(
            f"INSERT INTO {IDS} SELECT o.id, min(i.erasure) FROM traced_owned o JOIN {IDS} i ON i.id = o.owner "
            f"WHERE o.id NOT IN (SELECT id FROM {IDS}) AND o.id NOT IN ({_WITH_OTHERS}) GROUP BY o.id"
        )
    engine.run("DROP TABLE traced_owned")
    _find_landed(engine, checked)
    _find_elements(engine, checked)
    whole, shared = engine.rows(f"SELECT count(*) FILTER (patch IS NULL), count(patch) FROM {LANDED}")[0]
    return Traced(engine.count(IDS), int(whole), int(shared))


_OWNED = {
    name for name, table in CONFORMED.items() if table.column("record_id") and name not in ("records", "identifiers", "addresses")
}
# SQL: the interactions in which others take part: they stay when one of the people goes.
_WITH_OTHERS = f"""
    SELECT p.owner FROM traced_owned p JOIN traced_owned r ON r.id = p.id AND r.owner <> p.owner
    WHERE p.name = 'participants' AND p.owner LIKE 'interaction:%' AND r.owner NOT IN (SELECT id FROM {IDS})"""


def _owners(table: Table) -> str:
    """SQL: what a row goes with: its record, what else it requires, and where it has no record an order that it speaks of."""
    own = ["record_id"] if table.column("record_id") and table.key != "record_id" else []
    required = [quoted(one.name) for one in table.columns if one.ref in _OWNED and one.required]
    loose = [quoted(one.name) for one in table.columns if one.ref in _OWNED and not one.required] if own else []
    parts = [*own, *required, *(f"CASE WHEN record_id IS NULL THEN {name} END" for name in loose)]
    return f"list_filter([{', '.join(parts)}], lambda o: o IS NOT NULL)" if parts else "CAST([] AS VARCHAR[])"


def _made(engine: Engine) -> Iterator[str]:
    """SELECTs of the owners as the last run has them, whatever the maps say: links by name, orders of their invoices ..."""
    for schema in ROWS_OF_TABLES:
        for name, table in CONFORMED.items():
            if engine.has(f"{schema}.{name}") and _owners(table) != "CAST([] AS VARCHAR[])":
                yield f"SELECT {literal(name)}, {table.key}, {_owners(table)} FROM {schema}.{name}"


def _find_landed(engine: Engine, checked: Sequence[CheckedMap]) -> None:
    """Group the traced rows by landed row: which maps made rows of these people of it, and which made rows of others."""
    engine.run(f"""
        CREATE OR REPLACE TEMP TABLE {LANDED} AS
        WITH found AS (
            SELECT t.*, coalesce(i.erasure, o.erasure) AS erasure, i.id IS NOT NULL AS whole
            FROM {TRACED} t LEFT JOIN {IDS} i ON i.id = t.id LEFT JOIN {IDS} o ON o.id = t.owners[1])
        SELECT source, object, landed, min(erasure) AS erasure,
            list_sort(list(DISTINCT place) FILTER (erasure IS NOT NULL)) AS ours,
            list_sort(coalesce(list(DISTINCT place) FILTER (NOT whole AND (name = 'records' OR len(owners) > 0)), [])) AS others,
            CAST(NULL AS VARCHAR) AS patch
        FROM found GROUP BY source, object, landed HAVING count(erasure) > 0""")
    at = {each.place: each for each in checked}
    for ours, others in engine.rows(f"SELECT DISTINCT ours, others FROM {LANDED} WHERE len(others) > 0"):
        patch = _patch([at[one] for one in ours], [at[one] for one in others])
        engine.run(
            f"UPDATE {LANDED} SET patch = $patch WHERE ours = $ours AND others = $others",
            {"patch": patch, "ours": ours, "others": others},
        )


def by_place(map_: CheckedMap) -> bool:
    """True if the ids of the map are those of places in an array: when an element goes, the next one gets its id."""
    return bool(map_.settings.each) and "key" not in map_.settings.fields


def _every(map_: CheckedMap) -> str:
    return f"every_{map_.landed.view}"


def _find_elements(engine: Engine, checked: Sequence[CheckedMap]) -> None:
    """Make `traced_elements` (source, object, landed, erasure, path, element): elements of arrays, in rows about others, too."""
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE {ELEMENTS} "
        "(source VARCHAR, object VARCHAR, landed VARCHAR, erasure VARCHAR, path VARCHAR, element VARCHAR)"
    )
    for each in checked:
        settings, path = each.settings, _path(each.settings.each)
        if not path or not engine.has(_every(each)):
            continue
        own = settings.fields.get("key")
        key = text_sql(own, each.landed.columns, True) if own else "_key"
        tail = f" || {literal(f':{settings.key}')}" if settings.key else ""
        tail += "" if own else " || ':' || CAST(_number AS VARCHAR)"
        id = f"{literal(f'{each.table.noun}:{settings.source}:{settings.object}:')} || {key}{tail}"
        every = replace(each, landed=replace(each.landed, view=_every(each)))
        engine.run(
            f"INSERT INTO {ELEMENTS} SELECT DISTINCT l.source, l.object, l.landed, i.erasure, "
            f"{literal(json.dumps(path))}, element "
            f"FROM (SELECT _key, {id} AS id, CAST(_each AS VARCHAR) AS element FROM {rows_of(every)}) e "
            f"JOIN {IDS} i USING (id) "
            f"JOIN {LANDED} l ON l.landed = e._key AND l.source = {literal(settings.source)} "
            f"AND l.object = {literal(settings.object)} AND l.patch IS NOT NULL"
        )


def _path(each: str) -> list[str]:
    """The names on the way to the array of a map, from the outside in; empty where it is SQL, or an array within arrays."""
    path = "" if each.startswith("=") else json_path(each.removeprefix("$.")) if each else ""
    return [] if "[" in path else re.findall(r'"((?:[^"\\]|\\.)*)"', path)


def _patch(ours: Sequence[CheckedMap], others: Sequence[CheckedMap]) -> str:
    """A JSON merge patch that empties what `ours` read and `others` do not; of one map for both, the reference to the owner."""
    kept = {path for each in others for path in paths_of(each)} if ours != others else set()
    apart = [each for each in ours if each not in others]
    gone = {path for each in apart for path in paths_of(each)} - kept
    for each in ours:
        if each in others or not (gone or kept):
            gone |= set(paths_of(each, only="record_id"))
    patch: dict[str, object] = {}
    for path in sorted(gone):
        here = patch
        for name in path[:-1]:
            inner = here.setdefault(name, {})
            if not isinstance(inner, dict):
                break
            here = inner
        else:
            here[path[-1]] = None
    return json.dumps(patch)


def paths_of(map_: CheckedMap, only: str = "") -> list[tuple[str, ...]]:
    """The fields of the landed row that a map reads, as names from the outside in; lists are fields as a whole."""
    settings, columns = map_.settings, map_.landed.columns
    found: list[tuple[str, ...]] = []
    for name, rule in settings.fields.items():
        if only and name != only:
            continue
        for field in names_in(rule):
            place = place_of(field, columns, bool(settings.each))
            if place is None or place.column == "_each":
                continue
            found.append(tuple(re.findall(r'"((?:[^"\\]|\\.)*)"', place.path.split("[")[0])) if place.path else (place.column,))
        words = set(re.findall(r"\w+", rule.sql.lower())) if rule.sql else set()
        found += [(column,) for column in columns if column.lower() in words and not column.startswith("_")]
    return [path for path in found if path and path[0] != RECORD]
