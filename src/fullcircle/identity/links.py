"""What joins two records, and what forbids it: source merges, judgements, strong identifiers, weights and vetoes.

`links` in the scratch has one row for each reason: code_a < code_b, weight (null: certain), rule, veto (null: it holds).
"""

from __future__ import annotations

import pyarrow as pa

from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine, literal
from fullcircle.identity.model import BIRTH_CLEAR, GIVEN_NEAR
from fullcircle.identity.prepare import WORK
from fullcircle.model.identifiers import UNIQUE

STRONG_CAP = 100  # a strong identifier on more records than this joins nothing
GENERATION = 14  # years between birth dates from which one name means parent and child
MERGE, TOGETHER, SCORE = "merge", "judgement", "score"

GIVEN_DIFFER = f"given_l IS NOT NULL AND given_r IS NOT NULL AND NOT coalesce({GIVEN_NEAR}, false)"
# Vetoes in the order they are told; each is SQL over two features and may be null.
VETOES: tuple[tuple[str, str], ...] = (
    ("generation suffixes differ", "suffix_l <> suffix_r"),
    ("given names and birth dates differ", f"({GIVEN_DIFFER}) AND {BIRTH_CLEAR}"),
    ("given names and genders differ", f"({GIVEN_DIFFER}) AND gender_l <> gender_r"),
    (
        "same name, a generation apart",
        f"family_l = family_r AND {BIRTH_CLEAR} AND abs(birth_year_l - birth_year_r) >= {GENERATION}",
    ),
)
# Families share loyalty numbers and shop accounts, but not passports: there the given name alone forbids.
SHARED_VETOES = (
    *VETOES,
    ("given names differ", f"({GIVEN_DIFFER}) AND birth_l IS DISTINCT FROM birth_r AND given_l <> coalesce(family_r, '')"),
)
_COLUMNS = ("given", "given_roots", "family", "suffix", "latin", "gender", "birth", "birth_year", "birth_vague", "birth_swapped")


def find_links(engine: Engine, settings: IdentitySettings, judgements: pa.Table, threshold: float) -> None:
    """Make `links` and `cannot_links` from records, marks, judgements (kind, record_a, record_b) and the scored pairs."""
    engine.run(f"CREATE TABLE {WORK}.links (code_a INTEGER, code_b INTEGER, weight DOUBLE, rule VARCHAR, veto VARCHAR)")
    _said_by_sources(engine)
    with engine.register("judgement_rows", judgements):
        _judged(engine)
    _strong(engine, settings)
    _scored(engine)
    _forbid(engine, threshold)


def _said_by_sources(engine: Engine) -> None:
    engine.run(f"""
        INSERT INTO {WORK}.links
        SELECT DISTINCT least(a.code, b.code), greatest(a.code, b.code), NULL, '{MERGE}', NULL
        FROM records r JOIN {WORK}.names a ON a.record_id = r.record_id JOIN {WORK}.names b ON b.record_id = r.merged_into
        WHERE a.code <> b.code AND a.kind = b.kind""")


def _judged(engine: Engine) -> None:
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


def _strong(engine: Engine, settings: IdentitySettings) -> None:
    """Same kind and value of a strong identifier, unless it stands on too many records or the two contradict."""
    kinds = ", ".join(literal(kind) for kind in settings.strong) or "NULL"
    engine.run(f"""
        CREATE TABLE {WORK}.strong AS
        WITH usable AS (SELECT * FROM {WORK}.identifier_marks WHERE kind IN ({kinds}) AND state <> 'junk'),
        small AS (SELECT record_kind, kind, value FROM usable GROUP BY ALL HAVING count(*) BETWEEN 2 AND {STRONG_CAP})
        SELECT a.code AS code_a, b.code AS code_b, min(a.kind) AS kind
        FROM usable a JOIN small USING (record_kind, kind, value) JOIN usable b USING (record_kind, kind, value)
        WHERE a.code < b.code GROUP BY a.code, b.code""")
    engine.run(f"""
        INSERT INTO {WORK}.links
        SELECT code_a, code_b, NULL, 'identifier:' || kind,
            CASE WHEN kind IN {UNIQUE} THEN {_veto_sql(VETOES)} ELSE {_veto_sql(SHARED_VETOES)} END
        FROM ({_side_by_side("strong", "kind")})""")


def _scored(engine: Engine) -> None:
    engine.run(f"""
        INSERT INTO {WORK}.links
        SELECT code_a, code_b, weight, '{SCORE}', {_veto_sql(VETOES)} FROM ({_side_by_side("scored", "weight")})""")


def _forbid(engine: Engine, threshold: float) -> None:
    """`cannot_links`: pairs that must not end in one customer, whatever else joins them. A person's word beats a veto."""
    engine.run(f"""
        CREATE TABLE {WORK}.cannot_links AS
        SELECT code_a, code_b FROM {WORK}.cannot_link_judgements
        UNION SELECT code_a, code_b FROM {WORK}.links WHERE veto IS NOT NULL
        EXCEPT SELECT code_a, code_b FROM {WORK}.links WHERE rule IN ('{MERGE}', '{TOGETHER}')
            AND (code_a, code_b) NOT IN (SELECT (code_a, code_b) FROM {WORK}.cannot_link_judgements)""")
    engine.run(f"""
        CREATE TABLE {WORK}.accepted_links AS
        SELECT l.code_a, l.code_b,
            max(CASE rule WHEN '{TOGETHER}' THEN 3e6 WHEN '{MERGE}' THEN 2e6 WHEN '{SCORE}' THEN weight ELSE 1e6 END) AS strength
        FROM {WORK}.links l
        WHERE veto IS NULL AND (weight IS NULL OR weight >= {threshold})
            AND NOT EXISTS (FROM {WORK}.cannot_links f WHERE f.code_a = l.code_a AND f.code_b = l.code_b)
        GROUP BY l.code_a, l.code_b""")


def _veto_sql(vetoes: tuple[tuple[str, str], ...]) -> str:
    cases = " ".join(f"WHEN {condition} THEN {literal(text)}" for text, condition in vetoes)
    return f"CASE {cases} END"


def _side_by_side(pairs: str, more: str) -> str:
    sides = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in _COLUMNS)
    return (
        f"SELECT p.code_a, p.code_b, p.{more}, {sides} FROM {WORK}.{pairs} p "
        f"JOIN {WORK}.features l ON l.code = p.code_a JOIN {WORK}.features r ON r.code = p.code_b"
    )
