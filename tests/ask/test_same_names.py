"""Organisations of one name that stayed apart are said after a run, in one line."""

from __future__ import annotations

from fullcircle.ask.same_names import stayed_apart
from fullcircle.engine.duckdb import DuckDB


def test_organisations_of_one_name_are_counted(tmp_path):
    engine = DuckDB()
    assert stayed_apart(engine) == ""
    engine.run("CREATE TABLE customers AS SELECT * FROM (VALUES ('organisation', 'Fundação Mão'), "
               "('organisation', 'FUNDACAO  MAO'), "
               "('organisation', 'Tal AG'), ('person', 'Ada Tal'), ('person', 'Ada Tal')) AS t(kind, name)")  # fmt: skip
    said = stayed_apart(engine)
    assert said.startswith("1 name of an organisation has several customers (FUNDACAO  MAO: 2)") and "review" in said
    engine.run("DELETE FROM customers WHERE name = 'Fundação Mão'")
    assert stayed_apart(engine) == ""
