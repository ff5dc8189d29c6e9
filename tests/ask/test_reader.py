"""The reading room: every question, its typed answer, what cannot be answered, and opening and closing."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import fullcircle
from fullcircle.ask.customer import CustomerView
from fullcircle.ask.path import PathStep
from fullcircle.ask.query import QueryAnswer
from fullcircle.ask.reader import Reader, open_reader
from fullcircle.ask.related import RelatedCustomer
from fullcircle.ask.search import SearchHit
from fullcircle.ask.status import Status
from fullcircle.ask.why import WhyAnswer
from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.errors import Ambiguous, ExitCode, FullcircleError, NotFound
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.memory import Memory
from fullcircle.identity.ledger import Ledger
from fullcircle.serve.cli.view import draw
from tests.graph.town import ADA, BEN, CLEO, FIRM, edge, rows, settle_in

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "python-api.md"


@pytest.fixture
def town(tmp_path: Path) -> Reader:
    """A reader over the town of the graph tests; `customer:old` was absorbed by Ada."""
    store, book = Memory(StoreContext(tmp_path)), Book(tmp_path / "book.sqlite")
    settle_in(store)
    Ledger(book)
    known = [(ADA, 1, None, "live"), ("customer:old", 2, ADA, "absorbed")]
    book.write_many("INSERT INTO customer_id (id, founded, into_id, state) VALUES (?, ?, ?, ?)", known)
    return Reader(store, book, Config())


def test_a_customer_is_found_by_id_old_id_and_words(town: Reader) -> None:
    found = town.show(ADA)
    assert isinstance(found, CustomerView)
    assert (found.customer["name"], found.asked_id) == ("Ada Müller", "")
    assert [row["name"] for row in found.products] == ["Tea", "Cup"]
    old = town.show("customer:old")
    assert (old.customer["id"], old.asked_id) == (ADA, "customer:old")
    assert town.show("ada@example.org").customer == found.customer


def test_words_that_fit_several_customers_are_ambiguous(town: Reader) -> None:
    with pytest.raises(Ambiguous) as raised:
        town.show("example.org")
    assert raised.value.hint == f"Name one by its id: {BEN} (Ben Ito), {ADA} (Ada Müller)"  # the shortest name first
    assert (raised.value.code, raised.value.status, raised.value.exit_code) == ("ambiguous", 409, ExitCode.FAILED)
    assert not isinstance(raised.value, NotFound)


@pytest.mark.parametrize("which", ["nobody at all", "customer:nobody", "record:crm:contacts:0"])
def test_who_is_not_there_is_not_found(town: Reader, which: str) -> None:
    with pytest.raises(NotFound):
        town.show(which)


def test_hints_hold_for_every_door(town: Reader) -> None:
    questions = (
        lambda: town.show("nobody at all"),
        lambda: town.show("customer:nobody"),
        lambda: town.show("record:none"),
        lambda: town.show("example.org"),
        lambda: town.why("none", "none"),
        lambda: town.path(ADA, "record:none"),
    )
    for ask in questions:
        with pytest.raises(FullcircleError) as raised:
            ask()
        assert not re.search(r"--|`|fullcircle", raised.value.message + raised.value.hint)


def test_search_related_and_path_give_typed_rows(town: Reader) -> None:
    assert town.search("ada müller")[0] == SearchHit(ADA, "Ada Müller", "ada@example.org", "+4930123456", None, None, 2, None)
    assert list(town.related(ADA)) == [RelatedCustomer(BEN, "Ben Ito", 0.9, 1, "cup")]
    steps = town.path(ADA, "ben@example.org")
    assert steps[0] == PathStep(ADA, "Customer", False, "Ada Müller")
    assert [step.edge for step in steps] == [False, True, False]
    with pytest.raises(NotFound, match=r"^No path within 3 hops\.$"):
        town.path(ADA, "cleo", 3)
    assert [hit.id for hit in town.search("cleo")] == [CLEO]


def test_a_reader_leaves_open_what_it_did_not_open(town: Reader) -> None:
    with town:
        pass
    assert town.store.vertex(FIRM)
    assert town.book.read("SELECT 1") == [(1,)]


def test_the_door_for_programs(project: Path) -> None:
    with fullcircle.open(project) as reader:
        ada = reader.show("ada.keller@example.org")
        assert {row["id"] for row in ada.records} == {"record:crm:contacts:17", "record:shop:people:4"}
        assert [row["amount"] for row in ada.orders] == [5.0, 19.9]
        assert reader.show("record:shop:people:4").customer == ada.customer
        with pytest.raises(Ambiguous):
            reader.show("keller")


def test_the_nearest_config_is_taken_where_none_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.parent / "crm")
    with fullcircle.open() as reader:
        assert reader.search("cleo")[0].name == "Cleo Ito"
    with fullcircle.open(str(project)) as reader:
        assert len(reader.search("keller")) == 2


def test_every_record_and_number_of_a_customer_is_searched(project: Path) -> None:
    with fullcircle.open(project) as reader:
        ada = reader.show("shop:people:4").customer["id"]
        for words in ("044 333 44 55", "+41 (0)44 333-44-55", "ADA.KELLER@", "keller 0443334455", "order 8", "shop:orders:7"):
            assert [one.id for one in reader.search(words)] == [ada], words
        assert reader.search("#8")[0].found_by == "order:shop:orders:8"
        assert reader.history("shop:orders:7") == reader.history(ada)
        assert reader.how("order:shop:orders:7").customer_id == reader.how("shop:orders:7").customer_id == ada
        assert "search" not in reader.show(ada).customer


def test_why_says_whether_two_records_are_one_customer(project: Path) -> None:
    with fullcircle.open(project) as reader:
        same, other = reader.why("crm:contacts:17", "record:shop:people:4"), reader.why("crm:contacts:17", "shop:people:5")
    assert isinstance(same, WhyAnswer)
    assert (same.one_customer, other.one_customer) == (True, False)
    assert list(same.to_dict())[-5:] == ["linked", "one_customer", "chain", "weakest", "apart_because"]


def test_status_and_query(project: Path) -> None:
    reader = open_reader(read_config(project))
    try:
        found = reader.status()
        assert isinstance(found, Status)
        assert (found.graph["Customer"], found.runs[0].state) == (3, "finished")
        assert [one.stage for one in found.stages][:2] == ["pull", "conform"]
        assert found.to_dict()["stages"][0]["rows"] == 6
        (money,) = found.to_dict()["money"]
        assert (money["object"], money["entries"], money["amount"], money["spent"]) == ("orders", 2, 24.9, 24.9)
        answer = reader.query("SELECT name FROM Customer ORDER BY name")
        assert isinstance(answer, QueryAnswer)
        assert [row["name"] for row in answer.to_pylist()] == ["Ada Keller", "Ben Keller", "Cleo Ito"]
        assert (len(answer), answer.to_arrow().column_names) == (3, ["name"])
    finally:
        reader.close()
    with pytest.raises(Exception, match="closed"):
        reader.book.read("SELECT 1")


def test_opening_before_a_run_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "fullcircle.toml").write_text("")
    with pytest.raises(NotFound):
        fullcircle.open(tmp_path / "fullcircle.toml")


def test_the_answers_are_what_the_command_line_prints(project: Path) -> None:
    from typer.testing import CliRunner

    from fullcircle.serve.cli.main import app

    with fullcircle.open(project) as reader:
        expected = {
            ("search", "keller"): reader.search("keller").to_pylist(),
            ("show", "ada.keller@example.org"): reader.show("ada.keller@example.org").to_dict(),
            ("status",): reader.status().to_dict(),
            ("why", "crm:contacts:17", "shop:people:4"): reader.why("crm:contacts:17", "shop:people:4").to_dict(),
        }
    for words, answer in expected.items():
        printed = CliRunner().invoke(app, [*words, "--json", "--config", str(project)]).output
        assert printed == json.dumps(answer, default=lambda value: value.isoformat(), ensure_ascii=False, indent=2) + "\n"


def test_the_code_of_the_page_works(project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(project.parent)
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert code
    exec("\n".join(code), {})
    assert "Ada Keller" in capsys.readouterr().out


def test_of_very_many_orders_the_newest_are_shown_and_all_counted(
    town: Reader, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    many = 1_500
    start = datetime(2020, 1, 1)
    placed = [{"id": f"order:shop:o:{n:05}", "ordered_at": start + timedelta(hours=n)} for n in range(many)]
    bought = [{"id": f"product:shop:p:{n:05}", "name": f"Thing {n}"} for n in range(many)]
    town.store.write_vertices("Order", rows("Order", *placed))
    town.store.write_vertices("Product", rows("Product", *bought))
    town.store.write_edges("PLACED", rows("PLACED", *(edge("PLACED", ADA, row["id"]) for row in placed)))
    spent = [edge("PURCHASED", ADA, row["id"], amount=100.0 + n) for n, row in enumerate(bought)]
    town.store.write_edges("PURCHASED", rows("PURCHASED", *spent))
    found = town.show(ADA)
    assert [row["id"] for row in found.orders] == [row["id"] for row in reversed(placed)][:1_000]
    assert found.products[0]["id"] == bought[-1]["id"]
    assert found.totals == found.to_dict()["totals"] == {"orders": many, "products": many + 2}
    monkeypatch.setenv("COLUMNS", "200")
    draw(found)
    drawn = capsys.readouterr().out
    assert "Orders (1,500, the first 6)" in drawn
    assert "Bought most (1,502, the first 6)" in drawn
    assert "totals" not in town.show("Cleo").to_dict()
