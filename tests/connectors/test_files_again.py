"""Reading files again: a file is what it holds now, and what landed later wins."""

import gzip
import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fullcircle.errors import ConfigError, SourceBroken, SourceChanged
from tests.connectors.town import Town
from tests.properties import examples

ORDERS = {"orders": {"key": "id"}}


def test_a_replaced_file_without_a_key_holds_only_its_new_rows(town: Town) -> None:
    town.put("sales.csv", "order,price,status\nO1,10.00,pending\nO2,20.00,pending\n")
    town.pull()
    town.put("sales.csv", "order,price,status\nO1,10.00,shipped\nO2,20.00,shipped\n")
    landed = town.pull()["sales"]
    assert town.rows("sales") == [("O1", "10.00", "shipped"), ("O2", "20.00", "shipped")]
    assert (landed.rows, landed.deleted) == (2, 2)
    assert any("2 rows of what was read before" in text for text in town.said)


@pytest.mark.parametrize("objects", [{}, ORDERS])
def test_a_file_that_shrinks_or_grows_is_what_it_holds(town: Town, objects: dict[str, Any]) -> None:
    town.put("orders.csv", "id,total\n1,5\n2,6\n3,7\n")
    town.pull(objects=objects)
    town.put("orders.csv", "id,total\n1,5\n3,7\n")
    landed = town.pull()["orders"]
    assert town.rows("orders") == [("1", "5"), ("3", "7")]
    assert (landed.rows, landed.deleted) == (0, 1)
    town.put("orders.csv", "id,total\n1,5\n3,7\n4,8\n")
    landed = town.pull()["orders"]
    assert town.rows("orders") == [("1", "5"), ("3", "7"), ("4", "8")]
    assert (landed.rows, landed.deleted) == (1, 0)
    town.put("orders.csv", "id,total\n")
    assert town.pull()["orders"].deleted == 3
    assert town.rows("orders") == []


@pytest.mark.parametrize("objects", [{}, ORDERS])
def test_a_removed_file_takes_its_rows_along_but_not_those_of_others(town: Town, objects: dict[str, Any]) -> None:
    old = town.put("orders_1.csv", "id,total\n1,5\n2,6\nx\n")
    town.put("orders_2.csv", "id,total\n2,6\n3,7\n")
    town.pull(objects=objects)
    assert town.rows("orders") == [("1", "5"), ("2", "6"), ("3", "7")]
    old.unlink()
    assert town.pull()["orders"].deleted == 1
    assert town.rows("orders") == [("2", "6"), ("3", "7")]
    assert town.rejects("orders") == []
    assert any("orders_1.csv is gone" in text for text in town.said)
    assert town.pull()["orders"].deleted == 0
    assert not town.said


def test_an_object_whose_last_file_is_gone_is_empty(town: Town) -> None:
    gone = town.put("orders.csv", "id,total\n1,5\n")
    town.put("people.csv", "id,name\n1,Ada\n")
    town.pull()
    gone.unlink()
    assert town.pull()["orders"].deleted == 1
    assert town.rows("orders") == []
    assert "orders" not in town.pull()


def test_an_empty_folder_is_asked_about(town: Town) -> None:
    path = town.put("orders.csv", "id,total\n1,5\n")
    town.pull()
    path.unlink()
    with pytest.raises(SourceChanged, match="holds no files any more") as caught:
        town.pull()
    assert 'removed = "delete"' in caught.value.hint
    assert town.rows("orders") == [("1", "5")]
    assert town.pull(removed="keep") == {}
    assert town.rows("orders") == [("1", "5")]
    assert town.pull(removed="delete")["orders"].deleted == 1
    assert town.rows("orders") == []


def test_files_that_are_moved_away_after_reading_can_be_kept(town: Town) -> None:
    path = town.put("orders_1.csv", "id,total\n1,5\n")
    town.pull(removed="keep", objects=ORDERS)
    path.unlink()
    town.put("orders_2.csv", "id,total\n2,6\n")
    town.pull()
    assert town.rows("orders") == [("1", "5"), ("2", "6")]


def test_an_earlier_file_that_is_corrected_does_not_win_over_a_later_one(town: Town) -> None:
    town.put("orders_2025-01.csv", "id,status\n1,placed\n2,placed\n")
    town.put("orders_2025-02.csv", "id,status\n1,refunded\n")
    town.pull(objects=ORDERS)
    assert town.rows("orders") == [("1", "refunded"), ("2", "placed")]
    town.put("orders_2025-01.csv", "id,status\n1,placed\n2,shipped\n3,placed\n")
    town.pull()
    assert town.rows("orders") == [("1", "refunded"), ("2", "shipped"), ("3", "placed")]
    sequence = town.landing.current_sql("shop", "orders", numbered=True)
    assert town.engine.rows(f"SELECT _key FROM ({sequence}) ORDER BY _seq") == [("2",), ("3",), ("1",)]


