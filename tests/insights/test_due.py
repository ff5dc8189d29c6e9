"""Insights with an interval: kept until they are due, without what is gone; computed at once if something else changed."""

from datetime import datetime, timedelta

import pytest

from fullcircle.config.sections import InsightSettings
from fullcircle.errors import ConfigError
from fullcircle.insights import compute as room
from fullcircle.insights import due
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.insights.test_compute import ORDERS

EVERY = InsightSettings.model_validate({"every": {"related": "1d", "habits": "12h"}, "related": {"k": 3}})


class Said(Silent):
    def __init__(self):
        self.lines = []

    def say(self, message):
        self.lines.append(message)


@pytest.fixture
def made(shop):
    """A shop with the tables of who and what there is."""
    one = shop(ORDERS)
    people(one.engine, "")
    one.engine.run(f"CREATE TABLE {VERTICES['Product'].table} AS SELECT product_id AS id FROM products")
    return one


def people(engine, gone):
    """Everybody who ordered is there, but for one."""
    engine.run(
        "CREATE OR REPLACE TABLE customers AS "
        f"SELECT DISTINCT customer_id, NULL::DATE AS deceased FROM customer_orders WHERE customer_id <> '{gone}'"
    )
    engine.run(f"CREATE OR REPLACE TABLE {VERTICES['Customer'].table} AS SELECT customer_id AS id FROM customers")


def later(engine, hours):
    """Let time pass."""
    engine.run(f'UPDATE {due.DONE} SET "at" = "at" - INTERVAL ({hours}) HOUR')


def run(made, settings=EVERY, again=False):
    said = Said()
    room.compute(made.engine, settings, said, again)
    return {line.partition(":")[0] for line in said.lines if "are kept until" in line}


def test_an_insight_is_kept_until_it_is_due(made):
    assert room.due(made.engine, EVERY) == ["habits", "related"]
    assert run(made) == set()
    assert room.due(made.engine, EVERY) == []
    assert run(made) == {"related", "habits"}
    later(made.engine, 13)
    assert room.due(made.engine, EVERY) == ["habits"]
    assert run(made) == {"related"}
    later(made.engine, 12)
    assert run(made) == set()
    later(made.engine, -48)  # the clock was set back
    assert room.due(made.engine, EVERY) == ["habits", "related"]
    assert run(made) == set()


def test_other_options_and_again_compute_at_once(made):
    run(made)
    assert run(made, again=True) == set()
    assert run(made) == {"related", "habits"}
    other = InsightSettings.model_validate({"every": {"related": "1d", "habits": "12h"}, "related": {"k": 2}})
    assert run(made, other) == {"habits"}


def test_what_is_kept_has_nobody_who_is_gone(made):
    run(made)
    engine = made.engine
    table, edges, habits = "insight_habits", EDGES["HAS_HABITS"].table, VERTICES["Habits"].table
    assert engine.count(edges) == engine.count(habits) == engine.count(table) == 3
    gone = engine.value(f"SELECT min(source) FROM {edges}")
    people(engine, gone)
    assert "habits" in run(made)
    assert engine.count(edges) == engine.count(habits) == engine.count(table) == 2
    assert engine.value(f"SELECT count(*) FROM {edges} WHERE source = '{gone}'") == 0


@pytest.mark.parametrize(
    ("every", "said"), [({"relatd": "1d"}, "relatd"), ({"related": "daily"}, "daily"), ({"related": "1 week"}, "1 week")]
)
def test_a_wrong_interval_is_said_before_any_work(every, said):
    with pytest.raises(ConfigError, match=said):
        room.check_options(InsightSettings.model_validate({"every": every}))


def test_intervals_are_minutes_hours_and_days():
    found = due.intervals(InsightSettings.model_validate({"every": {"a": "30m", "b": "12 h", "c": "7d"}}), ["a", "b", "c"])
    assert found == {"a": timedelta(minutes=30), "b": timedelta(hours=12), "c": timedelta(days=7)}
    assert datetime.min + found["c"] == datetime(1, 1, 8)
