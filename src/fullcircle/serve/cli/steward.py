"""The verbs of a steward: `merge`, `split`, `always`, `never`, `undo`. Each shows the customers before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.run import Quiet
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.steward.carry_out import Effect
    from fullcircle.steward.portrait import Portrait

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show before and after on a throw-away copy; nothing is changed.")]
Later = Annotated[bool, typer.Option("--later", help="Only note the decision; the next `fullcircle run` applies it.")]
Actor = Annotated[str, typer.Option("--actor", help="Who decides; otherwise who asks. With a policy, who asks is kept, too.")]
Reason = Annotated[str, typer.Option("--reason", help="Why: kept with the decision.")]
Either = Annotated[str, typer.Argument(help="A record, or a customer: an id, or words that fit only one.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    for verb in (merge, split, always, never, undo, decline):
        app.command()(verb)


def merge(
    which: Annotated[list[str], typer.Argument(help="Two customers or more: ids, records, or words that fit only one.")],
    config: ConfigFile = None,
    dry_run: DryRun = False,
    later: Later = False,
    actor: Actor = "",
    reason: Reason = "",
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Make several customers one. `fullcircle undo NUMBER` takes it back, ids and all.

    \b
    Examples:
      fullcircle merge customer:4q2m... customer:9k1z... --dry-run
      fullcircle merge crm:contacts:17 shop:buyers:4 --reason "same person, she rang"
    """
    _do(config, "merge", which, (dry_run, later), (actor, reason), quiet, json)


def split(
    which: Annotated[str, typer.Argument(help="The customer: an id, a record, or words that fit only one.")],
    records: Annotated[list[str] | None, typer.Argument(help="The records that leave it, as `show` lists them.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every record becomes a customer of its own.")] = False,
    config: ConfigFile = None,
    dry_run: DryRun = False,
    later: Later = False,
    actor: Actor = "",
    reason: Reason = "",
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Take one record or several off a customer, or separate all. Those named together stay together.

    \b
    Examples:
      fullcircle split customer:4q2m... shop:buyers:4 --dry-run
      fullcircle split customer:4q2m... --all
    """
    _do(config, "split", [which, *(records or ())], (dry_run, later), (actor, reason), quiet, json, every)


def always(
    one: Either,
    other: Either,
    config: ConfigFile = None,
    dry_run: DryRun = False,
    later: Later = False,
    actor: Actor = "",
    reason: Reason = "",
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Two records belong together, whatever later data says."""
    _do(config, "always", [one, other], (dry_run, later), (actor, reason), quiet, json)


def never(
    one: Either,
    other: Either,
    config: ConfigFile = None,
    dry_run: DryRun = False,
    later: Later = False,
    actor: Actor = "",
    reason: Reason = "",
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Two records, or all records of two customers, never belong together."""
    _do(config, "never", [one, other], (dry_run, later), (actor, reason), quiet, json)


def undo(
    decision: Annotated[int, typer.Argument(min=1, help="The number of the decision, as `history` lists it.")],
    config: ConfigFile = None,
    dry_run: DryRun = False,
    later: Later = False,
    actor: Actor = "",
    reason: Reason = "",
    quiet: Quiet = False,
    json: AsJson = False,
) -> None:
    """Take a decision back: exactly its effect is undone, and customers that were merged get their ids back."""
    _do(config, "undo", [str(decision)], (dry_run, later), (actor, reason), quiet, json)


def decline(
    proposal: Annotated[int, typer.Argument(min=1, help="The number of the proposal, as `review` lists it.")],
    config: ConfigFile = None,
    actor: Actor = "",
    reason: Reason = "",
    json: AsJson = False,
) -> None:
    """Take a proposal out of the review queue without doing it.

    \b
    Examples:
      fullcircle decline 3 --reason "two brothers"
    """
    from fullcircle.config.read import load_config
    from fullcircle.steward.propose import decline as take_out

    settings = load_config(config)
    asked = asker.door(settings)
    found = take_out(settings, asked, proposal, asker.decides(asked, actor), reason)
    if json:
        as_json(asdict(found))
    else:
        say(f"Proposal {found.id}, to {found.verb}, is declined.")


def _do(
    file: Path | None,
    verb: str,
    names: list[str],
    how: tuple[bool, bool],
    who: tuple[str, str],
    quiet: bool,
    json: bool,
    every: bool = False,
) -> None:
    from fullcircle.config.read import load_config
    from fullcircle.errors import ConfigError
    from fullcircle.serve.cli.progress import Bars
    from fullcircle.steward.carry_out import carry_out
    from fullcircle.steward.wish import Wish

    dry_run, later = how
    if dry_run and later:
        raise ConfigError("--dry-run notes nothing, --later only notes.", "Leave out one of them.")
    settings = load_config(file)
    asked = asker.enter(settings, "decide", verb, whole=True)
    with Bars(quiet or json) as bars:
        when = "dry run" if dry_run else "later" if later else "now"
        found = carry_out(settings, Wish(verb, tuple(names), every), asker.decides(asked, who[0]), who[1], when, bars)  # type: ignore[arg-type]
    if json:
        as_json(asdict(found))
    else:
        draw(found)


def draw(found: Effect) -> None:
    """Print what a decision did."""
    many = f"{found.judgements:,} judgement{'s' if found.judgements != 1 else ''}"
    if found.when == "dry run":
        say(f"[bold]Dry run[/]: nothing was changed. {found.verb} would be {many}.")
    else:
        say(f"[bold]Decision {found.decision}[/]: {found.verb}, {many}, by {plain(found.by)}")
    _portraits("Before", found.before)
    if found.when == "later":
        say("It is noted. [bold]fullcircle run[/] applies it.")
        return
    _portraits("After", found.after)
    _golden(found)
    if found.others:
        say(f"{found.others:,} other customers change, too: other changes were waiting for a run.")
    for problem in found.unmet:
        say(f"[bold red]not achieved[/]: {plain(problem)}")
    if found.when == "now" and found.verb != "undo":
        say(f"[dim]fullcircle undo {found.decision} takes it back.[/]")


def _portraits(title: str, customers: tuple[Portrait, ...]) -> None:
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "records": "\n".join(record.removeprefix("record:") for record in one.records[:_FEW]) + _more(len(one.records)),
            "has": _counts(one.has),
            "edges": _counts(one.edges),
        }
        for one in customers
    ]
    table(title, rows, worth=("id", "name", "records", "has"))


_FEW = 8


def _more(number: int) -> str:
    return f"\nand {number - _FEW:,} more" if number > _FEW else ""


def _counts(found: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {one_or_many(name, number)}" for name, number in found.items())


def one_or_many(name: str, number: int) -> str:
    """The name of a table or list as it is read after a number: 1 order, 2 orders."""
    return name.removesuffix("s") if number == 1 and name.islower() else name


def _golden(found: Effect) -> None:
    """The golden values that are not the same for all of these customers, before and after."""
    fields = dict.fromkeys(field for one in (*found.before, *found.after) for field in one.golden)
    rows = []
    for field in fields:
        before, after = ([one.golden.get(field) or "-" for one in side] for side in (found.before, found.after))
        if set(before) != set(after) or len(set(before)) > 1:
            rows.append({"field": field.replace("_", " "), "before": "\n".join(before), "after": "\n".join(after)})
    if rows:
        table("Golden values", rows)
