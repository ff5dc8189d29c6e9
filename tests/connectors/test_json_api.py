"""JSON:API documents: what each resource becomes as a row."""

from __future__ import annotations

import json

import pytest

from fullcircle.connectors.sources.files.jsonapi import is_resource, lifted, places
from fullcircle.connectors.sources.files.jsonlines import read
from fullcircle.connectors.sources.files.part import How
from fullcircle.engine.duckdb import DuckDB

ORDER = (
    '{"type": "orders", "id": "1", "attributes": {"total": 1.10, "note": null}, '
    '"relationships": {"customer": {"data": {"type": "people", "id": "7"}}, "store": {"links": {}}}}'
)
PERSON = '{"type": "people", "id": "7", "attributes": {"name": "Iris"}}'


def test_a_value_stays_as_it_is_written_and_a_relationship_is_an_id():
    text = lifted(ORDER, {})
    assert '"total": 1.10' in text
    assert json.loads(text) == {"total": 1.1, "note": None, "type": "orders", "id": "1", "customer_id": "7"}


def test_what_is_included_stands_in_the_row():
    text = '{"data": [' + ORDER + '], "included": [' + PERSON + "]}"
    place, included = places(text) or ((0, 0), {})
    assert text[place[0] : place[1]] == f"[{ORDER}]"
    assert json.loads(lifted(ORDER, included))["customer"] == {"name": "Iris", "id": "7"}


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "order", "id": 1, "attributes": {"gift": true}, "total": "5.00"}',  # attributes of its own beside its columns
        '{"type": "order", "id": 1, "attributes": [{"name": "color"}]}',
        '{"id": 1, "attributes": {"a": 1}}',
    ],
)
def test_other_objects_stay_as_they_are(text):
    assert not is_resource(json.loads(text))
    assert lifted(text, {}) == text
    assert places('{"data": [' + text + "]}") is None


@pytest.mark.parametrize(
    "text", ['{"data": [], "meta": {}}', '{"data": {"attributes": {', '[{"attributes": {}}]', '"attributes"']
)
def test_empty_cut_and_other_documents_are_none(text):
    assert places(text) is None


def test_pages_line_by_line_are_the_rows_of_each(tmp_path):
    orders = [ORDER.replace('"1"', f'"{number}"') for number in (1, 2, 3)]
    lines = ['{"data": [' + one + '], "included": [' + PERSON + '], "links": {"next": "..."}}' for one in orders[:2]]
    lines.append('{"data": ' + orders[2] + "}")
    (tmp_path / "orders.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    engine = DuckDB()
    parts = list(read(tmp_path / "orders.jsonl", How(), engine))
    engine.close()
    rows = [row for part in parts for row in part.rows.to_pylist()]
    assert [(row["id"], row["total"], row["customer_id"]) for row in rows] == [
        ("1", "1.10", "7"),
        ("2", "1.10", "7"),
        ("3", "1.10", "7"),
    ]
    assert [number for part in parts for number in part.lines.to_pylist()] == [1, 2, 3]


def test_attributes_within_a_profile_are_attributes():
    text = '{"type": "users", "id": "1", "attributes": {"email": "a@b.example", "profile": {"givenName": "Ida", "email": "x"}}}'
    assert json.loads(lifted(text, {})) == {"email": "a@b.example", "givenName": "Ida", "type": "users", "id": "1"}
