"""What the company itself bought: expenses, bills of suppliers, orders to them. Their suppliers are nobody's customers.

An object of these has a name that says so (`Eingangsrechnungen`, `naklady`), or names the supplier and no customer. The words
are in data/bought.toml. See `is_bought`, and `without_bought` in bought_rows.py.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

from fullcircle.mapping.propose.guess import columns_of, plain, singular, words
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import UNSPACED
from fullcircle.mapping.shipped import shipped

LONG = 8  # letters of a word that says it also as a part of another
NAMES = ("full_name", "given_name", "family_name", "organisation", "email", "phone")
NUMBER = re.compile(r"(^|_)(id|no|nr|number|nummer|num|code|key|ref)$|(nr|nummer|nro)$")


@cache
def _data() -> dict[str, tuple[str, ...]]:
    return {name: tuple(given) for name, given in tomllib.loads(shipped("bought.toml")).items()}


@cache
def kinds_bought() -> re.Pattern[str]:
    """What a column calls rows of expenses and of bills of suppliers."""
    return re.compile("|".join(_data()["kinds"]))


def is_named_bought(name: str) -> bool:
    """True for the name of an object of expenses or of bills received."""
    whole, known = plain(name), {plain(word) for word in _data()["objects"]}
    forms = singular(whole) | {whole}
    parts = {"_".join(whole.split("_")[start:]) for start in range(whole.count("_") + 1)}
    parts |= {"_".join(whole.split("_")[:end]) for end in range(1, whole.count("_") + 1)}
    parts |= {form for part in [*parts] for form in singular(part)}
    return bool(known & (forms | parts)) or any(
        word in whole for word in known if len(word) >= LONG or (UNSPACED.match(word) and len(word) > 1)
    )


def is_of_supplier(column: str) -> bool:
    """True for a column that names a supplier: `E-mail dodavatele`, `Lieferantennummer`, `vendor_name`."""
    name = plain(column)
    return any(f"_{word}" in f"_{name}" or (UNSPACED.match(word) and word in name) for word in _data()["suppliers"])


def is_bought(sample: Sample) -> str:
    """Why an object is of what the company bought; "" if it is not, or if that cannot be known."""
    if is_named_bought(sample.name):
        return "its name says that it is of expenses or of bills received"
    theirs = [each.name for each in sample.found.fields if is_of_supplier(each.name)]
    if not theirs:
        return ""
    orders = columns_of(sample.found, "orders", sample.facts, leave=theirs)
    people = columns_of(sample.found, "records", sample.facts, leave=theirs)
    if "amount" not in orders or "record_id" in orders or any(is_of_customer(each.name) for each in sample.found.fields):
        return ""
    named = {column for column in NAMES if column in people}
    if {"given_name", "family_name"} & named:
        return ""
    if "full_name" in named and not all(NUMBER.search(plain(one)) for one in theirs):
        return ""
    lines = columns_of(sample.found, "order_lines", sample.facts, leave=theirs)
    if {"product_id", "quantity"} & lines.keys() and not any(
        sample.facts[one].email >= 0.5 for one in theirs if one in sample.facts
    ):
        return ""  # what was sold, with the maker of each
    return f"{', '.join(theirs)} {'names' if len(theirs) == 1 else 'name'} a supplier, and no column names a customer"


@cache
def _customers() -> frozenset[str]:
    given = (*words()["roles"]["customers"], *words()["tables"]["records"], *_data()["customers"])
    known = {plain(one) for one in given}
    return frozenset(one for one in known - {*_data()["anybody"]} if len(one) > 3)


def is_of_customer(column: str) -> bool:
    """True for a column whose name has a word for customers, in whatever form: `Kundennummer`, `E-mail odběratele`."""
    return not is_of_supplier(column) and any(f"_{word}" in f"_{plain(column)}" for word in _customers())
