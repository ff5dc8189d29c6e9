"""Whether a name is of an organisation, where a column holds the names of people and of organisations: `is_organisation`.

By legal forms of the world, institutions and words that no person is called; the lists are in data/organisations.toml. Short
forms count only as they are written there, because Sa, Ag and Co are also names of people.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

from fullcircle.engine.base import literal
from fullcircle.mapping.shipped import shipped

BEFORE, AFTER = r"(?:^|[\s,.;&(/\x22“„«])", r"(?:$|[\s,.;&)/\x22”“»])"
BEHIND = r"[^\s.,;&(][\s,.;&(/\x22”“»]+"  # a legal form alone is no name


@cache
def pattern() -> str:
    """The pattern, in the syntax of the engine, that finds the name of an organisation."""
    data: dict[str, Any] = tomllib.loads(shipped("organisations.toml"))
    beside, places = _any(data["beside"]), _any(data["places_of"])
    return "|".join(
        (
            rf"{BEHIND}(?i:{_any(data['ends'])})\.?[)\x22”»]?$",
            rf"{BEHIND}(?:{_any(data['ends_as_written'])})\.?[)\x22”»]?$",
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


def is_organisation(text: str) -> str:
    """SQL: true if a text is the name of an organisation, as far as the name itself shows it."""
    return f"coalesce(regexp_matches(trim({text}), {literal(pattern())}), false)"


def _any(forms: list[str]) -> str:
    """The forms as alternatives, the longest first."""
    return "|".join(_form(one) for one in sorted({*forms}, key=lambda one: (-len(one), one)))


def _form(text: str) -> str:
    one_point = text.endswith(".") and text.count(".") == 1 and len(text) <= 4  # `co.`: without the point it is a name
    parts = re.escape(text if one_point or len(text) < 3 else text.rstrip("."))
    if one_point:
        return parts
    return parts.replace(r"\.", r"\.\s?").replace(r"\~", r"[.\s]*").replace(r"\ ", r"\s+")
