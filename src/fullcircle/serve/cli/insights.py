"""`fullcircle insights`: the stage by itself, and `insights report`, a page about what the insights were judged by."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say
from fullcircle.serve.cli.run import DryRun, Quiet, show_done, work
from fullcircle.serve.cli.terminal import plain


def group(meaning: str) -> typer.Typer:
    """The verb of the stage, with the page as a verb below it."""
    room = typer.Typer(invoke_without_command=True, rich_markup_mode=None, help=meaning)
    room.callback()(stage)
    room.command()(report)
    return room


def stage(
    context: typer.Context,
    config: ConfigFile = None,
    verify: Annotated[bool, typer.Option("--verify", help="Compare with the graph itself.")] = False,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Compute the insights by themselves, unless a verb below is named."""
    if context.invoked_subcommand:
        return
    from fullcircle.stage import Choice

    show_done(work(config, Choice(only=("insights",), verify=verify), quiet, dry_run), json, dry_run)


def report(
    to: Annotated[Path, typer.Option("--to", help="The file to write.")] = Path("insights.html"),
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Write one page with plots: what was judged, how, against what, on how many customers, with which uncertainty.

    \b
    Examples:
      fullcircle insights report
      fullcircle insights report --to /shared/insights.html
    """
    from fullcircle.ask.insights_report import insights_report
    from fullcircle.config.read import load_config
    from fullcircle.home.tables_file import tables_for_reading
    from fullcircle.model.field_classes import FINANCIAL

    settings = load_config(config)
    asked = asker.enter(settings, "quality", "insights report")
    with tables_for_reading(settings) as tables:
        page = insights_report(tables, asked.mask.sight.level(FINANCIAL) == "full")
    to.write_text(page, encoding="utf-8")
    if json:
        as_json({"file": str(to)})
    else:
        say(f"Written: {plain(str(to))}")
