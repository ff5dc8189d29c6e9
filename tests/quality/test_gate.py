"""The gate on small tables: what passes, what is set aside and why."""

from datetime import datetime
from decimal import Decimal

import pytest

from fullcircle.config.sections import QualitySettings, RuleSettings
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import ConfigError
from fullcircle.model.progress import Silent
from fullcircle.model.tables import CONFORMED
from fullcircle.quality.gate import gate
from fullcircle.quality.rules import built_in, rules_for

QUARANTINE = "(source VARCHAR, object VARCHAR, key VARCHAR, stage VARCHAR, rule VARCHAR, reason VARCHAR, raw VARCHAR)"
AT = datetime(2024, 1, 1)


class Recording(Silent):
    def __init__(self) -> None:
        self.said = []

    def say(self, text):
        self.said.append(text)


@pytest.fixture
def engine():
    engine = DuckDB(threads=1, memory="500MB")
    engine.run("CREATE SCHEMA conformed")
    for table in CONFORMED.values():
        engine.run(table.ddl(f"conformed.{table.name}"))
    engine.run(f"CREATE TABLE conformed.quarantine {QUARANTINE}")
    yield engine
    engine.close()


def put(engine, table, key, **values):
    noun = CONFORMED[table].noun
    full = {
        CONFORMED[table].key: f"{noun}:s:{table}:{key}",
        "source": "s",
        "object": table,
        "key": key,
        "updated_at": AT,
        **values,
    }
    columns = ", ".join(f'"{name}"' for name in full)
    engine.run(f"INSERT INTO conformed.{table} ({columns}) VALUES ({', '.join('$' + name for name in full)})", full)


@pytest.fixture
def world(engine):
    put(engine, "records", "1", full_name="Ann Lee", email="ann@x.org")
    put(engine, "records", "2", full_name="Bob Roy", email="ann@x.org", updated_at=datetime(2024, 2, 1))
    put(engine, "records", "3", full_name="Cid Poe")
    put(engine, "products", "p", name="Tea", price=Decimal(2))
    put(engine, "orders", "o1", record_id="record:s:records:1", amount=Decimal(5), ordered_at=AT, status="paid")
    put(engine, "orders", "o2", record_id="record:s:records:9", amount=Decimal(6), ordered_at=AT, status="lost")
    for n, order in enumerate(("o1", "o2", "o9"), 1):
        put(
            engine, "order_lines", f"l{n}", order_id=f"order:s:orders:{order}", product_id="product:s:products:p",
            quantity=Decimal(1), amount=Decimal(5),
        )  # fmt: skip
    return engine


def rule(table, column, kind, **more):
    return RuleSettings(table=table, column=column, rule=kind, **more)


def run(engine, *rules, defaults=True):
    progress = Recording()
    return gate(engine, QualitySettings(defaults=defaults, rules=rules), progress), progress


def reasons(engine):
    return dict(engine.rows("SELECT object || ' ' || key, reason FROM quarantine"))


def test_with_the_built_in_rules(world):
    counts, progress = run(world)
    assert counts["orders"] == 2  # an order of nobody we know is told, and stays
    assert counts["order_lines"] == 2
    assert reasons(world) == {"order_lines l3": "order_lines.order_id points to a row that is not in orders"}
    assert any("orders.record_id.references: 1 row " in text for text in progress.said)
    results = "SELECT action, checked, failed FROM quality_results WHERE rule_id = 'orders.record_id.references'"
    assert world.rows(results) == [("warn", 2, 1)]


def test_a_bad_order_takes_its_lines_along(world):
    counts, _ = run(world, rule("orders", "status", "in_set", values=("paid", "sent")))
    assert (counts["orders"], counts["order_lines"], counts["quarantine"]) == (1, 1, 3)
    assert reasons(world) == {
        "orders o2": "orders.status is not one of paid, sent",
        "order_lines l2": "its order is in quarantine",
        "order_lines l3": "order_lines.order_id points to a row that is not in orders",
    }
    raw = world.value("SELECT raw FROM quarantine WHERE key = 'o2'")
    assert '"status":"lost"' in raw


def test_lines_of_an_order_that_did_not_get_through_mapping(world):
    world.run("INSERT INTO conformed.quarantine VALUES ('s', 'orders', 'o9', 'mapping', 'cast', 'bad', '{}')")
    run(world)
    assert reasons(world) == {"orders o9": "bad", "order_lines l3": "its order is in quarantine"}


def test_of_equal_rows_the_newest_stays(world):
    counts, _ = run(world, rule("records", "email", "unique"))
    assert counts["records"] == 2
    assert reasons(world)["records 1"] == "records.email is duplicated by a newer row"
    assert world.rows("SELECT key FROM records ORDER BY 1") == [("2",), ("3",)]


def test_equal_together(world):
    rules = RuleSettings(table="order_lines", columns=("product_id", "quantity"), rule="unique")
    counts, _ = run(world, rules, defaults=False)
    assert (counts["order_lines"], counts["quarantine"]) == (1, 2)
    assert world.rows("SELECT key FROM order_lines") == [("l1",)]  # all of one age: the first key


