"""Answers as JSON: the same data as `--json` of the command line, written once, whatever characters are in it."""

from __future__ import annotations

import json
import math
from datetime import date, datetime
from typing import Any


def json_bytes(data: Any) -> bytes:
    """Plain values as one JSON document. NaN and infinity, for which JSON has no word, are null."""
    try:
        text = _text(data)
    except ValueError:
        text = _text(_finite(data))
    return text.encode("utf-8", "backslashreplace")  # half of a pair, which UTF-8 cannot have, becomes the escape JSON has for it


def _text(data: Any) -> str:
    return json.dumps(data, default=_jsonable, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _jsonable(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
