"""Rows that other programs wrote: what is taken as Neptune takes it, and what is refused by file, line and column."""

from __future__ import annotations

import gzip
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from fullcircle.errors import StoreError
from fullcircle.graph.base import StoreContext
from fullcircle.graph.exchange.read import load, survey
from fullcircle.graph.stores.memory import Memory
from fullcircle.model.progress import Silent

FILE = "foreign.csv"


def loaded(folder: Path, *files: str, **options: Any) -> Memory:
    """A store with what stands in these texts, one file each."""
    for number, text in enumerate(files):
        name = FILE if len(files) == 1 else f"{number}.csv"
        (folder / name).write_bytes(text.encode())
    store = Memory(StoreContext(Path("unused")))
    load(store, folder, Silent(), **options)
    return store


def properties(store: Memory, id: str) -> dict[str, Any]:
    found = store.vertex(id)
    assert found is not None
    return found.properties


def refused(folder: Path, *files: str) -> StoreError:
    store = Memory(StoreContext(Path("unused")))
    for number, text in enumerate(files):
        (folder / (FILE if len(files) == 1 else f"{number}.csv")).write_bytes(text.encode())
    with pytest.raises(StoreError) as error:
        load(store, folder, Silent())
    assert not any(store.count().values()), "nothing is written before all has been read"
    return error.value


# -- values ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("header", "label", "secret", "what"),
    [
        ("price:Double", "Product", "secret", "a number"),
        ("birth_date:Date", "Customer", "31.12.1999", "a day"),
        ("birth_date:Date", "Customer", "infinity", "a day"),
        ("first_seen:Datetime", "Customer", "yesterday", "a time"),
        ("first_seen:Datetime", "Customer", "9999-12-31T23:59:59-05:00", "a time"),
        ("records:Int", "Customer", "1.5", "a whole number"),
        ("records:Int", "Customer", "9223372036854775808", "a whole number"),
        ("due:Bool", "Habits", "perhaps", "true or false"),
        ("hash:Long", "Customer", "secret", "a whole number"),
    ],
)
def test_bad_values_are_named_by_place_and_never_told(tmp_path: Path, header: str, label: str, secret: str, what: str) -> None:
    error = refused(tmp_path, f'~id,~label,{header}\n"a:\n0",{label},\nb:1,{label},{secret}\nb:2,{label},{secret}\n')
    assert FILE in error.message
    assert "line 4" in error.message, "a text with a line break fills two lines"
    assert header.partition(":")[0] in error.message
    assert what in error.message
    assert secret not in error.message + error.hint
    assert error.hint


def test_quoted_empty_fields_are_absent_where_they_cannot_be_text(tmp_path: Path) -> None:
    store = loaded(
        tmp_path, '~id,~label,name:String,birth_date:Date,first_seen:Datetime,records:Int\ncustomer:1,Customer,"","",""," "\n'
    )
    assert properties(store, "customer:1") == {"name": ""}
    (tmp_path / "more.csv").write_text('~id,~label,price:Double,due:Bool\nhabits:1,Habits,,""\nproduct:1,Product,"",\n')
    load(store, tmp_path, Silent())
    assert properties(store, "product:1") == properties(store, "habits:1") == {}


def test_whole_numbers_and_days_as_other_programs_write_them(tmp_path: Path) -> None:
    store = loaded(
        tmp_path,
        "~id,~label,records:double,birth_date:date\n"
        "customer:1,Customer,3.0,1999-12-31T00:00:00Z\ncustomer:2,Customer, +7 ,1999-12-31T00:00:00.000+02:00\n",
    )
    day = date(1999, 12, 31)
    assert properties(store, "customer:1") == {"records": 3, "birth_date": day}
    assert properties(store, "customer:2") == {"records": 7, "birth_date": day}, "a day is not moved by an offset"


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-02T03:04:05+02:00", datetime(2026, 1, 2, 1, 4, 5)),
        ("2026-01-01T20:04:05.250-0500", datetime(2026, 1, 2, 1, 4, 5, 250000)),
        ("2026-01-02T01:04:05Z", datetime(2026, 1, 2, 1, 4, 5)),
        ("2026-01-02T01:04", datetime(2026, 1, 2, 1, 4)),
        ("2026-01-02", datetime(2026, 1, 2)),
    ],
)
def test_offsets_of_times_are_honoured(tmp_path: Path, text: str, utc: datetime) -> None:
    store = loaded(tmp_path, f"~id,~label,ordered_at:Datetime\norder:1,Order,{text}\n")
    assert properties(store, "order:1") == {"ordered_at": utc}


