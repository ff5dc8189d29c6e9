"""`fullcircle quality history / report / drift`: what checks found before, as a table, as a page, and what changed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.terminal import plain


def register(room: typer.Typer) -> None:
    """Add the verbs."""
    room.command("history")(history)
    room.command("report")(report)
    room.command("drift")(drift)


def history(
    ruleset: Annotated[str, typer.Option(help="Only this ruleset.")] = "",
    of: Annotated[str, typer.Option("--table", "-t", help="Only checks of this table.", show_default=False)] = "",
    check: Annotated[int, typer.Option(min=0, help="Every rule of this check, by its number.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="At most so many checks.")] = 20,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """What the checks before found: how many rules passed, and with --check every rule of one of them.

    \b
    Examples:
      fullcircle quality history --table orders
      fullcircle quality history --check 12 --json
    """
    from contextlib import closing

    from fullcircle.config.read import load_config
    from fullcircle.home.book_file import book_for_reading
    from fullcircle.quality.history import QualityHistory

    settings = load_config(config)
    asker.enter(settings, "quality", "quality history", whole=bool(check))  # the text of a rule may have values in it
    with closing(book_for_reading(settings)) as book:
        kept = QualityHistory(book)
        rows = [asdict(one) for one in (kept.outcomes(check) if check else kept.checks(limit, ruleset, of))]
    if json:
        as_json(rows)
    elif check:
        table(f"Check {check}", rows, worth=("result", "rule", "message", "failed", "action"), empty="it is not kept")
    else:
        for row in rows:
            row["score"] = "" if row["score"] is None else f"{row['score']:.0%}"
        table("Checks", rows, worth=("id", "at", "ruleset", "table", "score", "rows"), empty="none yet")


def report(
    html: Annotated[Path, typer.Option(help="The file to write.")] = Path("quality.html"),
    of: Annotated[str, typer.Option("--table", "-t", help="Only this table.", show_default=False)] = "",
    config: ConfigFile = None,
) -> None:
    """Write one HTML page about the tables of the last run: every rule, how the scores went, and what each table is like.

    The page needs no other file and no network. Values that say something about a person are in it only as their shape.

    \b
    Examples:
      fullcircle quality report --html quality.html
      fullcircle quality report --table orders --html orders.html
    """
    from fullcircle.ask.quality_tables import quality_tables, report_content
    from fullcircle.config.read import load_config
    from fullcircle.errors import cannot_write
    from fullcircle.model.field_classes import class_of
    from fullcircle.quality.report import page

    settings = load_config(config)
    sight = asker.enter(settings, "quality", "quality report", whole=bool(settings.quality.rulesets)).mask.sight
    with quality_tables(settings) as tables:
        content = report_content(settings, tables, of, lambda name, column: sight.level(class_of(name, column)) == "full")
    try:
        html.write_text(page(content), encoding="utf-8")
    except OSError as error:
        raise cannot_write(f"The file {html}", error) from error
    say(f"{plain(str(html))} has the report.")


def drift(
    keep: Annotated[bool, typer.Option("--keep", help="Keep what the tables are like now, as a run does.")] = False,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """What changed in the canonical tables against the snapshots before: columns, rows, age, missing values, distributions.

    A run keeps snapshots with `snapshots = true` in [quality]. Exit code 4 if something changed.

    \b
    Examples:
      fullcircle quality drift
      fullcircle quality drift --keep --json
    """
    from fullcircle.ask.quality_tables import changed_tables
    from fullcircle.config.read import load_config
    from fullcircle.errors import ExitCode

    settings = load_config(config)
    asker.enter(settings, "quality", "quality drift")
    if keep:
        asker.enter(settings, "run", "quality drift --keep")
    rows = [asdict(one) for one in changed_tables(settings, keep)]
    if json:
        as_json(rows)
    else:
        table("Changed", rows, columns=("table", "kind", "column", "message"), worth=("table", "message"), empty="nothing")
    if rows:
        raise typer.Exit(ExitCode.REFUSED)
