"""Lists of suppliers, who are not customers: `wave_vendors`, first column `vendor_name`. See `is_list_of_suppliers`."""

from __future__ import annotations

import re
import tomllib
from functools import cache

from fullcircle.connectors.base import FoundObject
from fullcircle.mapping.propose.words import plain, words
from fullcircle.mapping.shipped import shipped

# Who is paid through, or brings goods: no staff.
OF_PAYING = re.compile(
    r"(^|_)(payment|pay|paid|shipping|carrier|email|phone|internet|insurance)_(\w+_)?provider(_|$)"
)  # who is paid through, or brings: no staff
ENDING = 3  # letters that a form of a word may have more: `dostawc` is in the list, `dostawcami` is a form of it


def is_of_suppliers(form: str) -> bool:
    """True for the name of an object that ends with a word for suppliers, and has none for customers: `wave_vendor`."""
    *before, last = form.split("_")
    return _names_suppliers(last) and not {*words()["tables"]["records"]} & {*before}


def is_list_of_suppliers(found: FoundObject) -> bool:
    """True if the first column names suppliers (`vendor_name`) and no other speaks of customers."""
    names = [plain(each.name).split("_") for each in found.fields]
    customers = {*words()["tables"]["records"], *words()["columns"]["orders"]["record_id"]} - {"contact", "contacts"}
    return bool(names and _names_suppliers(names[0][0]) and not any(customers & {*parts} for parts in names))


def _names_suppliers(word: str) -> bool:
    """True for a word for suppliers, in some form: the list is that of bought.toml."""
    return any(word.startswith(one) and len(word) <= len(one) + ENDING for one in (*_data()["suppliers"], *_data()["lists"]))


@cache
def _data() -> dict[str, list[str]]:
    return tomllib.loads(shipped("bought.toml"))
