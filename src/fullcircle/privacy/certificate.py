"""The certificate of an erasure: what was erased where, by whom and when, as JSON and as text. There are no values in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fullcircle import __version__
from fullcircle.book import kept_file

FOLDER = "certificates"
REMAINS = (
    "The sources themselves: the person must be deleted there, too. Until then each pull leaves the rows out.",
    "Backups of the home, and of the targets: after restoring one, `fullcircle erased apply` erases again.",
    "Files that people exported by hand, and what others made of published tables.",
)


@dataclass(frozen=True, slots=True)
class ErasureCertificate:
    """An erasure that was carried out everywhere it could be."""

    erasure: str
    person: str  # a keyed hash of the customer id
    by: str
    reference: str
    asked_at: str
    finished_at: str
    counts: dict[str, int]  # what there was, by place
    reached: tuple[str, ...]  # stores and targets
    not_reached: tuple[str, ...]  # what nobody but people can reach
    sources: tuple[str, ...]  # where the person has to be deleted, too
    list_digest: str  # of the list of erased people
    landing_digest: str  # of the landed files afterwards
    version: str = __version__


def write(home: Path, certificate: ErasureCertificate) -> Path:
    """Write the certificate into the home, durably; returns the JSON file. The text is beside it."""
    folder = home / FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    path = folder / f"{certificate.erasure}.json"
    for file, text in ((path, json.dumps(asdict(certificate), indent=2)), (path.with_suffix(".txt"), as_text(certificate))):
        kept_file.write(file, text.encode())
    return path


def read(home: Path, erasure: str) -> ErasureCertificate | None:
    """The certificate of an erasure, if there is one."""
    path = home / FOLDER / f"{erasure}.json"
    if not path.exists():
        return None
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    kept.update({name: tuple(kept[name]) for name in ("reached", "not_reached", "sources")})
    return ErasureCertificate(**kept)


def as_text(one: ErasureCertificate) -> str:
    """The certificate for a person."""
    lines = [
        f"Certificate of erasure {one.erasure}",
        "",
        f"Person (keyed hash of the customer id): {one.person}",
        f"Ordered by {one.by} at {one.asked_at}{f', reference {one.reference}' if one.reference else ''}",
        f"Carried out everywhere at {one.finished_at} by fullcircle {one.version}",
        "",
        "What there was, and was erased:",
        *_counted(one.counts),
        "",
        "Reached:",
        *_listed(one.reached),
        "",
        "Not within reach of this program:",
        *_listed(one.not_reached),
        *(["", "Sources with rows of the person:", *_listed(one.sources)] if one.sources else []),
        "",
        f"Digest of the list of erased people: {one.list_digest}",
        f"Digest of the landed files afterwards: {one.landing_digest}",
        "",
    ]
    return "\n".join(lines)


def _counted(counts: Mapping[str, int]) -> list[str]:
    return [f"  {number:>8,}  {place.replace('_', ' ')}" for place, number in counts.items()] or ["  nothing"]


def _listed(texts: Sequence[str]) -> list[str]:
    return [f"  - {text}" for text in texts] or ["  - none"]
