"""The lineage of columns: the steps between are those of the SQL, and a column leads back to the fields of the map."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.lineage import lineage
from typer.testing import CliRunner

from fullcircle.config.read import load_config
from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.errors import NotFound
from fullcircle.model.flat_views import FLAT_VIEWS
from fullcircle.publish.athena import views
from fullcircle.publish.lineage import FLAT, columns_of, sources_of, tables_known
from fullcircle.publish.lineage_tree import LineageNode, lineage_of
from fullcircle.serve.cli.main import app
from tests import small

COUNTED = {("customer_orders", "lines"), ("households", "customers"), ("customers_360", "orders")}  # made of rows, not columns


@pytest.mark.parametrize("name", ["customer_orders", "customer_timeline", "customers_360"])
def test_what_is_noted_of_the_flat_views_is_what_their_sql_reads(name: str) -> None:
    """The views of Athena have the rows of the flat views (test_athena_views.py), and SQL that sqlglot can follow."""
    there = views.everything_there()
    schema = {
        "lake": {table: dict.fromkeys(columns, "varchar") for table, columns in there.items()},
        "lake_360": {one.name: {column.name: "varchar" for column in one.columns} for one in FLAT_VIEWS.values()},
    }
    view = next(one for one in views.views() if one.view.name == name)
    (tree,) = sqlglot.parse(view.sql("lake", there), read="athena")
    noted = tomllib.loads(FLAT.read_text())[name]
    assert list(noted) == [one.name for one in view.view.columns]
    for column, sources in noted.items():
        if (name, column) in COUNTED:
            continue
        leaves = [
            one for one in lineage(column, tree.expression.copy(), schema=schema, dialect="athena").walk()
            if isinstance(one.source, exp.Table) and not one.downstream
        ]  # fmt: skip
        found = {f"{'flat.' if one.source.db == 'lake_360' else ''}{one.source.name}.{one.name.split('.')[-1]}" for one in leaves}
        assert {one.replace('"', "") for one in found} == set(sources), column


def leaves(node: LineageNode) -> set[str]:
    return {node.name} if node.at_source else set().union(*(leaves(one) for one in node.sources))


def test_every_step_leads_to_a_column_that_there_is() -> None:
    for table in tables_known():
        for column in columns_of(table):
            for one in sources_of([], table, column):
                assert one.column in columns_of(one.table), f"{table}.{column} <- {one.table}.{one.column}"
                assert (one.table, one.column) != (table, column)


def test_a_column_leads_back_to_the_fields_of_the_sources(tmp_path: Path) -> None:
    maps = load_config(small.make(tmp_path)).map
    assert leaves(lineage_of(maps, "customers_360.email")) == {"crm.contacts.email", "shop.people.email"}
    assert "shop.orders.amount" in leaves(lineage_of(maps, "customers_360.spent"))
    assert leaves(lineage_of(maps, "households.name")) == leaves(lineage_of(maps, "customers.family_name"))
    assert [one.how for one in lineage_of(maps, "orders.record_id").sources] == ["refers to people"]
    for name, message in (("customers_360.mail", "no column mail"), ("customer_360.email", "no table"), ("x", "not a column")):
        with pytest.raises(NotFound, match=message):
            lineage_of(maps, name)


def test_fields_of_every_sort_of_rule_are_found() -> None:
    rules = {
        "full_name": FieldRule(fields=("first", "last")), "email": FieldRule(sql="lower(coalesce(\"E Mail\", mail2)) || ' x y'"),
        "country": FieldRule(value="DE"), "gender": FieldRule(field="sex", map={"1": "m"}),
    }  # fmt: skip
    maps = [MapSettings(source="crm", object="people", to="records", fields=rules)]
    found = {name: [one.column for one in sources_of(maps, "records", name)] for name in rules}
    assert found == {"full_name": ["first", "last"], "email": ["E Mail", "mail2"], "country": ["(constant)"], "gender": ["sex"]}
    assert sources_of(maps, "records", "full_name_raw") == sources_of(maps, "records", "full_name")


def test_the_verb(tmp_path: Path) -> None:
    file, event = small.make(tmp_path), tmp_path / "event.json"
    words = ["lineage", "customers.email", "--openlineage", str(event), "--config", str(file)]
    assert "crm.contacts.email" in CliRunner().invoke(app, words).output
    assert json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)["sources"][0]["column"] == "records.email"
    outputs = {one["name"]: one["facets"]["columnLineage"]["fields"] for one in json.loads(event.read_text())["outputs"]}
    assert outputs["flat.customers_360"]["email"]["inputFields"][0]["name"] == "customers"
    assert CliRunner().invoke(app, ["lineage", "--config", str(file)]).exit_code != 0
