"""What a person may ask for besides being erased: `person export` and `restrict`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.run import Quiet
from fullcircle.serve.cli.steward import Actor
from fullcircle.serve.cli.terminal import plain

Which = Annotated[str, typer.Argument(help="The customer: an id, a record, or words that fit only one.")]
person = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="What is kept about one person, for that person.")


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(restrict)
    person.callback()(lambda: None)  # so that its only verb is named
    person.command()(export)
    app.add_typer(person, name="person")


def export(
    which: Which,
    to: Annotated[Path, typer.Option("--to", help="The folder to write into; it is made for you alone.")],
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Write all that is kept about a person: one JSON file for machines, one HTML page for people.

    Only about that person: ids of others are taken out, and the other people of a household are not in it.

    \b
    Examples:
      fullcircle person export customer:4q2m... --to /safe/requests/2041
    """
    from fullcircle.config.read import load_config
    from fullcircle.privacy.export import export as write
    from fullcircle.steward.who import customer_named

    settings = load_config(config)
    asker.enter(settings, "export", "person export", whole=True)
    done = write(settings, which, customer_named, to)
    if json:
        as_json(asdict(done))
        return
    say(f"[bold]{done.customer_id}[/]: {plain(str(done.json_file))} and {plain(done.html_file.name)}")
    table("What there is", [{"part": name, "rows": number} for name, number in done.counts.items()])


def restrict(
    which: Which,
    config: ConfigFile = None,
    lift: Annotated[bool, typer.Option("--lift", help="Use the data again.")] = False,
    actor: Actor = "",
    reference: Annotated[str, typer.Option("--reference", help="The number of the request. No names: it is kept.")] = "",
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Keep a person's data, but do not use them: out of insights, offers and published tables, until that is lifted.

    It follows the person through merges, and takes effect at once.

    \b
    Examples:
      fullcircle restrict crm:contacts:17 --reference DSR-2042
      fullcircle restrict crm:contacts:17 --lift
    """
    from fullcircle.ask.whom import named_by
    from fullcircle.config.read import load_config
    from fullcircle.privacy import restrict as restricting
    from fullcircle.serve.cli.progress import Bars

    settings = load_config(config)
    asked = asker.enter(settings, "restrict", "restrict")
    named = named_by(settings, asked)
    with Bars(quiet or json) as bars:
        if lift:
            done = restricting.lift(settings, which, named, bars)
        else:
            done = restricting.restrict(settings, which, named, asker.decides(asked, actor), reference, bars)
    if json:
        as_json(asdict(done))
    elif done.restricted:
        say(
            f"[bold]{done.customer_id}[/] is kept, but not used. `fullcircle restrict {done.customer_id} --lift` takes that back."
        )
    else:
        say(f"[bold]{done.customer_id}[/] is used again.")
