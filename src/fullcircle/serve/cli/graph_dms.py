"""`fullcircle graph dms-mapping`: a graph mapping for AWS DMS from our own field mapping."""

from __future__ import annotations

from enum import StrEnum
from json import loads
from pathlib import Path
from typing import Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json


class MappingFormat(StrEnum):
    """gremlin: for Neptune's property graph. r2rml: for RDF."""

    gremlin = "gremlin"
    r2rml = "r2rml"


def register(room: typer.Typer) -> None:
    """Put the verb into the group `graph`."""
    room.command("dms-mapping")(dms_mapping)


def dms_mapping(
    source: Annotated[str, typer.Argument(help="A source of the config with connector sql.")],
    form: Annotated[
        MappingFormat, typer.Option("--format", "-f", help="gremlin (JSON) or r2rml (Turtle).")
    ] = MappingFormat.gremlin,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write into this new file instead of printing.")] = None,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Write the graph mapping with which AWS DMS loads a database into Neptune; what it cannot load is listed on stderr.

    \b
    Examples:
      fullcircle graph dms-mapping crm --out crm-mapping.json
      fullcircle graph dms-mapping crm --format r2rml --out crm-mapping.ttl
    """
    from fullcircle.ask.dms_mapping import dms_mapping as ask
    from fullcircle.config.read import load_config
    from fullcircle.graph.exchange import dms

    settings = load_config(config)
    asker.enter(settings, "configure", "graph dms-mapping")
    made = ask(settings, source)
    text = dms.gremlin(made) if form is MappingFormat.gremlin else dms.r2rml(made)
    if out is not None:
        _write(out, text)
    if json:
        rules = loads(text) if form is MappingFormat.gremlin else text
        where = {"mapping": rules} if out is None else {"file": str(out)}
        as_json({"source": source, "format": form.value, **where, "left_out": list(made.left_out)})
        return
    for sentence in made.left_out:
        typer.echo(f"left out: {sentence}", err=True)
    if out is None:
        typer.echo(text, nl=False)


def _write(out: Path, text: str) -> None:
    """A new file with the text; an existing file is never overwritten."""
    from fullcircle.errors import ConfigError, cannot_write

    try:
        file = out.open("x", encoding="utf-8")
    except FileExistsError as error:
        raise ConfigError(f"The file {out} exists already.", "Name another file, or move that one away first.") from error
    except OSError as error:
        raise cannot_write(f"The file {out}", error) from error
    try:
        with file:
            file.write(text)
    except OSError as error:
        out.unlink(missing_ok=True)
        raise cannot_write(f"The file {out}", error) from error
