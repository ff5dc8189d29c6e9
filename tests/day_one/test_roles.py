"""Suppliers, staff and partners in a list of people are no customers, whatever the column that says so is called."""

from __future__ import annotations

import pytest

from tests.day_one.conftest import bring

LIST = """
Nr;Vorname;Nachname;Firma;{column};E-Mail
1;Ines;Kolmar;;{customer};ines@example.com
2;Hugo;Nies;Nies Bau;{other};hugo@example.com
3;Rosa;Tamm;;{both};rosa@example.com
4;Bea;Voss;;;bea@example.com
5;Uwe;Orth;;{customer};uwe@example.com
"""


@pytest.mark.parametrize(
    ("column", "customer", "other", "both"),
    [
        ("Kategorie", "Kunde", "Lieferant", "Kunde und Lieferant"),
        ("Contact Type", "Customer", "Vendor", "Vendor + Customer"),
        ("Kontaktgruppe", "Kunden", "Lieferanten", "Kunden, Lieferanten"),
        ("Group", "Customer", "Partner", "Customer / Partner"),
        ("Rodzaj", "Klient", "Dostawca", "Klient i dostawca"),
        ("Catégorie", "Client", "Fournisseur", "Client & fournisseur"),
        ("Tipo de contacto", "Cliente", "Proveedor", "Cliente y proveedor"),
        ("Soort relatie", "Klant", "Leverancier", "Klant, leverancier"),
    ],
)
def test_who_is_no_customer_by_a_column_is_left_out(tmp_path, column, customer, other, both):
    view = bring(tmp_path, {"contacts.csv": LIST.format(column=column, customer=customer, other=other, both=both)})
    assert view.people == {"Ines Kolmar", "Rosa Tamm", "Bea Voss", "Uwe Orth"}
    assert f"1 of 5 rows are staff or suppliers by {column} ({other}): they are left out" in view.text


def test_a_list_of_nothing_but_suppliers_makes_no_customers(suggested):
    text = LIST.format(column="Type", customer="Supplier", other="Vendor", both="Supplier")
    found = suggested({"contacts.csv": text.replace("Bea;Voss;;;", "Bea;Voss;;Supplier;")})
    assert found == {"contacts": set()}
    assert "all 5 rows are suppliers by Type" in suggested.text


def test_a_partner_alone_may_be_the_customer(suggested):
    found = suggested({"contacts.csv": LIST.format(column="Type", customer="Partner", other="Partner", both="Partner")})
    assert "records" in found["contacts"] and "left out" not in suggested.text.split("not used")[0]


@pytest.mark.parametrize(
    "denied", ["Not a supplier", "kein Lieferant", "pas un fournisseur", "No es proveedor", "geen leverancier"]
)
def test_who_is_said_not_to_be_a_supplier_stays(suggested, denied):
    found = suggested({"contacts.csv": LIST.format(column="Type", customer="Customer", other=denied, both="")})
    assert "records" in found["contacts"] and denied not in suggested.text


@pytest.mark.parametrize(
    ("column", "roles"),
    [
        ("Perfil", ("Cliente", "Fornecedor", "Funcionário")), ("Estado del contacto", ("Cliente", "Proveedor", "Perdido")),
        ("Was", ("Kunde", "Lieferant", "Interessent")), ("Zakładka", ("Klient", "Dostawca", "Klient")),
    ],
)  # fmt: skip
def test_a_column_of_roles_is_known_by_its_values(suggested, column, roles):
    rows = "".join(f"{n};Ada;Tal {n};{role};Graz;a{n}@example.com\n" for n, role in enumerate(roles, 1))
    suggested({"contactos.csv": f"ID;Nombre;Apellidos;{column};Ciudad;Email\n{rows}"})
    theirs = [one for one in roles if one in "Fornecedor Funcionário Proveedor Lieferant Dostawca"]
    assert f"rows are staff or suppliers by {column} ({', '.join(theirs)})" in suggested.text
    assert f'region = "{column}"' not in suggested.text


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("Beruf", ("Lehrer", "Student", "Trainer")), ("Estado", ("JAL", "GTO", "SON")),
        ("Notiz", ("Kunde", "ruft an", "Lieferant krank")),
        ("Empresa", ("Cliente Feliz SA", "Proveedor Uno SA", "Otra SA")),
    ],
)  # fmt: skip
def test_professions_regions_and_notes_are_no_roles(suggested, column, values):
    rows = "".join(f"{n};Ada;Tal {n};{value};Graz;a{n}@example.com\n" for n, value in enumerate(values, 1))
    suggested({"contactos.csv": f"ID;Nombre;Apellidos;{column};Ciudad;Email\n{rows}"})
    assert "staff or suppliers" not in suggested.text
    assert column != "Estado" or 'region = "Estado"' in suggested.text
