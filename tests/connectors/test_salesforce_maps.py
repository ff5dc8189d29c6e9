"""The maps that come with the Salesforce connector: what becomes of an org's rows, from a fake org to the canonical tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fullcircle import registry
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.http import retries
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.sources.salesforce import bulk
from fullcircle.connectors.sources.salesforce.source import PLUGIN
from tests.connectors.conformed import Conformed, record
from tests.fakes.salesforce import FakeSalesforce


@pytest.fixture
def org(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSalesforce]:
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.001)
    monkeypatch.setattr(bulk, "FIRST_LOOK", 0.001)
    monkeypatch.setattr(registry, "load", lambda *_: PLUGIN)
    monkeypatch.setenv("SF_SECRET", "s3cret")
    fake = FakeSalesforce()
    yield fake
    fake.stop()


def conformed(org: FakeSalesforce, landing: Landing, folder: Path) -> Conformed:
    settings = SourceSettings(connector="salesforce", url=org.url, client_id="x", client_secret="env:SF_SECRET")
    return Conformed(settings, PLUGIN, landing, folder)


def test_people_and_companies(org: FakeSalesforce, landing: Landing, tmp_path: Path) -> None:
    acme = org.create("Account", Name="Acme Inc", BillingCity="Reno", Website="acme.example.org", Industry="Steel")
    ann = org.create(
        "Contact", FirstName="Ann", LastName="Reed", Email="ann@example.org", AccountId=acme, MobilePhone="+1 775 555 0101"
    )
    old = org.create("Contact", FirstName="Anne", LastName="Reed", Email="anne@example.org")
    org.merge("Contact", old, ann)
    lead = org.create("Lead", FirstName="Ann", LastName="Reed", Company="Acme", IsConverted=True, ConvertedContactId=ann)
    gone = org.create("Contact", LastName="Gone")
    org.delete("Contact", gone)
    found = conformed(org, landing, tmp_path)
    assert found.of("accounts", "name, industry, website") == [("Acme Inc", "Steel", "acme.example.org")]
    columns = "record_id, kind, coalesce(organisation, family_name), merged_into, account_id"
    assert found.of("records", columns) == [
        (record("Account", acme), "organisation", "Acme Inc", None, None),
        (record("Contact", ann), "person", "Reed", None, f"account:crm:Account:{acme}"),
        (record("Contact", old), "person", "Reed", record("Contact", ann), None),
        (record("Lead", lead), "person", "Acme", record("Contact", ann), None),
    ]
    assert ("phone", "+17755550101") in found.of("identifiers", "kind, value", f"record_id = '{record('Contact', ann)}'")


def test_person_accounts_and_individuals_are_known_as_one_person(org: FakeSalesforce, landing: Landing, tmp_path: Path) -> None:
    for object in ("Account", "Contact"):
        org.add_field(object, "IsPersonAccount", "boolean")
    org.add_field("Account", "PersonContactId", "reference(Contact)")
    whole = org.create("Individual", LastName="Reed", HasOptedOutProfiling=True)
    contact = org.create("Contact", LastName="Reed", IsPersonAccount=True, IndividualId=whole)
    account = org.create("Account", Name="Ann Reed", IsPersonAccount=True, PersonContactId=contact)
    org.update("Contact", contact, AccountId=account)
    found = conformed(org, landing, tmp_path)
    assert found.of("accounts", "name") == []
    assert {kind for (kind,) in found.of("records", "kind")} == {"person"}
    assert found.of("records", "account_id", "account_id IS NOT NULL") == []
    known = found.of("identifiers", "record_id, value_raw", "kind = 'external'")
    assert known == sorted(
        [
            (record("Account", account), contact), (record("Contact", contact), contact), (record("Contact", contact), whole),
            (record("Individual", whole), whole),
        ]
    )  # fmt: skip
    assert found.of("consents", "record_id, purpose, granted") == [(record("Individual", whole), "profiling", False)]


def test_a_box_that_is_not_ticked_agrees_to_nothing(org: FakeSalesforce, landing: Landing, tmp_path: Path) -> None:
    out = org.create("Contact", LastName="Out", HasOptedOutOfEmail=True, DoNotCall=True)
    org.create("Contact", LastName="In")
    found = conformed(org, landing, tmp_path)
    assert found.of("consents", "record_id, purpose, granted") == [
        (record("Contact", out), "call", False), (record("Contact", out), "email", False),
    ]  # fmt: skip


def test_orders_and_opportunities_count_as_what_they_are(org: FakeSalesforce, landing: Landing, tmp_path: Path) -> None:
    acme = org.create("Account", Name="Acme Inc")
    ann = org.create("Contact", LastName="Reed", AccountId=acme)
    product = org.create("Product2", Name="Anvil", ProductCode="A-1", Family="Tools")
    day = {"EffectiveDate": "2026-11-02", "CurrencyIsoCode": "EUR", "AccountId": acme}
    sold = org.create(
        "Order", **day, OrderNumber="1", Status="Activated", StatusCode="Activated", TotalAmount=20, BillToContactId=ann
    )
    org.create("Order", **day, OrderNumber="2", Status="Draft", StatusCode="Draft", TotalAmount=99)
    org.create("Order", **day, OrderNumber="3", Status="Cancelled", StatusCode="Canceled", TotalAmount=99)
    org.create("Order", **day, OrderNumber="4", Status="Activated", StatusCode="Activated", TotalAmount=5, IsReductionOrder=True)
    org.create("OrderItem", OrderId=sold, Product2Id=product, Quantity=2, UnitPrice=10, TotalPrice=20)
    deal = org.create("Opportunity", Name="More", AccountId=acme, StageName="Won!", Amount=70, CloseDate="2026-12-01", IsWon=True,
                      IsClosed=True, CurrencyIsoCode="USD")  # fmt: skip
    org.create("Opportunity", Name="No", ContactId=ann, StageName="Lost", Amount=7, CloseDate="2026-12-01", IsClosed=True)
    org.create("OpportunityContactRole", OpportunityId=deal, ContactId=ann)
    found = conformed(org, landing, tmp_path)
    assert found.of("orders", "number, record_id, status, CAST(amount AS DOUBLE), currency") == [
        ("1", record("Contact", ann), "placed", 20, "EUR"), ("2", record("Account", acme), "draft", 99, "EUR"),
        ("3", record("Account", acme), "cancelled", 99, "EUR"), ("4", record("Account", acme), "returned", -5, "EUR"),
    ]  # fmt: skip
    assert found.of("order_lines", "order_id, product_id, CAST(quantity AS DOUBLE), CAST(amount AS DOUBLE)") == [
        (f"order:crm:Order:{sold}", f"product:crm:Product2:{product}", 2, 20)
    ]
    assert found.of("interactions", "record_id, kind, status, CAST(amount AS DOUBLE), currency") == [
        (record("Account", acme), "opportunity", "won", 70, "USD"), (record("Contact", ann), "opportunity", "lost", 7, None),
    ]  # fmt: skip
    assert found.of("participants", "interaction_id, record_id") == [
        (f"interaction:crm:Opportunity:{deal}", record("Contact", ann))
    ]


def test_cases_activities_and_campaigns(org: FakeSalesforce, landing: Landing, tmp_path: Path) -> None:
    ann, lead = org.create("Contact", LastName="Reed"), org.create("Lead", LastName="Poe", Company="Poe")
    org.create("Case", CaseNumber="1", ContactId=ann, Subject="Broken", Status="Closed", Origin="Phone")
    org.create("Case", CaseNumber="2", SuppliedEmail="Max@example.org", SuppliedName="Max Poe", Subject="Where?", Status="New")
    org.create("Task", WhoId=ann, Subject="Call", ActivityDate="2026-11-03", TaskSubtype="Call")
    org.create("Event", WhoId=lead, Subject="Visit", StartDateTime="2026-11-04T09:00:00.000")
    org.create("Task", Subject="of nobody")
    campaign = org.create("Campaign", Name="Autumn")
    org.create("CampaignMember", CampaignId=campaign, LeadId=lead, Status="Sent")
    found = conformed(org, landing, tmp_path)
    assert found.of("tickets", "number, record_id, subject") == [
        ("1", record("Contact", ann), "Broken"), ("2", record("Case", "max@example.org"), "Where?"),
    ]  # fmt: skip
    assert found.of("records", "email, full_name", "object = 'Case'") == [("max@example.org", "Max Poe")]
    assert found.of("interactions", "kind, record_id") == [
        ("call", record("Contact", ann)), ("campaign", record("Lead", lead)), ("meeting", record("Lead", lead)),
    ]  # fmt: skip


def test_an_org_that_has_or_shows_nothing_else_than_contacts(org: FakeSalesforce, landing: Landing, tmp_path: Path) -> None:
    org.hidden |= {*org.fields} - {"Contact"}
    for name in [name for name in org.fields["Contact"] if name not in ("Id", "LastName", "SystemModstamp", "IsDeleted")]:
        org.drop_field("Contact", name)
    id = org.create("Contact", LastName="Reed")
    assert conformed(org, landing, tmp_path).of("records", "record_id, family_name") == [(record("Contact", id), "Reed")]
