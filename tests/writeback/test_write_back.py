"""What every CRM must get, whatever happens: the same tests for two fakes and a real Tryton."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fullcircle.connectors.http import retries
from fullcircle.connectors.writing import WriteUnsure
from fullcircle.errors import SourceRefused
from tests.servers.tryton import TrytonServer, add_module, running_tryton
from tests.writeback.crms import HubspotCrm, Killed, SalesforceCrm, TrytonCrm, write_module
from tests.writeback.office import Office

pytestmark = [pytest.mark.xdist_group("tryton")]


@pytest.fixture(scope="module")
def tryton(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonServer]:
    modules = write_module(tmp_path_factory.mktemp("modules"))
    with running_tryton(tmp_path_factory.mktemp("tryton")) as server:
        add_module(server, modules, "fc_fields")
        yield server


@pytest.fixture(params=["salesforce", "hubspot", pytest.param("tryton", marks=pytest.mark.server)])
def office(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("SF_SECRET", "s3cret")
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.001)
    crm: Any
    if request.param == "tryton":
        server = request.getfixturevalue("tryton")
        monkeypatch.setenv("TRYTON_PASSWORD", server.password)
        crm = TrytonCrm(server)
    else:
        crm = SalesforceCrm() if request.param == "salesforce" else HubspotCrm()
    office = Office(crm, tmp_path)
    yield office
    office.close()
    if request.param != "tryton":
        crm.server.stop()


def some(office: Office) -> None:
    office.customer("ada", 120.5, "vips;quiet", "2026-11-01")
    office.customer("ben", 0.005, "quiet")
    office.customer("cleo")


ADA = {"id": "customer:ada", "value": "120.5", "vip": "true", "last": "2026-11-01"}


def without_groups(values: dict[str, str | None]) -> dict[str, str | None]:
    return {word: value for word, value in values.items() if word != "groups"}


def test_what_differs_is_written_and_then_nothing_is(office: Office) -> None:
    some(office)
    shown = office.write(preview=True)
    assert (shown.to_write, shown.written, shown.run) == (3, 0, None)
    assert office.there("ada")["id"] is None
    assert {one["wanted"] for one in shown.examples} >= {"customer:ada", "120.5", "quiet;vips"}

    done = office.write()
    assert (done.rows, done.written, done.conflicts, dict(done.refused)) == (3, 3, 0, {})
    assert without_groups(office.there("ada")) == ADA
    assert sorted((office.there("ada")["groups"] or "").split(";")) == ["quiet", "vips"]
    assert office.there("cleo")["id"] == "customer:cleo"

    before = office.crm.saves()
    again = office.write()
    assert (again.to_write, again.written, again.conflicts) == (0, 0, 0)
    assert office.crm.saves() == before

    office.now("ada", 99, "quiet", "2026-11-20")
    office.now("ben")
    changed = office.write()
    assert (changed.to_write, changed.written) == (2, 2)
    assert office.there("ada") == {"id": "customer:ada", "groups": "quiet", "value": "99", "vip": "false", "last": "2026-11-20"}
    assert office.there("ben")["groups"] is None


def test_what_somebody_changed_in_the_crm_stays_unless_the_config_says_otherwise(office: Office) -> None:
    some(office)
    ada, ben, cleo = office.keys["ada"], office.keys["ben"], office.keys["cleo"]
    office.crm.change(cleo, "id", "ours")  # filled before we ever wrote it
    office.write()
    assert office.crm.value(cleo, "id") == "ours"
    office.crm.change(ada, "groups", "quiet")
    office.crm.remove(ben)
    office.now("ada", 7, "vips", "2026-11-01")
    done = office.write()
    assert (done.conflicts, done.written) == (2, 1)
    assert done.values["gone"] == len(office.facts)
    assert (office.crm.value(ada, "groups"), office.crm.value(ada, "value")) == ("quiet", "7")
    office.settings["wins"] = "fullcircle"
    done = office.write()
    assert (done.conflicts, done.written) == (2, 2)
    assert (office.crm.value(ada, "groups"), office.crm.value(cleo, "id")) == ("vips", "customer:cleo")
    assert office.write().conflicts == 0


def test_an_undo_sets_back_what_nobody_has_changed_since(office: Office) -> None:
    some(office)
    office.write()
    office.now("ada", 50, "vips", "2026-11-21")
    office.now("ben", 60, "vips")
    second = office.write()
    office.crm.change(office.keys["ben"], "groups", "quiet;vips")
    assert len(office.undo(preview=True).changed_since) == 1
    assert office.there("ada")["value"] == "50"
    undone = office.undo()
    assert (undone.undoes, undone.rows, [one.key for one in undone.changed_since]) == (second.run, 2, [office.keys["ben"]])
    assert without_groups(office.there("ada")) == ADA
    assert office.there("ben")["groups"] == "quiet;vips"
    first = office.undo()
    assert first.undoes == 1 and office.there("ada")["id"] is None and office.there("cleo")["id"] is None
    assert office.write().written == 3  # it is written again; only ben's segments are a conflict
    assert office.there("ada")["value"] == "50"


@pytest.mark.parametrize("office", ["salesforce", "hubspot"], indirect=True)
def test_nothing_is_written_of_people_whose_data_may_not_be_used(office: Office) -> None:
    some(office)
    office.restrict("ada")
    assert office.write().written == 2
    assert office.there("ada")["id"] is None
    office.write()
    office.restrict("ben")
    office.now("ben", 1000)
    assert office.write().written == 0
    assert office.undo().left > 0
    assert office.there("ben")["id"] == "customer:ben"


@pytest.mark.parametrize("office", [pytest.param("tryton", marks=pytest.mark.server)], indirect=True)
def test_tryton_refuses_to_write_over_what_changed_a_moment_ago(office: Office) -> None:
    key = office.customer("ada", 1)
    with office.desk() as desk:
        writer, fields = desk.plan.writer, desk.plan.written
        assert writer.values(office.crm.object, [key], [*fields.values()])[key]["fc_id"] is None
        office.crm.change(key, "id", "a person's")
        with pytest.raises(WriteUnsure):
            writer.write(office.crm.object, {key: {"fc_id": "ours"}}, fields)
    assert office.crm.value(key, "id") == "a person's"
    assert office.write().conflicts == 1
    with pytest.raises(SourceRefused, match=r"rec_name is|write_date is"):
        office.facts = {"id": "customer_id", "name": "customer_id"}
        office.crm.names["name"] = "rec_name"
        office.write()


ENDS = ("killed before", "killed after", "lost")


def test_a_run_that_ends_at_any_request_is_continued(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the real server only at the requests around the writes, as each of its logins takes a while."""
    office.facts = {"id": "customer_id", "value": "worth"}
    for name in ("ada", "ben", "cleo"):
        office.customer(name, 1)
    monkeypatch.setattr(type(_writer(office)), "write_rows", 2)
    office.write()
    for worth, (number, how) in enumerate(office.crm.ends(ENDS), 2):
        for name in ("ada", "ben", "cleo"):
            office.now(name, worth)
        try:
            with office.crm.ends_at(number, how, monkeypatch):
                done = office.write()
        except Killed:
            done = office.write()
        assert (done.conflicts, dict(done.refused), done.changed) == (0, {}, 0)
        assert {office.there(name)["value"] for name in office.keys} == {str(worth)}
    assert office.write().to_write == 0
    assert not office.book.read("SELECT 1 FROM writeback_cell WHERE state IN ('sent', 'changed')")
    sure = office.book.read("SELECT count(*), count(DISTINCT key || after) FROM writeback_cell WHERE state = 'written'")
    assert sure[0][0] == sure[0][1]  # each value was written once, by one of the runs
    while office.book.read(LEFT):
        assert office.undo().changed_since == []
    assert {office.there(name)["value"] for name in office.keys} == {None}


LEFT = """
    SELECT 1 FROM writeback_cell JOIN writeback_run r ON r.number = run WHERE state = 'written' AND r.undoes IS NULL
    AND run NOT IN (SELECT undoes FROM writeback_run WHERE undoes IS NOT NULL)"""


def _writer(office: Office) -> Any:
    with office.desk() as desk:
        return desk.plan.writer
