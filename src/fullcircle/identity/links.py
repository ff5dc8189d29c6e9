"""What links two records and what prevents it: source merges, judgements, strong identifiers, match weights and vetoes.

The scratch table `links` has one row per reason: code_a < code_b, weight (null: certain), rule, veto (null: none).
"""

from __future__ import annotations

import pyarrow as pa

from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine, literal
from fullcircle.identity.judgements import together_groups
from fullcircle.identity.model import BIRTH_CLEAR, FAMILY_DIFFER, GIVEN_DIFFER, NUMBER_SLIP, both
from fullcircle.identity.prepare import WORK
from fullcircle.identity.slips import counted_quickly
from fullcircle.model.identifiers import UNIQUE

STRONG_CAP = 100  # a strong identifier in more records than this links nothing
GENERATION = 14  # years between birth dates from which the same name means parent and child
MERGE, TOGETHER, SCORE = "merge", "judgement", "score"

# One number written with a slip: two digits exchanged, or one wrong. Not in the last two signs alone, by which the numbers differ
# that a family was given on one day.
SAME_NUMBER_MISWRITTEN = (
    f"coalesce({NUMBER_SLIP} AND length(numbers_l[1]) = length(numbers_r[1]) "
    "AND (left(numbers_l[1], -2) <> left(numbers_r[1], -2) OR levenshtein(numbers_l[1], numbers_r[1]) = 2), false)"
)
# Vetoes; the first that applies is reported. Each is SQL over the features of two records and may be null.
VETOES: tuple[tuple[str, str], ...] = (
    ("generation suffixes differ", "suffix_l <> suffix_r"),
    ("given names and birth dates differ", both(BIRTH_CLEAR, GIVEN_DIFFER)),
    ("given names and genders differ", both("gender_l <> gender_r AND birth_l IS DISTINCT FROM birth_r", GIVEN_DIFFER)),
    (
        "same name, a generation apart",
        f"family_l = family_r AND {BIRTH_CLEAR} AND abs(birth_year_l - birth_year_r) >= {GENERATION} "
        f"AND NOT {SAME_NUMBER_MISWRITTEN}",
    ),
)
# The same unique number beats all but these: a date or a name is miswritten more often than a number is somebody else's.
UNIQUE_VETOES = (
    VETOES[0],
    (
        "nothing but the number agrees",
        f"({GIVEN_DIFFER}) AND ({FAMILY_DIFFER}) AND (birth_l IS NULL OR birth_r IS NULL OR {BIRTH_CLEAR}) "
        + " ".join(
            f"AND NOT coalesce(list_has_any({name}_l, {name}_r), false)"
            for name in ("emails", "phones", "street_keys", "postcodes")
        ),
    ),
)
# Families share loyalty numbers and shop accounts, but not passports. For shared ones a different given name is a veto.
SHARED_VETOES = (
    *VETOES,
    ("given names differ", f"({GIVEN_DIFFER}) AND birth_l IS DISTINCT FROM birth_r AND given_l <> coalesce(family_r, '')"),
)
BY_NUMBER = tuple(f"identifier:{kind}" for kind in UNIQUE)
_COLUMNS = (
    "given",
    "middle",
    "given_roots",
    "family",
    "suffix",
    "latin",
    "gender",
    "birth",
    "birth_year",
    "birth_vague",
    "birth_swapped",
    "emails",
    "phones",
    "street_keys",
    "postcodes",
    "numbers",
)


def find_links(engine: Engine, settings: IdentitySettings, judgements: pa.Table, threshold: float) -> None:
    """Make `links`, `cannot_links` and `accepted_links`.

    They come from the records, the uses of identifiers, the judgements (kind, record_a, record_b) and the scored pairs.
    """
    engine.run(f"CREATE TABLE {WORK}.links (code_a INTEGER, code_b INTEGER, weight DOUBLE, rule VARCHAR, veto VARCHAR)")
    _merged_by_sources(engine)
    with engine.register("judgement_rows", judgements):
        _judgements(engine)
    _judged_together(engine, judgements)
    _strong_identifiers(engine, settings)
    _scored_pairs(engine)
    _decide(engine, threshold)


def _merged_by_sources(engine: Engine) -> None:
    engine.run(f"""
        INSERT INTO {WORK}.links
        SELECT DISTINCT least(a.code, b.code), greatest(a.code, b.code), NULL, '{MERGE}', NULL
        FROM records r JOIN {WORK}.names a ON a.record_id = r.record_id JOIN {WORK}.names b ON b.record_id = r.merged_into
        WHERE a.code <> b.code AND a.kind = b.kind""")


def _judgements(engine: Engine) -> None:
    both = (
        f"FROM judgement_rows j JOIN {WORK}.names a ON a.record_id = j.record_a JOIN {WORK}.names b ON b.record_id = j.record_b"
    )
    pair = "least(a.code, b.code) AS code_a, greatest(a.code, b.code) AS code_b"
    engine.run(
        f"CREATE TABLE {WORK}.cannot_link_judgements AS SELECT DISTINCT {pair} {both} WHERE j.kind = 'apart' AND a.code <> b.code"
    )
    engine.run(f"""
        INSERT INTO {WORK}.links
        SELECT DISTINCT {pair}, NULL, '{TOGETHER}', NULL {both}
        WHERE j.kind = 'together' AND a.code <> b.code AND a.kind = b.kind""")


