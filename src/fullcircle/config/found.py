"""What data there is where a project starts: in the folder, in data/, else one or two folders down. Start at `look_around`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

READABLE = (
    ".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".pq", ".xlsx", ".xlsm", ".xls", ".ods", ".zip",
)  # fmt: skip  # not .txt and .json: these may be notes and settings
LIST = re.compile(
    r'\s*(\{(\s*"[^"]*"\s*:\s*("[^"]*"|[\w.+-]+|\{[^{}\[\]]*\})\s*,)*\s*"[^"]*"\s*:\s*(\{\s*"[^"]*"\s*:\s*)?)?\[\s*\{'
)
JSON_API = re.compile(
    r'"data"\s*:\s*\[?\s*\{\s*"(type|id)"\s*:\s*"[^"]*"\s*,\s*"(type"\s*:\s*"|id"\s*:\s*"|attributes"\s*:\s*\{)'
)
NO_SOURCE = (
    ".vcf", ".xml", ".mbox", ".sql", ".dump", ".mdb", ".accdb", ".7z", ".rar", ".xlsb", ".numbers", ".pdf",
)  # fmt: skip  # no source reads these
PERHAPS = (".json", ".txt", *NO_SOURCE)
DATABASES = (".db", ".sqlite", ".sqlite3", ".db3")
DEEP = 2  # folders down
NO_DATA = {"node_modules", "venv", "env", "__pycache__", "site-packages", "dist", "build", "src", "tests", "docs"}
OF_TIMES = re.compile(r"[\d\W_]+")  # 2024-01, 2024_02: a folder for each export of the same thing


@dataclass(frozen=True, slots=True)
class Around:
    """The folders and the SQLite files that become sources, each with its name; and what was seen and is not read."""

    folders: dict[str, Path]  # relative to where the project starts
    databases: dict[str, Path]
    left: tuple[str, ...] = ()
    more: int = 0  # how many files were left beside those that are named
    unread: tuple[str, ...] = ()  # the endings of those that no source reads

    @property
    def any(self) -> bool:
        """True if there is something to read."""
        return bool(self.folders or self.databases)


def look_around(folder: Path) -> Around:
    """The data in a folder: in data/, else in the folder itself, else in folders below either."""
    places = next(([one] for one in (folder / "data", folder) if _holds_data(one)), [])
    below = [folder / "data", folder] if not places else []
    for top in below:
        places = places or _below(top)
    names = _names([folder] if places == [folder] else places) if len(places) != 1 else ["files"]
    files = list(_files(folder, DEEP + 1))
    databases = [each for each in files if is_sqlite(each) and "?" not in str(each.relative_to(folder))]
    read = {*databases, *(each for each in files if _is_data(each) and any(place in each.parents for place in places))}
    left = [each.relative_to(folder).as_posix() for each in files if each not in read and _may_matter(each)]
    kinds = [end for end in NO_SOURCE if any(name.lower().removesuffix(".gz").endswith(end) for name in left)]
    return Around(
        dict(zip(names, [one.relative_to(folder) for one in places], strict=True)),
        dict(zip(_names(databases, names), [one.relative_to(folder) for one in databases], strict=True)),
        tuple(left[:10]),
        max(0, len(left) - 10),
        tuple(kinds),
    )


def files_of(folder: Path) -> list[str]:
    """The names of the data files in a folder and below it."""
    return [each.relative_to(folder).as_posix() for each in _files(folder, DEEP + 1) if _is_data(each)]


def is_sqlite(path: Path) -> bool:
    """True for a file of SQLite, by its first bytes."""
    if path.suffix.lower() not in DATABASES:
        return False
    with suppress(OSError), path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\x00"
    return False


def _below(top: Path, deep: int = DEEP) -> list[Path]:
    """The uppermost folders below that hold data; those that are named by a time are read together, from above."""
    found: list[Path] = []
    for one in _folders(top) if deep else ():
        found += [one] if _holds_data(one) else _below(one, deep - 1)
    if len(found) > 1 and all(one.parent == top and OF_TIMES.fullmatch(one.name) for one in found):
        return [top]
    return found


def _folders(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(
            each
            for each in folder.iterdir()
            if each.is_dir()
            and not each.is_symlink()
            and _is_text(each)
            and not each.name.startswith(".")
            and each.name.casefold() not in NO_DATA
        )
    return []


def _is_text(path: Path) -> bool:
    """False for a name with bytes that are not text: a config cannot name it."""
    return path.name.encode("utf-8", "ignore").decode() == path.name


def _files(folder: Path, deep: int) -> Iterator[Path]:
    with suppress(OSError):
        yield from sorted(each for each in folder.iterdir() if each.is_file() and _is_text(each) and each.name[0] not in ".~")
    for one in _folders(folder) if deep else ():
        yield from _files(one, deep - 1)


def _holds_data(folder: Path) -> bool:
    with suppress(OSError):
        return folder.is_dir() and any(_is_data(each) for each in folder.iterdir() if each.is_file())
    return False


def _is_data(path: Path) -> bool:
    """True for an ending of data, in any case (`EXPORT.CSV`), packed or not; or for a table in a .txt or a list in a .json."""
    hidden = path.name.startswith((".", "~$"))
    return not hidden and (path.name.lower().removesuffix(".gz").endswith(READABLE) or _is_table(path) or _is_list(path))


def _may_matter(path: Path) -> bool:
    name = path.name.lower().removesuffix(".gz")
    return _is_data(path) or name.endswith((*PERHAPS, *DATABASES))


def _is_table(path: Path) -> bool:
    """True for a .txt with the same delimiter equally often in two lines near its start: reports of marketplaces come so."""
    if path.suffix.lower() != ".txt":
        return False
    with suppress(OSError), path.open(encoding=_encoding(path), errors="replace") as file:
        lines = [file.readline(20_000) for _ in range(12)]  # a title may stand above
        return any(first.count(one) == second.count(one) >= 2 for first, second in pairwise(lines) for one in "\t|;")
    return False


def _is_list(path: Path) -> bool:
    """True for a .json that is a list of objects, or has one in it, as answers of APIs do; others may be settings."""
    if path.suffix.lower() != ".json":
        return False
    with suppress(OSError), path.open(encoding=_encoding(path), errors="replace") as file:
        text = file.read(20_000).removeprefix("\ufeff")
        return LIST.match(text) is not None or (text.lstrip()[:1] == "{" and JSON_API.search(text) is not None)
    return False


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        return "utf-16" if file.read(2) in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"


def _names(places: Sequence[Path], taken: Sequence[str] = ()) -> list[str]:
    """A name for each source, after its folder or file: letters, digits and _."""
    names: list[str] = []
    for one in places:
        bare = unicodedata.normalize("NFKD", one.stem if one.is_file() else one.name)
        name = re.sub(r"[^a-z0-9]+", "_", bare.encode("ascii", "ignore").decode().lower()).strip("_") or "files"
        again = next(number for number in range(1, 1000) if (name if number == 1 else f"{name}_{number}") not in {*names, *taken})
        names.append(name if again == 1 else f"{name}_{again}")
    return names
