"""Blocking: only records that share a key are compared. Keys of too many records are skipped and reported."""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.engine.base import Engine
from fullcircle.identity.model import ORGANISATION, PERSON
from fullcircle.identity.prepare import WORK
from fullcircle.model.progress import Progress


@dataclass(frozen=True, slots=True)
class BlockingRule:
    """Records of one kind with the same key become candidate pairs.

    `key` is SQL over `features`; `spread` names the lists to unnest first.
    """

    name: str
    record_kind: str
    key: str
    cap: int  # a key of more records is skipped: the value is junk or too common to identify anybody
    uses: tuple[str, ...]  # the comparisons whose columns make the key
    spread: str = ""  # SELECT items that unnest lists


STRONG, WEAK = 200, 80

_GIVEN, _FAMILY, _BIRTH, _EMAIL, _ADDRESS = ("given",), ("family",), ("birth",), ("email",), ("address",)
RULES: tuple[BlockingRule, ...] = (
    BlockingRule("e-mail", PERSON, "item", STRONG, _EMAIL, "unnest(emails) AS item"),
    BlockingRule("phone", PERSON, "item", STRONG, ("phone",), "unnest(phones) AS item"),
    BlockingRule("handle", PERSON, "item", STRONG, ("handle",), "unnest(handles) AS item"),
    BlockingRule("number", PERSON, "item", STRONG, ("number",), "unnest(numbers) AS item"),
    BlockingRule("e-mail name", PERSON, "item", WEAK, _EMAIL, "unnest(email_names) AS item"),
    BlockingRule(
        "names", PERSON, "least(item, family) || '|' || greatest(item, family)", WEAK, _GIVEN + _FAMILY,
        "family, unnest(given_roots) AS item",
    ),
    BlockingRule("family name and birth date", PERSON, "family_sound || birth", STRONG, _FAMILY + _BIRTH),
    BlockingRule(
        "given name and birth date", PERSON, "item || birth", WEAK, _GIVEN + _BIRTH,
        "birth, unnest(given_roots) AS item",
    ),
    BlockingRule(
        "birth date and postcode", PERSON, "birth || item", STRONG, _BIRTH + _ADDRESS,
        "birth, unnest(postcodes) AS item",
    ),
    BlockingRule(
        "names by sound and birth year", PERSON, "family_sound || '|' || left(given, 1) || birth_year", WEAK,
        _GIVEN + _FAMILY + _BIRTH,
    ),
    BlockingRule(
        "family name and postcode", PERSON, "f || '|' || item", WEAK, _FAMILY + _ADDRESS,
        "family_sound AS f, unnest(postcodes) AS item",
    ),
    BlockingRule(
        "given name and postcode", PERSON, "given || '|' || item", WEAK, _GIVEN + _ADDRESS,
        "given, unnest(postcodes) AS item",
    ),
    BlockingRule(
        "names by sound and city", PERSON, "f || '|' || item", WEAK, _GIVEN + _FAMILY + _ADDRESS,
        "family_sound || '|' || given_sound AS f, unnest(cities) AS item",
    ),
    BlockingRule(
        "given name and street", PERSON, "g || '|' || item", WEAK, _GIVEN + _ADDRESS,
        "left(given, 1) AS g, unnest(street_keys) AS item",
    ),
    BlockingRule(
        "street and birth year", PERSON, "birth_year || '|' || item", WEAK, _ADDRESS + _BIRTH,
        "birth_year, unnest(street_keys) AS item",
    ),
    BlockingRule("e-mail", ORGANISATION, "item", STRONG, _EMAIL, "unnest(emails) AS item"),
    BlockingRule("phone", ORGANISATION, "item", STRONG, ("phone",), "unnest(phones) AS item"),
    BlockingRule("number", ORGANISATION, "item", STRONG, ("number",), "unnest(numbers) AS item"),
    BlockingRule("domain", ORGANISATION, "item", WEAK, _EMAIL, "unnest(email_domains) AS item"),
    BlockingRule("name", ORGANISATION, "organisation", STRONG, ("organisation",)),
    BlockingRule("start of the name", ORGANISATION, "left(organisation_words, 8)", WEAK, ("organisation",)),
    BlockingRule(
        "start of the name and city", ORGANISATION, "o || item", WEAK, ("organisation", *_ADDRESS),
        "left(organisation, 5) AS o, unnest(cities) AS item",
    ),
    BlockingRule("street", ORGANISATION, "item", WEAK, _ADDRESS, "unnest(street_keys) AS item"),
)  # fmt: skip


def rules_for(record_kind: str) -> list[BlockingRule]:
    """The rules for a kind of records; the position of a rule is its bit in `match_key`."""
    return [rule for rule in RULES if rule.record_kind == record_kind]


def block(engine: Engine, record_kind: str, progress: Progress) -> int:
    """Make the scratch table `candidates` and return its number of rows.

    The column names are those Splink expects: join_key_l < join_key_r (codes) and match_key (bits of the rules that matched).
    """
    rules = rules_for(record_kind)
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
        SELECT a.code AS join_key_l, b.code AS join_key_r, bit_or(CAST(1 AS UINTEGER) << CAST(a.rule AS UINTEGER)) AS match_key
        FROM kept a JOIN kept b ON a.rule = b.rule AND a.key = b.key AND a.code < b.code
        GROUP BY a.code, b.code""")
    skipped = engine.rows(f"SELECT rule, count(*), sum(size) FROM {WORK}.blocks WHERE NOT kept GROUP BY rule ORDER BY rule")
    for number, keys, records in skipped:
        progress.say(f"{record_kind}: {keys} values of {rules[number].name} occur in {records} records; skipped as too common.")
    engine.run(f"DROP TABLE {WORK}.keys; DROP TABLE {WORK}.blocks")
    return engine.count(f"{WORK}.candidates")


def _keys(rule: BlockingRule, number: int) -> str:
    source = f"SELECT code, {rule.spread} FROM {WORK}.features WHERE kind = '{rule.record_kind}'" if rule.spread else (
        f"SELECT * FROM {WORK}.features WHERE kind = '{rule.record_kind}'"
    )  # fmt: skip
    return (
        f"INSERT INTO {WORK}.keys SELECT DISTINCT {number}, hash({rule.key}), code FROM ({source}) WHERE ({rule.key}) IS NOT NULL"
    )
