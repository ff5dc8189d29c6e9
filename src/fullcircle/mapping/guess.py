"""Guesses what a source's objects and fields mean, from their names and the shapes of example values. Used by suggest.py."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.model.entities import ADDED
from fullcircle.model.tables import CONFORMED

ID_ENDINGS = ("_id", "_no", "_nr", "_number", "_key", "_code", "_ref", "id", "nr", "")
NEEDED = {"order_lines": ("order_id", "product_id"), "addresses": ("record_id",), "consents": ("record_id", "purpose")}
EMAIL_SHAPE = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class Guess:
    """The canonical table an object seems to match, and the source field for each of its columns."""

    found: FoundObject
    table: str
    columns: dict[str, str] = field(default_factory=dict)


@cache
def words() -> dict[str, Any]:
    """The synonyms in data/synonyms.toml and those declared by added entities."""
    text = resources.files("fullcircle.mapping").joinpath("data/synonyms.toml").read_text(encoding="utf-8")
    known = tomllib.loads(text)
    for entity in ADDED:
        known["tables"][entity.table_name] = [entity.noun, *entity.words]
        known["columns"][entity.table_name] = {
            "record_id": known["columns"]["orders"]["record_id"],
            **{field.name: [field.name, *field.words] for field in entity.fields},
        }
    return known


def plain(name: str) -> str:
    """The name normalised for comparison: `OrderDetails`, `Order Details` and `order-details` all become `order_details`."""
    name = name.rpartition(".")[2] or name
    name = name.replace("ß", "ss").replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def singular(name: str) -> set[str]:
    """A normalised name and its possible singular forms."""
    cut = {name}
    for ending, instead in (("ies", "y"), ("es", ""), ("s", ""), ("en", ""), ("n", ""), ("e", "")):
        if name.endswith(ending) and len(name) > len(ending) + 2:
            cut.add(name[: -len(ending)] + instead)
    return cut


def named(object_name: str) -> str:
    """The canonical table that an object's name indicates, or "". The last word counts most: `shop_customers` is customers."""
    name = plain(object_name)
    forms = singular(name)
    for table, known in words()["tables"].items():
        if forms & set(known):
            return str(table)
    for table, known in words()["tables"].items():
        if any(form.endswith("_" + word) for form in forms for word in known):
            return str(table)
    return ""


def is_about_others(object_name: str) -> bool:
    """True for employees, suppliers, lists of regions ...: they also have names and addresses, but are not customers."""
    forms = singular(plain(object_name))
    return any(form == word or form.startswith(word + "_") for form in forms for word in words()["not_customers"]["words"])


def columns_of(found: FoundObject, table: str) -> dict[str, str]:
    """The matching source field for each column of a table, each field used once; references match by `<object>_id`."""
    names = {plain(each.name): each.name for each in found.fields}
    taken: set[str] = set()
    chosen = {}
    for column, synonyms in words()["columns"][table].items():
        is_ref = bool(CONFORMED[table].column(column).ref)  # type: ignore[union-attr]
        fitting = _reference(names, synonyms) if is_ref else _named(names, synonyms, _prefixes(found.name))
        if (
            fitting
            and fitting not in taken
            and not (fitting in found.key and len(found.key) == 1 and not is_ref and column != "sku")
        ):
            taken.add(fitting)
            chosen[column] = fitting
    if table == "records" and "email" not in chosen:
        chosen |= _by_shape(found.fields, taken)
    if "given_name" in chosen and "family_name" in chosen and chosen.get("full_name"):
        chosen.pop("full_name")  # the separate parts are more precise
    return chosen


def _named(names: dict[str, str], synonyms: Sequence[str], prefixes: Iterable[str]) -> str:
    for word in synonyms:
        if word in names:
            return names[word]
        for prefix in prefixes:  # in `customers`, `customer_name` is the name
            if f"{prefix}_{word}" in names:
                return names[f"{prefix}_{word}"]
    return ""


def _prefixes(object_name: str) -> list[str]:
    return sorted(singular(plain(object_name)), key=len)


def _reference(names: dict[str, str], synonyms: Sequence[str]) -> str:
    for ending in ID_ENDINGS:
        for word in synonyms:
            if word + ending in names:
                return names[word + ending]
    return ""


def _by_shape(fields: Sequence[FoundField], taken: set[str]) -> dict[str, str]:
    for each in fields:
        if each.name not in taken and EMAIL_SHAPE.fullmatch(each.example.strip()):
            return {"email": each.name}
    return {}


def guess(found: FoundObject) -> Guess | None:
    """The best guess for the object, or None if it is not recognised."""
    if is_about_others(found.name):
        return None
    table = named(found.name) or _by_fields(found)
    if not table:
        return None
    columns = columns_of(found, table)
    if any(name not in columns for name in NEEDED.get(table, ())):
        other = _by_fields(found)
        if not other or other == table or any(name not in columns_of(found, other) for name in NEEDED.get(other, ())):
            return None
        table, columns = other, columns_of(found, other)
    return Guess(found, table, columns) if columns else None


def _by_fields(found: FoundObject) -> str:
    """The table whose characteristic columns the object has, or ""."""
    lines = columns_of(found, "order_lines")
    if {"order_id", "product_id"} <= lines.keys() and {"quantity", "amount"} & lines.keys():
        return "order_lines"
    orders = columns_of(found, "orders")
    if {"record_id", "ordered_at", "amount"} <= orders.keys():
        return "orders"
    people = columns_of(found, "records")
    if "email" in people or {"given_name", "family_name"} <= people.keys():
        return "records"
    products = columns_of(found, "products")
    return "products" if {"name", "price"} <= products.keys() else ""
