"""Which canonical table the name of an object indicates, in many languages. Start at `named`."""

from __future__ import annotations

import re
from functools import cache

from fullcircle.mapping.propose.gist import in_whole_words
from fullcircle.mapping.propose.suppliers import is_of_suppliers
from fullcircle.mapping.propose.words import UNSPACED, plain, singular, words, written_out

LISTS = (
    "liste", "uebersicht", "datei", "daten", "stamm", "verzeichnis", "lijst", "overzicht", "bestand", "lista",
    "oversikt", "register",
)  # fmt: skip
CREDIT_NOTE = re.compile(r"(^|_)credit_?(note|memo)$")
COMPOUND = ("orders", "records", "tickets")  # tables whose names are also the end of a longer word
OF_SUPPLIERS = re.compile(r"eingang|einkauf|lieferant|inkoop|leveranc|leverant|leverand|inkop|purchase|supplier|vendor|ap_")


def named(object_name: str) -> str:
    """The canonical table that an object's name indicates, or "". The last word counts most: `shop_customers` is customers."""
    name = in_whole_words(written_out(_without_around(object_name)))
    name = name if name in words()["tables"]["orders"] else re.sub(r"_head(ers?)?$", "", name)  # `invoice_header`
    forms = singular(name) | _without_list(name)
    if any(CREDIT_NOTE.search(form) for form in forms):
        return "orders"  # and not notes, which are written about somebody
    for table, known in words()["tables"].items():
        if forms & set(known):
            return str(table)
    for table, known in words()["tables"].items():
        if any(form.endswith("_" + word) for form in forms for word in known):
            return str(table)
    for table, known in words()["tables"].items():
        if UNSPACED.search(name) and any(UNSPACED.match(word) and len(word) > 1 and word in name for word in known):
            return str(table)
    for table, known in words()["tables"].items():
        if (
            table in COMPOUND
            and not OF_SUPPLIERS.match(name)
            and any(form.endswith(long) for form in forms for long in _long(tuple(known)))
        ):
            return str(table)
    return ""


def _without_list(name: str) -> set[str]:
    """What a compound for a list is a list of: `auftrag` of `auftragsliste`."""
    stem = next((name.removesuffix(end) for end in LISTS if name.endswith(end)), "")
    return {stem, stem.removesuffix("s"), stem.removesuffix("n"), stem.removesuffix("en")} if len(stem) > 4 else set()


def _without_around(object_name: str) -> str:
    """The plain name of an object without what is said around it: `tblEmployee` is about an employee, `orders_export` orders."""
    name = plain(object_name)
    return (
        "_".join(part for part in name.split("_") if part not in words()["around"]["words"] and not re.fullmatch(r"v?\d+", part))
        or name
    )


@cache
def _long(known: tuple[str, ...]) -> tuple[str, ...]:
    """Words that end a compound: `facturen` in `Verkoopfacturen`."""
    return tuple(word for word in known if len(word) >= 6 and word.isascii() and "_" not in word)


def is_about_others(object_name: str) -> bool:
    """True for employees, suppliers, lists of regions ...: they also have names and addresses, but are not customers."""
    forms = singular(plain(object_name)) | singular(_without_around(object_name))
    if any(form == word or form.startswith(word + "_") for form in forms for word in words()["not_customers"]["words"]):
        return True
    return any(is_of_suppliers(form) for form in forms)
