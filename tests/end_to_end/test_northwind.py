"""A real shop database in a real PostgreSQL: money and counts in graph and tables equal plain SQL on the source."""

import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from fullcircle.ask.suggest import to_suggest, write
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.config.starter import starter
from fullcircle.desk import open_desk
from fullcircle.graph.open import open_store
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests.servers.postgres import running_postgres

SCRIPT = Path(__file__).parents[3] / "shared" / "data" / "northwind" / "create.sql"
TABLES = {
    "Categories": {"CategoryID": "integer", "CategoryName": "text"},
    "Customers": dict.fromkeys(
        ("CustomerID", "CompanyName", "ContactName", "Address", "City", "Region", "PostalCode", "Country", "Phone"), "text"
    ),
    "Orders": {"OrderID": "integer", "CustomerID": "text", "OrderDate": "timestamp", "Freight": "numeric(12,4)"},
    "Order Details": {
        "OrderID": "integer", "ProductID": "integer",
        "UnitPrice": "numeric(12,4)", "Quantity": "integer", "Discount": "numeric(4,2)",
    },
    "Products": {"ProductID": "integer", "ProductName": "text", "CategoryID": "integer", "UnitPrice": "numeric(12,4)"},
}  # fmt: skip
KEYS = {"Categories": "CategoryID", "Customers": "CustomerID", "Orders": "OrderID", "Products": "ProductID"}
CONFIG = """
[project]
name = "northwind"
[sources.shop]
connector = "sql"
url = "env:NORTHWIND_URL"
[sources.shop.objects.customers]
table = "Customers"
[sources.shop.objects.orders]
table = "Orders"
[sources.shop.objects.lines]
table = "Order Details"
[sources.shop.objects.products]
query = 'SELECT p.*, c."CategoryName" FROM "Products" p JOIN "Categories" c ON c."CategoryID" = p."CategoryID"'
key = "ProductID"

[[map]]
source = "shop"
object = "customers"
to = "records"
[map.fields]
kind = { value = "organisation" }
organisation = "CompanyName"
full_name = "ContactName"
street = "Address"
city = "City"
region = "Region"
postcode = "PostalCode"
country = "Country"
phone = "Phone"
[[map]]
source = "shop"
object = "products"
to = "products"
[map.fields]
name = "ProductName"
category = "CategoryName"
price = "UnitPrice"
[[map]]
source = "shop"
object = "orders"
to = "orders"
[map.fields]
record_id = { field = "CustomerID", ref = "customers" }
ordered_at = "OrderDate"
[[map]]
source = "shop"
object = "lines"
to = "order_lines"
[map.fields]
order_id = { field = "OrderID", ref = "orders" }
product_id = { field = "ProductID", ref = "products" }
quantity = "Quantity"
unit_price = "UnitPrice"
discount = "Discount"
[publish.targets.files]
target = "parquet"
[[publish.joins]]
name = "customer_service_cost"
source = "shop"
table = 'SELECT "OrderID", "CustomerID", "Freight" AS cost FROM "Orders"'
on = "CustomerID"
object = "shop.customers"
"""
LINE = '"UnitPrice" * "Quantity" * (1 - "Discount")'


def load(engine: sqlalchemy.Engine) -> None:
    """Put the script's tables into PostgreSQL, without the pictures."""
    lite = sqlite3.connect(":memory:")
    lite.executescript(SCRIPT.read_text(encoding="utf-8"))
    with engine.begin() as db:
        for table, columns in TABLES.items():
            key = f', PRIMARY KEY ("{KEYS[table]}")' if table in KEYS else ', PRIMARY KEY ("OrderID", "ProductID")'
            body = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            db.exec_driver_sql(f'CREATE TABLE "{table}" ({body}{key})')
            names = ", ".join(f'"{name}"' for name in columns)
            rows = lite.execute(f'SELECT {names} FROM "{table}"').fetchall()
            marks = ", ".join(["%s"] * len(columns))
            db.exec_driver_sql(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sqlalchemy.Engine, Config]]:
    if not SCRIPT.exists():
        pytest.skip("shared/data/northwind is not here (a fresh clone has no shared data)")
    folder = tmp_path_factory.mktemp("northwind")
    with running_postgres() as server, pytest.MonkeyPatch.context() as patch:
        url = server.database("northwind")
        patch.setenv("NORTHWIND_URL", url)
        engine = sqlalchemy.create_engine(url)
        load(engine)
        (folder / "fullcircle.toml").write_text(CONFIG)
        settings = read_config(folder / "fullcircle.toml")
        with open_desk(settings) as desk:
            run(desk)
        yield engine, settings
        engine.dispose()


def source(engine: sqlalchemy.Engine, sql: str) -> list[tuple[Any, ...]]:
    with engine.connect() as db:
        return [tuple(row) for row in db.exec_driver_sql(sql)]


