"""`fullcircle pull`: new and changed rows of the sources, of some of them, or once more."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.serve.cli.output import AsJson, ConfigFile
from fullcircle.serve.cli.run import AtOnce, DryRun, Quiet, also_if_sources_fail, show_done, work

if TYPE_CHECKING:
    from collections.abc import Sequence


def pull(
    config: ConfigFile = None,
    source: Annotated[list[str] | None, typer.Option(help="Only this source (may be repeated).")] = None,
    object: Annotated[
        list[str] | None, typer.Option("--object", help="Only this object of the source, or SOURCE.OBJECT (may be repeated).")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read from the start; what was pulled before no longer counts once rows arrive.")
    ] = False,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Read again what changed since then (UTC).", show_default=False
        ),
    ] = None,
    at_once: AtOnce = 0,
    dry_run: DryRun = False,
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Read new and changed rows from the sources and store them as Parquet; the cursor moves only after that.

    One stage of `fullcircle run` by itself. A source that cannot be read does not stop the others: a message says which it was,
    and the exit code that there was one.

    \b
    Examples:
      fullcircle pull --source crm
      fullcircle pull --source crm --object contacts --full
      fullcircle pull --since 2026-11-01
    """
    from fullcircle.errors import ConfigError
    from fullcircle.stage import Choice

    if full and since:
        raise ConfigError("--full reads everything, and --since what changed.", "Leave out one of them.")
    choice = Choice(
        only=("pull",), sources=_named(tuple(source or ()), tuple(object or ())), anew=full, since=since, at_once=at_once
    )
    with also_if_sources_fail(lambda: work(config, choice, quiet, dry_run)) as done:
        show_done(done, json, dry_run)


def _named(sources: Sequence[str], objects: Sequence[str]) -> tuple[str, ...]:
    """Sources, or objects as `source.object`. An object alone is of the only source that is named."""
    from fullcircle.errors import ConfigError

    if not objects:
        return tuple(sources)
    if len(sources) > 1:
        raise ConfigError("Of which source --object is cannot be seen.", "Name one --source, or write --object SOURCE.OBJECT.")
    if sources:
        return tuple(one if one.startswith(f"{sources[0]}.") else f"{sources[0]}.{one}" for one in objects)
    unclear = [one for one in objects if "." not in one]
    if unclear:
        raise ConfigError(
            f'Of which source "{unclear[0]}" is cannot be seen.', "Name its --source, or write --object SOURCE.OBJECT."
        )
    return tuple(objects)
