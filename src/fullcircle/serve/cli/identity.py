"""`fullcircle identity ...`: how well who is who is known, and how to make it better."""

from __future__ import annotations

from typing import Annotated

import typer

import fullcircle
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.terminal import plain


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    room = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Who is who: its health, labels and threshold.")
    room.command("health")(health)
    app.add_typer(room, name="identity")


def health(
    config: ConfigFile = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="So many runs, the newest first.")] = 5,
    json: AsJson = False,
) -> None:
    """The figures of the last runs of `resolve`: sizes, given names, single records, changes.

    The exit code is 1 if the last run was stopped.
    A run that breaks a limit of [identity.limits] is stopped before the graph; `fullcircle run --accept` goes on.
    """
    with fullcircle.open(config) as reader:
        found = reader.health(limit)
    if json:
        as_json(found.to_pylist())
    else:
        rows = [
            {
                "at": one.at[:16].replace("T", " "),
                "": "good" if not one.problems else "accepted" if one.accepted else "STOPPED",
                "records": one.measures.records,
                "customers": one.measures.customers,
                "one record": f"{one.measures.singles:.1%}",
                "biggest": one.measures.biggest,
                "mixed names": f"{one.measures.mixed:.2%}",
                "changed": "-" if one.measures.changed is None else f"{one.measures.changed:.2%}",
            }
            for one in found
        ]
        table("Health of the last runs", rows, empty="nothing was measured yet; `fullcircle run` does")
        for problem in found[0].problems if found else ():
            say(f"[bold]{plain(problem)}[/]")
    if found and not found[0].accepted:
        raise typer.Exit(1)
