"""Files whose names differ by a number only are one object if their headers say so."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.connectors.sources.files.kinds import are_alike
from fullcircle.errors import SourceChanged
from tests.connectors.town import Town
from tests.properties import examples

PEOPLE, ORDERS = "id,name,email,city\n1,Ada,ada@tal.example,Graz\n", "id,customer_id,total,ordered\n7,1,12.50,2024-01-02\n"


@pytest.mark.parametrize(
    ("names", "objects"),
    [
        (("F0101.csv", "F4211.csv"), ["F0101", "F4211"]),
        (("table1.csv", "table2.csv"), ["table1", "table2"]),
        (("export_1.csv", "export_2.csv"), ["export_1", "export_2"]),
        (("KNA1.csv", "KNA2.csv"), ["KNA1", "KNA2"]),
    ],
)
def test_files_without_a_column_in_common_are_objects_of_their_own(
    town: Town, names: tuple[str, str], objects: list[str]
) -> None:
    town.put(names[0], PEOPLE)
    town.put(names[1], ORDERS)
    assert list(town.pull()) == objects
    assert town.rows(objects[1], "total") == [("12.50",)]
    assert any("differ by a number only" in said and all(one in said for one in objects) for said in town.said)
    assert all(one.rows == 0 for one in town.pull().values())


@pytest.mark.parametrize(
    "names", [("orders_2024_01.csv", "orders_2024_02.csv"), ("orders1.csv", "orders2.csv"), ("F1.csv", "F2.csv")]
)
def test_parts_of_one_export_are_one_object(town: Town, names: tuple[str, str]) -> None:
    town.put(names[0], ORDERS)
    town.put(names[1], "ID;Customer ID;Total;Ordered;Note\n8;1;3.00;2024-02-02;x\n")
    [(_, landed)] = town.pull().items()
    assert landed.rows == 2
    assert not any("differ by a number" in said for said in town.said)


def test_a_date_in_the_name_says_that_they_are_parts(town: Town) -> None:
    town.put("orders_2024_01.csv", ORDERS)
    town.put("orders_2024_02.csv", "Nr,Kunde,Summe\n8,1,3.00\n")
    assert list(town.pull()) == ["orders"]
    assert any("columns of the file before are missing" in said for said in town.said)


def test_a_third_file_joins_the_one_that_it_is_like(town: Town) -> None:
    town.put("table1.csv", PEOPLE)
    town.put("table2.csv", ORDERS)
    town.put("table3.csv", PEOPLE.replace("1,Ada,ada", "2,Bo,bo"))
    assert {name: one.rows for name, one in town.pull().items()} == {"table1": 2, "table2": 1}


def test_files_read_as_one_before_are_asked_about_and_can_be_either(town: Town) -> None:
    town.put("table1.csv", PEOPLE)
    town.pull()  # alone: the object `table`
    town.put("table2.csv", ORDERS)
    with pytest.raises(SourceChanged, match=r"table1 and table2 .* one object, table") as stopped:
        town.pull()
    assert 'files = "table*"' in stopped.value.hint
    assert len(town.rows("table")) == 1
    town.pull(objects={"table": {"files": "table*"}})
    assert len(town.rows("table")) == 2
    landed = town.pull(objects={"table1": {"files": "table1.*"}, "table2": {"files": "table2.*"}})
    assert {name: one.rows for name, one in landed.items() if one.rows} == {"table1": 1, "table2": 1}


def test_an_object_of_the_config_may_have_the_whole_name_of_its_file(town: Town) -> None:
    town.put("F0101.csv", PEOPLE)
    town.put("F4211.csv", ORDERS)
    landed = town.pull(objects={"F0101": {"key": "id"}})
    assert {name: one.rows for name, one in landed.items()} == {"F0101": 1, "F": 1}


def test_a_file_that_cannot_be_read_stays_with_the_others(town: Town) -> None:
    town.put("orders1.csv", ORDERS)
    town.put("orders2.csv", "<html>\n<p>Please log in</p>\n")
    assert list(town.pull()) == ["orders"]


@settings(max_examples=examples(50))
@given(st.lists(st.frozensets(st.sampled_from(["id", "name", "mail", "city", "total", "date", "sku"])), min_size=2, max_size=5))
def test_likeness_is_the_same_from_both_sides(headers: list[frozenset[str]]) -> None:
    for one, other in pairwise(headers):
        assert are_alike(one, other) == are_alike(other, one)
        assert are_alike(one, one | other)
