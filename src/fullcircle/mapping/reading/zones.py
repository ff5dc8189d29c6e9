"""The names of time zones, as people and programs write them. What reads times is times.py; local_times.py finds their zone."""

from __future__ import annotations

import re
from functools import cache

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.reading.times import BY_COUNTRY, ZONES
from fullcircle.mapping.shipped import shipped

_OFFSET = r"(?:utc|gmt)? ?[+-] ?\d{1,2}:?(?:\d\d)?"
_REGION = r"[a-z]+(?:/[a-z0-9_+-]+)+"


@cache
def names() -> dict[str, str]:
    """The names of zones, in small letters -> the zone as times.py reads it."""
    text = shipped("zones.txt")
    known: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            zone, *others = line.split("|")
            known |= dict.fromkeys((zone.lower(), *others), zone.lower())
    return known


def zone_named(text: str, country: str) -> str:
    """The zone that a person named, as times.py reads it; "" if it is none."""
    name = " ".join(text.split()).lower()
    if name in names():
        return names()[name]
    shown = re.match(rf"\(({_OFFSET}|utc|gmt)\)", name)  # (UTC+01:00) Amsterdam, Berlin
    name = shown.group(1) if shown else name
    if name in names():
        return names()[name]
    if name in ZONES or country in BY_COUNTRY.get(name, {}):
        return name
    if re.fullmatch(_OFFSET, name):
        return name.replace(" ", "")
    return name if re.fullmatch(_REGION, name) else ""


def is_zone(engine: Engine, zone: str) -> bool:
    """True if the engine knows the region of the zone; letters and offsets are known by times.py."""
    if "/" not in zone:
        return True
    return bool(engine.value(f"SELECT TRY_CAST({literal(f'2025-01-02 10:00:00 {zone}')} AS TIMESTAMPTZ) IS NOT NULL"))
