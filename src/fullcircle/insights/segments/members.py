"""The segments of the config, filled: who is in each, since when, and who came and went since the last run.

[segments.<name>] has rules, each a condition as of `fullcircle segment`; all must hold. Days ago count from the day of the
insights. A segment is an audience, unless the config says otherwise: who refused offers (consent.py), or died, is not in it.
What cannot be answered with the data that are there (a sum of several currencies, say) is empty, and its note says why.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import pyarrow as pa

from fullcircle.config.sections import ConsentSettings, SegmentSettings
from fullcircle.engine.base import Engine, literal
from fullcircle.engine.changes import bring_once
from fullcircle.errors import ConfigError, FullcircleError, NotFound
from fullcircle.insights.base import Finding
from fullcircle.insights.consent import NO_OFFERS, know_the_refusing
from fullcircle.insights.segments.conditions import conditions_of
from fullcircle.insights.segments.fields import segment_field
from fullcircle.insights.segments.query import segment_sql
from fullcircle.insights.segments.sql import condition_sql
from fullcircle.insights.tables import THE_DEAD, empty, fill_edges, fill_vertices, know_the_dead
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress

INSIGHT, TABLE, CHANGES, SIZES = "segments", "insight_segments", "insight_segment_changes", "insight_segment_sizes"
FOUND = "segment_found"  # customer_id, segment, held (true: not in it as they refused or died)
CAME, WENT = "entered", "left"
LONGEST = 60


def check_segments(segments: Mapping[str, SegmentSettings]) -> None:
    """ConfigError for a rule that no data could answer."""
    for name, one in segments.items():
        if not name.strip() or len(name) > LONGEST or not name.isprintable() or ":" in name:
            raise ConfigError(
                f'[segments] "{name}" is not a name for a segment.', f"Write at most {LONGEST} characters, and no colon."
            )
        try:
            for condition in conditions_of(one.rules):
                segment_field(condition.field)
                condition_sql(condition, lambda _: ())
        except ConfigError as error:
            raise ConfigError(f"[segments.{name}] {error.message}", error.hint) from error


def fill_segments(
    engine: Engine, segments: Mapping[str, SegmentSettings], consent: ConsentSettings, today: date, progress: Progress
) -> list[Finding]:
    """Fill the tables, vertices and edges of all segments; nothing where the config has none."""
    if not segments:
        if engine.has(TABLE) or not engine.has("edges_in_segment"):
            empty(engine, INSIGHT)
        return []
    progress.step("segments")
    know_the_dead(engine)
    if any(one.audience for one in segments.values()):
        know_the_refusing(engine, consent, progress)
    engine.run(f"CREATE OR REPLACE TEMP TABLE {FOUND} (customer_id VARCHAR, segment VARCHAR, held BOOLEAN)")
    notes = {name: _find(engine, name, one, today) for name, one in segments.items()}
    with engine.transaction():
        _changes(engine, today)
        _sizes(engine, segments, notes)
        since = f"SELECT customer_id, segment, since FROM {TABLE}" if engine.has(TABLE) else _nobody("since")
        bring_once(
            engine, TABLE,
            f"SELECT customer_id, segment, coalesce(since, DATE {literal(today)}) AS since FROM {FOUND} "
            f"LEFT JOIN ({since}) USING (customer_id, segment) WHERE NOT held ORDER BY ALL",
        )  # fmt: skip
        tables = _graph(engine)
    _say(engine, progress)
    engine.run(f"DROP TABLE {FOUND}")
    return [Finding(INSIGHT, tables)]


def _find(engine: Engine, name: str, one: SegmentSettings, today: date) -> str:
    """Add who fulfils the rules to FOUND; returns why there is no answer."""
    held = "false"
    if one.audience:
        out = " UNION ALL ".join(f"SELECT customer_id FROM {table}" for table in (NO_OFFERS, THE_DEAD))
        held = f"customer_id IN ({out})"
    try:
        wanted = segment_sql(engine, conditions_of(one.rules), today)
    except (ConfigError, NotFound) as error:
        return _as_note(error)
    engine.run(f"INSERT INTO {FOUND} SELECT customer_id, {literal(name)}, {held} FROM (SELECT DISTINCT c.customer_id {wanted})")
    return ""


def _as_note(error: FullcircleError) -> str:
    return f"{error.message} {error.hint}".strip()


def _changes(engine: Engine, today: date) -> None:
    """Who came and went since the last run, in segments that were there then, of customers who still are."""
    before = TABLE if engine.has(TABLE) else f"({_nobody()})"
    old = f"(SELECT segment FROM {SIZES} WHERE note IS NULL)" if engine.has(SIZES) else "(SELECT NULL AS segment WHERE false)"
    now = f"(SELECT customer_id, segment FROM {FOUND} WHERE NOT held)"
    there = f"segment IN {old}"
    engine.run(f"""
        CREATE OR REPLACE TABLE {CHANGES} AS
        SELECT segment, customer_id, '{CAME}' AS change, DATE {literal(today)} AS "on"
        FROM {now} ANTI JOIN {before} USING (customer_id, segment) WHERE {there}
        UNION ALL
        SELECT segment, customer_id, '{WENT}', DATE {literal(today)}
        FROM {before} ANTI JOIN {now} USING (customer_id, segment) SEMI JOIN customers USING (customer_id) WHERE {there}
        ORDER BY ALL""")


def _sizes(engine: Engine, segments: Mapping[str, SegmentSettings], notes: Mapping[str, str]) -> None:
    old = f"SELECT segment, true AS known FROM {SIZES if engine.has(SIZES) else f'({_nobody()})'}"
    given = pa.table(
        {
            "segment": pa.array(list(segments), pa.string()),
            "rules": pa.array([json.dumps(one.rules, ensure_ascii=False) for one in segments.values()], pa.string()),
            "audience": pa.array([one.audience for one in segments.values()], pa.bool_()),
            "note": pa.array([notes[name] or None for name in segments], pa.string()),
        }
    )
    many = "CAST(coalesce({0}, 0) AS INTEGER)"
    with engine.register("given_segments", given):
        engine.run(f"""
            CREATE OR REPLACE TABLE {SIZES} AS
            SELECT segment, rules, audience, CASE WHEN note IS NULL THEN {many.format("size")} END AS size,
                CASE WHEN note IS NULL AND audience THEN {many.format("refused")} END AS refused,
                CASE WHEN note IS NULL AND known THEN {many.format("entered")} END AS entered,
                CASE WHEN note IS NULL AND known THEN {many.format("gone")} END AS gone, note
            FROM given_segments LEFT JOIN ({old}) USING (segment)
            LEFT JOIN (SELECT segment, count(*) FILTER (NOT held) AS size, count(*) FILTER (held) AS refused FROM {FOUND}
                GROUP BY segment) USING (segment)
            LEFT JOIN (SELECT segment, count(*) FILTER (change = '{CAME}') AS entered, count(*) FILTER (change = '{WENT}') AS gone
                FROM {CHANGES} GROUP BY segment) USING (segment)
            ORDER BY segment""")


def _graph(engine: Engine) -> dict[str, int]:
    vertices = f"SELECT 'segment:' || segment AS id, segment AS name, rules, audience, size, note FROM {SIZES}"
    edges = f"SELECT customer_id AS source, 'segment:' || segment AS target, since FROM {TABLE}"
    return {
        TABLE: engine.count(TABLE),
        "vertices_segment": fill_vertices(engine, "Segment", vertices),
        "edges_in_segment": fill_edges(engine, "IN_SEGMENT", edges),
    }


def _say(engine: Engine, progress: Progress) -> None:
    for name, size, refused, came, went, note in engine.rows(f"SELECT segment, size, refused, entered, gone, note FROM {SIZES}"):
        if note:
            progress.say(f"segment {name}: no answer. {note}")
            continue
        held = f"; {counted(refused, 'more refused', 'more refused')} or died" if refused else ""
        moved = "" if came is None else f"; since the last run {came:,} came and {went:,} left"
        progress.say(f"segment {name}: {counted(size, 'customer')}{held}{moved}.")


def _nobody(*more: str) -> str:
    columns = "".join(f", CAST(NULL AS DATE) AS {name}" for name in more)
    return f"SELECT CAST(NULL AS VARCHAR) AS customer_id, CAST(NULL AS VARCHAR) AS segment{columns} WHERE false"
