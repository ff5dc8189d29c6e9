"""The Dataverse connector against a fake (tests/fakes/dataverse.py), which says what it shows and where that is documented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fullcircle.connectors.base import Cursor, FetchesKeys, NotesSweeps, SourceContext, SweepsIds
from fullcircle.connectors.http import retries
from fullcircle.connectors.sources.dataverse.source import PLUGIN, Dataverse
from fullcircle.errors import ConfigError, ObjectRefused, SourceBroken, SourceError, SourceRefused, SourceUnreachable
from tests.fakes.dataverse import LIMITS, TENANT, FakeDataverse
from tests.fakes.faulty import Reply, Request

HARMLESS = "anna@example.org"  # what the fake puts into its error messages


@pytest.fixture
def org(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDataverse]:
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.001)
    monkeypatch.setenv("DV_SECRET", "s3cret")
    fake = FakeDataverse()
    yield fake
    fake.stop()


def opened(org: FakeDataverse, folder: Path, batch_rows: int = 100_000, **options: Any) -> Dataverse:
    app = {"client_id": "app", "client_secret": "env:DV_SECRET", "tenant": TENANT}
    return PLUGIN(SourceContext("crm", folder, batch_rows, {"url": org.url, "authority": org.url, "tries": 2, **app, **options}))


def pulled(crm: Dataverse, name: str, since: Cursor | None = None) -> tuple[dict[str, dict[str, Any]], Cursor, list[str]]:
    """The last row of each key, the cursor, and the notes."""
    batches = list(crm.pull(name, since))
    rows = {row["_key"]: row for batch in batches for row in batch.rows.to_pylist()}
    return rows, batches[-1].cursor, [note for batch in batches for note in batch.notes]


def ops(rows: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {key: row["_op"] for key, row in rows.items()}


def test_it_keeps_the_contract(org: FakeDataverse, tmp_path: Path) -> None:
    with closing(opened(org, tmp_path)) as crm:
        assert isinstance(crm, SweepsIds)
        assert isinstance(crm, NotesSweeps)
        assert isinstance(crm, FetchesKeys)
        assert crm.objects()[:2] == ["account", "contact"]


def test_a_first_pull_has_every_row_in_its_types(org: FakeDataverse, tmp_path: Path) -> None:
    account = org.create("account", name="Öl & Söhne", revenue=12345678.9, industrycode=7, transactioncurrencyid=org.dollar)
    id = org.create("contact", lastname="Reed", birthdate="1980-02-29", parentcustomerid=("account", account), interests="1,2")
    with closing(opened(org, tmp_path)) as crm:
        rows, cursor, _ = pulled(crm, "account")
        people, _, _ = pulled(crm, "contact")
    row = rows[account]
    assert (row["name"], row["revenue"], row["_transactioncurrencyid_code"]) == ("Öl & Söhne", 12345678.9, "USD")
    assert (row["industrycode"], row["_industrycode_label"], row["_statecode_label"]) == (7, "Consulting", "Active")
    assert row["_at"] == row["modifiedon"] == datetime(2026, 11, 30, 10)
    assert json.loads(row["_raw"])["name"] == "Öl & Söhne"
    assert "entityimage" not in row
    person = people[id]
    assert (person["birthdate"], person["_parentcustomerid_value"], person["_parentcustomerid_type"]) == (
        date(1980, 2, 29), account, "account",
    )  # fmt: skip
    assert (person["interests"], person["_interests_label"]) == ("1,2", "Tea; Süßes")
    assert person["telephone3"] is None  # read by the maps, and not there
    assert "deltatoken" in cursor["link"]
    assert org.url not in cursor["link"]


def test_later_pulls_ask_only_for_what_changed(org: FakeDataverse, tmp_path: Path) -> None:
    ids = [org.create("contact", lastname=str(number)) for number in range(7)]
    with closing(opened(org, tmp_path, page_rows=2)) as crm:
        rows, cursor, _ = pulled(crm, "contact")
        assert [*rows] == ids
        assert pulled(crm, "contact", cursor)[0] == {}
        org.tick()
        backdated = org.create("contact", lastname="imported", modifiedon="2001-01-01T00:00:00Z")
        org.update("contact", ids[3], lastname="new")
        rows, cursor, notes = pulled(crm, "contact", cursor)
    assert ({*rows}, notes, cursor["sweep"]) == ({backdated, ids[3]}, [], False)


def test_deletes_merges_and_restored_rows_are_events(org: FakeDataverse, tmp_path: Path) -> None:
    a, b, c, d = (org.create("contact", lastname=name, emailaddress1="x@example.org") for name in "abcd")
    with closing(opened(org, tmp_path, page_rows=2)) as crm:
        _, cursor, _ = pulled(crm, "contact")
        row = org.delete("contact", a)
        org.merge("contact", b, c)
        org.restore("contact", org.delete("contact", d))
        rows, cursor, _ = pulled(crm, "contact", cursor)
        assert ops(rows) == {a: "delete", b: "merge", c: "upsert", d: "upsert"}
        assert (rows[b]["_into"], rows[a]["_into"]) == (c, None)
        assert (rows[a]["emailaddress1"], rows[a]["_raw"]) == (None, None)
        org.restore("contact", row)
        rows, _, _ = pulled(crm, "contact", cursor)
        assert ops(rows) == {a: "upsert"}
        assert crm.sweep("contact") is None


def test_an_expired_link_means_that_all_is_read_again_which_is_said(org: FakeDataverse, tmp_path: Path) -> None:
    a, b, c = (org.create("contact", lastname=name) for name in "abc")
    with closing(opened(org, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "contact")
        org.delete("contact", a)
        org.tick(8 * 86400)
        rows, cursor, notes = pulled(crm, "contact", cursor)
        assert {*rows} == {b, c}
        assert notes == ["all rows are read again: the link to its changes has expired"]
        assert cursor["sweep"]
        swept = crm.sweep("contact")
        assert swept is not None
        assert sorted(key for keys in swept for key in keys.to_pylist()) == sorted([b, c])
        assert crm.swept("contact", cursor) == {**cursor, "sweep": False}
    with closing(opened(org, tmp_path)) as crm:  # killed before the sweep: the next pull does it
        pulled(crm, "contact", cursor)
        assert crm.sweep("contact") is not None


@pytest.mark.parametrize("status", [400, 404, 410])
def test_a_link_that_is_refused_in_another_way_counts_as_expired(
    org: FakeDataverse, tmp_path: Path, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = org.create("contact", lastname="a")
    with closing(opened(org, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "contact")
        query = FakeDataverse._query

        def refused(self: FakeDataverse, table: str, request: Request) -> Reply:
            return Reply(status, b"") if "$deltatoken" in request.params else query(self, table, request)

        monkeypatch.setattr(FakeDataverse, "_query", refused)
        rows, _, notes = pulled(crm, "contact", cursor)
    assert ([*rows], len(notes)) == ([id], 1)


def test_a_table_without_change_tracking_is_read_by_time_stamp(org: FakeDataverse, tmp_path: Path) -> None:
    org.untracked.add("contact")
    ids = [org.create("contact", lastname=str(number)) for number in range(5)]
    with closing(opened(org, tmp_path, page_rows=2)) as crm:
        rows, cursor, _ = pulled(crm, "contact")
        assert ([*rows], cursor["since"]) == (ids, "2026-11-30T09:50:00Z")
        assert crm.sweep("contact") is None  # nothing can have been missed yet
        org.tick(3600)
        org.delete("contact", ids[0])
        org.update("contact", ids[1], lastname="new")
        rows, cursor, _ = pulled(crm, "contact", cursor)
        assert ({*rows}, rows[ids[1]]["lastname"]) == ({*ids[1:]}, "new")  # and what is read again, in the overlap
        assert crm.sweep("contact") is not None
        org.tick(3600)
        org.update("contact", ids[2], lastname="newer")
        assert {*pulled(crm, "contact", cursor)[0]} == {ids[1], ids[2]}
        org.untracked.clear()
        rows, cursor, notes = pulled(crm, "contact", cursor)
        assert (len(rows), notes) == (4, ["all rows are read again: its changes are now tracked by the environment"])
        assert cursor["link"]


def test_who_may_not_read_all_rows_gets_no_links(org: FakeDataverse, tmp_path: Path) -> None:
    a, b = (org.create("contact", lastname=name) for name in "ab")
    org.partly["contact"] = {a}
    with closing(opened(org, tmp_path)) as crm:
        rows, cursor, notes = pulled(crm, "contact")
        assert ({*rows}, cursor["tracked"]) == ({a}, False)
        assert notes[0].startswith("Dataverse lists no changes to this user")
        asked = len(org.asked)
        org.partly["contact"].add(b)
        assert {*pulled(crm, "contact", cursor)[0]} == {a, b}
        assert not any("track-changes" in (one.headers.get("Prefer") or "") for one in org.asked[asked:])


def test_without_a_link_at_the_end_changes_are_found_by_time_stamp(
    org: FakeDataverse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen of version 8.2 with annotations: MicrosoftDocs/powerapps-docs issue 439."""
    ids = [org.create("contact", lastname=name) for name in "abc"]
    tracked = FakeDataverse._tracked

    def without(*args: Any) -> Reply:
        reply = tracked(*args)
        reply.body.pop("@odata.deltaLink", None)
        return reply

    monkeypatch.setattr(FakeDataverse, "_tracked", without)
    with closing(opened(org, tmp_path, page_rows=2)) as crm:
        rows, cursor, notes = pulled(crm, "contact")
        assert ([*rows], cursor["since"], len(notes)) == (ids, "2026-11-30T09:50:00Z", 1)
        org.tick(3600)
        org.update("contact", ids[0], lastname="new")
        rows, _, notes = pulled(crm, "contact", cursor)
        assert (rows[ids[0]]["lastname"], notes) == ("new", [])
        assert crm.sweep("contact") is not None


