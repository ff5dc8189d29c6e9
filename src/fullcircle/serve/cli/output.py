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
from fullcircle.model.as_text import as_text
from fullcircle.serve.cli.terminal import beside, console, json_safe, plain, visible

ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The config file; otherwise fullcircle.toml here or above.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def fail(error: FullcircleError, as_json: bool) -> None:
    """Report an error on stderr: what happened, then what to do."""
    if as_json:
        print(json_text(error.as_json()), file=sys.stderr)
        return
    out = console(stderr=True)
    out.print(beside("error", "bold red", error.message))
    if error.hint:
        out.print(beside("  ->", "dim", error.hint))


LONGEST = 5_000  # characters of a value that are drawn; JSON has all of them


def as_json(data: object) -> None:
    """Print data as one JSON document."""
    print(json_text(data, indent=2))


def json_text(data: object, indent: int | None = None) -> str:
    """Data as one JSON document that is safe to print on a terminal."""
    return json_safe(json.dumps(data, default=_jsonable, ensure_ascii=False, indent=indent))


def table(
    title: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = (), worth: Sequence[str] = (), empty: str = "nothing"
) -> None:
    """Print rows as a table; columns named, else those of the first row.

    Ids and e-mail addresses stay whole. Where the terminal is too narrow, columns are left out: those of least worth first, by
    the names in `worth`, most worth first (otherwise by their order). A last line says which.
    """
    if not rows:
        say(plain(f"{title}: {empty}."))
        return
    from fullcircle.serve.cli.layout import draw_table, lay_out

    out = console()
    names = {visible(name): name for name in columns or rows[0]}
    cells = {head: [shown(row.get(name)) for row in rows] for head, name in names.items()}
    numeric = {head for head, name in names.items() if all(isinstance(row.get(name), int | float | None) for row in rows)}
    layout = lay_out(cells, out.width, worth)
    say(f"[bold]{plain(title)}[/]")
    console(width=max(out.width, layout.total)).print(draw_table(cells, layout, numeric))
    if layout.note:
        say(f"[dim]{plain(layout.note)}[/]")


def say(text: str = "") -> None:
    """Print a line for a person. What a terminal would obey is written out; markup is ours: data goes through `plain`."""
    console(soft_wrap=True).print(visible(text))


def shown(value: object) -> str:
    """A value as a person likes to read it, and as a terminal may have it; null is a dash."""
    text = as_text(value)
    return visible(text if len(text) <= LONGEST else f"{text[:LONGEST]} ... ({len(text):,} characters in all)")


def _jsonable(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)