def test_the_order_of_landing_is_that_of_the_files_also_without_a_key(town: Town) -> None:
    town.put("orders_9.csv", "id,status\n1,z\n")
    town.put("orders_10.csv", "id,status\n1,a\n")
    town.pull()
    sequence = town.landing.current_sql("shop", "orders", numbered=True)
    assert town.engine.rows(f"SELECT status FROM ({sequence}) ORDER BY _seq DESC") == [("a",), ("z",)]


def test_other_options_read_the_files_again(town: Town) -> None:
    town.put("orders.csv", "id,total\n1,5\n2,6\n")
    town.pull()
    town.pull(objects=ORDERS)
    assert town.rows("orders", "_key") == [("1",), ("2",)]
    town.pull(objects={"orders": {"key": "id", "where": "total > '5'"}})
    assert town.rows("orders", "_key") == [("2",)]


def test_a_project_whose_files_were_read_by_an_older_version_is_read_again_once(town: Town) -> None:
    """The older version landed of a second file only the rows that the first one did not have."""
    town.put("orders_1.csv", "id,total\n1,5\n2,6\n")
    town.put("orders_2.csv", "id,total\n2,6\n")
    town.pull(objects=ORDERS)
    for (text,) in town.book.read("SELECT cursor FROM landed_cursor"):
        old = {"files": json.loads(text)["files"]}
        town.book.write("UPDATE landed_cursor SET cursor = ?", (json.dumps(old),))
    town.book.write("DELETE FROM landed_file WHERE reading_of = 'orders_2.csv'")
    (town.files / "orders_1.csv").unlink()
    town.pull()
    assert town.rows("orders") == [("2", "6")]
    before = town.landing.fingerprint()
    town.pull()
    assert town.landing.fingerprint() == before


# -- what the rows say themselves ------------------------------------------------------------------------------------
def test_deleted_and_merged_rows_of_a_file(town: Town) -> None:
    roles = {"key": "ID", "deleted": "ISDELETED", "merged_into": "MASTERRECORDID", "updated_at": "STAMP"}
    head = '"ID","ISDELETED","MASTERRECORDID","LASTNAME","STAMP"\n'
    stamp = "2024-05-05T10:00:00.000Z"
    town.put(
        "Contact.csv", f"{head}a,false,,Quill,{stamp}\nb,true,a,Quill,{stamp}\nc,true,,Gone,{stamp}\nd,false,,There,{stamp}\n"
    )
    town.pull(objects={"Contact": roles})
    assert town.rows("Contact", "_key, _op, _into") == [("a", "upsert", None), ("b", "merge", "a"), ("d", "upsert", None)]
    town.put("Contact_2.csv", f"{head}d,1,,There,{stamp}\n")
    assert town.pull()["Contact"].deleted == 1
    assert town.rows("Contact", "_key") == [("a",), ("b",)]


def test_what_the_options_need_is_said(town: Town) -> None:
    town.put("people.csv", "id,gone\n1,true\n")
    with pytest.raises(ConfigError, match="deleted, but no key"):
        town.pull(objects={"people": {"deleted": "gone"}})
    with pytest.raises(SourceChanged, match='no column "went"'):
        town.pull(objects={"people": {"key": "id", "deleted": "went"}})
    with pytest.raises(ConfigError, match="where does not work"):
        town.pull(objects={"people": {"where": "nothing = 1"}})


def test_where_keeps_some_rows_and_tells_how_many_it_left_out(town: Town) -> None:
    town.put("people.csv", "id,kind name,_place\n1,a,x\n2,b,y\n3,a,z\n4\n")
    landed = town.pull(objects={"people": {"key": "id", "where": "\"kind name\" = 'a'"}})["people"]
    assert (landed.rows, landed.rejected) == (2, 1)
    assert town.rows("people", "id, _place") == [("1", "x"), ("3", "z")]
    assert any("1 row was left out by `where`" in text for text in town.said)


def test_listing_one_object_does_not_drop_the_others(town: Town) -> None:
    town.put("people.csv", "id,name\n1,Ada\n")
    town.put("orders.csv", "id,total\n1,5\n")
    assert set(town.pull(objects={"people": {"key": "id"}})) == {"people", "orders"}
    assert set(town.pull(unlisted=False)) == {"people", "orders"}  # told once more, because its files are no object any more
    assert town.rows("orders") == []
    assert set(town.pull()) == {"people"}


def test_a_file_beside_the_pattern_of_its_name_is_told(town: Town) -> None:
    town.put("new/people.csv", "id,name\n1,Ada\n")
    town.put("old/people.csv", "id,name\n2,Bo\n")
    town.pull(objects={"people": {"files": "new/*"}})
    assert any("old/people.csv" in text for text in town.said)


