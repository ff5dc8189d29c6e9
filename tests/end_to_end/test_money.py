"""A shop's export with refunds, two currencies, discounts and a guest, from files to the view of a customer."""

from pathlib import Path

import pytest

from fullcircle.ask.reader import open_reader
from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from fullcircle.serve.cli import view

FILES = {
    "people.csv": "id,name,email\n1,Ilse Brand,ilse@example.org\n2,Tom Ash,tom@example.org\n3,Una Voss,una@example.org\n",
    "goods.csv": "sku,title\nK,Kettle\nP,Pan\n",
    "orders.csv": (
        "no,person,day,total,cur,state\n"
        "10,1,2025-01-01,90.00,EUR,Abgeschlossen\n11,1,2025-01-09,-45.00,EUR,Gutschrift\n12,1,2025-02-01,70,EUR,Storniert\n"
        "20,2,2025-01-03,5000,JPY,Bezahlt\n21,2,2025-01-04,27.00,EUR,Versendet\n22,2,2025-01-05,9,EUR,Zurückerstattet\n"
        "30,,2025-01-05,18,EUR,Bezahlt\n31,3,2035-01-05,36,EUR,Bezahlt\n32,3,2025-01-02,18,EUR,in Bearbeitung\n"
    ),
    "lines.csv": (
        "no,sku,n,price,rabatt\n10,K,2,50,10\n11,K,-1,50,10\n12,P,1,70,\n20,K,1,5000,\n21,P,1,30,10\n22,P,1,10,10\n"
        "30,P,1,20,10\n31,P,2,20,10\n32,P,1,20,10\n"
    ),
}
CONFIG = """
[project]
country = "DE"
[sources.shop]
connector = "files"
path = "."
[sources.shop.objects.people]
files = "people.csv"
key = "id"
[sources.shop.objects.goods]
files = "goods.csv"
key = "sku"
[sources.shop.objects.orders]
files = "orders.csv"
key = "no"
[sources.shop.objects.lines]
files = "lines.csv"
key = ["no", "sku"]
[[map]]
source = "shop"
object = "people"
to = "records"
[map.fields]
full_name = "name"
email = "email"
[[map]]
source = "shop"
object = "goods"
to = "products"
[map.fields]
name = "title"
[[map]]
source = "shop"
object = "orders"
to = "orders"
[map.fields]
record_id = { field = "person", ref = "people" }
ordered_at = "day"
amount = "total"
currency = "cur"
status = "state"
[[map]]
source = "shop"
object = "lines"
to = "order_lines"
[map.fields]
order_id = { field = "no", ref = "orders" }
product_id = { field = "sku", ref = "goods" }
quantity = "n"
unit_price = "price"
discount = "rabatt"
[publish.targets.files]
target = "parquet"
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "fullcircle.toml").write_text(CONFIG)
    with open_desk(read_config(folder / "fullcircle.toml")) as desk:
        run(desk)
    return folder


def test_the_view_of_each_customer(project: Path, capsys: pytest.CaptureFixture[str]) -> None:

    with open_reader(read_config(project / "fullcircle.toml")) as reader:
        ilse, tom, una = (reader.show(name) for name in ("ilse", "tom", "una"))
        view.draw(tom)
    drawn = capsys.readouterr().out
    assert (ilse.habits["orders"], ilse.habits["amount"], ilse.habits["currency"]) == (1, 45.0, "EUR")
    (kettle,) = ilse.products
    assert (kettle["times"], kettle["quantity"], kettle["amount"]) == (1, 1.0, 45.0)
    assert {order["id"][-2:]: order["status"] for order in ilse.orders} == {"10": "shipped", "11": "refunded", "12": "cancelled"}
    assert {order["status_raw"] for order in ilse.orders} == {"Abgeschlossen", "Gutschrift", "Storniert"}
    assert "5,000.00 JPY" in drawn and "27.00 EUR" in drawn and "5,027" not in drawn
    assert "amount" not in tom.habits or tom.habits["amount"] is None
    assert {row["name"]: (row["amount"], row["currency"]) for row in tom.products} == {
        "Kettle": (5000.0, "JPY"),
        "Pan": (27.0, "EUR"),
    }
    assert (una.habits["orders"], una.habits["last_order"].year) == (1, 2025)  # the mistyped year is not the newest
    assert una.products[0]["amount"] == 54.0  # both orders: 36 and 18


def test_the_tables(project: Path) -> None:
    with open_desk(read_config(project / "fullcircle.toml")) as desk:
        kinds = desk.engine.rows("SELECT DISTINCT discount_kind FROM order_lines WHERE discount <> 0")
        assert kinds == [("percent",)]
        assert desk.engine.rows("SELECT sum(amount) FROM customer_orders WHERE currency = 'EUR'") == [(90 + 27 + 36 + 18,)]
        assert desk.engine.count("quarantine") == 0
        guests = "SELECT failed FROM quality_results WHERE rule_id = 'orders.record_id.complete'"
        assert desk.engine.rows(guests) == [(1,)]
