"""Guesses what a source's objects and fields mean, from their names and the shapes of example values. Used by suggest.py."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.mapping.sample import Facts
from fullcircle.model.entities import ADDED
from fullcircle.model.tables import CONFORMED

ID_ENDINGS = (
    "_id",
    "_no",
    "_nr",
    "_number",
    "_nummer",
    "_num",
    "_key",
    "_code",
    "_ref",
    "id",
    "nr",
    "nummer",
    "number",
    "no",
    "code",
    "",
)
ID_STARTS = ("id_", "code_", "no_", "nr_", "n_", "num_", "numero_", "numero_de_", "id_de_", "codigo_", "codice_", "id_do_")
NEEDED = {"order_lines": ("order_id", "product_id"), "addresses": ("record_id",), "consents": ("record_id", "purpose")}
WHO = {"given_name", "family_name", "full_name", "organisation", "email", "phone", "street"}
PLACES = {"city", "postcode", "postal_code", "zip", "zip_code", "country"}
DEALS = {"deal", "deal_name", "opportunity", "opportunity_name", "deal_stage", "sales_stage", "pipeline"}
PREPARED = re.compile(
    r"_(fake|synthetic|clean|cleaned|cleansed|raw|std|standardi[sz]ed|normali[sz]ed|norm|formatted|anonymi[sz]ed|anon|imputed|corrected)$"
)
FITTING = 0.5  # of the sampled values of a field must have the shape of its column
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
    more = tomllib.loads(resources.files("fullcircle.mapping").joinpath("data/shop_words.toml").read_text(encoding="utf-8"))
    for part, lists in [("prefixes", more["prefixes"]), *((f"columns.{name}", one) for name, one in more["columns"].items())]:
        of = known["columns"][part[8:]] if part.startswith("columns.") else known[part]
        for name, further in lists.items():
            of[name] = list(dict.fromkeys([*of.get(name, []), *further]))
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
    parts = [part for part in name.split("_") if part not in words()["around"]["words"] and not part.isdigit()]
    name = "_".join(parts) or name
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


def is_staff(column: str) -> bool:
    """True for a column about the people who serve customers: `Contact owner`, `sales_rep_email`, `created_by`."""
    name = f"_{plain(column)}_"
    return any(f"_{word}_" in name for word in words()["staff"]["words"])


def _names(fields: Sequence[str]) -> dict[str, str]:
    """Normalised name -> field; also without what is in brackets (`Price (net, required)`) or says how a value was prepared
    (`postcode_fake`, `email_clean`), if only one field is called so.
    """
    names = {plain(each): each for each in reversed(fields)}
    bare: dict[str, list[str]] = {}
    for each in fields:
        short = PREPARED.sub("", plain(re.sub(r"[(\[][^()\[\]]*[)\]]", " ", each)))
        if short and short != plain(each):
            bare.setdefault(short, []).append(each)
    return names | {short: those[0] for short, those in bare.items() if len(those) == 1 and short not in names}


def columns_of(
    found: FoundObject, table: str, facts: Mapping[str, Facts] | None = None, leave: Collection[str] = ()
) -> dict[str, str]:
    """The matching source field for each column of a table, each field used once; references match by `<object>_id`.

    Where values were sampled, a field whose values do not fit the column is passed over.
    """
    single = set(found.key) if len(found.key) == 1 else set()
    names = _names([each.name for each in found.fields if not is_staff(each.name) and each.name not in leave])
    taken: set[str] = set()
    chosen = {}
    for column, synonyms in words()["columns"][table].items():
        is_ref = bool(CONFORMED[table].column(column).ref)  # type: ignore[union-attr]
        fitting = _references(names, synonyms) if is_ref else _named(names, synonyms, _prefixes(found.name, table))
        usable = [name for name in fitting if name not in taken and (is_ref or column == "sku" or name not in single)]
        best = [name for name in usable if is_ref or _fits(table, column, facts, name)]
        best = [name for name in best if _is_filled(facts, name)] or ([] if is_ref else best)
        if best:
            taken.add(best[0])
            chosen[column] = best[0]
    if table == "orders" and plain(chosen.get("status", "")) in {"state", "estado"} and PLACES & names.keys():
        chosen.pop("status")  # beside a city or a postcode it is a region
    if table == "records" and "email" not in chosen:
        chosen |= _by_shape([each for each in found.fields if each.name in names.values()], taken, facts)
    if "given_name" in chosen and "family_name" in chosen and chosen.get("full_name"):
        chosen.pop("full_name")  # the separate parts are more precise
    if "given_name" in chosen and "family_name" not in chosen and "full_name" not in chosen and table == "records":
        chosen["full_name"] = chosen.pop("given_name")  # one name column only: it holds the whole name
    return chosen


def _is_filled(facts: Mapping[str, Facts] | None, name: str) -> bool:
    known = (facts or {}).get(name)
    return known is None or known.filled > 0


def _fits(table: str, column: str, facts: Mapping[str, Facts] | None, name: str) -> bool:
    """False if the sampled values of a field cannot be values of a column."""
    known = (facts or {}).get(name)
    if known is None:
        return True
    if not known.filled:
        return True
    kind = CONFORMED[table].column(column).sql_type  # type: ignore[union-attr]
    if kind.startswith("DECIMAL"):
        return known.number >= FITTING
    if kind in {"TIMESTAMP", "DATE"}:
        return known.date >= FITTING
    if column == "email":
        return known.email >= FITTING
    if column == "phone":
        return (known.phone >= 0.3 and known.date < 0.9) or (known.whole >= FITTING and known.longest >= 6)
    if column in {"given_name", "family_name", "full_name", "city", "organisation", "region"}:
        return known.number < FITTING and known.email < FITTING
    return True


def _named(names: dict[str, str], synonyms: Sequence[str], prefixes: Iterable[str]) -> Iterable[str]:
    for word in synonyms:
        if word in names:
            yield names[word]
        for prefix in prefixes:  # in `customers`, `customer_name` is the name
            if f"{prefix}_{word}" in names:
                yield names[f"{prefix}_{word}"]


def _prefixes(object_name: str, table: str) -> list[str]:
    """What may stand before a word: the object's own name, and for people what says that it is about the customer."""
    own = sorted(singular(plain(object_name)), key=len)
    return (
        [*own, *words()["prefixes"]["people"]]
        if table in {"records", "addresses"}
        else own + list(words()["prefixes"].get(table, ()))
    )


