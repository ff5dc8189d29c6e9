"""The HubSpot connector against a fake (tests/fakes/hubspot.py), which says what it shows and where that is documented.

What every connector must do is in test_contract.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fullcircle.connectors.base import Batch, FetchesKeys, NotesSweeps, SweepsIds
from fullcircle.connectors.http import retries
from fullcircle.connectors.sources.hubspot import reading
from fullcircle.errors import SourceBroken
from tests.connectors.contract import Town
from tests.connectors.hubspot_pulls import opened, ops, pulled, searches, settled
from tests.connectors.hubspot_world import HubSpotWorld
from tests.fakes.hubspot import FakeHubSpot

DAY = 86_400


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHubSpot]:
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.001)
    fake = FakeHubSpot()
    monkeypatch.setenv("HS_TOKEN", fake.token)
    yield fake
    fake.stop()


def test_it_keeps_the_contract(portal: FakeHubSpot, tmp_path: Path) -> None:
    with closing(opened(portal, tmp_path)) as crm:
        assert isinstance(crm, SweepsIds)
        assert isinstance(crm, NotesSweeps)
        assert isinstance(crm, FetchesKeys)
        assert crm.objects()[:3] == ["companies", "contacts", "products"]


@pytest.mark.parametrize("api_version", ["2026-03", "v3"])
def test_a_first_pull_has_every_row_in_its_types(portal: FakeHubSpot, tmp_path: Path, api_version: str) -> None:
    values = {
        "lastname": "Öl & Söhne",
        "points": "12.5",
        "hs_email_optout": True,
        "first_deal": "2026-02-03",
        "associatedcompanyid": 7,
    }
    id = portal.create("contacts", **values)
    portal.archive("contacts", portal.create("contacts", lastname="Gone"))
    with closing(opened(portal, tmp_path, api_version=api_version)) as crm:
        rows, cursor, _ = pulled(crm, "contacts")
    row = rows[id]
    assert (ops(rows), row["lastname"]) == ({id: "upsert"}, "Öl & Söhne")
    assert (row["points"], row["hs_email_optout"], row["first_deal"].isoformat()) == (12.5, True, "2026-02-03")
    assert (row["associatedcompanyid"], row["hs_object_id"]) == ("7", id)  # they name rows
    assert row["_at"] == row["lastmodifieddate"] == portal.clock
    assert row["twitterhandle"] is None  # a property that the maps read and this portal does not have
    assert json.loads(row["_raw"])["lastname"] == "Öl & Söhne"
    assert cursor["since"] == round((portal.clock - datetime(1970, 1, 1)).total_seconds() - 900) * 1000


def test_days_and_moments_may_be_milliseconds(portal: FakeHubSpot, tmp_path: Path) -> None:
    a = portal.create("deals", closedate="1700000000000")
    b = portal.create("deals", closedate="2023-11-14T22:13:20Z")
    with closing(opened(portal, tmp_path)) as crm:
        rows, _, _ = pulled(crm, "deals")
    assert rows[a]["closedate"] == rows[b]["closedate"] == datetime(2023, 11, 14, 22, 13, 20)


def test_a_row_is_the_same_by_list_and_by_search(portal: FakeHubSpot, tmp_path: Path) -> None:
    id = portal.create("deals", dealname="A", amount="1000000", dealstage="closedwon")
    portal.link("deals", id, "contacts", portal.create("contacts"))
    with closing(opened(portal, tmp_path)) as crm:
        first, cursor, _ = pulled(crm, "deals")
        again, _, _ = pulled(crm, "deals", cursor)
    assert first[id] == again[id]  # in the overlap: pull.py leaves it out, because it is what is landed
    assert first[id]["stage_label"] == "Closed won"


def test_properties_too_many_for_an_address_are_read_by_id(
    portal: FakeHubSpot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LONGEST_BODY", 3000)
    for number in range(400):
        portal.add_property("contacts", f"a_custom_property_with_a_long_name_{number}", "string")
    last = "a_custom_property_with_a_long_name_399"
    ids = [portal.create("contacts", **{last: "here", "lastname": str(n)}) for n in range(3)]
    with closing(opened(portal, tmp_path)) as crm:
        first, cursor, _ = pulled(crm, "contacts")
        again, _, _ = pulled(crm, "contacts", cursor)
    assert [(first[id][last], first[id]["lastname"]) for id in ids] == [("here", str(n)) for n in range(3)]
    assert again == first


def test_a_row_that_goes_while_its_properties_are_read_in_parts(
    portal: FakeHubSpot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LONGEST_BODY", 100)
    with closing(opened(portal, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "contacts")
        a, b = (portal.create("contacts", lastname=name, jobtitle=name) for name in "ab")
        read = FakeHubSpot._read

        def then_archive(self: FakeHubSpot, *args: Any) -> Any:
            reply = read(self, *args)
            self.archive("contacts", a)
            return reply

        monkeypatch.setattr(FakeHubSpot, "_read", then_archive)
        rows, _, _ = pulled(crm, "contacts", cursor)
    assert ops(rows) == {a: "delete", b: "upsert"}  # never one with half of its values
    assert (rows[b]["lastname"], rows[b]["jobtitle"]) == ("b", "b")


# -- changes -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("same", [4, 5, 23])
def test_rows_that_share_a_time_stamp_beyond_a_window(portal: FakeHubSpot, tmp_path: Path, same: int) -> None:
    portal.page_rows, portal.window = 4, 9
    with closing(opened(portal, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "contacts")
        portal.tick(3600)
        changed = [portal.create("contacts", lastname="before")]
        portal.tick(1)
        changed += [portal.create("contacts", lastname="same") for _ in range(same)]
        portal.tick(1)
        changed += [portal.create("contacts", lastname="after") for _ in range(3)]
        rows, _, _ = pulled(crm, "contacts", cursor)
    assert {*rows} == {*changed}
    assert not [one for one in searches(portal) if "after" in one]


def test_a_row_that_changes_while_it_is_searched_makes_no_other_one_slip_through(
    portal: FakeHubSpot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal.page_rows = 3
    with closing(opened(portal, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "contacts")
        ids = []
        for _ in range(12):
            portal.tick(1000)
            ids.append(portal.create("contacts", lastname="x"))
        search, left = FakeHubSpot._search, iter(ids)

        def then_change(self: FakeHubSpot, *args: Any) -> Any:
            reply = search(self, *args)
            self.tick(1)
            for id in [next(left, None)]:
                if id:
                    self.update("contacts", id, lastname="changed")
            return reply

        monkeypatch.setattr(FakeHubSpot, "_search", then_change)
        rows, _, _ = pulled(crm, "contacts", cursor)
    assert {*rows} == {*ids}


def test_a_search_that_lags_behind(portal: FakeHubSpot, tmp_path: Path) -> None:
    portal.lag = timedelta(seconds=60)
    id = portal.create("contacts", lastname="old")
    with closing(opened(portal, tmp_path)) as crm:
        cursor = settled(portal, crm, "contacts")
        portal.update("contacts", id, lastname="new")
        late = portal.create("contacts", lastname="late")
        rows, cursor, _ = pulled(crm, "contacts", cursor)
        assert rows == {}
        portal.tick(120)
        rows, _, _ = pulled(crm, "contacts", cursor)
    assert {key: row["lastname"] for key, row in rows.items()} == {id: "new", late: "late"}


def test_archived_and_restored_rows(portal: FakeHubSpot, tmp_path: Path) -> None:
    portal.lag = timedelta(seconds=60)
    a, b = (portal.create("contacts", lastname=name, email="x@example.org") for name in "ab")
    portal.tick(120)
    with closing(opened(portal, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "contacts")
        portal.archive("contacts", a)
        rows, cursor, _ = pulled(crm, "contacts", cursor)  # a search still finds it
        assert ops(rows) == {a: "delete", b: "upsert"}
        assert (rows[a]["email"], rows[a]["_raw"]) == (None, None)
        portal.tick(3600)
        portal.restore("contacts", a)
        portal.tick(120)
        rows, _, _ = pulled(crm, "contacts", cursor)
    assert ops(rows)[a] == "upsert"


@pytest.mark.parametrize("new_id", [True, False])
def test_merges(portal: FakeHubSpot, tmp_path: Path, new_id: bool) -> None:
    a, b, c = (portal.create("contacts", lastname=name) for name in "abc")
    with closing(opened(portal, tmp_path)) as crm:
        cursor = settled(portal, crm, "contacts")
        one = portal.merge("contacts", a, b, new_id)
        rows, cursor, _ = pulled(crm, "contacts", cursor)
        losers = {a, b} - {one}
        assert ops(rows) == {**dict.fromkeys(losers, "merge"), one: "upsert"}
        portal.tick(3600)
        last = portal.merge("contacts", one, c, new_id)
        rows, cursor, _ = pulled(crm, "contacts", cursor)
        assert {key: row["_into"] for key, row in rows.items() if row["_op"] == "merge"} == {
            id: last for id in {a, b, c, one} - {last}
        }
        assert ops(rows)[last] == "upsert"
        fetched = next(iter(crm.fetch("contacts", pa.array([a]), cursor))).rows.to_pylist()
        assert {row["_key"]: row["_op"] for row in fetched}[a] == "merge"
        portal.tick(3600)
        portal.archive("contacts", last)
        rows, _, _ = pulled(crm, "contacts", cursor)
    assert ops(rows) == dict.fromkeys({a, b, c, one, last}, "delete")  # nothing points to what is gone


def test_what_was_merged_goes_with_what_it_was_merged_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = HubSpotWorld()
    with closing(Town(world, tmp_path, monkeypatch)) as town:
        a, b, _, d = (world.make(name) for name in "abcd")
        world.merge(a, b)
        copy = town.copy()
        copy.pull()
        assert copy.merged() == {a: b}
        world.delete_hard(d)
        copy.pull()
        assert copy.merged() == {a: b}
        world.delete_hard(b)  # for privacy: nothing of the person stays
        copy.pull()
        copy.must_be_right()
        assert copy.merged() == {}
    world.server.stop()


def test_the_older_list_of_merged_contacts(portal: FakeHubSpot, tmp_path: Path) -> None:
    portal.add_property("contacts", "hs_calculated_merged_vids", "string")
    id = portal.create("contacts", hs_calculated_merged_vids="11:1700000000000;12:1700000000001", hs_merged_object_ids="12")
    with closing(opened(portal, tmp_path)) as crm:
        rows, _, _ = pulled(crm, "contacts")
    assert {key: row["_into"] for key, row in rows.items()} == {id: None, "11": id, "12": id}


def test_what_is_deleted_for_good_is_found_once_a_day(portal: FakeHubSpot, tmp_path: Path) -> None:
    a, b = (portal.create("contacts", lastname=name) for name in "ab")
    with closing(opened(portal, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "contacts")
        assert crm.sweep("contacts") is None
        portal.tick(DAY)
        portal.delete_for_good("contacts", a)
        _, cursor, _ = pulled(crm, "contacts", cursor)
        assert cursor["sweep"]
        swept = crm.sweep("contacts")
        assert swept is not None
        assert [key for keys in swept for key in keys.to_pylist()] == [b]
    with closing(opened(portal, tmp_path)) as crm:  # killed before the sweep: the next pull does it
        _, again, _ = pulled(crm, "contacts", cursor)
        assert crm.sweep("contacts") is not None
        assert crm.swept("contacts", again) == {**again, "sweep": False, "swept": again["since"]}
        assert crm.sweep("contacts") is None


def test_a_row_that_a_search_finds_and_that_is_gone(portal: FakeHubSpot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(opened(portal, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "contacts")
        a, b = (portal.create("contacts", lastname=name) for name in "ab")
        search = FakeHubSpot._search

        def then_delete(self: FakeHubSpot, *args: Any) -> Any:
            reply = search(self, *args)
            self.rows["contacts"].pop(a, None)
            return reply

        monkeypatch.setattr(FakeHubSpot, "_search", then_delete)
        rows, _, _ = pulled(crm, "contacts", cursor)
    assert ops(rows) == {a: "delete", b: "upsert"}


def test_all_rows_are_read_again_from_time_to_time(portal: FakeHubSpot, tmp_path: Path) -> None:
    id, acme = portal.create("contacts"), portal.create("companies")
    with closing(opened(portal, tmp_path, read_again_days=7)) as crm:
        cursor = settled(portal, crm, "contacts")
        portal.link("contacts", id, "companies", acme)  # which leaves no date
        assert pulled(crm, "contacts", cursor)[0] == {}
        portal.tick(7 * DAY)
        rows, cursor, _ = pulled(crm, "contacts", cursor)
        assert rows[id]["company_ids"] == acme
        portal.tick(3600)
        assert pulled(crm, "contacts", cursor)[0] == {}


# -- links, properties ----------------------------------------------------------------------------------------------------------
def test_links_with_pages_of_their_own_and_the_primary_company_first(portal: FakeHubSpot, tmp_path: Path) -> None:
    portal.links_page = 2
    deal, alone = portal.create("deals"), portal.create("deals")
    people = [portal.create("contacts") for _ in range(5)]
    companies = [portal.create("companies") for _ in range(3)]
    for one in people:
        portal.link("deals", deal, "contacts", one)
    for one in companies:
        portal.link("deals", deal, "companies", one, primary=one == companies[2])
    with closing(opened(portal, tmp_path)) as crm:
        rows, _, _ = pulled(crm, "deals")
    row = rows[deal]
    assert row["contact_ids"] == ";".join(people)
    assert (row["company_ids"], row["primary_company_id"]) == (";".join([companies[2], *companies[:2]]), companies[2])
    assert (rows[alone]["contact_ids"], rows[alone]["primary_company_id"]) == (None, None)


def test_links_to_what_may_not_be_read_are_said_and_read_later(portal: FakeHubSpot, tmp_path: Path) -> None:
    id, acme = portal.create("contacts"), portal.create("companies")
    portal.link("contacts", id, "companies", acme)
    portal.denied.add("companies")
    with closing(opened(portal, tmp_path)) as crm:
        rows, cursor, notes = pulled(crm, "contacts")
        assert (rows[id]["company_ids"], notes) == (None, ["company_ids stays empty: the token may not read companies"])
    portal.denied.clear()
    portal.tick(3600)
    with closing(opened(portal, tmp_path)) as crm:
        rows, _, notes = pulled(crm, "contacts", cursor)
    assert (rows[id]["company_ids"], len(notes)) == (acme, 1)


def test_a_new_property_means_that_all_rows_are_read_again(portal: FakeHubSpot, tmp_path: Path) -> None:
    id = portal.create("contacts", tier="gold")
    with closing(opened(portal, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "contacts")
        portal.tick(DAY / 2)
        portal.add_property("contacts", "tier", "enumeration")
        rows, cursor, notes = pulled(crm, "contacts", cursor)
        assert rows[id]["tier"] == "gold"
        assert "all rows are read again, because of what is new or changed: tier" in notes
        assert pulled(crm, "contacts", cursor)[2] == []


def test_a_stage_that_gets_another_name(portal: FakeHubSpot, tmp_path: Path) -> None:
    id = portal.create("tickets", hs_pipeline_stage="4")
    with closing(opened(portal, tmp_path)) as crm:
        rows, cursor, _ = pulled(crm, "tickets")
        assert rows[id]["stage_label"] == "Closed"
        portal.tick(3600)
        portal.pipelines["tickets"][0]["stages"][2]["label"] = "Solved"
        rows, _, _ = pulled(crm, "tickets", cursor)
    assert rows[id]["stage_label"] == "Solved"


def test_a_property_with_the_name_of_a_column_that_is_made(portal: FakeHubSpot, tmp_path: Path) -> None:
    portal.add_property("contacts", "company_ids", "string")
    id = portal.create("contacts", company_ids="theirs")
    portal.link("contacts", id, "companies", acme := portal.create("companies"))
    with closing(opened(portal, tmp_path)) as crm:
        rows, _, _ = pulled(crm, "contacts")
    assert (rows[id]["company_ids"], rows[id]["company_ids_1"]) == (acme, "theirs")


def test_values_that_are_not_of_their_type_are_rejected_by_row(portal: FakeHubSpot, tmp_path: Path) -> None:
    good, bad = portal.create("contacts", points="3"), portal.create("contacts", points="many")
    with closing(opened(portal, tmp_path)) as crm:
        batches = list(crm.pull("contacts", None))
    rejects = pa.concat_tables([batch.rejects for batch in batches if batch.rejects is not None]).to_pylist()
    assert [(row["key"], row["reason"]) for row in rejects] == [(bad, "the value of points is not of the type number")]
    assert [key for batch in batches for key in batch.rows["_key"].to_pylist()] == [good]


def test_the_currency_of_a_portal_with_one(portal: FakeHubSpot, tmp_path: Path) -> None:
    id = portal.create("deals", amount="10")
    other = portal.create("deals", amount="10", deal_currency_code="USD")
    with closing(opened(portal, tmp_path, currency="EUR")) as crm:
        rows, _, _ = pulled(crm, "deals")
    assert (rows[id]["deal_currency_code"], rows[other]["deal_currency_code"]) == ("EUR", "USD")


def test_rows_without_a_time_stamp_or_out_of_order(portal: FakeHubSpot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    portal.create("contacts")
    with closing(opened(portal, tmp_path)) as crm:
        _, cursor, _ = pulled(crm, "contacts")
        search = FakeHubSpot._search

        def without(self: FakeHubSpot, *args: Any) -> Any:
            reply = search(self, *args)
            for row in reply.body["results"]:
                row["properties"].pop("lastmodifieddate")
            return reply

        monkeypatch.setattr(FakeHubSpot, "_search", without)
        with pytest.raises(SourceBroken, match="without lastmodifieddate"):
            pulled(crm, "contacts", cursor)


def test_batches_are_of_the_size_that_is_asked_for(portal: FakeHubSpot, tmp_path: Path) -> None:
    portal.page_rows = 2
    for _ in range(7):
        portal.create("contacts")
    with closing(opened(portal, tmp_path, batch_rows=4)) as crm:
        batches: list[Batch] = list(crm.pull("contacts", None))
    assert [batch.rows.num_rows for batch in batches if batch.rows.num_rows] == [4, 3]
