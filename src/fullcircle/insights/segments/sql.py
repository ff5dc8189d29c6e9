"""A condition as SQL. Values are read as what their field is before they are written into it, each as one literal."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from fullcircle.engine.base import literal
from fullcircle.errors import ConfigError
from fullcircle.insights.segments.conditions import Condition
from fullcircle.insights.segments.fields import BESIDE, SegmentField, segment_field

ORDERED = ("number", "money", "date")  # kinds that are more or less
NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")
MONEY = re.compile(r"(?P<number>\S+)(?:\s+(?P<currency>[A-Za-z]{3}))?")
AGO = re.compile(r"(\d{1,5}) days? ago")
YES, NO = ("yes", "true"), ("no", "false")
Currencies = Callable[[str], tuple[str, ...]]  # of a table


def condition_sql(one: Condition, currencies: Currencies, today: date | None = None) -> str:
    """The condition as SQL. `currencies`: those in which customers pay; a sum of several is none. `today`: for days ago."""
    field = segment_field(one.field)
    if one.operator == "is":
        known = "" if one.value == "unknown" else "NOT "
        return f"({_money(field, '') if field.kind == 'money' else field.sql}) IS {known}NULL"
    if field.kind == "list":
        return _of_list(one, field)
    if field.kind == "money":
        return _of_money(one, field, currencies(field.table))
    values = _values(one, field, today or date.today())
    if one.operator == "contains":
        if field.kind != "text":
            raise _wrong(one, f"is a {field.kind}, which contains nothing")
        return f"contains(lower({field.sql}), lower({values[0]}))"
    return _compared(one, _whole_days(field), values, field.kind)


def _compared(one: Condition, sql: str, values: list[str], kind: str) -> str:
    if one.operator in (">", ">=", "<", "<=") and kind not in ORDERED:
        raise _wrong(one, f"is a {kind}: there is no more and less of it")
    if kind == "text":
        sql, values = f"lower({sql})", [f"lower({value})" for value in values]
    if one.operator == "in":
        return f"{sql} IN ({', '.join(values)})"
    operator = "IS DISTINCT FROM" if one.operator == "!=" else one.operator
    return f"{sql} {operator} {values[0]}"


def _values(one: Condition, field: SegmentField, today: date) -> list[str]:
    reads: dict[str, Callable[[Condition, str], str]] = {
        "text": _text, "number": _number, "date": partial(_date, today=today), "yes or no": _yes,
    }  # fmt: skip
    return [reads[field.kind](one, value) for value in (one.values if one.operator == "in" else (one.value,))]


def _of_list(one: Condition, field: SegmentField) -> str:
    """Of several values of a customer, one is this."""
    values = [f"lower({literal(value)})" for value in (one.values if one.operator == "in" else (one.value,))]
    if one.operator not in ("=", "!=", "in"):
        raise _wrong(one, "is a list: write =, != or in")
    has = f"coalesce(list_has_any(list_transform({field.sql}, lambda x: lower(x)), [{', '.join(values)}]), false)"
    return f"NOT {has}" if one.operator == "!=" else has


def _of_money(one: Condition, field: SegmentField, currencies: tuple[str, ...]) -> str:
    """A sum in one currency. ConfigError where there are several, and the condition does not say which."""
    parts = [MONEY.fullmatch(value) for value in (one.values if one.operator == "in" else (one.value,))]
    if one.operator == "contains" or None in parts:
        raise _wrong(one, "is a sum of money, such as 100 or 100 EUR")
    named = {(part["currency"] or "").upper() for part in parts if part}
    if len(named) > 1:
        raise _wrong(one, "is compared with several currencies")
    currency = named.pop()
    if not currency and len(currencies) > 1:
        listed = ", ".join(name or "none" for name in currencies)
        raise ConfigError(
            f"Customers pay in several currencies ({listed}), so {one.field} needs one.",
            f'Say which: "{one.field} {one.operator} 100 {next(filter(None, currencies), "EUR")}".',
        )
    numbers = [_number(one, part["number"]) for part in parts if part]
    return _compared(one, f"({_money(field, currency)})", numbers, "money")


def _money(field: SegmentField, currency: str) -> str:
    """What of it is in a currency; without one, what is in the only one."""
    if not currency:
        return field.sql
    alone = f"CASE WHEN upper({BESIDE[field.table]}.currency) = {literal(currency)} THEN {field.sql} END"
    if field.name != "spent":
        return alone
    return f"coalesce({alone}, CAST(json_extract_string(CAST(h.amounts AS JSON), {literal(f'$.{currency}')}) AS DOUBLE))"


def _whole_days(field: SegmentField) -> str:
    return f"CAST({field.sql} AS DATE)" if field.kind == "date" else field.sql


def _text(one: Condition, value: str) -> str:  # noqa: ARG001 - of the same form as those that may refuse
    return literal(value)


def _number(one: Condition, value: str) -> str:
    if not NUMBER.fullmatch(value):
        raise _wrong(one, "is a number, such as 3 or 19.90")
    return value


def _date(one: Condition, value: str, today: date) -> str:
    if ago := AGO.fullmatch(value):
        return f"DATE {literal(today - timedelta(days=int(ago[1])))}"
    try:
        return f"DATE {literal(date.fromisoformat(value))}"
    except ValueError:
        raise _wrong(one, "is a day: YYYY-MM-DD, or `90 days ago`") from None


def _yes(one: Condition, value: str) -> str:
    if value.lower() not in YES + NO:
        raise _wrong(one, "is yes or no")
    return "true" if value.lower() in YES else "false"


def _wrong(one: Condition, what: str) -> ConfigError:
    return ConfigError(f'"{one.field}" {what}.', "Its value cannot be compared as it is written.")
