"""`fullcircle runs` and `fullcircle quality`: what the last runs did, and how good the data was."""

from __future__ import annotations

from typing import Annotated

import typer

from fullcircle.model.counting import counted
from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, table


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    for verb in (runs, quality):
        app.command()(verb)


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


def quality(
    config: ConfigFile = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many groups of the quarantine, and runs of the history.")] = 20,
    json: AsJson = False,
) -> None:
    """What the rules of quality found, what waits in quarantine and why, and how that was in the runs before.

    \b
    Example:
      fullcircle quality --json
    """
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
