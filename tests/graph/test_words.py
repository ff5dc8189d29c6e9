"""What customers are found by: as people type it, over all records of a customer, in every store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.base import GraphStore
from fullcircle.graph.tables.people import IDENTIFIER
from fullcircle.graph.words import folded, folded_sql, search_sql, tries
from fullcircle.model.tables import ADDRESSES, CUSTOMERS, IDENTIFIERS, MEMBERS, ORDERS, RECORDS, TICKETS
from tests.graph import town
from tests.graph.conftest import STORES, as_parameter
from tests.properties import examples

RUTH, JUN, BOB, OLD = "customer:ruth", "customer:jun", "customer:bob", "customer:old"
# (record, customer, full name, its raw form, e-mail, phone, phone as it was, city, postcode)
RECORDS_MADE = (
    ("1", RUTH, "Ruth Lindqvist", "Lindqvist, Ruth", "ruth@example.net", "+61412555106", None, "Perth", "06000"),
    ("2", RUTH, "Ruth Øster", "ØSTER Ruth", "r.oster+shop@old.example.org", "+498912345", None, "Łódź", None),
    ("3", JUN, "Jürgen Groß", None, None, "08912399", None, "München", "01067"),
    ("4", BOB, "Bob O’Hara", None, "bob@example.com", "+15125550101", None, "Austin", None),
    ("5", BOB, "Robert Ohara", None, None, None, "12 34 (home)", None, None),
    ("6", OLD, "Олег Иванов", None, None, "+79123456789", None, "Москва", None),
)
FOUND = {
    "0412 555 106": RUTH, "+61 412-555-106": RUTH, "0061 412 555 106": RUTH, "(0412) 555.106": RUTH, "+61 (0)412 555 106": RUTH,
    "412555106": RUTH, "(089) 123 45": RUTH, "08912345": RUTH, "+49 89 12345": RUTH, "089 123 99": JUN,
    "512-555-0101": BOB, "(512) 555-0101": BOB, "1 512 555 0101 x12": BOB, "555-0101": BOB, "8 912 345-67-89": OLD,
    "12 34": BOB, "ruth": RUTH, "ØSTER": RUTH, "oster": RUTH, "r.oster+shop@old.example.org": RUTH, "R.Oster": RUTH,
    "old.example.org": RUTH, "lindqvist perth": RUTH, "lodz": RUTH, "juergen": JUN, "jurgen gross": JUN, "JÜRGEN": JUN,
    "muenchen": JUN, "ohara": BOB, "O'Hara": BOB, "robert": BOB, "Smith & hara bob": "", "& bob": BOB, "quist": "", "qvist": RUTH,
    "01067": JUN, "6000 ruth": RUTH, "ИВАНОВ": OLD, "LC-77 420": JUN, "lc77420": JUN, "77420": JUN, "nobody": "", "%": "",
    "ruth 0412 555 106": RUTH, "bob 0412 555 106": "", "'": "", "\\": "", ".*": "", '"': "", "000": "", "Jürgen Groẞ": JUN,
}  # fmt: skip


@pytest.fixture(scope="module")
def texts() -> Iterator[dict[str, str]]:
    """Customer -> the text it is found by."""
    engine = DuckDB()
    for table in (RECORDS, MEMBERS, IDENTIFIERS, ADDRESSES, CUSTOMERS):
        engine.run(table.ddl())
    for key, customer, *values in RECORDS_MADE:
        record = f"record:a:b:{key}"
        names = "full_name, full_name_raw, email, phone, phone_raw, city, postcode"
        given = ", ".join("NULL" if value is None else f"'{value}'" for value in values)
        engine.run(f"INSERT INTO records (record_id, {names}) VALUES ('{record}', {given})")
        engine.run(f"INSERT INTO members (record_id, customer_id) VALUES ('{record}', '{customer}')")
    engine.run("INSERT INTO identifiers (record_id, kind, value) VALUES ('record:a:b:3', 'loyalty', 'LC-77 420')")
    engine.run(f"INSERT INTO customers (customer_id, name) VALUES ('{OLD}', 'Oleg')")
    yield dict(engine.rows(search_sql("true")))
    engine.close()


@pytest.fixture(scope="module", params=[as_parameter(name) for name in sorted(STORES)])
def crowd(
    request: pytest.FixtureRequest, texts: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GraphStore]:
    opened = STORES[request.param](request, tmp_path_factory.mktemp("crowd"))
    people = [{"id": id, "name": id.removeprefix("customer:"), "search": text} for id, text in texts.items()]
    opened.write_vertices("Customer", town.rows("Customer", *people))
    yield opened
    opened.close()


def test_what_people_type_finds_whom_they_mean(crowd: GraphStore) -> None:
    odd = {}
    for words, wanted in FOUND.items():
        ids = [one.id for one in crowd.find("Customer", words)]
        if ids != ([wanted] if wanted else []):
            odd[words] = ids
    assert not odd
    assert len(crowd.find("Customer", "example")) == 2
    assert len(crowd.find("Customer", "", limit=3)) == 3


def test_several_vertices_by_id(crowd: GraphStore) -> None:
    assert set(crowd.vertices([RUTH, "customer:nobody", "dragon:1", BOB])) == {RUTH, BOB}  # type: ignore[attr-defined]
    assert crowd.vertices([]) == {}  # type: ignore[attr-defined]


def test_a_graph_without_the_text_is_searched_as_before(tmp_path_factory: pytest.TempPathFactory) -> None:
    store = STORES["memory"](None, tmp_path_factory.mktemp("old"))  # type: ignore[arg-type]
    town.settle_in(store)
    assert [one.id for one in store.find("Customer", "ada@example.org")] == [town.ADA]
    store.write_vertices("Customer", town.rows("Customer", {"id": town.BEN, "name": "Ben Ito", "search": "|ben|ito|"}))
    assert [one.id for one in store.find("Customer", "ada@example.org")] == []  # a run has written the texts since
    assert [one.id for one in store.find("Customer", "ITO")] == [town.BEN]


LETTER = st.characters(exclude_categories=["Cs", "Cn", "Co"], max_codepoint=0xD7A3)


@given(st.lists(st.text(LETTER, min_size=1, max_size=12), min_size=30, max_size=30))
@settings(max_examples=examples(20))
def test_both_sides_fold_alike(words: list[str]) -> None:
    engine = DuckDB()
    try:
        for word in words:
            said = engine.value(f"SELECT {folded_sql('$w')}", {"w": word.replace("\0", "")}) or ""
            assert folded(said) == said
            assert folded(word.replace("\0", "")) == said, [hex(ord(letter)) for letter in word]
    finally:
        engine.close()


@given(st.text(LETTER, max_size=30))
@settings(max_examples=examples(200))
def test_whatever_is_typed_makes_plain_pieces(words: str) -> None:
    for pieces in tries(words):
        assert all(piece.strip("|") and " " not in piece and piece == piece.lower() for piece in pieces)


def test_numbers_beside_keys_are_in_the_text_and_of_two_sources_apart():
    engine = DuckDB()
    for table in (RECORDS, MEMBERS, IDENTIFIERS, ADDRESSES, CUSTOMERS, ORDERS, TICKETS):
        engine.run(table.ddl())
    for key, customer in (("1", "customer:one"), ("2", "customer:two")):
        engine.run(f"INSERT INTO records (record_id, full_name) VALUES ('r{key}', 'Ada')")
        engine.run(f"INSERT INTO members (record_id, customer_id) VALUES ('r{key}', '{customer}')")
        engine.run(f"INSERT INTO customers (customer_id, name) VALUES ('{customer}', 'Ada')")
        engine.run(
            f"INSERT INTO identifiers (record_id, kind, value, source) VALUES ('r{key}', 'customer_no', 'CLI-3', 's{key}')"
        )
    engine.run("INSERT INTO orders (order_id, record_id, number) VALUES ('o', 'r1', '#1001')")
    engine.run("INSERT INTO tickets (ticket_id, record_id, number) VALUES ('t', 'r2', '00001026')")
    found = dict(engine.rows(search_sql("true", ["orders", "tickets"])))
    assert found["customer:one"] == "|1001||ada||cli3||cli|3|"
    assert "|1026|" in found["customer:two"] and "1001" not in found["customer:two"]
    ids = engine.rows(f"SELECT id FROM ({IDENTIFIER}) ORDER BY id")
    assert ids == [("identifier:customer_no:s1:CLI-3",), ("identifier:customer_no:s2:CLI-3",)]
    engine.close()
