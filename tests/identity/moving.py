"""A small town that changes: people who come, go, move, marry and share an e-mail, for tests of what is made again.

Values are few, so that names are shared, blocks come over their cap, and copies come and go.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import strategies as st

from fullcircle.engine.duckdb import DuckDB
from fullcircle.identity import block, pair_scope, prepare, sieve
from tests.identity.town import build, organisation, person

PEOPLE, SPACES = 22, 40  # people at first, and numbers that a person may have
ID = "record:town:people:"
# Each change has three small numbers.
CHANGES = (
    "UPDATE records SET given_name = 'Ida', full_name = 'Ida ' || coalesce(family_name, '') WHERE key = '{a}'",
    "UPDATE records SET given_name = ['Ada', 'Bo', 'Adah', 'Cy', 'B'][{b} + 1], full_name = NULL WHERE key = '{a}'",
    "UPDATE records SET family_name = ['Kern', 'Korn', 'Lund', NULL, 'Ada'][{b} + 1], full_name = NULL WHERE key = '{a}'",
    "UPDATE records SET birth_date = DATE '1980-01-02' + INTERVAL {b} MONTH WHERE key = '{a}'",
    "UPDATE records SET birth_date = NULL WHERE key = '{a}'",
    "UPDATE records SET email = 'ida.kern{b}@post.example' WHERE key = '{a}'",
    "UPDATE records SET email = 'office@post.example' WHERE CAST(key AS INTEGER) % 5 = {b}",
    "UPDATE records SET phone = '+4930{b}' WHERE key = '{a}'",
    "UPDATE records SET street = '{b} Hill Street', postcode = 'LS1 {c}AA' WHERE key = '{a}'",
    "UPDATE records SET postcode = 'LS1 1AA' WHERE CAST(key AS INTEGER) % 4 = {b}",
    "INSERT INTO identifiers (identifier_row, record_id, kind, value) "
    "SELECT 't{a}-{b}', record_id, 'tax', '123456789{b}' FROM records WHERE key = '{a}'",
    "UPDATE records SET kind = 'organisation', organisation = 'Kern {b} Trading Ltd' WHERE key = '{a}'",
    "UPDATE records SET merged_into = '" + ID + "{c}' WHERE key = '{a}'",
    "DELETE FROM identifiers WHERE record_id = '" + ID + "{a}'",
    "INSERT INTO identifiers (identifier_row, record_id, kind, value) "
    "SELECT 'n{a}-{b}', record_id, ['email', 'phone', 'handle', 'passport', 'email'][{b} + 1], 'more.of{c}@web.example' "
    "FROM records WHERE key = '{a}'",
    "DELETE FROM addresses WHERE record_id = '" + ID + "{a}'",
    "INSERT INTO addresses (address_id, record_id, street, city) "
    "SELECT 'n{a}-{b}', record_id, '{b} Oak Road', 'Leeds' FROM records WHERE key = '{a}'",
    "DELETE FROM records WHERE key = '{a}'; DELETE FROM identifiers WHERE record_id = '" + ID + "{a}'",
    # somebody new, who is a copy of somebody else
    "INSERT INTO records BY NAME SELECT * REPLACE ('{c}' AS key, '" + ID + "{c}' AS record_id) FROM records r "
    "WHERE key = '{a}' AND NOT EXISTS (FROM records WHERE key = '{c}')",
)
numbers = st.integers(0, SPACES - 1)
steps = st.lists(st.tuples(st.sampled_from(CHANGES), numbers, st.integers(0, 4), numbers), max_size=4)
histories = st.lists(steps, min_size=1, max_size=3)


def town() -> DuckDB:
    engine = DuckDB(threads=1)
    people = [
        person(str(n), ("Ida", "Ada", "Bo")[n % 3], ("Kern", "Lund")[n % 2], email=f"ida.kern{n % 4}@post.example", city="Ham",
               phone=f"+4930{n % 5}", street=f"{n % 4} Hill Street", postcode=f"LS1 {n % 3}AA",
               birth_date=date(1980, 1 + n % 3, 2))
        for n in range(PEOPLE)
    ]  # fmt: skip
    build(engine, [*people, *(organisation(str(n), f"Kern {n % 2} Trading Ltd", city="Ham") for n in range(4))])
    return engine


def change(engines: tuple[DuckDB, ...], step: list[tuple[str, int, int, int]]) -> None:
    for text, a, b, c in step:
        for engine in engines:
            engine.run(text.format(a=a, b=b, c=c))


def make_tight(patch: pytest.MonkeyPatch) -> None:
    """In so small a world: few rules, low caps, names that become common, and a state though pairs are few and many change."""
    patch.setattr(block, "RULES", tuple(replace(rule, cap=4) for rule in block.RULES[::3]))
    patch.setattr(block, "NEIGHBOURS", 2)
    patch.setattr(prepare, "RARITY_BOUNDS", (0.003, 0.007, 0.009))
    for name, value in (("MANY", 0), ("MOST", 1000)):
        patch.setattr(pair_scope, name, value)
    for name, value in (("MANY", 20), ("ENOUGH", 2), ("HARDLY", 0.3), ("KEPT", 0.9)):
        patch.setattr(sieve, name, value)
