"""Restricting: kept, but not used, through merges. Exporting: all about one person, and nothing of others."""

import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyiceberg.catalog.sql import SqlCatalog
from typer.testing import CliRunner

import fullcircle
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.errors import NotFound
from fullcircle.pipeline import run
from fullcircle.privacy.erase import erase
from fullcircle.privacy.export import export
from fullcircle.privacy.restrict import lift, restrict
from fullcircle.serve.cli.main import app
from fullcircle.steward.campaign import CampaignPlan, start
from fullcircle.steward.carry_out import carry_out
from fullcircle.steward.who import customer_named
from fullcircle.steward.wish import Wish
from tests import small
from tests.privacy.canaries import Canary, make

ADA = "crm:contacts:17"


@pytest.fixture
def project(tmp_path: Path) -> Config:
    return read_config(small.ran(tmp_path / "project"))


@pytest.fixture
def with_lake(tmp_path: Path) -> Config:
    settings = read_config(
        small.make(tmp_path / "project", '\n[publish.targets.lake]\ntarget = "iceberg"\npath = "lake"\n' + small.PARQUET)
    )
    with open_desk(settings) as desk:
        run(desk)
    return settings


def _customer(settings: Config, which: str = ADA) -> str:
    with open_desk(settings) as desk:
        return customer_named(desk.engine, desk.book, which)


def _published(settings: Config, table: str) -> set[str]:
    return set(pq.read_table(settings.home / "published" / f"{table}.parquet")["customer_id"].to_pylist())


def _in_lake(settings: Config) -> set[str]:
    catalog = SqlCatalog("fullcircle", uri=f"sqlite:///{settings.folder / 'lake' / 'catalog.sqlite'}")
    try:
        return set(catalog.load_table("fullcircle.customers").scan().to_arrow()["customer_id"].to_pylist())
    finally:
        catalog.close()


def _habits(settings: Config) -> set[str]:
    with open_desk(settings) as desk:
        return {row[0] for row in desk.engine.rows("SELECT customer_id FROM insight_habits")}


def test_kept_but_not_used_until_it_is_lifted(with_lake: Config) -> None:
    ada = _customer(with_lake)
    assert ada in _habits(with_lake) & _published(with_lake, "customers") & _in_lake(with_lake)
    restrict(with_lake, ADA, customer_named, "officer", "DSR-3")
    assert ada not in _habits(with_lake) | _published(with_lake, "customers") | _published(
        with_lake, "insight_habits"
    ) | _in_lake(with_lake)
    with fullcircle.open(with_lake.folder / "fullcircle.toml") as reader:
        view = reader.show(ada)
        assert view.restricted and view.orders and not view.habits
    with open_desk(with_lake) as desk:
        done = {one.stage: one.skipped for one in run(desk)}
        assert desk.engine.value("SELECT count(*) FROM customers WHERE customer_id = $id", {"id": ada}) == 1
    assert done["insights"] and done["publish"]
    lift(with_lake, ADA, customer_named)
    assert ada in _habits(with_lake) & _published(with_lake, "customers") & _in_lake(with_lake)
    with pytest.raises(NotFound, match="not restricted"):
        lift(with_lake, ADA, customer_named)


def test_it_follows_the_person_through_a_merge(project: Config) -> None:
    restrict(project, "crm:contacts:18", customer_named, "officer")
    carry_out(project, Wish("merge", (ADA, "crm:contacts:18")), "me")
    merged = _customer(project)
    assert _customer(project, "crm:contacts:18") == merged
    assert merged not in _habits(project) | _published(project, "customers")


def test_insights_that_are_not_due_forget_a_restricted_person_at_once(tmp_path: Path) -> None:
    settings = read_config(small.ran(tmp_path / "project", small.PARQUET + '\n[insights.every]\nhabits = "30d"\n'))
    ada = _customer(settings)
    restrict(settings, ADA, customer_named, "officer")
    assert ada not in _habits(settings)


def test_an_export_has_all_of_one_person_and_nothing_of_others(tmp_path: Path) -> None:
    canaries = [Canary(number) for number in range(4)]
    settings = read_config(make(tmp_path / "project", canaries, 20))
    with open_desk(settings) as desk:
        run(desk)
    one, *others = canaries
    done = export(settings, f"crm:contacts:c-{one.word}", customer_named, tmp_path / "to")
    found = json.loads(done.json_file.read_text())
    page = done.html_file.read_text()
    expected = {
        "golden values",
        "records",
        "identifiers",
        "orders",
        "order lines",
        "tickets",
        "interactions",
        "consents",
        "participants",
    }
    assert expected | {"rows as the sources have them", "rows in quarantine", "insight habits"} <= set(found["parts"])
    shared = [row for row in found["parts"]["rows as the sources have them"] if row["object"] == "gifts"]
    assert [set(row["fields"]) for row in shared] == [{"receiver", "receiver_email"}]
    text = done.json_file.read_text().lower() + page.lower()
    assert not [other.number for other in others if other.word in text or other.digits in text]
    assert "besser" not in text
    assert "http" not in page.replace("http-equiv", "")
    ids = {found["about"]["customer_id"]}
    assert {word.strip('",') for word in done.json_file.read_text().split() if word.startswith('"customer:')} <= ids
    for file in (done.json_file, done.html_file):
        assert file.stat().st_mode & 0o077 == 0


def test_segments_and_campaigns_are_exported_and_erased(tmp_path: Path) -> None:
    segments = '\n[segments.everybody]\nrules = ["kind = person"]\n'
    settings = read_config(small.make(tmp_path / "project", small.PARQUET + segments))
    with open_desk(settings) as desk:
        run(desk)
        ada = customer_named(desk.engine, desk.book, ADA)
        start(desk.book, desk.engine, CampaignPlan("spring", "everybody", 0.1, date(2026, 5, 1)), "ann")
    found = json.loads(export(settings, ADA, customer_named, tmp_path / "to").json_file.read_text())["parts"]
    assert [row["segment"] for row in found["insight segments"]] == ["everybody"]
    [noted] = found["campaigns"]
    assert noted["held_out"] in {True, False}
    assert {**noted, "held_out": None} == {
        "campaign": "spring", "segment": "everybody", "started_on": "2026-05-01", "held_out": None,
    }  # fmt: skip
    erase(settings, [ADA], customer_named, "officer")
    with open_desk(settings) as desk:
        left = {row[0] for row in desk.book.read("SELECT customer_id FROM campaign_member")}
        assert left and ada not in left
        assert desk.engine.value("SELECT count(*) FROM insight_segments WHERE customer_id = $id", {"id": ada}) == 0


def test_the_verbs(project: Config, tmp_path: Path) -> None:
    config = ["--config", str(project.folder / "fullcircle.toml")]
    shell = CliRunner()
    done = shell.invoke(app, ["restrict", ADA, "--quiet", *config])
    assert done.exit_code == 0, done.output
    assert "Restricted since" in shell.invoke(app, ["show", ADA, *config]).output
    assert "is used again" in shell.invoke(app, ["restrict", ADA, "--lift", "--quiet", *config]).stdout
    written = shell.invoke(app, ["person", "export", ADA, "--to", str(tmp_path / "to"), *config])
    assert written.exit_code == 0, written.output
    assert len(list((tmp_path / "to").iterdir())) == 2
