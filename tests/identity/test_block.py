"""Candidate pairs carry every rule whose key they share, also where many rules bring the same records together."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from hypothesis import given, settings

from fullcircle.identity import block, prepare
from fullcircle.identity.meeting import _keys
from fullcircle.identity.model import PERSON
from fullcircle.model.progress import Silent
from tests.identity.test_slim import PEOPLE, tables
from tests.properties import examples


@settings(max_examples=examples(8, soak=200), deadline=None)
@given(PEOPLE)
def test_a_pair_knows_all_rules_by_which_it_met(people):
    engine = tables(people)
    with prepare.scratch(engine):
        prepare.prepare(engine, 3)
        met: dict[tuple[int, int], int] = defaultdict(int)
        for place, rule in enumerate(block.rules_for(PERSON)):
            holders: dict[str, set[int]] = defaultdict(set)
            for code, key in engine.rows(_keys(rule)):
                holders[key].add(code)
            kept = {
                code for (code,) in engine.rows(f"SELECT code FROM {prepare.WORK}.features WHERE kind = 'person' AND place <= 2")
            }
            for pair in {pair for codes in holders.values() for pair in combinations(sorted(codes & kept), 2)}:
                met[pair] |= 1 << place
        block.block(engine, PERSON, Silent())
        found = engine.rows(f"SELECT join_key_l, join_key_r, match_key FROM {prepare.WORK}.candidates")
        assert {(a, b): bits for a, b, bits in found} == met
    engine.close()
