"""The stage as a whole: which tables go where, what is told, and joins with a warehouse that keep every row and every cent."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from fullcircle.config.sections import CatalogSettings, JoinSettings, PublishSettings, SourceSettings, TargetSettings
from fullcircle.engine.base import Engine
from fullcircle.errors import ConfigError, NotFound, SourceUnreachable
from fullcircle.model.progress import Silent
from fullcircle.model.tables import IDENTIFIERS, RECORDS
from fullcircle.publish.base import Sent
from fullcircle.publish.send import send

PARQUET = {"files": TargetSettings(target="parquet")}


class Heard(Silent):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self.lines.append(text)


@pytest.fixture
def warehouse(tmp_path: Path) -> dict[str, SourceSettings]:
    db = sqlite3.connect(tmp_path / "warehouse.sqlite")
    db.executescript(
        """
        CREATE TABLE credit (contact TEXT, customer_id INTEGER, balance DECIMAL(12, 2));
        CREATE TABLE mails (email TEXT, opened INTEGER);
        CREATE TABLE twice (contact INTEGER, amount INTEGER);
        """
    )
    credit = [(str(n), n, f"{n * 7 % 1000}.{n % 100:02d}") for n in range(1200)]
    db.executemany("INSERT INTO credit VALUES (?, ?, ?)", credit)
    db.executemany("INSERT INTO mails VALUES (?, ?)", [(" ANN1@example.org", 1), ("family@example.org", 2), ("nobody@x.org", 4)])
    db.executemany("INSERT INTO twice VALUES (?, ?)", [(1, 10), (1, 20), (None, 30)])
    db.commit()
    db.close()
    return {"warehouse": SourceSettings(connector="sql", url="sqlite:///warehouse.sqlite")}


@pytest.fixture
def resolved(engine: Engine) -> Engine:
    """1,000 CRM records and customers; records 0 to 2 share an e-mail, customer 5 has two records."""
    engine.run(RECORDS.ddl() + ";" + IDENTIFIERS.ddl())
    engine.run(
        """
        INSERT INTO records BY NAME SELECT 'record:crm:contacts:' || x AS record_id, 'crm' AS source, 'contacts' AS object,
            CAST(x AS VARCHAR) AS key FROM (SELECT unnest(range(1000)) AS x);
        CREATE TABLE members AS
            SELECT record_id, 'customer:' || CASE key WHEN '6' THEN '5' ELSE key END AS customer_id FROM records;
        DELETE FROM customers WHERE customer_id = 'customer:6';
        INSERT INTO identifiers BY NAME SELECT 'i' || key AS identifier_row, record_id, 'email' AS kind,
            'ann' || key || '@example.org' AS value FROM records;
        INSERT INTO identifiers BY NAME SELECT 'f' || key AS identifier_row, record_id, 'email' AS kind,
            'family@example.org' AS value FROM records WHERE key IN ('2', '5', '6');
        CREATE TABLE insight_related AS
            SELECT 'customer:1' AS customer_id, 'customer:' || x AS related_id, x / 10 AS score
            FROM (SELECT unnest(range(5)) AS x);
        CREATE TABLE orders AS SELECT x AS order_id FROM (SELECT unnest(range(3)) AS x);
        """
    )
    return engine


def settings(*joins: JoinSettings, **targets: TargetSettings) -> PublishSettings:
    return PublishSettings(targets=targets or PARQUET, joins=joins)


def test_the_standard_tables_and_all_insights_go_to_every_target(resolved: Engine, tmp_path: Path) -> None:
    plan = settings(files=TargetSettings(target="parquet"), lake=TargetSettings(target="iceberg"))
    sent = send(resolved, plan, tmp_path, tmp_path / "home", {}, Silent())
    assert [each.name for each in sent] == [
        "files.customers", "files.members", "files.insight_related", "lake.customers", "lake.members", "lake.insight_related",
    ]  # fmt: skip
    assert {each.rows for each in sent} == {999, 1000, 5}
    again = send(resolved, plan, tmp_path, tmp_path / "home", {}, Silent())
    assert again == [Sent(each.name, each.rows) for each in sent]


def test_without_a_target_iceberg_tables_are_made(resolved: Engine, tmp_path: Path) -> None:
    sent = send(resolved, PublishSettings(), tmp_path, tmp_path / "home", {}, Silent())
    assert sent[0].name == "iceberg.customers"
    assert (tmp_path / "home" / "lake" / "catalog.sqlite").is_file()


def test_without_pyiceberg_parquet_files_are_made(resolved: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fullcircle.publish.send.find_spec", lambda _: None)
    send(resolved, PublishSettings(), tmp_path, tmp_path / "home", {}, Silent())
    assert (tmp_path / "home" / "published" / "customers.parquet").is_file()


def test_a_target_may_take_some_tables_and_others_than_the_standard_ones(resolved: Engine, tmp_path: Path) -> None:
    plan = settings(files=TargetSettings(target="parquet", tables=("customers", "orders"), path="out"))
    sent = send(resolved, plan, tmp_path, tmp_path / "home", {}, Silent())
    assert [(each.name, each.rows) for each in sent] == [("files.customers", 999), ("files.orders", 3)]
    assert (tmp_path / "out" / "orders.parquet").is_file()


@pytest.mark.parametrize(
    ("plan", "error", "words"),
    [
        (settings(files=TargetSettings(target="parkay")), NotFound, "parkay"),
        (settings(files=TargetSettings(target="parquet", tables=("custmers",))), ConfigError, "custmers"),
        (settings(files=TargetSettings(target="parquet", pth="x")), ConfigError, "pth"),
        (settings(JoinSettings(name="j", source="shop", table="t", on="x", identifier="email")), ConfigError, "shop"),
        (settings(JoinSettings(name="j", source="warehouse", table="credit", on="x")), ConfigError, "either"),
        (settings(JoinSettings(name="j", source="warehouse", table="credit", on="contct", object="a.b")), ConfigError, "contct"),
        (
            settings(JoinSettings(name="members", source="warehouse", table="credit", on="contact", object="a.b")),
            ConfigError,
            "another table",
        ),
    ],
)
def test_what_is_wrong_in_the_config_is_told(
    resolved: Engine,
    tmp_path: Path,
    warehouse: dict[str, SourceSettings],
    plan: PublishSettings,
    error: type[Exception],
    words: str,
) -> None:
    with pytest.raises(error, match=words):
        send(resolved, plan, tmp_path, tmp_path / "home", warehouse, Silent())


def test_a_join_by_record_key_keeps_every_row_and_every_cent(
    resolved: Engine, tmp_path: Path, warehouse: dict[str, SourceSettings]
) -> None:
    heard = Heard()
    plan = settings(JoinSettings(name="loyalty", source="warehouse", table="credit", on="contact", object="crm.contacts"))
    sent = send(resolved, plan, tmp_path, tmp_path / "home", warehouse, heard)
    assert sent[-1] == Sent("files.loyalty", 1200, inserted=1200)
    assert heard.lines == ["loyalty: 1,000 of 1,200 rows of credit belong to a known customer."]
    published = f"read_parquet('{tmp_path}/home/published/loyalty.parquet')"
    db = sqlite3.connect(tmp_path / "warehouse.sqlite")
    cents = db.execute("SELECT sum(CAST(round(balance * 100) AS INTEGER)) FROM credit").fetchone()[0]
    known = db.execute("SELECT sum(CAST(round(balance * 100) AS INTEGER)) FROM credit WHERE CAST(contact AS INTEGER) < 1000")
    known_cents = known.fetchone()[0]
    db.close()
    total = f"SELECT CAST(100 * sum(CAST(balance AS DECIMAL(18, 2))) AS BIGINT) FROM {published}"
    assert resolved.value(total) == cents
    assert resolved.value(f"{total} WHERE customer_id IS NOT NULL") == known_cents
    row = resolved.rows(
        "SELECT customer_id, customer_name, customer_email, matched_by, contact, warehouse_customer_id "
        f"FROM {published} WHERE contact = '6'"
    )
    assert row == [("customer:5", "Ann 5", "ann5@example.org", "record", "6", 6)]
    again = send(resolved, plan, tmp_path, tmp_path / "home", warehouse, heard)
    assert again[-1] == Sent("files.loyalty", 1200)


def test_a_join_with_an_iceberg_table_is_that_with_the_warehouse(
    resolved: Engine, tmp_path: Path, warehouse: dict[str, SourceSettings]
) -> None:
    by_sql = JoinSettings(name="by_sql", source="warehouse", table="credit", on="contact", object="crm.contacts")
    resolved.run("CREATE TABLE credit AS SELECT CAST(x AS VARCHAR) AS contact, x AS customer_id, "
                 "CAST(x * 7 % 1000 + x % 100 / 100 AS DECIMAL(12,2)) AS balance FROM range(1200) r(x)")  # fmt: skip
    theirs = settings(lake=TargetSettings(target="iceberg", path="theirs", namespace="sales", tables=("credit",)))
    send(resolved, theirs, tmp_path, tmp_path / "home", {}, Silent())
    by_lake = JoinSettings(name="by_lake", catalog="warehouse", table="sales.credit", on="contact", object="crm.contacts")
    own, named = CatalogSettings(path="theirs"), CatalogSettings(
        type="sql", uri=f"sqlite:///{tmp_path}/theirs/catalog.sqlite", name="fullcircle"
    )  # fmt: skip
    for catalog in (own, named):
        plan = settings(by_sql, by_lake).model_copy(update={"catalogs": {"warehouse": catalog}})
        heard = Heard()
        send(resolved, plan, tmp_path, tmp_path / "home", warehouse, heard)
        assert heard.lines[1] == "by_lake: 1,000 of 1,200 rows of sales.credit belong to a known customer."
        one, other = (f"SELECT * FROM read_parquet('{tmp_path}/home/published/{name}.parquet')" for name in ("by_sql", "by_lake"))
        assert resolved.columns(other)["warehouse_customer_id"] == "BIGINT"
        columns = "customer_id, matched_by, contact, warehouse_customer_id, CAST(balance AS DECIMAL(12,2)) AS balance"
        a, b = (f"SELECT {columns} FROM ({sql})" for sql in (one, other))
        assert resolved.value(f"SELECT count(*) FROM ({a}) x") == resolved.value(f"SELECT count(*) FROM ({b}) x") == 1200
        assert resolved.rows(f"({a}) EXCEPT ALL ({b})") == []


def test_what_is_wrong_with_a_catalog_is_said(resolved: Engine, tmp_path: Path) -> None:
    asked = JoinSettings(name="j", catalog="lake", table="sales.credit", on="contact", object="a.b")
    for catalogs, error, words in (
        ({}, ConfigError, "not one of"),
        ({"lake": CatalogSettings(path="nowhere")}, SourceUnreachable, "no lake"),
        ({"lake": CatalogSettings(type="sql", uri="sqlite:////nowhere/secret.sqlite")}, SourceUnreachable, "cannot be read"),
    ):
        plan = settings(asked).model_copy(update={"catalogs": catalogs})
        with pytest.raises(error, match=words) as caught:
            send(resolved, plan, tmp_path, tmp_path / "home", {}, Silent())
        assert "secret" not in str(caught.value)


def test_columns_of_a_join_are_seen_by_their_class_and_without_one_by_few(
    resolved: Engine, tmp_path: Path, warehouse: dict[str, SourceSettings]
) -> None:
    asked = JoinSettings(
        name="loyalty", source="warehouse", table="credit", on="contact", object="crm.contacts", classes={"balance": "financial"}
    )
    (tmp_path / "home").mkdir()
    plan = settings(asked, files=TargetSettings(target="parquet", role="analyst", tables=("loyalty",)))
    send(resolved, plan, tmp_path, tmp_path / "home", warehouse, Silent())
    published = f"SELECT * FROM read_parquet('{tmp_path}/home/published/loyalty.parquet')"
    assert [*resolved.columns(published)] == ["customer_id", "customer_name", "customer_email", "matched_by", "balance"]
    assert resolved.value(f"SELECT count(*) FROM ({published}) WHERE customer_email NOT LIKE '#%'") == 0
    for wrong in ({"balanse": "plain"}, {"balance": "financal"}):
        with pytest.raises(ConfigError, match="classes"):
            send(resolved, settings(asked.model_copy(update={"classes": wrong})), tmp_path, tmp_path, warehouse, Silent())


def test_a_join_by_identifier_gives_a_shared_one_to_the_customer_with_most_records(
    resolved: Engine, tmp_path: Path, warehouse: dict[str, SourceSettings]
) -> None:
    heard = Heard()
    plan = settings(JoinSettings(name="mailing", source="warehouse", table="mails", on="email", identifier="email"))
    send(resolved, plan, tmp_path, tmp_path / "home", warehouse, heard)
    published = f"read_parquet('{tmp_path}/home/published/mailing.parquet')"
    assert resolved.rows(f"SELECT opened, customer_id, matched_by FROM {published} ORDER BY opened") == [
        (1, "customer:1", "identifier"),
        (2, "customer:5", "shared"),
        (4, None, None),
    ]
    assert "2 of 3 rows" in heard.lines[0]
    assert "1 of them by an identifier that several customers share" in heard.lines[0]


def test_a_join_column_with_doubles_and_nulls_keeps_all_rows(
    resolved: Engine, tmp_path: Path, warehouse: dict[str, SourceSettings]
) -> None:
    plan = settings(JoinSettings(name="j", source="warehouse", table="twice", on="CONTACT", object="crm.contacts"))
    send(resolved, plan, tmp_path, tmp_path / "home", warehouse, Silent())
    published = f"read_parquet('{tmp_path}/home/published/j.parquet')"
    assert resolved.rows(f"SELECT customer_id, amount FROM {published} ORDER BY amount") == [
        ("customer:1", 10),
        ("customer:1", 20),
        (None, 30),
    ]
