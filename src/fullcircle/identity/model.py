"""The match model (Fellegi-Sunter): what is compared, in which levels, and how likely each level is under three explanations.

Two records look alike because they are the same customer (`m`), by chance (`u`: strangers), or because they are kin (`k`: other
people of the same household; for organisations, related ones at one address). Kin share the family name, the address, often the
phone and sometimes the e-mail. A model without kin therefore mistakes families for one person. The match weight of a pair is
log2 of the odds of "same" against "strangers or kin"; docs/decisions/0005-match-threshold.md explains the threshold.

The numbers were set by hand and rounded, from value counts of common name and address data and from published record linkage
practice. `train.py` replaces `m` and `u` by learned values if there are enough records. For what belongs to one person (given
name, birth date) `k` is close to `u`; for what a household shares it is close to `m`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from math import log2

from fullcircle.identity.whole_names import FIRST_SURNAME, LONG_NAME

PERSON, ORGANISATION = "person", "organisation"
MISSING = "missing"
# How common a name is: the share of records that have it. Its class is the number of bounds that share reaches.
RARITY_BOUNDS = (1e-4, 1e-3, 1e-2)
RARITY_WORDS = ("rare", "uncommon", "usual", "common")
# Names are counted as if there were this many more records with other names: a small file says little about rarity.
UNSEEN_RECORDS = 900
# Given and family names are dependent (both reflect a family's origin), so strangers agree on both more often than the two rates
# suggest: by how much, as log2, if there are too few records to count it. See docs/decisions/0006-names-that-go-together.md.
NAME_DEPENDENCE = 0.5
# The prior: matches per record, in a file of at least this many records (fewer are taken as a sample of a larger file).
PAIRS_PER_RECORD = 1.5
SMALLEST_CROWD = 10_000
KIN_SHARE = 0.25  # of the pairs of one home, those that are kin, if nothing is known of it
MOST_KIN = 0.5  # ... from which records count as those of families
BRANCHES = 2.0  # log2: how much more often two records are one organisation than two related ones


@dataclass(frozen=True, slots=True)
class Level:
    """One outcome of a comparison: `when` is SQL over columns that end in _l and _r; m, u and k are explained above."""

    label: str
    when: str
    m: float
    u: float
    k: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison: its levels, best first and `ELSE` last; `missing` is SQL that is true if it cannot be made."""

    name: str
    missing: str
    levels: tuple[Level, ...]
    shows: str = ""  # the column shown in explanations; default: the name

    @property
    def column(self) -> str:
        """The column whose values an explanation shows."""
        return self.shows or self.name


@dataclass(frozen=True, slots=True)
class MatchModel:
    """A model for one kind of records. It is stored as JSON, so the names of its fields are stored names."""

    kind: str
    comparisons: tuple[Comparison, ...]
    prior: float  # log2 odds that two random records are the same customer
    kin_prior: float = 0.0  # log2 odds of same against kin, before anything is compared
    rarity: dict[str, dict[str, int]] = field(default_factory=dict)  # column -> name -> class, if it is not `unseen`
    unseen: int = 0  # the class of a name that is not listed
    records: int = 0  # the number of records it was made for
    basis: str = ""  # fingerprint of the built-in comparisons it was made from
    trained_on: int = 0  # the number of records it was learned from; 0: the built-in values
    # log2 subtracted from the weight against strangers if both names agree, by class of the given and of the family name
    name_dependence: tuple[tuple[float, ...], ...] = ()
    kin_share: float = KIN_SHARE  # of the pairs of one street or postcode that were compared, how many are likely kin

    def as_json(self) -> str:
        """The text stored in the book."""
        return json.dumps(asdict(self), sort_keys=True)


def prior_for(records: int) -> float:
    """Log2 odds that two random records out of this number are the same customer."""
    return log2(PAIRS_PER_RECORD / max(records, SMALLEST_CROWD))


def default(record_kind: str, records: int) -> MatchModel:
    """The built-in model for a kind of records."""
    comparisons = PERSONS if record_kind == PERSON else ORGANISATIONS
    basis = sha256(repr((comparisons, NAME_DEPENDENCE)).encode()).hexdigest()[:16]
    normalised = tuple(_normalised(comparison) for comparison in comparisons)
    name_dependence = ((NAME_DEPENDENCE,) * len(RARITY_WORDS),) * len(RARITY_WORDS) if record_kind == PERSON else ()
    kin_prior = 0.0 if record_kind == PERSON else BRANCHES
    return MatchModel(
        record_kind, normalised, prior_for(records), kin_prior, records=records, basis=basis, name_dependence=name_dependence
    )


