"""`fullcircle landing compact`: merges the small files that many pulls have left."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, table
from fullcircle.serve.cli.run import Quiet


def group() -> typer.Typer:
    """The group `landing`."""
    room = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The landed files: what was pulled, as it came.")
    room.callback()(_nothing)
    room.command("compact")(compact)
    return room


def _nothing() -> None:
    """Keep `compact` a verb of the group although it is the only one."""


def compact(
    source: Annotated[list[str] | None, typer.Option(help="Only this source (may be repeated).")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be merged.")] = False,
    config: ConfigFile = None,
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Merge small landed files into larger ones; no row is dropped, and no stage has to run again.

    A pull does this by itself once an object has many small files.

    \b
    Examples:
      fullcircle landing compact --dry-run
      fullcircle landing compact --source crm
    """
    from fullcircle.config.read import load_config
    from fullcircle.connectors.compact import compact as merge
    from fullcircle.desk import open_desk
    from fullcircle.errors import ConfigError, did_you_mean
    from fullcircle.serve.cli.progress import Bars

    settings = load_config(config)
    for name in source or ():
        if name not in settings.sources:
            raise ConfigError(f'The config has no source "{name}".', did_you_mean(name, settings.sources))
    asker.enter(settings, "run", "landing compact")
    with Bars(quiet) as bars, open_desk(settings, bars, dry_run) as desk:
        rows = [asdict(one) for one in merge(desk.landing, bars, source or (), dry_run)]
    if json:
        as_json({"dry_run": dry_run, "objects": rows})
    else:
        title = "Dry run: this would be merged" if dry_run else "Merged"
        table(title, rows, empty="there is nothing to merge")
