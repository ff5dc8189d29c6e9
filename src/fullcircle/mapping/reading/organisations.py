"""Whether a name is of an organisation, where a column holds the names of people and of organisations: `is_organisation`.

By legal forms of the world, institutions and words that no person is called; the lists are in data/organisations.toml. Short
forms count only as they are written there, because Sa, Ag and Co are also names of people. Some words are family names too: what
stands before them decides (`Tom Group`, `Nordic Group`). See `judgement`.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

from fullcircle.engine.base import literal
from fullcircle.mapping.reading.names import TITLES
from fullcircle.mapping.shipped import shipped

BEFORE, AFTER = r"(?:^|[\s,.;&(/\x22“„«])", r"(?:$|[\s,.;&)/\x22”“»])"
BEHIND = r"[^\s.,;&(][\s,.;&(/\x22”“»]+"  # a legal form alone is no name
WORD = r"\p{Lu}[\p{L}\p{M}'’-]+"
TWO_NAMES = rf"{WORD}\s(?:&|\+|[Aa]nd|und|et|och|og|en)\s{WORD}"  # `Marks & Spencer`; a couple if one of the two is a given name


@cache
def _lists() -> dict[str, Any]:
    data: dict[str, Any] = tomllib.loads(shipped("organisations.toml"))
    return data


@cache
def given_names() -> frozenset[str]:
    """Given names that are not also places, in small letters."""
    lines = [line for line in shipped("given_names.txt").splitlines() if not line.startswith("#")]
    return frozenset(" ".join(lines).split())


def given_or_place() -> frozenset[str]:
    """Given names that are rather places, and what people are called instead of a name, in small letters."""
    return frozenset((*_lists()["given_or_place"], *_lists()["called"]))


@cache
def pattern() -> str:
    """The pattern, in the syntax of the engine, that finds what is surely the name of an organisation."""
    data = _lists()
    beside, places = _any(data["beside"]), _any(data["places_of"])
    return "|".join(
        (
            rf"{BEHIND}(?i:{_any(data['ends'])})\.?[)\x22”»]?$",
            rf"^[\x22„“«]?(?i:{_any(data['starts'])})(?:[\s]+|'|$)[^\s]",
            r"^PT\s+\S+\s+\S",
            rf"^[\x22„“«]?(?:{_any(data['starts_as_written'])})\.?\s+[\x22„“«]?[^\s]{{2}}",
            rf"{BEFORE}(?i:{_any(data['words'])}){AFTER}",
            rf"\S\s(?i:{_any(data['last'])})$",
            rf"(?i:[\p{{L}}-](?:{_any(data['word_ends'])})){AFTER}",
            _any(data["unspaced"]),
            rf"{BEFORE}(?i:{beside})\s(?i:{places})$|^(?i:the)\s.*\s(?i:{places})$",
            r"(?i:^(?:st|saint|sankt)\.?\s.*'s\b)|(?i:'s\s(?:church|school|hospital|parish|college|academy)$)",
            r"(?i:(?:&|\s(?:and|und|et|y|e|i|og|och|en)\s)\s?(?:sons?|associates|partners?|söhne|cie|fils|brothers|bros|hijos|figli|synowie|zonen|sønner|söner|daughters)\.?)$",
        )
    )


@cache
def short_form() -> str:
    """The pattern of a short legal form at the end, as it is written: `SA`, `Oy`."""
    return rf"{BEHIND}(?:{_any(_lists()['ends_as_written'])})\.?[)\x22”»]?$"


@cache
def last_word(which: str) -> str:
    """The pattern of a last word of one of the lists `last_or_family` and `last_seldom_family`."""
    return rf"\S\s(?i:{_any(_lists()[which])})$"


def is_organisation(text: str) -> str:
    """SQL: true if a text is the name of an organisation, as far as the name itself shows it, or looks like one."""
    made = "|".join((pattern(), short_form(), last_word("last_or_family")))
    return f"coalesce(regexp_matches(trim({text}), {literal(made)}), false)"


def may_be_organisation(text: str) -> str:
    """SQL: true for all that `judgement` has an answer for."""
    seldom = f"coalesce(regexp_matches(trim({text}), {literal(last_word('last_seldom_family'))}), false)"
    return f"({is_organisation(text)} OR {seldom} OR coalesce(regexp_full_match(trim({text}), {literal(TWO_NAMES)}), false))"


def judgement(name: str, in_parts: str, known: str) -> str:
    """SQL: true for an organisation, false for a person, for names of which `may_be_organisation` is true.

    `in_parts`: given and family name are in columns of their own. `known`: a table of given names, with the columns `name`,
    `place` (it is rather a place). What is sure stands; the rest is a person's behind a given name, or in parts.
    """
    bare = rf"regexp_replace(trim({name}), {literal(TITLES)}, '\1\2')"
    words = f"string_split({bare}, ' ')"
    first, second, third = (plain_given(f"{words}[{place}]") for place in (1, 2, 3))
    given = f"(SELECT name FROM {known} WHERE NOT place)"
    # `Tom Group`, `Anne-Marie Trust`, `Mary Ann Company`
    behind_given = f"({first} IN {given} AND (len({words}) = 2 OR len({words}) = 3 AND {second} IN {given}))"
    any_given = "(" + " OR ".join(f"coalesce({one} IN (SELECT name FROM {known}), false)" for one in (first, second, third)) + ")"
    doubtful = f"({name} = upper({name}) OR ends_with({name}, ' Oy'))"  # `MARIA SA`, `David Oy`; `Maria SA` is a company

    def fits(text: str) -> str:
        return f"regexp_matches(trim({name}), {literal(text)})"

    return f"""CASE WHEN {fits(pattern())} THEN true
        WHEN {fits(short_form())} THEN NOT ({doubtful} AND (({in_parts} AND {name} = upper({name})) OR {behind_given}))
        WHEN {in_parts} THEN false
        WHEN {fits(last_word("last_or_family"))} THEN NOT {behind_given}
        ELSE NOT {any_given} END"""


def plain_given(name: str) -> str:
    """SQL: a given name as the lists have it; of one with a hyphen the first part."""
    return f"regexp_extract(lower(strip_accents({name})), '^[^-]+')"


def _any(forms: list[str]) -> str:
    """The forms as alternatives, the longest first."""
    return "|".join(_form(one) for one in sorted({*forms}, key=lambda one: (-len(one), one)))


def _form(text: str) -> str:
    one_point = text.endswith(".") and text.count(".") == 1 and len(text) <= 4  # `co.`: without the point it is a name
    parts = re.escape(text if one_point or len(text) < 3 else text.rstrip("."))
    if one_point:
        return parts
    return parts.replace(r"\.", r"\.\s?").replace(r"\~", r"[.\s]*").replace(r"\ ", r"\s+")
