"""The questions about identity: `why`, `why-not`, `how`, `history`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.ask.how import HowAnswer, RecordLine
    from fullcircle.ask.why_not import WhyNotAnswer
    from fullcircle.identity.tree import RecordLink

RecordA = Annotated[str, typer.Argument(help="A record id, as `show` lists them: crm:contacts:17")]
RecordB = Annotated[str, typer.Argument(help="Another record id.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command()(why)
    app.command("why-not")(why_not)
    app.command()(how)
    app.command()(history)


def why(record_a: RecordA, record_b: RecordB, config: ConfigFile = None, json: AsJson = False) -> None:
    """Why two records are, or are not, one customer: the match weights field by field, and the chain between them.

    It can be asked right after `resolve`, before there is a graph.

    \b
    Example:
      fullcircle why crm:contacts:17 shop:customers:4
    """
    from fullcircle.serve.cli.view import draw_why

    with asker.reader(config) as reader:
        found = reader.why(record_a, record_b)
    if json:
        as_json(found.to_dict())
        return
    draw_why(found)
    if len(found.chain) > 1:
        say("\nThey are joined through others:")
        _chain(found.chain, found.weakest)


def why_not(record_a: RecordA, record_b: RecordB, config: ConfigFile = None, json: AsJson = False) -> None:
    """Why two records are not one customer: what kept them apart, what is missing, which key would have made them meet.

    \b
    Example:
      fullcircle why-not crm:contacts:17 shop:customers:5
    """
    with asker.reader(config) as reader:
        found = reader.why_not(record_a, record_b)
    if json:
        as_json(found.to_dict())
    else:
        _draw_why_not(found)


def how(
    which: Annotated[str, typer.Argument(help="Any id, or words that fit one customer only.")],
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """How the records of a customer hold together: a tree of the strongest links, and the one that would break first.

    \b
    Example:
      fullcircle how crm:contacts:17
    """
    with asker.reader(config) as reader:
        found = reader.how(which)
    if json:
        as_json(found.to_dict())
    else:
        _draw_how(found)


def history(
    which: Annotated[str, typer.Argument(help="A customer (older ids too); without one: all decisions.")] = "",
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """What happened to a customer: when its id was made, merged or split, and what people decided about its records.

    \b
    Example:
      fullcircle history crm:contacts:17
    """
    with asker.reader(config) as reader:
        found = reader.history(which)
    if json:
        as_json(found.to_pylist())
        return
    rows = [
        {
            "at": one.at[:16].replace("T", " "), "what": one.what, "decision": one.decision, "by": one.by, "reason": one.reason,
            "records": "\n".join(record.removeprefix("record:") for record in one.records[:4])
            + (f"\nand {len(one.records) - 4} more" if len(one.records) > 4 else ""),
        }
        for one in found
    ]  # fmt: skip
    table("History" if which else "Decisions", rows, worth=("at", "what", "decision", "by"), empty="nothing was decided yet")


def _chain(links: Sequence[RecordLink], weakest: RecordLink | None) -> None:
    for link in links:
        note = "  [bold]the weakest link[/]" if link == weakest else ""
        say(f"  {_short(link.record_a)} - {_short(link.record_b)}  [dim]{plain(_by(link.rule, link.weight))}[/]{note}")


def _draw_why_not(found: WhyNotAnswer) -> None:
    for reason in found.reasons or ("Nothing is known that keeps them apart.",):
        say(plain(reason))
    if found.needed and not found.one_customer:
        rows = [
            {
                "if both had the same": one.field,
                "now": "missing in " + " and ".join(map(_bare, one.missing_in)) if one.missing_in else one.now,
                "weight": f"{one.weight:+.2f}",
                "linked": one.enough,
            }
            for one in found.needed
        ]
        say()
        table(f"What would raise the weight (linked from {found.threshold:+.2f})", rows)
    lacking = [
        {"key": key.rule, _bare(found.record_a): _lacks(key.lacks_a), _bare(found.record_b): _lacks(key.lacks_b)}
        for key in found.keys
    ]
    say()
    say(f"Keys in common: {plain(', '.join(found.met) or 'none')}")
    if not found.met:
        table("Keys that would make them meet, and what each lacks", lacking)


def _lacks(names: Sequence[str]) -> str:
    return ", ".join(names) or "another value"


def _draw_how(found: HowAnswer) -> None:
    say(f"[bold]{plain(found.customer_id)}[/], {len(found.lines):,} record{'s' if len(found.lines) != 1 else ''}")
    for line in found.lines:
        own = found.weakest is not None and {line.record, line.above} == {found.weakest.record_a, found.weakest.record_b}
        facts = "  ".join(value for value in (line.name, line.email, line.phone) if value)
        joined = f"  [dim]{plain(_by(line.rule, line.weight))}[/]" if line.rule else ""
        note = "  [bold]the weakest link[/]" if own and len(found.lines) > 2 else ""
        say(f"{_indent(line)}{_short(line.record)}  {plain(' '.join(facts.split()))}{joined}{note}")


def _indent(line: RecordLine) -> str:
    return "  " + "   " * max(0, line.depth - 1) + ("`- " if line.depth else "")


def _by(rule: str | None, weight: float | None) -> str:
    if rule == "score" and weight is not None:
        return f"weight {weight:+.2f}"
    return f"by {rule}"


def _short(record: str) -> str:
    return plain(_bare(record))


def _bare(record: str) -> str:
    return record.removeprefix("record:")
