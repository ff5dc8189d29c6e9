"""`fullcircle identity model` on a whole project: show, apply, keep, and what a dry run says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import fullcircle
from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.engine.duckdb import DuckDB
from fullcircle.engine.open import open_engine
from fullcircle.errors import NotFound
from fullcircle.home.folder import TABLES
from fullcircle.pipeline import run
from fullcircle.serve.cli.main import app
from fullcircle.steward.model import decide_model
from tests.identity.crowd import make_crowd

CONFIG = """
[sources.crm]
connector = "files"
path = "crm"
[sources.crm.objects.contacts]
files = "contacts.csv"
key = "id"

[[map]]
source = "crm"
object = "contacts"
to = "records"
[map.fields]
given_name = "given"
family_name = "family"
email = "email"
phone = "phone"
birth_date = "born"
street = "street"
city = "city"
postcode = "postcode"

[insights]
names = []
[publish.targets.files]
target = "parquet"
[identity]
train = "never"
[identity.limits]
smallest = 1
weights = 0.0
"""


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose second run has learned weights that wait. Nobody may change anything there."""
    folder = tmp_path_factory.mktemp("waiting") / "project"
    (folder / "crm").mkdir(parents=True)
    crowd = DuckDB(threads=1)
    make_crowd(crowd, 150)
    columns = (
        "record_id AS id, given_name AS given, family_name AS family, birth_date AS born, email, phone, street, city, postcode"
    )
    crowd.run(f"COPY (SELECT {columns} FROM records) TO '{folder}/crm/contacts.csv'")
    file = folder / "fullcircle.toml"
    for text in (CONFIG, CONFIG.replace('"never"', '"auto"')):
        file.write_text(text)
        with open_desk(read_config(file)) as desk:
            run(desk)
    return file


@pytest.fixture
def project(waiting: Path, tmp_path: Path) -> Path:
    shutil.copytree(waiting.parent, tmp_path / "project")
    return tmp_path / "project" / "fullcircle.toml"


def members(file: Path) -> dict[str, str]:
    engine = open_engine(read_config(file).home / TABLES)
    found = dict(engine.rows("SELECT record_id, customer_id FROM members"))
    engine.close()
    return found


def cli(file: Path, *words: str) -> str:
    done = CliRunner().invoke(app, ["identity", "model", *words, "-c", str(file)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_what_waits_is_shown_with_ids_and_names(waiting: Path) -> None:
    with fullcircle.open(waiting) as reader:
        found = reader.model()
    (change,) = found.waiting
    assert change.effect
    assert change.share == change.effect.changed / change.effect.customers > 0
    ids = {id for example in change.effect.examples for id in example.customers}
    assert ids == set(found.names) <= set(members(waiting).values())
    text = cli(waiting)
    assert str(change.effect) in text
    assert all(word in text for word in ("built in", "apply --dry-run", "keep", next(iter(ids))))
    assert json.loads(cli(waiting, "--json")) == json.loads(json.dumps(found.to_dict()))


def test_apply_does_what_its_dry_run_shows_and_keep_goes_back(project: Path) -> None:
    before = members(project)
    shown = json.loads(cli(project, "apply", "--dry-run", "--json"))
    assert members(project) == before
    done = json.loads(cli(project, "apply", "--json", "--actor", "ann"))
    assert (shown["dry_run"], done["dry_run"]) == (True, False)
    assert shown["effect"] == done["effect"]
    assert shown["names"] == done["names"] != {}
    now = members(project)
    assert len(set(before.values()) - set(now.values())) == done["effect"]["absorbed"] > 0
    with pytest.raises(NotFound, match="No new match weights wait"):
        decide_model(read_config(project), "apply", "ann")
    assert "in use again" in cli(project, "keep")
    assert members(project) == before
    with fullcircle.open(project) as reader:
        assert [(one.state, one.by != "") for one in reader.model().changes] == [("kept", True)]


def test_keep_changes_nothing_and_is_not_asked_again(project: Path) -> None:
    before = members(project)
    assert "nothing was changed" in cli(project, "keep", "--dry-run")
    assert "stay in use" in cli(project, "keep")
    with open_desk(read_config(project)) as desk:
        run(desk)
    assert members(project) == before
    assert "New weights wait" not in cli(project)
    with pytest.raises(NotFound, match="in use already"):
        decide_model(read_config(project), "keep", "ann")
    assert "would have other records" in cli(project, "apply", "--dry-run")  # a mind can be changed
