"""When an insight is computed again: whenever something changed, or at most so often as [insights.every] says.

What one order changes in the relations of all customers can wait for the night. Until then the last answers stay, without those
about customers and products that are gone. They are computed earlier if the options change, or somebody is found to have died.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from hashlib import sha256

from fullcircle import __version__
from fullcircle.config.sections import InsightSettings
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.errors import ConfigError, did_you_mean
from fullcircle.insights.base import Finding, owned_labels
from fullcircle.insights.tables import THE_DEAD, know_the_dead
from fullcircle.model.graph import EDGES, VERTICES

DONE = "insight_done"  # (name, at, basis): when each was computed, and with what
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def intervals(settings: InsightSettings, known: list[str]) -> dict[str, timedelta]:
    """[insights.every]: how often each of the named insights is due. ConfigError for an unknown name or interval."""
    made = {}
    for name, text in settings.every.items():
        if name not in known:
            raise ConfigError(f'Unknown insight "{name}" in [insights.every].', did_you_mean(name, known))
        found = re.fullmatch(r"(\d{1,4})\s*([mhd])", text.strip())
        if found is None:
            raise ConfigError(
                f'[insights.every] {name} = "{text}" is not an interval.', 'Write minutes, hours or days: "30m", "12h", "1d".'
            )
        made[name] = timedelta(**{UNITS[found[2]]: int(found[1])})
    return made


def basis(engine: Engine, options: object, as_of: str) -> str:
    """A text that changes with what answers depend on besides orders: options, version, who died."""
    know_the_dead(engine)
    dead = engine.value(f"SELECT concat(count(*), ' ', coalesce(sum(hash(customer_id)), 0)) FROM {THE_DEAD}")
    return sha256(repr((options, as_of, __version__, dead)).encode()).hexdigest()[:16]


def last(engine: Engine, name: str) -> tuple[datetime, str] | None:
    """When an insight was last computed, and with what basis."""
    if not engine.has(DONE):
        return None
    found = engine.rows(f'SELECT "at", basis FROM {DONE} WHERE name = {literal(name)}')
    return (found[0][0], found[0][1]) if found else None


def due(engine: Engine, every: dict[str, timedelta], now: datetime) -> list[str]:
    """The names with an interval that are due by the clock. One that was computed in the future is, as the clock was set back."""
    seen = {name: last(engine, name) for name in every}
    return sorted(name for name, found in seen.items() if found is None or not timedelta() <= now - found[0] < every[name])


def note(engine: Engine, name: str, basis: str, now: datetime) -> None:
    """An insight was computed."""
    engine.run(f'CREATE TABLE IF NOT EXISTS {DONE} (name VARCHAR, "at" TIMESTAMP, basis VARCHAR)')
    engine.run(f"DELETE FROM {DONE} WHERE name = {literal(name)}")
    engine.run(f"INSERT INTO {DONE} VALUES ({literal(name)}, CAST({literal(now)} AS TIMESTAMP), {literal(basis)})")


def keep(engine: Engine, name: str) -> Finding:
    """The last answers of an insight, without those about customers and products that are gone."""
    tables = [f"insight_{name}"] if engine.has(f"insight_{name}") else []
    for table in tables:
        for column in (one for one, type_ in engine.columns(table).items() if one.endswith("_id") and type_ == "VARCHAR"):
            for kind, of in (("customer", "customers"), ("product", "products")):
                engine.run(
                    f"DELETE FROM {table} WHERE starts_with({quoted(column)}, '{kind}:') "
                    f"AND {quoted(column)} NOT IN (SELECT {kind}_id FROM {of})"
                )
    labels = owned_labels(name)
    for label in (one for one in labels if one in EDGES):
        for side, place in (("source", 0), ("target", 1)):
            there = " UNION ALL ".join(f"SELECT id FROM {VERTICES[pair[place]].table}" for pair in EDGES[label].joins)
            engine.run(f"DELETE FROM {EDGES[label].table} WHERE {side} NOT IN ({there})")
        tables.append(EDGES[label].table)
    for label in (one for one in labels if one in VERTICES):
        ends = [one for one in labels if one in EDGES and any(label in pair for pair in EDGES[one].joins)]
        if ends:
            held = " UNION ALL ".join(
                f"SELECT source AS id FROM {EDGES[one].table} UNION ALL SELECT target FROM {EDGES[one].table}" for one in ends
            )
            engine.run(f"DELETE FROM {VERTICES[label].table} WHERE id NOT IN ({held})")
        tables.append(VERTICES[label].table)
    return Finding(name, {table: engine.count(table) for table in tables})
