"""The maps that come with the HubSpot connector: what becomes of a portal's rows, from a fake portal to the canonical tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fullcircle import registry
from fullcircle.config.read import read_config
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.http import retries
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.sources.hubspot.source import PLUGIN
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests.connectors.conformed import Conformed, record
from tests.fakes.hubspot import FakeHubSpot

STAGES = ("pull", "conform", "check", "resolve")


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHubSpot]:
    load = registry.load
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.001)
    monkeypatch.setattr(registry, "load", lambda room, name: PLUGIN if room == "connectors" else load(room, name))
    fake = FakeHubSpot()
    monkeypatch.setenv("HS_TOKEN", fake.token)
    yield fake
    fake.stop()


def conformed(portal: FakeHubSpot, landing: Landing, folder: Path) -> Conformed:
    settings = SourceSettings(connector="hubspot", url=portal.url, token="env:HS_TOKEN", searches_per_second=1000)
    return Conformed(settings, PLUGIN, landing, folder)


def test_people_and_companies(portal: FakeHubSpot, landing: Landing, tmp_path: Path) -> None:
    acme = portal.create("companies", name="Acme Inc", domain="acme.example.org", industry="STEEL", city="Reno")
    other = portal.create("companies", name="Other Inc")
    ann = portal.create(
        "contacts", firstname="Ann", lastname="Reed", email="ann@example.org", mobilephone="+1 775 555 0101",
        hs_additional_emails="a.reed@example.org;reed@example.org",
    )  # fmt: skip
    old = portal.create("contacts", firstname="Anne", lastname="Reed", email="anne@example.org")
    portal.link("contacts", ann, "companies", other)
    portal.link("contacts", ann, "companies", acme, primary=True)
    portal.merge("contacts", old, ann, new_id=False)
    portal.merge("companies", portal.create("companies", name="ACME"), acme, new_id=False)
    portal.archive("contacts", portal.create("contacts", lastname="Gone"))
    found = conformed(portal, landing, tmp_path)
    assert found.of("accounts", "name, industry, website") == [
        ("Acme Inc", "STEEL", "acme.example.org"), ("Other Inc", None, None),
    ]  # fmt: skip
    columns = "record_id, kind, coalesce(organisation, family_name), merged_into, account_id"
    people = found.of("records", columns, "object = 'contacts'")
    assert people == [
        (record("contacts", ann), "person", "Reed", None, f"account:crm:companies:{acme}"),
        (record("contacts", old), "person", None, record("contacts", ann), None),
    ]
    mine = found.of("identifiers", "kind, value", f"record_id = '{record('contacts', ann)}'")
    assert {("phone", "+17755550101"), ("email", "a.reed@example.org"), ("email", "reed@example.org")} <= {*mine}


def test_who_has_not_opted_out_has_agreed_to_nothing(portal: FakeHubSpot, landing: Landing, tmp_path: Path) -> None:
    portal.add_property("contacts", "hs_email_optout_17", "bool", "Opted out of email: Newsletter")
    out = portal.create("contacts", lastname="Out", hs_email_optout=True, hs_email_optout_17=True)
    part = portal.create("contacts", lastname="Part", hs_email_optout=False, hs_email_optout_17=True)
    portal.create("contacts", lastname="In", hs_legal_basis="Legitimate interest – existing customer")
    basis = portal.create("contacts", lastname="Yes", hs_legal_basis="Freely given consent from contact")
    found = conformed(portal, landing, tmp_path)
    assert [(key, purpose.casefold(), yes) for key, purpose, yes in found.of("consents", "record_id, purpose, granted")] == [
        (record("contacts", out), "newsletter", False), (record("contacts", out), "email", False),
        (record("contacts", part), "newsletter", False), (record("contacts", basis), "processing", True),
    ]  # fmt: skip


def test_deals_count_as_what_they_are(portal: FakeHubSpot, landing: Landing, tmp_path: Path) -> None:
    acme, ann, bob = portal.create("companies", name="Acme"), portal.create("contacts"), portal.create("contacts")
    won = portal.create(
        "deals", dealname="More", amount="70.5", deal_currency_code="USD", hs_is_closed=True, hs_is_closed_won=True,
        dealstage="closedwon", closedate="2026-11-02T10:00:00Z",
    )  # fmt: skip
    lost = portal.create("deals", dealname="No", amount="7", hs_is_closed=True, hs_is_closed_won=False, dealstage="closedlost")
    still = portal.create("deals", dealname="Soon", amount="9", hs_is_closed=False, dealstage="appointmentscheduled")
    for one in (ann, bob):
        portal.link("deals", won, "contacts", one)
    for one in (won, lost, still):
        portal.link("deals", one, "companies", acme, primary=True)
    portal.merge("deals", portal.create("deals", dealname="Twice", amount="70.5"), won, new_id=False)
    item = portal.create("line_items", name="Anvil", quantity="2", price="35.25", amount="70.5")
    portal.link("deals", won, "line_items", item)
    portal.create("products", name="Anvil", hs_sku="A-1")
    found = conformed(portal, landing, tmp_path)
    assert found.of("interactions", "key, record_id, kind, status, status_raw, CAST(amount AS DOUBLE), currency") == [
        (won, record("contacts", ann), "opportunity", "won", "Closed won", 70.5, "USD"),
        (lost, record("companies", acme), "opportunity", "lost", "Closed lost", 7, None),
        (still, record("companies", acme), "opportunity", "open", "Appointment scheduled", 9, None),
    ]
    assert found.of("participants", "interaction_id, record_id") == [
        (f"interaction:crm:deals:{won}", record("contacts", one)) for one in (ann, bob)
    ]
    assert (found.of("orders", "key"), found.of("order_lines", "key")) == ([], [])
    assert found.of("products", "name, sku") == [("Anvil", "A-1")]


def test_tickets_and_activities(portal: FakeHubSpot, landing: Landing, tmp_path: Path) -> None:
    acme, ann, bob = portal.create("companies", name="Acme"), portal.create("contacts"), portal.create("contacts")
    ticket = portal.create("tickets", subject="Broken", hs_pipeline_stage="4", source_type="PHONE", hs_ticket_priority="HIGH")
    portal.link("tickets", ticket, "contacts", ann)
    at = "2026-11-03T09:00:00Z"
    meeting = portal.create("meetings", hs_meeting_title="Visit", hs_timestamp=at)
    note, call = (
        portal.create("notes", hs_note_body="<p>Likes <b>tea</b></p>", hs_timestamp=at),
        portal.create("calls", hs_timestamp=at),
    )
    portal.create("notes", hs_note_body="of nobody", hs_timestamp=at)
    for one in (ann, bob):
        portal.link("meetings", meeting, "contacts", one)
    portal.link("notes", note, "contacts", bob)
    portal.link("calls", call, "companies", acme)
    found = conformed(portal, landing, tmp_path)
    assert found.of("tickets", "record_id, subject, status, channel, priority") == [
        (record("contacts", ann), "Broken", "Closed", "PHONE", "HIGH")
    ]
    rows = found.of("interactions", 'kind, record_id, channel, text, CAST("at" AS VARCHAR)')
    assert [(kind, key, channel, " ".join((text or "").split())) for kind, key, channel, text, _ in rows] == [
        ("call", record("companies", acme), "phone", ""), ("meeting", record("contacts", ann), None, "Visit"),
        ("note", record("contacts", bob), None, "Likes tea"),
    ]  # fmt: skip
    assert {when for *_, when in rows} == {"2026-11-03 09:00:00"}
    assert len(found.of("participants", "record_id", f"interaction_id = 'interaction:crm:meetings:{meeting}'")) == 2


def test_a_portal_that_shows_nothing_else_than_contacts(portal: FakeHubSpot, landing: Landing, tmp_path: Path) -> None:
    portal.denied |= {*portal.rows} - {"contacts"}
    for name in [name for name in portal.properties["contacts"] if name not in ("hs_object_id", "lastname", "lastmodifieddate")]:
        portal.drop_property("contacts", name)
    id = portal.create("contacts", lastname="Reed")
    assert conformed(portal, landing, tmp_path).of("records", "record_id, family_name") == [(record("contacts", id), "Reed")]


def test_a_company_from_the_portal_to_its_customers(portal: FakeHubSpot, tmp_path: Path) -> None:
    """The same person twice, merged and not; deals and consents come to the one customer, also after later pulls."""
    acme = portal.create("companies", name="Acme Teahouse", domain="acme.example.org")
    who = {"firstname": "Ada", "lastname": "Almgren", "email": "ada@example.org", "phone": "+49 30 5550101", "city": "Berlin"}
    ada = portal.create("contacts", **who)
    twin = portal.create("contacts", firstname="Ada", lastname="Almgren", email="ADA@example.org", hs_email_optout=True)
    old = portal.create("contacts", firstname="A.", lastname="Almgren", email="old@example.org")
    bo = portal.create("contacts", firstname="Bo", lastname="Corvino", email="bo@example.org")
    for one in (ada, bo):
        portal.link("contacts", one, "companies", acme, primary=True)
    deal = portal.create(
        "deals", dealname="Tea", amount="120", deal_currency_code="EUR", hs_is_closed=True, hs_is_closed_won=True
    )
    portal.link("deals", deal, "contacts", twin)
    config = tmp_path / "fullcircle.toml"
    config.write_text(
        '[project]\nhome = "home"\n[sources.crm]\nconnector = "hubspot"\ntoken = "env:HS_TOKEN"\nsearches_per_second = 1000\n'
        f'url = "{portal.url}"\n'
    )
    seen = []
    for _ in range(2):
        with open_desk(read_config(config)) as desk:
            run(desk, Choice(only=STAGES))
            members = dict(desk.engine.rows("SELECT record_id, customer_id FROM members"))
            accounts = desk.engine.rows(
                "SELECT DISTINCT account_id FROM customers WHERE full_name IN ('Ada Almgren', 'Bo Corvino')"
            )
            deals = desk.engine.rows(
                "SELECT m.customer_id, i.status, CAST(amount AS DOUBLE), currency "
                "FROM interactions i JOIN members m USING (record_id)"
            )
            consents = desk.engine.rows("SELECT m.customer_id, purpose, granted FROM consents JOIN members m USING (record_id)")
        seen.append(members)
        person = members[record("contacts", ada)]
        assert members[record("contacts", twin)] == person
        assert members[record("contacts", bo)] != person
        assert accounts == [(f"account:crm:companies:{acme}",)]
        assert deals == [(person, "won", 120, "EUR")]
        assert consents == [(person, "email", False)]
        portal.tick(3600)
        if old in portal.rows["contacts"]:
            portal.merge("contacts", old, ada, new_id=False)
    assert seen[0][record("contacts", old)] != seen[0][record("contacts", ada)]
    assert seen[1][record("contacts", old)] == seen[1][record("contacts", ada)] == seen[0][record("contacts", ada)]
