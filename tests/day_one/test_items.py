"""Exports with a row for each item, or the items beside one another on the row of their order, of vendors without a profile."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from unittest.mock import ANY

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.ask.suggest import to_suggest, write
from fullcircle.config.read import read_config
from fullcircle.config.starter import starter
from fullcircle.engine.duckdb import DuckDB
from fullcircle.mapping.conform import conform
from fullcircle.mapping.look import FirstRows
from fullcircle.model.progress import Silent
from tests.properties import examples

IRIS, OTTO = "iris@example.com", "otto@example.com"


def rows(*texts: str) -> str:
    return "\n".join(texts) + "\n"


def file_of(head: str, *texts: str) -> str:
    """A file in which I stands for Iris and O for Otto, who ordered: Iris 40.00 on 2 January, Otto 10.00, Iris 20.00."""
    return rows(head, *(text.replace("<I>", f"Iris Fenn,{IRIS}").replace("<O>", f"Otto Beck,{OTTO}") for text in texts))


LINES = {
    "a receipt number": file_of(
        "Receipt #,Date,Customer,Email,Item,Qty,Price",
        "R1,2025-01-02,<I>,Kettle,2,10.00", "R1,2025-01-02,<I>,Pan,1,20.00", "R2,2025-01-03,<O>,Kettle,1,10.00", "R3,2025-02-03,<I>,Pan,1,20.00",
    ),
    "the total of the order on every row": file_of(
        "Order Ref,Ordered,Name,Email,Product,Quantity,Unit Price,Order Total",
        "R1,2025-01-02,<I>,Kettle,2,10.00,40.00", "R1,2025-01-02,<I>,Pan,1,20.00,40.00", "R2,2025-01-03,<O>,Kettle,1,10.00,10.00", "R3,2025-02-03,<I>,Pan,1,20.00,20.00",
    ),
    "a total of the order and nothing else": file_of(
        "OrderNumber,OrderDate,Name,Email,Total,Item",
        "R1,2025-01-02,<I>,40.00,Kettle", "R1,2025-01-02,<I>,40.00,Pan", "R2,2025-01-03,<O>,10.00,Kettle", "R3,2025-02-03,<I>,20.00,Pan",
    ),
    "date and customer on the first row only": file_of(
        "Order No,Date,Customer,Email,Grand Total,Description,Qty,Price",
        "R1,2025-01-02,<I>,40.00,Kettle,2,10.00", "R1,,,,,Pan,1,20.00", "R2,2025-01-03,<O>,10.00,Kettle,1,10.00", "R3,2025-02-03,<I>,20.00,Pan,1,20.00",
    ),
    "the order number on the first row only": file_of(
        "Order No,Date,Customer,Email,Description,Qty,Price",
        "R1,2025-01-02,<I>,Kettle,2,10.00", ",,,,Pan,1,20.00", "R2,2025-01-03,<O>,Kettle,1,10.00", "R3,2025-02-03,<I>,Pan,1,20.00",
    ),
    "the number of the row beside that of the invoice": file_of(
        "Line ID,Invoice,Invoice Date,Client,Email,Product,Amount,Invoice Total",
        "1,R1,2025-01-02,<I>,Kettle,20.00,40.00", "2,R1,2025-01-02,<I>,Pan,20.00,40.00", "3,R2,2025-01-03,<O>,Kettle,10.00,10.00", "4,R3,2025-02-03,<I>,Pan,20.00,20.00",
    ),
    "the price of the whole row": file_of(
        "Order ID,Date,Customer,Email,Product,Qty,Price,Order Total",
        "R1,2025-01-02,<I>,Kettle,2,20.00,40.00", "R1,2025-01-02,<I>,Pan,1,20.00,40.00", "R2,2025-01-03,<O>,Kettle,1,10.00,10.00", "R3,2025-02-03,<I>,Pan,1,20.00,20.00",
    ),
    "a number with no name that says so": file_of(
        "Zeichen,Date,Customer,Email,Item,Qty,Price",
        "R1,2025-01-02,<I>,Kettle,2,10.00", "R1,2025-01-02,<I>,Pan,1,20.00", "R2,2025-01-03,<O>,Kettle,1,10.00", "R3,2025-01-02,<I>,Pan,1,20.00",
    ),
    "numbered columns": file_of(
        "Order ID,Date,Name,Email,Total,Item 1 Name,Item 1 Qty,Item 1 Price,Item 2 Name,Item 2 Qty,Item 2 Price",
        "R1,2025-01-02,<I>,40.00,Kettle,2,10.00,Pan,1,20.00", "R2,2025-01-03,<O>,10.00,Kettle,1,10.00,,,", "R3,2025-02-03,<I>,20.00,Pan,1,20.00,,,",
    ),
    "a list in a cell": file_of(
        "Order ID,Date,Name,Email,Total,Items", "R1,2025-01-02,<I>,40.00,2x Kettle; 1x Pan", "R2,2025-01-03,<O>,10.00,1x Kettle", "R3,2025-02-03,<I>,20.00,1x Pan",
    ),
    "JSON in a cell": file_of(
        "Order ID,Date,Name,Email,Total,Items",
        'R1,2025-01-02,<I>,40.00,"[{""name"":""Kettle"",""qty"":2,""price"":10.0},{""name"":""Pan"",""qty"":1,""price"":20.0}]"',
        'R2,2025-01-03,<O>,10.00,"[{""name"":""Kettle"",""qty"":1,""price"":10.0}]"', 'R3,2025-02-03,<I>,20.00,"[{""name"":""Pan"",""qty"":1,""price"":20.0}]"',
    ),
    "named parts in a cell": file_of(
        "Order ID,Date,Name,Email,Total,Product Details",
        'R1,2025-01-02,<I>,40.00,"Product ID: 7, Product Qty: 2, Product Name: Kettle, Product Unit Price: 10.00|Product ID: 8, Product Qty: 1, Product Name: Pan, Product Unit Price: 20.00"',
        'R2,2025-01-03,<O>,10.00,"Product ID: 7, Product Qty: 1, Product Name: Kettle, Product Unit Price: 10.00"', 'R3,2025-02-03,<I>,20.00,"Product ID: 8, Product Qty: 1, Product Name: Pan, Product Unit Price: 20.00"',
    ),
}  # fmt: skip


@dataclass
class Made:
    """What a proposal makes of a file, without the rest of a run."""

    orders: dict[str, tuple[str, Decimal]]  # key -> e-mail address of who ordered, amount
    lines: list[tuple[str, str, Decimal]]  # order, product, quantity
    people: set[str]
    quarantine: list[str]
    text: str


def made(folder: Path, name: str, text: str, further: dict[str, str] | None = None) -> Made:
    (folder / "data").mkdir()
    for each, content in {name: text, **(further or {})}.items():
        (folder / "data" / each).write_text(content, encoding="utf-8")
    config = folder / "fullcircle.toml"
    config.write_text(starter(folder)[0], encoding="utf-8")
    settings = read_config(config)
    write(settings, to_suggest(settings), config)
    settings = read_config(config)
    engine = DuckDB(threads=1, memory="500MB")
    first = FirstRows(engine)
    for source, one in settings.sources.items():
        first.read(source, one, folder, list(dict.fromkeys(each.object for each in settings.map if each.source == source)))
    conform(engine, first, settings.map, "US", Silent())
    found = Made(
        {
            key: (email, amount)
            for key, email, amount in engine.rows(
                "SELECT o.key, r.email, o.amount FROM conformed.orders o LEFT JOIN conformed.records r USING (record_id)"
            )
        },
        engine.rows(
            "SELECT o.key, p.name, CAST(l.quantity AS INTEGER) FROM conformed.order_lines l JOIN conformed.orders o USING (order_id) "
            "JOIN conformed.products p USING (product_id) ORDER BY ALL"
        ),
        {name for (name,) in engine.rows("SELECT coalesce(full_name, family_name, organisation, email) FROM conformed.records")},
        [reason for (reason,) in engine.rows("SELECT reason FROM conformed.quarantine")],
        config.read_text(encoding="utf-8"),
    )
    engine.close()
    return found


@pytest.mark.parametrize("what", LINES)
def test_a_row_for_each_item_and_items_on_one_row(tmp_path, what):
    view = made(tmp_path, "export.csv", LINES[what])
    assert view.quarantine == []
    assert view.orders == {"R1": (IRIS, Decimal(40)), "R2": (OTTO, Decimal(10)), "R3": (IRIS, Decimal(20))}
    counted = what != "a total of the order and nothing else" and "number of the row" not in what
    assert view.lines == [("R1", "Kettle", 2 if counted else ANY), ("R1", "Pan", ANY), ("R2", "Kettle", ANY), ("R3", "Pan", ANY)]


def test_receipts_that_start_again_in_every_store_and_on_every_day(tmp_path):
    view = made(
        tmp_path,
        "journal.csv",
        rows(
            "Kasse;Bonnummer;Datum;Uhrzeit;Kundennr;Kundenname;Artikelnr;Bezeichnung;Menge;E-Preis;G-Preis;MwSt",
            "1;17;02.01.2025;10:01:05;K1;Iris Fenn;A1;Tasse;2;10,00;20,00;19",
            "1;17;02.01.2025;10:01:05;K1;Iris Fenn;A2;Teller;1;20,00;20,00;19",
            "2;17;02.01.2025;11:00:00;K2;Otto Beck;A1;Tasse;1;10,00;10,00;19",
            "1;17;03.01.2025;09:00:00;K2;Otto Beck;A2;Teller;1;20,00;20,00;19",
        ),
    )
    assert {(email or name, amount) for name, (email, amount) in view.orders.items()} == {
        ("1-02.01.2025-17", Decimal(40)), ("2-02.01.2025-17", Decimal(10)), ("1-03.01.2025-17", Decimal(20)),
    }  # fmt: skip
    assert len(view.lines) == 4
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert "Bonnummer alone is used for several orders" in view.text


def test_orders_and_their_lines_in_two_files_that_share_a_key_of_two_columns(tmp_path):
    receipts = rows(
        "Filiale;Bon;Datum;Kundenname;E-Mail;Summe", f"1;1;02.01.2025;Iris Fenn;{IRIS};40,00", f"2;1;13.01.2025;Otto Beck;{OTTO};10,00",
        f"1;2;14.01.2025;Otto Beck;{OTTO};20,00",
    )  # fmt: skip
    lines = rows(
        "Filiale;Bon;Artikel;Menge;Einzelpreis",
        "1;1;Tasse;2;10,00",
        "1;1;Teller;1;20,00",
        "2;1;Tasse;1;10,00",
        "1;2;Teller;1;20,00",
    )
    view = made(tmp_path, "belege.csv", receipts, {"positionen.csv": lines})
    assert view.orders == {"1-1": (IRIS, Decimal(40)), "2-1": (OTTO, Decimal(10)), "1-2": (OTTO, Decimal(20))}
    assert view.lines == [("1-1", "Tasse", 2), ("1-1", "Teller", 1), ("1-2", "Teller", 1), ("2-1", "Tasse", 1)]
    assert view.quarantine == []


@pytest.mark.parametrize("name", ["Amount", "Total", "Betrag", "Line Total"])
def test_equal_sums_of_two_items_are_not_the_sum_of_the_order(tmp_path, name):
    """Both items of the only order of two cost the same; that two pieces cost twice as much as one says what the sum is of."""
    view = made(
        tmp_path, "orders.csv",
        rows(f"Order,Date,Email,Item,Quantity,{name}", f"1,2025-01-02,{IRIS},Mug,2,20.00", f"1,2025-01-02,{IRIS},Plate,1,20.00", f"2,2025-01-03,{OTTO},Mug,1,10.00"),
    )  # fmt: skip
    assert view.orders == {"1": (IRIS, Decimal(40)), "2": (OTTO, Decimal(10))}


def test_guests_without_an_address_and_a_total_with_tax_and_postage(tmp_path):
    head = (
        "Order Number,Order Date,Customer Name,Customer Email,Product,SKU,Qty,Unit Price,Order Discount,Shipping,Tax,Order Total"
    )
    view = made(
        tmp_path, "sales.csv",
        rows(
            head, f"1,2025-01-02,Iris Fenn,{IRIS},Mug,M,2,10.00,4.00,5.00,1.00,42.00", f"1,2025-01-02,Iris Fenn,{IRIS},Plate,P,1,20.00,4.00,5.00,1.00,42.00",
            "2,2025-01-03,Otto Beck,,Mug,M,1,10.00,0.00,0.00,0.00,10.00",
        ),
    )  # fmt: skip
    assert view.orders == {"1": (IRIS, Decimal(42)), "2": (None, Decimal(10))}
    assert view.people == {"Iris Fenn", "Otto Beck"}


def test_lines_that_point_to_no_orders_are_not_orders_of_nobody(tmp_path):
    view = made(
        tmp_path, "orders.csv", rows("Order ID,Date,Email,Total", f"A1,2025-01-02,{IRIS},46.00", f"A2,2025-01-03,{OTTO},11.00"),
        {"items.csv": rows("Receipt #,Article,Qty,Price", "R1,Kettle,2,10.00", "R1,Pan,1,20.00", "R2,Kettle,1,10.00")},
    )  # fmt: skip
    assert view.orders == {"A1": (IRIS, Decimal(46)), "A2": (OTTO, Decimal(11))}
    assert "not mapped: Receipt # points to no orders of these sources" in view.text


@pytest.mark.parametrize(
    ("head", "texts"),
    [
        ("VBELN;POSNR;ERDAT;KUNNR;NAME1;MATNR;ARKTX;KWMENG;NETPR;NETWR;WAERK", ("0004711;10;20250102;1001;Fenn;M1;Tasse;2;10,00;20,00;EUR", "0004711;20;20250102;1001;Fenn;M2;Teller;1;20,00;20,00;EUR", "0004712;10;20250103;1002;Beck;M1;Tasse;1;10,00;10,00;EUR")),
        ("N° commande;Date de commande;Client;Désignation;Quantité;Prix unitaire HT;Total commande TTC", ("0004711;02/01/2025;Fenn;Tasse;2;8,00;40,00", "0004711;02/01/2025;Fenn;Teller;1;16,00;40,00", "0004712;13/01/2025;Beck;Tasse;1;8,00;10,00")),
        ("Pedido;Data do Pedido;Cliente;Produto;Quantidade;Valor Unitário;Frete;Valor Total do Pedido", ("0004711;02/01/2025;Fenn;Tasse;2;R$ 10,00;R$ 0,00;R$ 40,00", "0004711;02/01/2025;Fenn;Teller;1;R$ 20,00;R$ 0,00;R$ 40,00", "0004712;13/01/2025;Beck;Tasse;1;R$ 10,00;R$ 0,00;R$ 10,00")),
        ("Date,Transaction Type,Num,Customer,Product/Service,Qty,Sales Price,Amount,Balance", ("01/02/2025,Invoice,0004711,Fenn,Tasse,2,10.00,20.00,20.00", "01/02/2025,Invoice,0004711,Fenn,Teller,1,20.00,20.00,40.00", "01/13/2025,Sales Receipt,0004712,Beck,Tasse,1,10.00,10.00,50.00")),
        ("orderNumber;orderTime;billingLastName;email;status;invoiceAmount;articleNumber;articleName;articleQuantity;articlePrice", ("0004711;2025-01-02 10:00:00;Fenn;f@example.de;offen;40,00;SW1;Tasse;2;10,00", "0004711;2025-01-02 10:00:00;Fenn;f@example.de;offen;40,00;SW2;Teller;1;20,00", "0004712;2025-01-03 10:00:00;Beck;b@example.de;offen;10,00;SW1;Tasse;1;10,00")),
    ],
)  # fmt: skip
def test_headers_of_other_vendors_and_languages(tmp_path, head, texts):
    view = made(tmp_path, "export.csv", rows(head, *texts))
    assert {key: amount for key, (_, amount) in view.orders.items()} == {"0004711": Decimal(40), "0004712": Decimal(10)}
    assert view.lines == [("0004711", "Tasse", 2), ("0004711", "Teller", 1), ("0004712", "Tasse", 1)]
    assert len(view.people) == 2
    assert view.quarantine == []


def test_rows_that_are_parts_of_orders_are_no_orders(day_one):
    view = day_one(
        {
            "orders.csv": rows("Order ID,Date,Email,Total", f"A1,2025-01-02,{IRIS},46.00", f"A2,2025-01-03,{OTTO},11.00"),
            "payments.csv": rows(
                "Payment ID,Order ID,Date,Email,Amount", f"P1,A1,2025-01-05,{IRIS},46.00", f"P2,A2,2025-01-05,{OTTO},11.00"
            ),
            "refunds.csv": rows("Refund ID,Order ID,Date,Email,Amount", f"R1,A1,2025-01-05,{IRIS},6.00"),
        }
    )
    assert view.orders == {IRIS: {"A1": Decimal(46), "R1": Decimal(-6)}, OTTO: {"A2": Decimal(11)}}
    assert view.statuses == {"A1": "paid", "A2": "paid", "R1": "refunded"}
    assert "its rows are payments for the orders in orders" in view.text


def test_payments_that_repeat_an_order_are_not_counted_as_orders(tmp_path):
    head = "Transaction ID,Order,Date,Email,Amount"
    texts = rows(head, f"t1,1,2025-01-02,{IRIS},20.00", f"t2,1,2025-01-05,{IRIS},20.00", f"t3,2,2025-01-03,{OTTO},10.00")
    view = made(tmp_path, "transactions.csv", texts)
    assert view.people == {IRIS, OTTO}
    assert view.orders == {}
    assert "no orders are proposed: 1 of the 2 values of Order are in several rows" in view.text


def test_a_column_of_what_was_refunded_and_a_yes_that_says_so(day_one):
    view = day_one(
        {
            "orders.csv": rows(
                "Order ID,Date,Email,Subtotal,Shipping,Tax,Total,Refunded Amount,Currency,Status,Cancelled",
                f"A1,2025-01-02,{IRIS},38.00,5.00,3.00,46.00,6.00,EUR,paid,no",
                f"A2,2025-01-03,{OTTO},10.00,0,0,10.00,10.00,USD,paid,no",
                f"A3,2025-02-03,{OTTO},11.00,0,0,11.00,0.00,USD,paid,yes",
            )
        }
    )
    assert view.orders == {IRIS: {"A1": Decimal(46), "A1-refund": Decimal(-6)}, OTTO: {"A2": Decimal(10), "A3": Decimal(11)}}
    assert view.statuses == {"A1": "paid", "A1-refund": "refunded", "A2": "refunded", "A3": "cancelled"}


def test_what_cannot_be_read_as_lines_is_said(tmp_path):
    texts = rows(
        "Order ID,Date,Email,Total,Products",
        f'A1,2025-01-02,{IRIS},40.00,"Mug, Plate and a card"',
        f"A2,2025-01-03,{OTTO},10.00,Mug",
    )
    view = made(tmp_path, "orders.csv", texts)
    assert view.orders == {"A1": (IRIS, Decimal(40)), "A2": (OTTO, Decimal(10))}
    assert "Products: seems to say what was bought, but is not read as order lines" in view.text


# -- for all inputs -------------------------------------------------------------------------------------------------------------
KEYS = st.sampled_from(
    ["Receipt #", "Order Ref", "Bon-Nr", "Invoice", "transaction", "OrderNumber", "Commande", "Pedido", "VBELN"]
)
ORDERS = st.lists(
    st.lists(st.tuples(st.sampled_from("ABCDE"), st.integers(1, 4), st.integers(1, 99)), min_size=1, max_size=4),
    min_size=2,
    max_size=5,
)


@settings(max_examples=examples(2, soak=15))
@given(key=KEYS, orders=ORDERS, customers=st.integers(1, 3), total=st.booleans())
def test_every_order_is_one_order_of_its_own_amount(tmp_path_factory, key, orders, customers, total):
    """However many rows they have: as many orders as there were, each with the sum of its items."""
    folder = tmp_path_factory.mktemp("items")
    sums = [sum(quantity * price for _, quantity, price in items) for items in orders]
    texts = [
        f"K{n},2025-01-{n + 1:02},p{n % customers}@example.com,{product},{quantity},{price}.00" + (f",{sums[n]}.00" if total else "")
        for n, items in enumerate(orders) for product, quantity, price in items
    ]  # fmt: skip
    head = f"{key},Date,Email,Product,Qty,Unit Price{',Order Total' if total else ''}"
    view = made(folder, "sales.csv", rows(head, *texts))
    assert {name: amount for name, (_, amount) in view.orders.items()} == {
        f"K{n}": Decimal(amount) for n, amount in enumerate(sums)
    }
    assert len(view.lines) == len(texts)


PIECES = """
ORDER_ID;ORDER_DATE;CUSTOMER_EMAIL;ORDER_TOTAL;PRODUCT_ID;{name};PRODUCT_AMOUNT;PRODUCT_PRICE
1;02-03-2025;ada@tal.example;748,50;801;Uldplaid;1;599,00
1;02-03-2025;ada@tal.example;748,50;802;Stage;1;149,50
2;05-03-2025;bo@ek.example;598,00;802;Stage;4;149,50
3;15-03-2025;cy@ohm.example;1198,00;801;Uldplaid;2;599,00
"""


@pytest.mark.parametrize("name", ["PRODUCT_TITLE1", "PRODUCT_TITLE", "ITEM_NAME_1"])
def test_an_amount_of_small_whole_numbers_beside_a_price_is_how_many(suggested, name):
    suggested({"ordrer.csv": PIECES.format(name=name)})
    assert 'quantity = "PRODUCT_AMOUNT"' in suggested.text and 'unit_price = "PRODUCT_PRICE"' in suggested.text
    assert f'name = "{name}"' in suggested.text


def test_an_amount_of_whole_money_is_money(suggested):
    text = PIECES.format(name="PRODUCT_TITLE").replace(";1;599,00", ";599;599,00").replace(";1;149,50", ";150;149,50")
    suggested({"ordrer.csv": text.replace(";4;149,50", ";598;149,50").replace(";2;599,00", ";1198;599,00")})
    assert 'quantity = "PRODUCT_AMOUNT"' not in suggested.text
