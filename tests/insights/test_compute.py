import re
from datetime import date, datetime
from pathlib import Path

import pytest

from fullcircle import registry
from fullcircle.config.sections import InsightSettings
from fullcircle.errors import ConfigError, NotFound
from fullcircle.insights import compute as room
from fullcircle.insights.base import Finding
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-an-insight.md"
ORDERS = [
    ("ann", "2026-01-01 10:00:00", "A B", 1, "web"),
    ("bob", "2026-02-01 12:30:00", "A B", 1, "web"),
    ("cyd", "2026-02-01 09:00:00", "A B", 1, "web"),
]


class Heard(Silent):
    def __init__(self):
        self.steps = []

    def step(self, what, total=None):
        self.steps.append(what)


def settings(**values):
    return InsightSettings.model_validate(values)


def test_all_seven_over_one_shop(shop):
    heard, made = Heard(), shop(ORDERS)
    found = room.compute(made.engine, settings(), heard)
    assert [finding.insight for finding in found] == [
        "habits",
        "bought_together",
        "related",
        "next_product",
        "next_basket",
        "repurchase",
        "worth",
        "groups",
        "connected",
    ]
    assert heard.steps == [f"insight {finding.insight}" for finding in found]
    for finding in found:
        assert finding.tables == {name: made.engine.count(name) for name in finding.tables}
    assert {name for finding in found for name in finding.tables} >= {"edges_related_to", "edges_bought_with", "edges_may_like"}


def test_twice_is_the_same(shop):
    made = shop(ORDERS)
    tables = [table for finding in room.compute(made.engine, settings(), Silent()) for table in finding.tables]
    before = {table: made.table(f"FROM {table} ORDER BY ALL") for table in tables}
    room.compute(made.engine, settings(), Silent())
    assert before == {table: made.table(f"FROM {table} ORDER BY ALL") for table in tables}


def test_no_input_gives_every_graph_table_empty(shop):
    made = shop()
    room.compute(made.engine, settings(), Silent())
    for label in ("RELATED_TO", "BOUGHT_WITH", "MAY_LIKE", "MAY_BUY", "HAS_HABITS"):
        model = EDGES[label]
        assert list(made.engine.columns(model.table)) == ["id", "source", "target", "hash", *model.properties]
        assert made.engine.count(model.table) == 0
    assert made.engine.count(VERTICES["Habits"].table) == 0


def test_what_is_not_asked_for_any_more_is_emptied(shop):
    made = shop(ORDERS)
    room.compute(made.engine, settings(), Silent())
    assert made.engine.count("edges_related_to") > 0
    room.compute(made.engine, settings(names=["habits"]), Silent())
    assert made.engine.count("edges_related_to") == 0
    assert list(made.engine.columns("edges_may_like"))[:4] == ["id", "source", "target", "hash"]
    assert not made.engine.has("insight_related")
    assert made.engine.count("vertices_habits") == 3


def test_options_reach_their_insight(shop):
    made = shop(ORDERS)
    room.compute(made.engine, settings(related={"k": 1}), Silent())
    assert made.table("SELECT max(rank) FROM insight_related") == [(1,)]


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"names": ["habbits"]}, NotFound, "habbits"),
        ({"relatd": {"k": 1}}, ConfigError, "relatd"),
        ({"related": 3}, ConfigError, "must be a section"),
        ({"related": {"kk": 3}}, ConfigError, "kk"),
        ({"related": {"k": 0}}, ConfigError, "k is wrong"),
        ({"as_of": "last week"}, ConfigError, "last week"),
    ],
)
def test_wrong_settings_are_reported(shop, values, error, message):
    with pytest.raises(error, match=message):
        room.compute(shop(ORDERS).engine, settings(**values), Silent())


def test_a_misspelt_insight_has_a_hint(shop):
    with pytest.raises(NotFound) as raised:
        room.compute(shop(ORDERS).engine, settings(names=["habbits"]), Silent())
    assert raised.value.hint == 'Did you mean "habits"?'


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("newest", datetime(2026, 2, 1, 12, 30)),
        ("2026-01-15", datetime(2026, 1, 15, 23, 59, 59, 999999)),
        ("2026-01-15T08:00:00", datetime(2026, 1, 15, 8)),
        ("2026-01-15T08:00:00+02:00", datetime(2026, 1, 15, 6)),
    ],
)
def test_as_of(shop, setting, expected):
    assert room.as_of(shop(ORDERS).engine, setting) == expected


def test_as_of_today_and_mistyped_years(shop):
    assert abs((room.as_of(shop(ORDERS).engine, "today").date() - date.today()).days) <= 1
    made = shop([*ORDERS, ("dan", "2926-01-01", "A", 1, "web")])
    assert room.as_of(made.engine, "newest") == datetime(2026, 2, 1, 12, 30)


def test_each_after_what_it_needs(monkeypatch):
    class Stub:
        def __init__(self, name, after):
            self.name, self.after, self.meaning = name, after, ""

        def compute(self, _):
            return Finding(self.name, {})

    stubs = {"a": Stub("a", ("c",)), "b": Stub("b", ()), "c": Stub("c", ("b",)), "x": Stub("x", ("y",)), "y": Stub("y", ("x",))}
    monkeypatch.setattr(registry, "load", lambda _, name: stubs[name])
    assert [plugin.name for plugin in room.in_order(["a", "b"])] == ["b", "c", "a"]
    with pytest.raises(ConfigError, match="x -> y -> x"):
        room.in_order(["x"])


def test_the_insight_of_the_how_to_page_works(shop, monkeypatch):
    code, declarations = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    module, labels = {}, {}
    exec(code, module)
    exec(declarations, labels)
    assert {label.insight for label in labels["LABELS"]} == {module["PLUGIN"].name}
    monkeypatch.setattr(registry, "load", lambda *_: module["PLUGIN"])
    made = shop([*ORDERS, ("ann", "2026-01-08", "A", 1, "web"), ("ann", "2026-01-09", "A", 1, "web")])
    [found] = room.compute(made.engine, settings(names=["weekday"]), Silent())
    assert found == Finding("weekday", {"insight_weekday": 1})
    assert made.table("FROM insight_weekday") == [("customer:ann", "Thursday", 3)]


def test_plugins_of_the_room_say_what_they_mean():
    assert set(registry.names("insights")) == {
        "habits",
        "bought_together",
        "related",
        "next_product",
        "next_basket",
        "repurchase",
        "worth",
        "groups",
        "connected",
    }
    for name in registry.names("insights"):
        plugin = registry.load("insights", name)
        assert plugin.name == name
        assert plugin.meaning.endswith(".")


def test_tables_of_an_older_version_are_told(shop):
    made = shop([("ann", "2026-01-01", "A", 10, "web")])
    made.engine.run("DROP TABLE customer_returns")
    with pytest.raises(NotFound, match="older version") as caught:
        room.compute(made.engine, InsightSettings(), Silent())
    assert "fullcircle run" in caught.value.hint
