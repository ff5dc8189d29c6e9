"""What every target promises: the table arrives whole, the second time nothing happens, changes are told and applied."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.engine.base import Engine
from fullcircle.publish.base import Outgoing, Sent, Target
from fullcircle.publish.targets.redshift.target import Redshift
from tests.properties import examples
from tests.publish.conftest import of_redshift, read, same

CUSTOMERS = Outgoing("customers", "customers", ("customer_id",))


def state(target: Any, name: str = "customers") -> object:
    """Something that changes whenever the target writes."""
    if hasattr(target, "catalog"):
        return [snapshot.snapshot_id for snapshot in target.catalog.load_table(f"{target.options.namespace}.{name}").snapshots()]
    if hasattr(target, "connection"):  # the transaction that wrote each row
        found = target.connection.execute(f'SELECT xmin::text, ctid::text FROM bi_private."{name}"').fetchall()
        target.connection.rollback()
        return found
    if isinstance(target, Redshift):
        found = of_redshift(target).connection.execute(f'SELECT xmin::text, ctid::text FROM bi."{name}"').fetchall()
        of_redshift(target).connection.rollback()
        return found
    return (target.folder / f"{name}.parquet").stat().st_mtime_ns


def test_the_table_arrives_with_all_its_types(engine: Engine, target: Target) -> None:
    assert target.send(engine, CUSTOMERS) == Sent("customers", 1000, inserted=1000)
    same(engine, target, "customers")
    schema = read(target, "customers").schema
    assert schema.field("birth_date").type == pa.date32()
    assert schema.field("spent").type == pa.decimal128(18, 4)
    assert schema.field("first_seen").type == pa.timestamp("us")
    assert pa.types.is_list(schema.field("sources").type) or pa.types.is_large_list(schema.field("sources").type)


def test_the_second_time_nothing_is_written(engine: Engine, target: Target) -> None:
    target.send(engine, CUSTOMERS)
    before = state(target)
    engine.run("CREATE OR REPLACE TABLE customers AS SELECT * FROM customers ORDER BY records DESC")
    assert target.send(engine, CUSTOMERS) == Sent("customers", 1000)
    assert state(target) == before


def test_changes_additions_and_deletions_are_told_and_applied(engine: Engine, target: Target) -> None:
    target.send(engine, CUSTOMERS)
    engine.run("UPDATE customers SET name = 'Bea', birth_date = NULL, sources = NULL WHERE records % 100 = 7")
    engine.run("DELETE FROM customers WHERE records % 100 = 8 AND records < 500")
    engine.run("INSERT INTO customers SELECT * REPLACE ('customer:new' AS customer_id) FROM customers WHERE records = 1")
    assert target.send(engine, CUSTOMERS) == Sent("customers", 996, inserted=1, changed=10, deleted=5)
    same(engine, target, "customers")
    assert target.send(engine, CUSTOMERS) == Sent("customers", 996)


def test_only_new_rows(engine: Engine, target: Target) -> None:
    target.send(engine, CUSTOMERS)
    engine.run("INSERT INTO customers SELECT * REPLACE ('customer:b' || records AS customer_id) FROM customers WHERE records < 3")
    assert target.send(engine, CUSTOMERS) == Sent("customers", 1003, inserted=3)
    same(engine, target, "customers")


def test_an_empty_table_and_a_table_that_becomes_empty(engine: Engine, target: Target) -> None:
    engine.run("CREATE TABLE few AS SELECT * FROM customers WHERE false")
    few = Outgoing("few", "few", ("customer_id",))
    assert target.send(engine, few) == Sent("few", 0)
    assert target.send(engine, few) == Sent("few", 0)
    engine.run("INSERT INTO few FROM customers")
    assert target.send(engine, few) == Sent("few", 1000, inserted=1000)
    engine.run("DELETE FROM few")
    assert target.send(engine, few) == Sent("few", 0, deleted=1000)
    same(engine, target, "few")


def test_a_new_column_is_added_and_a_wider_type_is_taken(engine: Engine, target: Target) -> None:
    target.send(engine, CUSTOMERS)
    engine.run("ALTER TABLE customers ADD COLUMN city VARCHAR")
    engine.run("UPDATE customers SET city = 'Amberton' WHERE records < 10")
    engine.run("ALTER TABLE customers ALTER records TYPE BIGINT")
    sent = target.send(engine, CUSTOMERS)
    assert (sent.inserted, sent.changed, sent.deleted) == (0, 10, 0)
    same(engine, target, "customers")
    assert read(target, "customers").schema.field("records").type == pa.int64()
    assert target.send(engine, CUSTOMERS) == Sent("customers", 1000)


def test_a_column_of_another_type_starts_anew(engine: Engine, target: Target) -> None:
    target.send(engine, CUSTOMERS)
    engine.run("ALTER TABLE customers ALTER loyal TYPE VARCHAR")
    assert target.send(engine, CUSTOMERS).rows == 1000
    same(engine, target, "customers")
    before = state(target)
    assert target.send(engine, CUSTOMERS) == Sent("customers", 1000)
    assert state(target) == before


def test_odd_types_become_the_nearest_plain_ones(engine: Engine, target: Target) -> None:
    engine.run(
        """CREATE TABLE odd AS SELECT CAST(1 AS HUGEINT) AS big, CAST(2 AS UTINYINT) AS small,
           CAST('a' AS ENUM('a', 'b')) AS pick,
           {'a': 1} AS deep, TIMESTAMPTZ '2026-01-01 12:00:00+02' AS zoned, TIME '10:00:00' AS clock, CAST(1.5 AS FLOAT) AS real_,
           CAST('x' AS BLOB) AS bytes, uuid '00000000-0000-0000-0000-000000000001' AS id, "at" FROM (SELECT 1 AS "at")"""
    )
    odd = Outgoing("odd", "odd")
    assert target.send(engine, odd) == Sent("odd", 1, inserted=1)
    assert target.send(engine, odd) == Sent("odd", 1)
    row = read(target, "odd").to_pylist()[0]
    assert (int(row["big"]), row["small"], row["pick"], row["zoned"].hour) == (1, 2, "a", 10)


def test_rows_without_a_key_are_compared_as_wholes(engine: Engine, target: Target) -> None:
    engine.run("CREATE TABLE doubles AS SELECT x % 3 AS x FROM (SELECT unnest(range(9)) AS x)")
    doubles = Outgoing("doubles", "doubles")
    assert target.send(engine, doubles) == Sent("doubles", 9, inserted=9)
    engine.run("INSERT INTO doubles VALUES (1), (7)")
    assert target.send(engine, doubles) == Sent("doubles", 11, inserted=2)
    same(engine, target, "doubles")
    assert target.send(engine, doubles) == Sent("doubles", 11)


def test_a_send_that_breaks_off_is_made_good_by_the_next(engine: Engine, target: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    target.send(engine, CUSTOMERS)
    before = read(target, "customers").sort_by("customer_id")
    engine.run("UPDATE customers SET name = 'Bea' WHERE records < 100")
    module = __import__(type(target).__module__, fromlist=["_"])

    def breaks(*args: object, **more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if hasattr(target, "catalog"):
            patch.setattr(target.catalog, "commit_table", breaks)
        elif isinstance(target, Redshift):
            patch.setattr(of_redshift(target), "breaks", "INSERT INTO")  # in the transaction, when all else is done
        elif hasattr(target, "connection"):
            patch.setattr(module.views, "note", breaks)
        else:
            patch.setattr(module.os, "fsync", breaks)
        with pytest.raises(KeyboardInterrupt):
            target.send(engine, CUSTOMERS)
    assert read(target, "customers").sort_by("customer_id") == before
    assert target.send(engine, CUSTOMERS) == Sent("customers", 1000, changed=100)
    same(engine, target, "customers")


ROWS = st.dictionaries(st.integers(0, 8), st.tuples(st.sampled_from(["a", "b", ""]), st.none() | st.integers(0, 2)), max_size=9)


@settings(max_examples=examples(5), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=st.lists(ROWS, min_size=2, max_size=3))
def test_whatever_the_states_the_target_follows(engine: Engine, target: Target, states: list[dict[int, Any]]) -> None:
    followed = Outgoing("followed", "followed", ("k",))
    before: dict[int, Any] | None = None
    for rows in states:
        engine.run("CREATE OR REPLACE TABLE followed (k INTEGER, a VARCHAR, b INTEGER)")
        for k, (a, b) in rows.items():
            engine.run("INSERT INTO followed VALUES ($k, $a, $b)", {"k": k, "a": a, "b": b})
        sent = target.send(engine, followed)
        same(engine, target, "followed")
        if before is not None:
            assert sent == Sent(
                "followed",
                len(rows),
                inserted=len(set(rows) - set(before)),
                changed=sum(rows[k] != before[k] for k in set(rows) & set(before)),
                deleted=len(set(before) - set(rows)),
            )
        before = rows
