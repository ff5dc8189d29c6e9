"""Applies the quality rules to the conformed tables: rows that pass go to tables of the same name, the others to quarantine.

Referenced tables are checked first, so that the lines of a quarantined order also go to quarantine, with that reason. All
row rules of a table are checked in one scan. Of several rows with the same unique value, the newest is kept (by
`updated_at`, then by `key`, then by id). A table and its quarantine rows are written in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from fullcircle.config.sections import QualitySettings
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.engine.changes import bring
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.table import Table, in_reference_order
from fullcircle.model.tables import CONFORMED, QUALITY_RESULTS
from fullcircle.quality.releases import Release
from fullcircle.quality.rules import QualityRule, built_in_ids, rules_for
from fullcircle.quality.set_aside import SetAside

FIRST = [name for name in in_reference_order(CONFORMED) if any(name in table.refs for table in CONFORMED.values())]
ORDER = (*FIRST, *(name for name in CONFORMED if name not in FIRST))  # referenced tables first


def gate(
    engine: Engine,
    settings: QualitySettings,
    progress: Progress,
    set_aside: Mapping[str, Sequence[SetAside]] | None = None,
    releases: Sequence[Release] = (),
) -> dict[str, int]:
    """Write the tables of rows that passed, `quarantine` and `quality_results`; return the row counts.

    `set_aside`: by table, further rows that go to quarantine, as the rulesets say; `releases`: rows that pass all the same.

    A rule that names something that does not exist raises ConfigError before anything is written.
    """
    rules = rules_for(engine, settings)
    released = _note_releases(engine, releases, built_in_ids(settings))
    engine.run(QUALITY_RESULTS.ddl())
    engine.run("CREATE OR REPLACE TABLE quarantine AS SELECT * FROM conformed.quarantine")
    counts = {}
    for name in ORDER:
        progress.step(name)
        ours = [rule for rule in rules if rule.table.name == name]
        with engine.transaction():
            _apply(engine, CONFORMED[name], ours, (set_aside or {}).get(name, ()), released)
        counts[name] = engine.count(name)
        progress.advance(counts[name])
    _report_failures(engine, progress)
    engine.run("DROP TABLE IF EXISTS temp.broken; DROP TABLE IF EXISTS temp.released")
    return {**{name: counts[name] for name in CONFORMED}, "quarantine": engine.count("quarantine")}


def _apply(engine: Engine, table: Table, rules: Sequence[QualityRule], set_aside: Sequence[SetAside], released: bool) -> None:
    """Apply the rules of one table: find and count the rows that break them, and pass on the others."""
    checked = engine.count(f"conformed.{table.name}")
    failed = _find_broken(engine, table, rules) if checked else {}
    results = ", ".join(
        f"({', '.join(map(literal, (rule.id, table.name, rule.name, rule.settings.rule, rule.settings.action)))}, "
        f"{checked}, {failed.get(place, 0)})"
        for place, rule in enumerate(rules)
    )
    if results:
        engine.run(f"INSERT INTO quality_results VALUES {results}")
    hard = [place for place, rule in enumerate(rules) if rule.quarantines and failed.get(place)]
    if checked and set_aside:
        hard += _find_set_aside(engine, table, set_aside, len(rules))
    ids = [*(rule.id for rule in rules), *(one.rule for one in set_aside)]
    if hard and released:
        hard = _without_released(engine, table, ids, hard)
    if not hard:
        bring(engine, table.name, f"SELECT * FROM conformed.{table.name}")
        return
    bad = f"SELECT r FROM broken WHERE rule IN ({', '.join(map(str, hard))})"
    bring(engine, table.name, f"SELECT * FROM conformed.{table.name} WHERE rowid NOT IN ({bad})")
    _quarantine(engine, table, ids, hard)


def _note_releases(engine: Engine, releases: Sequence[Release], built_in: Set[str]) -> bool:
    """Fill `released` with what may be released; False if there is nothing."""
    rows = [one for one in releases if one.rule not in built_in]
    if rows:
        values = ", ".join(f"({', '.join(map(literal, (one.source, one.object, one.key, one.rule)))})" for one in rows)
        engine.run(f"CREATE OR REPLACE TEMP TABLE released AS SELECT * FROM (VALUES {values}) v(source, object, key, rule_id)")
    return bool(rows)


def _without_released(engine: Engine, table: Table, ids: Sequence[str], hard: Sequence[int]) -> list[int]:
    """Let the rows pass that were released of a rule; returns the places of the rules that still keep some out."""
    names = " ".join(f"WHEN {place} THEN {literal(ids[place])}" for place in hard)
    engine.run(
        f"DELETE FROM broken WHERE (r, rule) IN (SELECT b.r, b.rule FROM broken b JOIN conformed.{table.name} c ON c.rowid = b.r "
        f"JOIN released l ON l.source = c.source AND l.object = c.object AND l.key = c.key "
        f"AND l.rule_id = CASE b.rule {names} END)"
    )
    left = {int(place) for (place,) in engine.rows("SELECT DISTINCT rule FROM broken")}
    return [place for place in hard if place in left]


def _find_set_aside(engine: Engine, table: Table, set_aside: Sequence[SetAside], first: int) -> list[int]:
    """Add the rows that rulesets send to quarantine; returns their places, which follow those of the rules."""
    for place, one in enumerate(set_aside, first):
        engine.run(
            f"INSERT INTO broken SELECT rowid, {place}, {literal(one.reason)} FROM conformed.{table.name} WHERE {one.broken}"
        )
    found = engine.rows(f"SELECT DISTINCT rule FROM broken WHERE rule >= {first} ORDER BY rule")
    return [int(place) for (place,) in found]


def _find_broken(engine: Engine, table: Table, rules: Sequence[QualityRule]) -> dict[int, int]:
    """Fill `broken` with the rows that break a rule, and why; returns how many break each rule."""
    engine.run("CREATE OR REPLACE TEMP TABLE broken (r BIGINT, rule INTEGER, reason VARCHAR)")
    _find_broken_rows(engine, table, rules)
    for place, rule in enumerate(rules):
        if rule.settings.rule == "unique":
            _find_duplicates(engine, table, place, rule)
        if rule.settings.rule == "references":
            _find_bad_references(engine, table, place, rule)
    return dict(engine.rows("SELECT rule, count(*) FROM broken GROUP BY rule"))


def _find_broken_rows(engine: Engine, table: Table, rules: Sequence[QualityRule]) -> None:
    tests = [(place, rule) for place, rule in enumerate(rules) if rule.broken]
    if not tests:
        return
    cases = ", ".join(f"CASE WHEN {rule.broken} THEN {place} END" for place, rule in tests)
    anything = " OR ".join(f"({rule.broken})" for _, rule in tests)
    found = f"SELECT rowid AS r, unnest([{cases}]) AS rule FROM conformed.{table.name} r WHERE {anything}"
    reasons = " ".join(f"WHEN {place} THEN {literal(_reason(rule))}" for place, rule in tests)
    engine.run(f"INSERT INTO broken SELECT r, rule, CASE rule {reasons} END FROM ({found}) WHERE rule IS NOT NULL")


def _reason(rule: QualityRule) -> str:
    """The reason as a person reads it: the column and the rule, never the value."""
    settings, name = rule.settings, f"{rule.table.name}.{rule.name}"
    if settings.rule == "complete":
        return f"{name} is missing"
    if settings.rule == "matches":
        return f"{name} does not match {settings.pattern}"
    if settings.rule == "in_set":
        return f"{name} is not one of {', '.join(settings.values)}"
    if settings.rule == "unique":
        return f"{name} is duplicated by a newer row"
    low = "" if settings.min is None else f"from {settings.min} "
    high = "" if settings.max is None else f"up to {settings.max}"
    return f"{name} is not in the range {low}{high}".rstrip()


def _find_duplicates(engine: Engine, table: Table, place: int, rule: QualityRule) -> None:
    """Find all but the newest of the rows with the same value; rows without a value are not duplicates."""
    columns = ", ".join(quoted(name) for name in rule.columns)
    filled = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in rule.columns)
    twice = f"SELECT {columns} FROM conformed.{table.name} WHERE {filled} GROUP BY {columns} HAVING count(*) > 1"
    if not engine.rows(f"{twice} LIMIT 1"):
        return
    order = f"updated_at DESC NULLS LAST, key, {table.key}, rowid"
    ranked = (
        f"SELECT rowid AS r, row_number() OVER (PARTITION BY {columns} ORDER BY {order}) AS n "
        f"FROM conformed.{table.name} WHERE ({columns}) IN ({twice})"
    )
    engine.run(f"INSERT INTO broken SELECT r, {place}, {literal(_reason(rule))} FROM ({ranked}) WHERE n > 1")


def _find_bad_references(engine: Engine, table: Table, place: int, rule: QualityRule) -> None:
    """Find the rows that point to a row that does not exist or did not pass."""
    column, to = rule.columns[0], CONFORMED[rule.settings.to or _ref(rule)]
    already_applied = to.name != table.name and ORDER.index(to.name) < ORDER.index(table.name)
    target = to.name if already_applied else f"conformed.{to.name}"
    name = f"{table.name}.{column}"
    noun = "its " + to.noun
    engine.run(
        f"INSERT INTO broken SELECT r.rowid, {place}, CASE WHEN q.id IS NOT NULL OR c.{to.key} IS NOT NULL "
        f"THEN {literal(f'{noun} is in quarantine')} ELSE {literal(f'{name} points to a row that is not in {to.name}')} END "
        f"FROM conformed.{table.name} r ANTI JOIN {target} t ON t.{to.key} = r.{quoted(column)} "
        f"LEFT JOIN conformed.{to.name} c ON c.{to.key} = r.{quoted(column)} "
        f"LEFT JOIN (SELECT DISTINCT {literal(to.noun + ':')} || source || ':' || object || ':' || key AS id FROM quarantine) q "
        f"ON q.id = r.{quoted(column)} WHERE r.{quoted(column)} IS NOT NULL"
    )


def _ref(rule: QualityRule) -> str:
    column = rule.table.column(rule.columns[0])
    return column.ref if column else ""


def _quarantine(engine: Engine, table: Table, ids: Sequence[str], hard: Sequence[int]) -> None:
    """Write one quarantine row for each bad row, with the first rule it breaks and all reasons."""
    names = " ".join(f"WHEN {place} THEN {literal(ids[place])}" for place in hard)
    bad = (
        f"SELECT r, min(rule) AS rule, string_agg(DISTINCT reason, '; ' ORDER BY reason) AS reason FROM broken "
        f"WHERE rule IN ({', '.join(map(str, hard))}) GROUP BY r"
    )
    engine.run(
        f"INSERT INTO quarantine SELECT c.source, c.object, c.key, 'quality', CASE b.rule {names} END, b.reason, "
        f"CAST(to_json(c) AS VARCHAR) FROM conformed.{table.name} c JOIN ({bad}) b ON b.r = c.rowid"
    )


def _report_failures(engine: Engine, progress: Progress) -> None:
    rows = engine.rows("SELECT rule_id, action, failed FROM quality_results WHERE failed > 0 ORDER BY rule_id")
    for rule, action, failed in rows:
        kept = "was kept" if failed == 1 else "were kept"
        what = "and went to quarantine" if action == "quarantine" else f"and {kept} (warning only)"
        progress.say(f"{rule}: {counted(failed, 'row breaks', 'rows break')} this rule {what}.")
