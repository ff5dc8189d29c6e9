"""A part of a value, and its hash: what is shown of it at the levels `partial` and `hashed`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from fullcircle.govern.hidden import HIDDEN
from fullcircle.model.field_classes import CONTACT, PLAIN, SENSITIVE

STARS = "***"
HASH = "#"  # every hash begins with it
BLOCK = 64  # bytes, of HMAC; a key is not longer
DIGITS = 16  # hexadecimal ones of a hash that are shown
PHONE = re.compile(r"\+?[\d\s()./-]{7,}", re.ASCII)
DAY = re.compile(r"(\d{4})-\d{2}-\d{2}.*", re.DOTALL | re.ASCII)


def partial(value: Any, field_class: str) -> Any:
    """A part that shows what kind of value it is. Numbers, texts and words of a few (female, yes) have none: they are hidden."""
    if field_class == PLAIN:
        return value
    if isinstance(value, date):
        return f"{value.year:04}-**-**"
    if not isinstance(value, str) or field_class not in PARTS:
        return HIDDEN
    return PARTS[field_class](value)


def _of_sensitive(value: str) -> str:
    text = value.strip()
    if text[:1].isdigit() and (day := DAY.fullmatch(text)):
        return f"{day[1]}-**-**"
    return STARS + text[-2:] if sum(map(str.isdigit, text)) > 4 else HIDDEN


def _of_contact(value: str) -> str:
    if value.isalpha():  # one word, as most are
        return value[0] + STARS if len(value) > 1 else STARS
    text = value.strip()
    first = text[:1]
    if first.isdigit() and (day := DAY.fullmatch(text)):
        return f"{day[1]}-**-**"
    if "@" in text:
        return f"{first if first != '@' else ''}{STARS}@{text.rpartition('@')[2]}"
    if not first.isalpha() and PHONE.fullmatch(text):
        return _phone(text)
    return " ".join([word[0] + STARS if word[0].isalpha() and len(word) > 1 else STARS for word in text.split()])


def _phone(text: str) -> str:
    """`+41 ** *** ** 06`: the country and the last two digits."""
    digits = "".join(filter(str.isdigit, text))
    code = digits[: 1 if digits[:1] in "17" else 2] if text.startswith("+") else ""
    return f"+{code} ** *** ** {digits[-2:]}" if code else f"** *** ** {digits[-2:]}"


PARTS: dict[str, Callable[[str], str]] = {CONTACT: _of_contact, SENSITIVE: _of_sensitive}  # of texts


def hashed(value: Any, key: bytes) -> Any:
    """The value's keyed hash: the same for the same value in a project, another one elsewhere. Numbers and yes/no are hidden."""
    if isinstance(value, date):
        value = value.isoformat()
    if not isinstance(value, str):
        return HIDDEN
    begun, ending = _hmac(key)
    inside, outside = begun.copy(), ending.copy()
    inside.update(value.encode(errors="surrogatepass"))
    outside.update(inside.digest())
    return HASH + outside.hexdigest()[:DIGITS]


@lru_cache(8)
def _hmac(key: bytes) -> tuple[Any, Any]:
    """HMAC-SHA256 (RFC 2104) as far as it depends on the key alone: to begin anew for every value takes three times as long."""
    inner, outer = pads(key)
    return sha256(inner), sha256(outer)


def pads(key: bytes) -> tuple[bytes, bytes]:
    """The two blocks of HMAC that come before what is hashed."""
    block = key.ljust(BLOCK, b"\0")
    return bytes(one ^ 0x36 for one in block), bytes(one ^ 0x5C for one in block)
