"""Rules for names in another order or in more fields than ours: `ФИО`, `Nazwisko i imię`, `Tussenvoegsel`.

A whole name that begins with the family name becomes `Family, Given`, which cleaning reads. The header says so, not the
names themselves (names in Chinese, Japanese and Korean do: names.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from fullcircle.engine.base import quoted
from fullcircle.mapping.propose.words import UNSPACED, languages, plain, words
from fullcircle.mapping.reading.organisations import is_organisation

EITHER = re.compile(r"\s*[/|]\s*|\s+(?:or|oder|ou|o|of|eller|lub|nebo|vagy|или)\s+", re.IGNORECASE)
GIVEN_LAST = ("vi",)  # family, middle, given
TWO_FAMILY_NAMES = ("es", "pt")  # of three words, the first two are family names
_PARTICLES = "(?i:(?:van|von|de|du|di|da|la|le|lo|el|al|der|den|dos|das|del|della|st\\.?)\\s+)*"
_WORD = r"[^\s,&+/]+"
# In a column of the names of customers, these are of companies and offices: `Garage du Phare`, `Menuiserie Kerbrat SARL`.
_NO_PERSON = (
    r"^\p{Lu}\S+ (?:d[ueio]s?|de la|of|the|für|van|von|della?) .*$|^.*\s(?i:sarl|sasu?|eurl|sci|sa|gmbh|ag|kg|ohg|ug|e\.?k\.?"
    r"|e\.?v\.?|ltd|llc|inc|plc|corp|co|b\.?v\.?|n\.?v\.?|vof|s\.?p\.?a\.?|s\.?r\.?l\.?|s\.?l\.?u?|s\.?r\.?o\.?|a\.?s\.?|z\.?\s?o\.?\s?o\.?|ab|aps|oy|kft|lda|ltda)\.?$"
)


def alternatives(header: str) -> list[str]:
    """The names, in the form of `plain`, of a header that has several: `Ragione sociale / Cognome e nome`; else its own."""
    return [plain(one) for one in EITHER.split(header) if plain(one)]


def family_first(header: str) -> str:
    """The language, "en" or another, in which a header says that names begin with the family name; "" if it does not."""
    found = (_family_first(one) for one in alternatives(header))
    return next((language for language in found if language), "")


def _family_first(name: str) -> str:
    if UNSPACED.match(name):
        return ""
    for one in languages().values():
        if name in one.lists.get("family_first", ()):
            return one.code
    return "en" if name in words()["family_first"]["words"] else ""


def whole_name(header: str, learned: bool = False) -> dict[str, Any]:
    """The rule for a field of whole names; `learned`: other lists show that these begin with the family name."""
    language = family_first(header) or ("en" if learned else "")
    if not language:
        return {"field": header}
    text = f"trim({quoted(header)})"
    firms = f"WHEN {is_organisation(text)} THEN {text} " if len(alternatives(header)) > 1 else ""
    cases = [(_NO_PERSON, r"\0")] if learned else []
    cases += [
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
    return {"sql": f"CASE {firms}{found} ELSE {text} END"}


def with_prefix(header: str, others: Iterable[str]) -> dict[str, Any]:
    """The rule for a field of family names: with its prefix, where that is a field of its own (`van der`)."""
    prefixes = {word for one in languages().values() for word in one.lists.get("family_prefix", ())}
    prefix = next((one for one in others if plain(one) in prefixes), "")
    return {"fields": [prefix, header]} if prefix else {"field": header}


def company_beside_contact(customer: str, given: str, family: str) -> dict[str, Any]:
    """The rule for the name of a customer beside that of its contact: a company, unless it is the name of that person."""
    name, first, last = (f"lower(trim(coalesce({quoted(one)}, '')))" if one else "''" for one in (customer, given, family))
    same = ", ".join((f"trim({first} || ' ' || {last})", f"trim({last} || ' ' || {first})", f"{last} || ', ' || {first}"))
    return {"sql": f"CASE WHEN {name} NOT IN ({same}) THEN trim({quoted(customer)}) END"}


PERSONAL = r"^(herrn?|frau|hr|fr|mrs?|ms|miss|mme|mlle|madame|monsieur|dhr|mevr|mevrouw|signora?|señora?|sra?)(\.|\s|$)"
SALUTATIONS = (
    "anrede",
    "salutation",
    "form_of_address",
    "anredeschluessel",
    "civilite",
    "aanhef",
    "tratamiento",
    "title",
    "titel",
)


def of_two_names(rules: dict[str, Any], columns: Iterable[str]) -> list[str]:
    """Books of accounts have `Name1` and `Name2`, and say by the salutation who is a person; the columns that say so.

    A person's name is in both, in whichever order it was written; a company's goes on in the second.
    """
    named = {plain(one): one for one in columns}
    first = rules.get("organisation", {}).get("field", "")
    second = next((named[one] for one in ("name2", "name_2") if one in named), "")
    salutation = next((named[one] for one in SALUTATIONS if one in named), "")
    if plain(first) not in {"name1", "name_1"} or not second or not salutation or {"given_name", "full_name"} & rules.keys():
        return []
    both = f"nullif(concat_ws(' ', nullif(trim({quoted(first)}), ''), nullif(trim({quoted(second)}), '')), '')"
    person = f"coalesce(regexp_matches(lower(trim({quoted(salutation)})), '{PERSONAL}'), false)"
    rules["full_name"] = {"sql": f"CASE WHEN {person} THEN {both} END"}
    rules["organisation"] = {"sql": f"CASE WHEN NOT {person} THEN {both} END"}
    return [first, second]
