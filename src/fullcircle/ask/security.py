"""What of a home is encrypted, and what must be covered by the disk or the cloud it is on."""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.connection import KEYS, is_encrypted
from fullcircle.config.sections import Config
from fullcircle.connectors import encrypted
from fullcircle.graph.open import graph_path, is_embedded
from fullcircle.home.disk import disk_encrypted
from fullcircle.home.folder import BOOK, LANDING, TABLES
from fullcircle.model.counting import counted
from fullcircle.publish.send import targets_of

DERIVED = "made again from the landed files; only an encrypted disk covers it"


@dataclass(frozen=True, slots=True)
class KeptPart(ReaderAnswer):
    """One part of what is kept. `encrypted` is yes, no, partly, unknown, or a dash where there is nothing yet."""

    what: str
    encrypted: str
    note: str


def security(settings: Config) -> Answers[KeptPart]:
    """Every part of the home, the targets and the disk."""
    home = settings.home
    parts = [
        KeptPart(f"book ({BOOK})", _word(is_encrypted(home / BOOK)) if (home / BOOK).exists() else "-", "SQLCipher"),
        _landed(settings),
        KeptPart(f"tables ({TABLES})", "no" if (home / TABLES).exists() else "-", DERIVED),
        _graph(settings),
        *(
            KeptPart(f"target {name}", "unknown", "as its place is: the disk, or the bucket's own key")
            for name in _targets(settings)
        ),
        KeptPart("disk of the home", _word(disk_encrypted(home if home.exists() else settings.folder)), "as far as can be seen"),
    ]
    if settings.security.encrypt:
        there = (home / KEYS).exists()
        parts.append(
            KeptPart(f"data keys ({KEYS})", "yes" if there else "-", "wrapped; back it up with the book, the key elsewhere")
        )
    return Answers(KeptPart, tuple(parts))


def _word(found: bool | None) -> str:
    return "unknown" if found is None else "yes" if found else "no"


def _landed(settings: Config) -> KeptPart:
    files = list((settings.home / LANDING).rglob("*.parquet"))
    done = sum(encrypted.is_encrypted(path) for path in files)
    word = "-" if not files else "yes" if done == len(files) else "partly" if done else "no"
    return KeptPart(f"landed files ({LANDING})", word, f"{counted(done, 'file')} of {len(files)}")


def _graph(settings: Config) -> KeptPart:
    if is_embedded(settings):
        path = graph_path(settings)
        return KeptPart(f"graph ({path.name})", "no" if path.exists() else "-", DERIVED)
    return KeptPart(f"graph ({settings.graph.store})", "unknown", "as the server keeps it; Neptune: with a key of KMS")


def _targets(settings: Config) -> list[str]:
    return sorted(targets_of(settings.publish))
