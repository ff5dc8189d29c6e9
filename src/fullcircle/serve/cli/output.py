"""What goes to stdout (data) and to stderr (everything else), as text for a person or JSON for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from fullcircle.errors import FullcircleError

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The config file; otherwise fullcircle.toml here or above.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def fail(error: FullcircleError, as_json: bool) -> None:
    """Tell an error on stderr: what happened, then what to do."""
    if as_json:
        print(json.dumps(error.as_json()), file=sys.stderr)
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    console.print(f"[bold red]error[/] {_plain(error.message)}")
    if error.hint:
        console.print(f"  [dim]->[/] {_plain(error.hint)}")


def as_json(data: object) -> None:
    """Print data as one JSON document."""
    print(json.dumps(data, default=_jsonable, ensure_ascii=False, indent=2))


def table(title: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = (), empty: str = "nothing") -> None:
    """Print rows as a table; columns named, else those of the first row."""
    from rich.console import Console
    from rich.table import Table

    if not rows:
        say(f"{title}: {empty}.")
        return
    names = list(columns or rows[0])
    drawn = Table(title=title, title_justify="left", title_style="bold", header_style="dim", box=None, pad_edge=False)
    for name in names:
        numeric = all(isinstance(row.get(name), int | float | None) for row in rows)
        drawn.add_column(name, justify="right" if numeric else "left", overflow="fold", no_wrap=numeric or name == "id")
    for row in rows:
        drawn.add_row(*(_plain(shown(row.get(name))) for name in names))
    Console(highlight=False).print(drawn)


def say(text: str = "") -> None:
    """Print a line of data for a person."""
    from rich.console import Console

    Console(highlight=False, soft_wrap=True).print(text)


def shown(value: object) -> str:
    """A value as a person likes to read it; null is a dash."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == datetime.min.time() else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _jsonable(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
