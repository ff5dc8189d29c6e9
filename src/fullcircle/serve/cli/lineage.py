"""`fullcircle lineage`: what a column is made of, back to the fields of the sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.publish.lineage_tree import LineageNode


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("lineage")(lineage)


def lineage(
    column: Annotated[str, typer.Argument(help="A column, as table.column.", show_default=False)] = "",
    openlineage: Annotated[
        Path | None, typer.Option(help="Write the lineage of all columns into this file, as an OpenLineage event.")
    ] = None,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """What a column of a table or flat view is made of, back to the fields of your sources, by the map of the config.

    \b
    Examples:
      fullcircle lineage customers_360.spent
      fullcircle lineage customers.email --json
      fullcircle lineage --openlineage event.json
    """
    from fullcircle.config.read import load_config
    from fullcircle.errors import ConfigError, cannot_write
    from fullcircle.publish.lineage_event import lineage_event
    from fullcircle.publish.lineage_tree import lineage_of
    from fullcircle.serve.cli.output import json_text

    if not column and not openlineage:
        raise ConfigError("It is not said which column.", "Write it as table.column: customers_360.email.")
    settings = load_config(config)
    asker.enter(settings, "status", "lineage")
    if openlineage:
        try:
            openlineage.write_text(json_text(lineage_event(settings)) + "\n", encoding="utf-8")
        except OSError as error:
            raise cannot_write(f"The file {openlineage}", error) from error
    if not column:
        return
    found = lineage_of(settings.map, column)
    if json:
        as_json(found.to_dict())
        return
    for line in _lines(found):
        say(plain(line))


def _lines(node: LineageNode, before: str = "", last: str = "") -> Iterator[str]:
    how = f"  ({node.how})" if node.how else ""
    yield f"{before}{last}{node.name}{how}"
    inner = before + ("   " if last.startswith("└") else "│  " if last else "")
    for number, one in enumerate(node.sources, 1):
        yield from _lines(one, inner, "└─ " if number == len(node.sources) else "├─ ")
