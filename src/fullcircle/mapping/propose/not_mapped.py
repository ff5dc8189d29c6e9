"""Why an object is not mapped: what of a person, a key, a date and an amount was found, and what is missing. See `why_not`."""

from __future__ import annotations

from fullcircle.mapping.propose.guess import columns_of, is_about_others, is_somebody_else, is_staff, plain
from fullcircle.mapping.propose.links import is_like_a_key
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.suppliers import is_list_of_suppliers
from fullcircle.mapping.propose.words import words

FEW = 4  # columns that a sentence names
WHO = ("full_name", "given_name", "family_name", "organisation", "email", "phone")


def why_not(sample: Sample) -> str:
    """A sentence for who reads the proposal."""
    found, facts = sample.found, sample.facts
    if not found.fields:
        return "not mapped: it has no columns"
    if sample.table and not sample.rows:
        return "not mapped: it has no rows"
    if is_about_others(found.name) or is_list_of_suppliers(found):
        return "not mapped: its name or its columns say that it lists staff, suppliers or other things, who are not customers"
    people, orders = columns_of(found, "records", facts), columns_of(found, "orders", facts)
    mails = [name for name, known in facts.items() if known.email >= 0.8 or known.mail >= 0.8]
    first = [name for name in [each.name for each in found.fields[:1]] if sample.unique(name)]
    parts = {
        "a person": [people[one] for one in WHO if one in people] or [orders[one] for one in ("record_id",) if one in orders],
        "a key": [*found.key] or [name for name in facts if sample.unique(name) and is_like_a_key(name)] or first,
        "a date": [orders["ordered_at"]]
        if "ordered_at" in orders
        else [name for name, known in facts.items() if known.date >= 0.9],
        "an amount": [orders[one] for one in ("amount", "paid", "unpaid") if one in orders],
    }
    there = "; ".join(f"{what} ({_listed(columns)})" for what, columns in parts.items() if columns)
    missing = " and ".join(what for what, columns in parts.items() if not columns)
    said = "not mapped: its columns do not say whether its rows are customers, orders or anything else that is known"
    said += f". Found: {there or 'nothing'}" + (f"; not found: {missing}" if missing else "")
    others = [name for name in facts if name in mails and (is_staff(name) or is_somebody_else(name))]
    others += [name for name in facts if (is_staff(name) or is_somebody_else(name)) and plain(name) in words()["staff"]["words"]]
    if others:
        said += f". Taken for staff or for other people than the customer: {_listed(list(dict.fromkeys(others)))}"
    return f"{said}. If it matters, write a map by hand: docs/how-to/map-fields.md"


def _listed(columns: list[str]) -> str:
    few = ", ".join(dict.fromkeys(columns[:FEW]))
    return few + (" ..." if len(columns) > FEW else "")
