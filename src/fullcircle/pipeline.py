"""THE STORY: pull -> conform -> check -> resolve -> graph -> insights -> publish.

Each stage is a function of the one before it. A stage whose input, settings and code version are those of the last time
is skipped, so `run` after a crash continues where it stopped and `run` with nothing new is quick. A stage is noted as
done only when all it made is durable.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from fullcircle import __version__
from fullcircle.config.sections import Config, MapSettings, SourceSettings
from fullcircle.connectors.pull import pull
from fullcircle.desk import Desk
from fullcircle.errors import FullcircleError, NotFound
from fullcircle.graph.open import drop_embedded, graph_path, open_store
from fullcircle.graph.sync import sync
from fullcircle.graph.tables.build import build
from fullcircle.identity.judgements import Judgements
from fullcircle.identity.resolve import resolve
from fullcircle.insights.compute import compute
from fullcircle.mapping.conform import conform
from fullcircle.mapping.defaults import maps_for
from fullcircle.model.graph import EDGES, VERTEX_INSIGHT, VERTICES
from fullcircle.publish.send import send
from fullcircle.quality.gate import gate

Counts = dict[str, int]
FROM_SOURCES = [
    *(label for label in VERTICES if label not in VERTEX_INSIGHT),
    *(k for k, edge in EDGES.items() if not edge.insight),
]
FROM_INSIGHTS = [*VERTEX_INSIGHT, *(k for k, edge in EDGES.items() if edge.insight)]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person at the front door wants of a run."""

    only: Sequence[str] = ()  # stages; none named: all
    sources: Sequence[str] = ()  # for pull; none named: all
    again: bool = False  # do every stage, changed or not
    verify: bool = False  # compare with what really is in the graph, not with what was last written
    rebuild_graph: bool = False  # throw the embedded graph away first
    dry_run: bool = False  # compute all, but write neither the graph nor the targets: say what would be written


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one stage. `skipped`: nothing had changed, the counts are those of the last time."""

    stage: str
    counts: Counts
    seconds: float
    skipped: bool = False


def run(desk: Desk, choice: Choice = Choice()) -> list[Done]:
    """Run the stages in order and note in the book how it went."""
    number = desk.log.begin()
    try:
        done = [_once(desk, choice, stage) for stage in STAGES if not choice.only or stage in choice.only]
    except BaseException as error:
        desk.log.end(number, error.code if isinstance(error, FullcircleError) else type(error).__name__)
        raise
    desk.log.end(number)
    return done


# -- the stages --------------------------------------------------------------------------------------------------------


def _pull(desk: Desk, choice: Choice) -> Counts:
    objects = pull(_pulled(desk.config), desk.config.folder, desk.landing, desk.progress, choice.sources).objects
    return {
        "rows": sum(found.rows for found in objects), "deleted": sum(found.deleted for found in objects),
        "rejected": sum(found.rejected for found in objects), "objects": len(objects),
    }  # fmt: skip


def _pulled(settings: Config) -> dict[str, SourceSettings]:
    """The sources to pull: not those that only lend a table to a join (a warehouse)."""
    mapped = {entry.source for entry in all_maps(settings)}
    only_joined = {join.source for join in settings.publish.joins} - mapped
    return {name: source for name, source in settings.sources.items() if name not in only_joined}


def _conform(desk: Desk, _: Choice) -> Counts:
    return conform(desk.engine, desk.landing, all_maps(desk.config), desk.config.project.country, desk.progress)


def _check(desk: Desk, _: Choice) -> Counts:
    return gate(desk.engine, desk.config.quality, desk.progress)


def _resolve(desk: Desk, _: Choice) -> Counts:
    return resolve(desk.engine, desk.book, desk.config.identity, desk.progress)


def _graph(desk: Desk, choice: Choice) -> Counts:
    if choice.rebuild_graph and not choice.dry_run:
        drop_embedded(desk.config)
    build(desk.engine, desk.progress)
    return _sync(desk, choice, FROM_SOURCES)


def _insights(desk: Desk, choice: Choice) -> Counts:
    findings = compute(desk.engine, desk.config.insights, desk.progress)
    made = {found.insight: found.tables.get(f"insight_{found.insight}", 0) for found in findings}
    return {**made, **_sync(desk, choice, FROM_INSIGHTS)}


def _publish(desk: Desk, choice: Choice) -> Counts:
    if choice.dry_run:
        return {}
    sent = send(desk.engine, desk.config.publish, desk.config.folder, desk.config.home, desk.config.sources, desk.progress)
    return {
        "tables": len(sent), "rows": sum(one.rows for one in sent),
        "written": sum(one.inserted + one.changed for one in sent), "deleted": sum(one.deleted for one in sent),
    }  # fmt: skip


STAGES: dict[str, Callable[[Desk, Choice], Counts]] = {
    "pull": _pull, "conform": _conform, "check": _check, "resolve": _resolve,
    "graph": _graph, "insights": _insights, "publish": _publish,
}  # fmt: skip


def _sync(desk: Desk, choice: Choice, labels: Sequence[str]) -> Counts:
    with open_store(desk.config) as store:
        store.prepare()
        synced = sync(desk.engine, store, desk.book, labels, desk.progress, dry_run=choice.dry_run, verify=choice.verify)
    return {"written": sum(synced.written.values()), "removed": sum(synced.deleted.values())}


def all_maps(settings: Config) -> tuple[MapSettings, ...]:
    """The field mappings of the config, and the built-in ones for source objects that it does not map."""
    own = {(entry.source, entry.object) for entry in settings.map}
    return settings.map + tuple(entry for entry in maps_for(settings.sources) if (entry.source, entry.object) not in own)


# -- what is done already ----------------------------------------------------------------------------------------------


def _once(desk: Desk, choice: Choice, stage: str) -> Done:
    """Do a stage, or skip it when it was finished over the same input."""
    desk.progress.stage(stage)
    started = time.perf_counter()
    fingerprint = _fingerprint(desk, stage)
    last = desk.log.last(stage)
    forced = bool(choice.only) or choice.again or choice.verify or choice.rebuild_graph or choice.dry_run
    if stage != "pull" and last and last.fingerprint == fingerprint and not forced:
        return Done(stage, last.counts, time.perf_counter() - started, skipped=True)
    if not choice.dry_run:
        desk.log.undo(stage)
    counts = STAGES[stage](desk, choice)
    seconds = time.perf_counter() - started
    if not choice.dry_run:
        desk.log.done(stage, _fingerprint(desk, stage), counts, seconds)
    return Done(stage, counts, seconds)


def _fingerprint(desk: Desk, stage: str) -> str:
    """Of everything a stage's result depends on: the stage before it, its own settings, this version of the code."""
    settings = desk.config
    own: dict[str, Callable[[], list[object]]] = {
        "pull": lambda: [desk.landing.fingerprint()],
        "conform": lambda: [all_maps(settings), settings.project.country],
        "check": lambda: [settings.quality],
        "resolve": lambda: [settings.identity, Judgements(desk.book).list()],
        "graph": lambda: [settings.graph, graph_path(settings).exists()],
        "insights": lambda: [settings.insights, date.today() if settings.insights.as_of == "today" else ""],
        "publish": lambda: [settings.publish],
    }
    order = list(STAGES)
    before = order[order.index(stage) - 1] if stage != "pull" else ""
    previous = desk.log.last(before) if before else None
    if before and previous is None:
        raise NotFound(f"The stage {stage} needs the stage {before}, which has not been run yet.", "`fullcircle run` runs all.")
    text = repr([__version__, previous.fingerprint if previous else "", own[stage]()])
    return hashlib.sha256(text.encode()).hexdigest()
