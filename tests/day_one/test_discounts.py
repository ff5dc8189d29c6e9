"""A discount beside an amount: money, unless the header or a sign says that it is a share. Nobody here exists."""

from __future__ import annotations

import pytest

ROWS = [("24.00", "0.00"), ("12.00", "2.00"), ("48.00", "0.00"), ("16.00", "1.50"), ("40.00", "4.00")]


def tickets(header, discounts, text="{}"):
    rows = "".join(
        f"TS-{n},2026-01-{n + 10},Concert,Iris Fall {n},iris{n}@post.example,{paid},{text.format(one)}\n"
        for n, ((paid, _), one) in enumerate(zip(ROWS, discounts, strict=True), 1)
    )
    return {"tickets_sold.csv": f"Booking Ref,Booking Date,Event,Name,Email,Total Paid,{header}\n{rows}"}


@pytest.mark.parametrize(
    ("header", "discounts", "text", "kind"),
    [
        ("Discount", [one for _, one in ROWS], "{}", "money"),
        ("Rabatt", [one for _, one in ROWS], "{}", "money"),
        ("Discount (EUR)", [0, 2, 0, 5, 10], "{}", "money"),
        ("Discount %", ["0.00", "10.00", "0.00", "5.00", "10.00"], "{}", "percent"),
        ("Discount rate", [0, 10, 0, 5, 10], "{}", "percent"),
        ("Discount", [0, 10, 0, 5, 10], "{}%", ""),  # the cell says it
        ("Discount", ["0.00", "0.10", "0.00", "0.05", "0.10"], "{}", ""),  # shares, as they are all below 1
        ("Discount", [0, 10, 0, 5, 10], "{}", ""),  # nothing says what it is
    ],
)
def test_what_a_discount_is(suggested, header, discounts, text, kind):
    suggested(tickets(header, discounts, text))
    assert ("discount_kind" in suggested.text.split("[[map]]", 1)[1]) == bool(kind)
    assert not kind or f'discount_kind = {{ value = "{kind}" }}' in suggested.text


def test_it_is_left_to_the_lines_where_they_can_prove_it(suggested):
    rows = "".join(
        f"O-{n},2026-01-{n + 10},SKU-{n % 3},Iris Fall {n},iris{n}@post.example,2,{price}.00,10.00,{price * 2 * 0.9:.2f}\n"
        for n, price in enumerate((20, 35, 50, 12, 90), 1)
    )
    suggested({"order_items.csv": f"Order ID,Date,SKU,Name,Email,Quantity,Unit Price,Discount,Line Total\n{rows}"})
    assert 'discount = "Discount"' in suggested.text and "discount_kind" not in suggested.text.split("[[map]]", 1)[1]


def test_a_discount_in_money_is_no_share(day_one):
    view = day_one(tickets("Discount", [one for _, one in ROWS]))
    assert not any("discount" in said for said in view.said)
    assert {name: sum(one.values()) for name, one in view.spent.items()}["Iris Fall 2"] == 12


NAMED = [
    ("Discount amount", "money"), ("Disc %", "percent"),
    ("Rabattsatz", "percent"), ("Rabattbetrag", "money"), ("Nachlass %", "percent"),
    ("Taux de remise", "percent"), ("Montant remise", "money"), ("Importe descuento", "money"), ("% Descuento", "percent"),
    ("Importo sconto", "money"), ("Sconto %", "percent"), ("Kortingsbedrag", "money"), ("Valor do desconto", "money"),
    ("Kwota rabatu", "money"), ("Indirim oranı", "percent"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), NAMED)
def test_a_discount_by_its_name_is_never_the_amount(suggested, name, kind):
    rows = "".join(f"B{n};0{n}.02.2026;iris{n}@post.example;Lamp {n};2;50,00;{n * 5 if n < 3 else 0};ok\n" for n in range(1, 6))
    rows += "B1;01.02.2026;iris1@post.example;Pot;1;20,00;0;ok\n"
    suggested({"orders.csv": f"Order No;Date;Email;Item;Quantity;Unit price;{name};Status\n{rows}"})
    lines = suggested.text.split('to = "order_lines"')[1]
    assert f'discount = "{name}"' in lines and f'discount_kind = {{ value = "{kind}" }}' in lines, lines
    assert f'amount = "{name}"' not in suggested.text
