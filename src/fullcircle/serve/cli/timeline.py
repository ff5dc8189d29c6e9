"""`fullcircle timeline`: what happened with a customer, in one stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fullcircle.model.counting import counted
from fullcircle.serve.cli import asker
from fullcircle.serve.cli.ask import Which
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, shown, table

if TYPE_CHECKING:
    from fullcircle.ask.timeline import TimelineEvent

FIRST = ("what", "purpose", "granted")  # of identity and consents; entities say themselves which properties are worth most


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(timeline)


def timeline(
    which: Which,
    config: ConfigFile = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Only: order, ticket, interaction, consent, identity; several times.")
    ] = None,
    source: Annotated[str, typer.Option(help="Only what this source says.")] = "",
    since: Annotated[str, typer.Option(help='Only from this day or time on: 2026-11-30, or how long ago: "90d".')] = "",
    as_of: Annotated[str, typer.Option("--as-of", help="As it was on this day, or at this time: nothing later.")] = "",
    after: Annotated[str, typer.Option(help="Where the page before ended: its `next`.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many on a page.")] = 50,
    json: AsJson = False,
) -> None:
    """What happened with a customer, the newest first: orders, tickets, interactions, consents, and who it is, in one stream.

    With --since or --as-of, events without a time are left out.

    \b
    Examples:
      fullcircle timeline customer:4q2m...
      fullcircle timeline maria.keller@example.org --kind order --kind ticket --since 90d
      fullcircle timeline customer:4q2m... --as-of 2026-03-31 --limit 200 --json
    """
    from fullcircle.ask.moment import moment
    from fullcircle.ask.timeline import TimelineFilter

    wanted = TimelineFilter(tuple(kind or ()), source, moment(since, "--since"), moment(as_of, "--as-of"))
    with asker.reader(config) as reader:
        found = reader.timeline(which, wanted, after, limit)
    if json:
        as_json(found.to_dict())
        return
    rows = [{"at": one.at, "kind": one.kind, "what": _line(one), "id": one.id, "source": one.source} for one in found.events]
    table(counted(len(rows), "event"), rows, worth=("at", "kind", "what", "id"), empty="nothing happened that is known")
    if found.next:
        say(f"[dim]There is more: --after {found.next}[/]")


def _line(event: TimelineEvent) -> str:
    from fullcircle.model.entities import ENTITIES

    entity = ENTITIES.get(event.kind.capitalize()) or next((one for one in ENTITIES.values() if one.noun == event.kind), None)
    apart = {"id", "at", "source", entity.when if entity else ""}  # in columns of their own
    names = entity.shown if entity else (*FIRST, *(name for name in event.details if name not in FIRST))
    values: list[Any] = [event.details[name] for name in names if name not in apart and event.details.get(name) is not None]
    return ", ".join(shown(value) if not isinstance(value, list | tuple) else shown(len(value)) for value in values)
