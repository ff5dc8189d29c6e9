"""`fullcircle quality history / report / drift`: what checks found before, as a table, as a page, and what changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, table


def register(room: typer.Typer) -> None:
    """Add the verbs."""
    room.command("history")(history)


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
