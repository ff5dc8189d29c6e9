"""The properties and pipelines of the fake HubSpot: some of those that every portal has."""

from __future__ import annotations

from typing import Any

TEXTS = {
    "contacts": "firstname lastname email phone mobilephone company city country hs_additional_emails hs_legal_basis jobtitle",
    "companies": "name domain industry phone city country description",
    "deals": "dealname dealstage pipeline deal_currency_code description",
    "tickets": "subject content hs_pipeline hs_pipeline_stage hs_ticket_priority source_type",
    "products": "name hs_sku description",
    "line_items": "name hs_product_id hs_line_item_currency_code",
    "calls": "hs_call_title hs_call_body",
    "emails": "hs_email_subject hs_email_text",
    "meetings": "hs_meeting_title",
    "notes": "hs_note_body",
    "tasks": "hs_task_subject",
}
OTHERS = {
    "contacts": {"hs_email_optout": "bool", "associatedcompanyid": "number", "points": "number", "first_deal": "date"},
    "companies": {"annualrevenue": "number"},
    "deals": {"amount": "number", "closedate": "datetime", "hs_is_closed": "bool", "hs_is_closed_won": "bool"},
    "tickets": {"closed_date": "datetime"},
    "products": {"price": "number"},
    "line_items": {"quantity": "number", "price": "number", "amount": "number"},
    **{name: {"hs_timestamp": "datetime"} for name in ("calls", "emails", "meetings", "notes", "tasks")},
}
MERGEABLE = ("contacts", "companies", "deals", "tickets")
PIPELINES = {
    "deals": [("appointmentscheduled", "Appointment scheduled"), ("closedwon", "Closed won"), ("closedlost", "Closed lost")],
    "tickets": [("1", "New"), ("2", "Waiting on contact"), ("4", "Closed")],
}
# From and to -> the type of a link, and of that to the primary company.
LINK_TYPES = {("contacts", "companies"): (279, 1), ("deals", "companies"): (341, 5), ("tickets", "companies"): (339, 26)}


def stamp_of(object: str) -> str:
    return "lastmodifieddate" if object == "contacts" else "hs_lastmodifieddate"


def properties_of(object: str) -> dict[str, dict[str, Any]]:
    kinds = {name: "string" for name in TEXTS[object].split()} | OTHERS[object]
    kinds |= {"hs_object_id": "number", "createdate": "datetime", stamp_of(object): "datetime"}
    kinds |= {"hs_merged_object_ids": "enumeration"} if object in MERGEABLE else {}
    return {name: described(name, kind) for name, kind in kinds.items()}


def described(name: str, kind: str, label: str = "") -> dict[str, Any]:
    return {"name": name, "type": kind, "label": label or name, "fieldType": "text", "groupName": "information"}


def pipelines_of(object: str) -> list[dict[str, Any]]:
    stages = [{"id": id, "label": label, "metadata": {}} for id, label in PIPELINES.get(object, [])]
    return [{"id": "0", "label": "Pipeline", "stages": stages}]
