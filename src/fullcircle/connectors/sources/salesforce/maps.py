"""The field maps for Salesforce's own objects: a Salesforce source needs no [[map]] in the config. Start at `default_maps`.

An account is an organisation, or with person accounts a person, who is a contact as well. Orders and opportunities belong to the
contact that they name, else to their account. Opportunities are not orders. A box that is not ticked agrees to nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.connectors.own_maps import OwnMaps

To = Callable[..., MapSettings]
PERSONAL = "coalesce(IsPersonAccount, false)"
ALIVE = "_op <> 'merge'"  # of what is no person, a merged row is one that is gone
CONTACT_KEYS, LEAD_KEYS = "003", "00Q"  # the first characters of ids
# A contact's and a lead's boxes -> the purpose that is refused by a tick.
REFUSED = {"HasOptedOutOfEmail": "email", "HasOptedOutOfFax": "fax", "DoNotCall": "call"}
OF_INDIVIDUALS = {
    "HasOptedOutSolicit": "solicitation", "HasOptedOutProcessing": "processing", "HasOptedOutProfiling": "profiling",
    "HasOptedOutTracking": "tracking", "HasOptedOutGeoTracking": "location tracking",
}  # fmt: skip


def default_maps(source: str) -> list[MapSettings]:
    """The maps of a Salesforce source with this name. Objects that were not pulled are skipped."""
    own = OwnMaps(source)
    to, record = own.to, own.record
    return [*_accounts(to), *_people(to, record), *_consents(to), *_sales(to, record), *_contacts_with(to, record)]


def _accounts(to: To) -> list[MapSettings]:
    return [
        to(
            "accounts", "Account", f"{ALIVE} AND NOT {PERSONAL}",
            name="Name", industry="Industry", country="BillingCountry", website="Website",
        ),
        to(
            "records", "Account",
            kind=FieldRule(sql=f"CASE WHEN {PERSONAL} THEN 'person' ELSE 'organisation' END"),
            full_name=FieldRule(sql=f"CASE WHEN {PERSONAL} THEN Name END"),
            organisation=FieldRule(sql=f"CASE WHEN NOT {PERSONAL} THEN Name END"),
            phone="Phone", street="BillingStreet", city="BillingCity", postcode="BillingPostalCode", region="BillingState",
            country="BillingCountry",
        ),
        to("identifiers", "Account", PERSONAL, "contact", kind=FieldRule(value="external"), value="PersonContactId"),
    ]  # fmt: skip


def _people(to: To, record: Callable[[str, str], str]) -> list[MapSettings]:
    own_account = FieldRule(sql=f"CASE WHEN NOT {PERSONAL} THEN AccountId END", ref="Account")
    contact = FieldRule(sql=f"CASE WHEN IsConverted THEN {record('Contact', 'ConvertedContactId')} END")
    person, external = FieldRule(value="person"), FieldRule(value="external")
    phones = {"MobilePhone": "mobile", "HomePhone": "home", "OtherPhone": "other"}
    return [
        to(
            "records", "Contact",
            kind=person, given_name="FirstName", middle_name="MiddleName", family_name="LastName", email="Email", phone="Phone",
            birth_date="Birthdate", street="MailingStreet", city="MailingCity", postcode="MailingPostalCode",
            region="MailingState", country="MailingCountry", account_id=own_account,
        ),
        to(
            "records", "Lead",
            kind=person, given_name="FirstName", middle_name="MiddleName", family_name="LastName", organisation="Company",
            email="Email", phone="Phone", street="Street", city="City", postcode="PostalCode", region="State", country="Country",
            merged_into=contact,
        ),
        to("records", "Individual", kind=person, given_name="FirstName", family_name="LastName"),
        to(
            "addresses", "Contact", tail="other",
            use=FieldRule(value="other"), street="OtherStreet", city="OtherCity", postcode="OtherPostalCode", region="OtherState",
            country="OtherCountry",
        ),
        *(to("identifiers", "Contact", "", key, kind=FieldRule(value="phone"), value=name) for name, key in phones.items()),
        to("identifiers", "Contact", "", "fax", kind=FieldRule(value="fax"), value="Fax"),
        to("identifiers", "Lead", "", "mobile", kind=FieldRule(value="phone"), value="MobilePhone"),
        # The same person as an account, and as an individual, of which several contacts and leads may be.
        to("identifiers", "Contact", PERSONAL, "contact", kind=external, value="Id"),
        to("identifiers", "Contact", "", "individual", kind=external, value="IndividualId"),
        to("identifiers", "Lead", "", "individual", kind=external, value="IndividualId"),
        to("identifiers", "Individual", "", "individual", kind=external, value="Id"),
    ]  # fmt: skip


def _consents(to: To) -> list[MapSettings]:
    people = [(object, field, purpose) for object in ("Contact", "Lead") for field, purpose in REFUSED.items()]
    individuals = [("Individual", field, purpose) for field, purpose in OF_INDIVIDUALS.items()]
    return [
        to("consents", object, "", purpose.replace(" ", "_"), purpose=FieldRule(value=purpose), refused=field)
        for object, field, purpose in (*people, *individuals)
    ]


def _sales(to: To, record: Callable[[str, str], str]) -> list[MapSettings]:
    buyer = _first_of(record("Contact", "BillToContactId"), record("Contact", "ShipToContactId"), record("Account", "AccountId"))
    status = FieldRule(
        sql="""CASE WHEN lower(StatusCode) LIKE 'draft%' THEN 'draft' WHEN lower(StatusCode) LIKE 'cancel%' THEN 'cancelled'
        WHEN coalesce(IsReductionOrder, false) THEN 'returned' WHEN lower(Status) = 'activated' THEN 'placed' ELSE Status END"""
    )
    outcome = FieldRule(
        sql="CASE WHEN IsWon THEN 'won' WHEN IsClosed THEN 'lost' WHEN NOT IsClosed THEN 'open' ELSE StageName END"
    )
    return [
        to("products", "Product2", name="Name", sku=FieldRule(sql="coalesce(StockKeepingUnit, ProductCode)"), category="Family"),
        to(
            "orders", "Order",
            record_id=buyer, ordered_at="EffectiveDate", status=status, status_raw="Status", currency="CurrencyIsoCode",
            amount=FieldRule(sql="CASE WHEN coalesce(IsReductionOrder, false) THEN -abs(TotalAmount) ELSE TotalAmount END"),
            channel=FieldRule(value="sales"), number="OrderNumber",
        ),
        to(
            "order_lines", "OrderItem", "Product2Id IS NOT NULL",
            order_id=FieldRule(field="OrderId", ref="Order"), product_id=FieldRule(field="Product2Id", ref="Product2"),
            quantity="Quantity", unit_price="UnitPrice", amount="TotalPrice",
        ),
        to(
            "interactions", "Opportunity",
            record_id=_first_of(record("Contact", "ContactId"), record("Account", "AccountId")), at="CloseDate",
            kind=FieldRule(value="opportunity"), channel=FieldRule(value="sales"), text="Name", amount="Amount",
            currency="CurrencyIsoCode", status=outcome, status_raw="StageName",
        ),
        to(
            "participants", "OpportunityContactRole", "ContactId IS NOT NULL",
            interaction_id=FieldRule(field="OpportunityId", ref="Opportunity"),
            record_id=FieldRule(field="ContactId", ref="Contact"),
        ),
    ]  # fmt: skip


def _contacts_with(to: To, record: Callable[[str, str], str]) -> list[MapSettings]:
    """Cases, calls, e-mails, meetings and campaigns."""
    stranger = "ContactId IS NULL AND SuppliedEmail IS NOT NULL"  # who wrote through a form and is no contact
    who = f"""CASE WHEN left(WhoId, 3) = '{CONTACT_KEYS}' THEN {record("Contact", "WhoId")}
        WHEN left(WhoId, 3) = '{LEAD_KEYS}' THEN {record("Lead", "WhoId")} ELSE {record("Account", "AccountId")} END"""
    member = _first_of(record("Contact", "ContactId"), record("Lead", "LeadId"))
    own = record("Case", "lower(SuppliedEmail)")
    return [
        to(
            "records", "Case", stranger,
            key=FieldRule(sql="lower(SuppliedEmail)"), kind=FieldRule(value="person"), full_name="SuppliedName",
            email="SuppliedEmail", phone="SuppliedPhone",
        ),
        to(
            "tickets", "Case",
            record_id=_first_of(record("Contact", "ContactId"), own, record("Account", "AccountId")), opened_at="CreatedDate",
            closed_at="ClosedDate", status="Status", subject="Subject", channel="Origin", priority="Priority",
            number="CaseNumber",
        ),
        to(
            "interactions", "Task", "coalesce(WhoId, AccountId) IS NOT NULL",
            record_id=FieldRule(sql=who), at=FieldRule(sql="coalesce(CAST(ActivityDate AS TIMESTAMP), CreatedDate)"),
            kind=FieldRule(sql="coalesce(lower(TaskSubtype), 'task')"), text="Subject",
            channel=FieldRule(sql="CASE lower(TaskSubtype) WHEN 'call' THEN 'phone' WHEN 'email' THEN 'email' END"),
        ),
        to(
            "interactions", "Event", "coalesce(WhoId, AccountId) IS NOT NULL",
            record_id=FieldRule(sql=who),
            at=FieldRule(sql="coalesce(StartDateTime, CAST(ActivityDate AS TIMESTAMP), CreatedDate)"),
            kind=FieldRule(value="meeting"), text="Subject",
        ),
        to(
            "interactions", "CampaignMember", "coalesce(ContactId, LeadId) IS NOT NULL",
            record_id=member, at=FieldRule(sql="coalesce(CAST(FirstRespondedDate AS TIMESTAMP), CreatedDate)"),
            kind=FieldRule(value="campaign"), channel=FieldRule(value="campaign"), status="Status",
        ),
    ]  # fmt: skip


def _first_of(*records: str) -> FieldRule:
    """The first of these that there is."""
    return FieldRule(sql=f"coalesce({', '.join(records)})")
