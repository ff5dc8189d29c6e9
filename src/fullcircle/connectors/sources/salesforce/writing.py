"""Writing into rows of Salesforce: sObject collections, 200 rows in a request, each row by itself. Start at `SalesforceWriter`.

A row that is refused says so with a code; the others of its request are written. The API has no "only if nobody changed it
since" for many rows: see docs/decisions/0033-write-back.md for what that leaves open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fullcircle.connectors.http.answers import Ask, HttpAnswer, code_word, not_json
from fullcircle.connectors.sources.salesforce.described import STAMP
from fullcircle.connectors.sources.salesforce.org import Org
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
    **dict.fromkeys(("string", "textarea", "phone", "email", "url", "picklist", "combobox"), "text"),
    **dict.fromkeys(("double", "currency", "percent"), "number"),
    **dict.fromkeys(("int", "long"), "integer"),
    "multipicklist": "list", "boolean": "boolean", "date": "date", "datetime": "moment",
}  # fmt: skip
CHANGE_WITH_IT = (STAMP, "LastModifiedDate", "LastModifiedById")


class SalesforceWriter:
    """See `connectors.writing.RowWriter`."""

    read_rows, write_rows = 2000, 200

    def __init__(self, org: Org) -> None:
        self._org = org

    def stamps(self, object: str) -> Sequence[str]:  # noqa: ARG002 - all objects have the same
        """The date of a row, and who changed it."""
        return CHANGE_WITH_IT

    def fields(self, object: str) -> Mapping[str, WritableField]:
        """What describe says of the fields. One that the user may not see is not among them."""
        if not code_word(object):
            raise ConfigError(f'"{object}" is not the name of a Salesforce object.', "Correct `object`.")
        found = self._org.get(f"sobjects/{object}/describe", object).json()
        if not found.get("updateable", True):
            raise _refused(object)
        return {str(one["name"]): _field(one) for one in found["fields"]}

    def values(self, object: str, keys: Sequence[str], fields: Sequence[WritableField]) -> dict[str, Texts]:
        """The values of rows; null stands for a row that is not there any more."""
        body = {"ids": list(keys), "fields": ["Id", *(one.name for one in fields)]}
        ask = Ask("POST", self._org.address(f"composite/sobjects/{object}"), json=body, flaw=_not_rows)
        rows = [row for row in self._org.send(ask, object).json(str) if row]
        return {str(row["Id"]): {one.name: _text(one, row.get(one.name)) for one in fields} for row in rows}

    def write(self, object: str, rows: Mapping[str, Texts], fields: Mapping[str, WritableField]) -> dict[str, str]:
        """Write rows, each by itself."""
        records = [
            {
                "attributes": {"type": object},
                "id": key,
                **{name: _sent(fields[name], text) for name, text in values.items()},
            }
            for key, values in rows.items()
        ]
        body = {"allOrNone": False, "records": records}
        ask = Ask("PATCH", self._org.address("composite/sobjects"), json=body, flaw=_not_results(len(records)), writes=True)
        try:
            said = self._org.send(ask, object).json()
        except ObjectRefused:
            raise _refused(object) from None
        return {key: _code(one) for key, one in zip(rows, said, strict=True) if not one.get("success")}


def _refused(object: str) -> SourceRefused:
    return SourceRefused(
        f"The Salesforce user may not change rows of {object}.",
        f"Give it a permission set with Edit on {object} and on the fields that are written.",
    )


def _field(one: Mapping[str, Any]) -> WritableField:
    kind = KINDS.get(str(one.get("type")), "")
    refused = ""
    if one.get("calculated"):
        refused = "is computed"
    elif not kind:
        refused = f"is of the type {one.get('type')}, which is not written"
    elif not one.get("updateable", True):
        refused = "may not be edited by this user: a permission set must allow it"
    scale = one.get("scale")
    digits = scale if isinstance(scale, int) and kind == "number" else 2
    return WritableField(str(one["name"]), kind, refused, digits, "false" if kind == "boolean" else None)


def _text(field: WritableField, value: Any) -> str | None:
    if value is None or value == "":
        return field.empty
    match field.kind:
        case "boolean":
            return str(value).lower()
        case "number" | "integer":
            return number_text(value, field.digits if field.kind == "number" else 0)
        case "list":
            return list_text(str(value).split(";"))
        case "date":
            return day_of(value)
        case "moment":
            return moment_text(str(value))
    return plain_text(value)


def _sent(field: WritableField, text: str | None) -> Any:
    if text is None:
        return False if field.kind == "boolean" else None
    match field.kind:
        case "boolean":
            return text == "true"
        case "number":
            return float(text)
        case "integer":
            return int(text)
    return text


def _code(one: Mapping[str, Any]) -> str:
    codes = [code_word(error.get("statusCode")) for error in one.get("errors") or () if isinstance(error, dict)]
    return next((code for code in codes if code), "refused without a code")


def _not_rows(answer: HttpAnswer) -> str:
    return not_json(answer) or ("" if isinstance(answer.json(), list) else "does not answer with rows")


def _not_results(number: int) -> Any:
    def flaw(answer: HttpAnswer) -> str:
        wrong = not_json(answer)
        said = None if wrong else answer.json()
        whole = isinstance(said, list) and len(said) == number and all(isinstance(one, dict) for one in said)
        return wrong or ("" if whole else "does not answer for each row")

    return flaw
