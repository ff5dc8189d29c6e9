"""Headers that say how a value was prepared: `postcode_fake` is a postcode where there is no other."""

from __future__ import annotations

import pytest

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.mapping.propose.guess import columns_of


@pytest.mark.parametrize("ending", ["fake", "clean", "raw", "std", "normalised", "anonymized"])
def test_a_word_behind_a_name_that_says_how_it_was_prepared(ending: str) -> None:
    found = FoundObject(
        "people", (), tuple(FoundField(f"{name}_{ending}") for name in ("first_name", "surname", "postcode", "email"))
    )
    assert columns_of(found, "records") == {
        "given_name": f"first_name_{ending}",
        "family_name": f"surname_{ending}",
        "postcode": f"postcode_{ending}",
        "email": f"email_{ending}",
    }


def test_the_bare_name_is_taken_and_of_two_prepared_ones_none() -> None:
    both = FoundObject(
        "people", (), tuple(FoundField(name) for name in ("full_name", "email_raw", "email", "city_raw", "city_clean"))
    )
    assert columns_of(both, "records") == {"full_name": "full_name", "email": "email"}