@pytest.mark.parametrize(
    ("asked", "bad"),
    [
        (rule("records", "email", "complete"), {"3"}),
        (rule("records", "email", "matches", pattern=".*@y.org"), {"1", "2"}),
        (rule("records", "email", "matches", pattern="x.org"), {"1", "2"}),  # the whole value must match
        (rule("records", "full_name", "in_set", values=("Ann Lee",)), {"2", "3"}),
        (rule("records", "updated_at", "range", min="2024-01-15"), {"1", "3"}),
        (rule("records", "updated_at", "range", max="2024-01-15"), {"2"}),
        (rule("records", "key", "range", min=2, max=2.5), {"1", "3"}),
        (rule("records", "full_name", "range", min=2), {"1", "2", "3"}),  # no number at all
        (rule("records", "merged_into", "references", to="records"), set()),
    ],
)
def test_each_kind_of_rule(world, asked, bad):
    counts, _ = run(world, asked, defaults=False)
    assert {row[0] for row in world.rows("SELECT key FROM quarantine WHERE object = 'records'")} == bad
    assert counts["records"] == 3 - len(bad)
    assert world.rows("SELECT checked, failed FROM quality_results") == [(3, len(bad))]


def test_a_warning_keeps_the_rows(world):
    counts, progress = run(world, rule("records", "email", "complete", action="warn"), defaults=False)
    assert (counts["records"], counts["quarantine"]) == (3, 0)
    assert progress.said == ["records.email.complete: 1 row breaks this rule and was kept (warning only)."]


def test_a_row_that_breaks_two_rules_is_set_aside_once(world):
    two = (rule("records", "email", "complete"), rule("records", "full_name", "in_set", values=("Ann Lee", "Bob Roy")))
    counts, _ = run(world, *two, defaults=False)
    assert counts["quarantine"] == 1
    assert reasons(world)["records 3"] == "records.email is missing; records.full_name is not one of Ann Lee, Bob Roy"


def test_nothing_is_lost_and_a_rerun_is_the_same(world):
    def everything():
        return [sorted(map(str, world.rows(f"FROM {name}"))) for name in (*CONFORMED, "quarantine", "quality_results")]

    asked = rule("orders", "status", "in_set", values=("paid",))
    counts, _ = run(world, asked)
    before = everything()
    assert sum(counts.values()) == sum(world.count(f"conformed.{name}") for name in CONFORMED)
    run(world, asked)
    assert everything() == before


def test_a_reference_into_a_table_that_is_judged_later(world):
    counts, _ = run(world, rule("orders", "order_id", "references", to="order_lines"), defaults=False)
    assert counts["orders"] == 0


@pytest.mark.parametrize(
    ("wrong", "message", "hint"),
    [
        (rule("record", "email", "complete"), 'no table "record"', '"records"'),
        (rule("records", "emial", "complete"), 'no column "emial"', '"email"'),
        (RuleSettings(table="records", rule="complete"), "names no column", "column"),
        (rule("records", "email", "matches"), "no pattern", "pattern"),
        (rule("records", "email", "matches", pattern="(["), "cannot be used", "RE2"),
        (rule("records", "email", "in_set"), "no values", "values"),
        (rule("orders", "amount", "range"), "neither min nor max", ""),
        (rule("orders", "ordered_at", "range", min="soon"), "'soon' is not a TIMESTAMP", ""),
        (rule("orders", "status", "references", to="order"), "is not a table", '"orders"'),
        (rule("records", "email", "unique", columns=("phone",)), "both column and columns", ""),
    ],
)
def test_rules_that_cannot_be_applied(world, wrong, message, hint):
    with pytest.raises(ConfigError) as error:
        run(world, wrong)
    assert message in error.value.message
    assert hint in error.value.hint
    assert not world.has("records")


def test_rule_ids_are_different(world):
    twice = rule("records", "email", "complete")
    ids = [each.id for each in rules_for(world, QualitySettings(rules=(twice, twice)))]
    assert len(ids) == len(set(ids)) == len(built_in()) + 2
    assert ids[-2:] == ["records.email.complete", "records.email.complete.2"]


def test_future_orders_and_guests_are_told_and_kept(engine):
    put(engine, "records", "1", full_name="Ann Lee")
    put(engine, "orders", "o1", record_id="record:s:records:1", ordered_at=AT)
    put(engine, "orders", "o2", record_id="record:s:records:1", ordered_at=datetime(2099, 1, 1))
    put(engine, "orders", "o3", ordered_at=datetime.now())
    counts, progress = run(engine)
    assert counts["orders"] == 3
    assert "orders.ordered_at.range.2: 1 row breaks this rule and was kept (warning only)." in progress.said
    assert "orders.record_id.complete: 1 row breaks this rule and was kept (warning only)." in progress.said


def test_a_rule_on_the_status_takes_the_source_s_word_too(engine):
    put(engine, "orders", "o1", status="shipped", status_raw="sent")
    put(engine, "orders", "o2", status="paid", status_raw="bezahlt")
    put(engine, "orders", "o3", status="cancelled", status_raw="storno")
    run(engine, rule("orders", "status", "in_set", values=("sent", "paid")))
    assert reasons(engine) == {"orders o3": "orders.status is not one of sent, paid"}
    run(engine, rule("orders", "status", "matches", pattern="s.*"))
    assert reasons(engine) == {"orders o2": "orders.status does not match s.*"}