def test_files_of_a_kind_that_is_not_read_are_told(town: Town) -> None:
    for name in ("old/people.vcf", "mail.mbox", "book.xlsb", "people.dbf", "export.dat", "report.pdf"):
        town.put(name, b"BEGIN:VCARD")
    with pytest.raises(SourceBroken, match=r"not read: book\.xlsb, export\.dat, mail\.mbox, old/people\.vcf"):
        town.pull()
    with pytest.raises(ConfigError, match=r"mail\.mbox cannot be determined"):
        town.pull(path="in/mail.mbox")
    town.options["path"] = "in"
    town.put("people.csv", "id,name\n1,Ada\n")
    town.put("orders.csv", "id,total\n1,5\n")
    town.put(".hidden.zip", b"PK")
    town.put("logo.png", b"PNG")
    town.pull()
    assert [text for text in town.said if "not known" in text] == [
        "shop.orders: not read, because this kind of file is not known: book.xlsb, export.dat, mail.mbox, old/people.vcf, "
        "people.dbf and 1 more; save as CSV or .xlsx"
    ]


# -- names and sizes -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name", ["a#1", "a%20b", "a?b", "a[1]", "a*b", "year=2024", "~b", "a b'c", "{x}", "a;b", "file:x", "ä\u00fc"]
)
def test_names_with_signs_are_names(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = tmp_path_factory.mktemp("odd") / name
    folder.mkdir()
    town = Town(folder)
    decoys = {"a?b": "axb", "a[1]": "a1", "a*b": "azzb"}
    for one, number in ((name, 1), (decoys.get(name, "decoy"), 2)):
        town.put(f"{one}/people.csv", f"id\n{number}\n")
        town.put(f"{one}/packed.csv.gz", gzip.compress(f"id,n\n{number},x\n".encode()))
        town.put(f"{one}/lines.jsonl", f'{{"id":"{number}"}}\n')
        pq.write_table(pa.table({"id": [str(number)]}), town.files / one / "kept.parquet")
    town.pull(path=f"in/{name}")
    for object in ("people", "packed", "lines", "kept"):
        assert town.rows(object, "id") == [("1",)]
    assert town.rows("people") == [("1",)]
    town.pull(path="in", objects={"both": {"files": f"{name}/people.csv"}})
    assert town.rows("both") == [("1",)] if name not in decoys else True
    town.engine.close()
    town.book.close()


def test_a_packed_file_that_would_fill_memory_is_refused(town: Town) -> None:
    path = town.put("bomb.csv.gz", gzip.compress(b"id,name\n" + b"1,Ada\n" * 12_000_000, compresslevel=9))
    assert path.stat().st_size < 500_000
    with pytest.raises(SourceBroken, match="unpacks to more than 100 times its size") as caught:
        town.pull()
    assert "unpack_ratio" in caught.value.hint


def test_json_that_is_not_utf8_is_recognised_and_told(town: Town) -> None:
    lines = [f'{{"id": {number}, "name": "{name}"}}\n' for number, name in enumerate(["Jürgen Groß", "Hélène Dupré", "Åsa"])]
    town.put("people.jsonl", "".join(lines).encode("cp1252"))
    assert town.pull(objects={"people": {"key": "id"}})["people"].rows == 3
    assert town.rows("people", "name")[0] == ("Hélène Dupré",)
    assert any("cp1252" in text for text in town.said)


ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=4)
STATES = st.dictionaries(st.sampled_from(["part_2.csv", "part_10.csv", "part_1.csv"]), ROWS, max_size=3)


@settings(max_examples=examples(6, soak=60), deadline=None)
@given(st.lists(STATES, min_size=1, max_size=4), st.booleans())
@example(
    [{"part_1.csv": [("a", "x")], "part_2.csv": [("a", "y")]}, {"part_1.csv": [("a", "z")], "part_2.csv": [("a", "y")]}], True
)
def test_whatever_happens_to_the_files_the_rows_are_those_they_hold(
    tmp_path_factory: pytest.TempPathFactory, states: list[dict[str, list[tuple[str, str]]]], keyed: bool
) -> None:
    town = Town(tmp_path_factory.mktemp("town"))
    town.put("other.csv", "id\n1\n")
    for state in states:
        for path in town.files.glob("part*"):
            path.unlink()
        for name, rows in state.items():
            town.put(name, "id,v\n" + "".join(f"{key},{value}\n" for key, value in rows))
        town.pull(objects={"part": {"key": "id"}} if keyed else {})
        files = [state[name] for name in ("part_1.csv", "part_2.csv", "part_10.csv") if name in state]
        if keyed:
            wanted = sorted({key: (key, value) for rows in files for key, value in rows}.values())
        else:
            most: Counter[tuple[str, str]] = Counter()
            for rows in files:
                most |= Counter(rows)
            wanted = sorted(most.elements())
        assert town.rows("part", "id, v" if wanted else "_key") == wanted
    town.engine.close()
    town.book.close()


def test_a_file_whose_name_changes_only_its_case_is_asked_about(town: Town) -> None:
    path = town.put("customers.csv", "id,name\n1,Ada\n")
    town.pull()
    path.rename(town.files / "Customers.csv")
    with pytest.raises(SourceChanged, match="customers are called Customers now") as stopped:
        town.pull()
    assert len(town.rows("customers")) == 1
    assert '[sources.shop.objects.customers] with files = "Customers*"' in stopped.value.hint
    town.pull(objects={"customers": {"files": "Customers*"}})
    assert len(town.rows("customers")) == 1
