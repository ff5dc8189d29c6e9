"""The maps that come with the Dataverse connector: from a fake environment to the canonical tables, and to customers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fullcircle import registry
from fullcircle.config.read import read_config
from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.http import retries
from fullcircle.connectors.landing import Landing
from fullcircle.connectors.sources.dataverse.source import PLUGIN
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from tests.connectors.conformed import Conformed, record
from tests.fakes.dataverse import TENANT, FakeDataverse


@pytest.fixture
def org(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDataverse]:
    load = registry.load
    monkeypatch.setattr(registry, "load", lambda room, name: PLUGIN if name == "dataverse" else load(room, name))
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.001)
    monkeypatch.setenv("DV_SECRET", "s3cret")
    fake = FakeDataverse()
    yield fake
    fake.stop()


def conformed(org: FakeDataverse, landing: Landing, folder: Path) -> Conformed:
    app = {"tenant": TENANT, "client_id": "app", "client_secret": "env:DV_SECRET", "authority": org.url}
    settings = SourceSettings(connector="dataverse", url=org.url, **app)
    return Conformed(settings, PLUGIN, landing, folder)


def test_people_and_companies(org: FakeDataverse, landing: Landing, tmp_path: Path) -> None:
    acme = org.create("account", name="Acme Inc", address1_city="Reno", websiteurl="acme.example.org", industrycode=7)
    lead = org.create("lead", firstname="Ann", lastname="Reed", companyname="Acme", statecode=1, statuscode=3)
    ann = org.create(
        "contact", firstname="Ann", lastname="Reed", emailaddress1="ann@example.org", parentcustomerid=("account", acme),
        mobilephone="+1 775 555 0101", originatingleadid=lead, address1_line1="1 Oak St", address1_line2="Flat 2",
    )  # fmt: skip
    org.update("lead", lead, parentcontactid=ann)
    other = org.create("contact", lastname="Poe", parentcustomerid=("contact", ann), statecode=1)
    old = org.create("contact", firstname="Anne", lastname="Reed", emailaddress1="anne@example.org")
    org.merge("contact", old, ann)
    org.delete("contact", org.create("contact", lastname="Gone"))
    found = conformed(org, landing, tmp_path)
    assert found.of("accounts", "name, industry, website") == [("Acme Inc", "Consulting", "acme.example.org")]
    columns = "record_id, kind, coalesce(organisation, family_name), merged_into, account_id, retired"
    assert found.of("records", columns) == sorted(
        [
            (record("account", acme), "organisation", "Acme Inc", None, None, None),
            (record("contact", ann), "person", "Reed", None, f"account:crm:account:{acme}", None),
            (record("contact", other), "person", "Poe", None, None, "yes"),
            (record("contact", old), "person", "Reed", record("contact", ann), None, None),
            (record("lead", lead), "person", "Acme", record("contact", ann), None, None),
        ]
    )
    about = f"record_id = '{record('contact', ann)}'"
    assert found.of("records", "street", about) == [("1 Oak St Flat 2",)]
    assert ("phone", "+17755550101") in found.of("identifiers", "kind, value", about)
    known = found.of("identifiers", "record_id, value_raw", "kind = 'external'")
    assert known == [(record("contact", ann), lead), (record("lead", lead), lead)]


def test_a_box_that_is_not_ticked_agrees_to_nothing(org: FakeDataverse, landing: Landing, tmp_path: Path) -> None:
    out = org.create("contact", lastname="Out", donotemail=True, donotphone=True, donotpostalmail=True, donotbulkemail=True)
    org.create("contact", lastname="In", donotemail=False, donotphone=False)
    found = conformed(org, landing, tmp_path)
    assert found.of("consents", "record_id, purpose, granted") == [
        (record("contact", out), purpose, False) for purpose in ("call", "email", "marketing email", "post")
    ]


def test_orders_and_opportunities_count_as_what_they_are(org: FakeDataverse, landing: Landing, tmp_path: Path) -> None:
    acme = org.create("account", name="Acme Inc")
    ann = org.create("contact", lastname="Reed", parentcustomerid=("account", acme))
    product = org.create("product", name="Anvil", productnumber="A-1", price=10, transactioncurrencyid=org.euro)
    to_ann, to_acme = {"customerid": ("contact", ann)}, {"customerid": ("account", acme)}
    sold = org.create("salesorder", ordernumber="1", totalamount=20, transactioncurrencyid=org.euro, statecode=3, **to_ann)
    org.create("salesorder", ordernumber="2", totalamount=99, transactioncurrencyid=org.dollar, statecode=2, **to_acme)
    org.create("salesorder", ordernumber="3", totalamount=5, transactioncurrencyid=org.dollar, **to_acme)
    org.create("salesorderdetail", salesorderid=sold, productid=product, quantity=2, priceperunit=10, extendedamount=20)
    org.create("salesorderdetail", salesorderid=sold, quantity=1, priceperunit=1, extendedamount=1)  # written in, no product
    deal = {"transactioncurrencyid": org.dollar, "estimatedclosedate": "2026-12-01"}
    org.create("opportunity", name="More", estimatedvalue=60, actualvalue=70, statecode=1, **deal, **to_acme)
    org.create("opportunity", name="No", estimatedvalue=7, actualvalue=0, statecode=2, parentcontactid=ann, **deal, **to_acme)
    found = conformed(org, landing, tmp_path)
    assert found.of("orders", "number, record_id, status, CAST(amount AS DOUBLE), currency") == [
        ("1", record("contact", ann), "shipped", 20, "EUR"), ("2", record("account", acme), "cancelled", 99, "USD"),
        ("3", record("account", acme), "placed", 5, "USD"),
    ]  # fmt: skip
    assert found.of("order_lines", "order_id, product_id, CAST(quantity AS DOUBLE), CAST(amount AS DOUBLE)") == [
        (f"order:crm:salesorder:{sold}", f"product:crm:product:{product}", 2, 20)
    ]
    assert found.of("products", "name, sku, CAST(price AS DOUBLE), price_currency") == [("Anvil", "A-1", 10, "EUR")]
    assert found.of("interactions", "record_id, kind, status, CAST(amount AS DOUBLE), currency") == [
        (record("account", acme), "opportunity", "won", 70, "USD"), (record("contact", ann), "opportunity", "lost", 7, "USD"),
    ]  # fmt: skip


def test_cases_and_activities(org: FakeDataverse, landing: Landing, tmp_path: Path) -> None:
    ann, lead = org.create("contact", lastname="Reed"), org.create("lead", lastname="Poe", companyname="Poe")
    acme = org.create("account", name="Acme Inc")
    case = org.create(
        "incident", ticketnumber="1", title="Broken", customerid=("account", acme), primarycontactid=ann, statecode=1,
        caseorigincode=3, prioritycode=1,
    )  # fmt: skip
    org.create("phonecall", subject="Call", regardingobjectid=("contact", ann), actualend="2026-11-03T08:00:00Z")
    org.create("appointment", subject="Visit", regardingobjectid=("lead", lead), scheduledstart="2026-11-04T09:00:00Z")
    about = {"regardingobjectid": ("incident", case)}
    org.create("email", subject="From her", directioncode=False, emailsender=("contact", ann), **about)
    org.create("email", subject="From us", directioncode=True, emailsender=("systemuser", acme))
    org.create("task", subject="of nobody")
    found = conformed(org, landing, tmp_path)
    assert found.of("tickets", "number, record_id, subject, status, channel, priority") == [
        ("1", record("contact", ann), "Broken", "resolved", "Web", "High")
    ]
    assert found.of("interactions", "kind, record_id, text") == [
        ("call", record("contact", ann), "Call"), ("email", record("contact", ann), "From her"),
        ("meeting", record("lead", lead), "Visit"),
    ]  # fmt: skip


def test_an_environment_that_has_nothing_else_than_contacts(org: FakeDataverse, landing: Landing, tmp_path: Path) -> None:
    org.missing |= {*org.columns} - {"contact"}
    for name in [name for name in org.columns["contact"] if name not in ("contactid", "lastname", "modifiedon")]:
        org.drop_column("contact", name)
    id = org.create("contact", lastname="Reed")
    assert conformed(org, landing, tmp_path).of("records", "record_id, family_name") == [(record("contact", id), "Reed")]


CONFIG = """
[project]
name = "made-up"
[sources.crm]
connector = "dataverse"
url = "{url}"
authority = "{url}"
tenant = "example.org"
client_id = "app"
client_secret = "env:DV_SECRET"
"""


def test_a_made_up_company_becomes_customers_and_follows_its_changes(org: FakeDataverse, tmp_path: Path) -> None:
    acme = org.create("account", name="Acme Inc")
    ann = org.create(
        "contact", firstname="Ann", lastname="Reed", emailaddress1="ann@example.org", parentcustomerid=("account", acme)
    )
    twin = org.create("contact", firstname="Ann", lastname="Reed", emailaddress1="ann.reed@example.org", donotbulkemail=True)
    bob = org.create("contact", firstname="Bob", lastname="Stone", emailaddress1="bob@example.org")
    for number, (customer, currency, state) in enumerate(
        [(("contact", ann), org.euro, 4), (("contact", twin), org.dollar, 1), (("contact", bob), org.euro, 2)]
    ):
        money = {"totalamount": 10, "transactioncurrencyid": currency}
        org.create("salesorder", ordernumber=str(number), customerid=customer, statecode=state, **money)
    (tmp_path / "fullcircle.toml").write_text(CONFIG.format(url=org.url))
    settings = read_config(tmp_path / "fullcircle.toml")
    with open_desk(settings) as desk:
        run(desk)
        kinds = "SELECT kind, count(*) FROM customers GROUP BY 1 ORDER BY 1"
        assert desk.engine.rows(kinds) == [("organisation", 1), ("person", 3)]
    org.tick()
    org.merge("contact", twin, ann)
    org.delete("contact", bob)
    with open_desk(settings) as desk:
        run(desk)
        people = "SELECT c.name, count(*) FROM customers c JOIN members USING (customer_id) WHERE c.kind = 'person' GROUP BY ALL"
        assert desk.engine.rows(people) == [("Ann Reed", 2)]
        sales = """SELECT c.name, o.currency, CAST(sum(o.amount) AS DOUBLE) FROM customer_orders o
            JOIN customers c USING (customer_id) GROUP BY ALL ORDER BY ALL"""
        assert desk.engine.rows(sales) == [("Ann Reed", "EUR", 10.0), ("Ann Reed", "USD", 10.0)]  # never added
        refused = "SELECT record_id, purpose, granted FROM consents"
        assert desk.engine.rows(refused) == [(record("contact", twin), "marketing email", False)]
