"""Values of a database as Arrow columns, and cursors as JSON. Handles Python types only, not the library. See source.py.

A column's `kind` is its type according to the database: int, float, bool, text, uuid, date, time, timestamp, bytes, json,
money, decimal(p,s), or "" if unknown: then the values decide. If a value does not fit the kind, the whole column becomes text.
A value that Python or Parquet cannot hold is `Odd`: it is left out of the column and reported, see aside.py.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import math
import re
import uuid
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

LONG_BYTES = 64  # longer values become their length and hash
DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)")
SECOND = datetime.timedelta(seconds=1)
DAY = datetime.timedelta(days=1)
TIMES = ("date", "time", "timestamp")
DEFAULT_LAG = 300.0  # seconds; finds rows whose transaction committed some time after it wrote their time


class Odd(str):
    """The text of a value that a driver read but that no column can hold: an infinite time, a year after 9999, broken text."""

    __slots__ = ()


def column(values: Sequence[Any], kind: str) -> tuple[pa.Array, dict[int, str]]:
    """One column of a result: exact numbers keep all digits, times are in UTC without a zone.

    A value out of range is null in the column; its place and its text come beside it.
    """
    kinds = set(map(type, values)) - {type(None)}
    odd: dict[int, str] = {}
    if kinds & {Odd, float, Decimal} or (str in kinds and kind in TIMES):
        odd = {place: _reported(value) for place, value in enumerate(values) if is_odd(value, kind)}
    if odd:
        values = [None if place in odd else value for place, value in enumerate(values)]
        kinds = set(map(type, values)) - {type(None)}
    if not kinds:
        return pa.array([None] * len(values), _arrow_type(kind)), odd
    try:
        return _typed(values, kind or inferred(kinds), kinds), odd
    except (pa.ArrowException, ValueError, TypeError, OverflowError, ArithmeticError):
        return pa.array([as_text(value) for value in values], pa.string()), odd


def _reported(value: Any) -> str:
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return str(value)


def is_odd(value: Any, kind: str) -> bool:
    """True for a value that its column cannot hold: NaN, an infinite number, and what `Odd` describes."""
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, Decimal):
        return not value.is_finite()
    return isinstance(value, Odd) or (isinstance(value, str) and kind in TIMES)  # a driver's 0000-00-00


def inferred(kinds: set[type]) -> str:
    """The kind that can hold values of all these Python types."""
    if kinds == {int, float}:
        return "float"
    if kinds and kinds <= {dict, list}:
        return "json"
    if kinds and kinds <= {bytes, memoryview, bytearray}:
        return "bytes"
    simple = {bool: "bool", int: "int", float: "float", str: "text", uuid.UUID: "uuid", datetime.date: "date"}
    simple |= {datetime.datetime: "timestamp", datetime.time: "time"}
    return simple.get(next(iter(kinds)), "text") if len(kinds) == 1 else "text"


def _arrow_type(kind: str) -> pa.DataType:
    if found := DECIMAL.fullmatch(kind):
        return pa.decimal128(int(found[1]), int(found[2]))
    plain = {"int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(), "date": pa.date32(), "": pa.null()}
    return plain.get(kind) or {"timestamp": pa.timestamp("us"), "time": pa.time64("us")}.get(kind, pa.string())


def _typed(values: Sequence[Any], kind: str, kinds: set[type]) -> pa.Array:
    target = _arrow_type(kind)
    if kind.startswith("decimal"):  # a float's shortest text is its intended value; with too many digits the column becomes text
        exact = values if kinds == {Decimal} else [None if v is None else Decimal(str(v)) for v in values]
        return pa.array(exact, target)
    if kind == "timestamp":
        if any(value is not None and value.tzinfo for value in values):
            return pa.array(values, pa.timestamp("us", "UTC")).cast(target)
        return pa.array(values, target)
    if kind == "bool" and kinds == {int}:  # databases without booleans
        return pa.array([None if value is None else bool(value) for value in values])
    if kind in ("text", "uuid", "bytes", "money"):
        return pa.array(values if kinds == {str} else [as_text(value) for value in values], target)
    if kind == "json":
        return pa.array([None if value is None else _json_text(value) for value in values], target)
    return pa.array(values, target)


def _json_text(value: Any) -> str:
    if isinstance(value, str):
        try:
            json.loads(value)
        except ValueError:
            return json.dumps(value, ensure_ascii=False)
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def as_text(value: Any) -> str | None:
    """A single value as text; long bytes become their length and hash."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (bytes, memoryview, bytearray)):
        content = bytes(value)
        if len(content) <= LONG_BYTES:
            return content.hex()
        return f"<{len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}>"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, Decimal):
        return format(value, "f")  # never 1E+2
    return value.isoformat(sep=" ") if isinstance(value, datetime.datetime) else str(value)


# -- cursors -----------------------------------------------------------------------------------------------------------
TAGS: dict[str, tuple[type, Callable[[Any], str], Callable[[str], Any]]] = {
    "datetime": (datetime.datetime, datetime.datetime.isoformat, datetime.datetime.fromisoformat),
    "date": (datetime.date, datetime.date.isoformat, datetime.date.fromisoformat),
    "decimal": (Decimal, str, Decimal),
    "uuid": (uuid.UUID, str, uuid.UUID),
    "hex": (bytes, bytes.hex, bytes.fromhex),
}


def packed(value: Any) -> Any:
    """A value of a cursor or key in a form that JSON supports."""
    for tag, (kind, write, _) in TAGS.items():
        if isinstance(value, kind):
            return {tag: write(value)}
    return value if value is None or isinstance(value, (int, float, str)) else str(value)


def unpacked(value: Any) -> Any:
    """The original of a value that `packed` returned."""
    if isinstance(value, dict):
        [(tag, text)] = value.items()
        return TAGS[tag][2](text)
    return value


def start(top: Any, lag: float | None, now: datetime.datetime) -> Any:
    """Where the next pull starts (inclusive) after this one ended at `top`: a little earlier, for transactions that commit late.

    A time far in the future must be an error in the data. It is not used, because all changes before it would be missed.
    """
    if isinstance(top, bool) or top is None:
        return top
    try:
        return _earlier(top, lag, now)
    except OverflowError:  # before the first day of the calendar
        return top


def _earlier(top: Any, lag: float | None, now: datetime.datetime) -> Any:
    if isinstance(top, datetime.datetime):
        here = now if top.tzinfo else now.replace(tzinfo=None)
        return (here - DAY if top > here + DAY else top) - (DEFAULT_LAG if lag is None else lag) * SECOND
    if isinstance(top, datetime.date):
        return min(top, now.date() + DAY) - DAY - (lag or 0) * SECOND
    if isinstance(top, str):
        return _text_start(top, lag, now)
    if isinstance(top, Decimal) and lag:
        return top - Decimal(lag)
    if isinstance(top, int | float) and lag:
        return top - type(top)(lag)
    return top


def _text_start(top: str, lag: float | None, now: datetime.datetime) -> str:
    """For times stored as text (SQLite): the same format, to the second, so that texts compare like times."""
    try:
        at = datetime.datetime.fromisoformat(top)
    except ValueError:
        return top
    back = start(at, lag, now)
    return f"{back:%Y-%m-%d}{top[10]}{back:%H:%M:%S}" if len(top) > 10 else f"{back - DAY:%Y-%m-%d}"


def kind_of(value: Any) -> str:
    """A word for the type of a cursor's value, to detect that the type changed."""
    if isinstance(value, (int, float, Decimal)):
        return "number"
    if isinstance(value, (datetime.datetime, datetime.date)):
        return "time"
    return type(value).__name__
