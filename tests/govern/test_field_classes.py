"""Every field that comes with the product has a class; what comes from elsewhere has one only if its declaration says so."""

from pathlib import Path

import pytest

from fullcircle.config.read import read_config
from fullcircle.home.tables_file import tables_for_reading
from fullcircle.model.field_classes import CLASSES, KINDS, READ_APART, UNCLASSIFIED, class_of, classes_of
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.identifiers import IDENTIFIER_KINDS
from fullcircle.model.tables import TABLES

SEES_ALL = {("Customer", "search"), ("quarantine", "reason"), ("quarantine", "raw")}  # what repeats everything


def test_every_property_of_the_graph_is_classified() -> None:
    for name, label in {**VERTICES, **EDGES}.items():
        for field in label.properties:
            known = class_of(name, field)
            assert known in {*CLASSES, *READ_APART}, (name, field)
            assert known != UNCLASSIFIED or (name, field) in SEES_ALL, (name, field)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_classified(table: str) -> None:
    for column in TABLES[table].columns:
        known = class_of(table, column.name)
        assert known in {*CLASSES, *READ_APART}, (table, column.name)
        assert known != UNCLASSIFIED or (table, column.name) in SEES_ALL, (table, column.name)


def test_every_column_of_an_insight_that_a_run_makes_is_classified(project: Path) -> None:
    with tables_for_reading(read_config(project)) as tables:
        for (table,) in tables.rows("SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'insight_%'"):
            assert set(tables.columns(table)) <= set(classes_of(table)), table


def test_every_kind_of_identifier_is_classified() -> None:
    assert set(IDENTIFIER_KINDS) <= set(KINDS)


def test_what_is_not_known_is_unclassified() -> None:
    assert class_of("Customer", "shoe_size") == class_of("no_such_table", "email") == UNCLASSIFIED


def test_a_table_of_the_graph_has_the_classes_of_its_label() -> None:
    assert class_of("vertices_customer", "email") == "contact"
    assert class_of("edges_resolves_to", "source") == "id"
