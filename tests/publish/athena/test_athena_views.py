"""The 360 views of Athena: its SQL is read by sqlglot, and run on DuckDB beside the flat views that the SQL door has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlglot

from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import ConfigError
from fullcircle.model.flat_views import FLAT_VIEWS
from fullcircle.publish.athena import views
from fullcircle.publish.athena.queries import QUERIES
from fullcircle.publish.flat import flat_views
from tests.publish.world_360 import make_tables

KNOWN = {"map_agg"}  # of Athena; sqlglot has no class for it
MACROS = """
CREATE MACRO json_format(x) AS CAST(x AS VARCHAR);
CREATE MACRO map_agg(k, v) AS map_from_entries(list({'key': k, 'value': v} ORDER BY k));
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDB]:
    engine = DuckDB()
    make_tables(engine)
    engine.run(f"CREATE SCHEMA lake; CREATE SCHEMA lake_360; {MACROS}")
    for name in views.tables_needed():
        engine.run(f'CREATE VIEW lake."{name}" AS SELECT * FROM main."{name}"')
    yield engine
    engine.close()


def there(engine: DuckDB) -> dict[str, list[str]]:
    return {name: list(engine.columns(f"lake.{name}")) for name in views.tables_needed()}


def in_duckdb(sql: str) -> str:
    """The statement as DuckDB has it; what sqlglot cannot read, or DuckDB has no form for, is an error."""
    (only,) = sqlglot.transpile(sql, read="athena", write="duckdb", unsupported_level=sqlglot.ErrorLevel.RAISE)
    return only


def make(engine: DuckDB, there: dict[str, list[str]]) -> None:
    for statement in views.statements("lake", there)[1:]:
        engine.run(in_duckdb(statement))


def rows(engine: DuckDB, table: str) -> list[tuple[Any, ...]]:
    found = engine.rows(f"SELECT * FROM {table} ORDER BY ALL")
    return [tuple(json.loads(one) if isinstance(one, str) and one.startswith("{") else one for one in row) for row in found]


def test_the_views_have_the_rows_and_columns_of_the_flat_views(engine: DuckDB) -> None:
    make(engine, there(engine))
    with flat_views(engine) as flat:
        for name, one in flat.items():
            assert list(engine.columns(f"lake_360.{name}")) == list(engine.columns(one.table)), name
            assert rows(engine, f"lake_360.{name}") == rows(engine, one.table), name
            assert rows(engine, one.table), f"{name}: the world has no row for it"
    (several,) = engine.rows("SELECT spent, spent_by_currency FROM lake_360.customers_360 WHERE customer_id = 'customer:b'")
    assert several[0] is None and json.loads(several[1]) == {"EUR": 7.5, "?": 7.25}


def test_every_text_is_athenas_and_names_no_table_without_its_database(engine: DuckDB) -> None:
    texts = [*views.statements("lake", there(engine)), *(one.sql for one in QUERIES.values())]
    for text in texts:
        (tree,) = sqlglot.parse(text, read="athena", error_level=sqlglot.ErrorLevel.RAISE)
        assert tree is not None, text
        assert {one.name for one in tree.find_all(sqlglot.exp.Anonymous)} <= KNOWN, "a function that Athena may not have"
    assert texts[0] == "CREATE DATABASE IF NOT EXISTS `lake_360`"


@pytest.mark.parametrize("name", QUERIES)
def test_named_queries_read_the_views(engine: DuckDB, name: str) -> None:
    make(engine, there(engine))
    (tree,) = sqlglot.parse(QUERIES[name].sql, read="athena")
    assert tree is not None
    for table in tree.find_all(sqlglot.exp.Table):
        assert table.name in FLAT_VIEWS
        table.set("db", sqlglot.exp.to_identifier("lake_360"))
    found = engine.rows(tree.sql("duckdb"))
    assert found or name == "support"


def test_what_a_role_does_not_see_is_empty_and_an_insight_may_be_left_out(engine: DuckDB) -> None:
    less = there(engine)
    less["customers"] = ["customer_id", "kind", "records"]
    del less["insight_habits"]
    make(engine, less)
    assert engine.rows("SELECT count(*), count(email), count(spent) FROM lake_360.customers_360") == [(3, 0, 1)]
    assert engine.value("SELECT count(*) FROM lake_360.segments") == 0
    make(engine, there(engine))


def test_a_lake_without_a_table_that_counts_is_an_error_that_says_what_to_publish(engine: DuckDB) -> None:
    less = {name: columns for name, columns in there(engine).items() if name not in ("placed_orders", "purchases")}
    with pytest.raises(ConfigError, match="has no table placed_orders, purchases") as caught:
        views.statements("lake", less)
    assert '"placed_orders"' in (caught.value.hint or "")
