"""Erasing one person: what stays, what is said, and what keeps an erasure open."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.errors import Busy, ConfigError, ErasureOpen
from fullcircle.govern.suppressed import Suppressed
from fullcircle.identity.ledger import Ledger
from fullcircle.model.progress import Silent
from fullcircle.pipeline import run
from fullcircle.privacy import erase as erasing
from fullcircle.privacy.erase import erase, finish, plan
from fullcircle.privacy.listed import any_open, apply, certificate_of, erasures, keep, lift
from fullcircle.serve.cli.main import app
from fullcircle.stage import Choice
from fullcircle.steward.carry_out import carry_out
from fullcircle.steward.who import customer_named
from fullcircle.steward.wish import Wish
from tests import small

ADA = "crm:contacts:17"
TRACES = ("ada keller", "ada.keller@example.org", "41443334455")
Project = Callable[..., Config]


class Aloud(Silent):
    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    def made(more: str = small.PARQUET, files: dict[str, str] | None = None) -> Config:
        return read_config(small.ran(tmp_path / "project", more, {**small.FILES, **(files or {})}))

    return made


def _run(settings: Config, again: bool = False) -> Aloud:
    aloud = Aloud()
    with open_desk(settings, aloud) as desk:
        run(desk, Choice(again=again))
    return aloud


def _ids(settings: Config, table: str = "records") -> set[str]:
    with open_desk(settings) as desk:
        key = {"records": "record_id", "orders": "order_id", "customers": "customer_id"}[table]
        return {row[0] for row in desk.engine.rows(f"SELECT {key} FROM {table}")}


def _traces(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(trace.encode() in path.read_bytes().lower() for trace in TRACES)]


def test_a_family_that_shares_an_address_stays(project: Project) -> None:
    kin = "21,Bo Keller,ada.keller@example.org,+41443334455\n"
    settings = project(files={"crm/contacts.csv": small.FILES["crm/contacts.csv"] + kin})
    with open_desk(settings) as desk:
        ada, bo = (customer_named(desk.engine, desk.book, f"crm:contacts:{key}") for key in (17, 21))
    assert ada != bo
    erase(settings, [ADA], customer_named, "officer")
    _run(settings)
    assert "record:crm:contacts:21" in _ids(settings)
    assert "record:crm:contacts:17" not in _ids(settings)
    with open_desk(settings) as desk:
        assert customer_named(desk.engine, desk.book, "crm:contacts:21") == bo


def test_all_that_was_ever_merged_goes_and_what_was_parted_stays(project: Project) -> None:
    settings = project()
    carry_out(settings, Wish("merge", (ADA, "crm:contacts:18")), "me")
    carry_out(settings, Wish("split", (ADA, "shop:people:7")), "me", "Ada Keller says so")
    with open_desk(settings) as desk:
        absorbed = [row[0] for row in desk.book.read("SELECT id FROM customer_id WHERE state = 'absorbed'")]
    (found,) = plan(settings, absorbed[:1], customer_named)
    assert found.customer_ids[1:] == tuple(absorbed)
    erase(settings, absorbed[:1], customer_named, "officer")
    left = _ids(settings)
    assert not left & {"record:crm:contacts:17", "record:crm:contacts:18", "record:shop:people:4"}
    assert "record:shop:people:7" in left
    with open_desk(settings) as desk:
        assert not Ledger(desk.book).records_of(found.customer_id)
        assert not desk.book.read("SELECT 1 FROM decision WHERE reason <> ''")


@pytest.mark.parametrize("store", ["ladybug", "rdf"])
def test_other_graph_stores_and_copies_are_cleared(project: Project, store: str) -> None:
    settings = project(f'\n[graph]\nstore = "{store}"\n[graph.others.second]\nstore = "sqlite"\n{small.PARQUET}')
    done = CliRunner().invoke(app, ["graph", "copy", "--to", "second", "--config", str(settings.folder / "fullcircle.toml")])
    assert done.exit_code == 0, done.output
    assert any(name.startswith("graph-second") for name in _traces(settings.home))
    erase(settings, [ADA], customer_named, "officer")
    assert _traces(settings.home) == []


def test_a_table_that_is_not_sent_any_more_keeps_the_erasure_open(project: Project) -> None:
    settings = project(small.PARQUET + 'path = "out"\n')
    stale = settings.folder / "out" / "old_customers.parquet"
    stale.write_bytes((settings.folder / "out" / "customers.parquet").read_bytes())
    with pytest.raises(ErasureOpen, match="old_customers"):
        erase(settings, [ADA], customer_named, "officer")
    assert any_open(settings)
    stale.unlink()
    (one,) = finish(settings)
    assert certificate_of(settings, one.erasure) == one
    assert _traces(settings.folder / "out") == []


def test_a_damaged_file_that_was_set_aside_keeps_the_erasure_open(project: Project) -> None:
    settings = project()
    aside = settings.home / "damaged-20260101-000000-book.sqlite"
    aside.write_bytes((settings.home / "book.sqlite").read_bytes())
    with pytest.raises(ErasureOpen, match="damaged-20260101-000000-book"):
        erase(settings, [ADA], customer_named, "officer")
    assert any_open(settings)
    aside.unlink()
    assert len(finish(settings)) == 1


def test_what_could_not_be_reached_is_reached_by_the_next_run(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = project()

    def busy(*_: object) -> None:
        raise Busy("Somebody reads the graph.", "Wait.")

    with monkeypatch.context() as patched:
        patched.setattr(erasing, "purge", busy)
        with pytest.raises(Busy) as raised:
            erase(settings, [ADA], customer_named, "officer")
    assert "fullcircle erased resume" in raised.value.hint
    assert any_open(settings)
    assert not list((settings.home).glob("certificates/*"))
    done = CliRunner().invoke(app, ["run", "--config", str(settings.folder / "fullcircle.toml"), "--quiet"])
    assert done.exit_code == 0, done.output
    assert not any_open(settings)
    assert _traces(settings.home) == []


def test_rows_left_out_are_counted_and_a_lifted_person_may_come_back(project: Project) -> None:
    settings = project()
    (one,) = erase(settings, [ADA], customer_named, "officer", "DSR-7")
    path = settings.folder / "shop/people.csv"
    path.write_text(path.read_text() + "30,Ada Keller,ADA.KELLER@example.org\n")
    said = _run(settings).said
    assert any("shop.people: 3 rows of erased people were left out" in text for text in said), said
    lift(settings, one.erasure)
    path.write_text(path.read_text() + "31,Nia Walsh,nia@example.org\n")
    _run(settings)
    assert {"record:shop:people:4", "record:shop:people:30", "record:shop:people:31"} <= _ids(settings)


def test_a_list_is_applied_elsewhere_only_with_its_own_key(project: Project, tmp_path: Path) -> None:
    settings = project()
    erase(settings, [ADA], customer_named, "officer")
    keep(settings, tmp_path / "kept.json")
    assert (tmp_path / "kept.json").stat().st_mode & 0o077 == 0
    assert apply(settings, tmp_path / "kept.json") == []
    (tmp_path / "odd.json").write_text(json.dumps([1, 2]))
    with pytest.raises(ConfigError, match="not a list of erased people"):
        apply(settings, tmp_path / "odd.json")
    with pytest.raises(ConfigError, match="inside the home"):
        keep(settings, settings.home / "kept.json")


def test_without_anybody_erased_there_is_no_list(project: Project) -> None:
    settings = project()
    assert not (settings.home / "erased.json").exists()
    book = Book(settings.home / "book.sqlite")
    assert not Suppressed(book, settings.home / "erased.json").any()
    book.close()
    assert erasures(settings) == []


def test_the_verbs(project: Project) -> None:
    settings = project()
    config = ["--config", str(settings.folder / "fullcircle.toml")]
    shell = CliRunner()
    planned = shell.invoke(app, ["erase", ADA, "--dry-run", "--json", *config])
    assert json.loads(planned.stdout)[0]["counts"]["records"] == 3
    refused = shell.invoke(app, ["erase", ADA, *config], input="n\n")
    assert refused.exit_code == 1
    assert erasures(settings) == []
    done = shell.invoke(app, ["erase", ADA, "--yes", "--reference", "DSR-9", "--quiet", *config])
    assert done.exit_code == 0, done.output
    (one,) = erasures(settings)
    assert one.id in shell.invoke(app, ["erased", "show", one.id, *config]).stdout
    assert "DSR-9" in shell.invoke(app, ["erased", "list", *config]).stdout
    assert shell.invoke(app, ["erased", "resume", *config]).exit_code == 0
    assert shell.invoke(app, ["erased", "lift", one.id, *config]).exit_code == 0


DEALS = """
[sources.deals]
connector = "files"
path = "deals"
[sources.deals.objects.deals]
files = "deals.jsonl"
key = "id"
[[map]]
source = "deals"
object = "deals"
to = "interactions"
fields = { record_id = { field = "owner.who", ref = "crm.contacts" }, text = "title" }
[[map]]
source = "deals"
object = "deals"
to = "participants"
each = "people.list"
[map.fields]
record_id = { field = "who", ref = "crm.contacts" }
interaction_id = { field = "$.id", ref = "deals" }
"""


def _deal(id: int, owner: int, *people: int) -> str:
    listed = [{"who": str(one), "said": f"word of {one}"} for one in people]
    return json.dumps({"id": str(id), "title": f"Deal {id}", "owner": {"who": str(owner)}, "people": {"list": listed}}) + "\n"


def test_of_a_row_about_several_people_only_what_is_about_the_person_goes(project: Project) -> None:
    deals = _deal(1, 18, 17, 19) + _deal(2, 17, 17, 19) + _deal(3, 17, 17) + _deal(4, 19, 18, 19)
    settings = project(DEALS + small.PARQUET, {"deals/deals.jsonl": deals})
    erase(settings, [ADA], customer_named, "officer")
    for _ in range(2):
        with open_desk(settings) as desk:
            (path,) = desk.landing.files("deals", "deals")
            raws = [
                json.loads(row[0])
                for row in desk.engine.rows(f"SELECT _raw FROM read_parquet('{path}') WHERE _key < '5' ORDER BY _key")
            ]
            people = desk.engine.rows("SELECT interaction_id, record_id FROM participants ORDER BY ALL")
            deals_of = desk.engine.rows("SELECT key, record_id FROM interactions ORDER BY ALL")
        assert [one["id"] for one in raws] == ["1", "2", "4"]
        assert [[each["who"] for each in one["people"]["list"]] for one in raws] == [["19"], ["19"], ["18", "19"]]
        assert [one["owner"] for one in raws] == [{"who": "18"}, {}, {"who": "19"}]
        assert b"word of 17" not in path.read_bytes()
        assert ("2", None) in deals_of
        assert [person for _, person in people if person.endswith(":17")] == []
        assert len(people) == 4
        file = settings.folder / "deals/deals.jsonl"
        file.write_text(file.read_text() + _deal(5, 19))
        _run(settings)


def test_a_warehouse_that_is_joined_brings_nobody_back(project: Project, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "warehouse.db")) as warehouse, warehouse:
        warehouse.execute("CREATE TABLE letters (mail TEXT, sent INTEGER)")
        warehouse.executemany("INSERT INTO letters VALUES (?, ?)", [("ada.keller@example.org", 3), ("ben@example.org", 4)])
    joins = f"""
        [sources.warehouse]
        connector = "sql"
        url = "sqlite:///{tmp_path / "warehouse.db"}"
        [[publish.joins]]
        name = "letters"
        source = "warehouse"
        table = "letters"
        on = "mail"
        identifier = "email"
    """
    settings = project(joins + small.PARQUET)
    file = settings.home / "published" / "letters.parquet"
    assert len(pq.read_table(file)) == 2
    erase(settings, [ADA], customer_named, "officer")
    assert pq.read_table(file)["mail"].to_pylist() == ["ben@example.org"]
    assert any("letters: 1 row of erased people was left out" in text for text in _run(settings, again=True).said)
    assert _traces(settings.home) == []
