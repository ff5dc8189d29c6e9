"""THE STORY: pull -> conform -> check -> resolve -> graph -> insights -> publish.

The table STAGES lists the stages and what each depends on; stage.py runs or skips one. After a crash, `run` therefore
continues at the stage where it stopped, and it is quick if nothing changed. Rooms are imported where they are used, so that
help and status can read the table without loading an engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from fullcircle.errors import FullcircleError, SourcesFailed, StoreUnreachable
from fullcircle.stage import EVERYTHING, Choice, Counts, Done, Stage, run_stage

if TYPE_CHECKING:
    from fullcircle.config.sections import Config, MapSettings, SourceSettings
    from fullcircle.connectors.erased_rows import ErasedRows
    from fullcircle.connectors.pull import PullWish
    from fullcircle.desk import Desk
    from fullcircle.govern.suppressed import Suppressed
    from fullcircle.mapping.given import GivenConsent


def run(desk: Desk, choice: Choice = EVERYTHING) -> list[Done]:
    """Run the stages in order and record the outcome in the run log. SourcesFailed, at the end, if some could not be read."""
    number = desk.log.begin()
    desk.failed.clear()
    try:
        _look_at_server(desk, choice)
        done = [run_stage(desk, choice, stage) for stage in _chosen(choice)]
        if desk.failed:
            raise SourcesFailed.of(desk.failed, done)
    except BaseException as error:
        desk.log.end(number, error.code if isinstance(error, FullcircleError) else type(error).__name__)
        raise
    desk.log.end(number)
    return done


def _chosen(choice: Choice) -> Sequence[Stage]:
    names = [stage.name for stage in STAGES]
    begin = names.index(choice.first) if choice.first else 0
    return [stage for stage in STAGES[begin:] if not choice.only or stage.name in choice.only]


def _look_at_server(desk: Desk, choice: Choice) -> None:
    """Notice that a graph server was emptied or restored since the last run. Unreachable: its stages say so if they must run."""
    from fullcircle.graph.open import is_embedded
    from fullcircle.home.examine import check_stamp

    if (not choice.only or "graph" in choice.only) and not is_embedded(desk.config):
        with suppress(StoreUnreachable):
            check_stamp(desk.config, desk.book, desk.progress)


# -- the stages --------------------------------------------------------------------------------------------------------


def _pull_wish(config: Config, choice: Choice) -> PullWish:
    from fullcircle.connectors.pull import PullWish

    return PullWish(choice.sources, choice.anew, choice.since, choice.at_once or config.pull.at_once)


def _pull(desk: Desk, choice: Choice) -> Counts:
    from fullcircle.connectors.pull import pull

    config, wish = desk.config, _pull_wish(desk.config, choice)
    with _without_erased(desk) as erased:
        found = pull(_pulled(config), config.folder, desk.landing, desk.progress, wish, config.project.country, erased)
    desk.failed.update(found.failed)
    for source, error in found.failed.items():
        if _is_in_pieces(desk, source):
            raise error  # what is not read yet would count as deleted
    objects = found.objects
    counts = {
        "rows": sum(found.rows for found in objects), "deleted": sum(found.deleted for found in objects),
        "rejected": sum(found.rejected for found in objects), "objects": len(objects),
    }  # fmt: skip
    return counts | ({"failed_sources": len(found.failed)} if found.failed else {})


def _is_in_pieces(desk: Desk, source: str) -> bool:
    """True if not all is there of a source that was there before: it was lost, and is being read from the start."""
    landing = desk.landing
    lost = any(landing.lost(source, object) for one, object in landing.objects() if one == source)
    return lost or landing.pulls.in_pieces(source)


def _listed(desk: Desk) -> Suppressed:
    """The list of erased people; its copy is beside the landed files, in a dry run too."""
    from fullcircle.govern.suppressed import Suppressed
    from fullcircle.home.folder import ERASED

    return Suppressed(desk.book, desk.landing.root.parent / ERASED)


@contextmanager
def _erased(desk: Desk) -> Iterator[ErasedRows | None]:
    """The list of erased people, open for looking at rows; None while nobody is on it."""
    from fullcircle.connectors.erased_rows import erased_rows

    suppressed = _listed(desk)
    if not suppressed.any():
        yield None
        return
    with erased_rows(desk.engine, suppressed) as erased:
        yield erased


@contextmanager
def _without_erased(desk: Desk) -> Iterator[ErasedRows | None]:
    """Keep the rows of erased people out of a pull; none of this costs anything while nobody is erased.

    Before it, what is on the list and not yet applied is taken out of what is landed: a killed erasure, a restored backup. After
    it, rows that only point to somebody erased.
    """
    from fullcircle.connectors.erased_rows import erased_rows, take_out
    from fullcircle.mapping.follow_erased import follow

    suppressed = _listed(desk)
    if not suppressed.any():
        yield None
        return
    before = desk.landing.fingerprint()
    with erased_rows(desk.engine, suppressed) as erased:
        applied = suppressed.is_applied()
        if not applied:
            take_out(erased, desk.landing, desk.progress)
        there = {which: desk.landing.files(*which) for which in desk.landing.objects()}
        yield erased
    if applied and desk.landing.fingerprint() == before:
        return
    new = {which for which in desk.landing.objects() if desk.landing.files(*which) != there.get(which)}
    if follow(desk.engine, desk.landing, all_maps(desk.config), suppressed, new if applied else None):
        with erased_rows(desk.engine, suppressed) as erased:
            take_out(erased, desk.landing, desk.progress)
    suppressed.applied()


def _pulled(settings: Config) -> dict[str, SourceSettings]:
    """The sources to pull: all except those that are only used in a join of a publish target (a warehouse)."""
    mapped = {entry.source for entry in all_maps(settings)}
    only_joined = {join.source for join in settings.publish.joins} - mapped
    return {name: source for name, source in settings.sources.items() if name not in only_joined}


def all_maps(settings: Config) -> tuple[MapSettings, ...]:
    """The maps of the config, and the built-in maps for source objects that the config does not map."""
    from fullcircle.mapping.defaults import maps_for

    own = {(entry.source, entry.object) for entry in settings.map}
    return settings.map + tuple(entry for entry in maps_for(settings.sources) if (entry.source, entry.object) not in own)


def _conform(desk: Desk, _: Choice) -> Counts:
    from fullcircle.mapping.conform import Onlookers, conform
    from fullcircle.mapping.emptied import Emptied
    from fullcircle.mapping.known_again import KnownAgain
    from fullcircle.mapping.made_records import MadeRecords, leave_out_erased
    from fullcircle.mapping.retired_people import report_retired

    settings, maps = desk.config, all_maps(desk.config)
    suppressed = _listed(desk)
    made = MadeRecords(desk.book)
    onlookers = Onlookers(report_retired, made=made.add, given=given_consents(desk))
    if suppressed.any():
        leave_out_erased(made, desk.engine, suppressed, desk.progress)
        again = KnownAgain(suppressed, desk.landing, maps, desk.progress).taken_out
        onlookers = replace(onlookers, leave_out=Emptied(suppressed).leave_out, again=again)
    country, words = settings.project.country, settings.status
    return conform(desk.engine, desk.landing, maps, country, desk.progress, words, onlookers)


def given_consents(desk: Desk) -> list[GivenConsent]:
    """What customers said about consent at a door of ours."""
    from fullcircle.mapping.given import GivenConsents

    return GivenConsents(desk.book).all()


def _conform_settings(desk: Desk) -> list[object]:
    from fullcircle.mapping.made_records import MadeRecords
    from fullcircle.model.tables import CONFORMED

    settings = desk.config  # the tables too: those that another version made are made again
    return [
        all_maps(settings),
        settings.project.country,
        settings.status,
        *CONFORMED.values(),
        *desk.identities.of("tables"),
        *given_consents(desk),
        *MadeRecords(desk.book).all(),
    ]


def _check(desk: Desk, _: Choice) -> Counts:
    from fullcircle.quality.gate import gate
    from fullcircle.quality.releases import Releases
    from fullcircle.quality.rulesets import table_rulesets

    set_aside = None
    if rulesets := table_rulesets(desk.config.quality, desk.config.folder):
        from fullcircle.quality.in_run import check_rulesets

        set_aside = check_rulesets(desk.engine, rulesets, desk.book, desk.progress)[1]
    else:
        desk.engine.run("DROP TABLE IF EXISTS quality_checks")
    if desk.config.quality.snapshots:
        from fullcircle.quality.watched import watch_tables

        watch_tables(desk.engine, desk.book, desk.progress)
    return gate(desk.engine, desk.config.quality, desk.progress, set_aside, Releases(desk.book).all())


def _check_settings(desk: Desk) -> list[object]:
    from fullcircle.quality.releases import Releases
    from fullcircle.quality.rulesets import texts

    return [desk.config.quality, *texts(desk.config.quality, desk.config.folder), *Releases(desk.book).all()]


def _resolve(desk: Desk, choice: Choice) -> Counts:
    from fullcircle.identity.health import check
    from fullcircle.identity.resolve import resolve

    counts = resolve(desk.engine, desk.book, desk.config.identity, desk.progress, choice.again)
    check(desk.engine, desk.book, desk.config.identity.limits, choice.accept)
    return counts


def _resolve_settings(desk: Desk) -> list[object]:
    from fullcircle.identity.judgements import Judgements
    from fullcircle.identity.model_change import ModelChanges

    return [desk.config.identity, Judgements(desk.book).list(), *ModelChanges(desk.book).decided()]


def _graph(desk: Desk, choice: Choice) -> Counts:
    from fullcircle.graph.open import drop_embedded, drop_former, graph_path
    from fullcircle.graph.tables.build import build
    from fullcircle.model.graph import FROM_SOURCES

    if choice.rebuild_graph and not desk.dry_run:
        drop_embedded(desk.config)
    whole = choice.again or choice.verify or choice.rebuild_graph
    build(desk.engine, desk.progress, desk.config.money, desk.config.project.country, whole)
    counts = _sync(desk, choice, FROM_SOURCES)
    if not desk.dry_run and (former := drop_former(desk.config)):
        desk.progress.say(
            f"The graph is in {graph_path(desk.config)} now, and the former one, {former}, was deleted. It was asked in Cypher: "
            'to keep that, set store = "ladybug" in [graph].'
        )
    return counts


def _graph_settings(desk: Desk) -> list[object]:
    from fullcircle.graph.open import graph_path
    from fullcircle.model.graph import EDGES, FROM_SOURCES, VERTICES
    from fullcircle.model.tables import MONEY_CHECK

    labels = [{**VERTICES, **EDGES}[name] for name in FROM_SOURCES]  # a graph that another version made is brought up to them
    return [
        desk.config.graph,
        desk.config.money,
        graph_path(desk.config).exists(),
        *labels,
        MONEY_CHECK,
        *desk.identities.of("graph"),
    ]


def _insights(desk: Desk, choice: Choice) -> Counts:
    from fullcircle.govern.restricted import Restricted, without_restricted
    from fullcircle.insights.compute import compute
    from fullcircle.model.graph import FROM_INSIGHTS
    from fullcircle.model.tables import TABLES

    with without_restricted(desk.engine, Restricted(desk.book).records(), list(TABLES)) as others:
        config, again = desk.config, choice.again or others
        findings = compute(desk.engine, config.insights, desk.progress, again, config.consent, config.segments)
    made = {found.insight: found.tables.get(f"insight_{found.insight}", 0) for found in findings}
    return {**made, **_sync(desk, choice, FROM_INSIGHTS)}


def _insights_settings(desk: Desk) -> list[object]:
    from fullcircle.govern.restricted import Restricted
    from fullcircle.insights.compute import due

    settings, restricted = desk.config.insights, Restricted(desk.book).records()
    return [
        *restricted,
        settings,
        desk.config.consent,
        desk.config.segments,
        date.today() if settings.as_of == "today" else "",
        *(due(desk.engine, settings) if settings.every else ()),
    ]


def live(desk: Desk, insight: str, limit: int) -> Counts:
    """Let the graph server compute an insight for everybody, and write the answers back into the graph.

    `insight`: related or bought_together; `limit`: how many others for each. ConfigError for a store that computes none.
    """
    from fullcircle.graph.open import open_store
    from fullcircle.insights.by_server import computing
    from fullcircle.insights.live import of_all

    with open_store(desk.config) as store:
        server = computing(store, desk.config.graph.store)
        label, found = of_all(desk.engine, server, insight, limit, desk.config, desk.progress)
    return {**found, **_sync(desk, EVERYTHING, [label])}


def _graph_ended(desk: Desk) -> None:
    """The change feed goes on: what the graph has now, whoever follows it may learn."""
    from fullcircle.graph.feed import Feed

    suppressed = _listed(desk)
    digests = set(suppressed.ids()["digest"].to_pylist()) if suppressed.any() else set()
    Feed(desk.book).publish(lambda id: bool(digests) and suppressed.digest(id) in digests)


def _sync(desk: Desk, choice: Choice, labels: Sequence[str]) -> Counts:
    from fullcircle.graph.open import open_store, open_to_compare
    from fullcircle.graph.sync import sync

    with open_to_compare(desk.config, choice.rebuild_graph) if desk.dry_run else open_store(desk.config) as store:
        if not desk.dry_run:
            store.prepare()
        synced = sync(desk.engine, store, desk.book, labels, desk.progress, dry_run=desk.dry_run, verify=choice.verify)
    return {"written": sum(synced.written.values()), "removed": sum(synced.deleted.values())}


def _publish(desk: Desk, _: Choice) -> Counts:
    from fullcircle.govern.restricted import Restricted
    from fullcircle.home.folder import as_before
    from fullcircle.publish.send import Withheld, named_places, planned, send

    settings = desk.config
    if desk.dry_run:
        return planned(desk.engine, settings.publish, settings.folder, settings.home, settings.sources, desk.progress)
    restricted = Restricted(desk.book).records()
    outside = any(settings.home not in place.parents for place in named_places(settings.publish, settings.folder).values())
    with as_before(desk.umask) if outside else nullcontext(), _erased(desk) as erased:
        withheld = Withheld(restricted, erased, settings.govern)
        sent = send(desk.engine, settings.publish, settings.folder, settings.home, settings.sources, desk.progress, withheld)
    return {
        "tables": len(sent), "rows": sum(one.rows for one in sent),
        "written": sum(one.inserted + one.changed for one in sent), "deleted": sum(one.deleted for one in sent),
    }  # fmt: skip


def _publish_settings(desk: Desk) -> list[object]:
    from fullcircle.model.tables import PUBLISHED
    from fullcircle.publish.send import sights

    masks = sights(desk.config.publish, desk.config.govern, desk.config.folder)
    tables = [table.name for table in PUBLISHED]
    return [desk.config.publish, tables, *desk.identities.of("published"), *([masks] if masks else [])]


STAGES = (
    Stage(
        "pull", "Read new and changed rows from the sources and store them as Parquet; the cursor moves only after that.",
        "", _pull, lambda desk: [desk.landing.fingerprint()],
    ),
    Stage(
        "conform", "Map the landed rows to the canonical tables and clean their values.",
        "pull", _conform, _conform_settings,
    ),
    Stage(
        "check", "Apply the quality rules; rows that break a rule go to quarantine with the reason.",
        "conform", _check, _check_settings,
    ),
    Stage("resolve", "Find the records that belong to the same customer.", "check", _resolve, _resolve_settings),
    Stage(
        "graph", "Build the customer graph from the tables and update the graph store, writing only what changed.",
        "resolve", _graph, _graph_settings, _graph_ended,
    ),
    Stage(
        "insights", "Compute the insights and write them to the graph.", "graph", _insights, _insights_settings,
    ),
    Stage("publish", "Write the tables to the publish targets.", "insights", _publish, _publish_settings),
)  # fmt: skip
