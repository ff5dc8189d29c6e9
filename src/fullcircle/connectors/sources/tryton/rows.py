"""The landed form of a Tryton model: its columns, and how JSON rows become Arrow columns of the right types."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa

from fullcircle.connectors.base import META

# In addition to the stored fields of a model: computed fields, and fields of related models. Landed as text or null.
EXTRAS: dict[str, tuple[str, ...]] = {
    "party.party": ("tax_identifier.type", "tax_identifier.code"),
    "party.address": ("street", "country.code", "subdivision.name"),
    "product.product": ("list_price_used", "categories.name"),
    "sale.sale": ("untaxed_amount", "tax_amount", "total_amount", "currency.code"),
    "sale.line": ("amount", "sale_state"),
    "sale.opportunity": ("currency.code",),
}
# Not landed: lists (the other side points back), files, and values that depend on the user or the time of the request.
SKIPPED_TYPES = {"one2many", "many2many", "one2one", "binary"}
SKIPPED = {"distance", "last_modified_at"}
BAD_VALUE = (ValueError, TypeError, KeyError, ArithmeticError, pa.ArrowException)


@dataclass(frozen=True, slots=True)
class TrytonModel:
    """A Tryton model as the server describes it: landed column -> Tryton's type, and the fields to request."""

    name: str
    columns: dict[str, str]
    asked: tuple[str, ...]
    archives: bool  # has `active`
    stamped: bool  # has write_date and create_date
    follows: tuple[tuple[str, bool], ...] = ()  # (field, whether the related model has `active`)


def described(name: str, fields: Mapping[str, Any], follows: tuple[tuple[str, bool], ...] = ()) -> TrytonModel:
    """The model from the result of fields_get: its stored fields, then its EXTRAS."""
    columns = {
        key: about["type"]
        for key, about in sorted(fields.items())
        if about.get("sortable") and about["type"] not in SKIPPED_TYPES and key not in SKIPPED
    }
    asked = dict.fromkeys(["id", *columns])
    for extra in EXTRAS.get(name, ()):
        there = fields.get(extra.partition(".")[0])
        columns[extra] = "char" if there is None or "." in extra else there["type"]
        if there is not None:
            asked[extra] = None
    stamped = "write_date" in columns and "create_date" in columns
    return TrytonModel(name, columns, tuple(asked), "active" in fields, stamped, follows)


def tables(model: TrytonModel, rows: Sequence[tuple[str, dict[str, Any]]]) -> tuple[pa.Table, pa.Table | None]:
    """Rows (raw text, decoded) as an Arrow table with META columns, and the rows with an unreadable value (None: no such row)."""
    try:
        return _table(model, rows), None
    except BAD_VALUE:
        pass
    good, bad = [], []
    for raw, row in rows:  # rare: convert one row at a time to find the invalid ones
        try:
            _table(model, [(raw, row)])
            good.append((raw, row))
        except BAD_VALUE as error:
            reason = str(error) if isinstance(error, Unreadable) else "the row has a value that cannot be read"
            bad.append({"key": str(row.get("id")), "reason": reason, "raw": raw})
    return _table(model, good), pa.Table.from_pylist(bad, pa.schema([(name, pa.string()) for name in ("key", "reason", "raw")]))


class Unreadable(ValueError):
    """A value does not have the type of its field. The message names the field, never the value."""


def _table(model: TrytonModel, rows: Sequence[tuple[str, dict[str, Any]]]) -> pa.Table:
    plain = [row for _, row in rows]
    merged = [_merged_into(model, row) for row in plain]
    meta = [
        [str(row["id"]) for row in plain],
        ["upsert" if into is None else "merge" for into in merged],
        merged,
        [changed_at(row) for row in plain],
        [raw for raw, _ in rows],
    ]
    own = [_column(column, kind, plain) for column, kind in model.columns.items()]
    return pa.table(
        [*(pa.array(values, place.type) for values, place in zip(meta, META, strict=True)), *own],
        names=[*META.names, *model.columns],
    )


def _merged_into(model: TrytonModel, row: Mapping[str, Any]) -> str | None:
    """The key of the party that this one was merged into: Tryton archives the merged party and stores what replaced it."""
    if model.name != "party.party" or row.get("active") or not row.get("replaced_by"):
        return None
    return str(row["replaced_by"])


def changed_at(row: Mapping[str, Any]) -> datetime | None:
    """When the row changed according to Tryton: write_date is null if it was only created. None if it cannot be read."""
    value = row.get("write_date") or row.get("create_date")
    try:
        return _moment(value) if value else None
    except BAD_VALUE:
        return None  # the row is rejected later, when its columns are converted


# -- values ------------------------------------------------------------------------------------------------------------
def tagged(value: datetime) -> dict[str, Any]:
    """A time in the form that Tryton expects in a condition."""
    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    return {"__class__": "datetime", **{part: getattr(value, part) for part in parts}}


def _moment(value: dict[str, Any]) -> datetime:
    return datetime(*(value[part] for part in ("year", "month", "day", "hour", "minute", "second", "microsecond")))


def _day(value: dict[str, Any]) -> date:
    return date(value["year"], value["month"], value["day"])


def _hour(value: dict[str, Any]) -> str:
    return time(value["hour"], value["minute"], value["second"], value["microsecond"]).isoformat()


def _exact(value: Any) -> str:
    """A decimal as text with all its digits and no exponent. Computed decimals may arrive as plain numbers."""
    number = Decimal(value["decimal"] if isinstance(value, dict) else str(value))
    return format(number, "f")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


READERS: dict[str, tuple[Callable[[Any], Any], pa.DataType]] = {
    "boolean": (bool, pa.bool_()),  # may also arrive as 1 and 0
    "integer": (int, pa.int64()),
    "bigint": (int, pa.int64()),
    "many2one": (int, pa.int64()),
    "float": (float, pa.float64()),
    "numeric": (_exact, pa.string()),  # text, because a decimal column would have to round some values or fail
    "date": (_day, pa.date32()),
    "datetime": (_moment, pa.timestamp("us")),
    "timestamp": (_moment, pa.timestamp("us")),
    "timedelta": (lambda value: value["seconds"], pa.float64()),
    "time": (_hour, pa.string()),
}


def _column(name: str, kind: str, rows: Sequence[Mapping[str, Any]]) -> pa.Array:
    """One column of all rows in its Arrow type; a row has `currency.code` in the form {"currency.": {"code": ...}}."""
    read, arrow = READERS.get(kind, (_text, pa.string()))
    head, dot, tail = name.partition(".")
    values = [row.get(head + dot) for row in rows]
    if dot:
        values = [_inside(value, tail) for value in values]
    try:
        return pa.array([None if value is None else read(value) for value in values], arrow)
    except BAD_VALUE as error:
        raise Unreadable(f"the value of {name} is not a {kind}") from error


def _inside(value: Any, part: str) -> Any:
    """The field `part` of the related row; a list if there are several related rows."""
    if isinstance(value, list):
        return [one.get(part) for one in value]
    return value.get(part) if isinstance(value, dict) else None
