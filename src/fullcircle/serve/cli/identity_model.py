"""Draws the match weights, and what new ones change: `fullcircle identity model`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from fullcircle.serve.cli.output import say, table
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.ask.model import ModelAnswer, WeightsChange
    from fullcircle.identity.model_change import ModelEffect, ModelExample
    from fullcircle.steward.model import ModelDecision

STATES = {
    "waiting": "waits for you", "applied": "in use since", "confirmed": "applied, to be proven by a run",
    "kept": "the old were kept", "replaced": "replaced by newer ones",
}  # fmt: skip


def draw_model(found: ModelAnswer) -> None:
    """Print what is in use, what waits, and what was changed."""
    rows = [
        {
            "kind": one.kind, "since": _day(one.since),
            "weights": f"learned from {one.learned_from:,} records" if one.learned_from else "built in",
        }
        for one in found.in_use
    ]  # fmt: skip
    table("Match weights in use", rows, empty="none yet; `fullcircle run` makes them")
    for one in found.waiting:
        _draw_waiting(one, found)
    done = [one for one in found.changes if one.state != "waiting"]
    if done:
        say()
        rows = [
            {
                "at": _day(one.at), "kind": one.kind, "weights": one.why, "customers changed": _changed(one),
                "what became of it": STATES[one.state] + (f" ({one.by})" if one.by else ""),
            }
            for one in done
        ]  # fmt: skip
        table("Changes so far", rows)


def _draw_waiting(one: WeightsChange, found: ModelAnswer) -> None:
    say()
    say(f"[bold]New weights wait[/] since {_day(one.at)}: {plain(one.kind)}, {plain(one.why)}. The old ones are still used.")
    if one.effect:
        draw_effect(one.effect, found.names, f" The limit is {found.limit:.1%}.")
    say()
    say("[bold]fullcircle identity model apply --dry-run[/] counts it on the records as they are now; without --dry-run")
    say("it uses the new weights. [bold]fullcircle identity model keep[/] stays with the old ones.")


def draw_effect(effect: ModelEffect, names: Mapping[str, str], more: str = "", done: bool = False) -> None:
    """Print how many customers have other records, and examples."""
    have, are = ("have", "were") if done else ("would have", "would be")
    say(f"{effect} {have} other records: {effect.absorbed:,} ids {are} absorbed, {effect.split:,} {are} new.{more}")
    for what, result in (("joined", "one customer"), ("parted", "several customers")):
        shown = [example for example in effect.examples if example.what == what]
        if shown:
            title = f"For example, these {'became' if done else 'would become'} {result}"
            table(title, [_example(example, names) for example in shown], worth=("customers", "names", "records"))


def _example(example: ModelExample, names: Mapping[str, str]) -> dict[str, str]:
    return {
        "customers": _lines(example.customers),
        "names": _lines([names.get(id, "-") or "-" for id in example.customers]),
        "records": _lines([record.removeprefix("record:") for record in example.records]),
    }


def draw_decision(made: ModelDecision) -> None:
    """Print what a decision about the weights did."""
    if made.verb == "keep":
        stayed = "The old match weights stay in use." if not made.effect else "The match weights of before are in use again."
        say(stayed if not made.dry_run else f"[bold]Dry run[/]: nothing was changed. {stayed}")
    else:
        say("[bold]Dry run[/]: nothing was changed." if made.dry_run else "The new match weights are in use.")
    if made.effect:
        draw_effect(made.effect, made.names, done=not made.dry_run)
    if not made.dry_run and made.verb == "apply":
        say("[dim]fullcircle identity model keep goes back to those of before; the customers get their ids back.[/]")


def _changed(one: WeightsChange) -> str:
    return "not counted" if not one.effect else str(one.effect)


def _day(at: str) -> str:
    return at[:16].replace("T", " ")


def _lines(values: Sequence[str]) -> str:
    return "\n".join(values)
