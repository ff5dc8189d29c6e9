"""The Salesforce connector against a fake (tests/fakes/salesforce.py), which says what it shows and where that is documented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fullcircle.connectors.base import Batch, Cursor, FetchesKeys, NotesSweeps, SourceContext, SweepsIds
from fullcircle.connectors.http import retries
from fullcircle.connectors.sources.salesforce import bulk
from fullcircle.connectors.sources.salesforce.source import PLUGIN, Salesforce
from fullcircle.errors import ConfigError, ObjectRefused, SourceChanged, SourceRefused, SourceUnreachable
from tests.fakes.salesforce import FakeSalesforce

HARMLESS = "anna@example.org"  # what the fake puts into its error messages


@pytest.fixture
def org(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSalesforce]:
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.001)
    monkeypatch.setattr(bulk, "FIRST_LOOK", 0.001)
    monkeypatch.setenv("SF_SECRET", "s3cret")
    fake = FakeSalesforce()
    yield fake
    fake.stop()


def opened(org: FakeSalesforce, folder: Path, batch_rows: int = 100_000, **options: Any) -> Salesforce:
    given = {"url": org.url, "client_id": "3MVG", "client_secret": "env:SF_SECRET", "tries": 2, **options}
    return PLUGIN(SourceContext("crm", folder, batch_rows, given))


def pulled(crm: Salesforce, name: str, since: Cursor | None = None) -> tuple[dict[str, dict[str, Any]], Cursor, list[str]]:
    """The last row of each key, the cursor, and the notes."""
    batches = list(crm.pull(name, since))
    rows = {row["_key"]: row for batch in batches for row in batch.rows.to_pylist()}
    return rows, batches[-1].cursor, [note for batch in batches for note in batch.notes]


def ops(rows: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {key: row["_op"] for key, row in rows.items()}


def test_it_keeps_the_contract(org: FakeSalesforce, tmp_path: Path) -> None:
    with closing(opened(org, tmp_path)) as crm:
        assert isinstance(crm, SweepsIds)
        assert isinstance(crm, NotesSweeps)
        assert isinstance(crm, FetchesKeys)
        assert crm.objects()[:2] == ["Account", "Contact"]


def test_a_first_pull_has_every_row_in_its_types(org: FakeSalesforce, tmp_path: Path) -> None:
    account = org.create(
        "Account", Name="Öl & Söhne", AnnualRevenue=12345678.9, NumberOfEmployees=7, BillingStreet='Weg 1\n"Hof"'
    )
    gone = org.create("Account", Name="Gone")
    org.delete("Account", gone)
    with closing(opened(org, tmp_path)) as crm:
        rows, cursor, _ = pulled(crm, "Account")
    row = rows[account]
    assert (ops(rows), row["Name"]) == ({account: "upsert", gone: "delete"}, "Öl & Söhne")
    assert (row["AnnualRevenue"], row["NumberOfEmployees"]) == (12345678.9, 7)
    assert row["BillingStreet"] == 'Weg 1\n"Hof"'
    assert row["_at"] == row["SystemModstamp"] == org.clock
    assert row["IsPersonAccount"] is None
    assert json.loads(row["_raw"])["Name"] == "Öl & Söhne"
    assert "BillingAddress" not in row
    assert cursor["since"] == "2026-11-30T09:50:00.000"
    assert org.jobs == {}  # the result does not stay there for a week


@pytest.mark.parametrize("repeat_header", [True, False])
def test_a_job_is_read_page_by_page_with_or_without_headers(org: FakeSalesforce, tmp_path: Path, repeat_header: bool) -> None:
    org.repeat_header = repeat_header
    ids = [org.create("Contact", LastName=f"Name {n}\nin two lines", Email=f"n{n}@example.org") for n in range(7)]
    with closing(opened(org, tmp_path, bulk_page_rows=3)) as crm:
        rows, _, _ = pulled(crm, "Contact")
    assert [*rows] == ids
    assert {row["LastName"].count("\n") for row in rows.values()} == {1}


def test_a_row_is_the_same_by_csv_and_by_json(org: FakeSalesforce, tmp_path: Path) -> None:
    id = org.create("Account", Name="A", AnnualRevenue=1e7, NumberOfEmployees=3, Phone="0")
    with closing(opened(org, tmp_path)) as crm:
        first, cursor, _ = pulled(crm, "Account")
        again, _, _ = pulled(crm, "Account", cursor)
    assert first[id] == again[id]  # in the overlap: pull.py leaves it out, because it is what is landed


def test_many_changes_come_by_a_job_and_few_by_pages(org: FakeSalesforce, tmp_path: Path) -> None:
    with closing(opened(org, tmp_path, bulk_from=5)) as crm:
        _, cursor, _ = pulled(crm, "Contact")
        org.page_rows = 2
        few = [org.create("Contact", LastName="few") for _ in range(4)]
        asked = len(org.asked)
        rows, _, _ = pulled(crm, "Contact", cursor)
        assert ([*rows], any("jobs" in one.path for one in org.asked[asked:])) == (few, False)
        many = [org.create("Contact", LastName="many") for _ in range(4)]
        rows, _, _ = pulled(crm, "Contact", cursor)
        assert ([*rows], any("jobs" in one.path for one in org.asked[asked:])) == (few + many, True)


def test_a_query_too_long_for_an_address_is_a_job(org: FakeSalesforce, tmp_path: Path) -> None:
    for number in range(400):
        org.add_field("Contact", f"A_custom_field_with_a_long_name_{number}__c", "string")
    id = org.create("Contact", LastName="Wide", A_custom_field_with_a_long_name_399__c="here")
    with closing(opened(org, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "Contact")
        rows, _, _ = pulled(crm, "Contact", cursor)
        org.delete("Contact", id, silently=True)
        gone, _, _ = pulled(crm, "Contact", cursor)
    assert rows[id]["A_custom_field_with_a_long_name_399__c"] == "here"
    assert ops(gone) == {id: "delete"}


def test_deletes_merges_and_undeletes_are_events(org: FakeSalesforce, tmp_path: Path) -> None:
    a, b, c, d, e = (org.create("Contact", LastName=name, Email="x@example.org") for name in "abcde")
    with closing(opened(org, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "Contact")
        org.tick(3600)
        org.delete("Contact", a)
        org.delete("Contact", b, silently=True)
        org.merge("Contact", c, d)
        org.delete("Contact", e)
        org.empty_bin("Account")
        del org.rows["Contact"][e]
        rows, cursor, _ = pulled(crm, "Contact", cursor)
        assert ops(rows) == {a: "delete", b: "delete", c: "merge", d: "upsert", e: "delete"}
        assert (rows[c]["_into"], rows[a]["_into"]) == (d, None)
        assert (rows[a]["Email"], rows[a]["_raw"], rows[b]["Email"]) == (None, None, None)
        org.undelete("Contact", a)
        rows, _, _ = pulled(crm, "Contact", cursor)
        assert ops(rows)[a] == "upsert"
        assert crm.sweep("Contact") is None


def test_a_merge_before_the_first_pull_is_known(org: FakeSalesforce, tmp_path: Path) -> None:
    a, b = org.create("Lead", LastName="a"), org.create("Lead", LastName="b")
    org.merge("Lead", a, b)
    with closing(opened(org, tmp_path)) as crm:
        rows, _, _ = pulled(crm, "Lead")
    assert ops(rows) == {a: "merge", b: "upsert"}


@pytest.mark.parametrize("why", ["too long ago", "purged", "not logged"])
def test_without_a_log_that_reaches_back_the_ids_are_compared(org: FakeSalesforce, tmp_path: Path, why: str) -> None:
    a, b, c = (org.create("Contact", LastName=name) for name in "abc")
    with closing(opened(org, tmp_path, bulk_from=2)) as crm:
        _, cursor, _ = pulled(crm, "Contact")
        org.tick(3600)
        org.merge("Contact", c, b)
        org.delete("Contact", a)
        if why == "too long ago":
            org.tick(16 * 86400)
        elif why == "purged":
            org.purge_log()
        else:
            org.not_logged.add("Contact")
        rows, cursor, _ = pulled(crm, "Contact", cursor)
        assert ops(rows)[c] == "merge"
        assert cursor["sweep"]
        swept = crm.sweep("Contact")
        assert swept is not None
        assert [key for keys in swept for key in keys.to_pylist()] == [b]
        assert crm.swept("Contact", cursor) == {**cursor, "sweep": False}
    with closing(opened(org, tmp_path)) as crm:  # killed before the sweep: the next pull does it
        _, again, _ = pulled(crm, "Contact", cursor)
        assert again["sweep"]
        assert crm.sweep("Contact") is not None


def test_late_commits_and_equal_time_stamps_are_found(org: FakeSalesforce, tmp_path: Path) -> None:
    org.page_rows = 2
    same = [org.create("Contact", LastName="same") for _ in range(5)]
    with closing(opened(org, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "Contact")
        late = org.create("Contact", stamp=org.clock.replace(hour=9, minute=55), LastName="late")
        rows, _, _ = pulled(crm, "Contact", cursor)
    assert {*rows} == {*same, late}


# -- fields --------------------------------------------------------------------------------------------------------------
def test_a_new_field_means_that_all_rows_are_read_again(org: FakeSalesforce, tmp_path: Path) -> None:
    id = org.create("Contact", LastName="old", Tier__c="gold")
    with closing(opened(org, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "Contact")
        org.tick(86400)
        org.add_field("Contact", "Tier__c", "picklist")
        rows, cursor, notes = pulled(crm, "Contact", cursor)
        assert rows[id]["Tier__c"] == "gold"
        assert "all rows are read again, because of new or changed fields: Tier__c" in notes
        assert pulled(crm, "Contact", cursor)[2] == []


def test_a_field_that_vanishes_is_no_longer_asked_for(org: FakeSalesforce, tmp_path: Path) -> None:
    id = org.create("Contact", LastName="old", Description="x")
    with closing(opened(org, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "Contact")
        org.drop_field("Contact", "Description")
        org.update("Contact", id, LastName="new")
        rows, cursor, _ = pulled(crm, "Contact", cursor)
        assert (rows[id]["LastName"], "Description" in rows[id]) == ("new", False)
        org.drop_field("Contact", "Email")  # one that the maps read
        rows, _, _ = pulled(crm, "Contact", cursor)
        assert rows[id]["Email"] is None


def test_a_field_that_vanishes_between_describe_and_query(
    org: FakeSalesforce, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = org.create("Contact", LastName="a", Description="x")
    describe = FakeSalesforce._describe

    def then_drop(self: FakeSalesforce, object: str) -> Any:
        reply = describe(self, object)
        reply.raw  # noqa: B018 - written before the field goes
        found = type(reply)(reply.status, json.loads(reply.raw))
        self.fields[object].pop("Description", None)
        return found

    monkeypatch.setattr(FakeSalesforce, "_describe", then_drop)
    with closing(opened(org, tmp_path)) as crm:
        rows, _, _ = pulled(crm, "Contact")
    assert "Description" not in rows[id]


def test_values_that_are_not_of_their_type_are_rejected_by_row(org: FakeSalesforce, tmp_path: Path) -> None:
    good, bad = org.create("Account", NumberOfEmployees=3), org.create("Account", NumberOfEmployees="many")
    with closing(opened(org, tmp_path)) as crm:
        batches = list(crm.pull("Account", None))
    rejects = pa.concat_tables([batch.rejects for batch in batches if batch.rejects is not None]).to_pylist()
    assert [row["key"] for row in rejects] == [bad]
    assert rejects[0]["reason"] == "the value of NumberOfEmployees is not of the type int"
    assert [key for batch in batches for key in batch.rows["_key"].to_pylist()] == [good]


def test_computed_fields_are_left_out_unless_asked_for(org: FakeSalesforce, tmp_path: Path) -> None:
    org.add_field("Account", "Score__c", "double", calculated=True, calculatedFormula="1 + 1")
    org.add_field("Account", "Orders__c", "double", calculated=True)  # a roll-up summary
    id = org.create("Account", Score__c=2, Orders__c=3)
    with closing(opened(org, tmp_path)) as crm:
        rows, _, notes = pulled(crm, "Account")
        assert ("Score__c" in rows[id], rows[id]["Orders__c"]) == (False, 3)
        assert notes[0].startswith("1 computed field is not pulled")
    with closing(opened(org, tmp_path, formulas=True)) as crm:
        assert pulled(crm, "Account")[0][id]["Score__c"] == 2


def test_large_texts(org: FakeSalesforce, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BLOCK", 1 << 14)
    text = 'a "long" text,\n' * 70_000
    ids = [org.create("Contact", LastName=str(n), Description=text if n == 3 else "short") for n in range(5)]
    with closing(opened(org, tmp_path)) as crm:
        rows, cursor, _ = pulled(crm, "Contact")
        again, _, _ = pulled(crm, "Contact", cursor)
    assert [row["Description"] == text for row in rows.values()] == [False, False, False, True, False]
    assert again == rows
    assert [*rows] == ids


def test_an_empty_object(org: FakeSalesforce, tmp_path: Path) -> None:
    with closing(opened(org, tmp_path)) as crm:
        rows, cursor, _ = pulled(crm, "Campaign")
        assert rows == {}
        assert pulled(crm, "Campaign", cursor)[0] == {}


# -- logins, limits, permissions --------------------------------------------------------------------------------------------
def test_a_token_that_expires_in_the_middle(org: FakeSalesforce, tmp_path: Path) -> None:
    for _ in range(5):
        org.create("Contact", LastName="x")
    with closing(opened(org, tmp_path, bulk_page_rows=2)) as crm:
        batches: list[Batch] = []
        for batch in crm.pull("Contact", None):
            batches.append(batch)
            org.expire()
    assert sum(batch.rows.num_rows for batch in batches) == 5
    assert org.logins > 1


def test_logging_in_with_a_key(org: FakeSalesforce, tmp_path: Path) -> None:
    from joserfc import jwt
    from joserfc.jwk import RSAKey

    key = RSAKey.generate_key(2048)
    (tmp_path / "key.pem").write_bytes(key.as_pem(private=True))
    options = {"client_secret": "", "user": "api@example.org", "private_key": "file:key.pem"}
    options["audience"] = "https://test.salesforce.com"
    with closing(opened(org, tmp_path, **options)) as crm:
        assert crm.check()[0] == f"Salesforce at {org.url.removeprefix('http://')}, API version 66.0"
    form = dict(pair.split("=", 1) for pair in org.asked[0].body.decode().split("&"))
    claims = jwt.decode(form["assertion"], key, algorithms=["RS256"]).claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("3MVG", "api@example.org", "https://test.salesforce.com")


def test_a_refused_login(org: FakeSalesforce, tmp_path: Path) -> None:
    org.secret = "another"
    refused = pytest.raises(SourceRefused, match=r"refuses the login \(invalid_client\)")
    with closing(opened(org, tmp_path)) as crm, refused as raised:
        crm.objects()
    assert "s3cret" not in raised.value.message + raised.value.hint


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"client_secret": ""}, "either client_secret, or user and private_key"),
        ({"user": "u", "private_key": "file:k"}, "either client_secret, or user and private_key"),
        ({"client_secret": "s3cret"}, "is in plain text"),
        ({"url": "http://example.my.salesforce.com"}, "neither https nor on this machine"),
        ({"api_version": "latest"}, "api_version is wrong"),
    ],
)
def test_options_that_cannot_be(org: FakeSalesforce, tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        opened(org, tmp_path, **options)


def test_a_version_that_is_not_there(org: FakeSalesforce, tmp_path: Path) -> None:
    refused = pytest.raises(ConfigError, match=r"API version 29\.0")
    with closing(opened(org, tmp_path, api_version="29.0")) as crm, refused as raised:
        crm.objects()
    assert raised.value.hint == "Set `api_version`. It has 31.0 to 67.0."


def test_a_job_of_another_version_is_begun_anew(org: FakeSalesforce, tmp_path: Path) -> None:
    ids = [org.create("Contact", LastName="x") for _ in range(3)]
    with closing(opened(org, tmp_path)) as crm:
        begun = next(crm.pull("Contact", None)).cursor
    with closing(opened(org, tmp_path, api_version="67.0")) as crm:
        assert [*pulled(crm, "Contact", begun)[0]] == ids


def test_requests_at_once_pass_but_those_of_a_day_do_not(org: FakeSalesforce, tmp_path: Path) -> None:
    org.create("Contact", LastName="x")
    with closing(opened(org, tmp_path)) as crm:
        org.busy = 1
        assert len(pulled(crm, "Contact")[0]) == 1
        org.allowed = org.used
        with pytest.raises(SourceUnreachable, match="no more API requests") as raised:
            crm.objects()
    assert HARMLESS not in raised.value.message


def test_a_share_of_the_requests_is_left_to_others(org: FakeSalesforce, tmp_path: Path) -> None:
    org.allowed, org.page_rows = 20, 1
    for number in range(30):
        org.create("Contact", LastName=str(number))
    with closing(opened(org, tmp_path, api_share=0.5)) as crm:
        rows, cursor, _ = pulled(crm, "Contact")
        org.tick(3600)
        changed = [*rows]
        for id in changed:
            org.tick(1)
            org.update("Contact", id)
        landed: list[str] = []
        with pytest.raises(SourceUnreachable, match=r"10 of the 20 API requests .* are used"):
            for batch in crm.pull("Contact", cursor):
                landed += batch.rows["_key"].to_pylist()
                cursor = batch.cursor
    assert landed  # what was read is kept
    org.used = 0
    org.page_rows = 2000
    with closing(opened(org, tmp_path)) as crm:  # a day later it goes on
        landed += [*pulled(crm, "Contact", cursor)[0]]
    assert {*landed} == {*changed}


@pytest.mark.parametrize("code", ["INSUFFICIENT_ACCESS", "INVALID_TYPE", "hidden"])
def test_an_object_that_may_not_be_read(org: FakeSalesforce, tmp_path: Path, code: str) -> None:
    if code == "hidden":
        org.hidden.add("Case")
    else:
        org.denied["Case"] = code
    with closing(opened(org, tmp_path)) as crm, pytest.raises(ObjectRefused, match="may not read Case") as raised:
        list(crm.pull("Case", None))
    assert HARMLESS not in raised.value.message


@pytest.mark.parametrize("code", ["API_DISABLED_FOR_ORG", "FUNCTIONALITY_NOT_ENABLED"])
def test_an_org_without_api(org: FakeSalesforce, tmp_path: Path, code: str) -> None:
    org.denied["Case"] = code
    with closing(opened(org, tmp_path)) as crm, pytest.raises(SourceRefused, match="does not allow its API") as raised:
        list(crm.pull("Case", None))
    assert not isinstance(raised.value, ObjectRefused)


def test_check_says_what_is_there_and_what_is_not(org: FakeSalesforce, tmp_path: Path) -> None:
    org.hidden |= {"Campaign", "CampaignMember"}
    org.denied["Task"] = "INSUFFICIENT_ACCESS"
    org.create("Contact", LastName="x")
    with closing(opened(org, tmp_path)) as crm:
        lines = crm.check()
        found = {one.name: one for one in crm.discover()}
    assert "Contact: 1 row" in lines
    assert "Task: skipped. The Salesforce user may not read Task (INSUFFICIENT_ACCESS)." in lines
    assert "Not there, or not for this user: Campaign, CampaignMember." in lines
    assert lines[-1].startswith("API requests in 24 hours: ")
    assert "Task" not in found
    assert (found["Contact"].rows, found["Contact"].cursor, found["Contact"].references["AccountId"]) == (
        1, "SystemModstamp", ("Account", "Id"),
    )  # fmt: skip


def test_answers_without_a_field_that_was_asked_for(org: FakeSalesforce, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    org.create("Contact", LastName="x")
    with closing(opened(org, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "Contact")
        page = FakeSalesforce._page

        def without(self: FakeSalesforce, locator: str, base: str) -> Any:
            reply = page(self, locator, base)
            for row in reply.body["records"]:
                row.pop("Email", None)
            return reply

        monkeypatch.setattr(FakeSalesforce, "_page", without)
        with pytest.raises(SourceChanged, match="answers without Email of Contact"):
            pulled(crm, "Contact", cursor)


def test_the_currency_of_an_org_with_one(org: FakeSalesforce, tmp_path: Path) -> None:
    org.drop_field("Order", "CurrencyIsoCode")
    id = org.create("Order", TotalAmount=10)
    with closing(opened(org, tmp_path, currency="EUR")) as crm:
        assert pulled(crm, "Order")[0][id]["CurrencyIsoCode"] == "EUR"