def test_nul_is_refused_with_its_place(tmp_path: Path) -> None:
    error = refused(tmp_path, "~id,~label,name:String\nproduct:1,Product,Tea\nproduct:2,Product,Te\x00a\n")
    assert FILE in error.message
    assert "line 3" in error.message
    assert "NUL" in error.message
    assert "name" in error.message
    assert "graph stores" in error.hint


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("~id,~label\nproduct:1,Product\n,Product\n", "~id"),
        ("~id,~label,~from,~to\ne1,PLACED,customer:1,order:1\ne2,PLACED,,order:1\n", "~from"),
        (":ID,:START_ID,:END_ID,:TYPE\ne1,customer:1,order:1,PLACED\ne2,customer:1,,PLACED\n", ":END_ID"),
    ],
)
def test_rows_without_an_id_or_an_end(tmp_path: Path, text: str, what: str) -> None:
    error = refused(tmp_path, text)
    assert FILE in error.message
    assert "line 3" in error.message
    assert what in error.message


def test_cut_and_packed_badly(tmp_path: Path) -> None:
    whole = gzip.compress(b"~id,~label,name:String\n" + b"".join(b"product:%d,Product,Tea\n" % n for n in range(200_000)))
    (tmp_path / "cut.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError, match=r"cut\.csv\.gz.*cannot be read"):
        load(Memory(StoreContext(Path("unused"))), tmp_path, Silent())


@pytest.mark.parametrize(
    "tail", ["product:3,Product,Tea,too,many\n", 'product:3,Product,"Te', "product:3\n", 'product:3,Product,"a"b\n']
)
def test_rows_that_are_no_csv(tmp_path: Path, tail: str) -> None:
    error = refused(tmp_path, f'~id,~label,name:String\nproduct:1,Product,"two\nlines"\nproduct:2,Product,Tea\n{tail}')
    assert FILE in error.message
    assert "line 5" in error.message
    assert "Te" not in error.message + error.hint


# -- several values ----------------------------------------------------------------------------------------------------
def test_one_value_of_a_list_is_that_value(tmp_path: Path) -> None:
    store = loaded(
        tmp_path,
        "~id,~label,name:string[],price:double[]\nproduct:1,Product,Tea\\;Herbs,2.5\nproduct:2,Product,,\n"
        'product:3,Product,"say ""a\\;b""\\;",\n',
    )
    assert properties(store, "product:1") == {"name": "Tea;Herbs", "price": 2.5}
    assert properties(store, "product:2") == {}
    assert properties(store, "product:3") == {"name": 'say "a;b";'}


@pytest.mark.parametrize("column", ["name:string[]", "price:double[]", "name:String(set)[]"])
def test_several_values_are_refused(tmp_path: Path, column: str) -> None:
    value = "2.5;3.5" if "price" in column else "secret;other"
    error = refused(tmp_path, f"~id,~label,{column}\nproduct:1,Product,\nproduct:2,Product,{value}\n")
    assert FILE in error.message
    assert "line 3" in error.message
    assert column.partition(":")[0] in error.message
    assert "several values" in error.message
    assert "one value" in error.hint
    assert value not in error.message


# -- labels ------------------------------------------------------------------------------------------------------------
def test_any_label_that_is_ours_counts(tmp_path: Path) -> None:
    store = loaded(
        tmp_path,
        "~id,~label,name:String\nproduct:1,Thing;Product,Tea\nproduct:2,Product;Thing,Cup\nproduct:3,Product; Product,Pot\n",
    )
    assert store.count()["Product"] == 3
    cypher = tmp_path / "cypher"
    cypher.mkdir()
    assert loaded(cypher, ":ID,:LABEL\nproduct:1,Thing;Product\n").count()["Product"] == 1


def test_labels_that_are_not_ours_or_two_of_ours(tmp_path: Path) -> None:
    error = refused(tmp_path, "~id,~label\nproduct:1,Product\nx,Thing;Ghost\n")
    assert 'no label "Thing;Ghost"' in error.message
    assert "line 3" in error.message
    text = "~id,~label\nproduct:1,Product;Category\n"
    error = refused(tmp_path, text)
    assert "Product, Category" in error.message
    assert "line 2" in error.message
    assert loaded(tmp_path, text, ignore_unknown=True).count()["Product"] == 1


def test_columns_of_other_kinds_may_stand_empty(tmp_path: Path) -> None:
    store = loaded(tmp_path, "~id,~label,name:String,price:Double\nproduct:1,Product,Tea,2\ncategory:1,Category,Hot,\n")
    assert properties(store, "category:1") == {"name": "Hot"}
    error = refused(tmp_path, "~id,~label,name:String,price:Double\nproduct:1,Product,Tea,2\ncategory:1,Category,Hot,3\n")
    assert "Category has no property price" in error.message
    assert "line 3" in error.message


# -- repeated ids ------------------------------------------------------------------------------------------------------
def test_rows_with_one_id_are_merged_in_the_order_of_the_files(tmp_path: Path) -> None:
    store = loaded(
        tmp_path,
        "~id,~label,name:String,sku:String\nproduct:1,Product,Tea,A\nproduct:1,Product,Green tea,\nproduct:2,Product,Cup,\n",
        "~id,~label,price:Double,brand:String\nproduct:1,Product,2,Old\nproduct:1,Product,,New\n",
    )
    assert properties(store, "product:1") == {"name": "Green tea", "sku": "A", "price": 2.0, "brand": "New"}
    assert properties(store, "product:2") == {"name": "Cup"}
    assert store.count()["Product"] == 2


def test_a_merged_row_has_a_fingerprint_of_its_own(tmp_path: Path) -> None:
    store = loaded(
        tmp_path,
        "~id,~label,hash:Long,name:String\nproduct:1,Product,7,Tea\nproduct:2,Product,5,Cup\nproduct:2,Product,5,Cup\n",
        "~id,~label,hash:Long,sku:String\nproduct:1,Product,8,A\nproduct:3,Product,,B\n",
    )
    hashes = {row["id"]: row["hash"] for page in store.scan("Product") for row in page.to_pylist()}
    assert hashes["product:1"] not in (7, 8, None)
    assert hashes["product:2"] == 5
    assert hashes["product:3"] is not None


def test_many_rows_keep_the_order_of_the_file(tmp_path: Path) -> None:
    rows = "".join(f"product:{n % 70_000},Product,{n}\n" for n in range(400_000))
    store = loaded(tmp_path, f"~id,~label,name:String\n{rows}")
    assert properties(store, "product:0") == {"name": str(max(range(0, 400_000, 70_000)))}
    assert properties(store, "product:69999") == {"name": str(5 * 70_000 - 1)}


def test_ids_that_mean_two_things(tmp_path: Path) -> None:
    ends = "~id,~label\ncustomer:1,Customer\n", "~id,~label\norder:1,Order\norder:2,Order\n"
    edges = "~id,~label,~from,~to\ne1,PLACED,customer:1,order:1\n"
    error = refused(tmp_path, *ends, edges + "e1,PLACED,customer:1,order:2\n")
    assert "2.csv" in error.message
    assert "line 3" in error.message
    assert "other ends" in error.message
    error = refused(tmp_path, *ends, "~id,~label\ncustomer:1,Household\n")
    assert "2.csv" in error.message
    assert "line 2" in error.message
    assert "two labels" in error.message


def test_edges_without_their_ends(tmp_path: Path) -> None:
    error = refused(
        tmp_path,
        "~id,~label\ncustomer:1,Customer\norder:1,Order\n",
        "~id,~label,~from,~to\ne1,PLACED,customer:1,order:1\ne2,PLACED,customer:2,order:1\n",
    )
    assert "1.csv" in error.message
    assert "line 3" in error.message
    assert "customer:2" not in error.message
    assert "vert" in error.hint


def test_edges_may_join_what_is_in_the_store_already(tmp_path: Path) -> None:
    store = loaded(tmp_path, "~id,~label\ncustomer:1,Customer\norder:1,Order\n")
    (tmp_path / FILE).write_text("~id,~label,~from,~to\ne1,PLACED,customer:1,order:1\n")
    assert load(store, tmp_path, Silent()) == {"PLACED": 1}


# -- only looking ------------------------------------------------------------------------------------------------------
def test_a_survey_counts_what_would_be_written(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("~id,~label,name:String\nproduct:1,Product,Tea\nproduct:1,Product,\nx,Ghost,\n")
    assert survey(tmp_path, Silent(), ignore_unknown=True) == {"Product": 1}
    with pytest.raises(StoreError, match="Ghost"):
        survey(tmp_path, Silent())
