"""`fullcircle quality`: how good the data is; rules in DQDL, profiles, what was found before, and a report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.model.counting import counted
from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.ask.quality_tables import QualityTables
    from fullcircle.config.sections import Config
    from fullcircle.quality.evaluation.outcome import RulesetOutcome
    from fullcircle.quality.profile import TableProfile
    from fullcircle.quality.rulesets import TableRuleset

Table = Annotated[str, typer.Option("--table", "-t", help="The table: records, orders, customers ...", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the group; without a verb it says how good the data is."""
    from fullcircle.serve.cli import quality_reports, quality_rows, quality_upload

    room = typer.Typer(rich_markup_mode=None)
    room.callback(invoke_without_command=True)(quality)
    room.command("check")(check)
    room.command("suggest")(suggest)
    room.command("profile")(profile)
    quality_reports.register(room)
    quality_rows.register(room)
    quality_upload.register(room)
    app.add_typer(room, name="quality")


def quality(
    context: typer.Context,
    config: ConfigFile = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many groups of the quarantine, and runs of the history.")] = 20,
    json: AsJson = False,
) -> None:
    """What the rules of quality found, what waits in quarantine and why, and how that was in the runs before.

    \b
    Examples:
      fullcircle quality --json
      fullcircle quality check
      fullcircle quality suggest --table orders > orders.dqdl
    """
    if context.invoked_subcommand:
        return
    with asker.reader(config) as reader:
        found = reader.quality(limit)
    if json:
        as_json(found.to_dict())
        return
    broken = [one for one in found.results if one.failed]
    rows = [
        {"rule": one.rule, "checked": one.checked, "failed": one.failed, "action": one.action, "passed": f"{one.passed or 0:.2%}"}
        for one in broken
    ]
    kept = len(found.results) - len(broken)
    table(f"Rules that rows break ({counted(kept, 'other rule is', 'other rules are')} kept)", rows, empty="none")
    groups = [
        {"rows": one.rows, "object": f"{one.source}.{one.object}", "reason": one.reason, "rule": one.rule, "stage": one.stage}
        for one in found.quarantine
    ]
    table(f"Quarantine: {counted(found.quarantined, 'row')}", groups, worth=("rows", "object", "reason"), empty="empty")
    history = [
        {"run": one.run, "at": one.at[:19].replace("T", " "), "rows": one.rows, "quarantined": one.quarantined}
        for one in found.history
    ]
    table("Before", history, empty="no run has kept it yet")


