"""What HubSpot says of an object (its properties, its stages), and which columns become of it, in which types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fullcircle.connectors.columns import unique

OBJECTS = (
    "companies", "contacts", "products", "deals", "line_items", "tickets", "calls", "emails", "meetings", "notes", "tasks",
)  # fmt: skip
ENGAGEMENTS = ("calls", "emails", "meetings", "notes", "tasks")
STAGED = {"deals": "dealstage", "tickets": "hs_pipeline_stage"}  # what has stages: they are landed by their label, too
STAGE, UNSUBSCRIBED, PRIMARY, CURRENCY = "stage_label", "unsubscribed_from", "primary_company_id", "deal_currency_code"
MERGED = ("hs_merged_object_ids", "hs_calculated_merged_vids")
# Object -> the objects whose rows it is linked to; and the column in which their ids are.
LINKED: dict[str, tuple[str, ...]] = {
    "contacts": ("companies",),
    "deals": ("contacts", "companies", "line_items"),
    "tickets": ("contacts", "companies"),
    "line_items": ("deals",),
    **dict.fromkeys(ENGAGEMENTS, ("contacts", "companies")),
}
IDS = {"contacts": "contact_ids", "companies": "company_ids", "deals": "deal_ids", "line_items": "line_item_ids"}
OPTED_OUT = re.compile(r"hs_email_optout_\d+")  # one property for each type of subscription


def _fields(texts: str, **others: str) -> dict[str, str]:
    """Property -> type: of texts, then of the other types."""
    return {name: "string" for name in texts.split()} | {name: kind for kind, names in others.items() for name in names.split()}


# Properties that the maps read and that not every portal has: then they are landed without values.
EXPECTED: dict[str, dict[str, str]] = {
    "companies": _fields("name industry domain website phone address city zip state country hs_merged_object_ids"),
    "contacts": _fields(
        "firstname lastname email work_email hs_additional_emails phone mobilephone hs_whatsapp_phone_number fax company address "
        "city zip state country date_of_birth gender twitterhandle hs_legal_basis associatedcompanyid hs_merged_object_ids "
        "hs_calculated_merged_vids",
        bool="hs_email_optout",
    ),
    "products": _fields("name hs_sku"),
    "deals": _fields(
        "dealname dealstage deal_currency_code hs_merged_object_ids",
        number="amount",
        bool="hs_is_closed hs_is_closed_won",
        datetime="closedate createdate",
    ),
    "line_items": _fields("name hs_product_id hs_line_item_currency_code", number="quantity price amount"),
    "tickets": _fields(
        "subject hs_pipeline_stage hs_ticket_priority source_type hs_merged_object_ids", datetime="createdate closed_date"
    ),
    "calls": _fields("hs_call_title hs_call_direction", datetime="hs_timestamp"),
    "emails": _fields("hs_email_subject hs_email_direction", datetime="hs_timestamp"),
    "meetings": _fields("hs_meeting_title", datetime="hs_timestamp hs_meeting_start_time"),
    "notes": _fields("hs_note_body", datetime="hs_timestamp"),
    "tasks": _fields("hs_task_subject hs_task_type", datetime="hs_timestamp"),
}


def stamp_of(object: str) -> str:
    """The property that says when a row was last changed."""
    return "lastmodifieddate" if object == "contacts" else "hs_lastmodifieddate"


@dataclass(frozen=True, slots=True)
class HubspotObject:
    """An object as the portal describes it to this token."""

    name: str
    kinds: Mapping[str, str]  # property -> HubSpot's type
    asked: tuple[str, ...]  # the properties that there are
    linked: tuple[str, ...] = ()  # the objects whose links are read
    unread: tuple[str, ...] = ()  # those whose links cannot be read
    stages: Mapping[str, str] = field(default_factory=dict)  # id of a stage -> its label
    subscriptions: Mapping[str, str] = field(default_factory=dict)  # property that says that somebody opted out -> of what

    @property
    def stamp(self) -> str:
        """The property that says when a row was last changed."""
        return stamp_of(self.name)

    @property
    def own(self) -> list[str]:
        """The columns that are made here, beside the properties."""
        made = [IDS[to] for to in LINKED.get(self.name, ())]
        made += [PRIMARY] if "companies" in LINKED.get(self.name, ()) and self.name not in ENGAGEMENTS else []
        made += [STAGE] if self.name in STAGED else []
        return [*made, UNSUBSCRIBED] if self.name == "contacts" else made

    @property
    def landed(self) -> dict[str, str]:
        """Property -> the column in which it is landed, which has another name if that is taken."""
        names = unique([*self.own, *self.kinds])
        return dict(zip(self.kinds, names[len(self.own) :], strict=True))

    @property
    def signature(self) -> list[str]:
        """Its properties with their types, and what else is read: a new one means that all rows must be read again."""
        stages = [f"stage {id}:{label}" for id, label in self.stages.items()]
        links = [f"links to {to}:" for to in self.linked]
        return [*(f"{name}:{self.kinds[name]}" for name in self.asked), *links, *stages]


def described(
    name: str, properties: Iterable[Mapping[str, Any]], pipelines: Iterable[Mapping[str, Any]], readable: Mapping[str, bool]
) -> HubspotObject:
    """The object of these answers. `readable` says of the objects that it is linked to whether the token may read them."""
    there = {str(one["name"]): one for one in properties if not one.get("archived")}
    kinds = {key: _kind(key, one) for key, one in there.items()}
    kinds |= {key: kind for key, kind in EXPECTED.get(name, {}).items() if key not in kinds}
    kinds |= {stamp_of(name): "datetime"}
    stages = {str(stage["id"]): str(stage.get("label") or stage["id"]) for one in pipelines for stage in one.get("stages") or ()}
    optouts = {key: _purpose(one) for key, one in there.items() if name == "contacts" and OPTED_OUT.fullmatch(key)}
    asked = tuple({**dict.fromkeys(there), stamp_of(name): None})
    linked = tuple(to for to in LINKED.get(name, ()) if readable.get(to))
    unread = tuple(to for to in LINKED.get(name, ()) if not readable.get(to))
    return HubspotObject(name, kinds, asked, linked, unread, stages, optouts)


def _kind(name: str, one: Mapping[str, Any]) -> str:
    """The type of a property. A number that names a row is a text: it is compared, never added."""
    kind = str(one.get("type") or "string")
    return "string" if kind == "number" and (name.endswith("id") or one.get("referencedObjectType")) else kind


def _purpose(one: Mapping[str, Any]) -> str:
    """ "Opted out of email: Newsletter" is about the newsletter."""
    label = str(one.get("label") or one["name"])
    return label.partition(":")[2].strip() or label
