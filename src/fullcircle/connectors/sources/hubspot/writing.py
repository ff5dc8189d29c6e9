"""Writing into rows of HubSpot: batch/update, 100 rows in a request. Start at `HubspotWriter`.

HubSpot checks all values of a request before it writes any: one that does not fit refuses them all (400). Of rows that are not
there the others are written, and the answer (207) says which they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fullcircle.connectors.http.answers import code_word
from fullcircle.connectors.sources.hubspot.described import stamp_of
from fullcircle.connectors.sources.hubspot.portal import IS_NAME, Portal, not_a_list, not_rows
from fullcircle.connectors.writing import (
    Texts,
    WritableField,
    day_of,
    list_text,
    moment_text,
    number_text,
    plain_text,
)  # fmt: skip
from fullcircle.errors import ConfigError, ObjectRefused, SourceRefused

KINDS = {
    "string": "text", "phone_number": "text", "enumeration": "text", "number": "number", "bool": "boolean", "date": "date",
    "datetime": "moment",
}  # fmt: skip
CHANGE_WITH_IT = ("hs_updated_by_user_id", "hs_object_source", "hs_object_source_id", "hs_object_source_label")
GONE = "OBJECT_NOT_FOUND"


class HubspotWriter:
    """See `connectors.writing.RowWriter`."""

    read_rows, write_rows = 100, 100

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    def stamps(self, object: str) -> Sequence[str]:
        """The date of a row, and what changed it."""
        return (stamp_of(object), *CHANGE_WITH_IT)

    def fields(self, object: str) -> Mapping[str, WritableField]:
        """The properties of an object."""
        if not IS_NAME.fullmatch(object):
            raise ConfigError(f'"{object}" is not the name of a HubSpot object.', "Correct `object`.")
        found = self._portal.get(self._portal.described("properties", object), object, flaw=not_a_list("name"))["results"]
        return {str(one["name"]): _field(one) for one in found if not one.get("archived")}

    def values(self, object: str, keys: Sequence[str], fields: Sequence[WritableField]) -> dict[str, Texts]:
        """The values of rows. One that was merged away is answered with the id of another row, and so is not there."""
        body = {"properties": [one.name for one in fields], "inputs": [{"id": key} for key in keys]}
        rows = self._portal.post(self._portal.objects(object, "/batch/read"), body, object, not_rows)["results"]
        known = {str(row["id"]): row["properties"] for row in rows}
        there = [key for key in keys if key in known]
        return {key: {one.name: _text(one, known[key].get(one.name)) for one in fields} for key in there}

    def write(self, object: str, rows: Mapping[str, Texts], fields: Mapping[str, WritableField]) -> dict[str, str]:
        """Write rows; an empty text empties a property. HubSpot reads texts of all kinds of fields as they are here."""
        inputs = [{"id": key, "properties": {name: text or "" for name, text in row.items()}} for key, row in rows.items()]
        del fields
        try:
            said = self._portal.change(self._portal.objects(object, "/batch/update"), {"inputs": inputs}, object)
        except ObjectRefused as error:
            raise SourceRefused(
                f"The HubSpot token may not change {object}.",
                f"Give its private app the scope to write: crm.objects.{object}.write. ({error.message})",
            ) from None
        written = {str(row.get("id")) for row in said.get("results") or ()}
        reasons = _reasons(said)
        return {key: reasons.get(key, "refused without a reason") for key in rows if key not in written}


def _reasons(said: Mapping[str, Any]) -> dict[str, str]:
    """Key -> the word of its error."""
    found = {}
    for one in said.get("errors") or ():
        context = one.get("context") if isinstance(one.get("context"), dict) else {}
        for key in context.get("ids") or ():
            found[str(key)] = code_word(one.get("category")) or "refused"
    return found


def _field(one: Mapping[str, Any]) -> WritableField:
    name, type_, shown = str(one["name"]), str(one.get("type") or "string"), str(one.get("fieldType") or "")
    kind = "list" if type_ == "enumeration" and shown == "checkbox" else KINDS.get(type_, "")
    modified = one.get("modificationMetadata")
    refused = ""
    if one.get("calculated"):
        refused = "is computed"
    elif isinstance(modified, dict) and modified.get("readOnlyValue"):
        refused = "is read-only in HubSpot"
    elif not kind:
        refused = f"is of the type {type_}, which is not written"
    return WritableField(name, kind, refused)


def _text(field: WritableField, value: Any) -> str | None:
    if value is None or value == "":
        return None
    match field.kind:
        case "boolean":
            return str(value).lower()
        case "number":
            return number_text(value, field.digits)
        case "list":
            return list_text(str(value).split(";"))
        case "date":
            return day_of(value)
        case "moment":
            return moment_text(str(value))
    return plain_text(value)
