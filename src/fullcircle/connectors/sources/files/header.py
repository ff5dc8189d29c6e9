"""Finds the row that names the columns: below titles and notes, or made of two rows; and the totals and notes below the table.

A first row that is as wide as the rows below it names the columns, whatever it holds. A row above it is skipped only if it is a
title: one value, or fewer values than half of the columns. What was skipped is reported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

SEARCHED = 60  # rows
NOT_A_NAME = re.compile(r"[-+]?[\d.,]+%?|\S+@\S+\.\S+|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|https?://.*", re.IGNORECASE)
TOTALS = re.compile(
    r"(grand |sub)?totals?|sums?|(gesamt|end|zwischen)?summe|gesamt|total (général|general|geral|generale)|totale|totaal|suma|"
    r"razem|итого|всего|合計|总计|합계|toplam|yhteensä|summa|i alt|celkem|összesen|σύνολο",
    re.IGNORECASE,
)
YEAR = re.compile(r"(19|20)\d\d([-/.](0?[1-9]|1[0-2]))?$|Q[1-4]")
Record = Sequence[str]


@dataclass(frozen=True, slots=True)
class Header:
    """The names of the columns, and which rows (from 0) they are in."""

    first: int
    last: int
    names: list[str]

    def note(self, line: int) -> str:
        """What to tell, if rows were skipped or joined; `line` is the header's line in the file, or its row in the sheet."""
        if self.last > self.first:
            return f"the header is two rows, from {line} on; their names were joined"
        return f"the header was found in line {line}, and what is above it was skipped" if self.first else ""


def find_header(records: Sequence[Record]) -> Header:
    """The header among the first records of a file (empty ones included); there must be one with a value."""
    filled = [place for place, record in enumerate(records) if _count(record)]
    first = filled[0]
    width = usual_width(records)
    if not _is_title(records, first, width) or _joined(records, first, width).last > first:
        return _joined(records, first, width)
    for place in filled[1:]:
        if (joined := _joined(records, place, width)).last > place:
            return joined
        if _names_columns(records[place], width) and not _is_title(records, place, width):
            return joined
        if _count(records[place]) >= width * 0.6:  # a row of the table: none above it named its columns
            break
    return _plain(records, first)


def looks_like_a_row(names: Record, rows: Sequence[Record]) -> bool:
    """True if the names are values like those below them: an e-mail address, or mostly numbers and dates other than years."""
    given = [name.strip() for name in names if name.strip()]
    if any(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", name) for name in given):
        return True
    places = [number for number, name in enumerate(names) if NOT_A_NAME.fullmatch(name.strip())]
    if not places or len(places) * 2 < len(given) or all(YEAR.match(names[number].strip()) for number in places):
        return False
    return any(NOT_A_NAME.fullmatch(row[number].strip()) for row in rows[:5] for number in places if number < len(row))


def usual_width(records: Sequence[Record]) -> int:
    """The number of columns of most records of the lower half that have more than one; 1 if there are none."""
    wide = [width for record in records if (width := len(_stripped(record))) > 1 and _count(record) > 1]
    widths = Counter(wide[len(wide) // 2 :])
    return max(widths, key=lambda width: (widths[width], width), default=1)


def tail_reason(record: Record, others: Sequence[Record]) -> str:
    """Why a record at the end of a table does not belong to it: totals, or a note. Empty if it is a row."""
    values = [value.strip() for value in record if value.strip()]
    if len(record) < 3 or not values:
        return ""
    first = values[0].rstrip(":").strip()
    if TOTALS.fullmatch(first) and all(re.fullmatch(r"\W*\d[\d.,\s]*\W*", value) for value in values[1:]):
        return "is a line of totals below the table"
    if (
        len(values) == 1
        and record[0].strip()
        and " " in first
        and others
        and not any(" " in other[0].strip() for other in others)
    ):
        return "is a note below the table"
    return ""


def _count(record: Record) -> int:
    return sum(1 for value in record if value and value.strip())


def _stripped(record: Record) -> list[str]:
    names = list(record)
    while names and not (names[-1] and names[-1].strip()):
        names.pop()
    return names


def _is_title(records: Sequence[Record], place: int, width: int) -> bool:
    """True for a row with at most one value (its first), or few values, above a table with more columns."""
    record = records[place]
    count = _count(record)
    if width < 2 or not record[0].strip():
        return False
    if count == 1:
        return width > 2 or len(record) == 1 or not any(_count(other) for other in records[place + 1 : place + 2])
    if count >= max(3, width * 0.6) or len(_stripped(record)) >= width:
        return False
    if count < width * 0.6 and _names_a_table(records[place + 1 :], width):
        return True
    below = records[place + 1 : place + 2]
    apart = bool(below) and not _count(below[0])
    return apart or record[0].strip().endswith(":") or any(NOT_A_NAME.fullmatch(value.strip()) for value in record if value)


def _names_a_table(records: Sequence[Record], width: int) -> bool:
    """True if the first wide row can be a header, and the rows below it have values that no header has."""
    wide = [record for record in records if _count(record) >= width * 0.6]
    return (
        len(wide) > 1
        and _names_columns(wide[0], width)
        and any(NOT_A_NAME.fullmatch(value.strip()) for record in wide[1:6] for value in record if value)
    )


def _names_columns(record: Record, width: int) -> bool:
    """True if the record can be a header: wide enough, and its values are different names, not numbers or dates."""
    names = [value.strip().casefold() for value in _stripped(record)]
    given = [name for name in names if name]
    if len(names) < width * 0.6 or len(given) < min(2, width):
        return False
    return not any(NOT_A_NAME.fullmatch(name) for name in given)


def _plain(records: Sequence[Record], place: int) -> Header:
    return Header(place, place, _stripped(records[place]))


def _joined(records: Sequence[Record], place: int, width: int) -> Header:
    """The header, joined with the row below if it only names groups of columns: `Billing,,Shipping,` over `Street,City,...`."""
    upper = records[place]
    below = records[place + 1] if place + 1 < len(records) else []
    groups = _count(upper)
    rest = [record for record in records[place + 2 :] if _count(record)]
    names = _stripped(below)
    if (
        not 2 <= groups < len(names)
        or any(not name.strip() and not (number < len(upper) and upper[number].strip()) for number, name in enumerate(names))
        or not _names_columns(below, width)
        or not rest
        or not any(NOT_A_NAME.fullmatch(value.strip()) for record in rest for value in record if value)
        or not _leaves_gaps(upper, len(names))
    ):
        return _plain(records, place)
    made, group = [], ""
    for number, name in enumerate(names):
        group = upper[number].strip() if number < len(upper) and upper[number].strip() else group
        made.append(name.strip() if group.casefold() in name.casefold() else f"{group} {name}".strip())
    return Header(place, place + 1, made)


def _leaves_gaps(upper: Record, width: int) -> bool:
    """True if a group spans several columns before another one begins, and at least a third of the row is empty."""
    names = [bool(name.strip()) for name in _stripped(upper)]
    between = not all(names[names.index(True) :])
    return between and (width - sum(names)) * 3 >= width
