"""What Zendesk sends of each object, and which columns become of it, in which types. Start at `described`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

OBJECTS = ("organizations", "users", "tickets")
STAMP = "updated_at"
SIDELOADS = {"tickets": "metric_sets"}
# Object -> column -> path in what Zendesk sends.
FIELDS: dict[str, dict[str, str]] = {
    "organizations": {
        name: name for name in ("id", "name", "external_id", "domain_names", "details", "notes", "tags", "created_at", STAMP)
    },
    "users": {
        name: name
        for name in (
            "id", "name", "email", "phone", "role", "organization_id", "external_id", "alias", "details", "notes", "tags",
            "locale", "time_zone", "verified", "suspended", "last_login_at", "created_at", STAMP,
        )
    },
    "tickets": {
        **{
            name: name
            for name in (
                "id", "subject", "status", "priority", "type", "requester_id", "submitter_id", "assignee_id", "organization_id",
                "external_id", "tags", "created_at", STAMP,
            )
        },
        "channel": "via.channel", "solved_at": "metric_set.solved_at", "satisfaction": "satisfaction_rating.score",
        "satisfaction_comment": "satisfaction_rating.comment",
    },
}  # fmt: skip
KINDS = {"verified": "boolean", "suspended": "boolean"}
# The list of custom fields -> the type of each; and where a row has their values.
CUSTOM = {"organizations": "organization_fields", "users": "user_fields", "tickets": "ticket_fields"}
CUSTOM_KINDS = {"checkbox": "boolean", "integer": "integer", "decimal": "number", "date": "moment"}
OWN_TYPES = {"subject", "description", "status", "tickettype", "priority", "group", "assignee", "custom_status", "basic_priority"}


@dataclass(frozen=True, slots=True)
class ZendeskObject:
    """An object as the account describes it."""

    name: str
    kinds: Mapping[str, str]  # column -> its type
    custom: Mapping[str, str]  # column -> key of a custom field

    @property
    def as_json(self) -> list[str]:
        """The columns that hold lists."""
        return [name for name in ("tags", "domain_names") if name in self.kinds]

    def value(self, row: Mapping[str, Any], column: str) -> Any:
        """What a row has in a column."""
        if column in self.custom:
            return _custom_value(self.name, row, self.custom[column])
        found: Any = row
        for part in FIELDS[self.name][column].split("."):
            found = found.get(part) if isinstance(found, dict) else None
        return found

    def is_gone(self, row: Mapping[str, Any]) -> bool:
        """True if it was deleted: each object says so in its own way."""
        if self.name == "tickets":
            return row.get("status") == "deleted"
        return row.get("active") is False if self.name == "users" else row.get("deleted_at") is not None


def described(name: str, fields: Iterable[Mapping[str, Any]]) -> ZendeskObject:
    """The object with these custom fields."""
    kinds = {column: KINDS.get(column, "moment" if column.endswith("_at") else "text") for column in FIELDS[name]}
    custom = {}
    for one in fields:
        if one.get("active", True) and str(one.get("type")) not in OWN_TYPES:
            key = str(one["id"] if name == "tickets" else one["key"])
            custom[f"field_{key}"] = key
            kinds[f"field_{key}"] = CUSTOM_KINDS.get(str(one.get("type")), "text")
    return ZendeskObject(name, kinds, custom)


def _custom_value(name: str, row: Mapping[str, Any], key: str) -> Any:
    if name == "tickets":
        return next((one.get("value") for one in row.get("custom_fields") or () if str(one.get("id")) == key), None)
    return (row.get(CUSTOM[name]) or {}).get(key)
