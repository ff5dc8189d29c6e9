"""An answer of an API is a list in an object: its rows are those of the list."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.connectors.sources.files.wrapped import inside
from tests.properties import examples

ROWS = '[{"id": 1.10, "name": "a, b"},\n {"id": 2}]'


@pytest.mark.parametrize(
    "text",
    [
        f'{{"orders": {ROWS}}}', f'{{"count": 2, "next_page": null, "results": {ROWS}}}', f'{{"data": {{"orders": {ROWS}}}}}',
        f'{{"@odata.context": "x", "value": {ROWS}}}', f' {{"success":true,"data":{ROWS},"has_more":false,"object":"list"}} ',
        f'{{"meta": {{"total": 2}}, "links": [{{"rel": "next"}}], "customers": {ROWS}}}',
    ],
)  # fmt: skip
def test_the_list_is_found(text):
    begin, end = inside(text)
    assert text[begin:end] == ROWS


@pytest.mark.parametrize(
    "text",
    [
        '{"id": 7, "email": "a@b.example", "line_items": [{"sku": "K"}]}', '{"orders": []}', '{"tags": ["a", "b"]}', '{"a": 1',
        '{"orders": [{"id": 1}], "customers": [{"id": 1}]}', "[]", "", '{"name": "Iris", "orders": [{"id": 1}]}',
    ],
)  # fmt: skip
def test_an_object_that_is_a_row_stays_one(text):
    assert inside(text) is None


@given(
    st.dictionaries(st.text(max_size=8), st.recursive(st.none() | st.integers() | st.text(max_size=8), st.lists, max_leaves=4))
)
@settings(max_examples=examples(60))
def test_whatever_is_found_is_a_list_of_objects(value):
    for text in (json.dumps(value), json.dumps({"data": [value], "page": 1}, indent=1)):
        found = inside(text)
        if found:
            rows = json.loads(text[found[0] : found[1]])
            assert isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    assert found
