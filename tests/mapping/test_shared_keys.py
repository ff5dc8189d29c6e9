"""One e-mail as the key of two people is told at the run; what is clearly two names, and what may be spellings of one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.mapping.conform import conform
from fullcircle.mapping.reading.same_name import are_different
from tests.properties import examples

FIELDS = {"key": FieldRule(sql="lower(mail)"), "full_name": FieldRule(field="who"), "email": FieldRule(field="mail")}
ROWS = [
    {"id": "1", "who": "Uwe Brandhoff", "mail": "fam@example.com"},
    {"id": "2", "who": "Silke Brandhoff", "mail": "Fam@example.com"},
    {"id": "3", "who": "Ines Kolmar", "mail": "ines@example.com"},
    {"id": "4", "who": "KOLMAR, Ines", "mail": "ines@example.com"},
]


def _told(engine, landing, progress, rows):
    landing.put("shop", "orders", rows)
    conform(engine, landing, [MapSettings(source="shop", object="orders", to="records", fields=FIELDS)], "DE", progress)
    return [text for text in progress.said if "clearly different names" in text]


def test_an_email_that_is_the_key_of_two_people_is_told(engine, landing, progress):
    (told,) = _told(engine, landing, progress, ROWS)
    assert told.startswith("records from shop.orders: 1 e-mail or phone is the key of rows") and "fam@" not in told


def test_spellings_of_one_name_are_not_told(engine, landing, progress):
    assert not _told(engine, landing, progress, ROWS[2:])


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        ("kern uwe", "kern silke", True),
        ("maria rossi", "mario rossi", True),
        ("kern uwe", "kern uwe", False),
        ("kern", "kern uwe", False),
        ("margaret ohara", "margret ohara", False),
        ("kern ute", "ross bea", True),
        ("alex kern", "alexander kern", False),
    ],
)
def test_two_names(one, other, different):
    assert are_different(one, other) is different


WORDS = st.lists(st.text(st.characters(categories=["Ll"]), min_size=2, max_size=8), min_size=1, max_size=4, unique=True)


@given(WORDS, WORDS)
@settings(max_examples=examples(100))
def test_it_does_not_matter_which_name_comes_first_and_no_name_differs_from_itself(one, other):
    ours, theirs = " ".join(sorted(one)), " ".join(sorted(other))
    assert are_different(ours, theirs) is are_different(theirs, ours)
    assert not are_different(ours, ours)
