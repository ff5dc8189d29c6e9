"""Exports of known vendors: data in data/profiles/*.toml, recognised by the headers of a file. Start at `recognise`.

A profile names, for each object of a vendor, the headers by which it is recognised and the maps it becomes. A value is read
so: `"Id|Contact ID"` is the first of these headers that the file has; `"Street 1 + Street 2"` joins several; `"= sql"` is an
expression in which `{Header|Other}` is a column (`"=? sql"`: only where the file has the first of them); ` -> contact` at the end
says that it is the key of a row in that object (`self`: of the same file). A list has several ways of which the first one that is
possible is taken.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from fullcircle.engine.base import quoted
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.sample import Sample

HALF, MOSTLY, SOME = 0.5, 0.75, 0.35  # of the headers
HEADER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class KnownExport:
    """An object of a vendor, as its profile describes it."""

    vendor: str
    name: str  # its name within the vendor: contact, order ...
    what: str  # for people: "contacts"
    all: tuple[str, ...]  # headers that must be there, alternatives separated by |
    some: tuple[str, ...]  # headers of which `least` must be there
    least: int
    maps: tuple[Mapping[str, Any], ...]
    without: tuple[str, ...]  # headers that must not be there
    key: Any  # the way to the key of its rows
    identifiers: Mapping[str, Sequence[str]]  # name -> kind and way, of the records of this object
    consents: Mapping[str, str]  # purpose -> the column that grants it; `not X`: the column that denies it
    refunded: str  # the column that says how much of an order was given back
    left: Mapping[str, str]  # columns that are left out on purpose, and why
    named: str = ""  # a pattern for the name of its table, where the headers of several are the same


@dataclass(frozen=True, slots=True)
class Recognised:
    """A known object and how much of its headers the file has."""

    known: KnownExport
    hits: int
    of: int
    headers: Mapping[str, str]  # squeezed header -> the file's own

    def column(self, alternatives: str) -> str:
        """The file's own header for the first alternative that it has, or ""."""
        return next((self.headers[squeezed(one)] for one in alternatives.split("|") if _is_there(self.headers, one)), "")


@cache
def known_objects() -> tuple[KnownExport, ...]:
    """All objects of all profiles."""
    folder = resources.files("fullcircle.mapping").joinpath("data/profiles")
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".toml")), key=lambda each: each.name)
    found = []
    for file in files:
        profile = tomllib.loads(file.read_text(encoding="utf-8"))
        for one in profile["object"]:
            found.append(_known(profile["vendor"], one))
    return tuple(found)


def _known(vendor: str, one: Mapping[str, Any]) -> KnownExport:
    return KnownExport(
        vendor,
        one["name"],
        one.get("what", f"{one['name']}s"),
        all=tuple(one.get("all", ())),
        some=tuple(one.get("some", ())),
        least=one.get("least", 0),
        maps=tuple(one["map"]),
        without=tuple(one.get("without", ())),
        key=one.get("key", ""),
        identifiers=one.get("identifiers", {}),
        consents=one.get("consents", {}),
        refunded=one.get("refunded", ""),
        left=one.get("left", {}),
        named=one.get("named", ""),
    )


def squeezed(header: str) -> str:
    """A header for comparison: `FIRSTNAME`, `FirstName` and `First Name` are one."""
    header = re.sub(r"\.", " ", header)
    return plain(header).replace("_", "")


def recognise(sample: Sample) -> Recognised | None:
    """The known object whose headers the sampled object has, the one with most of them; None if there is none."""
    headers = {squeezed(each.name): each.name for each in reversed(sample.found.fields)}
    best: Recognised | None = None
    for known in known_objects():
        if not all(_has(headers, one) for one in known.all) or any(_has(headers, one) for one in known.without):
            continue
        if known.named and not re.search(rf"(?i)(^|[^a-z0-9])({known.named})([^a-z0-9]|$)", sample.name):
            continue
        some = sum(_has(headers, one) for one in known.some)
        if some < known.least:
            continue
        found = Recognised(known, len(known.all) + some, len(known.all) + len(known.some), headers)
        if known.maps[0]["to"] == "records" and not is_mostly_its_own(found):
            continue  # a few words that all lists of people have: the general reader knows more of these
        if best is None or (found.hits, found.hits / found.of) > (best.hits, best.hits / best.of):
            best = found
    return best


def is_mostly_its_own(found: Recognised) -> bool:
    """True where the file has half of the headers by which the object is known, and half of its own are the vendor's; or most."""
    ours = len(found.headers.keys() & _read_by(found.known)) / max(len(found.headers), 1)
    return found.hits >= MOSTLY * found.of or (found.hits >= HALF * found.of and ours >= SOME) or ours >= HALF


def _read_by(known: KnownExport) -> frozenset[str]:
    """All headers, squeezed, that a profile names for an object."""
    named = [*known.all, *known.some, *known.left, *known.consents.values(), known.refunded]
    named += [text for one in (known.key, known.identifiers, *known.maps) for text in _texts(one)]
    said = [header for text in named for header in (HEADER.findall(text) or re.split(r" \+ ", text.partition(" -> ")[0]))]
    return frozenset(squeezed(one) for header in said for one in header.removeprefix("not ").split("|"))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, Sequence) else ()
    return [text for one in inside for text in _texts(one)]


def _has(headers: Mapping[str, str], alternatives: str) -> bool:
    return any(_is_there(headers, one) for one in alternatives.split("|"))


def _is_there(headers: Mapping[str, str], header: str) -> bool:
    """`_website`, as only Magento writes it, is not any `website`."""
    own = headers.get(squeezed(header), "")
    return bool(own) and own.startswith("_") >= header.startswith("_")


def text_of(column: str) -> str:
    """SQL: the column as trimmed text, empty text is null."""
    return f"nullif(trim(CAST({quoted(column)} AS VARCHAR)), '')"


def way(found: Recognised, value: Any) -> tuple[dict[str, Any], str] | None:
    """A value of a profile as a field rule and the object it points to ("" if none); None if the file lacks its headers."""
    if isinstance(value, Mapping):
        rule = {name: one for name, one in value.items() if name != "from"}
        if "from" not in value:
            return rule, ""
        inner = way(found, value["from"])
        return ({**inner[0], **rule}, inner[1]) if inner else None
    text, _, target = str(value).partition(" -> ")
    if text.startswith("=?") and not found.column((HEADER.findall(text) or [""])[0]):
        return None
    if text.startswith("="):
        sql = sql_of(found, text.lstrip("=?").strip())
        return ({"sql": sql}, target.strip()) if sql else None
    columns = list(dict.fromkeys(column for part in text.split(" + ") if (column := found.column(part.strip()))))
    if not columns:
        return None
    return ({"field": columns[0]} if len(columns) == 1 else {"fields": columns}), target.strip()


def ways(found: Recognised, value: Any) -> Sequence[tuple[dict[str, Any], str]]:
    """All possible ways of a value, best first."""
    return [one for each in (value if isinstance(value, list) else [value]) if (one := way(found, each))]


def sql_of(found: Recognised, text: str) -> str:
    """The SQL with the file's own columns, NULL for those it lacks; "" if it lacks all of them."""
    wanted = HEADER.findall(text)
    if wanted and not any(found.column(one) for one in wanted):
        return ""
    return HEADER.sub(lambda match: text_of(column) if (column := found.column(match.group(1))) else "NULL::VARCHAR", text)
