"""Cells that a workbook merges downwards: a customer's name that stands once beside five orders is that of all five.

Only rows inside the merged range get the value, only where they hold another value, and only below the header. An amount stays in
its first row: it is one amount for all rows together, and would count once for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fullcircle.connectors.sources.files.part import Line, Merged

AMOUNT = re.compile(r"-?\d+\.\d+")


@dataclass(slots=True)
class Down:
    """Fills rows from the merged cells above them, and remembers in which columns it did, and in which it did not."""

    merged: Merged
    names: Sequence[str]
    filled: set[str] = field(default_factory=set)
    once: set[str] = field(default_factory=set)

    def lines(self, lines: Iterator[Line]) -> Iterator[Line]:
        """The rows below the header."""
        open_: dict[int, tuple[int, str]] = {}
        for number, own, missing in lines:
            values = own
            given = [column for column, (last, _) in open_.items() if number <= last]
            if given and any(own):
                values = [*own, *[""] * (max(given) + 1 - len(own))]
                for column in given:
                    values[column] = values[column] or open_[column][1]
                self.filled |= {self._name(column) for column in given}
            for column in range(len(values)):
                last = self.merged.ends.get((number, column), 0)
                if last and (AMOUNT.fullmatch(values[column]) or (number, column) in self.merged.amounts):
                    self.once.add(self._name(column))
                elif last and values[column]:
                    open_[column] = (last, values[column])
            yield number, values, missing

    def notes(self) -> tuple[str, ...]:
        """What was done since the last time this was asked."""
        made = []
        if self.filled:
            made.append(f"cells merged downwards hold their value in each of their rows: {', '.join(sorted(self.filled))}")
        if self.once:
            made.append(f"amounts in cells merged downwards count once, in their first row: {', '.join(sorted(self.once))}")
        self.filled, self.once = set(), set()
        return tuple(made)

    def _name(self, column: int) -> str:
        return self.names[column] if column < len(self.names) else f"column {column + 1}"
