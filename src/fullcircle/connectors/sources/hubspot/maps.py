"""The field maps for HubSpot's own objects: a HubSpot source needs no [[map]] in the config. Start at `default_maps`.

A company is an account, and an organisation in `records`. Deals, tickets and activities belong to their first contact, else
to their company; all contacts of a deal or an activity take part in it. Deals are not orders, whatever their line items say.
A contact who has not opted out has agreed to nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.connectors.own_maps import OwnMaps
from fullcircle.connectors.sources.hubspot.described import ENGAGEMENTS

To = Callable[..., MapSettings]
ALIVE = "_op <> 'merge'"  # of what is no person, a merged row is one that is gone
CONTACTS, COMPANIES = "split_part(contact_ids, ';', 1)", "coalesce(primary_company_id, split_part(company_ids, ';', 1))"
FIRST_COMPANY = "split_part(company_ids, ';', 1)"
# Activity -> its kind here, its channel, and SQL for its text.
NOTE = "nullif(trim(regexp_replace(hs_note_body, '<[^>]*>', ' ', 'g')), '')"
ACTIVITIES = {
    "calls": ("call", "phone", "hs_call_title"),
    "emails": ("email", "email", "hs_email_subject"),
    "meetings": ("meeting", None, "hs_meeting_title"),
    "notes": ("note", None, NOTE),
    "tasks": ("task", None, "hs_task_subject"),
}


def default_maps(source: str) -> list[MapSettings]:
    """The maps of a HubSpot source with this name. Objects that were not pulled are skipped."""

    own = OwnMaps(source)
    to = own.to

    def whose(company: str) -> FieldRule:
        """The first contact, else the company."""
        records = [own.record("contacts", CONTACTS), own.record("companies", company)]
        return FieldRule(sql=f"coalesce({', '.join(records)})")

    sold = [*_deals(to, whose(COMPANIES)), *_tickets(to, whose(COMPANIES))]
    return [*_companies(to), *_contacts(to), *_consents(to), *sold, *_activities(to, whose(FIRST_COMPANY))]


def _companies(to: To) -> list[MapSettings]:
    website = FieldRule(sql="coalesce(domain, website)")
    return [
        to("accounts", "companies", ALIVE, name="name", industry="industry", country="country", website=website),
        to(
            "records", "companies",
            kind=FieldRule(value="organisation"), organisation="name", phone="phone", street="address", city="city",
            postcode="zip", region="state", country="country",
        ),
        to("products", "products", name="name", sku="hs_sku"),
    ]  # fmt: skip


def _contacts(to: To) -> list[MapSettings]:
    account = FieldRule(sql=f"coalesce(primary_company_id, associatedcompanyid, {FIRST_COMPANY})", ref="companies")
    further = {
        "mobile": ("phone", "mobilephone"), "whatsapp": ("phone", "hs_whatsapp_phone_number"), "fax": ("fax", "fax"),
        "work": ("email", "work_email"), "twitter": ("handle", "twitterhandle"),
    }  # fmt: skip
    return [
        to(
            "records", "contacts",
            kind=FieldRule(value="person"), given_name="firstname", family_name="lastname", organisation="company", email="email",
            phone="phone", birth_date="date_of_birth", gender="gender", street="address", city="city", postcode="zip",
            region="state", country="country", account_id=account,
        ),
        *(
            to("identifiers", "contacts", "", tail, kind=FieldRule(value=kind), value=name)
            for tail, (kind, name) in further.items()
        ),
        to(
            "identifiers", "contacts", "", "additional", _split("hs_additional_emails"), kind=FieldRule(value="email"), value="."
        ),
    ]  # fmt: skip


def _consents(to: To) -> list[MapSettings]:
    agreed = "lower(hs_legal_basis) LIKE '%consent%'"  # the other bases are no consent: a contract, a legitimate interest
    return [
        to("consents", "contacts", "", "email", purpose=FieldRule(value="email"), refused="hs_email_optout"),
        to(
            "consents", "contacts", "", "subscription", _split("unsubscribed_from"), purpose=".", granted=FieldRule(value="no")
        ),
        to(
            "consents", "contacts", agreed, "processing", purpose=FieldRule(value="processing"), granted=FieldRule(value="yes")
        ),
    ]  # fmt: skip


def _deals(to: To, whose: FieldRule) -> list[MapSettings]:
    outcome = FieldRule(
        sql="""CASE WHEN hs_is_closed_won THEN 'won' WHEN hs_is_closed THEN 'lost' WHEN NOT hs_is_closed THEN 'open'
        ELSE coalesce(stage_label, dealstage) END"""
    )
    return [
        to(
            "interactions", "deals", ALIVE,
            record_id=whose, at=FieldRule(sql="coalesce(closedate, createdate)"), kind=FieldRule(value="opportunity"),
            channel=FieldRule(value="sales"), text="dealname", amount="amount", currency="deal_currency_code", status=outcome,
            status_raw=FieldRule(sql="coalesce(stage_label, dealstage)"),
        ),
        _participants(to, "deals"),
    ]  # fmt: skip


def _tickets(to: To, whose: FieldRule) -> list[MapSettings]:
    return [
        to(
            "tickets", "tickets", ALIVE,
            record_id=whose, opened_at="createdate", closed_at="closed_date", subject="subject", channel="source_type",
            status=FieldRule(sql="coalesce(stage_label, hs_pipeline_stage)"), priority="hs_ticket_priority",
        ),
    ]  # fmt: skip


def _activities(to: To, whose: FieldRule) -> list[MapSettings]:
    found = []
    for object in ENGAGEMENTS:
        kind, channel, text = ACTIVITIES[object]
        at = "coalesce(hs_meeting_start_time, hs_timestamp)" if object == "meetings" else "hs_timestamp"
        rules = {
            "record_id": whose, "at": FieldRule(sql=at), "kind": FieldRule(value=kind), "text": FieldRule(sql=text),
        }  # fmt: skip
        rules |= {"channel": FieldRule(value=channel)} if channel else {}
        found += [
            to("interactions", object, "coalesce(contact_ids, company_ids) IS NOT NULL", **rules),
            _participants(to, object),
        ]
    return found


def _participants(to: To, object: str) -> MapSettings:
    """Each contact of a row."""
    return to(
        "participants", object, f"{ALIVE} AND contact_ids IS NOT NULL", "", _split("contact_ids"),
        key=FieldRule(sql="_key || ':' || json_extract_string(_each, '$')"), interaction_id=FieldRule(sql="_key", ref=object),
        record_id=FieldRule(field=".", ref="contacts"),
    )  # fmt: skip


def _split(column: str) -> str:
    """The parts of a text with `;`, for `each`."""
    return f"= to_json(string_split({column}, ';'))"
