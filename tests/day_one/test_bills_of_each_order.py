"""One invoice for each order, with the number of the order beside its own: what it says of payment is said of the order."""

from __future__ import annotations

import pytest

from .conftest import bring, money

FILES = {
    "pedidos.csv": """
Nº pedido;Fecha;Cliente;Correo;Importe total;Estado
P-101;02/01/2026;Ana Ruiz Gil;ana.ruiz@correo.example;100,00;Entregado
P-102;13/01/2026;Luis Vega Mora;luis.vega@correo.example;80,00;Entregado
P-103;14/01/2026;Eva Sanz Rey;eva.sanz@correo.example;70,00;Entregado
P-104;15/01/2026;Iker Lasa Bel;iker.lasa@correo.example;90,00;Entregado
P-105;16/01/2026;Noa Prat Coll;noa.prat@correo.example;55,00;Borrador
P-106;17/01/2026;Pau Roca Font;pau.roca@correo.example;30,00;Entregado
""",
    "facturas.csv": """
Nº factura;Nº pedido;Fecha;Cliente;Correo;Importe total;Pendiente de pago;Estado
F-2601;P-101;03/01/2026;Ana Ruiz Gil;ana.ruiz@correo.example;100,00;100,00;Enviada
F-2602;P-102;14/01/2026;Luis Vega Mora;luis.vega@correo.example;80,00;30,00;Pago parcial
F-2603;P-103;15/01/2026;Eva Sanz Rey;eva.sanz@correo.example;70,00;0,00;Pagada
F-2604;P-104;16/01/2026;Iker Lasa Bel;iker.lasa@correo.example;90,00;90,00;Incobrable
F-2605;P-105;17/01/2026;;;55,00;55,00;Vencida
F-2606;P-106;18/01/2026;Sol Mas Vila;sol.mas@correo.example;30,00;0,00;Pagada
""",
}


@pytest.fixture(scope="module")
def view(tmp_path_factory):
    return bring(tmp_path_factory.mktemp("bills_of_each_order"), FILES)


@pytest.mark.parametrize(
    ("name", "spent", "owed"),
    [
        ("Ana Ruiz Gil", "0", "100"),
        ("Luis Vega Mora", "50", "30"),
        ("Eva Sanz Rey", "70", ""),
        ("Iker Lasa Bel", "0", ""),  # written off
        ("Noa Prat Coll", "0", "55"),  # the invoice names nobody, and the order is a draft
        ("Pau Roca Font", "0", ""),
        ("Sol Mas Vila", "30", ""),  # the order of another, billed to her
    ],
)
def test_what_the_invoice_says_reaches_the_order(view, name, spent, owed):
    assert sum(view.spent.get(name, {}).values()) == money(spent)[0]
    assert [*view.unpaid.get(name, {}).values()] == (money(owed) if owed else [])


def test_the_invoices_are_known_by_their_own_number(view):
    assert 'same_as = { field = "Nº pedido", ref = "pedidos" }' in view.text and 'key = "Nº factura"' in view.text
    assert any("1 order of pedidos (30.00 together) was billed to another customer than ordered" in said for said in view.said)


@pytest.mark.parametrize(
    ("own", "theirs"),
    [
        ("Invoice Number", "Order Number"),
        ("Rechnungsnummer", "Bestellnummer"),
        ("Numéro de facture", "Numéro de commande"),
        ("Factuurnummer", "Ordernummer"),
        ("Numer faktury", "Numer zamówienia"),
        ("Fakturanummer", "Ordrenummer"),
    ],
)
@pytest.mark.parametrize("first", [True, False], ids=["its own first", "the order first"])
def test_in_any_language(suggested, own, theirs, first):
    people = [("Ada Kell", "ada@kell.example"), ("Bo Lind", "bo@lind.example"), ("Cy Mann", "cy@mann.example")]
    orders = "".join(f"O-{n},{name},{mail},2026-01-0{n},{n}0.00\n" for n, (name, mail) in enumerate(people, 1))
    pair = (own, theirs) if first else (theirs, own)
    bills = "".join(
        f"{','.join((f'I-{n}', f'O-{n}') if first else (f'O-{n}', f'I-{n}'))},{name},{mail},2026-02-0{n},{n}0.00\n"
        for n, (name, mail) in enumerate(people, 1)
    )
    suggested(
        {
            "orders.csv": f"{theirs},Name,Email,Order Date,Total\n{orders}",
            "invoices.csv": f"{','.join(pair)},Name,Email,Invoice Date,Total\n{bills}",
        }
    )
    assert f'key = "{own}"' in suggested.text
    assert f'same_as = {{ field = "{theirs}", ref = "orders" }}' in suggested.text
