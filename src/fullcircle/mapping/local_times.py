"""The zone of each column of times that are written without one: from the header, from a column beside, or from the map.

`Created (UTC)` and `Time (America/New_York)` name it in the header. `created_at_tz` beside `created_at`, and `Time Zone` beside
`Date` and `Time`, name it in each row. `zone` of the map is for the others. A time that has a zone of its own keeps it. A zone
that is not known is reported, and the time is read as if it had none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.fields import Place, names_in, place_of, text_of
from fullcircle.mapping.reading.zones import is_zone, zone_named
from fullcircle.mapping.validate import CheckedMap
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.table import Table

_HEADER = re.compile(r"[(\[]\s*([^()\[\]]{1,40}?)\s*[)\]]\s*$|[ _](?:in[ _])?(utc|gmt)$", re.IGNORECASE)
_BESIDE = re.compile(r"(?: ?\(?(?:time ?)?zone\)?|time ?zone|tz|zeitzone|fuseau horaire|zona horaria)")
_CLOCK = r"\d[:.h]\d\d|\d ?[AaPp]\.? ?[Mm]\b"
_HAS_ZONE = r"(?i)(z|[+-]\d\d:?\d\d|:\d\d ?[+-]\d\d|\)|\]|[ \d]([a-z]{1,4}t|utc|mez|mesz|msk)|[a-z]+/[a-z/_]+)$"


def in_header(name: str, country: str) -> str:
    """The zone that a header ends with: `Created (UTC)`, `created_utc`; "" if there is none."""
    found = _HEADER.search(name)
    return zone_named(found.group(1) or found.group(2), country) if found else ""


def beside(fields: Sequence[str], columns: Mapping[str, str]) -> str:
    """The column that holds the zone of a time made of these fields; "" if there is none."""
    plain = {re.sub(r"[\s_-]+", " ", name).strip().lower(): name for name in columns if not name.startswith("_")}
    own = [re.sub(r"[\s_-]+", " ", name).strip().lower() for name in fields]
    if len(own) == 2 and own[1] in {"time", "zeit", "uhrzeit", "heure", "hora", "ora", "tijd"}:
        own = [*own, ""]  # a date, its time, and a `Time Zone` that can only be theirs
    for name, column in plain.items():
        rest = next((name.removeprefix(each).strip() for each in reversed(own) if name.startswith(each)), "")
        if column not in fields and rest and _BESIDE.fullmatch(rest):
            return column
    return ""


def zoned(text: str, zone: str) -> str:
    """SQL: the text of a time with the zone (SQL, may be null) where it has a time of day and no zone of its own."""
    bare = f"regexp_matches({text}, '{_CLOCK}') AND NOT regexp_matches({text}, '{_HAS_ZONE}')"
    return f"CASE WHEN {zone} IS NOT NULL AND {bare} THEN {text} || ' ' || {zone} ELSE {text} END"


def zones_of(engine: Engine, map_: CheckedMap, table: Table, country: str, progress: Progress) -> dict[str, str]:
    """SQL for the zone of each column of times for which the map, a header or a column beside says one other than UTC."""
    settings, columns, found = map_.settings, map_.landed.columns, {}
    for column in table.columns:
        rule = settings.fields.get(column.name)
        if column.sql_type != "TIMESTAMP" or rule is None:
            continue
        fields = names_in(rule)
        named = next((zone for field in reversed(fields) if (zone := in_header(field, country)) and is_zone(engine, zone)), "")
        places = [place_of(field, columns, bool(settings.each)) for field in fields]
        written = any(one is not None and columns.get(one.column) == "VARCHAR" for one in places)
        where = beside(fields, columns) if written and not settings.each and not named else ""
        known, lost = zones_in(engine, map_.landed.view, where, columns, country) if where else ({}, 0)
        if lost:
            progress.say(
                f"{table.name}.{column.name} from {settings.source}.{settings.object}: {where} names a zone that is not known in "
                f"{counted(lost, 'row')}. Their times were read as {settings.zone or 'UTC'}."
            )
        constant = named or zone_named(settings.zone, country)
        constant = "" if constant == "utc" else constant
        known = {text: zone for text, zone in known.items() if zone != (constant or "utc")} if not constant else known
        sql = _zone_sql(where, columns, known, literal(constant) if constant else "NULL")
        if sql != "NULL":
            found[column.name] = sql
    return found


def _zone_sql(column: str, columns: Mapping[str, str], known: Mapping[str, str], otherwise: str) -> str:
    """SQL: the zone in this column, or the constant. `known`: what is in it -> the zone."""
    if not known:
        return otherwise
    listed = ", ".join(f"{literal(text)}: {literal(zone)}" for text, zone in known.items())
    return f"coalesce(MAP {{{listed}}}[{text_of(Place(column), columns)}], {otherwise})"


def zones_in(engine: Engine, view: str, column: str, columns: Mapping[str, str], country: str) -> tuple[dict[str, str], int]:
    """What is in a column of zones -> the zone, and the number of rows with one that is not known."""
    text = text_of(Place(column), columns)
    found = engine.rows(f"SELECT {text} AS zone, count(*) FROM {view} GROUP BY ALL HAVING zone IS NOT NULL ORDER BY zone")
    known = {text: zone for text, _ in found if (zone := zone_named(text, country)) and is_zone(engine, zone)}
    return known, sum(number for text, number in found if text not in known)
