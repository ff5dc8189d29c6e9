"""Sends values to the CRM, so that each is written once, whatever happens to the request. Start at `Sender.send`.

Each request is noted in the journal before it leaves, and the rows are read again after it: what they have then is what was
written. Where no answer comes, the same is done after a pause, and what was not written is compared anew before it is sent again.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from fullcircle.connectors.http import retries
from fullcircle.connectors.writing import RowsRefused, Texts, WriteUnsure
from fullcircle.errors import SourceError
from fullcircle.writeback.journal import CHANGED, NOT_WRITTEN, REFUSED, Cell, Journal
from fullcircle.writeback.plan import WritebackPlan

UNSURE = 5  # requests in a row without an answer, after which a run ends
ALL_REFUSED = 5  # rows in a row that are refused for the same reason: the others will be, too


@dataclass(slots=True)
class SentRows:
    """What became of what was sent, in rows; values that somebody changed in that moment."""

    written: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    altered: int = 0  # values that the CRM made something else of
    changed: int = 0


class Sender:
    """Sends the values of one run. `rows` of them at most are written."""

    def __init__(self, plan: WritebackPlan, journal: Journal, run: int) -> None:
        self._plan, self._journal, self._run = plan, journal, run
        self._same_reason = 0
        self.sent = SentRows()

    def send(self, cells: Sequence[Cell]) -> list[str]:
        """Send values of rows, until no answer comes. Returns the keys of the rows that are left: to be compared anew."""
        batches = list(_batches([replace(one, run=self._run) for one in cells], self._plan.writer.write_rows))
        for number, batch in enumerate(batches):
            if not self._batch(batch):
                return list(dict.fromkeys(one.key for left in batches[number:] for one in left))
        return []

    def find_out(self, interrupted: bool = True) -> int:
        """Look at the rows of which nobody knows whether they were written; returns how many values were.

        `interrupted`: no answer came. A value that is neither the one before nor the one after was then changed by somebody.
        Without, the CRM has just said that it wrote them: it is what it made of our value.
        """
        cells = self._journal.sent()
        if not cells:
            return 0
        now = self.read([one.key for one in cells], {one.field for one in cells})
        written, others = [], []
        for one in cells:
            shown = now.get(one.key, {}).get(one.field, one.before)
            if shown == one.after:
                written.append(one)
            elif shown == one.before or one.key not in now:
                others.append((one, NOT_WRITTEN))
            elif interrupted:
                others.append((one, CHANGED))
            else:
                self.sent.altered += 1
                written.append(one.saved_as(shown))
        self._journal.written(written)
        for state in (NOT_WRITTEN, CHANGED):
            self._journal.become([one for one, became in others if became == state], state)
        self.sent.changed += sum(became == CHANGED for _, became in others)
        if not interrupted:
            ignored = {one.key for one, became in others if became == NOT_WRITTEN}
            self.sent.refused.update({"not kept by the CRM": len(ignored)} if ignored else {})
        self.sent.written += len({one.key for one in written})
        return len(written)

    def read(self, keys: Sequence[str], names: set[str] | None = None) -> Mapping[str, Texts]:
        """Rows as the CRM has them now."""
        writer, object = self._plan.writer, self._plan.settings.object
        fields = [one for one in self._plan.written.values() if names is None or one.name in names]
        keys = list(dict.fromkeys(keys))
        found: dict[str, Texts] = {}
        for start in range(0, len(keys), writer.read_rows):
            found |= writer.values(object, keys[start : start + writer.read_rows], fields)
        return found

    # -- one request ------------------------------------------------------------------------------------------------------
    def _batch(self, cells: Sequence[Cell]) -> bool:
        """One request. False if no answer came."""
        rows = {key: {one.field: one.after for one in of} for key, of in groupby(cells, key=lambda one: one.key)}
        self._journal.send(self._run, cells)
        try:
            refused = self._plan.writer.write(self._plan.settings.object, rows, self._plan.written)
        except WriteUnsure:
            return False
        except RowsRefused as error:
            self._journal.become(cells, REFUSED)
            if len(rows) == 1:
                self._count(error.reason, error)
                return True
            half = {*list(rows)[: len(rows) // 2]}
            first, second = [one for one in cells if one.key in half], [one for one in cells if one.key not in half]
            return self._batch(first) and self._batch(second)
        except SourceError:  # said at once, so nothing was written
            self._journal.become(cells, NOT_WRITTEN)
            raise
        self._journal.become([one for one in cells if one.key in refused], REFUSED)
        self.find_out(interrupted=False)
        for reason in refused.values():
            self._count(reason, None)
        if len(refused) < len(rows):
            self._same_reason = 0
        return True

    def _count(self, reason: str, error: SourceError | None) -> None:
        """A row was refused. SourceError if that happens to all of them, for one reason."""
        self._same_reason = self._same_reason + 1 if reason in self.sent.refused else 1
        self.sent.refused[reason] += 1
        if self._same_reason >= ALL_REFUSED and not self.sent.written:
            raise SourceError(
                f"{self._plan.place} refuses each row ({reason}). The run stops here.",
                error.hint
                if error
                else "The vendor documents this word: a rule of the CRM, or a permission, refuses the values.",
            )


def pause(attempt: int) -> None:
    """Before rows are looked at of which nobody knows whether they were written: a request may still be at work."""
    time.sleep(min(retries.LONGEST_WAIT, retries.FIRST_WAIT * 2**attempt))


def _batches(cells: Sequence[Cell], rows: int) -> Iterator[list[Cell]]:
    """The values of so many rows at a time."""
    batch: list[Cell] = []
    count = 0
    for _, of in groupby(cells, key=lambda one: one.key):
        batch += of
        count += 1
        if count == rows:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch
