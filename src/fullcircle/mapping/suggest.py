"""Proposes [[map]] sections for a source from what its connector discovered: valid TOML, with comments on the rest.

It uses names (English, German, French and Spanish) and the shapes of example values, never the values themselves. A person
should check and correct the proposal: a comment below each map lists what was not recognised. Start at `suggest`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from fullcircle.connectors.base import FoundObject
from fullcircle.mapping.guess import Guess, columns_of, guess, plain, singular, words
from fullcircle.model.tables import CONFORMED

Fields = dict[str, str]  # canonical column -> TOML value, in the order they are written


def suggest(source: str, connector_name: str, found: list[FoundObject]) -> str:
    """The TOML text for the objects of one source, or "" if there are none. The heading names `connector_name`."""
    guesses = [each for each in (guess(one) for one in found) if each]
    text = []
    for each in found:
        ours = next((one for one in guesses if one.found is each), None)
        text.append(_sections(source, ours, guesses) if ours else _unknown(source, each))
    if not text:
        return ""
    heading = (
        f"# Proposed from the fields of {source} ({connector_name}). Check and correct it before the next `fullcircle run`.\n"
    )
    return heading + "\n" + "\n".join(text)


def _unknown(source: str, found: FoundObject) -> str:
    names = ", ".join(field.name for field in found.fields)
    return _comment(
        f"{source}.{found.name} is not mapped: it does not seem to contain customers or their activity. Fields: {names}"
    )


def _comment(text: str) -> str:
    return "# " + re.sub(r"[\x00-\x1f\x7f]", " ", text) + "\n"


def _sections(source: str, ours: Guess, guesses: Sequence[Guess]) -> str:
    """All maps of one object: the main map, further maps of the same object, and a comment on unused fields."""
    flat = _as_flat(ours, guesses)
    if flat:
        return _flat(source, flat)
    fields, notes = _fields(ours, guesses)
    text = _map(source, ours.found.name, ours.table, fields)
    used = set(ours.columns.values())
    if ours.table == "records":
        more, names = _identifiers(source, ours)
        text, used = text + more, used | names
    left = [field.name for field in ours.found.fields if field.name not in used and field.name not in ours.found.key]
    if left:
        notes.append(f"not used: {', '.join(left)}")
    return text + "".join(_comment(note) for note in notes)


def _fields(ours: Guess, guesses: Sequence[Guess]) -> tuple[Fields, list[str]]:
    """The fields of the main map as TOML, and notes for the person who reads it."""
    table = CONFORMED[ours.table]
    fields: Fields = {}
    notes = []
    for name, source_field in ours.columns.items():
        column = table.column(name)
        ref = _referred(ours, source_field, column.ref, guesses) if column and column.ref else ""
        if column and column.ref and not ref:
            notes.append(f"{name}: {source_field} seems to point to {column.ref}, but no object with {column.ref} was recognised")
        else:
            fields[name] = f"{{ field = {_quoted(source_field)}, ref = {_quoted(ref)} }}" if ref else _quoted(source_field)
    return fields, notes


def _referred(ours: Guess, source_field: str, table: str, guesses: Sequence[Guess]) -> str:
    """The object a reference field points to: the one it is named after, otherwise the first that maps to the table."""
    fitting = [each.found.name for each in guesses if each.table == table and each.found is not ours.found]
    stem = re.sub(r"_?(id|no|nr|number|key|code|ref)$", "", plain(source_field))
    for name in fitting:
        if stem in singular(plain(name)):
            return name
    for name in fitting:
        if any(form.endswith("_" + stem) for form in singular(plain(name))):
            return name
    return fitting[0] if fitting else ""


def _identifiers(source: str, ours: Guess) -> tuple[str, set[str]]:
    """A map for each further identifier or consent among the columns of a person, and the fields that they use."""
    names = {plain(each.name): each.name for each in ours.found.fields if each.name not in ours.columns.values()}
    text, used = "", set()
    for identifier_kind, synonyms in words()["identifiers"].items():
        for word in synonyms:
            if word in names and names[word] not in used and names[word] not in ours.found.key:
                used.add(names[word])
                fields = {"kind": f"{{ value = {_quoted(identifier_kind)} }}", "value": _quoted(names[word])}
                text += "\n" + _map(source, ours.found.name, "identifiers", fields, word)
    for word in words()["consents"]["words"]:
        if word in names and names[word] not in used:
            used.add(names[word])
            fields = {"purpose": f"{{ value = {_quoted(word)} }}", "granted": _quoted(names[word])}
            text += "\n" + _map(source, ours.found.name, "consents", fields, word)
    return text, used


# -- one export with everything in it -----------------------------------------------------------------------------------------
def _as_flat(ours: Guess, guesses: Sequence[Guess]) -> Guess | None:
    """The object as order lines, if it is an export that repeats order, product and customer on every line."""
    if ours.table not in {"orders", "order_lines"} or any(
        each.table in {"orders", "order_lines"} for each in guesses if each is not ours
    ):
        return None
    lines = columns_of(ours.found, "order_lines")
    return Guess(ours.found, "order_lines", lines) if {"order_id", "product_id", "quantity"} <= lines.keys() else None


def _flat(source: str, ours: Guess) -> str:
    """Four maps of one object; `key` names the field that identifies the customer, order or product."""
    found, lines = ours.found, ours.columns
    name = found.name
    order, product = lines["order_id"], lines["product_id"]
    rest = FoundObject(found.name, (), tuple(each for each in found.fields if each.name not in {order, product}))
    people, orders = columns_of(rest, "records"), columns_of(found, "orders")
    person = orders.get("record_id") or people.get("email") or people.get("full_name", "")
    text = ""
    if person:
        columns = {column: _quoted(value) for column, value in people.items() if column not in {"account_id", "updated_at"}}
        text += _map(source, name, "records", {"key": _quoted(person), **columns}) + "\n"
    kept: Fields = {name: _quoted(orders[name]) for name in ("ordered_at", "status", "channel", "currency") if name in orders}
    whose: Fields = {"record_id": f"{{ field = {_quoted(person)}, ref = {_quoted(name)} }}"} if person else {}
    text += _map(source, name, "orders", {"key": _quoted(order), **whose, **kept}) + "\n"
    goods = {
        column: value
        for column, value in columns_of(rest, "products").items()
        if column in {"name", "category", "brand", "price"}
    }
    named = {"name": _quoted(product), **{column: _quoted(value) for column, value in goods.items()}}
    text += _map(source, name, "products", {"key": _quoted(product), **named}) + "\n"
    fields = {
        "order_id": f"{{ field = {_quoted(order)}, ref = {_quoted(name)} }}",
        "product_id": f"{{ field = {_quoted(product)}, ref = {_quoted(name)} }}",
        **{column: _quoted(value) for column, value in lines.items() if column not in {"order_id", "product_id"}},
    }
    used = {*lines.values(), *people.values(), *orders.values(), *goods.values()}
    left = [each.name for each in found.fields if each.name not in used]
    return text + _map(source, name, "order_lines", fields) + (_comment(f"not used: {', '.join(left)}") if left else "")


# -- TOML -----------------------------------------------------------------------------------------------------------------
def _map(source: str, name: str, table: str, fields: Fields, key: str = "") -> str:
    lines = ["[[map]]", f"source = {_quoted(source)}", f"object = {_quoted(name)}", f"to = {_quoted(table)}"]
    lines += [f"key = {_quoted(key)}"] if key else []
    lines += ["[map.fields]", *(f"{column} = {value}" for column, value in fields.items())]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string; the escapes are those of JSON, except for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
