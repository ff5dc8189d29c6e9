"""A file of returns takes back of the orders that it names, in any language, and is never a sale of its own."""

from decimal import Decimal

import pytest

SHOP = "Order ID,Order Date,First Name,Last Name,Email,Product,Quantity,Price,Order Total,Status\n" + "".join(
    f"{number},2025-03-{number[-2:]},{name},{name.split(',')[0].lower()}@example.com,{item},1,{price},{total},Shipped\n"
    for number, name, item, price, total in [
        ("7001", "Iris,Fenn", "Lamp", "100.00", "120.00"), ("7001", "Iris,Fenn", "Shade", "20.00", "120.00"),
        ("7002", "Otto,Beck", "Lamp", "100.00", "100.00"), ("7003", "Uma,Hall", "Vase", "30.00", "50.00"),
        ("7003", "Uma,Hall", "Shade", "20.00", "50.00"), ("7004", "Ravi,Sen", "Vase", "30.00", "30.00"),
    ]
)  # fmt: skip
RETURNS = {  # the same four returns: of a line, of all, refused, and open
    "returneringer": (
        "Sagsnr.;Oprettet;Ordrenr.;Kundenavn;E-mail;Varenr.;Varenavn;Antal;Beløb refunderet;Status",
        ("Afsluttet", "Afvist", "Åben"),
    ),
    "zwroty": (
        "Nr zwrotu;Data;Numer zamówienia;Klient;E-mail;SKU;Nazwa produktu;Ilość;Kwota zwrotu;Status",
        ("Zakończone", "Odrzucone", "Nowe"),
    ),
}


def returned(header, words):
    done, refused, open_ = words
    rows = [
        f"R-1;25-04-2025;7001;Iris Fenn;iris@example.com;S1;Shade;1;20,00;{done}",
        f"R-2;26-04-2025;7002;Otto Beck;otto@example.com;L1;Lamp;1;100,00;{done}",
        f"R-3;27-04-2025;7003;Uma Hall;uma@example.com;V1;Vase;1;0,00;{refused}",
        f"R-4;28-04-2025;7004;Ravi Sen;ravi@example.com;V1;Vase;1;30,00;{open_}",
    ]
    return "\n".join([header, *rows]) + "\n"


@pytest.mark.parametrize("name", RETURNS)
def test_returns_lessen_what_was_spent(day_one, name):
    header, words = RETURNS[name]
    view = day_one({"shop_orders.csv": SHOP, f"{name}.csv": returned(header, words)})
    spent = {who: sum(each.values()) for who, each in view.spent.items()}
    assert spent == {"Iris Fenn": Decimal(100), "Otto Beck": 0, "Uma Hall": Decimal(50), "Ravi Sen": Decimal(30)}, view.text
    assert view.statuses["R-4"] == "pending"


INVOICES = "Invoice Number,Invoice Date,Email,Order No,Amount,Status\n" + "".join(
    f"F-{number},2025-05-{number},{who}@example.com,{order},{amount},Paid\n"
    for number, who, order, amount in [
        ("11", "iris", "7001", "120.00"), ("12", "otto", "7002", "100.00"), ("13", "uma", "", "9.00"),
    ]
)  # fmt: skip


def test_an_invoice_names_the_order_and_not_what_was_returned_of_it(day_one):
    header, words = RETURNS["returneringer"]
    view = day_one({"a_returneringer.csv": returned(header, words), "shop_orders.csv": SHOP, "invoices.csv": INVOICES})
    assert 'same_as = { field = "Order No", ref = "shop_orders" }' in view.text
    assert {who: sum(each.values()) for who, each in view.spent.items()} == {
        "Iris Fenn": Decimal(100), "Otto Beck": 0, "Uma Hall": Decimal(59), "Ravi Sen": Decimal(30),
    }  # fmt: skip
