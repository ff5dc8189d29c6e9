"""Files of one kind, month by month, whose columns change: right, and reported."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.connectors.pull import open_source
from fullcircle.connectors.sources.files.renamed import Headers
from fullcircle.errors import SourceChanged
from tests.connectors.test_workbooks import write_xlsx
from tests.connectors.town import Town
from tests.properties import examples

KEYED = {"orders": {"key": "id"}}


def said(town: Town, *words: str) -> bool:
    return any(all(word in text for word in words) for text in town.said)


def test_columns_that_are_added_reordered_missing_or_spelled_differently(town: Town) -> None:
    town.put("orders-2024-01.csv", "id,Order Date,Email,total\n1,2024-01-05,ada@example.com,5\n")
    town.put("orders-2024-02.csv", "total;E-Mail;order_date;id;currency\n6;bo@example.com;2024-02-05;2;EUR\n")
    town.put("orders-2024-03.csv", "id,Order Date,mail,total\n3,2024-03-05,cy@example.com,7\n")
    write_xlsx(town.files / "orders-2024-04.xlsx", {"One": [["ID", "ORDER DATE", "Email"], [4, "2024-04-05", "d@example.com"]]})
    town.pull(objects=KEYED)
    columns = 'id, "Order Date", "Email", total, currency, mail'
    assert town.rows("orders", columns) == [
        ("1", "2024-01-05", "ada@example.com", "5", None, None),
        ("2", "2024-02-05", "bo@example.com", "6", "EUR", None),
        ("3", "2024-03-05", None, "7", None, "cy@example.com"),
        ("4", "2024-04-05", "d@example.com", None, None, None),
    ]
    assert said(town, "orders-2024-02.csv", 'the column "order_date" is read as "Order Date"')
    assert said(town, "orders-2024-02.csv", "columns are new: currency")
    assert said(town, "orders-2024-03.csv", "missing, and empty in its rows: Email, currency")
    assert said(town, "orders-2024-03.csv", 'rename = { "mail" = "Email" }')
    town.put("orders-2024-05.csv", "id,Order Date,mail,total\n5,2024-05-05,e@example.com,7\n")
    town.pull()
    assert said(town, "orders-2024-05.csv", "missing, and empty in its rows: Email")
    assert not said(town, "orders-2024-03.csv")
    town.pull(objects={"orders": {"key": "id", "rename": {"mail": "Email"}}})
    assert town.rows("orders", '"Email"') == [(f"{name}@example.com",) for name in ("ada", "bo", "cy", "d", "e")]


def test_what_is_found_has_the_columns_of_the_first_and_the_last_file(town: Town) -> None:
    town.put("orders-1.csv", "Order ID,old\n1,x\n")
    town.put("orders-2.csv", "order_id,new\n2,y\n")
    town.pull()
    from fullcircle.config.sections import SourceSettings

    source = open_source("shop", SourceSettings(connector="files", path="in"), town.folder)
    [found] = source.discover()
    source.close()
    assert [one.name for one in found.fields] == ["Order ID", "new", "old"]


def test_names_that_could_be_two_stay_apart(town: Town) -> None:
    town.put("orders-1.csv", "a b,a-b,c\n1,2,3\n")
    town.put("orders-2.csv", "ab,c\n4,5\n")
    town.put("orders-3.csv", "C,c_\n6,7\n")
    town.pull()
    assert town.rows("orders", '"a b", "a-b", c, ab, "c_"') == [
        ("1", "2", "3", None, None),
        (None, None, "5", "4", None),
        (None, None, "6", None, "7"),
    ]


NAMES = st.lists(st.text("aAbB _-1ä", min_size=1, max_size=4), min_size=1, max_size=5, unique=True)


@settings(max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NAMES, min_size=1, max_size=4))
def test_every_column_of_every_file_has_a_name_of_its_own(files: list[list[str]]) -> None:
    import pyarrow as pa

    headers = Headers({})
    for names in files:
        rows = pa.table([pa.array([str(place)]) for place in range(len(names))], names=names)
        named = headers.named(rows)
        assert [column.to_pylist() for column in named.columns] == [[str(place)] for place in range(len(names))]
        assert len({name.casefold() for name in named.schema.names}) >= len({name.casefold() for name in names})
        headers.read(names, named.schema.names)
        again = headers.named(rows)
        assert again.schema.names == named.schema.names, "read again, it has the same names"


@pytest.mark.parametrize("name", ["orders.tsv", "orders.txt", "orders.csv"])
def test_text_files_of_every_ending(town: Town, name: str) -> None:
    town.put(name, "id\tname\n1\tAda\n")
    town.pull()
    assert town.rows("orders") == [("1", "Ada")]


@pytest.mark.parametrize(
    "damaged", [b"\x81\x8d\x8f\x90,\x9d\xff\n\x81\x8d\x8f\x90,\x9d\n", b"<html>\n<p>Please log in</p>\n", b"a,b\n1,2\n"]
)
def test_a_file_without_any_of_its_columns_stops_and_what_was_read_stays(town: Town, damaged: bytes) -> None:
    town.put("orders.csv", "id,Order Date,total\n1,2024-01-05,5\n2,2024-01-06,6\n")
    town.pull(objects=KEYED)
    (town.files / "orders.csv").write_bytes(damaged)
    with pytest.raises(SourceChanged, match="none of the columns"):
        town.pull(objects=KEYED)
    assert town.rows("orders", "id") == [("1",), ("2",)]
    town.put("orders.csv", "ID,order date,sum\n1,2024-01-05,5\n")  # some are there: told, and read
    town.pull(objects=KEYED)
    assert town.rows("orders", "id") == [("1",)]


@pytest.mark.parametrize("empty", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_a_file_that_was_emptied_stops_and_what_was_read_stays(town: Town, empty: bytes) -> None:
    town.put("orders_1.csv", "id,total\n1,5\n")
    town.put("orders_2.csv", "")  # empty from the start: no rows yet
    town.pull(objects=KEYED)
    (town.files / "orders_1.csv").write_bytes(empty)
    with pytest.raises(SourceChanged, match="is empty now, without even a header"):
        town.pull(objects=KEYED)
    assert town.rows("orders", "id") == [("1",)]
    (town.files / "orders_1.csv").write_bytes(b"id,total\n")
    town.pull(objects=KEYED)
    assert town.rows("orders", "id") == []
