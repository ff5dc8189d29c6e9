"""One run from files to `show`: an export of each family beside one another, and the money of each customer to the cent."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from pathlib import Path

import pytest

from fullcircle.ask.reader import open_reader
from fullcircle.ask.suggest import to_suggest, write
from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run

SOURCES = {
    "shopify": """
Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing City,Billing Country,Shipping Name,Refunded Amount,Vendor,Id,Lineitem discount
#1001,iris@example.com,partially_refunded,2024-03-01 10:00:05 -0500,fulfilled,2024-03-02 10:00:05 -0500,yes,USD,38.00,5.00,3.00,46.00,,0.00,Standard,2024-03-01 22:00:00 -0500,2,Kettle,10.00,KET,Iris Fenn,Boston,US,Uncle Gift,6.01,Hearth,1,2.00
#1001,iris@example.com,,,,,,,,,,,,,,2024-03-01 22:00:00 -0500,1,Pan,20.00,PAN,,,,,,Hearth,,0.00
#1002,otto@example.com,paid,2024-03-01 10:00:05 -0500,fulfilled,,no,USD,10.00,0.00,0.00,10.00,,0.00,Standard,2024-03-01 10:00:00 -0500,1,Kettle,10.00,KET,Otto Beck,Austin,US,Otto Beck,10.00,Hearth,2,0.00
""",
    "squarespace": """
Order ID,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Amount Refunded,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem variant,Billing Name,Billing City,Billing Country,Shipping Name,Channel Type,Channel Name,Payment Method
00012,iris@example.com,PAID,2024/03/05 10:00:00,FULFILLED,USD,30.00,0,0,0.00,30.00,2024/03/05 10:00:00,1,Pot,10.00,SQ1,,Iris Fenn,Boston,US,Iris Fenn,web,Site,STRIPE
00012,iris@example.com,,,,,,,,,,,2,Pan,10.00,SQ2,,,,,,,,
""",
    "woo": """
order_id,order_number,date,status,currency,shipping_total,tax_total,order_total,refunded_total,customer_email,billing_first_name,billing_last_name,billing_email,payment_method,line_item_1,line_item_2
201,201,2024-04-02 10:00:00,completed,USD,5.00,0.00,64.00,0.00,iris@example.com,Iris,Fenn,iris@example.com,card,name:Mug|product_id:12|sku:MUG|quantity:2|total:39.00,name:Plate|product_id:13|sku:|quantity:1|total:20.00
202,202,2024-04-03 10:00:00,cancelled,USD,0.00,0.00,20.00,0.00,otto@example.com,Otto,Beck,otto@example.com,card,name:Plate|product_id:13|sku:|quantity:1|total:20.00,
""",
    "square": """
Date,Time,Time Zone,Gross Sales,Discounts,Net Sales,Tax,Tip,Partial Refunds,Total Collected,Source,Card,Card Entry Methods,Cash,Fees,Net Total,Transaction ID,Payment ID,Device Name,Staff Name,Staff ID,Description,Event Type,Location,Customer ID,Customer Name
01/15/24,10:00:00,Eastern Time (US & Canada),$10.00,$0.00,$10.00,$0.80,$2.00,$0.00,$12.80,Point of Sale,$12.80,Tapped,$0.00,($0.43),$12.37,T1,P1,iPad,Rick Rep,S1,Coffee x 2,Payment,Main,C1,Pia Lund
01/16/24,10:00:00,Eastern Time (US & Canada),($10.00),$0.00,($10.00),($0.80),$0.00,$0.00,($10.80),Point of Sale,($10.80),Tapped,$0.00,$0.00,($10.80),T2,P2,iPad,Rick Rep,S1,Coffee x 2,Refund,Main,C1,Pia Lund
""",
    "till": """
Bon-Nr;Datum;Uhrzeit;Kunde;E-Mail;Artikel;Menge;Einzelpreis;Summe;Währung
7001;02.05.2024;10:00;Iris Fenn;iris@example.com;Tasse;2;10,00;20,00;USD
7001;02.05.2024;10:00;Iris Fenn;iris@example.com;Teller;1;20,55;20,55;USD
7002;13.05.2024;11:00;Otto Beck;otto@example.com;Tasse;1;10,00;10,00;USD
""",
}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """What `show` says of each customer after one run over all sources."""
    folder: Path = tmp_path_factory.mktemp("whole")
    text = ""
    for name, rows in SOURCES.items():
        (folder / name).mkdir()
        (folder / name / f"{name}.csv").write_text(rows.lstrip("\n"), encoding="utf-8")
        text += f'[sources.{name}]\nconnector = "files"\npath = "{name}"\n'
    config = folder / "fullcircle.toml"
    config.write_text(text, encoding="utf-8")
    settings = read_config(config)
    write(settings, to_suggest(settings), config)
    settings = read_config(config)
    with open_desk(settings) as desk:
        run(desk)
    with open_reader(settings) as reader:
        return {who: reader.show(who) for who in ("iris@example.com", "otto@example.com", "Pia Lund")}


def orders(view) -> dict[str, tuple[float, str]]:
    return {one["id"].rsplit(":", 1)[-1]: (one["amount"], one.get("status")) for one in view.orders}


def test_orders_and_refunds_of_one_person_from_four_shops(shown):
    assert orders(shown["iris@example.com"]) == {
        "#1001": (46.0, "paid"), "#1001-refund": (-6.01, "refunded"), "00012": (30.0, "paid"), "201": (64.0, "shipped"), "7001": (40.55, None),
    }  # fmt: skip
    when = {
        one["id"].rsplit(":", 1)[-1]: str(one["ordered_at"])[:16].replace("T", " ") for one in shown["iris@example.com"].orders
    }
    assert when["#1001"] == "2024-03-02 03:00"  # ten in the evening, five hours west of Greenwich
    assert (when["00012"], when["7001"]) == ("2024-03-05 10:00", "2024-05-02 10:00")


def test_what_was_spent_is_right_to_the_cent(shown):
    spent = {who: view.habits["amount"] for who, view in shown.items()}
    assert spent["iris@example.com"] == pytest.approx(46 - 6.01 + 30 + 64 + 40.55)
    assert spent["otto@example.com"] == pytest.approx(10)  # the rest was refunded or cancelled


def test_a_refund_that_is_a_row_of_its_own(shown):
    assert orders(shown["Pia Lund"]) == {"T1": (12.8, "paid"), "T2": (-10.8, "refunded")}


def test_products_of_all_forms_of_lines(shown):
    assert {one["name"] for one in shown["iris@example.com"].products} == {
        "Kettle",
        "Pan",
        "Pot",
        "Mug",
        "Plate",
        "Tasse",
        "Teller",
    }
