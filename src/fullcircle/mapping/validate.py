"""Checks the maps before anything is written; an error for an unknown name suggests the closest valid one. See `validate`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.connectors.landing import Landing
from fullcircle.engine.base import Engine, literal
from fullcircle.errors import ConfigError, FullcircleError, did_you_mean
from fullcircle.mapping.fields import FURTHER, RECORD, Place, json_path, names_in, place_of
from fullcircle.mapping.reading.zones import is_zone, zone_named
from fullcircle.mapping.trial import greedy, try_greedy
from fullcircle.model.progress import Progress
from fullcircle.model.table import Table
from fullcircle.model.tables import CONFORMED

SAMPLE = 2000  # how many records are read first to find the names inside them
OWN_RECORD = {"identifiers", "addresses", "consents"}  # their record is the landed row itself, unless record_id is mapped

KNOWN_BY = {"accounts": ("name",), "records": ("name", "email", "organisation")}  # what `by` can say for a reference to a table


@dataclass(frozen=True, slots=True)
class LandedObject:
    """A landed object and the name of its view in the engine."""

    source: str
    name: str
    view: str
    columns: dict[str, str]
    is_empty: Callable[[], bool]  # only asked where it matters, as it looks at the keys of all rows


@dataclass(frozen=True, slots=True)
class CheckedMap:
    """A map whose names all exist; `refs` holds, for each reference column, the prefix of the ids it points to."""

    settings: MapSettings
    table: Table
    landed: LandedObject
    place: int  # its position in the config: of rows of the same age, that of the earlier map is kept
    refs: dict[str, str] = field(default_factory=dict)


def validate(engine: Engine, landing: Landing, maps: Sequence[MapSettings], progress: Progress) -> list[CheckedMap]:
    """Return the usable maps, each with its landed object opened as a view; raise ConfigError for an unknown name."""
    objects = landing.objects()
    _report_unmapped(objects, maps, progress)
    opened: dict[tuple[str, str], LandedObject] = {}
    checked = []
    for place, settings in enumerate(maps):
        table = _table(settings)
        which = (settings.source, settings.object)
        if which not in objects:
            if settings.optional:
                continue
            raise _unknown_object(settings, objects)
        if which not in opened:
            opened[which] = _open(engine, landing, which, f"landed_{len(opened)}")
        landed = opened[which]
        _check_columns(settings, table)
        _check_zone(engine, settings)
        _check_names(engine, settings, landed)
        _check_sql(engine, settings, landed)
        checked.append(CheckedMap(settings, table, landed, place, _refs(settings, table, maps)))
    return checked


def _report_unmapped(objects: Sequence[tuple[str, str]], maps: Sequence[MapSettings], progress: Progress) -> None:
    mapped = {(each.source, each.object) for each in maps}
    left = [f"{source}.{name}" for source, name in objects if (source, name) not in mapped]
    if left:
        progress.say(f"Not mapped, so not used: {', '.join(left)}. Run `fullcircle map suggest` to get a [[map]] for each.")


def _table(settings: MapSettings) -> Table:
    if settings.to not in CONFORMED:
        raise ConfigError(f'{where(settings)}: there is no table "{settings.to}".', did_you_mean(settings.to, sorted(CONFORMED)))
    return CONFORMED[settings.to]


def where(settings: MapSettings) -> str:
    """The name of a map in messages."""
    return f"[[map]] {settings.source}.{settings.object} to {settings.to}"


def _unknown_object(settings: MapSettings, objects: Sequence[tuple[str, str]]) -> ConfigError:
    of_source = [name for source, name in objects if source == settings.source]
    if not of_source:
        sources = sorted({source for source, _ in objects})
        return ConfigError(
            f'{where(settings)}: nothing was pulled from a source "{settings.source}".', did_you_mean(settings.source, sources)
        )
    return ConfigError(
        f'{where(settings)}: the source "{settings.source}" has no object "{settings.object}".',
        did_you_mean(settings.object, of_source),
    )


def _open(engine: Engine, landing: Landing, which: tuple[str, str], view: str) -> LandedObject:
    engine.run(f"CREATE OR REPLACE TEMP VIEW {view} AS {landing.current_sql(*which, numbered=True)}")
    is_empty = cache(lambda: not engine.rows(f"SELECT 1 FROM {view} LIMIT 1"))
    return LandedObject(which[0], which[1], view, engine.columns(view), is_empty)


def _check_columns(settings: MapSettings, table: Table) -> None:
    own = {column.name for column in table.columns[1:]} - {"source", "object"} | {*FURTHER.get(table.name, ())}
    for name, rule in settings.fields.items():
        if name not in own:
            raise ConfigError(f'{where(settings)}: {table.name} has no column "{name}".', did_you_mean(name, sorted(own)))
        if not (rule.field or rule.fields or rule.sql) and rule.value is None:
            raise ConfigError(f"{where(settings)}: {name} names no source field.", "Add field, fields, sql or value.")
    for column in table.columns[1:]:
        given = column.name in settings.fields or column.name in {"source", "object", "key"}
        if column.required and not given and not (column.name == "record_id" and table.name in OWN_RECORD):
            raise ConfigError(
                f"{where(settings)}: {table.name}.{column.name} must be mapped.", f"Add {column.name} to its fields."
            )


def _check_zone(engine: Engine, settings: MapSettings) -> None:
    if settings.zone:
        zone = zone_named(settings.zone, "")
        if not zone or not is_zone(engine, zone):
            hint = 'Write a region such as "Europe/Berlin", an offset such as "UTC+1", or "UTC".'
            raise ConfigError(f'{where(settings)}: "{settings.zone}" is not a zone that is known.', hint)


# -- names of source fields -----------------------------------------------------------------------------------------------
def _check_names(engine: Engine, settings: MapSettings, landed: LandedObject) -> None:
    """Check that every name a rule reads is a landed column or occurs in at least one raw record."""
    by_path = settings.each if not settings.each.startswith("=") else ""
    if by_path and not json_path(settings.each.removeprefix("$.")):
        if landed.is_empty():
            return
        raise ConfigError(f'{where(settings)}: each = "{settings.each}" is not a path.', 'Write a path such as "order.lines".')
    wanted = [(name, place_of(name, landed.columns, bool(settings.each))) for name in _names(settings)]
    if by_path:
        wanted.append((settings.each, Place(RECORD, json_path(settings.each.removeprefix("$.")))))
    inside = [(name, place) for name, place in wanted if place is None or (place.path and place.first)]
    if not any(place is None or place.column == RECORD for _, place in inside) or landed.is_empty():
        return
    known = _record_names(engine, landed)
    for name, place in inside:
        if place is not None and (place.column != RECORD or place.first in known or _anywhere(engine, landed, place)):
            continue
        raise ConfigError(
            f'{where(settings)}: {settings.source}.{settings.object} has no field "{name}".',
            did_you_mean(name.removeprefix("$."), sorted(known.union(c for c in landed.columns if not c.startswith("_")))),
        )


def _names(settings: MapSettings) -> list[str]:
    return [name for rule in settings.fields.values() for name in names_in(rule)]


def _record_names(engine: Engine, landed: LandedObject) -> set[str]:
    sample = f"SELECT _raw FROM {landed.view} WHERE _raw IS NOT NULL LIMIT {SAMPLE}"
    return {row[0] for row in engine.rows(f"SELECT DISTINCT unnest(json_keys(_raw)) FROM ({sample})")}


def _anywhere(engine: Engine, landed: LandedObject, place: Place) -> bool:
    path = f'$."{place.first}"'
    return bool(engine.rows(f"SELECT 1 FROM {landed.view} WHERE json_exists(_raw, {literal(path)}) LIMIT 1"))


# -- SQL of the user --------------------------------------------------------------------------------------------------------
def _check_sql(engine: Engine, settings: MapSettings, landed: LandedObject) -> None:
    texts = [(f"the sql of {name}", rule.sql) for name, rule in settings.fields.items() if rule.sql]
    texts += [(f"the otherwise of {name}", rule.otherwise) for name, rule in settings.fields.items() if rule.otherwise]
    texts += [("where", settings.where)] if settings.where else []
    more = ", NULL::JSON AS _each, 1 AS _number" if settings.each else ""
    texts += [("each", settings.each[1:])] if settings.each.startswith("=") else []
    for what, sql in texts:
        if refusal := engine.refusal(sql):
            raise ConfigError(
                f"{where(settings)}: {what} does not work: {refusal}.",
                "Write an expression over the landed columns in DuckDB's SQL dialect; it cannot read tables or files.",
            )
    try_greedy(engine, greedy(settings), f"SELECT *{more} FROM {landed.view}", where(settings))
    for what, sql in texts:
        try:
            engine.rows(f"DESCRIBE SELECT ({sql}) FROM (SELECT *{more} FROM {landed.view})")
        except FullcircleError:
            raise
        except Exception as error:  # the engine's own error: it names the column or the position, never a value
            reason = " ".join(line.strip() for line in str(error).splitlines()[:3] if line.strip() and "LINE" not in line)
            hint = "Write an expression over the landed columns in DuckDB's SQL dialect."
            raise ConfigError(f"{where(settings)}: {what} does not work: {reason}", hint) from error


# -- references -----------------------------------------------------------------------------------------------------------
def _refs(settings: MapSettings, table: Table, maps: Sequence[MapSettings]) -> dict[str, str]:
    """The id prefix for each reference column of the map; without `ref` the only matching object is used."""
    found = {}
    for column in table.columns:
        if not column.ref:
            continue
        rule = settings.fields.get(column.name)
        if rule is None:
            if column.name == "record_id" and table.name in OWN_RECORD:
                _must_be_mapped(settings, "record_id", (settings.source, settings.object), column.ref, maps)
            continue
        if rule.ref or not (rule.sql or (rule.value is not None and not rule.field)):
            target = _target(settings, column.name, column.ref, rule, maps)
            _must_be_mapped(settings, column.name, target, column.ref, maps)
            found[column.name] = f"{CONFORMED[column.ref].noun}:{target[0]}:{target[1]}:"
    for name, rule in settings.fields.items():
        if rule.by:
            _check_by(settings, name, rule, table)
        if rule.otherwise:
            _check_otherwise(settings, name, rule, table, maps)
        if rule.ref and name not in found:
            raise ConfigError(
                f"{where(settings)}: {name} has a ref, but {table.name}.{name} is not a reference.", "Remove the ref."
            )
    return found


def _check_otherwise(settings: MapSettings, name: str, rule: FieldRule, table: Table, maps: Sequence[MapSettings]) -> None:
    """`otherwise` is the key of a row that the object itself makes, where the reference to another object is empty."""
    column = table.column(name)
    if not rule.ref or rule.by or not column or not column.ref:
        raise ConfigError(
            f"{where(settings)}: {name} cannot have an otherwise.", "It goes together with a ref, on a reference, and without by."
        )
    _must_be_mapped(settings, name, (settings.source, settings.object), column.ref, maps)


def _check_by(settings: MapSettings, name: str, rule: FieldRule, table: Table) -> None:
    """`by` says how a row of another object is named, where the value is not its key."""
    column = table.column(name)
    ways = KNOWN_BY.get(column.ref or "", ()) if column else ()
    if rule.by not in ways or not rule.ref:
        hint = (
            f"Write by = {' or '.join(repr(one) for one in ways)} together with ref." if ways and rule.ref else "Remove the by."
        )
        raise ConfigError(f'{where(settings)}: {name} cannot be linked by "{rule.by}".', hint)


def _target(settings: MapSettings, name: str, table: str, rule: FieldRule, maps: Sequence[MapSettings]) -> tuple[str, str]:
    """The (source, object) that a rule's `ref` names; object names may contain dots."""
    known = {(each.source, each.object) for each in maps if each.to == table}
    if not rule.ref:
        ours = sorted(which for which in known if which[0] == settings.source)
        if len(ours) == 1:
            return ours[0]
        options = ", ".join(name for _, name in ours)
        hint = f"Set ref to one of: {options}." if options else f"Map an object of {settings.source} to {table} first."
        raise ConfigError(f"{where(settings)}: {name} needs a ref.", hint)
    if (settings.source, rule.ref) in known:
        return settings.source, rule.ref
    for source, object in known:
        if rule.ref == f"{source}.{object}":
            return source, object
    source, _, object = rule.ref.partition(".")
    return (source, object) if any(source == each.source for each in maps) and object else (settings.source, rule.ref)


def _must_be_mapped(settings: MapSettings, name: str, target: tuple[str, str], table: str, maps: Sequence[MapSettings]) -> None:
    known = {(each.source, each.object) for each in maps if each.to == table}
    if target not in known:
        raise ConfigError(
            f"{where(settings)}: {name} points to {target[0]}.{target[1]}, which no map turns into {table}.",
            did_you_mean(f"{target[0]}.{target[1]}", sorted(f"{source}.{object}" for source, object in known)),
        )
