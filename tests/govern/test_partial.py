"""Parts of values and their hashes."""

import hmac
from datetime import date

import pytest

from fullcircle.govern.hidden import HIDDEN, without_hidden
from fullcircle.govern.mask import is_open
from fullcircle.govern.partial import hashed, partial

KEY = bytes(range(32))


@pytest.mark.parametrize(
    ("value", "field_class", "shown"),
    [
        ("jane@example.org", "contact", "j***@example.org"),
        ("+41443333406", "contact", "+41 ** *** ** 06"),
        ("+12025550106", "contact", "+1 ** *** ** 06"),
        ("044 333 34 06", "contact", "** *** ** 06"),
        ("Maria Keller", "contact", "M*** K***"),
        ("Amselweg 77", "contact", "A*** ***"),
        ("50779", "contact", "***"),
        (date(1984, 7, 23), "sensitive", "1984-**-**"),
        ("1984-07-23", "sensitive", "1984-**-**"),
        ("TAX88991", "sensitive", "***91"),
        ("female", "sensitive", HIDDEN),
        ("yes", "sensitive", HIDDEN),
        (12.5, "financial", HIDDEN),
        ("a note", "text", HIDDEN),
        ("anything", "unclassified", HIDDEN),
        (3, "plain", 3),
    ],
)
def test_a_part(value: object, field_class: str, shown: object) -> None:
    assert partial(value, field_class) == shown


def test_a_hash_is_hmac_and_depends_on_the_key() -> None:
    assert hashed("Ada", KEY) == "#" + hmac.new(KEY, b"Ada", "sha256").hexdigest()[:16]
    assert hashed("Ada", KEY) != hashed("Ada", KEY[::-1])
    assert hashed(12, KEY) is hashed(True, KEY) is HIDDEN


def test_what_is_hidden_is_not_in_plain_values() -> None:
    rows = {"a": HIDDEN, "b": [HIDDEN], "c": [1, HIDDEN], "d": {"e": HIDDEN}, "f": [], "g": (None,)}
    assert without_hidden(rows) == {"c": [1], "f": [], "g": (None,)}


@pytest.mark.parametrize(
    ("id", "is_shown"),
    [
        ("customer:4q2m", True), ("record:crm:contacts:17", True), ("record:crm:contacts:123456", True),
        ("record:crm:contacts:1234567", False), ("record:crm:contacts:ada", False), ("order:shop:orders:9:2", True),
        ("order:shop:orders:9:ada", False), ("household:0123456789abcdef", False), ("identifier:loyalty:shop:7", False),
        ("habits:customer:x", True), ("product:shop:products:SKU-A", True), ("record:crm", False), ("", False),
        ("worth:customer:x", True), ("record:a:b:\u0661", False),
    ],
)  # fmt: skip
def test_ids_whose_key_may_be_personal(id: str, is_shown: bool) -> None:
    assert is_open(id) is is_shown