def _judged_together(engine: Engine, judgements: pa.Table) -> None:
    """`judged_together`: the records that judgements make one customer, also over several steps: code, group."""
    rows = zip(*(judgements[name].to_pylist() for name in ("kind", "record_a", "record_b")), strict=True)
    groups = together_groups((a, b) for kind, a, b in rows if kind == "together")
    found = pa.table({"record_id": pa.array(list(groups), pa.string()), "judged_group": pa.array(groups.values(), pa.string())})
    with engine.register("together_rows", found):
        engine.run(f"""
            CREATE TABLE {WORK}.judged_together AS
            SELECT DISTINCT n.code, n.kind || t.judged_group AS judged_group
            FROM together_rows t JOIN {WORK}.names n USING (record_id)""")


def _strong_identifiers(engine: Engine, settings: IdentitySettings) -> None:
    """Links for a strong identifier of the same kind and value, unless too many records have it; with vetoes."""
    kinds = ", ".join(literal(kind) for kind in settings.strong) or "NULL"
    engine.run(f"""
        CREATE TABLE {WORK}.strong AS
        WITH usable AS (
            SELECT u.*, f.first_copy, f.place FROM {WORK}.identifier_uses u JOIN {WORK}.features f USING (code)
            WHERE identifier_kind IN ({kinds}) AND state <> 'junk'),
        small AS (
            SELECT record_kind, identifier_kind, value FROM usable WHERE place = 1
            GROUP BY ALL HAVING count(*) BETWEEN 2 AND {STRONG_CAP}),
        pairs AS (
            SELECT a.code AS code_a, b.code AS code_b, a.identifier_kind
            FROM usable a JOIN small USING (record_kind, identifier_kind, value)
                JOIN usable b USING (record_kind, identifier_kind, value)
            WHERE a.code < b.code AND a.place <= 2 AND b.place <= 2  -- as many as are compared
            UNION ALL SELECT first_copy, code, identifier_kind FROM usable WHERE place > 1)
        SELECT code_a, code_b, min((identifier_kind NOT IN {UNIQUE}, identifier_kind))[2] AS identifier_kind
        FROM pairs GROUP BY code_a, code_b""")
    if not engine.count(f"{WORK}.strong"):
        return
    engine.run(f"""
        INSERT INTO {WORK}.links
        SELECT code_a, code_b, NULL, 'identifier:' || identifier_kind,
            CASE WHEN identifier_kind IN {UNIQUE} THEN {veto_sql(UNIQUE_VETOES)} ELSE {veto_sql(SHARED_VETOES)} END
        FROM ({_side_by_side("strong", "identifier_kind")})""")


def _scored_pairs(engine: Engine) -> None:
    engine.run(f"""
        INSERT INTO {WORK}.links
        SELECT code_a, code_b, weight, '{SCORE}', {veto_sql(VETOES)} FROM ({_side_by_side("scored", "weight")})""")


def _decide(engine: Engine, threshold: float) -> None:
    """`cannot_links`: pairs that must not become one customer, and `accepted_links`: the pairs that are linked.

    The judgement "together", a merge by the source and the same unique number override a veto; "together" also between two
    records that are each judged to be together with a third one. The judgement "apart" overrides these.
    """
    engine.run(f"""
        CREATE TABLE {WORK}.cannot_links AS
        SELECT code_a, code_b FROM {WORK}.cannot_link_judgements
        UNION SELECT code_a, code_b FROM {WORK}.links WHERE veto IS NOT NULL AND NOT EXISTS (
            FROM {WORK}.judged_together a JOIN {WORK}.judged_together b USING (judged_group)
            WHERE a.code = code_a AND b.code = code_b)
        EXCEPT SELECT code_a, code_b FROM {WORK}.links
            WHERE (rule IN ('{MERGE}', '{TOGETHER}') OR rule IN {BY_NUMBER} AND veto IS NULL)
            AND (code_a, code_b) NOT IN (SELECT (code_a, code_b) FROM {WORK}.cannot_link_judgements)""")
    engine.run(f"""
        CREATE TABLE {WORK}.accepted_links AS
        SELECT l.code_a, l.code_b,
            max(CASE rule WHEN '{TOGETHER}' THEN 3e6 WHEN '{MERGE}' THEN 2e6 WHEN '{SCORE}' THEN weight ELSE 1e6 END) AS strength
        FROM {WORK}.links l
        WHERE veto IS NULL AND (weight IS NULL OR weight >= {threshold})
            AND NOT EXISTS (FROM {WORK}.cannot_links f WHERE f.code_a = l.code_a AND f.code_b = l.code_b)
        GROUP BY l.code_a, l.code_b""")


def veto_sql(vetoes: tuple[tuple[str, str], ...]) -> str:
    """SQL over the features of two records: the text of the first veto that applies, or null."""
    cases = " ".join(f"WHEN {counted_quickly(condition)} THEN {literal(text)}" for text, condition in vetoes)
    return f"CASE {cases} END"


def _side_by_side(pairs: str, more: str) -> str:
    sides = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in _COLUMNS)
    return (
        f"SELECT p.code_a, p.code_b, p.{more}, {sides} FROM {WORK}.{pairs} p "
        f"JOIN {WORK}.features l ON l.code = p.code_a JOIN {WORK}.features r ON r.code = p.code_b"
    )