def exact_levels(model: MatchModel, name: str) -> list[int]:
    """The positions of the levels of exact agreement in the comparison of a name, by rarity class."""
    labels = [level.label for comparison in model.comparisons if comparison.name == name for level in comparison.levels]
    return [labels.index(f"same, {word}") for word in RARITY_WORDS]


def name_dependence_at(model: MatchModel, given: int | None, family: int | None) -> float:
    """The correction to subtract from the weight against strangers if the two names are at these levels."""
    if not model.name_dependence:
        return 0.0
    given_levels, family_levels = exact_levels(model, "given"), exact_levels(model, "family")
    if given not in given_levels or family not in family_levels:
        return 0.0
    return model.name_dependence[given_levels.index(given)][family_levels.index(family)]


# How often two of a household share what one person's two records would share. Of e-mails and phones the built-in values say it,
# level by level. Organisations and their relatives (branches, firms at one address) keep the built-in values.
SHARED_BY_KIN = {"given": 0.015, "middle": 0.03, "family": 0.9, "birth": 0.012, "address": 0.9}
RATIO_BY_KIN = ("email", "phone")
# ... but in these ways kin are alike more often: twins have one birth date, brother and sister are named Daniel and Danielle.
KIN_ALIKE = {
    ("birth", "same, but another given name"): 0.012,
    ("birth", "nearly the same, but another given name"): 0.005,
    ("birth", "same year"): 0.03,
    ("given", "form of the other sex"): 0.015,
}


def with_kin(comparison: Comparison, built_in: Comparison) -> Comparison:
    """The comparison of persons with `k` that fits its `m` and `u`.

    Two of a household show the same address, as often missing, miswritten or old, as two records of one person do, so that
    an address says nothing against kin. If k stood still while m is learned, "same postcode" would become such evidence, and
    families one person.
    """
    share = SHARED_BY_KIN.get(comparison.name)
    if share is not None:
        ks = [
            max(share * level.m + (1 - share) * level.u, KIN_ALIKE.get((comparison.name, level.label), 0.0))
            for level in comparison.levels
        ]
    elif comparison.name in RATIO_BY_KIN:
        ks = [level.m * first.k / first.m for level, first in zip(comparison.levels[:-1], built_in.levels[:-1], strict=True)]
        ks.append(max(1 - sum(ks), comparison.levels[-1].m))
    else:
        return comparison
    return replace(comparison, levels=tuple(replace(level, k=k) for level, k in zip(comparison.levels, ks, strict=True)))


def _normalised(comparison: Comparison) -> Comparison:
    """The comparison with m, u and k each scaled to a sum of one, as the values below are rounded."""
    m, u, k = (sum(getattr(level, side) for level in comparison.levels) for side in ("m", "u", "k"))
    levels = tuple(replace(level, m=level.m / m, u=level.u / u, k=level.k / k) for level in comparison.levels)
    return replace(comparison, levels=levels)


def with_rarity(model: MatchModel, rarity: dict[str, dict[str, int]], unseen: int) -> MatchModel:
    """The model with the name classes of the current records."""
    return replace(model, rarity=rarity, unseen=unseen)


