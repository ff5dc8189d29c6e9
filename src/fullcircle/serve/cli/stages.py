"""Each stage by itself: `pull`, `conform`, `check`, `resolve`, `graph sync`, `insights`, `publish`; `map` and `landing`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

from fullcircle.pipeline import STAGES
from fullcircle.serve.cli import graph, graph_changes, insights, landing
from fullcircle.serve.cli import map as map_verbs
from fullcircle.serve.cli.output import AsJson, ConfigFile
from fullcircle.serve.cli.run import DryRun, Quiet, show_done, work


def register(app: typer.Typer) -> None:
    """Add a verb for each stage, `map` and `landing`; the stage graph is `graph sync`, beside the other verbs of the graph."""
    for stage in STAGES:
        text = f"{stage.meaning}\n\nOne stage of `fullcircle run` by itself, done even if nothing changed."
        if stage.name == "insights":
            app.add_typer(insights.group(text), name="insights")
        elif stage.name != "graph":
            app.command(stage.name, help=text)(_verb(stage.name))
    room = graph.group()
    graph_changes.register(room)
    app.add_typer(room, name="graph")
    app.add_typer(map_verbs.group(), name="map")
    app.add_typer(landing.group(), name="landing")


def _verb(stage: str) -> Callable[..., None]:
    def verb(
        config: ConfigFile = None,
        source: Annotated[list[str] | None, typer.Option(help="For pull: only this source (may be repeated).")] = None,
        verify: Annotated[bool, typer.Option("--verify", help="For insights: compare with the graph itself.")] = False,
        dry_run: DryRun = False,
        quiet: Quiet = False,
        json: AsJson = False,
    ) -> None:
        from fullcircle.stage import Choice

        choice = Choice(only=(stage,), sources=tuple(source or ()), verify=verify)
        show_done(work(config, choice, quiet, dry_run), json, dry_run)

    return verb
