"""Fits a table into a terminal: ids and e-mail addresses stay whole, texts wrap, and what has no room is left out by worth."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.table import Table

from fullcircle.serve.cli.terminal import cell

GAP = 2  # blanks between two columns
USUAL = 80  # columns of a terminal in which what is in KEPT is never left out
KEPT = ("name", "full name", "full_name", "email")
NARROW = 12  # a text column may be wrapped to this width, no further
WHOLE = re.compile(r"\w[@:]\w")  # in a word: it is an e-mail address or one of our ids, never broken and never cut


@dataclass(frozen=True, slots=True)
class Layout:
    """The width of each column that is shown, in their order, and the names of the others."""

    widths: dict[str, int]
    hidden: tuple[str, ...]

    @property
    def total(self) -> int:
        """The width of the whole table; more than the terminal's only if the columns that always stay are."""
        return sum(self.widths.values()) + GAP * (len(self.widths) - 1)

    @property
    def note(self) -> str:
        """The line that says what is not shown; empty if everything is."""
        return not_shown(self.hidden)


def not_shown(names: Iterable[str]) -> str:
    """The line that says which columns are not shown and where to find them; empty if there are none."""
    hidden = ", ".join(dict.fromkeys(names))
    return f"Not shown, for lack of room: {hidden}. --json has all." if hidden else ""


def lay_out(cells: Mapping[str, Sequence[str]], width: int, worth: Sequence[str] = ()) -> Layout:
    """Widths for columns of text (name -> cells). `worth`: names, most worth first; what it leaves out is worth less.

    The column of least worth is left out until the others fit; the one of most worth always stays, and in a terminal of the usual
    width the name and the e-mail address stay, too: then the table may be wider than the terminal.
    """
    ranked = [*(name for name in worth if name in cells), *(name for name in cells if name not in worth)]
    least = {name: _least(name, column) for name, column in cells.items()}
    while len(ranked) > 1 and sum(least[name] for name in ranked) + GAP * (len(ranked) - 1) > width:
        may_go = [name for name in ranked[1:] if width < USUAL or name not in KEPT]
        if not may_go:
            break
        ranked.remove(may_go[-1])
    shown = [name for name in cells if name in ranked]
    full = {name: max(map(_longest_line, (_head(name), *cells[name]))) for name in shown}
    widths = {name: least[name] for name in shown}
    left = width - sum(widths.values()) - GAP * (len(shown) - 1)
    for place, name in enumerate(sorted(shown, key=lambda name: full[name] - least[name])):  # who needs little gets it first
        more = max(0, min(full[name] - least[name], left // (len(shown) - place)))
        widths[name] += more
        left -= more
    return Layout(widths, tuple(name for name in cells if name not in ranked))


def draw_table(cells: Mapping[str, Sequence[str]], layout: Layout, right: Collection[str] = (), one_line: bool = False) -> Table:
    """A table with the columns of a layout; those in `right` to the right. `one_line`: long texts are cut, not wrapped."""
    table = Table(header_style="dim", box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    for name, width in layout.widths.items():
        side: Literal["left", "right"] = "right" if name in right else "left"
        overflow: Literal["ellipsis", "fold"] = "ellipsis" if one_line else "fold"
        table.add_column(cell(name), justify=side, overflow=overflow, no_wrap=one_line, width=width)
    for place in range(max(map(len, cells.values()), default=0)):
        table.add_row(*(cell(cells[name][place]) for name in layout.widths))
    return table


def _head(name: str) -> str:
    """A header wraps between words, so it asks for no more than its longest one."""
    return max(name.split(), key=cell_len, default="")


def _least(name: str, column: Sequence[str]) -> int:
    """The width a column needs: its ids and e-mail addresses whole, its numbers whole, its texts down to NARROW."""
    full = max(map(_longest_line, column), default=0)
    if name == "id" or name.endswith((".id", "_id")):
        return max(cell_len(_head(name)), full)
    words = (word for text in column for word in text.split())
    whole = max((cell_len(word) for word in words if WHOLE.search(word) and "://" not in word), default=0)
    return max(cell_len(_head(name)), whole, min(full, NARROW))


def _longest_line(text: str) -> int:
    return max(map(cell_len, text.split("\n")))
