"""Files whose names differ by a number only: parts of one table, or different tables? Their headers decide. See `Kinds`.

`orders_2024-01.csv` and `orders_2024-02.csv` are parts of `orders` whatever their columns are: a date says that they are.
`F0101.csv` and `F4211.csv`, `table1.csv` and `table2.csv` are parts of one table only if they have columns in common.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from fullcircle.connectors.sources.files.finding import DATE_AT_END, Piece, object_name, own_name
from fullcircle.connectors.sources.files.renamed import plain

DATED = re.compile(r"(19|20)\d\d|\d{6,}")
ANYWHERE = frozenset((
    "id", "key", "no", "nr", "number", "name", "code", "date", "type", "status", "createdat", "updatedat", "created", "modified",
))  # fmt: skip
LOOKED_AT = 12  # of many files with one name, so many are looked into first
ENOUGH = 1 / 3  # of the columns of the narrower file are in the other, if both are parts of one table


class Kinds:
    """Which object each file belongs to. `columns` reads the names of a file's columns; None: there are none."""

    def __init__(self, columns: Callable[[Piece], Sequence[str] | None]) -> None:
        self._columns = columns
        self._read: dict[tuple[Piece, int, int], frozenset[str]] = {}
        self.apart: dict[str, list[str]] = {}  # a name that files would have shared -> their objects

    def names(self, pieces: Sequence[Piece]) -> dict[Piece, str]:
        """The object of each of these pieces."""
        together: dict[str, list[Piece]] = {}
        for piece in pieces:
            together.setdefault(object_name(piece), []).append(piece)
        found: dict[Piece, str] = {}
        self.apart = {}
        for name, those in together.items():
            kinds = [those] if len(those) == 1 or _is_dated(those, name) else self._kinds(those)
            for kind in kinds:
                own = name if len(kinds) == 1 else own_name(kind[0])
                found |= dict.fromkeys(kind, own)
                if len(kinds) > 1:
                    self.apart.setdefault(name, []).append(own)
        return found

    def _kinds(self, pieces: list[Piece]) -> list[list[Piece]]:
        """The pieces by their columns, in their order; files that cannot be read belong to the first."""
        step = max(1, len(pieces) // LOOKED_AT)
        if len(self._sorted(pieces[::step])) == 1:
            return [pieces]
        return self._sorted(pieces)

    def _sorted(self, pieces: Sequence[Piece]) -> list[list[Piece]]:
        kinds: list[tuple[set[str], list[Piece]]] = []
        for piece in pieces:
            columns = self._of(piece)
            alike = [kind for kind in kinds if not columns or are_alike(columns, kind[0])]
            if alike:
                alike[0][0].update(columns)
                alike[0][1].append(piece)
                for other in alike[1:] if columns else ():  # a file that has the columns of two joins them
                    alike[0][0].update(other[0])
                    alike[0][1].extend(other[1])
                    kinds.remove(other)
            else:
                kinds.append((set(columns), [piece]))
        return [those for _, those in kinds]

    def _of(self, piece: Piece) -> frozenset[str]:
        stat = piece.path.stat()
        known = (piece, stat.st_size, stat.st_mtime_ns)
        if known not in self._read:
            names = self._columns(piece) or ()
            self._read[known] = frozenset(form for name in names if (form := plain(name))) if len(names) > 1 else frozenset()
        return self._read[known]


def are_alike(ours: frozenset[str] | set[str], theirs: frozenset[str] | set[str]) -> bool:
    """True if two headers have so much in common that they can be of one table."""
    if not ours or not theirs:
        return True
    first, second = ours - ANYWHERE, theirs - ANYWHERE
    if min(len(first), len(second)) < 2:
        return bool(ours & theirs)
    return len(first & second) >= ENOUGH * min(len(first), len(second))


def _is_dated(pieces: Sequence[Piece], name: str) -> bool:
    """True if the numbers in the names are dates: behind a single letter, they are the number of a table."""
    ends = [found.group() for piece in pieces if (found := DATE_AT_END.search(own_name(piece)))]
    return len(name) > 2 and bool(ends) and all(DATED.search(end) for end in ends)
