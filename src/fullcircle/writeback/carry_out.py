"""Carries out a write-back, or shows what it would do. Start at `carry_out`.

First it is found out what an interrupted run has written. Then, for some rows at a time, the fields in the CRM are compared with
what is wanted and with what we wrote last (compare.py), and only what differs is sent (send.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from fullcircle.connectors.written import WrittenFields
from fullcircle.errors import NotFound, SourceUnreachable
from fullcircle.govern.restricted import Restricted
from fullcircle.model.progress import Progress
from fullcircle.writeback.compare import check_share_emptied, compare
from fullcircle.writeback.journal import Cell, last_text
from fullcircle.writeback.opened import WritebackDesk
from fullcircle.writeback.send import UNSURE, Sender, pause
from fullcircle.writeback.wanted import WANTED, fill_wanted

EXAMPLES = 20  # of what is different, in a preview


@dataclass(slots=True)
class WritebackDone:
    """What a write-back did, or would do. Counts are of rows, where they do not say values."""

    name: str
    source: str
    object: str
    run: int | None = None  # its number; None for a preview
    rows: int = 0  # that were compared
    to_write: int = 0
    written: int = 0
    values: Counter[str] = field(default_factory=Counter)  # what (see compare.py) -> how many values
    refused: Counter[str] = field(default_factory=Counter)  # reason -> rows
    altered: int = 0  # values that the CRM made something else of when it saved them
    changed: int = 0  # values that somebody changed in the moment when they were sent
    found_written: int = 0  # values that an interrupted run had written
    examples: list[dict[str, Any]] = field(default_factory=list)

    @property
    def conflicts(self) -> int:
        """Values that somebody else has changed."""
        return self.values["conflict"]

    def counts(self) -> dict[str, Any]:
        """For the book: no values."""
        return {
            "rows": self.rows, "to_write": self.to_write, "written": self.written, "values": dict(self.values),
            "refused": dict(self.refused), "altered": self.altered, "changed": self.changed, "found_written": self.found_written,
        }  # fmt: skip


def carry_out(
    desk: WritebackDesk, actor: str, progress: Progress, preview: bool = False, limit: int | None = None
) -> WritebackDone:
    """Write what differs, into `limit` rows at most; with `preview` nothing is written, and examples are shown.

    Killed at any request, the next run goes on. SourceUnreachable if the CRM gives no answer again and again.
    """
    plan = desk.plan
    done = WritebackDone(plan.name, plan.settings.source, plan.settings.object)
    progress.step(f"{plan.name}: {plan.place}")
    if not fill_wanted(desk.engine, plan, Restricted(desk.book).records(), desk.config.consent, progress):
        raise NotFound(
            f"No customer has a record of {plan.place}.", "It must be an object of the source that a map makes records of."
        )
    check_share_emptied(desk.engine, desk.journal.last(), plan.settings.clear_share, plan.name)
    run = 0
    if not preview:
        WrittenFields(desk.book).note(
            plan.settings.source, plan.settings.object, [*plan.written, *plan.writer.stamps(plan.settings.object)]
        )
        run = done.run = desk.journal.begin(plan.name, actor)
    sender = Sender(plan, desk.journal, run)
    if not preview:
        done.found_written = sender.find_out()
        sender.sent.written = 0
    try:
        for keys in _chunks(desk):
            left = None if limit is None else limit - done.to_write
            if left is not None and left <= 0:
                break
            _rows(desk, sender, keys, done, preview, left)
            progress.advance(len(keys))
    finally:
        done.written, done.refused = sender.sent.written, sender.sent.refused
        done.altered, done.changed = sender.sent.altered, sender.sent.changed
        if run:
            desk.journal.end(run, done.counts())
    return done


def _chunks(desk: WritebackDesk) -> Iterator[list[str]]:
    keys = [row[0] for row in desk.engine.rows(f"SELECT DISTINCT key FROM {WANTED} ORDER BY key")]
    for start in range(0, len(keys), desk.plan.writer.read_rows):
        yield keys[start : start + desk.plan.writer.read_rows]


def _rows(desk: WritebackDesk, sender: Sender, keys: Sequence[str], done: WritebackDone, preview: bool, left: int | None) -> None:
    """Compare these rows, and write what differs; again where no answer came, and then only what was not written."""
    found = _compared(desk, sender, keys)
    done.rows += len(keys)
    done.values.update(found["what"].to_pylist())
    chosen = _chosen(desk, found, left)
    done.to_write += len(pc.unique(chosen["key"]))
    if preview:
        _examples(found, done)
        return
    desk.journal.ours(_cells(found.filter(pc.equal(found["what"], "agrees"))))
    for attempt in range(UNSURE + 1):
        again = sender.send(_cells(chosen))
        if not again:
            return
        pause(attempt)
        sender.find_out()
        chosen = _chosen(desk, _compared(desk, sender, again), None)
    raise SourceUnreachable(
        f"{desk.plan.place} gives no answer to what is written, again and again.",
        "Run the same command again later: it finds out what was written, and goes on.",
    )


def _compared(desk: WritebackDesk, sender: Sender, keys: Sequence[str]) -> pa.Table:
    now = sender.read(keys)
    return compare(desk.engine, keys, now, desk.journal.last(keys), desk.plan.written)


def _chosen(desk: WritebackDesk, found: pa.Table, left: int | None) -> pa.Table:
    """What is written: with `left`, of so many rows."""
    what = pa.array(["write", "conflict"] if desk.plan.settings.wins == "fullcircle" else ["write"])
    chosen = found.filter(pc.is_in(found["what"], value_set=what))
    if left is not None:
        chosen = chosen.filter(pc.is_in(chosen["key"], value_set=pc.unique(chosen["key"]).slice(0, left)))
    return chosen


def _cells(chosen: pa.Table) -> list[Cell]:
    return [
        Cell(
            row["key"], row["field"], row["record_id"], row["current"], row["wanted"], row["last"],
            last_text(row["wanted"], row["wanted"]),
        )
        for row in chosen.to_pylist()
    ]  # fmt: skip


def _examples(found: pa.Table, done: WritebackDone) -> None:
    room = EXAMPLES - len(done.examples)
    if room > 0:
        different = found.filter(pc.is_in(found["what"], value_set=pa.array(["write", "conflict"])))
        done.examples += different.slice(0, room).drop_columns(["last"]).to_pylist()
