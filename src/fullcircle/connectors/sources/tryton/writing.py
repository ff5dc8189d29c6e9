"""Writing into rows of Tryton: one `write` for many rows, which is one transaction. Start at `TrytonWriter`.

Tryton itself refuses a write to rows that somebody has changed since they were read here (`_timestamp`): nothing is written then.
An archived row is still there, and is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from fullcircle.connectors.sources.tryton.rpc import Rpc, ServerError
from fullcircle.connectors.writing import (
    RowsRefused,
    Texts,
    WritableField,
    WriteUnsure,
    list_text,
    number_text,
    plain_text,
)  # fmt: skip
from fullcircle.errors import SourceChanged, SourceRefused

KINDS = {
    **dict.fromkeys(("char", "text", "fulltext", "selection"), "text"),
    **dict.fromkeys(("float", "numeric"), "number"),
    **dict.fromkeys(("integer", "bigint"), "integer"),
    "boolean": "boolean", "date": "date", "datetime": "moment", "multiselection": "list",
}  # fmt: skip
CHANGE_WITH_IT = ("write_date", "write_uid")
STAMP = "_timestamp"


class TrytonWriter:
    """See `connectors.writing.RowWriter`."""

    read_rows, write_rows = 1000, 100

    def __init__(self, rpc: Rpc, user: str) -> None:
        self._rpc, self._user = rpc, user
        self._read: dict[tuple[str, str], Any] = {}  # the stamp that a row had when it was read
        self._numeric: set[tuple[str, str]] = set()  # numbers that are decimals to Tryton
        self._archives: set[str] = set()  # models of which search leaves archived rows out

    def stamps(self, object: str) -> Sequence[str]:  # noqa: ARG002 - all models have the same
        """The date of a row, and who wrote it."""
        return CHANGE_WITH_IT

    def fields(self, object: str) -> Mapping[str, WritableField]:
        """The fields of a model; those that this user may not write are read-only to Tryton, too."""
        try:
            found = dict(self._call(object, "fields_get", [], 0))
        except ServerError:
            raise SourceChanged(f'This Tryton database has no model "{object}".', "Correct `object`.") from None
        access = self._rpc.call("model.ir.model.access.get_access", [object], self._rpc.context)
        if not access.get(object, {}).get("write"):
            raise SourceRefused(
                f'The Tryton user "{self._user}" may not change {object}.', "Add the user to a group that may write it."
            )
        self._archives |= {object} if "active" in found else set()
        self._numeric |= {(object, name) for name, one in found.items() if one["type"] == "numeric"}
        return {name: _field(name, one) for name, one in found.items()}

    def values(self, object: str, keys: Sequence[str], fields: Sequence[WritableField]) -> dict[str, Texts]:
        """The values of rows, also of archived ones."""
        ids = [int(key) for key in keys]
        names = ["id", STAMP, *(one.name for one in fields)]
        archived = [["active", "in", [True, False]]] if object in self._archives else []
        there = self._call(object, "search", [["id", "in", ids], *archived], 0, None, None)
        rows = self._call(object, "read", there, names) if there else []
        self._read |= {(object, str(row["id"])): row.get(STAMP) for row in rows}
        return {str(row["id"]): {one.name: _text(one, row.get(one.name)) for one in fields} for row in rows}

    def write(self, object: str, rows: Mapping[str, Texts], fields: Mapping[str, WritableField]) -> dict[str, str]:
        """Write rows, all of them or none."""
        actions: list[Any] = []
        for key, values in rows.items():
            sent = {name: _sent(fields[name], text, (object, name) in self._numeric) for name, text in values.items()}
            actions += [[int(key)], sent]
        stamps = {f"{object},{key}": self._read.get((object, key)) for key in rows}
        try:
            self._rpc.change(f"model.{object}.write", *actions, {**self._rpc.context, STAMP: stamps})
        except ServerError as error:
            if error.kind == "ConcurrencyException":
                raise WriteUnsure("Somebody has changed rows of Tryton in this moment.", "Run the same command again.") from None
            raise RowsRefused(
                f"Tryton does not take the values for {object} ({error.kind}).",
                "The log of the Tryton server has the details.",
                error.kind,
            ) from None
        return {}

    def _call(self, object: str, method: str, *params: Any) -> Any:
        return self._rpc.call(f"model.{object}.{method}", *params, self._rpc.context)


def _field(name: str, one: Mapping[str, Any]) -> WritableField:
    kind = KINDS.get(str(one["type"]), "")
    refused = ""
    if not kind:
        refused = f"is of the type {one['type']}, which is not written"
    elif one.get("readonly"):
        refused = "is read-only for this user"
    return WritableField(name, kind, refused, empty="false" if kind == "boolean" else None)


def _text(field: WritableField, value: Any) -> str | None:
    if value is None or value == "":
        return field.empty
    if isinstance(value, dict):
        value = _untagged(value)
    match field.kind:
        case "boolean":
            return "true" if value else "false"
        case "number" | "integer":
            return number_text(value, field.digits if field.kind == "number" else 0)
        case "list":
            return list_text(value)
    return plain_text(value)


def _untagged(value: Mapping[str, Any]) -> str:
    """A value that JSON has no word for."""
    if "decimal" in value:
        return str(value["decimal"])
    day = f"{value['year']:04d}-{value['month']:02d}-{value['day']:02d}"
    if value.get("__class__") == "date":
        return day
    return f"{day}T{value['hour']:02d}:{value['minute']:02d}:{value['second']:02d}Z"


def _sent(field: WritableField, text: str | None, decimal: bool) -> Any:
    if text is None:
        return False if field.kind == "boolean" else None
    match field.kind:
        case "boolean":
            return text == "true"
        case "number":
            return {"__class__": "Decimal", "decimal": str(Decimal(text))} if decimal else float(text)
        case "integer":
            return int(text)
        case "list":
            return text.split(";")
        case "date" | "moment":
            return _tagged(text)
    return text


def _tagged(text: str) -> dict[str, Any]:
    day, _, time = text.removesuffix("Z").partition("T")
    parts: dict[str, Any] = dict(zip(("year", "month", "day"), map(int, day.split("-")), strict=True))
    if not time:
        return {"__class__": "date", **parts}
    return {
        "__class__": "datetime",
        **parts,
        **dict(zip(("hour", "minute", "second"), map(int, time.split(":")), strict=True)),
        "microsecond": 0,
    }
