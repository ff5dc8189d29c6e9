"""`fullcircle writeback` from a run to an undo, on a fake Salesforce and a file of the same people."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fullcircle.errors import NotAllowed, NotFound
from fullcircle.serve.cli.main import app
from tests.writeback.crms import SalesforceCrm

CONFIG = """
[project]
home = "home"
[audit]
keep = true
[sources.crm]
connector = "salesforce"
url = "{url}"
client_id = "3MVG"
client_secret = "env:SF_SECRET"
objects = ["Contact"]
[insights]
names = ["habits"]
[publish.targets.files]
target = "parquet"
tables = ["customers"]
[writeback.contacts]
source = "crm"
object = "Contact"
[writeback.contacts.fields]
Fullcircle__c = "customer_id"
Worth__c = "records"
"""


@pytest.fixture
def crm(monkeypatch: pytest.MonkeyPatch) -> Iterator[SalesforceCrm]:
    monkeypatch.setenv("SF_SECRET", "s3cret")
    crm = SalesforceCrm()
    yield crm
    crm.server.stop()


def test_from_a_run_to_an_undo(crm: SalesforceCrm, tmp_path: Path) -> None:
    file = tmp_path / "fullcircle.toml"
    file.write_text(CONFIG.format(url=crm.server.url))

    def asked(*words: str) -> Any:
        done = CliRunner().invoke(app, [*words, "-c", str(file)])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return json.loads(done.stdout) if "--json" in words else done.output

    with pytest.raises(NotFound):
        asked("writeback", "preview")
    ids = [crm.server.create("Contact", FirstName=name, LastName="Reed", Email=f"{name}@example.org") for name in ("Ann", "Bo")]
    asked("run", "-q")
    shown = asked("writeback", "preview", "--json")
    assert (shown["to_write"], len(shown["examples"]), shown["examples"][0]["what"]) == (2, 4, "write")
    assert asked("writeback", "run", "--dry-run", "--json")["written"] == 0
    assert "2 rows of crm.Contact compared, 2 written (run 1)" in asked("writeback", "run", "contacts", "-q")
    assert {crm.server.rows["Contact"][id]["Fullcircle__c"].partition(":")[0] for id in ids} == {"customer"}
    again = asked("run", "-q", "--json")
    assert next(one for one in again if one["stage"] == "pull")["counts"]["rows"] == 0
    assert asked("writeback", "run", "--json")["to_write"] == 0
    crm.change(ids[0], "id", "a word of a person")
    assert asked("writeback", "run", "--json")["conflicts"] == 1
    undone = asked("writeback", "undo", "--json")
    assert (undone["undoes"], undone["set_back"], undone["changed_since"]) == (
        1, 3, [{"record": f"record:crm:Contact:{ids[0]}", "field": "Fullcircle__c"}],
    )  # fmt: skip
    assert [one["undoes"] for one in asked("writeback", "status", "--json")] == [1, None, None, None]
    noted = asked("audit", "show", "--json")
    assert any(one["question"] == "writeback run" and "Fullcircle__c" in one["fields"] for one in noted), noted

    file.write_text(file.read_text() + "\n[govern]\n")  # nobody has a role yet
    with pytest.raises(NotAllowed):
        asked("writeback", "run")
