"""The verbs of erasing: `erase`, and `erased list / show / resume / lift / keep / apply` for what was erased."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.run import Quiet
from fullcircle.serve.cli.steward import Actor
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fullcircle.config.sections import Config
    from fullcircle.privacy.certificate import ErasureCertificate
    from fullcircle.privacy.erase import PlannedErasure

Number = Annotated[str, typer.Argument(help="The number of the erasure, as `fullcircle erased list` shows it.")]
erased = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="What was erased: list, show, resume, lift, keep, apply.")


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(erase)
    for verb in (list_erased, show, resume, lift, keep, apply):
        erased.command(name="list" if verb is list_erased else None)(verb)
    app.add_typer(erased, name="erased")


def erase(
    which: Annotated[list[str], typer.Argument(help="Customers: ids (old ones, too), records, or words that fit only one.")],
    config: ConfigFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be erased, by place; nothing is changed.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask: an erasure cannot be undone.")] = False,
    actor: Actor = "",
    reference: Annotated[str, typer.Option("--reference", help="The number of the request. No names: it is kept.")] = "",
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Erase a person: all records ever merged into the customer, everywhere; and nothing brings the person back.

    Sources are only read, so the person must be deleted there, too: until then each pull leaves the rows out.

    \b
    Examples:
      fullcircle erase customer:4q2m... --dry-run
      fullcircle erase crm:contacts:17 --reference DSR-2041
      fullcircle erased resume         (after a crash, or when a server was down)
    """
    from fullcircle.ask.whom import named_by
    from fullcircle.config.read import load_config
    from fullcircle.privacy.erase import erase as carry_out
    from fullcircle.privacy.erase import plan
    from fullcircle.serve.cli.progress import Bars

    settings = load_config(config)
    asked = asker.enter(settings, "erase", "erase")
    named = named_by(settings, asked, ever=True)
    if dry_run:
        with Bars(quiet or json) as bars:
            planned = plan(settings, which, named, bars)
        as_json([asdict(one) for one in planned]) if json else _draw_plan(planned)
        return
    if not yes:
        typer.confirm(f"Erase {', '.join(which)} for good?", abort=True, err=True)
    with Bars(quiet or json) as bars:
        made = carry_out(settings, which, named, asker.decides(asked, actor), reference, bars)
    _draw(made, settings, json)


def list_erased(config: ConfigFile = None, json: AsJson = False) -> None:
    """List all erasures: who ordered them and whether they are carried out everywhere. Persons are keyed hashes.

    \b
    Examples:
      fullcircle erased list
    """
    from fullcircle.config.read import load_config
    from fullcircle.privacy.listed import erasures

    settings = load_config(config)
    asker.enter(settings, "erase", "erased list")
    found = erasures(settings)
    if json:
        as_json([asdict(one) for one in found])
        return
    rows = [
        {"erasure": one.id, "state": one.state, "at": one.at, "by": one.by, "reference": one.reference, "person": one.person[:12]}
        for one in found
    ]
    table("Erased", rows, worth=("erasure", "state", "at", "by"), empty="nobody")


def show(number: Number, config: ConfigFile = None, json: AsJson = False) -> None:
    """Show the certificate of an erasure; it is also in the folder `certificates` of the home, as JSON and as text.

    \b
    Examples:
      fullcircle erased show erasure-2026-11-30-135ef024
    """
    from fullcircle.config.read import load_config
    from fullcircle.privacy.certificate import as_text
    from fullcircle.privacy.listed import certificate_of

    settings = load_config(config)
    asker.enter(settings, "erase", "erased show")
    found = certificate_of(settings, number)
    as_json(asdict(found)) if json else typer.echo(as_text(found))


def resume(config: ConfigFile = None, quiet: Quiet = False, json: AsJson = False) -> None:
    """Go on with erasures that were interrupted, or could not reach a server. `fullcircle run` does the same at its end.

    \b
    Examples:
      fullcircle erased resume
    """
    from fullcircle.config.read import load_config
    from fullcircle.privacy.erase import finish
    from fullcircle.serve.cli.progress import Bars

    settings = load_config(config)
    asker.enter(settings, "erase", "erased resume")
    with Bars(quiet or json) as bars:
        made = finish(settings, bars)
    _draw(made, settings, json)


def lift(number: Number, config: ConfigFile = None) -> None:
    """Take a person off the list: somebody who becomes a customer again. What was erased does not come back by itself.

    The next pull takes the rows again that the sources still have, as far as they read them again; `run --again` does not.

    \b
    Examples:
      fullcircle erased lift erasure-2026-11-30-135ef024
    """
    from fullcircle.config.read import load_config
    from fullcircle.privacy.listed import lift as take_off

    settings = load_config(config)
    asker.enter(settings, "erase", "erased lift")
    take_off(settings, number)
    say(f"The person of {plain(number)} is off the list. The next pull may bring the person back, as a new customer.")


def keep(
    file: Annotated[Path, typer.Argument(help="Where to write the list: outside the home, beside its backups.")],
    config: ConfigFile = None,
) -> None:
    """Write the list of erased people into a file outside the home, to apply it after restoring a backup.

    It holds keyed hashes and their key: keep it as safe as a backup.

    \b
    Examples:
      fullcircle erased keep /safe/erased.json
    """
    from fullcircle.config.read import load_config
    from fullcircle.privacy.listed import keep as write_list

    settings = load_config(config)
    asker.enter(settings, "erase", "erased keep")
    number = write_list(settings, file)
    say(f"{number:,} erasure{'s' if number != 1 else ''} written to {plain(str(file))}.")


def apply(
    file: Annotated[Path, typer.Argument(help="A list that `fullcircle erased keep` wrote.")],
    config: ConfigFile = None,
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """After restoring a backup: erase again everybody who was erased since it was made.

    \b
    Examples:
      fullcircle erased apply /safe/erased.json
    """
    from fullcircle.config.read import load_config
    from fullcircle.privacy.listed import apply as take_over
    from fullcircle.serve.cli.progress import Bars

    settings = load_config(config)
    asker.enter(settings, "erase", "erased apply")
    with Bars(quiet or json) as bars:
        made = take_over(settings, file, bars)
    _draw(made, settings, json)


def _draw(made: Sequence[ErasureCertificate], settings: Config, json: bool) -> None:
    from fullcircle.privacy.certificate import FOLDER

    if json:
        as_json([asdict(one) for one in made])
        return
    if not made:
        say("No erasure is open.")
    for one in made:
        say(f"[bold]Erased[/]: {one.erasure}, everywhere. Certificate: {plain(str(settings.home / FOLDER / one.erasure))}.json")
        _draw_counts("What there was", one.counts)
        if one.sources:
            say(f"Delete the person there, too: {plain(', '.join(one.sources))}. Until then each pull leaves the rows out.")


def _draw_plan(planned: Sequence[PlannedErasure]) -> None:
    for one in planned:
        say(f"[bold]Dry run[/]: nothing was changed. {one.customer_id} would be erased.")
        if len(one.customer_ids) > 1:
            say(f"With the ids that were merged into it: {', '.join(one.customer_ids[1:])}")
        _draw_counts("What there is", one.counts)
        say(f"It would be gone from: {plain('; '.join(one.reached))}.")
        for place in one.not_reached:
            say(f"[dim]Out of reach: {plain(place)}[/]")
        if one.sources:
            say(f"[dim]These sources have rows of the person: {plain(', '.join(one.sources))}[/]")


def _draw_counts(title: str, counts: Mapping[str, int]) -> None:
    table(title, [{"place": place.replace("_", " "), "number": number} for place, number in counts.items()])
