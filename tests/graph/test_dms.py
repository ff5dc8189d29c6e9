"""The mapping for AWS DMS gives every row the id that we give it, in both formats, and says what it cannot load."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import typer
from pyoxigraph import NamedNode, RdfFormat, Store
from typer.testing import CliRunner

from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.pull import pull
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import ConfigError, NotFound
from fullcircle.graph.exchange import dms
from fullcircle.graph.rdf import vocabulary
from fullcircle.mapping.conform import conform
from fullcircle.model.progress import Silent
from fullcircle.serve.cli import graph_dms

CONFIG = """
[sources.shop]
connector = "sql"
url = "sqlite:///shop.sqlite"
[sources.shop.objects.people]
table = "People"
key = "Id"
deleted = "gone"
[sources.shop.objects.goods]
key = "sku"
[sources.shop.objects.sales]
key = ["year", "number"]
[sources.shop.objects.bills]
key = "id"
[sources.shop.objects.lines]
key = "id"
[sources.shop.objects.views]
query = "SELECT * FROM goods"
key = "sku"
[sources.files]
connector = "files"
path = "."

[[map]]
source = "shop"
object = "people"
to = "records"
[map.fields]
kind = { value = "person" }
full_name = { fields = ["first", "last"] }
family_name = "last"
email = "email"
city = { sql = "upper(city)" }
gender = { field = "sex", map = { m = "male" } }
birth_date = "born"

[[map]]
source = "shop"
object = "people"
to = "identifiers"
key = "handle"
[map.fields]
kind = { value = "handle" }
value = "email"

[[map]]
source = "shop"
object = "goods"
to = "products"
[map.fields]
name = "Full Name"
sku = "sku"
price = "price"

[[map]]
source = "shop"
object = "sales"
to = "orders"
key = "sale"
[map.fields]
record_id = { field = "who", ref = "people" }
ordered_at = "at"
amount = "total"

[[map]]
source = "shop"
object = "bills"
to = "orders"
[map.fields]
record_id = { field = "who", ref = "people" }
ordered_at = "at"

[[map]]
source = "shop"
object = "lines"
to = "order_lines"
[map.fields]
order_id = { field = "bill", ref = "bills" }
product_id = { field = "sku", ref = "goods" }
quantity = "n"

[[map]]
source = "shop"
object = "views"
to = "products"
[map.fields]
name = "sku"

