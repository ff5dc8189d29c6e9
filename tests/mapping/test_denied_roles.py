"""Who is called `Not a supplier` is none, in any language; who is called a supplier and not a customer is left out."""

from __future__ import annotations

import pytest

from fullcircle.engine.duckdb import DuckDB
from fullcircle.mapping.propose.roles import _no_customer
from fullcircle.mapping.propose.words import plain


@pytest.fixture(scope="module")
def engine():
    return DuckDB(threads=1, memory="100MB")


def left_out(engine, *values):
    listed = ", ".join(f"('{value}')" for value in values)
    engine.run(
        f"CREATE OR REPLACE TABLE people AS SELECT * FROM (VALUES {listed}) AS t(what)".replace("n'e", "n''e").replace(
            "d'", "d''"
        )
    )
    sql = _no_customer(engine, "people", "what")
    return [value for (value,) in engine.rows(f"SELECT what FROM people WHERE coalesce({sql}, false)")]


@pytest.mark.parametrize(
    "denied",
    [
        "Not a supplier", "not supplier", "Non-supplier", "No vendor", "kein Lieferant", "Nicht Lieferant", "pas un fournisseur",
        "Non fournisseur", "no es proveedor", "No proveedor", "non è un fornitore", "não é fornecedor", "geen leverancier",
        "ikke leverandør", "inte leverantör", "ei toimittaja", "nie dostawca", "není dodavatel", "nem beszállító", "не поставщик",
        "не є постачальник", "tedarikçi değil", "非供应商", "仕入先ではない",
    ],
)  # fmt: skip
def test_a_denied_role_is_none(engine, denied):
    assert left_out(engine, denied, "Supplier", "Lieferant") == ["Supplier", "Lieferant"]


def test_who_is_no_customer_but_a_supplier_is_left_out(engine):
    values = ("Supplier, not a customer", "Lieferant, kein Kunde", "Customer, not a supplier", "Kunde und Lieferant", "Staff")
    assert left_out(engine, *values) == ["Supplier, not a customer", "Lieferant, kein Kunde", "Staff"]


def test_what_else_is_denied_does_not_matter(engine):
    assert left_out(engine, "Non active supplier", "Supplier (no VAT)", "Nie aktywny dostawca") == [
        "Non active supplier", "Supplier (no VAT)", "Nie aktywny dostawca",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("Demandeur - Demandeur", "demandeur"), ("Requester - Requester", "requester"), ("Cliente: Cliente", "cliente"),
        ("Demandeur - Groupe", "demandeur_groupe"), ("E-E", "e"), ("Tel-Tel 2", "tel_tel_2"), ("2024-2024", "2024"),
    ],
)  # fmt: skip
def test_a_header_of_a_group_and_its_only_column_is_that_word(header, form):
    assert plain(header) == form
