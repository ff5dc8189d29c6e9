"""Which pairs are worth comparing: records that share a key. Keys of too many records are skipped, and that is told."""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.engine.base import Engine
from fullcircle.identity.model import ORGANISATION, PERSON
from fullcircle.identity.prepare import WORK
from fullcircle.model.progress import Progress


@dataclass(frozen=True, slots=True)
class Rule:
    """Records of a kind with the same key become pairs. `key` is SQL over `subjects`; `spread` names lists to unnest first."""

    name: str
    kind: str
    key: str
    cap: int  # a key of more records is skipped: the value is junk, or too common to tell anything
    spread: str = ""  # SELECT items that unnest lists


STRONG, WEAK = 200, 80

RULES: tuple[Rule, ...] = (
    Rule("e-mail", PERSON, "item", STRONG, "unnest(emails) AS item"),
    Rule("phone", PERSON, "item", STRONG, "unnest(phones) AS item"),
    Rule("handle", PERSON, "item", STRONG, "unnest(handles) AS item"),
    Rule("number", PERSON, "item", STRONG, "unnest(numbers) AS item"),
    Rule("e-mail name", PERSON, "item", WEAK, "unnest(email_names) AS item"),
    Rule("names", PERSON, "least(item, family) || '|' || greatest(item, family)", WEAK, "family, unnest(given_roots) AS item"),
    Rule("family name and birth date", PERSON, "family_sound || birth", STRONG),
    Rule("given name and birth date", PERSON, "item || birth", WEAK, "birth, unnest(given_roots) AS item"),
    Rule("birth date and postcode", PERSON, "birth || item", STRONG, "birth, unnest(postcodes) AS item"),
    Rule("names by sound and birth year", PERSON, "family_sound || '|' || left(given, 1) || birth_year", WEAK),
    Rule("family name and postcode", PERSON, "f || '|' || item", WEAK, "family_sound AS f, unnest(postcodes) AS item"),
    Rule("given name and postcode", PERSON, "given || '|' || item", WEAK, "given, unnest(postcodes) AS item"),
    Rule(
        "names by sound and city",
        PERSON,
        "f || '|' || item",
        WEAK,
        "family_sound || '|' || given_sound AS f, unnest(cities) AS item",
    ),
    Rule("given name and street", PERSON, "g || '|' || item", WEAK, "left(given, 1) AS g, unnest(spots) AS item"),
    Rule("e-mail", ORGANISATION, "item", STRONG, "unnest(emails) AS item"),
    Rule("phone", ORGANISATION, "item", STRONG, "unnest(phones) AS item"),
    Rule("number", ORGANISATION, "item", STRONG, "unnest(numbers) AS item"),
    Rule("domain", ORGANISATION, "item", WEAK, "unnest(email_domains) AS item"),
    Rule("name", ORGANISATION, "organisation", STRONG),
    Rule("start of the name", ORGANISATION, "left(organisation_words, 8)", WEAK),
    Rule("start of the name and city", ORGANISATION, "o || item", WEAK, "left(organisation, 5) AS o, unnest(cities) AS item"),
    Rule("street", ORGANISATION, "item", WEAK, "unnest(spots) AS item"),
)


def block(engine: Engine, kind: str, tell: Progress) -> int:
    """Make the table `candidates` (join_key_l < join_key_r, match_key) in the workshop and return its rows."""
    rules = [rule for rule in RULES if rule.kind == kind]
    engine.run(f"CREATE OR REPLACE TABLE {WORK}.keys (rule UTINYINT, key UBIGINT, code INTEGER)")
    for number, rule in enumerate(rules):
        engine.run(_keys(rule, number))
    caps = " ".join(f"WHEN {number} THEN {rule.cap}" for number, rule in enumerate(rules))
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.blocks AS
        SELECT rule, key, count(*) AS size, count(*) <= CASE rule {caps} END AS kept
        FROM {WORK}.keys GROUP BY rule, key HAVING size > 1""")
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.candidates AS
        WITH kept AS (SELECT k.rule, k.key, k.code FROM {WORK}.keys k JOIN {WORK}.blocks b USING (rule, key) WHERE b.kept)
        SELECT a.code AS join_key_l, b.code AS join_key_r, CAST(min(a.rule) AS VARCHAR) AS match_key
        FROM kept a JOIN kept b ON a.rule = b.rule AND a.key = b.key AND a.code < b.code
        GROUP BY a.code, b.code""")
    skipped = engine.rows(f"SELECT rule, count(*), sum(size) FROM {WORK}.blocks WHERE NOT kept GROUP BY rule ORDER BY rule")
    for number, keys, records in skipped:
        tell.say(f"{kind}: {keys} values of {rules[number].name} stand on {records} records, too common to compare by.")
    engine.run(f"DROP TABLE {WORK}.keys; DROP TABLE {WORK}.blocks")
    return engine.count(f"{WORK}.candidates")


def _keys(rule: Rule, number: int) -> str:
    source = f"SELECT code, {rule.spread} FROM {WORK}.subjects WHERE kind = '{rule.kind}'" if rule.spread else (
        f"SELECT * FROM {WORK}.subjects WHERE kind = '{rule.kind}'"
    )  # fmt: skip
    return (
        f"INSERT INTO {WORK}.keys SELECT DISTINCT {number}, hash({rule.key}), code FROM ({source}) WHERE ({rule.key}) IS NOT NULL"
    )
