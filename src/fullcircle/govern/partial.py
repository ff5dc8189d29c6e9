"""A part of a value, and its hash: what is shown of it at the levels `partial` and `hashed`."""

from __future__ import annotations

import hmac
import re
from datetime import date
from typing import Any

from fullcircle.govern.hidden import HIDDEN
from fullcircle.model.field_classes import CONTACT, PLAIN, SENSITIVE

STARS = "***"
HASH = "#"  # every hash begins with it
DIGITS = 16  # hexadecimal ones of a hash that are shown
PHONE = re.compile(r"\+?[\d\s()./-]{7,}", re.ASCII)
DAY = re.compile(r"(\d{4})-\d{2}-\d{2}.*", re.DOTALL | re.ASCII)


def partial(value: Any, field_class: str) -> Any:
    """A part that shows what kind of value it is. Numbers, texts and words of a few (female, yes) have none: they are hidden."""
    if field_class == PLAIN:
        return value
    if isinstance(value, date):
        return f"{value.year:04}-**-**"
    if not isinstance(value, str) or field_class not in (CONTACT, SENSITIVE):
        return HIDDEN
    text = value.strip()
    if day := DAY.fullmatch(text):
        return f"{day[1]}-**-**"
    if field_class == SENSITIVE:
        return STARS + text[-2:] if sum(map(str.isdigit, text)) > 4 else HIDDEN
    if "@" in text:
        name, _, domain = text.rpartition("@")
        return f"{name[:1]}{STARS}@{domain}"
    if PHONE.fullmatch(text):
        return _phone(text)
    return " ".join(f"{word[0]}{STARS}" if word[0].isalpha() and len(word) > 1 else STARS for word in text.split())


def _phone(text: str) -> str:
    """`+41 ** *** ** 06`: the country and the last two digits."""
    digits = "".join(filter(str.isdigit, text))
    code = digits[: 1 if digits[:1] in "17" else 2] if text.startswith("+") else ""
    return f"+{code} ** *** ** {digits[-2:]}" if code else f"** *** ** {digits[-2:]}"


def hashed(value: Any, key: bytes) -> Any:
    """The value's keyed hash: the same for the same value in a project, another one elsewhere. Numbers and yes/no are hidden."""
    if isinstance(value, date):
        value = value.isoformat()
    if not isinstance(value, str):
        return HIDDEN
    return HASH + hmac.digest(key, value.encode(), "sha256").hex()[:DIGITS]
