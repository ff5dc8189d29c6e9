"""The `redshift` target beyond what all targets promise: keys, comments, other publishers, staged files, and what AWS refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest

from fullcircle import registry
from fullcircle.config.sections import PublishSettings, TargetSettings
from fullcircle.engine.base import Engine
from fullcircle.errors import Busy, ConfigError, DiskFull, FullcircleError, PublishError, TargetRefused
from fullcircle.model.flat_views import FLAT_VIEWS
from fullcircle.model.progress import Silent
from fullcircle.publish.base import Outgoing, Sent, TargetContext
from fullcircle.publish.flat import flat_views
from fullcircle.publish.kept import SCHEMA
from fullcircle.publish.send import send
from fullcircle.publish.targets.redshift.data_api import MOST, DataApi, SqlStep
from fullcircle.publish.targets.redshift.options import RedshiftOptions, options_of
from fullcircle.publish.targets.redshift.shape import RedshiftShape
from fullcircle.publish.targets.redshift.target import Redshift
from tests.publish.world_360 import make_tables
from tests.servers.aws_calls import client_of, denied
from tests.servers.redshift import RedshiftOnPostgres

CUSTOMERS = Outgoing("customers", "customers", ("customer_id",))
OPTIONS = {"workgroup": "customer360", "staging": "s3://a-bucket/staging", "copy_role": "default"}


@pytest.fixture
def context(redshift: RedshiftOnPostgres, tmp_path: Path) -> TargetContext:
    return TargetContext("bi", tmp_path, redshift.options)


def rows(server: RedshiftOnPostgres, sql: str) -> list[Any]:
    found = server.connection.execute(sql).fetchall()
    server.connection.rollback()
    return found


def test_the_flat_views_become_tables_with_keys_and_comments_and_no_staged_file_is_left(
    redshift: RedshiftOnPostgres, context: TargetContext, engine: Engine
) -> None:
    engine.run("DROP TABLE customers")
    make_tables(engine)
    target = Redshift(context)
    with flat_views(engine) as flat:
        sent = [target.send(engine, what) for what in flat.values()]
        assert [one.inserted for one in sent] == [engine.count(one.table) for one in flat.values()]
        before = len(redshift.asked)
        assert all(target.send(engine, what) == Sent(what.name, engine.count(what.table)) for what in flat.values())
        assert len(redshift.asked) == before, "nothing changed: nothing is asked"
        assert Redshift(context).send(engine, flat["customers_360"]) == Sent("customers_360", 3)
    made = [sql for _, params in redshift.asked for sql in params.get("Sqls", ()) if sql.startswith("CREATE TABLE")]
    orders = next(sql for sql in made if '"customer_orders"' in sql)
    assert orders.endswith('PRIMARY KEY ("order_id")) DISTSTYLE KEY DISTKEY("customer_id") SORTKEY("customer_id", "order_id")')
    assert all(len(params["Sqls"]) <= MOST for _, params in redshift.asked if "Sqls" in params)
    said = rows(
        redshift,
        """SELECT a.attname, col_description(a.attrelid, a.attnum) FROM pg_attribute a
        WHERE a.attrelid = 'bi.customers_360'::regclass AND a.attnum > 0""",
    )
    assert dict(said)["email"].endswith("(contact)") and len(said) == len(FLAT_VIEWS["customers_360"].columns)
    bucket, prefix = options_of(context).place()
    assert "Contents" not in boto3.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix)


def test_a_publish_sends_the_flat_views_and_for_a_role_masked(
    redshift: RedshiftOnPostgres, context: TargetContext, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.run("DROP TABLE customers")
    make_tables(engine)
    monkeypatch.setattr(registry, "load", lambda *_: Redshift)
    targets = {"bi": TargetSettings(target="redshift", role="analyst", **redshift.options)}
    sent = send(engine, PublishSettings(targets=targets), context.folder, context.folder, {}, Silent())
    assert {one.name for one in sent} == {f"bi.{name}" for name in FLAT_VIEWS}
    ((email, spent),) = rows(redshift, "SELECT email, spent FROM bi.customers_360 WHERE customer_id = 'customer:a'")
    assert email.startswith("#") and spent is not None
    assert rows(redshift, "SELECT count(*) FROM information_schema.columns WHERE column_name = 'birth_date'") == [(0,)]


def test_without_memory_of_it_the_rows_are_compared_there(
    redshift: RedshiftOnPostgres, context: TargetContext, engine: Engine
) -> None:
    Redshift(context).send(engine, CUSTOMERS)
    engine.run(f"DROP SCHEMA {SCHEMA} CASCADE")
    engine.run("UPDATE customers SET name = NULL WHERE records < 3; DELETE FROM customers WHERE records = 9")
    engine.run("INSERT INTO customers SELECT * REPLACE ('customer:n' AS customer_id) FROM customers WHERE records = 5")
    assert Redshift(context).send(engine, CUSTOMERS) == Sent("customers", 1000, inserted=1, changed=3, deleted=1)
    assert rows(redshift, "SELECT count(*), count(name) FROM bi.customers") == [(1000, 997)]


def test_a_table_that_somebody_dropped_or_changed_is_made_again(
    redshift: RedshiftOnPostgres, context: TargetContext, engine: Engine
) -> None:
    Redshift(context).send(engine, CUSTOMERS)
    for harm in ("DROP TABLE bi.customers", "ALTER TABLE bi.customers DROP COLUMN email"):
        redshift.connection.execute(harm)
        redshift.connection.commit()
        assert Redshift(context).send(engine, CUSTOMERS) == Sent("customers", 1000, inserted=1000)
        assert rows(redshift, "SELECT count(email) FROM bi.customers") == [(1000,)]


def test_another_process_that_published_meanwhile_is_noticed(
    redshift: RedshiftOnPostgres, context: TargetContext, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Redshift(context)
    first.send(engine, CUSTOMERS)
    other = TargetContext("other", context.folder, context.options)
    engine.run("UPDATE customers SET name = 'Bea' WHERE records = 1")
    Redshift(other).send(engine, CUSTOMERS)
    engine.run("UPDATE customers SET name = 'Cleo' WHERE records = 2")
    assert first.send(engine, CUSTOMERS) == Sent("customers", 1000, changed=1), "it read anew what was there"
    assert rows(redshift, "SELECT count(*) FROM bi.customers WHERE name IN ('Bea', 'Cleo')") == [(2,)]
    engine.run("UPDATE customers SET name = 'Dora' WHERE records = 3")
    redshift.connection.execute("UPDATE bi.fullcircle_published SET content = 'x'")
    redshift.connection.commit()
    stale = dict(first._there())
    monkeypatch.setattr(first, "_read", lambda: dict(stale))
    with pytest.raises(Busy):
        first.send(engine, CUSTOMERS)


def test_older_content_is_vacuumed_and_other_tables_are_named(
    redshift: RedshiftOnPostgres, context: TargetContext, engine: Engine
) -> None:
    target = Redshift(context)
    target.send(engine, CUSTOMERS)
    engine.run("CREATE TABLE orders AS SELECT 1 AS n")
    target.send(engine, Outgoing("orders", "orders"))
    assert target.drop_older_content(["customers"]) == ["orders"]
    assert redshift.asked[-2][1]["Sql"] == 'VACUUM DELETE ONLY "bi"."customers" TO 100 PERCENT'


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT repeat('x', 65536) AS note", r"odd.note has a value of 65,536 bytes"),
        ("SELECT DATE 'infinity' AS day", "odd.day has an infinite time"),
        (f"SELECT 1 AS {'x' * 128}", "more than 127 bytes"),
    ],
)
def test_what_redshift_cannot_keep_is_said_before_anything_is_sent(
    redshift: RedshiftOnPostgres, context: TargetContext, engine: Engine, sql: str, message: str
) -> None:
    engine.run(f"CREATE TABLE odd AS {sql}")
    with pytest.raises(PublishError, match=message):
        Redshift(context).send(engine, Outgoing("odd", "odd"))
    assert not [sql for _, params in redshift.asked for sql in params.get("Sqls", ()) if "odd" in sql]


def api(answers: dict[str, Any], sleep: Any = lambda _: None) -> tuple[DataApi, list[str]]:
    asked: list[str] = []

    def answer(operation: str, params: dict[str, Any]) -> Any:
        asked.append(operation)
        return answers.get(operation, {"Id": "s-1"} if operation.endswith("Statement") else {})

    return DataApi(client_of("redshift-data", answer), RedshiftOptions(**OPTIONS), sleep), asked


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("ERROR: permission denied for schema bi ada@example.org", TargetRefused, "lacks a permission"),
        ("User arn:aws:redshift:x is not authorized to assume IAM Role arn:ada@example.org", TargetRefused, "`copy_role`"),
        ("S3ServiceException:Access Denied,Status 403,Error AccessDenied,Rid ada@example.org", TargetRefused, "s3:GetObject"),
        ("cannot drop table because other objects depend on it", PublishError, "late-binding|other objects depend"),
        ("Disk Full Detail: ada@example.org", DiskFull, "disk is full"),
        ("1023 DETAIL: Serializable isolation violation on table", Busy, "another process"),
        ("invalid input syntax: ada@example.org", PublishError, "refused a statement, while merging customers"),
    ],
)
def test_why_a_statement_failed_is_one_sentence_without_values(text: str, kind: type[FullcircleError], message: str) -> None:
    parts = [{"Id": "s-1:1", "Status": "FINISHED"}, {"Id": "s-1:2", "Status": "FAILED", "Error": text}]
    failing, _ = api({"DescribeStatement": {"Id": "s-1", "Status": "FAILED", "Error": text, "SubStatements": parts}})
    with pytest.raises(kind, match=message) as caught:
        failing.run([SqlStep("staging customers", "SELECT 1"), SqlStep("merging customers", "SELECT 2")])
    assert "ada@" not in f"{caught.value} {caught.value.hint}"


def test_who_stops_waiting_cancels_the_statement_and_what_is_not_allowed_names_the_action() -> None:
    def sleep(_: float) -> None:
        raise KeyboardInterrupt

    running, asked = api({"DescribeStatement": {"Id": "s-1", "Status": "STARTED"}, "CancelStatement": {"Status": True}}, sleep)
    with pytest.raises(KeyboardInterrupt):
        running.run([SqlStep("merging customers", "SELECT 1")])
    assert asked[-1] == "CancelStatement"
    refused, _ = api({"BatchExecuteStatement": denied("BatchExecuteStatement")})
    with pytest.raises(TargetRefused, match="AWS allows no redshift-data:BatchExecuteStatement"):
        refused.run([SqlStep("merging customers", "SELECT 1")])


def test_a_table_changes_its_columns_where_that_keeps_its_rows_and_is_made_anew_else() -> None:
    old = RedshiftShape({"customer_id": "VARCHAR(256)", "n": "INTEGER", "note": "VARCHAR(256)"}, ("customer_id",))
    more = RedshiftShape({**old.columns, "n": "BIGINT", "day": "DATE"}, old.key)
    steps = more.changes("t", old, 20)
    assert steps and [sql.sql for sql in steps] == [
        'ALTER TABLE t ADD COLUMN "n~" BIGINT', 'UPDATE t SET "n~" = "n"', 'ALTER TABLE t DROP COLUMN "n"',
        'ALTER TABLE t RENAME COLUMN "n~" TO "n"', 'ALTER TABLE t ADD COLUMN "day" DATE',
    ]  # fmt: skip
    assert more.changes("t", old, 2) is None
    assert RedshiftShape({**old.columns, "n": "DATE"}, old.key).changes("t", old, 20) is None
    assert RedshiftShape({**old.columns, "customer_id": "VARCHAR(2048)"}, old.key).changes("t", old, 20) is None
    assert RedshiftShape(old.columns, ()).changes("t", old, 20) is None
    assert RedshiftShape.read(old.text()) == old and "\\" not in old.text()


@pytest.mark.parametrize(
    "wrong",
    [
        {"workgroup": ""}, {"cluster": "c"}, {"db_user": "u"}, {"workgroup": "", "cluster": "c"}, {"staging": "/data"},
        {"staging": "s3://a-bucket/it's"}, {"copy_role": "copy"}, {"schema": "BI; DROP"}, {"stagin": "x"},
    ],
)  # fmt: skip
def test_options_that_cannot_be_meant_stop_before_any_work(wrong: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        Redshift.check_options(TargetContext("bi", tmp_path, {**OPTIONS, **wrong}))