# -- columns -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("change", ["new", "gone", "other type"])
def test_other_columns_mean_that_all_rows_are_read_again(org: FakeDataverse, tmp_path: Path, change: str) -> None:
    id = org.create("contact", lastname="old", cr1_tier="gold", description="x")
    with closing(opened(org, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "contact")
        if change == "new":
            org.add_column("contact", "cr1_tier", "String")
        elif change == "gone":
            org.drop_column("contact", "description")
        else:
            org.add_column("contact", "numberofchildren", "String")
        rows, cursor, notes = pulled(crm, "contact", cursor)
        assert [*rows] == [id]
        assert notes[0].startswith("all rows are read again: new, changed or removed columns: ")
        assert (rows[id].get("cr1_tier"), "description" in rows[id]) == ("gold" if change == "new" else None, change != "gone")
        assert cursor["sweep"]  # what was deleted since the last link
        assert pulled(crm, "contact", cursor)[2] == []


def test_a_column_that_vanishes_between_definition_and_query(
    org: FakeDataverse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = org.create("contact", lastname="a", description="x")
    definitions = FakeDataverse._definitions

    def then_drop(self: FakeDataverse, resource: str, params: Any) -> Reply:
        reply = definitions(self, resource, params)
        reply = Reply(reply.status, reply.raw)
        if "DateTime" in resource:
            self.columns["contact"].pop("description", None)
        return reply

    monkeypatch.setattr(FakeDataverse, "_definitions", then_drop)
    with closing(opened(org, tmp_path)) as crm:
        rows, _, _ = pulled(crm, "contact")
    assert "description" not in rows[id]


def test_values_that_are_not_of_their_type_are_rejected_by_row(org: FakeDataverse, tmp_path: Path) -> None:
    good, bad = org.create("account", numberofemployees=3), org.create("account", numberofemployees="many")
    with closing(opened(org, tmp_path)) as crm:
        batches = list(crm.pull("account", None))
    rejects = pa.concat_tables([batch.rejects for batch in batches if batch.rejects is not None]).to_pylist()
    assert [(row["key"], row["reason"]) for row in rejects] == [
        (bad, "the value of numberofemployees is not of the type integer")
    ]
    assert [key for batch in batches for key in batch.rows["_key"].to_pylist()] == [good]


def test_numbers_without_meaning_stop_the_pull(org: FakeDataverse, tmp_path: Path) -> None:
    org.create("contact", lastname="a")
    org.annotated = False  # as behind a proxy that does not pass the wish on
    with closing(opened(org, tmp_path)) as crm, pytest.raises(SourceBroken, match="does not say what the values of"):
        pulled(crm, "contact")


def test_large_texts_and_an_empty_table(org: FakeDataverse, tmp_path: Path) -> None:
    text = 'ein "langer" Text — 名前 😀,\n' * 50_000
    id = org.create("contact", lastname="Zoë", description=text)
    with closing(opened(org, tmp_path)) as crm:
        assert pulled(crm, "contact")[0][id]["description"] == text
        rows, cursor, _ = pulled(crm, "lead")
        assert rows == {}
        assert pulled(crm, "lead", cursor)[0] == {}


# -- money ---------------------------------------------------------------------------------------------------------------
def test_a_currency_that_is_new(org: FakeDataverse, tmp_path: Path) -> None:
    first = org.create("salesorder", totalamount=10, transactioncurrencyid=org.euro)
    with closing(opened(org, tmp_path)) as crm:
        rows, cursor, _ = pulled(crm, "salesorder")
        assert rows[first]["_transactioncurrencyid_code"] == "EUR"
        franc = org.create("transactioncurrency", isocurrencycode="CHF")
        second = org.create("salesorder", totalamount=10, transactioncurrencyid=franc)
        rows, _, _ = pulled(crm, "salesorder", cursor)
    assert rows[second]["_transactioncurrencyid_code"] == "CHF"


def test_amounts_without_currency_are_said(org: FakeDataverse, tmp_path: Path) -> None:
    org.denied.add("transactioncurrency")
    id = org.create("salesorder", totalamount=10, transactioncurrencyid=org.euro)
    with closing(opened(org, tmp_path)) as crm:
        rows, _, notes = pulled(crm, "salesorder")
        assert crm.check()[-1].startswith("The currencies cannot be read")
    assert rows[id]["_transactioncurrencyid_code"] is None
    assert notes == ["amounts have no currency, because the user may not read Currency (transactioncurrency)"]


# -- logins, limits, permissions --------------------------------------------------------------------------------------------
def test_a_token_that_expires_in_the_middle(org: FakeDataverse, tmp_path: Path) -> None:
    ids = [org.create("contact", lastname="x") for _ in range(5)]
    with closing(opened(org, tmp_path, batch_rows=2, page_rows=2)) as crm:
        keys: list[str] = []
        for batch in crm.pull("contact", None):
            keys += batch.rows["_key"].to_pylist()
            org.expire()
    assert (keys, org.logins > 1) == (ids, True)


def test_a_refused_login(org: FakeDataverse, tmp_path: Path) -> None:
    org.secret = "another"
    refused = pytest.raises(SourceRefused, match=r"refuses the login \(invalid_client, AADSTS7000215\)")
    with closing(opened(org, tmp_path)) as crm, refused as raised:
        crm.objects()
    assert "s3cret" not in raised.value.message + raised.value.hint
    assert HARMLESS not in raised.value.message


def test_an_app_that_is_not_a_user(org: FakeDataverse, tmp_path: Path) -> None:
    org.is_member = False
    with closing(opened(org, tmp_path)) as crm, pytest.raises(SourceRefused, match="does not know the app") as raised:
        crm.objects()
    assert not isinstance(raised.value, ObjectRefused)


@pytest.mark.parametrize("limit", LIMITS)
def test_each_limit_passes(org: FakeDataverse, tmp_path: Path, limit: str) -> None:
    id = org.create("contact", lastname="x")
    with closing(opened(org, tmp_path)) as crm:
        org.limits = [limit]
        assert [*pulled(crm, "contact")[0]] == [id]
        org.limits = [limit] * 50
        with pytest.raises(SourceUnreachable, match="HTTP 429"):
            pulled(crm, "contact")


def test_a_table_that_may_not_be_read_or_is_not_there(org: FakeDataverse, tmp_path: Path) -> None:
    org.denied.add("incident")
    org.missing.add("lead")
    with closing(opened(org, tmp_path)) as crm:
        with pytest.raises(ObjectRefused, match="may not read incident") as raised:
            pulled(crm, "incident")
        assert HARMLESS not in raised.value.message
        assert "lead" not in crm.objects()
        with pytest.raises(ObjectRefused, match="has no table lead"):
            pulled(crm, "lead")


def test_check_says_what_is_there_and_what_is_not(org: FakeDataverse, tmp_path: Path) -> None:
    org.missing.add("lead")
    org.denied.add("task")
    org.untracked.add("email")
    org.create("contact", lastname="x")
    with closing(opened(org, tmp_path)) as crm:
        lines = crm.check()
        found = {one.name: one for one in crm.discover()}
    assert lines[0] == f"Dataverse at {org.url.removeprefix('http://')}, Web API version 9.2"
    assert "contact: 1 row" in lines
    assert "task: skipped. The application user may not read task (0x80040220)." in lines
    assert any(line.startswith("email: 0 rows; its changes are not tracked") for line in lines)
    assert "Not there, or not for this user: lead." in lines
    assert "task" not in found
    assert (found["contact"].rows, found["contact"].cursor) == (1, "modifiedon")
    assert found["contact"].references["_originatingleadid_value"] == ("lead", "leadid")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"client_secret": "s3cret"}, "is in plain text"),
        ({"url": "http://example.crm.dynamics.com"}, "neither https nor on this machine"),
        ({"api_version": "latest"}, "api_version is wrong"),
        ({"tenant": "../other"}, "tenant is wrong"),
        ({"page_rows": 5001}, "page_rows is wrong"),
    ],
)
def test_options_that_cannot_be(org: FakeDataverse, tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        opened(org, tmp_path, **options)


def test_names_of_tables_go_into_addresses_only_if_they_are_names(org: FakeDataverse, tmp_path: Path) -> None:
    with closing(opened(org, tmp_path, objects=("contact'x",))) as crm, pytest.raises(ConfigError, match="is not the name"):
        list(crm.pull("contact'x", None))


def test_the_login_goes_to_no_other_server(org: FakeDataverse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [org.create("contact", lastname="x") for _ in range(3)]
    link = FakeDataverse._link
    monkeypatch.setattr(FakeDataverse, "_link", lambda *a: link(*a).replace("http://127.0.0.1", "https://elsewhere.example.org"))
    with closing(opened(org, tmp_path, page_rows=2)) as crm:
        assert [*pulled(crm, "contact")[0]] == ids
    monkeypatch.setattr(FakeDataverse, "_link", lambda *_: "https://elsewhere.example.org/collect")
    with closing(opened(org, tmp_path, page_rows=2)) as crm, pytest.raises(SourceError, match="not one of its Web API"):
        pulled(crm, "contact")
