"""Draws what `map suggest --write` wrote: which objects became what, why, what was left out and why it matters, what is next."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import counted
from fullcircle.serve.cli.output import say
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.ask.suggest import WrittenProposal

SURE = "sure"  # all else is a doubt that is repeated at the end
NOT_MAPPED = "not mapped: "  # how a note begins that says why
FIELDS = 40  # unused fields that are listed; the config lists all


def draw_written(written: WrittenProposal, path: Path) -> None:
    """Print it for a person: objects with maps first, then those without."""
    mapped = [one for one in written.proposed if one["maps"] or one["kept"]]
    others = [one for one in written.proposed if one not in mapped]
    for one in (*mapped, *others):
        _object(one)
    doubts = [_name(one) for one in mapped if not one["kept"] and one["sure"] != SURE]
    if doubts:
        say(f"[bold]Not sure[/] of {plain(', '.join(doubts))}: read these maps first.")
    if others:
        say(f"[bold]Not mapped[/]: {plain(', '.join(map(_name, others)))}. Their rows are pulled, but in no view.")
    if written.sources:
        say(plain(f"Wrote a proposal for {', '.join(written.sources)} into {path}."))
        say("Next: read and correct it there, then `fullcircle map check`, then `fullcircle run`.")
    else:
        say(
            plain(
                f"Wrote nothing into {path}: the sources have no objects. Next: check their path, or the address, in the config."
            )
        )


def _object(one: Mapping[str, Any]) -> None:
    """One object: what it became, the evidence, and what is worth a look (!)."""
    tables = ", ".join(dict.fromkeys(each["to"] for each in one["maps"]))
    if one["kept"]:
        say(
            f"[bold]{plain(_name(one))}[/]: has maps in the config that are not of a proposal; they are kept, nothing is proposed"
        )
        return
    if one["problem"]:
        say(f"[bold]{plain(_name(one))}[/] could not be read: {plain(one['problem'])}")
        return
    if not one["maps"]:
        why = "" if any(note.startswith(NOT_MAPPED) for note in one["notes"]) else ": it does not seem to hold customers"
        say(f"[bold]{plain(_name(one))}[/] is not mapped{why}")
    else:
        what = one["is"] if one["is"] not in tables.split(", ") else ""
        said = ", ".join(part for part in (what, one["sure"]) if part)
        say(f"[bold]{plain(_name(one))}[/] -> {plain(f'{tables} ({said})')}")
    for text in one["evidence"]:
        say(f"  [dim]{plain(text)}[/]")
    for text in sorted(one["notes"], key=lambda note: not note.startswith(LOOK)):
        looked = f"[bold]{LOOK}[/]{plain(text.removeprefix(LOOK))}" if text.startswith(LOOK) else plain(text)
        say(f"  ! {looked}")
    if one["maps"] and one["not_used"]:
        few, more = one["not_used"][:FIELDS], len(one["not_used"]) - FIELDS
        rest = f" and {counted(more, 'other')} (the config lists them)" if more > 0 else ""
        say(f"  left out: {plain(', '.join(few))}{rest}")


def _name(one: Mapping[str, Any]) -> str:
    return f"{one['source']}.{one['object']}"
