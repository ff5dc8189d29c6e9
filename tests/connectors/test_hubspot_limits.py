"""The HubSpot connector: limits of requests, tokens, permissions, options."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fullcircle.connectors.base import Cursor
from fullcircle.connectors.http import retries
from fullcircle.errors import ConfigError, ObjectRefused, SourceRefused, SourceUnreachable
from tests.connectors.hubspot_pulls import opened, pulled, searches
from tests.fakes.hubspot import SECRET, FakeHubSpot


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHubSpot]:
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.001)
    fake = FakeHubSpot()
    monkeypatch.setenv("HS_TOKEN", fake.token)
    yield fake
    fake.stop()


def test_limits_of_seconds_pass_and_are_kept(portal: FakeHubSpot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        portal.in_ten_seconds = None if seconds >= 10 else portal.in_ten_seconds

    monkeypatch.setattr(time, "sleep", sleep)
    portal.create("contacts")
    with closing(opened(portal, tmp_path)) as crm:
        portal.busy = ["TEN_SECONDLY_ROLLING", "SECONDLY"]
        rows, cursor, _ = pulled(crm, "contacts")
        assert len(rows) == 1
        asked, portal.in_ten_seconds = len(portal.asked), 2
        assert len(pulled(crm, "contacts", cursor)[0]) == 1
    assert [seconds for seconds in slept if seconds >= 10] == [10]  # it waits as the answers say, before it is refused
    assert len(portal.asked) - asked == 5  # none twice


def test_searches_keep_their_own_pace(portal: FakeHubSpot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    portal.page_rows = 1
    with closing(opened(portal, tmp_path, searches_per_second=5)) as crm:
        _, cursor, _ = pulled(crm, "contacts")
        for _ in range(4):
            portal.tick(1)
            portal.create("contacts")
        pulled(crm, "contacts", cursor)
    assert len([seconds for seconds in slept if seconds == pytest.approx(0.2)]) == len(searches(portal)) - 1


def test_the_limit_of_a_day_ends_the_pull_in_good_order(portal: FakeHubSpot, tmp_path: Path) -> None:
    portal.page_rows = 1
    ids = [portal.create("contacts") for _ in range(8)]
    landed: list[str] = []
    cursor: Cursor = {}
    with closing(opened(portal, tmp_path, batch_rows=2, api_share=1)) as crm:
        portal.allowed = 12
        with pytest.raises(SourceUnreachable, match=r"12 of the 12 requests|no more requests today") as raised:
            for batch in crm.pull("contacts", None):
                landed += batch.rows["_key"].to_pylist()
                cursor = batch.cursor
        asked = len(portal.asked)
    assert landed
    assert ("A new day" in raised.value.hint, asked) == (True, 12)  # nothing is asked in vain
    portal.allowed = 1000
    with closing(opened(portal, tmp_path)) as crm:  # a day later it goes on
        rows, _, _ = pulled(crm, "contacts", cursor)
    assert {*landed, *rows} == {*ids}
    assert len(rows) < len(ids)


def test_the_limit_of_a_day_where_the_answers_do_not_say_what_is_left(portal: FakeHubSpot, tmp_path: Path) -> None:
    portal.busy = ["DAILY"]
    with closing(opened(portal, tmp_path)) as crm, pytest.raises(SourceUnreachable, match="no more requests today") as raised:
        pulled(crm, "contacts")
    assert SECRET not in raised.value.message
    assert len(portal.asked) == 1


def test_a_share_of_the_requests_is_left_to_others(portal: FakeHubSpot, tmp_path: Path) -> None:
    portal.allowed, portal.used = 1000, 600
    stops = pytest.raises(SourceUnreachable, match=r"601 of the 1000 requests .* in a day are used")
    with closing(opened(portal, tmp_path, api_share=0.5)) as crm, stops:
        pulled(crm, "contacts")


def test_a_missing_scope_is_named(portal: FakeHubSpot, tmp_path: Path) -> None:
    portal.denied.add("tickets")
    refused = pytest.raises(ObjectRefused, match=r"may not read tickets \(MISSING_SCOPES\)")
    with closing(opened(portal, tmp_path)) as crm, refused as raised:
        pulled(crm, "tickets")
    assert raised.value.hint == "Give its private app the scope crm.objects.tickets.read, or set `objects`."
    assert SECRET not in raised.value.message + raised.value.hint


def test_a_token_that_is_not_accepted(portal: FakeHubSpot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HS_TOKEN", "pat-eu1-another")
    refused = pytest.raises(SourceRefused, match="does not accept the token")
    with closing(opened(portal, tmp_path)) as crm, refused as raised:
        pulled(crm, "contacts")
    assert "pat-eu1" not in raised.value.message + raised.value.hint


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"token": "pat-eu1-1"}, "is in plain text"),
        ({"url": "http://api.example.org"}, "neither https nor on this machine"),
        ({"api_version": "latest"}, "api_version is wrong"),
    ],
)
def test_options_that_cannot_be(portal: FakeHubSpot, tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        opened(portal, tmp_path, **options)


def test_names_that_cannot_be(portal: FakeHubSpot, tmp_path: Path) -> None:
    with closing(opened(portal, tmp_path)) as crm:
        with pytest.raises(ConfigError, match="is not the name of a HubSpot object"):
            pulled(crm, "contacts/1")
        with pytest.raises(ObjectRefused, match="has no visits"):
            pulled(crm, "visits")


def test_check_says_what_is_there_and_what_is_not(portal: FakeHubSpot, tmp_path: Path) -> None:
    portal.denied |= {"calls", "companies"}
    portal.drop_property("deals", "deal_currency_code")
    portal.create("contacts")
    with closing(opened(portal, tmp_path)) as crm:
        lines = crm.check()
        found = {one.name: one for one in crm.discover()}
    assert lines[0] == f"HubSpot at {portal.url.removeprefix('http://')}, API version 2026-03"
    assert "contacts: 1 row" in lines
    assert "contacts: company_ids stays empty: the token may not read companies" in lines
    assert "calls: skipped. The HubSpot token may not read calls (MISSING_SCOPES)." in lines
    assert 'The deals name no currency. Say it: currency = "EUR" (or another).' in lines
    assert lines[-1].startswith("Requests of this day: ")
    assert "calls" not in found
    assert (found["contacts"].rows, found["contacts"].cursor, found["deals"].cursor) == (
        1,
        "lastmodifieddate",
        "hs_lastmodifieddate",
    )
    assert "company_ids" in {field.name for field in found["contacts"].fields}