def _references(names: dict[str, str], synonyms: Sequence[str]) -> Iterable[str]:
    for word, name in [(word + ending, names.get(word + ending)) for ending in ID_ENDINGS for word in synonyms]:
        if name and word:
            yield name
    for start in ID_STARTS:
        for word in synonyms:
            if start + word in names:
                yield names[start + word]


def _by_shape(fields: Sequence[FoundField], taken: set[str], facts: Mapping[str, Facts] | None) -> dict[str, str]:
    for each in fields:
        known = (facts or {}).get(each.name)
        shaped = known.email >= 0.8 if known else bool(EMAIL_SHAPE.fullmatch(each.example.strip()))
        if each.name not in taken and shaped:
            return {"email": each.name}
    return {}


def guess(found: FoundObject, facts: Mapping[str, Facts] | None = None) -> Guess | None:
    """The best guess for the object, or None if it is not recognised."""
    if is_about_others(found.name):
        return None
    table = named(found.name) or by_fields(found, facts)
    if not table:
        return None
    if table in {"orders", "records"} and by_fields(found, facts) == "order_lines":
        table = "order_lines"  # whatever the name of the file: each row is a line
    columns = columns_of(found, table, facts)
    if any(name not in columns for name in NEEDED.get(table, ())) or not _is_enough(table, columns):
        other = by_fields(found, facts)
        if not other or other == table or any(name not in columns_of(found, other, facts) for name in NEEDED.get(other, ())):
            return None
        table, columns = other, columns_of(found, other, facts)
    return Guess(found, table, columns) if columns else None


def _is_enough(table: str, columns: Mapping[str, str]) -> bool:
    """A person needs something that says who it is."""
    return table != "records" or bool(WHO & columns.keys()) or len(columns) > 1


def by_fields(found: FoundObject, facts: Mapping[str, Facts] | None = None) -> str:
    """The table whose characteristic columns the object has, or ""."""
    lines = columns_of(found, "order_lines", facts)
    if {"order_id", "product_id"} <= lines.keys() and {"quantity", "amount", "unit_price"} & lines.keys():
        return "order_lines"
    if (
        DEALS & {plain(each.name) for each in found.fields}
        and {"at", "amount"} <= columns_of(found, "interactions", facts).keys()
    ):
        return "interactions"
    orders = columns_of(found, "orders", facts)
    people = columns_of(found, "records", facts)
    if (
        {"ordered_at", "amount"} <= orders.keys()
        and ("record_id" in orders or "email" in people)
        and not _is_only_a_person(people)
    ):
        return "orders"
    if "email" in people or {"given_name", "family_name"} <= people.keys():
        return "records"
    if ("full_name" in people or "organisation" in people) and {"phone", "street", "postcode", "birth_date"} & people.keys():
        return "records"
    products = columns_of(found, "products", facts)
    return "products" if {"name", "price"} <= products.keys() else ""


def _is_only_a_person(people: Mapping[str, str]) -> bool:
    return "birth_date" in people