[[map]]
source = "shop"
object = "bills"
to = "tickets"
where = "who > 5"
[map.fields]
subject = "at"
"""
DATA = """
CREATE TABLE People (Id INTEGER PRIMARY KEY, first TEXT, last TEXT, email TEXT, city TEXT, sex TEXT, born TEXT, gone INTEGER);
INSERT INTO People VALUES (1, 'Ann', 'Bell', 'ann@example.org', 'Bern', 'f', '1990-01-02', 0);
INSERT INTO People VALUES (2, 'Bo', 'Cox', NULL, NULL, 'm', NULL, 0);
CREATE TABLE goods (sku TEXT PRIMARY KEY, "Full Name" TEXT, price REAL);
INSERT INTO goods VALUES ('T-1', 'Tea', 2.5), ('C 2', 'Cup "blue"', 4);
CREATE TABLE sales (year INTEGER, number INTEGER, who INTEGER, at TEXT, total REAL, PRIMARY KEY (year, number));
INSERT INTO sales VALUES (2026, 1, 1, '2026-01-02T03:04:05', 6.5);
CREATE TABLE bills (id INTEGER PRIMARY KEY, who INTEGER, at TEXT);
INSERT INTO bills VALUES (7, 2, '2026-02-03T00:00:00');
CREATE TABLE lines (id INTEGER PRIMARY KEY, bill INTEGER, sku TEXT, n INTEGER);
INSERT INTO lines VALUES (1, 7, 'T-1', 2), (2, 7, 'C 2', 1);
"""
EDGE_IDS = {f"contains:order:shop:bills:7>product:shop:goods:{sku}" for sku in ("T-1", "C 2")}


@pytest.fixture
def company(tmp_path: Path) -> Config:
    (tmp_path / "fullcircle.toml").write_text(CONFIG)
    with sqlite3.connect(tmp_path / "shop.sqlite") as database:
        database.executescript(DATA)
    return read_config(tmp_path / "fullcircle.toml")


@pytest.fixture
def made(company: Config) -> dms.Plan:
    return dms.plan("shop", dms.tables_of(company.sources["shop"]), company.map)


def our_ids(company: Config, folder: Path) -> dict[str, set[str]]:
    """The ids the pipeline gives to the same rows (not to those of the query), by canonical table."""
    engine, book = DuckDB(memory="200MB"), Book(folder / "book.sqlite")
    landing = Landing(folder / "landing", book, engine)
    sources = {"shop": company.sources["shop"]}
    pull(sources, company.folder, landing, Silent())
    conform(engine, landing, company.map, "US", Silent())
    found = {
        table: {row[0] for row in engine.rows(f"SELECT {table[:-1]}_id FROM conformed.{table} WHERE object <> 'views'")}
        for table in ("records", "products", "orders")
    }
    engine.close()
    return found


def rows_of(folder: Path, table: str) -> list[dict[str, Any]]:
    with sqlite3.connect(folder / "shop.sqlite") as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(f'SELECT * FROM "{table}"')]


def filled(template: str, row: dict[str, Any]) -> str:
    return re.sub(r"\{(.+?)\}", lambda found: str(row[found.group(1)]), template)


def test_templates_give_our_ids(company: Config, made: dms.Plan, tmp_path: Path) -> None:
    rules = json.loads(dms.gremlin(made))["rules"]
    found: dict[str, set[str]] = {}
    for rule in rules:
        for definition in rule.get("vertex_definitions", []):
            rows = rows_of(company.folder, rule["table_name"])
            label = definition["vertex_label"].lower() + "s"
            found.setdefault(label, set()).update(filled(definition["vertex_id_template"], row) for row in rows)
    assert found == our_ids(company, tmp_path)
    assert "order:shop:sales:2026|1:sale" in found["orders"]
    (edge,) = [rule for rule in rules if "edge_definitions" in rule]
    (definition,) = edge["edge_definitions"]
    lines = rows_of(company.folder, "lines")
    assert {filled(definition["edge_id_template"]["template"], row) for row in lines} == EDGE_IDS
    for end, table in (("from_vertex", "orders"), ("to_vertex", "products")):
        assert {filled(definition[end]["vertex_id_template"], row) for row in lines} <= found[table]
        its = definition[end]["vertex_definition_id"]
        vertices = [vertex for rule in rules for vertex in rule.get("vertex_definitions", [])]
        assert [vertex["vertex_label"] for vertex in vertices if vertex["vertex_definition_id"] == its] == [
            table[:-1].capitalize()
        ]


def test_the_json_has_the_keys_dms_knows(made: dms.Plan) -> None:
    rules = json.loads(dms.gremlin(made))["rules"]
    assert [rule["rule_id"] for rule in rules] == [str(n) for n in range(1, len(rules) + 1)]
    person = next(rule for rule in rules if rule["table_name"] == "People")
    assert set(person) == {"rule_id", "rule_name", "table_name", "vertex_definitions"}
    assert person["vertex_definitions"] == [
        {
            "vertex_id_template": "record:shop:people:{Id}",
            "vertex_label": "Record",
            "vertex_definition_id": "1",
            "vertex_properties": [
                {"property_name": name, "property_value_template": value, "property_value_type": type_}
                for name, value, type_ in (
                    ("source", "shop", "String"), ("object", "people", "String"), ("key", "{Id}", "String"),
                    ("kind", "person", "String"), ("family_name", "{last}", "String"), ("email", "{email}", "String"),
                    ("birth_date", "{born}", "Date"),
                )
            ],
        }
    ]  # fmt: skip
    edge = rules[-1]["edge_definitions"][0]
    assert set(edge) == {"from_vertex", "to_vertex", "edge_id_template", "edge_properties"}
    assert set(edge["edge_id_template"]) == {"label", "template"}


def test_what_cannot_be_loaded_is_said(made: dms.Plan) -> None:
    said = "\n".join(made.left_out)
    for part in (
        "people.full_name: it is combined", "people.city: it is computed by SQL", "people.gender: its values are replaced",
        "rows flagged by gone", "people to identifiers", "views to products: it is a query, not a table",
        "bills to tickets: it maps only some",
        "quantity and amount", "so `fullcircle run` makes them",
    ):  # fmt: skip
        assert part in said
    assert {vertex.object for vertex in made.vertices} == {"people", "goods", "sales", "bills"}


RR = "PREFIX rr: <http://www.w3.org/ns/r2rml#> "


def test_r2rml_says_the_same_in_rdf(company: Config, made: dms.Plan) -> None:
    graph = Store()
    graph.load(dms.r2rml(made), format=RdfFormat.TURTLE, base_iri="urn:map")
    maps = list(
        graph.query(RR + "SELECT * { ?map rr:logicalTable/rr:tableName ?table ; rr:subjectMap ?s . ?s rr:template ?template }")
    )
    assert len(maps) == len(made.vertices) + len(made.edges)
    for one in maps:
        table, template = one["table"].value.strip('"'), one["template"].value.replace('"', "")
        in_iris = [{name: quote(str(value), safe="") for name, value in row.items()} for row in rows_of(company.folder, table)]
        iris = {NamedNode(filled(template, row)).value for row in in_iris}
        of_edge = "#CONTAINS" in one["map"].value
        assert iris, table
        assert all(vocabulary.iri(vocabulary.id_of(iri)) == iri for iri in iris), "the IRIs are those of our own ids"
        assert not of_edge or iris == {"urn:fullcircle:order:shop:bills:7"}
    graphs = [row["g"].value for row in graph.query(RR + "SELECT ?g { ?m rr:subjectMap/rr:graph ?g }")]
    assert graphs == [vocabulary.VERTEX_GRAPH] * len(made.vertices)
    (edge,) = graph.query(RR + "SELECT ?t { ?m rr:subjectMap/rr:graphMap/rr:template ?t }")
    lines = rows_of(company.folder, "lines")
    coded = [{name: quote(str(value), safe="") for name, value in row.items()} for row in lines]
    assert {vocabulary.id_of(filled(edge["t"].value, row)) for row in coded} == EDGE_IDS
    classes = {row["c"].value for row in graph.query(RR + "SELECT ?c { ?m rr:subjectMap/rr:class ?c }")}
    assert classes == {vocabulary.class_of(vertex.label) for vertex in made.vertices}
    assert bool(graph.query(RR + 'ASK { ?o rr:column "price" ; rr:datatype <http://www.w3.org/2001/XMLSchema#double> }'))
    assert not bool(graph.query(RR + "ASK { ?m rr:parentTriplesMap|rr:sqlQuery|rr:inverseExpression ?x }")), (
        "DMS knows none of these"
    )


MORPH = "import morph_kgc, sys\nif __name__ == '__main__': print('\\n'.join(morph_kgc.materialize_set(sys.argv[1])))\n"


def test_an_r2rml_engine_makes_our_graph_of_it(company: Config, made: dms.Plan) -> None:
    pytest.importorskip("morph_kgc", reason="NOT TESTED with an R2RML engine: morph-kgc is not installed")
    folder = company.folder
    (folder / "map.ttl").write_text(dms.r2rml(made))
    about = f"[S]\nmappings={folder}/map.ttl\ndb_url=sqlite:///{folder}/shop.sqlite\n"
    (folder / "morph.ini").write_text(f"[CONFIGURATION]\noutput_format=N-QUADS\n{about}")
    (folder / "morph.py").write_text(MORPH)
    command = [sys.executable, str(folder / "morph.py"), str(folder / "morph.ini")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    store = Store()
    store.load("".join(f"{line} .\n" for line in done.stdout.splitlines()), format=RdfFormat.N_QUADS)
    edges = store.quads_for_pattern(None, NamedNode(vocabulary.class_of("CONTAINS")), None, None)
    assert {vocabulary.id_of(quad.graph_name.value) for quad in edges} == EDGE_IDS
    people = store.quads_for_pattern(None, None, NamedNode(vocabulary.class_of("Record")), NamedNode(vocabulary.VERTEX_GRAPH))
    assert {vocabulary.id_of(quad.subject.value) for quad in people} == {"record:shop:people:1", "record:shop:people:2"}


def call(folder: Path, *words: str) -> Any:
    room = typer.Typer()
    room.callback()(lambda: None)
    graph_dms.register(room)
    return CliRunner().invoke(room, ["dms-mapping", *words, "--config", str(folder / "fullcircle.toml")])


def test_the_verb_prints_the_mapping_and_says_what_is_left_out(company: Config) -> None:
    done = call(company.folder, "shop")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["rules"]
    assert "left out: people.city" in done.stderr
    out = company.folder / "map.ttl"
    assert call(company.folder, "shop", "--format", "r2rml", "--out", str(out)).stdout == ""
    assert out.read_text().startswith("@prefix rr:")


def test_keys_that_the_config_does_not_name_are_asked_of_the_database(company: Config) -> None:
    path = company.folder / "fullcircle.toml"
    path.write_text(path.read_text().replace('key = ["year", "number"]', 'table = "sales"'))
    rules = json.loads(call(company.folder, "shop").stdout)["rules"]
    assert "order:shop:sales:{year}|{number}:sale" in [
        rule["vertex_definitions"][0]["vertex_id_template"] for rule in rules if "vertex_definitions" in rule
    ]


def test_only_databases_can_be_loaded(company: Config) -> None:
    assert isinstance(call(company.folder, "files").exception, ConfigError)
    assert isinstance(call(company.folder, "nowhere").exception, NotFound)
