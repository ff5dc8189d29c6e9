"""Undoes a run: sets back what was there before, except where somebody has changed it since. Start at `undo`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fullcircle.errors import ConfigError, NotFound, SourceUnreachable
from fullcircle.govern.restricted import Restricted
from fullcircle.model.progress import Progress
from fullcircle.writeback.journal import Cell, KeptRun, kept_runs
from fullcircle.writeback.opened import WritebackDesk
from fullcircle.writeback.send import UNSURE, Sender, pause


@dataclass(slots=True)
class WritebackUndone:
    """What an undo did, in values of fields; `rows` were written."""

    name: str
    undoes: int
    run: int | None = None
    rows: int = 0
    set_back: int = 0
    back_already: int = 0  # they are as they were before
    changed_since: list[Cell] = field(default_factory=list)  # by a person, or by a later run
    left: int = 0  # of rows that are gone, or of people whose data may not be used
    refused: int = 0  # rows


def undo(desk: WritebackDesk, number: int | None, actor: str, progress: Progress, preview: bool = False) -> WritebackUndone:
    """Set back what a run has written; without a number, the last one that is not undone.

    A field whose value is no longer the one that was written stays. Killed at any request, it is asked for again.
    """
    run = _meant(desk, number)
    done = WritebackUndone(desk.plan.name, run.number)
    progress.step(f"{desk.plan.name}: undo of run {run.number}")
    sender = Sender(desk.plan, desk.journal, 0)
    if not preview:
        sender.find_out()
    cells = _usable(desk, desk.journal.of_run(run.number), done)
    if not preview:
        done.run = desk.journal.begin(desk.plan.name, actor, run.number)
        sender = Sender(desk.plan, desk.journal, done.run)
    try:
        size = desk.plan.writer.read_rows
        for start in range(0, len(cells), size):
            _set_back(sender, cells[start : start + size], done, preview)
    finally:
        done.rows, done.refused = sender.sent.written, sum(sender.sent.refused.values())
        if done.run:
            counts = {"written": done.rows, "set_back": done.set_back, "changed_since": len(done.changed_since)}
            desk.journal.end(done.run, counts)
    return done


def _set_back(sender: Sender, cells: Sequence[Cell], done: WritebackUndone, preview: bool) -> None:
    for attempt in range(UNSURE + 1):
        back = _still_ours(sender, cells, done)
        if preview:
            done.set_back += len(back)
            return
        again = sender.send(
            [
                replace(one, before=one.after, after=one.before, last_before=one.last_after, last_after=one.last_before)
                for one in back
            ]
        )
        if not again:
            done.set_back += len(back)
            return
        pause(attempt)
        sender.find_out()
        done.set_back += sum(one.key not in again for one in back)
        cells = [one for one in back if one.key in again]
    raise SourceUnreachable("The CRM gives no answer to what is written, again and again.", "Run the same command again later.")


def _still_ours(sender: Sender, cells: Sequence[Cell], done: WritebackUndone) -> list[Cell]:
    """Those whose value is the one that we wrote (or what the CRM made of it)."""
    now = sender.read([one.key for one in cells], {one.field for one in cells})
    back = []
    for one in cells:
        if one.key not in now:
            done.left += 1
            continue
        shown = now[one.key].get(one.field)
        if shown in (one.after, one.shown):
            back.append(replace(one, after=shown))
        elif shown == one.before:
            done.back_already += 1
        else:
            done.changed_since.append(one)
    return back


def _usable(desk: WritebackDesk, cells: Sequence[Cell], done: WritebackUndone) -> list[Cell]:
    """Without people whose data may not be used, and without fields that the config no longer names."""
    unknown = sorted({one.field for one in cells} - {*desk.plan.written})
    if unknown:
        raise ConfigError(
            f"That run wrote {', '.join(unknown)}, which [writeback.{desk.plan.name}] no longer names.",
            "Name them there again to undo it.",
        )
    restricted = {*Restricted(desk.book).records()}
    theirs = "SELECT customer_id FROM members WHERE list_contains(CAST($those AS VARCHAR[]), record_id)"
    rows = desk.engine.rows(f"SELECT record_id FROM members WHERE customer_id IN ({theirs})", {"those": sorted(restricted)})
    restricted |= {row[0] for row in rows}
    kept = [one for one in cells if one.record_id not in restricted]
    done.left += len(cells) - len(kept)
    return kept


def _meant(desk: WritebackDesk, number: int | None) -> KeptRun:
    runs = kept_runs(desk.book, desk.plan.name)
    undone = {run.undoes for run in runs if run.ended_at}
    these = [run for run in runs if run.undoes is None and desk.journal.of_run(run.number)]
    if number is None:
        these = [run for run in these if run.number not in undone]
    found = [run for run in these if number in (None, run.number)]
    if not found:
        known = ", ".join(str(run.number) for run in these[:10]) or "none"
        which = f"Run {number} of {desk.plan.name} cannot be undone." if number else f"No run of {desk.plan.name} can be undone."
        raise NotFound(which, f"Runs that wrote something and are kept: {known}. `fullcircle writeback status` lists them.")
    return found[0]
