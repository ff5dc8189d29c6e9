"""A company that a shop knows by the person who orders, and the books by its name, is one organisation."""

from __future__ import annotations

import pytest

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.mapping.conform import conform

COMPANY = {
    "id": "1",
    "name": "Dílna Malá s.r.o.",
    "mail": "objednavky@dilna.example",
    "tax": "CZ0451",
    "street": "Lipová 8",
    "zip": "702 00",
}
BUYER = {
    "id": "2",
    "first": "Radka",
    "last": "Malá",
    "firm": "Dílna Malá s.r.o",
    **{k: COMPANY[k] for k in ("mail", "tax", "street", "zip")},
}
SHOP = {"given_name": "first", "family_name": "last", "organisation": "firm"}
PLACE = {"email": "mail", "street": "street", "postcode": "zip"}


def kinds(engine, landing, progress, **change):
    """The kind and names of the buyer, of whom some values are others than those of the company."""
    landing.put("books", "bills", [COMPANY]).put("shop", "people", [BUYER | change])
    maps = []
    for source, name, fields in (("books", "bills", {"full_name": "name"}), ("shop", "people", SHOP)):
        rules = {one: FieldRule(field=column) for one, column in (fields | PLACE).items()}
        maps.append(MapSettings(source=source, object=name, to="records", fields=rules))
        of = {"record_id": FieldRule(field="id", ref=name), "kind": FieldRule(value="tax"), "value": FieldRule(field="tax")}
        maps.append(MapSettings(source=source, object=name, to="identifiers", key="tax", fields=of))
    conform(engine, landing, maps, "CZ", progress)
    sql = "SELECT kind, full_name, given_name, family_name FROM conformed.records WHERE source = 'shop'"
    return engine.rows(sql)[0]


@pytest.mark.parametrize("change", [{}, {"tax": "CZ9"}, {"street": "Jiná 3"}, {"firm": "DILNA MALA, s.r.o."}])
def test_the_account_of_a_company_becomes_the_company(engine, landing, progress, change):
    kind, name, *person = kinds(engine, landing, progress, **change)
    assert (kind, name) == ("organisation", change.get("firm", BUYER["firm"]))
    assert person == ["Radka", "Malá"]
    assert any("of a company, named after who orders" in text for text in progress.said)


@pytest.mark.parametrize(
    "change", [{"mail": "radka@posta.example"}, {"firm": "Malá a syn"}, {"firm": None}, {"tax": "CZ9", "street": "Jiná 3"}]
)
def test_a_contact_of_a_company_stays_a_person(engine, landing, progress, change):
    assert kinds(engine, landing, progress, **change) == ("person", "Radka Malá", "Radka", "Malá")
