"""The list in an answer of an API: `{"orders": [{...}, {...}], "next_page": 2}` is a list of orders, not a row. See `inside`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

# What such an answer has beside its list: it says nothing of the rows.
AROUND = re.compile(
    r"@?odata.*|(total|page|pages|count|size|limit|offset|skip|take|top|cursor|next|prev|previous|first|last|per|current|has|more|is|end"
    r"|records?|rows?|items?|results?|number|of|start|max|min|links?|meta|metadata|paging|pagination|page_?info|url|href|self|uri|object"
    r"|type|kind|status|success|ok|done|error|errors|message|messages|code|version|schema|time|timestamp|date|generated|exported|created"
    r"|updated|at|by|on|request|response|id|token|etag|query|filter|sort|took|elapsed|headers?|info|file|source|export|etc|_)+",
    re.IGNORECASE,
)
DEEPEST = 4  # objects in objects, down to the list
# Numbers stay as they are written: 1.10 does not become 1.1, and twenty digits stay twenty digits.
AS_WRITTEN = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def inside(text: str) -> tuple[int, int] | None:
    """Where in the text of one object its list of rows begins and ends; None if the object itself is the row."""
    place = len(text) - len(text.lstrip())
    for _ in range(DEEPEST):
        try:
            values = list(values_in(text, place))
        except (ValueError, RecursionError):
            return None
        inner = [(begin, end) for name, value, begin, end in values if _holds_rows(name, value)]
        others = [name for name, value, _, _ in values if not _holds_rows(name, value)]
        if len(inner) != 1 or any(not AROUND.fullmatch(re.sub(r"(?<=[a-z])(?=[A-Z])|[.-]", "_", name)) for name in others):
            return None
        begin, end = inner[0]
        if text[begin] == "[":
            return begin, end
        place = begin
    return None


def _holds_rows(name: str, value: object) -> bool:
    """True for a list of objects, and for an object in which there is one."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, dict) for one in value) and name not in {"links", "errors"}
    return isinstance(value, dict) and any(_holds_rows(inner, one) for inner, one in value.items())


def values_in(text: str, place: int) -> Iterator[tuple[str, object, int, int]]:
    """The names and values of the object that begins at a place, and where in the text each value is."""
    if text[place : place + 1] != "{":
        raise ValueError("no object")
    place = _skip(text, place + 1)
    while text[place : place + 1] != "}":
        name, place = AS_WRITTEN.raw_decode(text, place)
        place = _skip(text, place)
        if text[place : place + 1] != ":":
            raise ValueError("no value")
        begin = _skip(text, place + 1)
        value, place = AS_WRITTEN.raw_decode(text, begin)
        yield name, value, begin, place
        place = _skip(text, place)
        if text[place : place + 1] == ",":
            place = _skip(text, place + 1)


def _skip(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n":
        place += 1
    return place