def _absent(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


def _any(column: str) -> str:
    return f"list_has_any({column}_l, {column}_r)"


def _by_rarity(column: str, m: float, shares: tuple[float, ...], us: tuple[float, ...], k: float) -> tuple[Level, ...]:
    """Exact agreement, one level per rarity class: m and k are distributed by the share of records in the class."""
    return tuple(
        Level(f"same, {word}", f"{column}_l = {column}_r AND {column}_class_l = {number}", m * share, u, k * share)
        for number, (word, share, u) in enumerate(zip(RARITY_WORDS, shares, us, strict=True))
    )


def both(cheap: str, dear: str) -> str:
    """SQL: both conditions, the second one computed only where the first one holds; AND would compute both everywhere."""
    return f"CASE WHEN {cheap} THEN ({dear}) ELSE false END"


GIVEN_LIKENESS = "jaro_winkler_similarity(given_l, given_r)"
FAMILY_LIKENESS = "jaro_winkler_similarity(family_l, family_r)"
EMAIL_LIKENESS = (  # of such as may be alike at all
    "CASE WHEN abs(length(main_email_l) - length(main_email_r)) <= 2 AND main_email_digits_l = main_email_digits_r "
    "THEN jaro_winkler_similarity(main_email_l, main_email_r) ELSE 0 END"
)
_SWAPPED = "given_l = family_r AND family_l = given_r AND given_l <> family_l"
# ... with a slip in one of the two names, or in what is there of them.
_CROSSED = both(
    "given_l IS DISTINCT FROM given_r",
    " OR ".join(
        (
            both(
                "length(given_l) >= 3 AND given_l = family_r",
                "coalesce(given_l <> family_l AND given_r <> family_r, true) "
                "AND coalesce(jaro_winkler_similarity(family_l, given_r) >= 0.7, true)",
            ),
            both(
                "length(given_r) >= 3 AND given_r = family_l",
                "coalesce(given_l <> family_l AND given_r <> family_r, true) "
                "AND coalesce(jaro_winkler_similarity(given_l, family_r) >= 0.7, true)",
            ),
            both(
                "jaro_winkler_similarity(given_l, family_r) >= 0.88",
                f"jaro_winkler_similarity(family_l, given_r) >= 0.88 AND {GIVEN_LIKENESS} < 0.88",
            ),
        )
    ),
)


_ENDINGS = "' a e la le ia ina ine na ette etta ella elle '"  # a text: of a list the engine would make a join of all pairs


def other_sex(one: str, other: str) -> str:
    """SQL: whether one given name is the other with a woman's or a man's ending: Daniel and Danielle, Maria and Mario."""
    longer = " OR ".join(
        f"(length({a}) >= 3 AND starts_with({b}, {a}) AND contains({_ENDINGS}, ' ' || substr({b}, length({a}) + 1) || ' '))"
        for a, b in ((one, other), (other, one))
    )
    last = f"contains('ao', right({one}, 1)) AND contains('ao', right({other}, 1)) AND {one} <> {other}"
    return f"({longer} OR (length({one}) >= 3 AND left({one}, -1) = left({other}, -1) AND {last}))"


# Jo Anne and Joanne: one name, of which the second part counts as a middle name.
_SPACED = both(
    "left(given_l, 2) = left(given_r, 2) AND given_l <> given_r",
    "coalesce(given_l || replace(middle_l, ' ', '') = given_r OR given_r || replace(middle_r, ' ', '') = given_l, false)",
)
# Daniel and Danielle: a slip for neither.
_OTHER_SEX = both("left(given_l, 3) = left(given_r, 3)", f"{other_sex('given_l', 'given_r')} AND NOT ({_SPACED})")


def _swapped_by_rarity(m: float, shares: tuple[float, ...], us: tuple[float, ...]) -> tuple[Level, ...]:
    """Given and family name exchanged, by how common the two are together: Jones Joseph is not rare, Quillfeather Zed is."""
    both = "(given_class_l + family_class_l) // 2"
    return tuple(
        Level(f"swapped with the family name, {word}", f"({_SWAPPED}) AND {both} = {number}", m * share, u, u)
        for number, (word, share, u) in enumerate(zip(RARITY_WORDS, shares, us, strict=True))
    )


ELSE = "ELSE"
_TWO_STREETS = "street_keys_l IS NOT NULL AND street_keys_r IS NOT NULL"
_INITIAL = both("length(given_l) = 1 OR length(given_r) = 1", "left(given_l, 1) = left(given_r, 1)")
_TYPO = both(
    "length(given_l) >= 4 AND length(given_r) >= 4 AND abs(length(given_l) - length(given_r)) <= 1",
    both(f"{GIVEN_LIKENESS} >= 0.6", "damerau_levenshtein(given_l, given_r) <= 1"),  # the second one is ten times as dear
)
_TWO_LETTERS = both(
    "length(given_l) >= 5 AND length(given_r) >= 5 AND abs(length(given_l) - length(given_r)) <= 2",
    both(f"{GIVEN_LIKENESS} >= 0.6", "damerau_levenshtein(given_l, given_r) <= 2"),
)
# One wrong digit, or day and month swapped.
BIRTH_TYPO = "hamming(birth_l, birth_r) = 1 OR (birth_swapped_l = birth_r)"
BIRTH_CLEAR = (  # clearly different dates: more than two wrong digits, not the same day in another year
    f"hamming(birth_l, birth_r) > 2 AND NOT ({BIRTH_TYPO}) AND right(birth_l, 5) <> right(birth_r, 5) "
    "AND NOT (birth_year_l = birth_year_r AND (birth_vague_l OR birth_vague_r))"
)
GIVEN_NEAR = (
    f"CASE WHEN latin_l <> latin_r OR given_l = given_r OR {GIVEN_LIKENESS} >= 0.8 THEN true "
    f"WHEN list_has_any(given_roots_l, given_roots_r) THEN true WHEN {_INITIAL} THEN true "
    f"WHEN {_SWAPPED} THEN true WHEN {_TWO_LETTERS} THEN true WHEN {_SPACED} THEN true ELSE coalesce({_CROSSED}, false) END"
)
GIVEN_DIFFER = both(
    "given_l <> given_r",
    f"NOT coalesce({GIVEN_NEAR}, false) OR ({_OTHER_SEX}) AND NOT coalesce(list_has_any(given_roots_l, given_roots_r), false)",
)

FAMILY_DIFFER = (
    f"{FAMILY_LIKENESS} < 0.8 AND jaro_winkler_similarity(family_l, given_r) < 0.8 "
    "AND jaro_winkler_similarity(given_l, family_r) < 0.8"
)
# With another family name, an address that is nearly the same is another one: jasper@ and casper@ of one provider.
_SAME_FAMILY = f"AND NOT coalesce(latin_l = latin_r AND {FAMILY_DIFFER}, false)"

NUMBER_SLIP = (
    "len(numbers_l) = 1 AND len(numbers_r) = 1 AND length(numbers_l[1]) >= 10 "
    "AND abs(length(numbers_l[1]) - length(numbers_r[1])) <= 1 AND damerau_levenshtein(numbers_l[1], numbers_r[1]) = 1"
)

# What occurs in several conditions is computed once for a pair: name -> SQL, in layers; the later ones come first.
SHARED_PARTS: tuple[dict[str, str], ...] = (
    {"names_swapped_": _SWAPPED, "names_crossed_": _CROSSED},
    {
        "given_likeness_": GIVEN_LIKENESS,
        "family_likeness_": FAMILY_LIKENESS,
        "email_likeness_": EMAIL_LIKENESS,
        "given_same_": "given_l = given_r",
        "family_same_": "family_l = family_r",
        "birth_same_": "birth_l = birth_r",
        "birth_near_": BIRTH_TYPO,
    },
)

PERSONS: tuple[Comparison, ...] = (
    Comparison(
        "given",
        f"{_absent('given')} OR latin_l <> latin_r",
        (
            Level("initial fits", _INITIAL, 0.05, 0.004, 0.005),
            *_by_rarity("given", 0.72, (0.10, 0.15, 0.40, 0.35), (3e-6, 6e-5, 1.6e-3, 6e-3), 0.015),
            Level("same name, short or long form", _any("given_roots"), 0.06, 0.003, 0.003),
            *_swapped_by_rarity(0.01, (0.25, 0.25, 0.25, 0.25), (1e-7, 1e-6, 4e-6, 2e-5)),
            Level("swapped with the family name, with a slip", _CROSSED, 0.01, 2e-4, 2e-4),
            Level("form of the other sex", _OTHER_SEX, 0.01, 0.0008, 0.015),
            Level("one letter differs, or a space", f"({_SPACED}) OR ({_TYPO})", 0.07, 0.0015, 0.005),
            Level("similar", f"{GIVEN_LIKENESS} >= 0.88", 0.025, 0.008, 0.02),
            Level("two letters differ", _TWO_LETTERS, 0.01, 0.005, 0.006),
            Level("different", ELSE, 0.025, 0.97, 0.95),
        ),
    ),
    Comparison(
        "family",
        f"{_absent('family')} OR latin_l <> latin_r OR coalesce({_SWAPPED} OR {_CROSSED}, false)",  # counts for the given name
        (
            *_by_rarity("family", 0.84, (0.15, 0.30, 0.45, 0.10), (4.5e-6, 1.2e-4, 1.35e-3, 1.2e-3), 0.82),
            Level("very similar", f"{FAMILY_LIKENESS} >= 0.92", 0.06, 0.0015, 0.05),
            Level("one part is the same", f"{_any('family_parts')} OR {FIRST_SURNAME}", 0.015, 0.0005, 0.02),
            Level("similar", f"{FAMILY_LIKENESS} >= 0.85", 0.02, 0.004, 0.02),
            Level("different", ELSE, 0.06, 0.993, 0.10),
        ),
    ),
    Comparison(
        "middle",
        _absent("middle"),
        (
            Level("same or initial fits", "starts_with(middle_l, middle_r) OR starts_with(middle_r, middle_l)", 0.92, 0.1, 0.06),
            Level("different", ELSE, 0.08, 0.9, 0.94),
        ),
    ),
    Comparison(
        "birth",
        _absent("birth"),
        (
            Level("same year, first of January", "birth_l = birth_r AND birth_vague_l", 0.01, 4e-4, 6e-4),
            Level("same, but another given name", both("birth_l = birth_r", GIVEN_DIFFER), 0.02, 4e-5, 0.012),
            Level("same", "birth_l = birth_r", 0.82, 4e-5, 0.010),
            Level("nearly the same, but another given name", both(BIRTH_TYPO, GIVEN_DIFFER), 0.003, 0.0012, 0.005),
            Level("one digit differs, or day and month swapped", BIRTH_TYPO, 0.09, 0.0012, 0.004),
            Level("same day, other year", "right(birth_l, 5) = right(birth_r, 5)", 0.01, 0.0027, 0.004),
            Level(
                "same year, one date is vague",
                "birth_year_l = birth_year_r AND (birth_vague_l OR birth_vague_r)",
                0.01, 0.001, 0.002,
            ),
            Level("same year", "birth_year_l = birth_year_r", 0.02, 0.015, 0.03),
            Level("different", ELSE, 0.04, 0.98, 0.955),
        ),
    ),
    Comparison(
        "gender",
        _absent("gender"),
        (Level("same", "gender_l = gender_r", 0.985, 0.5, 0.45), Level("different", ELSE, 0.015, 0.5, 0.55)),
    ),
    Comparison(
        "email",
        _absent("emails"),
        (
            Level("same", _any("emails_own"), 0.60, 2e-6, 0.04),
            Level("same, used under several names", _any("emails_shared"), 0.10, 1e-6, 0.12),
            Level("same name before the @", _any("email_words"), 0.04, 1e-4, 0.008),
            # Adds little to the names themselves: many a J. Smith has the address j.smith at some provider.
            Level("same name before the @, made of the name", _any("email_names"), 0.02, 0.01, 0.02),
            Level(
                "very similar",
                both("abs(length(main_email_l) - length(main_email_r)) <= 1", f"{EMAIL_LIKENESS} >= 0.96 {_SAME_FAMILY}"),
                0.03, 2e-5, 0.006,
            ),
            Level(
                "the same letters, or two slips",
                both(
                    f"length(main_email_l) >= 10 AND (list_has_any(email_letters_l, email_letters_r) OR {EMAIL_LIKENESS} >= 0.8)",
                    "(list_has_any(email_letters_l, email_letters_r) "
                    "OR damerau_levenshtein(main_email_l, main_email_r) <= 2) " + _SAME_FAMILY,
                ),
                0.03, 1e-5, 0.006,
            ),
            Level("different", ELSE, 0.25, 0.9998, 0.80),
        ),
        "emails",
    ),
    Comparison(
        "phone",
        _absent("phones"),
        (
            Level("same", _any("phones_own"), 0.55, 3e-6, 0.10),
            Level("same, used under several names", _any("phones_shared"), 0.12, 2e-6, 0.38),
            Level("different", ELSE, 0.33, 0.99999, 0.52),
        ),
        "phones",
    ),
    Comparison(
        "address",
        _absent("places"),
        (
            Level("same street and place", _any("addresses"), 0.50, 2e-5, 0.80),
            Level("similar street", _any("street_keys"), 0.12, 4e-5, 0.10),
            Level("same postcode, another street", both(_TWO_STREETS, _any("postcodes")),
                  0.02, 0.0006, 0.02),
            Level("same postcode", _any("postcodes"), 0.06, 0.0002, 0.02),
            Level("same city, near postcode", both(_any("cities"), _any("areas")), 0.02, 5e-4, 0.02),
            Level("same city", _any("cities"), 0.10, 0.03, 0.03),
            Level("near postcode", _any("areas"), 0.01, 0.002, 0.01),
            Level("different", ELSE, 0.19, 0.97, 0.05),
        ),
        "places",
    ),
    Comparison(
        "handle",
        _absent("handles"),
        (Level("same", _any("handles"), 0.7, 2e-6, 0.01), Level("different", ELSE, 0.3, 0.999998, 0.99)),
        "handles",
    ),
    Comparison(
        "number",
        f"({_absent('numbers')}) OR NOT list_has_any(number_kinds_l, number_kinds_r)",
        (
            Level("same", _any("numbers"), 0.80, 1e-6, 0.005),
            Level("one digit differs", NUMBER_SLIP, 0.08, 8e-6, 0.008),
            Level("different number of the same kind", ELSE, 0.12, 0.99999, 0.987),
        ),
        "numbers",
    ),
)  # fmt: skip

_MOST_WORDS = (
    "len(list_intersect(organisation_parts_l, organisation_parts_r)) > 1 "
    "AND len(list_intersect(organisation_parts_l, organisation_parts_r)) * 2 "
    "> least(len(organisation_parts_l), len(organisation_parts_r))"
)

ORGANISATIONS: tuple[Comparison, ...] = (
    Comparison(
        "organisation",
        _absent("organisation"),
        (
            Level("same, of several words and a legal form", LONG_NAME, 0.27, 3.5e-6, 0.10),
            Level("same", "organisation_l = organisation_r", 0.35, 1.15e-5, 0.186),
            Level("same words", "organisation_words_l = organisation_words_r", 0.03, 2e-6, 0.015),
            Level("very similar", "jaro_winkler_similarity(organisation_l, organisation_r) >= 0.92", 0.11, 2e-4, 0.03),
            Level(
                "one name holds the other",
                "length(organisation_l) >= 5 AND length(organisation_r) >= 5 AND (starts_with(organisation_l, organisation_r) "
                "OR starts_with(organisation_r, organisation_l))",
                0.09, 3e-4, 0.05,
            ),
            Level("initials of the other", "initials_l = organisation_r OR organisation_l = initials_r", 0.01, 5e-5, 0.005),
            Level("more than half of the words are the same", _MOST_WORDS, 0.06, 2e-3, 0.04),
            Level("different", ELSE, 0.08, 0.9975, 0.574),
        ),
    ),
    Comparison(
        "email",
        _absent("emails"),
        (
            Level("same", _any("emails"), 0.45, 5e-6, 0.10),
            Level("same domain", _any("email_domains"), 0.35, 5e-4, 0.3),
            Level("different", ELSE, 0.20, 0.9995, 0.62),
        ),
        "emails",
    ),
    Comparison(
        "phone",
        _absent("phones"),
        (Level("same", _any("phones"), 0.6, 5e-6, 0.10), Level("different", ELSE, 0.4, 0.999995, 0.90)),
        "phones",
    ),
    Comparison(
        "address",
        _absent("places"),
        (
            Level("same street and place", _any("addresses"), 0.45, 2e-5, 0.10),
            Level("similar street", _any("street_keys"), 0.18, 4e-5, 0.04),
            Level("same postcode, another street", f"{_any('postcodes')} AND {_TWO_STREETS}", 0.03, 0.0006, 0.10),
            Level("same postcode", _any("postcodes"), 0.07, 0.0003, 0.05),
            Level("same city, another street", f"{_any('cities')} AND {_TWO_STREETS}", 0.04, 0.02, 0.20),
            Level("same city", _any("cities"), 0.11, 0.01, 0.10),
            Level("different", ELSE, 0.12, 0.97, 0.41),
        ),
        "places",
    ),
    Comparison(
        "number",
        f"({_absent('numbers')}) OR NOT list_has_any(number_kinds_l, number_kinds_r)",
        (
            Level("same", _any("numbers"), 0.9, 1e-6, 0.005),
            Level("different number of the same kind", ELSE, 0.1, 0.999999, 0.995),
        ),
        "numbers",
    ),
)  # fmt: skip
