"""`fullcircle campaign`: note an audience with a hold-out, get the list, and see what came of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.steward import Actor
from fullcircle.serve.cli.terminal import console, plain

campaign = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Audiences with a hold-out, and what campaigns did beyond it."
)
Name = Annotated[str, typer.Argument(help="The campaign.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    campaign.command()(start)
    campaign.command()(audience)
    campaign.command()(results)
    app.add_typer(campaign, name="campaign")


def start(
    name: Name,
    segment: Annotated[str, typer.Option("--segment", help="A segment of the config: who may be contacted.")],
    config: ConfigFile = None,
    hold_out: Annotated[float, typer.Option("--hold-out", help="The share that is not contacted, from 0.01 to 0.5.")] = 0.1,
    actor: Actor = "",
    json: AsJson = False,
) -> None:
    """Note who is in the audience today, and hold a part of it out by a keyed hash. Nothing is sent.

    \b
    Examples:
      fullcircle campaign start spring-tea --segment at_risk_vips
      fullcircle campaign start spring-tea --segment at_risk_vips --hold-out 0.2 --json
    """
    from contextlib import closing

    from fullcircle.config.read import load_config
    from fullcircle.govern.home_keys import open_book
    from fullcircle.govern.restricted import Restricted
    from fullcircle.home.tables_file import tables_for_reading
    from fullcircle.steward import campaign as room

    settings = load_config(config)
    who = asker.decides(asker.enter(settings, "publish", "campaign start"), actor)
    with closing(open_book(settings)) as book, tables_for_reading(settings) as tables:
        restricted, today = Restricted(book).records(), datetime.now(UTC).date()
        done = room.start(book, tables, room.CampaignPlan(name, segment, hold_out, today), who, restricted)
    if json:
        as_json(asdict(done))
        return
    say(f"[bold]{plain(done.name)}[/]: {done.contacted:,} to contact, {done.held_out:,} held out.")
    say(f"`fullcircle campaign audience {plain(done.name)}` lists whom to contact; `fullcircle campaign results` compares.")


def audience(name: Name, config: ConfigFile = None, json: AsJson = False) -> None:
    """The ids of the customers to contact: the audience without who is held out, and without who refused since it began.

    \b
    Examples:
      fullcircle campaign audience spring-tea > ids.txt
    """
    from contextlib import closing

    from fullcircle.config.read import load_config
    from fullcircle.govern.home_keys import open_book
    from fullcircle.govern.restricted import Restricted
    from fullcircle.home.tables_file import tables_for_reading
    from fullcircle.model.counting import counted
    from fullcircle.steward import campaign as room

    settings = load_config(config)
    asker.enter(settings, "publish", "campaign audience")
    with closing(open_book(settings)) as book, tables_for_reading(settings) as tables:
        found = room.contacted(book, tables, name, settings.consent, Restricted(book).records())
    if json:
        as_json(found.ids)
        return
    for id in found.ids:
        say(plain(id))
    if found.no_longer:
        left_out = f"Left out: {counted(found.no_longer, 'customer')} who refused since, died, or may not be used."
        console(stderr=True).print(left_out)  # not among the ids, which go into a file


def results(
    config: ConfigFile = None,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="Orders of so many days after the start count.")] = 30,
    json: AsJson = False,
) -> None:
    """What campaigns did: orders and payments of who was contacted, beside those of who was held out, with intervals.

    \b
    Examples:
      fullcircle campaign results --days 60
    """
    with asker.reader(config) as reader:
        rows = reader.campaigns(days).to_pylist()
    if json:
        as_json(rows)
    else:
        table("Campaigns", rows, worth=("name", "contacted_ordered", "held_out_ordered", "gain", "note"), empty="none was noted")
