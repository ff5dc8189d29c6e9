"""The text files beside a file: those of one export share an encoding, so that the words of all show what it is. See `Beside`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from fullcircle.connectors.sources.files.encoding import WordsSeen, seen_in
from fullcircle.connectors.sources.files.finding import SUFFIXES, Folder, Piece, suffix
from fullcircle.connectors.sources.files.part import How
from fullcircle.connectors.sources.files.pieces import Pieces
from fullcircle.errors import FullcircleError

MOST = 20  # files that are looked into


class Beside:
    """What the files of one folder, or of one archive, show of their encoding. Each is looked into once, until it changes."""

    def __init__(self, folder: Folder, pieces: Pieces, every: Callable[[], Sequence[Piece]]) -> None:
        self._folder, self._pieces, self._every = folder, pieces, every
        self._seen: dict[tuple[Piece, int, int], WordsSeen | None] = {}

    def of(self, piece: Piece) -> list[WordsSeen]:
        """What was seen of the others, without those whose encoding is certain."""
        others = [one for one in self._every() if one != piece and SUFFIXES.get(suffix(one.inner)) in {"csv", "json"}]
        together = [one for one in others if _place(one) == _place(piece)]
        return [seen for one in together[:MOST] if (seen := self._look(one))]

    def _look(self, piece: Piece) -> WordsSeen | None:
        stat = piece.path.stat()
        known = (piece, stat.st_size, stat.st_mtime_ns)
        if known not in self._seen:
            try:
                with self._pieces.on_disk(piece) as path:
                    self._seen[known] = seen_in(path, self._folder.title(piece), How())
            except FullcircleError:  # its own reading says what is wrong with it
                self._seen[known] = None
        return self._seen[known]


def _place(piece: Piece) -> Path:
    return piece.path if piece.member else piece.path.parent
