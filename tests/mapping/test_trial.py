"""SQL of a map that could take any time or memory is tried apart; an error names the map and the column."""

from __future__ import annotations

import pytest

from fullcircle.errors import ConfigError, EngineFull
from fullcircle.mapping import trial
from fullcircle.mapping.conform import conform
from fullcircle.mapping.failing import named_where_it_fails
from fullcircle.mapping.validate import validate
from fullcircle.model.progress import Silent
from tests.mapping.test_conform import map_of


def conformed(engine, landing, sql):
    landing.put("crm", "people", [{"id": "1", "first": "Ada"}, {"id": "2", "first": "Bo"}])
    conform(engine, landing, [map_of("crm", "people", "records", {"given_name": {"sql": sql}, "email": "id"})], "US", Silent())


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("repeat('a', 2000000000)", "memory|characters|longer than"),
        ("array_to_string(range(3000000000), ',')", "memory|longer than"),
        ("repeat(first, 3000000)", "9,000,000 characters"),
        (
            "CAST((SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range % 7 = b.range % 3) AS VARCHAR)",
            "longer than",
        ),
    ],
)
def test_sql_that_takes_too_much_is_named(engine, landing, monkeypatch, sql, why):
    if "longer than" in why:  # else it has all its time: a loaded machine is slow
        monkeypatch.setattr(trial, "SECONDS", 2.5)
    with pytest.raises(ConfigError, match=rf"people.*the sql of given_name.*({why})"):
        conformed(engine, landing, sql)


@pytest.mark.parametrize("sql", ["repeat('*', 3) || first", "lpad(id, 5, '0')", "upper(first)"])
def test_sql_that_takes_little_runs(engine, landing, sql):
    conformed(engine, landing, sql)
    assert engine.count("conformed.records") == 2


def test_plain_sql_is_not_tried(engine, landing, monkeypatch):
    monkeypatch.setattr(trial, "_fault", pytest.fail)
    conformed(engine, landing, "list_filter([first], lambda x: x <> '')[1]")


def test_memory_that_runs_out_later_names_what_can_be_the_reason(engine, landing):
    landing.put("crm", "people", [{"id": "1", "first": "Ada"}])
    maps = [map_of("crm", "people", "records", {"given_name": {"sql": "repeat(first, 2)"}, "email": "id"})]
    checked = validate(engine, landing, maps, Silent())
    with pytest.raises(ConfigError, match="the sql of given_name"), named_where_it_fails(engine, checked):
        raise EngineFull("full", "")
    with pytest.raises(EngineFull), named_where_it_fails(engine, []):
        raise EngineFull("full", "")


def test_sql_that_is_harmless_in_the_first_rows_is_named_before_the_run_meets_a_later_one(engine, landing, monkeypatch):
    monkeypatch.setattr(trial, "ROWS", 20)
    landing.put("crm", "people", [{"id": str(number), "first": "Ada"} for number in range(40)])
    sql = "repeat('a', CASE WHEN id = '30' THEN 3000000 ELSE 1 END)"
    maps = [map_of("crm", "people", "records", {"given_name": {"sql": sql}, "email": "id"})]
    with pytest.raises(ConfigError, match=r"people.*the sql of given_name.*3,000,000 characters"):
        conform(engine, landing, maps, "US", Silent())
