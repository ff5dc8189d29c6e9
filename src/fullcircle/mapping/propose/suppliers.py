"""Lists of suppliers, who are not customers: `wave_vendors`, first column `vendor_name`. See `is_list_of_suppliers`."""

from __future__ import annotations

from fullcircle.connectors.base import FoundObject
from fullcircle.mapping.propose.words import plain, words

SUPPLIERS = frozenset((
    "supplier", "vendor", "lieferant", "lieferanten", "fournisseur", "proveedor", "leverancier", "leveranciers", "leverantor",
    "leverandor", "fornitore", "fornitori", "fornecedor", "dostawca", "dostawcy", "dodavatel", "dodavatele", "kreditor",
    "creditor", "beszallito", "furnizor", "tedarikci", "toimittaja", "поставщик", "поставщики", "постачальник",
    "供应商", "仕入先",
))  # fmt: skip


def is_of_suppliers(form: str) -> bool:
    """True for the name of an object that ends with a word for suppliers, and has none for customers: `wave_vendor`."""
    *before, last = form.split("_")
    return last in SUPPLIERS and not {*words()["tables"]["records"]} & {*before}


def is_list_of_suppliers(found: FoundObject) -> bool:
    """True if the first column names suppliers (`vendor_name`) and no other speaks of customers."""
    names = [plain(each.name).split("_") for each in found.fields]
    customers = {*words()["tables"]["records"], *words()["columns"]["orders"]["record_id"]} - {"contact", "contacts"}
    return bool(names and names[0][0] in SUPPLIERS and not any(customers & {*parts} for parts in names))
