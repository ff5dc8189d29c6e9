"""`fullcircle review`: the queue of a steward."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.steward import one_or_many
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.ask.review import ReviewItem
    from fullcircle.steward.portrait import Portrait


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(review)


def review(
    config: ConfigFile = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many.")] = 5,
    json: AsJson = False,
) -> None:
    """What a person should decide, in order of worth: doubtful pairs, vetoes, weak links, judgements that are not met.

    Each with its evidence, what hangs on it, and the commands that decide it; `--dry-run` there shows before and after.
    """
    with asker.reader(config) as reader:
        found = reader.review(limit)
    if json:
        as_json(found.to_pylist())
        return
    if not found:
        say("Nothing is contested.")
    for place, one in enumerate(found, 1):
        _draw(place, one)


def _draw(place: int, one: ReviewItem) -> None:
    worth = f"proposed by {plain(one.by)}" if one.proposal else f"worth {one.worth:.1f}"
    say(f"[bold]{place}. {plain(one.question)}[/]  [dim]{worth}[/]")
    if one.reason:
        say(f"   {plain(str(one.reason))}")
    for customer in one.customers:
        say(f"   {plain(customer.id)}  {plain(_facts(customer))}")
    if one.evidence:
        rows = [
            {
                "field": part.field, "compared as": part.level, one.record_a.removeprefix("record:"): part.value_a,
                one.record_b.removeprefix("record:"): part.value_b, "counts": f"{part.weight:+.1f}",
            }
            for part in one.evidence
        ]  # fmt: skip
        table("   evidence", rows)
    for command in one.do:
        say(f"   [dim]->[/] {plain(command)}")
    say()


def _facts(customer: Portrait) -> str:
    counts = {"records": len(customer.records), **customer.has}
    has = [f"{number} {one_or_many(name, number)}" for name, number in counts.items()]
    return f"{customer.name}: {', '.join(has)}"