def check(
    ruleset: Annotated[
        Path | None,
        typer.Option("--ruleset", "-r", help="A file with rules in DQDL; otherwise those of the config and built in."),
    ] = None,
    of: Table = "",
    data: Annotated[Path | None, typer.Option(help="Check this file (CSV or Parquet) instead of a table.")] = None,
    composites: Annotated[str, typer.Option(help="How (a) or (b) is decided: dataset or row.")] = "dataset",
    keep: Annotated[bool, typer.Option("--keep", help="Keep the result in the history, as a run does.")] = False,
    sql: Annotated[str, typer.Option(help="Only print the SQL of the rules for this engine: duckdb, athena or spark.")] = "",
    openlineage: Annotated[
        Path | None, typer.Option(help="Also write the result into this file as an OpenLineage event.")
    ] = None,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Evaluate rules in DQDL on the tables of the last run, or on a file. Exit code 4 if a rule does not pass.

    Rules of your own can ask about every value, so with some it is for roles that see every class of fields.

    \b
    Examples:
      fullcircle quality check
      fullcircle quality check --ruleset orders.dqdl --table orders --json
      fullcircle quality check --ruleset people.dqdl --data people.csv
      fullcircle quality check --ruleset orders.dqdl --table orders --sql athena
    """
    from fullcircle.ask.quality_tables import file_tables, quality_tables, ruleset_of
    from fullcircle.config.read import load_config
    from fullcircle.errors import ConfigError, ExitCode

    if composites not in ("dataset", "row"):
        raise ConfigError(f'"{composites}" is not a way to decide composite rules.', "Valid: dataset, row.")
    if data and not ruleset:
        raise ConfigError("A file has no rules of its own.", "Name them: --ruleset rules.dqdl.")
    settings = load_config(config)
    asker.enter(settings, "quality", "quality check", whole=bool(ruleset or settings.quality.rulesets))
    if keep:
        asker.enter(settings, "run", "quality check --keep")
    own = ruleset_of(ruleset, of, composites) if ruleset else None  # type: ignore[arg-type]
    with file_tables() if data else quality_tables(settings) as tables:
        chosen = _chosen(settings, tables, own, of, data)
        if sql:
            _print_sql(tables, chosen, data, sql)
            return
        found = [tables.checked(one, tables.of_file(data) if data else tables.table(one.table)) for one in chosen]
    if keep:
        from fullcircle.ask.quality_tables import keep as keep_it

        keep_it(settings, found)
    if openlineage:
        _write_event(openlineage, settings, found)
    if json:
        as_json([one.to_dict() for one in found])
    else:
        _draw(found)
    if any(one.of("FAIL") or one.of("ERROR") for one in found):
        raise typer.Exit(ExitCode.REFUSED)


def _chosen(
    settings: Config, tables: QualityTables, own: TableRuleset | None, of: str, data: Path | None
) -> Sequence[TableRuleset]:
    from fullcircle.ask.quality_tables import known_rulesets
    from fullcircle.errors import ConfigError

    if own is None:
        found = [one for one in known_rulesets(settings, tables) if of in ("", one.table)]
        if not found:
            tables.table(of)
            raise ConfigError(f"There is no ruleset for {of}.", "Name one: --ruleset rules.dqdl.")
        return found
    if not own.table and not data:
        raise ConfigError("It is not said which table the rules are about.", f"Valid: --table {', '.join(tables.names())}.")
    return [own]


def _print_sql(tables: QualityTables, chosen: Sequence[TableRuleset], data: Path | None, engine: str) -> None:
    from fullcircle.quality.evaluation.dialect import dialect_of

    dialect = dialect_of(engine)
    for one in chosen:
        about = tables.of_file(data) if data else tables.table(one.table)
        for statement in tables.evaluation(one, about, dialect).statements():
            typer.echo(f"{statement};\n")


def _write_event(path: Path, settings: Config, found: Sequence[RulesetOutcome]) -> None:
    from fullcircle.errors import cannot_write
    from fullcircle.publish.lineage_event import column_facets
    from fullcircle.quality.lineage import event
    from fullcircle.serve.cli.output import json_text

    try:
        path.write_text(
            json_text(event(settings.project.name, found, column_facets(settings, {one.table for one in found}))) + "\n",
            encoding="utf-8",
        )
    except OSError as error:
        raise cannot_write(f"The file {path}", error) from error


def _draw(found: Sequence[RulesetOutcome]) -> None:
    for one in found:
        score = "" if one.score is None else f": {one.score:.0%} of {counted(len(one.rules), 'rule')} pass"
        say(f"[bold]{plain(f'{one.ruleset} on {one.table}')}[/]{score}, {counted(one.rows, 'row')}")
        rows = [
            {"result": rule.result, "rule": rule.rule, "message": rule.message, "rows": rule.failed}
            for rule in one.rules
            if rule.result != "PASS"
        ]
        if rows:
            table("Did not pass", rows, worth=("result", "rule", "message", "rows"))
        if one.analyzers:
            table("Analyzers", [{"metric": name, "value": value} for name, value in one.analyzers.items()])


def suggest(
    of: Table = "",
    out: Annotated[Path | None, typer.Option(help="Write the ruleset into this file; otherwise it is printed.")] = None,
    config: ConfigFile = None,
) -> None:
    """Write a ruleset in DQDL from what a table is like now. Values are only in it where they say nothing about a person.

    \b
    Examples:
      fullcircle quality suggest --table orders --out orders.dqdl
    """
    from fullcircle.errors import cannot_write
    from fullcircle.quality.suggest import suggest as write

    text = write(_profiled(config, of, "quality suggest"))
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text)
    except OSError as error:
        raise cannot_write(f"The file {out}", error) from error
    say(f"{plain(str(out))} has the rules. Check them with `fullcircle quality check --ruleset {plain(str(out))} --table {of}`.")


def profile(of: Table = "", config: ConfigFile = None, json: AsJson = False) -> None:
    """What a table is like: types, missing and distinct values, ranges, lengths, shapes, frequent values.

    Values of columns that say something about a person are shown as their shape: Aa Aa, a@a.a, 9999.

    \b
    Examples:
      fullcircle quality profile --table records
      fullcircle quality profile --table orders --json
    """
    found = _profiled(config, of, "quality profile")
    if json:
        as_json(found.to_dict())
        return
    rows = [
        {
            "column": one.name, "type": one.type, "filled": f"{one.completeness:.1%}", "distinct": one.distinct,
            "range": _range(one.numbers.get("least"), one.numbers.get("most"), one.first, one.last),
            "frequent": ", ".join(f"{value} ({number:,})" for value, number in one.top[:3]),
        }
        for one in found.columns
    ]  # fmt: skip
    table(f"{found.table}: {counted(found.rows, 'row')}", rows, worth=("column", "filled", "distinct", "frequent"))


def _range(least: float | None, most: float | None, first: str, last: str) -> str:
    if least is not None and most is not None:
        return f"{least:g} to {most:g}"
    return f"{first[:10]} to {last[:10]}" if first else ""


def _profiled(config: Path | None, of: str, verb: str) -> TableProfile:
    from fullcircle.ask.quality_tables import quality_tables
    from fullcircle.config.read import load_config
    from fullcircle.errors import ConfigError
    from fullcircle.model.field_classes import class_of
    from fullcircle.quality.profile import profile as look_at

    settings = load_config(config)
    sight = asker.enter(settings, "quality", verb).mask.sight
    with quality_tables(settings) as tables:
        if not of:
            raise ConfigError("It is not said which table.", f"Valid: --table {', '.join(tables.names())}.")
        return look_at(tables.engine, tables.table(of), lambda column: sight.level(class_of(of, column)) == "full")
