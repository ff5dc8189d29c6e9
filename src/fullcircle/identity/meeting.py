"""Which blocking keys two records share, and why the others do not meet: only records with a key in common are compared."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.identity import model_store, sieve
from fullcircle.identity.block import BUDGET, BlockingRule, rules_for
from fullcircle.identity.explain import Explanation, Fields, side_by_side
from fullcircle.identity.model import MISSING, RARITY_WORDS, Level, MatchModel
from fullcircle.identity.prepare import WORK

EXACT = ("same", "same street and place", *(f"same, {word}" for word in RARITY_WORDS))


@dataclass(frozen=True, slots=True)
class KeyMeeting:
    """One blocking rule and two records: whether they share its key, and what each of them lacks for it."""

    rule: str
    met: bool
    lacks_a: tuple[str, ...]  # the values that the first record has not; empty where it only has another value
    lacks_b: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Needed:
    """A field that, if both records had the same value in it, would make their weight so much."""

    field: str
    missing_in: tuple[str, ...]  # the records that have no value there; empty: the values differ
    weight: float
    enough: bool  # that alone would link the two
    same: bool = False  # the values are the same, and count for less, because others have them or they say little

    @property
    def now(self) -> str:
        """What is there instead of a value that counts fully."""
        return "the same, but it counts for less" if self.same else "differs"


def meetings(book: Book, a: Fields, b: Fields, settings: IdentitySettings) -> tuple[KeyMeeting, ...]:
    """Every blocking rule for the two records; none if one is a person and the other an organisation."""
    one, other = sorted((a, b), key=lambda fields: str(fields["record_id"]))
    with side_by_side(book, (one, other), settings) as engine:
        kinds = engine.rows(f"SELECT kind FROM {WORK}.names ORDER BY code")
        if kinds[0] != kinds[1]:
            return ()
        model = model_store.model_or_built_in(book, kinds[0][0])
        features = engine.arrow(f"SELECT * FROM {WORK}.features ORDER BY code").to_pylist()
        found = []
        for rule in rules_for(kinds[0][0]):
            keys: tuple[set[str], set[str]] = set(), set()
            for code, key in engine.rows(_keys(rule)):
                keys[code].add(key)
            lacks = [() if keys[side] else _lacking(model, rule, features[side]) for side in (0, 1)]
            found.append(KeyMeeting(rule.name, bool(keys[0] & keys[1]), lacks[0], lacks[1]))
        return tuple(found)


def may_be_sieved(book: Book, kind: str) -> bool:
    """Whether the last run had so many records of a kind that it may have left out pairs that share a weak key alone."""
    return model_store.model_or_built_in(book, kind).records * BUDGET > sieve.MANY


def needed(book: Book, found: Explanation, kind: str) -> tuple[Needed, ...]:
    """What would raise the weight most: fields that are missing or differ, as if they agreed; best first."""
    model = model_store.model_or_built_in(book, kind)
    levels = {comparison.name: _agreement(comparison.levels) for comparison in model.comparisons}
    made = []
    for part in found.parts:
        level = levels.get(part.name)
        if level is None or part.level in EXACT:
            continue
        strangers = found.against_strangers - part.against_strangers + log2(level.m / level.u)
        kin = found.against_kin - part.against_kin + log2(level.m / level.k)
        weight = -log2(2**-strangers + 2**-kin)
        values = ((found.record_a, part.value_a), (found.record_b, part.value_b))
        lacking = tuple(record for record, value in values if not value) if part.level == MISSING else ()
        if found.weight is None or weight > found.weight:
            same = _have_one_in_common(part.value_a, part.value_b)
            made.append(Needed(part.name, lacking, weight, weight >= found.threshold, same))
    return tuple(sorted(made, key=lambda one: (-one.weight, one.field)))


def _have_one_in_common(one: str, other: str) -> bool:
    """True if the values are the same, or one of several is."""
    return bool({*one.split("; ")} & {*other.split("; ")} - {""})


def _agreement(levels: tuple[Level, ...]) -> Level | None:
    """The level of full agreement; of those by rarity the one of common names, so that nothing is promised."""
    exact = [level for level in levels if level.label in EXACT]
    return min(exact, key=lambda level: level.m / level.u, default=None)


def _keys(rule: BlockingRule) -> str:
    source = f"SELECT code{', ' + rule.spread if rule.spread else ', *'} FROM {WORK}.features"
    return f"SELECT code, CAST({rule.key} AS VARCHAR) FROM ({source}) WHERE ({rule.key}) IS NOT NULL"


def _lacking(model: MatchModel, rule: BlockingRule, features: Fields) -> tuple[str, ...]:
    columns = {comparison.name: comparison.column for comparison in model.comparisons}
    return tuple(name for name in rule.uses if features.get(columns[name]) is None)
