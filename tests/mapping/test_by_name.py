"""A link by name is made if exactly one row has the name, whatever the names are; all others are counted and reported."""

from collections import Counter
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fullcircle.config.sections import FieldRule
from fullcircle.engine.duckdb import DuckDB
from fullcircle.mapping.by_name import link_by_name
from fullcircle.model.tables import CONFORMED
from tests.mapping.conftest import Recording
from tests.properties import examples

PREFIX = "account:crm:companies:"
NAMES = st.sampled_from(
    ["Tallow", "tallow ", " TALLOW", "Quill  Ltd", "quill ltd", "Größe", "größe", "", " ", "O'Neil", "a,b", "%", "名前", "x"]
)


@pytest.fixture(scope="module")
def small():
    engine = DuckDB(threads=1, memory="300MB")
    yield engine
    engine.close()


def same(name: str) -> str:
    return " ".join(name.split()).strip(" ,").lower()


@settings(max_examples=examples(25))
@given(there=st.lists(NAMES, max_size=6), asked=st.lists(NAMES, max_size=6))
@example(there=["Tallow", "tallow "], asked=["TALLOW"])
def test_only_a_name_that_one_row_has_is_a_link(small, there, asked):
    small.run("CREATE OR REPLACE TEMP TABLE staged_accounts (account_id VARCHAR, name VARCHAR)")
    small.run("CREATE OR REPLACE TEMP TABLE staged_records (n INTEGER, account_id VARCHAR, _place INTEGER)")
    for number, name in enumerate(there):
        small.run("INSERT INTO staged_accounts VALUES ($id, $name)", {"id": f"{PREFIX}{number}", "name": name})
    small.run("INSERT INTO staged_accounts VALUES ('account:crm:others:1', 'x')")
    for number, name in enumerate(asked):
        small.run("INSERT INTO staged_records VALUES ($n, $ref, 0)", {"n": number, "ref": PREFIX + name})
    rule = FieldRule(field="company", ref="companies", by="name")
    one = SimpleNamespace(
        refs={"account_id": PREFIX}, table=CONFORMED["records"], place=0,
        settings=SimpleNamespace(fields={"account_id": rule}, source="crm", object="contacts"),
    )  # fmt: skip
    progress = Recording()
    link_by_name(small, [one], progress)
    count = Counter(same(name) for name in there)
    expected = [
        f"{PREFIX}{[same(each) for each in there].index(same(name))}" if same(name) and count[same(name)] == 1 else None
        for name in asked
    ]
    assert [row[0] for row in small.rows("SELECT account_id FROM staged_records ORDER BY n")] == expected
    assert bool(progress.said) is any(each is None for each in expected)
    assert not any("allow" in text.lower() for text in progress.said)  # a message never has a value
