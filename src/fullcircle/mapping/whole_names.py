"""Rules for names in another order or in more fields than ours: `ФИО`, `Nazwisko i imię`, `Tussenvoegsel`.

A whole name that begins with the family name becomes `Family, Given`, which cleaning reads. The header says so, not the
names themselves (names in Chinese, Japanese and Korean do: names.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fullcircle.engine.base import quoted
from fullcircle.mapping.words import UNSPACED, languages, plain, words

GIVEN_LAST = ("vi",)  # family, middle, given
TWO_FAMILY_NAMES = ("es", "pt")  # of three words, the first two are family names
_PARTICLES = "(?i:(?:van|von|de|du|di|da|la|le|lo|el|al|der|den|dos|das|del|della|st\\.?)\\s+)*"
_WORD = r"[^\s,&+/]+"


def family_first(header: str) -> str:
    """The language, "en" or another, in which a header says that names begin with the family name; "" if it does not."""
    name = plain(header)
    if UNSPACED.match(name):
        return ""
    for one in languages().values():
        if name in one.lists.get("family_first", ()):
            return one.code
    return "en" if name in words()["family_first"]["words"] else ""


def whole_name(header: str) -> dict[str, Any]:
    """The rule for a field of whole names."""
    language = family_first(header)
    if not language:
        return {"field": header}
    text = f"trim({quoted(header)})"
    cases = [
        (rf"^((?:{_PARTICLES}[\p{{Lu}}][\p{{Lu}}''’-]+)(?:\s+[\p{{Lu}}][\p{{Lu}}''’-]+)*)\s+(\p{{Lu}}\p{{Ll}}.*)$", r"\1, \2")
    ]
    if language in GIVEN_LAST:
        cases.append((rf"^({_WORD})\s+((?:{_WORD}\s+){{1,2}})({_WORD})$", r"\1, \3 \2"))
    if language in TWO_FAMILY_NAMES:
        cases.append((rf"^({_PARTICLES}{_WORD}\s+{_WORD})\s+({_WORD})$", r"\1, \2"))
    cases.append((rf"^({_PARTICLES}{_WORD})((?:\s+{_WORD}){{1,2}})$", r"\1,\2"))
    found = " ".join(
        f"WHEN regexp_matches({text}, '{pattern}') THEN trim(regexp_replace({text}, '{pattern}', '{flipped}'))"
        for pattern, flipped in cases
    )
    return {"sql": f"CASE {found} ELSE {text} END"}


def with_prefix(header: str, others: Iterable[str]) -> dict[str, Any]:
    """The rule for a field of family names: with its prefix, where that is a field of its own (`van der`)."""
    prefixes = {word for one in languages().values() for word in one.lists.get("family_prefix", ())}
    prefix = next((one for one in others if plain(one) in prefixes), "")
    return {"fields": [prefix, header]} if prefix else {"field": header}
