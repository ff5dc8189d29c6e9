"""JSON:API documents (Lemon Squeezy, Shopware 6, Outreach, Klaviyo): each resource becomes a plain object. See `lifted`.

A resource is `{"type": "orders", "id": "1", "attributes": {...}, "relationships": {...}}`. Its attributes become fields of the
row, with the values as they are written. A relationship to one resource becomes `customer_id`; what the document includes of
it becomes the object `customer`, or a list of objects (`lineItems`), as other APIs nest them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fullcircle.connectors.sources.files.wrapped import AS_WRITTEN, values_in

RESOURCE = frozenset({"type", "id", "lid", "attributes", "relationships", "links", "meta", "extensions"})
DOCUMENT = frozenset({"data", "included", "jsonapi", "links", "meta", "aggregations"})
WRAPPERS = frozenset({"profile", "fields", "properties", "details"})  # attributes that only hold more of them
ATTRIBUTES = '"attributes"'  # without it, a text has no resource
Key = tuple[str, str]  # the type and the id of a resource
Included = Mapping[Key, str]  # the text of each


def is_resource(value: object) -> bool:
    """True for an object that has the parts of a resource, and no others."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("type"), str)
        and isinstance(value.get("attributes"), dict)
        and value.keys() <= RESOURCE
    )


def places(text: str) -> tuple[tuple[int, int], Included] | None:
    """Where in a JSON:API document its rows are, and the texts of what it includes; None if it is none."""
    if ATTRIBUTES not in text:
        return None
    try:
        begin = len(text) - len(text.lstrip())
        members = {name: (value, start, end) for name, value, start, end in values_in(text, begin)}
    except (ValueError, RecursionError):
        return None
    if "data" not in members or not members.keys() <= DOCUMENT:
        return None
    data, start, end = members["data"]
    if not (is_resource(data) or (isinstance(data, list) and data and all(map(is_resource, data)))):
        return None
    included: dict[Key, str] = {}
    if "included" in members and isinstance(members["included"][0], list):
        for one, piece in _elements(text, members["included"][1]):
            if is_resource(one) and "id" in one:
                included[one["type"], str(one["id"])] = piece
    return (start, end), included


def resources(text: str, place: tuple[int, int], included: Included) -> list[str]:
    """The plain objects of the rows of a document; see `places`."""
    begin, end = place
    pieces = [piece for _, piece in _elements(text, begin)] if text[begin] == "[" else [text[begin:end]]
    return [lifted(piece, included) for piece in pieces]


def lifted(text: str, included: Included) -> str:
    """The text of one resource as a plain object; what is none stays as it is."""
    if ATTRIBUTES not in text:
        return text
    try:
        resource = AS_WRITTEN.decode(text)
    except (ValueError, RecursionError):
        return text
    return _plain(text, included, nested=False) if is_resource(resource) else text


def _plain(text: str, included: Included, nested: bool) -> str:
    parts = {name: (value, text[start:end]) for name, value, start, end in values_in(text, len(text) - len(text.lstrip()))}
    own = parts["attributes"][1]
    fields: dict[str, str] = {}
    attributes = list(values_in(own, 0))
    names = {name for name, *_ in attributes}
    for name, value, start, end in attributes:
        inner = own[start:end]
        if name in WRAPPERS and isinstance(value, dict) and not any(isinstance(one, dict | list) for one in value.values()):
            fields |= {part: inner[begin:stop] for part, _, begin, stop in values_in(inner, 0) if part not in names}
        else:
            fields[name] = inner
    for name in ("type", "id"):
        if name in parts and not (nested and name == "type"):
            fields.setdefault(name, parts[name][1])
    relationships = parts["relationships"][0] if "relationships" in parts else None
    for name, relationship in relationships.items() if isinstance(relationships, dict) else ():
        if isinstance(relationship, dict):
            _relate(fields, name, relationship.get("data"), included, nested)
    return "{" + ", ".join(f"{json.dumps(name)}: {value}" for name, value in fields.items()) + "}"


def _relate(fields: dict[str, str], name: str, data: Any, included: Included, nested: bool) -> None:
    """A relationship to one resource gives its id; what is included of one or of many becomes an object or a list."""
    if isinstance(data, dict) and "id" in data:
        fields.setdefault(f"{name}_id", json.dumps(str(data["id"])))
    if nested:
        return
    several = data if isinstance(data, list) else [data]
    there = [included[key] for one in several if isinstance(one, dict) and (key := _key(one)) in included]
    if there:
        objects = [_plain(one, included, nested=True) for one in there]
        fields.setdefault(name, f"[{', '.join(objects)}]" if isinstance(data, list) else objects[0])


def _key(one: Mapping[str, Any]) -> Key:
    return str(one.get("type", "")), str(one.get("id", ""))


def _elements(text: str, begin: int) -> Iterator[tuple[Any, str]]:
    """The elements of the array that begins at a place, and the text of each."""
    place = begin + 1
    while True:
        while text[place] in " \t\r\n,":
            place += 1
        if text[place] == "]":
            return
        value, end = AS_WRITTEN.raw_decode(text, place)
        yield value, text[place:end]
        place = end
