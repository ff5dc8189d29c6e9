"""The pieces of a source's files: files in .zip archives, and sheets of workbooks. What is left out is reported. See `Pieces`."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fullcircle.connectors.landing import natural
from fullcircle.connectors.sources.files.finding import ARCHIVES, SUFFIXES, Folder, Piece, is_hidden, may_hold_data, suffix
from fullcircle.connectors.sources.files.part import REPLACE_FILE, UNPACKED_FREELY, opened, too_large
from fullcircle.errors import FullcircleError, MissingExtra, SourceBroken

Ratio = Callable[[Piece], int]  # how many times its size a file may unpack to
CHUNK = 1 << 20


class Pieces:
    """The pieces of a folder. A file is looked into once, until it changes."""

    def __init__(self, folder: Folder, ratio: Ratio) -> None:
        self._folder, self._ratio = folder, ratio
        self._inside: dict[tuple[Path, int, int], tuple[list[Piece], list[str]]] = {}
        self._unpacked: tempfile.TemporaryDirectory[str] | None = None
        self.left_out: list[str] = []  # what is not read of the files that are, and why

    def of(self, files: list[Path]) -> list[Piece]:
        """All pieces of these files, in the order of their names."""
        found: list[Piece] = []
        self.left_out = []
        for path in files:
            pieces, left = self._looked_into(path)
            found += pieces
            self.left_out += left
        return sorted(self._once(found), key=lambda piece: natural(self._folder.title(piece)))

    def digest(self, piece: Piece) -> str:
        """What shows that a file in an archive changed, without unpacking it; "" for others."""
        if not piece.member:
            return ""
        with _archive(piece.path) as packed:
            info = packed.getinfo(piece.member)
            return f"crc32:{info.CRC:08x}:{info.file_size}"

    @contextmanager
    def on_disk(self, piece: Piece) -> Iterator[Path]:
        """The file of a piece; for a file in an archive, an unpacked copy for the time of the `with` block."""
        if not piece.member:
            yield piece.path
            return
        if self._unpacked is None:
            self._unpacked = tempfile.TemporaryDirectory(prefix="fullcircle-unzip-")
        with tempfile.TemporaryDirectory(dir=self._unpacked.name) as place:
            path = Path(place) / piece.inner.name
            self._unpack(piece, path)
            try:
                yield path
            except FullcircleError as error:  # it names the copy, which nobody knows
                for each in (str(path), path.as_posix()):
                    error.message = error.message.replace(each, f"{piece.path}/{piece.member}")
                error.args = (error.message,)
                raise

    def close(self) -> None:
        """Remove what was unpacked."""
        if self._unpacked is not None:
            self._unpacked.cleanup()

    def _unpack(self, piece: Piece, to: Path) -> None:
        ratio = self._ratio(piece)
        with _archive(piece.path) as packed, packed.open(piece.member) as source, to.open("wb") as target:
            left = max(UNPACKED_FREELY, packed.getinfo(piece.member).compress_size * ratio)
            while block := source.read(CHUNK):
                left -= len(block)
                if left < 0:
                    raise too_large(piece.path / piece.member, ratio)
                target.write(block)

    def _looked_into(self, path: Path) -> tuple[list[Piece], list[str]]:
        stat = path.stat()
        known = (path, stat.st_size, stat.st_mtime_ns)
        if known not in self._inside:
            archived = suffix(path) in ARCHIVES
            self._inside[known] = self._of_archive(path) if archived else self._of_file(Piece(path))
        return self._inside[known]

    def _of_archive(self, path: Path) -> tuple[list[Piece], list[str]]:
        found: list[Piece] = []
        left: list[str] = []
        with _archive(path) as packed:
            for info in packed.infolist():
                inner = Piece(path, info.filename).inner
                if info.is_dir() or is_hidden(inner.parts):
                    continue
                if info.flag_bits & 1:
                    left.append(f"{self._folder.name(path)}/{info.filename} is locked by a password")
                elif suffix(inner) in SUFFIXES:
                    pieces, more = self._of_file(Piece(path, info.filename))
                    found += pieces
                    left += more
                elif suffix(inner) in ARCHIVES or may_hold_data(inner):
                    left.append(f"{self._folder.name(path)}/{info.filename} is of a kind that is not read")
        return found, left

    def _of_file(self, piece: Piece) -> tuple[list[Piece], list[str]]:
        """The piece itself, and further sheets, if it is a workbook."""
        if SUFFIXES.get(suffix(piece.inner)) != "excel":
            return [piece], []
        from fullcircle.connectors.sources.files import workbook

        name = self._folder.title(piece)
        try:
            with self.on_disk(piece) as path:
                sheets, left = workbook.tables_of(path, self._ratio(piece))
        except MissingExtra as error:
            return [], [f"{name}: {error.message} {error.hint}"]
        except FullcircleError:  # its reading says what is wrong with it
            return [piece], []
        further = [Piece(piece.path, piece.member, sheet) for sheet in sheets]
        return [piece, *further], [f"the sheet {sheet} of {name} {why}" for sheet, why in left.items()]

    def _once(self, pieces: list[Piece]) -> list[Piece]:
        """Without files in an archive that are also beside it, unpacked, or in another archive: their rows would count twice."""
        beside = {(piece.path.parent, piece.path.name) for piece in pieces if not piece.member}
        seen: dict[tuple[str, str, str], Piece] = {}
        kept = []
        for piece in pieces:
            if piece.member and (piece.path.parent, piece.inner.name) in beside:
                self.left_out.append(f"{self._folder.title(piece)} is also beside its archive, and read there")
                continue
            same = (piece.inner.name, piece.sheet, self.digest(piece))
            if piece.member and same in seen:
                self.left_out.append(f"{self._folder.title(piece)} is the same as {self._folder.title(seen[same])}")
                continue
            seen[same] = piece
            kept.append(piece)
        return kept


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with opened(path) as file, zipfile.ZipFile(file) as packed:
            yield packed
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError) as error:
        raise SourceBroken(f"The archive {path} cannot be read: it is truncated, locked or damaged.", REPLACE_FILE) from error
