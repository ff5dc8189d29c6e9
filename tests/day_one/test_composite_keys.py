"""Keys of several columns: a database that declares them, and files whose key the config names. Nothing else by hand."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from fullcircle.ask.suggest import to_suggest, write
from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests.connectors.conftest import mariadb_server  # noqa: F401 - a fixture
from tests.day_one.conftest import STAGES, View, view_of
from tests.servers.mariadb import MariaDB

DATABASE = """
CREATE TABLE customers (tenant INTEGER, customer_no VARCHAR(40), first_name VARCHAR(40), last_name VARCHAR(40), email VARCHAR(40),
    PRIMARY KEY (tenant, customer_no));
CREATE TABLE orders (region VARCHAR(40), tenant INTEGER, order_no INTEGER, buyer_tenant INTEGER, buyer VARCHAR(40),
    order_date VARCHAR(40),
    total DECIMAL(12,2), PRIMARY KEY (region, tenant, order_no),
    FOREIGN KEY (buyer, buyer_tenant) REFERENCES customers (customer_no, tenant));
CREATE TABLE products (id INTEGER PRIMARY KEY, name VARCHAR(40));
CREATE TABLE order_items (id INTEGER PRIMARY KEY, region VARCHAR(40), tenant INTEGER, order_no INTEGER, product_id INTEGER,
    quantity INTEGER, price DECIMAL(12,2), FOREIGN KEY (region, tenant, order_no) REFERENCES orders (region, tenant, order_no),
    FOREIGN KEY (product_id) REFERENCES products (id));
INSERT INTO customers VALUES (1, 'A|1', 'Ada', 'Byron', 'ada@example.com'), (2, 'A|1', 'Bo', 'Ek', 'bo@example.com'),
    (1, 'B', 'Cy', 'Dahl', 'cy@example.com');
INSERT INTO orders VALUES ('N', 1, 17, 1, 'A|1', '2026-01-05', 10), ('S', 1, 17, 2, 'A|1', '2026-01-06', 20.5),
    ('N', 2, 17, 1, 'B', '2026-01-07', 30);
INSERT INTO products VALUES (1, 'Mug'), (2, 'Plate');
INSERT INTO order_items VALUES (1, 'N', 1, 17, 1, 2, 5), (2, 'S', 1, 17, 1, 1, 20.5), (3, 'N', 2, 17, 1, 2, 10),
    (4, 'N', 2, 17, 2, 1, 10);
"""


def seen(folder: Path, source: str) -> View:
    config = folder / "fullcircle.toml"
    config.write_text(f"[sources.shop]\n{source}\n", encoding="utf-8")
    settings = read_config(config)
    write(settings, to_suggest(settings), config)
    with open_desk(read_config(config)) as desk:
        run(desk, Choice(only=STAGES))
        return view_of(desk, config.read_text(encoding="utf-8"))


@pytest.fixture(params=["sqlite", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the tables."""
    if request.param == "mariadb":
        server: MariaDB = request.getfixturevalue("mariadb_server")
        url = server.database()
        same = DATABASE.replace("(buyer, buyer_tenant)", "(buyer_tenant, buyer)").replace(
            "(customer_no, tenant)", "(tenant, customer_no)"
        )
        server.run(f"USE {url.rpartition('/')[2]}", *filter(str.strip, same.split(";")))  # it wants the order of the key
        return url
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database:
        database.executescript(DATABASE)
    return "sqlite:///shop.db"


def test_a_database_that_declares_keys_of_two_and_three_columns(tmp_path: Path, url: str) -> None:
    view = seen(tmp_path, f'connector = "sql"\nurl = "{url}"')
    assert view.orders == {
        "Ada Byron": {"N|1|17": Decimal(10)},
        "Bo Ek": {"S|1|17": Decimal("20.50")},
        "Cy Dahl": {"N|2|17": Decimal(30)},
    }
    assert view.lines == {"N|1|17": 1, "S|1|17": 1, "N|2|17": 2}
    assert view.quarantine == []
    assert "3 of 3 values of orders (buyer_tenant, buyer) are in customers (tenant, customer_no)" in view.text
    assert "3 of 3 values of order_items (region, tenant, order_no) are in orders (region, tenant, order_no)" in view.text


def test_files_whose_key_has_two_columns(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "customers.csv").write_text("id,name,email\n1,Ada Byron,ada@example.com\n2,Bo Ek,bo@example.com\n")
    (data / "orders.csv").write_text(
        "store,receipt_no,customer_id,order_date,total\nA,1,1,2026-01-05,10\nA,2,2,2026-01-06,20\nB,1,2,2026-01-07,30\n"
    )
    (data / "order_items.csv").write_text(
        "item_id,store,receipt_no,product,quantity,price\n1,A,1,Mug,2,5\n2,A,2,Mug,4,5\n3,B,1,Plate,1,10\n4,B,1,Mug,4,5\n"
    )
    view = seen(tmp_path, 'connector = "files"\npath = "data"\n[sources.shop.objects.orders]\nkey = ["store", "receipt_no"]')
    assert view.orders == {"Ada Byron": {"A|1": Decimal(10)}, "Bo Ek": {"A|2": Decimal(20), "B|1": Decimal(30)}}
    assert view.lines == {"A|1": 1, "A|2": 1, "B|1": 2}
