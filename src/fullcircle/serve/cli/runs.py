"""`fullcircle runs`: what the last runs did."""

from __future__ import annotations

from typing import Annotated

import typer

from fullcircle.model.counting import counted
from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, table


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(runs)


def runs(
    config: ConfigFile = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many runs, the newest.")] = 5,
    json: AsJson = False,
) -> None:
    """The last runs with their stages: what was done, skipped, or where a run ended, and how long it took.

    \b
    Example:
      fullcircle runs --limit 20 --json
    """
    with asker.reader(config) as reader:
        found = reader.runs(limit)
    if json:
        as_json(found.to_pylist())
        return
    rows = []
    for one in found:
        how = {"run": one.run, "started": one.started_at[:19].replace("T", " "), "state": one.state, "error": one.error}
        rows.append({**how, "stage": None, "seconds": one.seconds, "made": None})
        rows += [
            {
                "run": None,
                "started": None,
                "state": stage.state,
                "error": None,
                "stage": stage.stage,
                "seconds": stage.seconds,
                "made": ", ".join(f"{number:,} {name}" for name, number in stage.counts.items() if number),
            }
            for stage in one.stages
        ]
    for row in rows:
        row.update({name: "" for name, value in row.items() if value is None})
    table(counted(len(found), "run"), rows, worth=("run", "started", "stage", "state", "seconds"), empty="none yet")