@pytest.mark.server
def test_what_a_service_costs_by_customer_is_right_to_the_cent(shop: tuple[sqlalchemy.Engine, Config]) -> None:
    """The third question of docs/how-to/joins.md."""
    engine, settings = shop
    per_company = source(engine, 'SELECT sum("Freight") FROM "Orders" GROUP BY "CustomerID" ORDER BY 1')
    with open_desk(settings) as desk:
        published = f"read_parquet('{settings.home}/published/customer_service_cost.parquet')"
        amount = "CAST(sum(cost) AS DECIMAL(18,4))"
        found = desk.engine.rows(f"SELECT {amount} FROM {published} GROUP BY customer_id ORDER BY 1")
        total = desk.engine.rows(f"SELECT count(*), count(customer_id), {amount} FROM {published}")
    assert total == [(830, 830, Decimal("64942.6900"))]
    assert found == per_company


@pytest.mark.server
def test_tables_equal_the_source(shop: tuple[sqlalchemy.Engine, Config]) -> None:
    engine, settings = shop
    with open_desk(settings) as desk:
        for table, name in {
            "records": "Customers",
            "orders": "Orders",
            "order_lines": "Order Details",
            "products": "Products",
        }.items():
            assert desk.engine.count(table) == source(engine, f'SELECT count(*) FROM "{name}"')[0][0]
        assert desk.engine.count("quarantine") == 0
        ours = dict(
            desk.engine.rows("SELECT o.key, sum(l.amount) FROM order_lines l JOIN orders o USING (order_id) GROUP BY ALL")
        )
    theirs = {str(key): total for key, total in source(engine, f'SELECT "OrderID", sum({LINE}) FROM "Order Details" GROUP BY 1')}
    assert ours == theirs  # order by order, to the last digit


@pytest.mark.server
def test_graph_equals_the_source_to_the_cent(shop: tuple[sqlalchemy.Engine, Config]) -> None:
    engine, settings = shop
    with open_store(settings, read_only=True) as store:
        contains = [row for page in store.scan("CONTAINS", ["amount"]) for row in page["amount"].to_pylist()]
        orders = sum(page.num_rows for page in store.scan("PLACED", ["id"]))
        bought = [row for page in store.scan("PURCHASED", ["source", "amount", "times"]) for row in page.to_pylist()]
        records = {
            row["source"]: row["target"] for page in store.scan("RESOLVES_TO", ["source", "target"]) for row in page.to_pylist()
        }
    total = source(engine, f'SELECT sum({LINE}) FROM "Order Details"')[0][0]
    assert round(Decimal(sum(contains)), 4) == round(total, 4)
    assert orders == source(engine, 'SELECT count(*) FROM "Orders" WHERE "CustomerID" IS NOT NULL')[0][0]
    theirs: dict[str, Decimal] = {}
    by_customer = f'SELECT "CustomerID", sum({LINE}) FROM "Orders" JOIN "Order Details" USING ("OrderID") GROUP BY 1'
    for key, amount in source(engine, by_customer):
        customer = records[f"record:shop:customers:{key}"]
        theirs[customer] = theirs.get(customer, Decimal(0)) + amount
    ours: dict[str, float] = {}
    for row in bought:
        ours[row["source"]] = ours.get(row["source"], 0.0) + row["amount"]
    assert {key: round(Decimal(amount), 4) for key, amount in ours.items()} == {key: round(a, 4) for key, a in theirs.items()}
    assert len(contains) == source(engine, 'SELECT count(*) FROM "Order Details"')[0][0]


def test_a_proposal_for_the_database_file_gives_the_same(tmp_path: Path) -> None:
    """The whole script as SQLite, employees, suppliers, shippers and sixteen views too; nothing is mapped by hand."""
    if not SCRIPT.exists():
        pytest.skip("shared/data/northwind is not here (a fresh clone has no shared data)")
    with sqlite3.connect(tmp_path / "northwind.db") as lite:
        lite.executescript(SCRIPT.read_text(encoding="utf-8"))
    config = tmp_path / "fullcircle.toml"
    config.write_text(starter(tmp_path)[0], encoding="utf-8")
    write(read_config(config), to_suggest(read_config(config)), config)
    with open_desk(read_config(config)) as desk:
        run(desk, Choice(only=("pull", "conform", "check", "resolve")))
        sums = desk.engine.rows("SELECT o.key, sum(l.amount) FROM order_lines l JOIN orders o USING (order_id) GROUP BY ALL")
        owners = dict(desk.engine.rows("SELECT o.key, r.key FROM orders o JOIN records r USING (record_id)"))
        names = desk.engine.rows("SELECT object, key, organisation, full_name_raw FROM records")
        products = desk.engine.rows("SELECT name FROM products")
        assert desk.engine.count("quarantine") == 0
    theirs = {
        str(key): Decimal(str(total))
        for key, total in lite.execute(f'SELECT "OrderID", sum({LINE}) FROM "Order Details" GROUP BY 1')
    }
    assert {key: round(amount, 4) for key, amount in sums} == {key: round(amount, 4) for key, amount in theirs.items()}
    assert owners == {str(key): customer for key, customer in lite.execute("SELECT OrderID, CustomerID FROM Orders")}
    customers = lite.execute("SELECT 'Customers', CustomerID, CompanyName, ContactName FROM Customers").fetchall()
    tidy = [
        (*row[:2], *(" ".join(name.split()) for name in row[2:])) for row in customers
    ]  # a company has two spaces in its name
    assert sorted(names) == sorted(tidy)
    assert sorted(products) == sorted(lite.execute("SELECT ProductName FROM Products").fetchall())
    lite.close()
