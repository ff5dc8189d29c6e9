"""Computes the insights named in the config, each after those it needs. Start here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from fullcircle import registry
from fullcircle.config.sections import ConsentSettings, InsightSettings, SegmentSettings
from fullcircle.engine.base import Engine
from fullcircle.errors import ConfigError, NotFound, did_you_mean
from fullcircle.insights import due as when_due
from fullcircle.insights.base import ChecksInsight, Finding, Insight, InsightContext, MakesOffers
from fullcircle.insights.consent import answer_consents, without_refused
from fullcircle.insights.offers.chosen import forget_trial
from fullcircle.insights.offers.moves import leave
from fullcircle.insights.segments.members import INSIGHT as SEGMENTS
from fullcircle.insights.segments.members import check_segments, fill_segments
from fullcircle.insights.tables import empty
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress
from fullcircle.model.tables import CUSTOMER_RETURNS

ROOM = "insights"
ALLOWED = ConsentSettings()
NO_SEGMENTS: Mapping[str, SegmentSettings] = {}
OWNERS = {*(label.insight for label in VERTICES.values()), *(label.insight for label in EDGES.values())} - {""}


def compute(
    engine: Engine,
    settings: InsightSettings,
    progress: Progress,
    again: bool = False,
    consent: ConsentSettings = ALLOWED,
    segments: Mapping[str, SegmentSettings] = NO_SEGMENTS,
) -> list[Finding]:
    """Fill the tables of the named insights and of those they need, then the segments; returns the findings in that order.

    The table of what customers agreed to is made first, and offers to those who refused are taken out: see consent.py. The graph
    tables of all other insights are emptied, so that a sync removes their old answers from the graph. Raises NotFound for an
    unknown insight or if the tables it reads are not there, and ConfigError for an unknown option, a wrong `as_of`, or insights
    that need each other.
    """
    if not engine.has(CUSTOMER_RETURNS.name):
        raise NotFound(
            "The tables that insights read are not there, or an older version made them.",
            "Run `fullcircle run`: it makes them first.",
        )
    plugins = in_order(settings.names)
    options = _options(settings)
    answer_consents(engine)
    now = as_of(engine, settings.as_of)
    due = None if again else when_due.intervals(settings, registry.names(ROOM))
    found: list[Finding] = []
    kept: dict[str, Any] = {}
    for plugin in plugins:
        progress.step(f"insight {plugin.name}")
        context = InsightContext(engine, now, progress, options.get(plugin.name, {}), kept)
        made = _compute(plugin, context, settings, due or {})
        offers = isinstance(plugin, MakesOffers) and plugin.makes_offers
        found.append(without_refused(engine, made, consent, progress) if offers else made)
    leave(engine)
    found += fill_segments(engine, segments, consent, now.date(), progress)
    for name in sorted(OWNERS - {plugin.name for plugin in plugins} - {SEGMENTS}):
        empty(engine, name)
        forget_trial(engine, name)
    return found


def _compute(plugin: Insight, context: InsightContext, settings: InsightSettings, every: Mapping[str, timedelta]) -> Finding:
    """Compute an insight, or keep its last answers because it is not due."""
    if plugin.name not in settings.every:
        return plugin.compute(context)
    engine, name, clock = context.engine, plugin.name, datetime.now(UTC).replace(tzinfo=None)
    basis, before = when_due.basis(engine, context.options, settings.as_of), when_due.last(engine, name)
    if name in every and before and before[1] == basis and not when_due.due(engine, {name: every[name]}, clock):
        again = before[0] + every[name]
        context.progress.say(f"{name}: the answers of {before[0]:%Y-%m-%d %H:%M} UTC are kept until {again:%Y-%m-%d %H:%M}.")
        return when_due.keep(engine, name)
    made = plugin.compute(context)
    when_due.note(engine, name, basis, clock)
    return made


def due(engine: Engine, settings: InsightSettings) -> list[str]:
    """The insights with an interval that are to be computed now, by the clock."""
    every = when_due.intervals(settings, registry.names(ROOM)) if settings.every else {}
    return when_due.due(engine, every, datetime.now(UTC).replace(tzinfo=None))


def check_options(settings: InsightSettings, segments: Mapping[str, SegmentSettings] = NO_SEGMENTS) -> None:
    """ConfigError or NotFound for what in [insights] and [segments] is known to be wrong before any work."""
    options = _options(settings)
    check_segments(segments)
    if settings.every:
        when_due.intervals(settings, registry.names(ROOM))
    if settings.as_of not in {"newest", "today"}:
        _moment(settings.as_of)
    for plugin in in_order(settings.names):
        if isinstance(plugin, ChecksInsight):
            plugin.check_options(options.get(plugin.name, {}))


def in_order(names: Sequence[str]) -> list[Insight]:
    """The named insights and all they need, each after those it needs, otherwise in the order named."""
    done: dict[str, Insight] = {}

    def add(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise ConfigError(
                f"The insights {' -> '.join((*path, name))} need each other, so none of them can be computed first.",
                "Remove one of these names from `after` of the insight before it.",
            )
        if name in done:
            return
        plugin: Insight = registry.load(ROOM, name)
        for needed in plugin.after:
            add(needed, (*path, name))
        done[name] = plugin

    for name in names:
        add(name, ())
    return list(done.values())


def as_of(engine: Engine, setting: str) -> datetime:
    """The moment the insights take as "now", in UTC without a time zone.

    `newest` is the newest order or return that is not in the future (one mistyped year must not make all customers look
    lapsed; now, if there is none), `today` the end of today, a date the end of that day, and a date with a time that moment.
    """
    if setting == "newest":
        now = datetime.now(UTC).replace(tzinfo=None)
        orders = "SELECT ordered_at FROM customer_orders UNION ALL SELECT ordered_at FROM customer_returns"
        return engine.value(f"SELECT max(ordered_at) FROM ({orders}) WHERE ordered_at <= $now", {"now": now}) or now
    if setting == "today":
        return _end(datetime.now(UTC).date())
    return _moment(setting)


def _moment(setting: str) -> datetime:
    try:
        return _end(date.fromisoformat(setting))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(setting)
    except ValueError as error:
        raise ConfigError(
            f'[insights] as_of = "{setting}" is not a date.', 'Write "newest", "today" or a date like "2026-03-31".'
        ) from error
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _end(day: date) -> datetime:
    return datetime.combine(day, time.max)


def _options(settings: InsightSettings) -> dict[str, dict[str, Any]]:
    known = registry.names(ROOM)
    for name, value in settings.options.items():
        if name not in known:
            raise ConfigError(f'Unknown key "{name}" in [insights].', did_you_mean(name, ["as_of", "names", *known]))
        if not isinstance(value, dict):
            raise ConfigError(f"[insights] {name} must be a section.", f"Write [insights.{name}] and put its options below it.")
    return settings.options
