"""How much fewer kin than equal people the addresses of the records may show: the more they show, the more it counts."""

from __future__ import annotations

from fullcircle.identity.model import ORGANISATION, PERSON, default
from fullcircle.identity.train import MOST_AGAINST_KIN, _kin_prior


def test_where_addresses_show_no_kin_it_counts_in_full():
    assert _kin_prior(default(PERSON, 10_000), 100_000.0, 100.0) == MOST_AGAINST_KIN >= 5


def test_few_kin_are_enough_to_be_careful():
    model = default(PERSON, 10_000)
    none, few, some, many = (_kin_prior(model, 10_000.0, kin) for kin in (10.0, 1_000.0, 3_000.0, 10_000.0))
    assert none > few > some > many
    assert few < 3.5
    assert many < 0


def test_without_addresses_nobody_can_tell():
    assert _kin_prior(default(PERSON, 10_000), 0.0, 0.0) == 0.0


def test_organisations_keep_what_is_built_in():
    model = default(ORGANISATION, 10_000)
    assert _kin_prior(model, 10_000.0, 10.0) == model.kin_prior
