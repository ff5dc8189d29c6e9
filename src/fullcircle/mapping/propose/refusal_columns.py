"""Columns that say who does not want to be written to or called: `Opted out`, `Do not call`, `Werbung gesperrt`, `désabonné`.

A yes there takes consent away; a no says only that nobody refused, which is not a consent. Start at `refused_ways`.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

from fullcircle.mapping.propose.words import languages, with_and_without_time
from fullcircle.mapping.shipped import shipped

EVERY_WAY = ("email", "call", "sms", "post")

OWN_FIELD = re.compile(r"^(cf|custom|custom_field)_|_(c|custom)$")  # what marks the fields that a firm added


@cache
def _data() -> dict[str, Any]:
    text = shipped("refusals.toml")
    return tomllib.loads(text)


@cache
def refused_ways(name: str) -> tuple[str, ...]:
    """The ways of being written to that a column with this plain name refuses; () if it is another one."""
    name = OWN_FIELD.sub("", name)
    if name in _data()["short"]:
        said = _data()["short"][name].split()
        return EVERY_WAY if said == ["every"] else tuple(said)
    for each in languages().values():
        for form in with_and_without_time(name):
            if form in each.lists.get("no_contact", ()):
                return _ways_in(name) or EVERY_WAY
            if form in each.lists.get("unsubscribed", ()):
                return _ways_in(name) or ("email",)
    return _in_english(name)


def _in_english(name: str) -> tuple[str, ...]:
    found = _form().fullmatch(name.replace("_", ""))
    if not found:
        return ()
    alone, ways = bool(found.group("alone")), _ways_in(name)
    every = any(word in _pieces(name) for word in _data()["every_way"])
    if not alone and not ((ways or every) and name.split("_", maxsplit=1)[0] == found.group("beside")):
        return ()
    counted = name.startswith("no_of_") or ("call" in ways and "call" not in name)  # `No. of calls`, `No. phone`
    if not alone and found.group("beside") == "no" and counted:
        return ()
    return ways or (EVERY_WAY if every else ("email",))


@cache
def _form() -> re.Pattern[str]:
    """A name without gaps: nothing but an opener, ways and fillers."""
    known = _data()
    around = sorted({*known["fillers"], *known["every_way"], *(word for of in known["ways"].values() for word in of)}, key=len)
    rest = "|".join(word for word in reversed(around) if word.isascii())
    alone = "|".join(sorted(known["openers"], key=len, reverse=True))
    beside = "|".join(sorted(known["beside_a_way"], key=len, reverse=True))
    return re.compile(f"(?:{rest})*?(?:(?P<alone>{alone})|(?P<beside>{beside}))(?:{rest})*")


@cache
def _pieces(name: str) -> frozenset[str]:
    """The words of a name that speak of ways, whether gaps are between them or not; the longest first."""
    known = {*_data()["every_way"], *(word for of in _data()["ways"].values() for word in of)}
    found, left = set(), re.sub(r"(^|_)(e|direct)_(?=mail|post)", r"\1\2", name)
    parts = set(left.split("_"))
    found |= parts & known
    if not found:  # run together
        for word in sorted(known, key=len, reverse=True):
            if word in left and (len(word) > 3 or word in {"sms", "fax"} or not word.isascii()):
                found.add(word)
                left = left.replace(word, " ")
    return frozenset(found)


def _ways_in(name: str) -> tuple[str, ...]:
    return tuple(way for way, of in _data()["ways"].items() if _pieces(name) & set(of))


@cache
def refusing_words() -> tuple[str, ...]:
    """The names of such columns in other languages, in the form of `plain`."""
    return tuple(
        word for each in languages().values() for key in ("unsubscribed", "no_contact") for word in each.lists.get(key, ())
    )
