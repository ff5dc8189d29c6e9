"""Groups by what all records say: a sparse record joins nobody, slips of one person are no veto."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcircle.identity.grouping import hope, needed
from fullcircle.identity.model import PERSON, default
from tests.identity.test_traps import customers, resolved
from tests.identity.town import person


def same_customer(engine, *keys):
    rows = engine.rows("SELECT record_id, customer_id FROM members")
    found = {id.rsplit(":", 1)[1]: customer for id, customer in rows}
    return len({found[key] for key in keys}) == 1


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-3, 9))
def test_the_more_kin_the_more_is_asked_and_never_more_than_the_threshold(one, other, threshold):
    fewer, more = (replace(default(PERSON, 10_000), kin_share=share, trained_on=10_000) for share in sorted((one, other)))
    assert needed(fewer, threshold) <= needed(more, threshold) <= threshold
    assert hope(fewer, threshold) <= hope(more, threshold) <= threshold
    assert hope(replace(fewer, trained_on=0), threshold) == threshold


@pytest.mark.parametrize("date", ["1951-09-24", "1981-03-26", "1951-03-24"])
def test_a_date_with_one_or_two_wrong_digits_does_not_part_a_person(date, tmp_path):
    home = {"street": "12 Mulberry Lane", "postcode": "62701", "city": "Springfield", "email": "nora@pellham.example"}
    rows = [
        person("a", "Nora", "Pellham", birth_date="1951-03-24", **home),
        person("b", "Nora", "Pellham", birth_date=date, **home),
    ]
    assert customers(resolved(tmp_path, rows)) == 1


def test_father_and_son_of_one_name_are_two_even_with_a_record_between_them(tmp_path):
    home = {"street": "12 Mulberry Lane", "postcode": "62701", "city": "Springfield"}
    rows = [
        person("f1", "Otto", "Pellham", birth_date="1948-02-11", email="otto@pellham.example", **home),
        person("f2", "Otto", "Pellham", birth_date="1948-02-11", email="otto@pellham.example", **home),
        person("s1", "Otto", "Pellham", birth_date="1979-10-30", email="op@post.example", **home),
        person("s2", "Otto", "Pellham", birth_date="1979-10-30", email="op@post.example", **home),
        person("x", "Otto", "Pellham", **home),
    ]
    engine = resolved(tmp_path, rows)
    assert same_customer(engine, "f1", "f2")
    assert same_customer(engine, "s1", "s2")
    assert not same_customer(engine, "f1", "s1")


def test_an_address_used_under_two_birth_dates_is_shared(tmp_path):
    """jsmith@ of two Joans: alike names and one e-mail, but two dates of birth, phones and streets."""
    rows = [
        person("a1", "Joan", "Smith", birth_date="1948-02-11", email="jsmith@post.example", phone="+12172000001",
               street="3 Mill Street", postcode="62701"),
        person("a2", "Joan", "Smith", birth_date="1948-02-11", email="jsmith@post.example", phone="+12172000001",
               street="3 Mill Street", postcode="62701"),
        person("b1", "Joan", "Smith", birth_date="1991-11-29", email="jsmith@post.example", phone="+12178000009",
               street="90 Harbour Road", postcode="61432"),
    ]  # fmt: skip
    engine = resolved(tmp_path, rows)
    assert same_customer(engine, "a1", "a2")
    assert not same_customer(engine, "a1", "b1")


def test_one_sparse_record_does_not_join_two_sisters(tmp_path):
    home = {"street": "12 Mulberry Lane", "postcode": "62701", "city": "Springfield", "phone": "+12172000001"}
    rows = [person("x", "A", "Pellham", **home)]
    for name, date in (("Amelia", "1983-05-02"), ("Agnes", "1986-09-17")):
        email = f"{name.lower()}@post.example"
        rows += [person(f"{name}{n}", name, "Pellham", birth_date=date, email=email, **home) for n in range(3)]
    engine = resolved(tmp_path, rows)
    assert same_customer(engine, "Amelia0", "Amelia1", "Amelia2")
    assert same_customer(engine, "Agnes0", "Agnes1", "Agnes2")
    assert not same_customer(engine, "Amelia0", "Agnes0")
