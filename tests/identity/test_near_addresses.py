"""Addresses that are nearly the same: a slip of one person, or two people of one provider with names that are alike."""

import duckdb
import pytest

from fullcircle.identity.model import PERSONS

EMAIL = next(one for one in PERSONS if one.name == "email")
NEAR = [level for level in EMAIL.levels if level.label in {"very similar", "the same letters, or two slips"}]


def near(one, other):
    """Whether the addresses of two people, each (given, family, address), count as nearly the same."""
    columns = []
    for side, (given, family, address) in (("l", one), ("r", other)):
        columns += [f"'{given}' AS given_{side}", f"'{family}' AS family_{side}", f"true AS latin_{side}"]
        columns += [f"'{address}' AS main_email_{side}", f"'' AS main_email_digits_{side}"]
        columns += [f"['{''.join(sorted(address))}'] AS email_letters_{side}"]
    said = " OR ".join(f"coalesce({level.when}, false)" for level in NEAR)
    return duckdb.sql(f"SELECT {said} FROM (SELECT {', '.join(columns)})").fetchall()[0][0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("jasper", "fairfax", "jasper.x@marketplace.example"), ("casper", "gessner", "casper.x@marketplace.example")),
        (("hanna", "radley", "hanna.x@marketplace.example"), ("fenna", "brandt", "fenna.x@marketplace.example")),
    ],
)
def test_two_people_of_other_names_have_two_addresses(one, other):
    assert not near(one, other)


def test_a_slip_in_the_address_of_one_person_counts():
    assert near(("jasper", "fairfax", "jasper.fairfax@mail.example"), ("jasper", "fairfax", "jasper.fairfx@mail.example"))
    assert near(("jasper", "fairfax", "jasper.fairfax@mail.example"), ("fairfax", "jasper", "jasper.fairfx@mail.example"))
