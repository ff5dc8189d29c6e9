"""`map check` names what no map reads: rows that are suppliers, columns of refusals."""

from __future__ import annotations

import pytest

from fullcircle.ask.unsaid import unsaid
from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.engine.duckdb import DuckDB


@pytest.fixture
def engine():
    engine = DuckDB(threads=1)
    yield engine
    engine.close()


TABLE = """CREATE TABLE people AS SELECT * FROM (VALUES ('1', 'Ida', 'Kunde', NULL), ('2', 'Bea', 'Lieferant', '2025-02-03'))
    t(nr, name, "Kategorie", "Einwilligung entzogen")"""


def _map(**more):
    return MapSettings(source="crm", object="people", to="records", fields={"full_name": FieldRule(field="name")}, **more)


def test_suppliers_and_refusals_that_no_map_reads_are_named(engine):
    engine.run(TABLE)
    assert unsaid(engine, "people", [_map()]) == [
        "1 row may be staff or suppliers by Kategorie (Lieferant): a `where` would leave them out",
        "Einwilligung entzogen: no map reads what this says of consent",
    ]


def test_what_a_map_mentions_is_not(engine):
    engine.run(TABLE)
    fields = {"purpose": FieldRule(value="email"), "refused": FieldRule(field="Einwilligung entzogen")}
    refused = MapSettings(source="crm", object="people", to="consents", fields=fields)
    assert unsaid(engine, "people", [_map(where="\"Kategorie\" <> 'Lieferant'"), refused]) == []


def test_a_yes_and_no_about_a_way_is_named_and_another_word_is_not(engine):
    engine.run("""CREATE TABLE people AS SELECT * FROM (VALUES ('1', 'Ida', 'ja', 'a'), ('2', 'Bea', 'nein', 'b'))
        t(nr, name, "Werbung SMS", "Contact")""")
    assert unsaid(engine, "people", [_map()]) == ["Werbung SMS: no map reads what this says of consent"]
