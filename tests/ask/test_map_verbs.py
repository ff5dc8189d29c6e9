"""`map suggest --all --write`, `map check`, `map explain` at the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fullcircle.config.starter import starter
from fullcircle.serve.cli.main import app

CUSTOMERS = "Customer ID,Name,Email\n1,Iris Fenn,iris@example.com\n2,Otto Beck,otto@example.com\n"
ORDERS = "Order ID,Customer ID,Order Date,Total\n10,1,2025-01-01,5.00\n11,2,never,6.00\n12,9,2025-01-03,7.00\n"


@pytest.fixture
def config(tmp_path: Path) -> str:
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    (tmp_path / "orders.csv").write_text(ORDERS)
    file = tmp_path / "fullcircle.toml"
    file.write_text('[sources.files]\nconnector = "files"\npath = "."\n')
    assert invoke("map", "suggest", "--all", "--write", "-c", str(file)).exit_code == 0
    return str(file)


def invoke(*words: str):
    return CliRunner().invoke(app, list(words))


def test_check_tells_failures_and_dangling_links(config):
    found = {(one["object"], one["to"]): one for one in json.loads(invoke("map", "check", "--json", "-c", config).stdout)}
    orders = found[("orders", "orders")]
    assert (orders["rows_read"], orders["rows_made"]) == (3, 2)
    assert orders["failed"] == {"orders.ordered_at cannot be read as TIMESTAMP": 1}
    assert orders["dangling"] == {"record_id": {"rows": 1, "of": 2}}
    assert found[("customers", "records")]["filled"]["email"] == 2
    assert not (Path(config).parent / ".fullcircle").exists()


def test_check_as_text(config):
    text = invoke("map", "check", "-c", config).stdout
    assert "1 of 2 values of record_id point to nothing" in text
    assert "1 row to quarantine: orders.ordered_at cannot be read as TIMESTAMP" in text


def test_a_word_that_is_not_known_is_said_of_the_object_that_has_it(tmp_path):
    head = "Order ID,Customer ID,Order Date,Total,Status\n"
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    (tmp_path / "a_orders.csv").write_text(head + "10,1,2025-01-31,5.00,paid\n11,2,2025-01-30,6.00,paid\n")
    (tmp_path / "b_orders.csv").write_text(head + "20,1,2025-01-31,5.00,Glorped\n21,2,2025-01-30,6.00,paid\n")
    file = tmp_path / "fullcircle.toml"
    file.write_text('[sources.files]\nconnector = "files"\npath = "."\n')
    invoke("map", "suggest", "--all", "--write", "-c", str(file))
    found = json.loads(invoke("map", "check", "--json", "-c", str(file)).stdout)
    assert {one["object"] for one in found if any("Glorped" in note for note in one["notes"])} == {"b_orders"}


def test_explain_says_where_from_and_why_but_never_a_value(config):
    text = invoke("map", "explain", "orders.record_id", "-c", config).stdout
    assert "Customer ID, the key of a row of customers" in text
    assert "2 of 3 values of orders.Customer ID are in customers.Customer ID" in text
    shapes = invoke("map", "explain", "Email", "-c", config).stdout
    assert "aaaa@aaaaaaa.aaa" in shapes
    assert "iris" not in shapes


def test_suggest_as_json(config):
    found = json.loads(invoke("map", "suggest", "files", "--json", "-c", config).stdout)
    assert {one["object"]: one["is"] for one in found} == {"customers": "records", "orders": "orders"}


def test_what_was_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(CUSTOMERS.replace("Email", "Email,Shoe Size").replace(".com", ".com,40"))
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "weather.csv").write_text("station,degrees\nA,1\nB,2\n")
    (tmp_path / "calls.csv").write_text("id,customer\n1,1\n")
    file = tmp_path / "fullcircle.toml"
    by_hand = '[[map]]\nsource = "files"\nobject = "calls"\nto = "tickets"\n[map.fields]\nkey = "id"\n'
    file.write_text(f'[sources.files]\nconnector = "files"\npath = "."\n{by_hand}')
    data = json.loads(invoke("map", "suggest", "--all", "--write", "--json", "-c", str(file)).stdout)
    said = invoke("map", "suggest", "--all", "--write", "-c", str(file)).stdout
    assert (data["written"], data["config"]) == (["files"], str(file))
    objects = {one["object"]: one for one in data["proposed"]}
    assert {name: bool(one["maps"]) for name, one in objects.items() if not one["kept"]} == {
        "customers": True, "orders": True, "weather": False}  # fmt: skip
    assert objects["calls"]["kept"]
    assert "files.customers -> records" in said
    assert "files.orders -> orders" in said
    assert "2 of 3 values of orders.Customer ID are in customers.Customer ID" in said
    assert "left out: Shoe Size" in said
    assert "files.weather is not mapped" in said
    assert "files.calls: has maps in the config" in said
    for note in (note for one in data["proposed"] if not one["kept"] for note in one["notes"]):
        assert f"! {note}" in said
    assert said.rstrip().endswith("then `fullcircle map check`, then `fullcircle run`.")
    assert "[[map]]" not in said


def test_nothing_to_write_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "fullcircle.toml"
    file.write_text('[sources.files]\nconnector = "files"\npath = "data"\n')
    said = invoke("map", "suggest", "--all", "--write", "-c", str(file))
    assert "Wrote nothing" in said.stdout or said.exception


def test_suggest_asks_for_a_source_or_all(config):
    assert invoke("map", "suggest", "-c", config).exit_code != 0


@pytest.mark.parametrize("name", ["orders.tsv", "ORDERS.CSV", "orders.csv.gz"])
def test_init_finds_data_files_whatever_they_are_called(tmp_path, name):
    (tmp_path / name).touch()
    assert 'path = "."' in starter(tmp_path)[0]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("order-id\tpurchase-date\tsku\n1\t2024-01-02\tA\n", True),  # as marketplaces write their reports
        ("Notes on the export, of March; to be kept\nPlease do not send this to anybody else\n", False),
        ("", False),
    ],
)
def test_a_table_in_a_txt_is_data_and_notes_are_not(tmp_path: Path, text: str, data: bool) -> None:
    (tmp_path / "report.txt").write_text(text)
    assert starter(tmp_path)[1] is data


def test_suggest_without_any_source_says_so(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing here")
    (tmp_path / "fullcircle.toml").write_text(starter(tmp_path)[0])
    said = invoke("map", "suggest", "--all", "--write", "-c", str(tmp_path / "fullcircle.toml"))
    assert "names no source" in str(said.exception)
