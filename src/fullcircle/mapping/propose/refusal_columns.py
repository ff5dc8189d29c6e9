"""Columns that say who does not want to be written to or called: `Opted out`, `Do not call`, `Werbung gesperrt`, `désabonné`.

Also what says of a consent that it was withdrawn, in any order and language: `Consent withdrawn`, `Zgoda wycofana`.
A yes there takes consent away; a no says only that nobody refused, which is not a consent. Start at `refused_ways`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import Any

from fullcircle.mapping.propose.words import UNSPACED, languages, plain, with_and_without_time
from fullcircle.mapping.shipped import shipped

SHORT, LONG = 3, 7  # letters: of words like `am`, `der`; of beginnings that are also found inside of compounds
NEWSLETTERS = (
    *("newsletter", "nieuwsbrief", "infolettre", "boletin", "boletim", "nyhetsbrev", "nyhedsbrev", "uutiskirj", "hirlevel"),
    *("bulten", "рассылк", "розсилк", "メルマガ", "뉴스레터", "mailing"),
)
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
    return _in_english(name) or _withdrawn(name)


def _withdrawn(name: str) -> tuple[str, ...]:
    """The ways of a name that says of a consent that it was withdrawn: one word for each, in any order, nothing else beside."""
    known = _data()["withdrawn"]
    if name in known["alone"] or (
        name != "fecha_de_baja" and any(form in known["alone"] for form in with_and_without_time(name))
    ):
        return _ways_in(name) or (("email",) if name == "baja" else EVERY_WAY)
    consent, about = _said(name, known["consent"]), _is_about(name)
    gone = _said(name, known["gone"]) or ((consent or _said(name, NEWSLETTERS)) and _said(name, known["gone_of_consent"]))
    ways = _ways_in(name)
    if not gone or not (consent or about or ways) or _is_detail(name) or _is_turned_round(name):
        return ()
    if not _spoken_together(name) and _beside(name, [*known["consent"], *known["gone"], *known["gone_of_consent"]]):
        return ()
    return ways or (("email",) if _said(name, NEWSLETTERS) and not consent else EVERY_WAY)


def unread_consents(columns: Iterable[str]) -> str:
    """A sentence about columns that no map reads, although they may say who agreed or refused; "" if there are none."""
    found = [name for name in columns if about_consent(plain(name))]
    return (
        f"LOOK: {', '.join(found)}: this may say who agreed or refused, and it is not clear what; no consent is read from it"
        if found
        else ""
    )


def about_consent(name: str) -> bool:
    """True for a plain name that seems to say of a consent whether it is there; not why, and not by whom."""
    known = _data()["withdrawn"]
    if _is_detail(name):
        return False
    return _said(name, known["consent"]) or (_said(name, [*known["gone"], *known["accepts"]]) and _is_about(name))


PURPOSES = {"sms": "sms_opt_in", "call": "call_opt_in", "post": "post_opt_in", "email": "email_opt_in"}


def agreed_to(name: str) -> str:
    """The purpose of a column that says of a consent in general that it is there; "" for any other: `Consenso marketing`."""
    known = _data()["withdrawn"]
    consent, about = _said(name, known["consent"]), _is_about(name)
    accepts = _said(name, known["accepts"]) and (about or bool(_ways_in(name)))
    gone = _said(name, [*known["gone"], *known["gone_of_consent"]])
    if gone or not (consent or accepts) or _is_detail(name) or _is_turned_round(name):
        return ""
    if not _spoken_together(name) and _beside(name, [*known["consent"], *known["accepts"]]):
        return ""
    ways = _ways_in(name)
    return PURPOSES.get(ways[0], "marketing_consent") if len(ways) == 1 else "marketing_consent"


def _beside(name: str, beginnings: Iterable[str]) -> list[str]:
    """The long words of a name that are none of these, no way, no filler and nothing that consents are about."""
    known, data = _data()["withdrawn"], _data()
    every = {word for of in data["ways"].values() for word in of} | {*data["fillers"], *known["fillers"]}
    left = [part for part in name.split("_") if part not in every and not _is_about(part)]
    return [part for part in left if len(part) > SHORT and not _said(part, beginnings)]


def _is_about(name: str) -> bool:
    known = _data()["withdrawn"]
    return _said(name, known["about"]) or not {*name.split("_")}.isdisjoint(known["about_whole"])


def _is_turned_round(name: str) -> bool:
    return not {*name.split("_")}.isdisjoint(_data()["withdrawn"]["turned"])


def _is_detail(name: str) -> bool:
    return not {*name.split("_")}.isdisjoint(_data()["withdrawn"]["details"])


def _spoken_together(name: str) -> bool:
    return bool(UNSPACED.search(name))


def _said(name: str, beginnings: Iterable[str]) -> bool:
    """True if a word of the name begins so; long ones also inside of compounds, and in scripts without blanks anywhere."""
    parts = name.split("_")
    for one in beginnings:
        if "_" in one and one in name:
            return True
        if any(part.startswith(one) or (len(one) >= LONG and one in part) for part in parts):
            return True
        if UNSPACED.search(one) and one in name:
            return True
    return False


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
