"""Blocking: only records that share a key are compared; where too many share it, those that share more."""

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
    cap: int  # of a key of more records only those are compared that share more
    uses: tuple[str, ...]  # the comparisons whose columns make the key
    spread: str = ""  # SELECT items that unnest lists


STRONG, WEAK = 200, 80
LOWEST_CAP = 20
BUDGET = 40  # pairs for each record
SMALL = 20_000  # ... of at least this many records
NEIGHBOURS = 5
MET = "(a INTEGER, b INTEGER, rules UINTEGER)"  # the columns of pairs that met
SIZES = "SELECT rule, least(size, 1000) AS size, count(*) AS n FROM {} GROUP BY 1, 2"  # how many blocks there are of each size
# What makes the key of a wide block narrower: SQL over `features`.
NARROWER = {
    PERSON: ("given || '|' || family", "birth", "family", "given", "emails[1]", "phones[1]", "street_keys[1]", "postcodes[1]"),
    ORGANISATION: (
        "organisation",
        "left(organisation, 6)",
        "emails[1]",
        "phones[1]",
        "street_keys[1]",
        "postcodes[1]",
        "cities[1]",
    ),
}

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
    # Keys that survive a slip.
    BlockingRule("letters of the e-mail", PERSON, "item", WEAK, _EMAIL, "unnest(email_letters) AS item"),
    BlockingRule("start of the e-mail", PERSON, "item", WEAK, _EMAIL, "unnest(email_starts) AS item"),
    BlockingRule("end of the e-mail", PERSON, "item", WEAK, _EMAIL, "unnest(email_ends) AS item"),
    BlockingRule("letters of the names", PERSON, "name_letters", WEAK, _GIVEN + _FAMILY),
    BlockingRule("start of the names", PERSON, "left(family, 4) || '|' || left(given, 3)", WEAK, _GIVEN + _FAMILY),
    BlockingRule("end of the names", PERSON, "right(family, 4) || '|' || right(given, 3)", WEAK, _GIVEN + _FAMILY),
    BlockingRule("birth date and initial", PERSON, "birth || left(given, 1)", WEAK, _BIRTH + _GIVEN),
    BlockingRule("birth date and family initial", PERSON, "birth || left(family, 1)", WEAK, _BIRTH + _FAMILY),
    BlockingRule("birth date and city", PERSON, "birth || item", WEAK, _BIRTH + _ADDRESS, "birth, unnest(cities) AS item"),
    BlockingRule("birth date and area", PERSON, "birth || item", WEAK, _BIRTH + _ADDRESS, "birth, unnest(areas) AS item"),
    BlockingRule("given name and area", PERSON, "r || item", WEAK, _GIVEN + _ADDRESS,
        "given_roots[1] AS r, unnest(areas) AS item"),
    BlockingRule("family name and area", PERSON, "f || item", WEAK, _FAMILY + _ADDRESS,
        "left(family, 4) AS f, unnest(areas) AS item"),
    BlockingRule("single name and postcode", PERSON, "coalesce(family, given) || item", WEAK, _GIVEN + _FAMILY + _ADDRESS,
        "family, given, unnest(postcodes) AS item"),
    BlockingRule("day of birth and names", PERSON, "right(birth, 5) || family_sound || left(given, 1)", WEAK,
        _BIRTH + _GIVEN + _FAMILY),
    BlockingRule("street and family name", PERSON, "f || '|' || item", WEAK, _ADDRESS + _FAMILY,
        "left(family, 3) AS f, unnest(street_keys) AS item"),
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

    Its columns: join_key_l < join_key_r (codes) and match_key (bits of the rules that matched). Of records that are alike
    in every feature two stand for all. A key of too many records is not dropped: its records are compared where a narrower key
    agrees too, and at last with their neighbours in the order of names. What else it makes is there until `drop`.
    """
    records = records_of(engine, record_kind)
    if not records:
        engine.run(f"CREATE TABLE {WORK}.candidates (join_key_l INTEGER, join_key_r INTEGER, match_key UBIGINT)")
        return 0
    rules = rules_for(record_kind)
    find_keys(engine, rules)
    count_blocks(engine, "keys")
    engine.run(f"CREATE OR REPLACE TABLE {WORK}.block_sizes AS {SIZES.format(f'{WORK}.blocks')}")
    caps = caps_for(engine.rows(f"FROM {WORK}.block_sizes"), rules, records)
    engine.run(f"CREATE OR REPLACE TABLE {WORK}.wide_keys AS SELECT rule, key FROM {WORK}.blocks WHERE NOT ({within(caps)})")
    engine.run(f"CREATE OR REPLACE TABLE {WORK}.met {MET}")
    meet(engine, "keys", caps, "met")
    meet_wide(engine, record_kind, caps)
    find_candidates(engine)
    found = engine.count(f"{WORK}.candidates")
    if found > records:
        progress.say(
            f"{record_kind}: {found} pairs compared for {records} records; no more than {BUDGET} for each are looked for."
        )
    return found


def records_of(engine: Engine, record_kind: str) -> int:
    """How many records of a kind there are."""
    return int(engine.value(f"SELECT count(*) FROM {WORK}.features WHERE kind = '{record_kind}'"))


def drop(engine: Engine) -> None:
    """Drop all that was made on the way to the candidates."""
    for table in ("keys", "narrower", "blocks", "block_sizes", "wide_keys", "wide_blocks", "kept", "met", "met_wide", "wide"):
        engine.run(f"DROP TABLE IF EXISTS {WORK}.{table}")


def find_keys(engine: Engine, rules: list[BlockingRule], features: str = "features") -> None:
    """`keys`: the keys (rule, key) of each record (code) by each rule; `features` may be a table of some of the records."""
    engine.run(f"CREATE OR REPLACE TABLE {WORK}.keys (rule UTINYINT, key UBIGINT, code INTEGER)")
    for number, rule in enumerate(rules):
        engine.run(_keys(rule, number, features))


def find_candidates(engine: Engine, only: str = "true") -> None:
    """`candidates`: the pairs that met, each with all rules by which it did; `only` is a condition on the pairs (a, b)."""
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.candidates AS
        SELECT a AS join_key_l, b AS join_key_r, CAST(bit_or(rules) AS UBIGINT) AS match_key
        FROM (FROM {WORK}.met UNION ALL FROM {WORK}.met_wide) WHERE {only} GROUP BY a, b""")


def count_blocks(engine: Engine, table: str) -> None:
    """`blocks`: the keys that several records share, with their number, the first one, and a hash of which they are."""
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.blocks AS
        SELECT rule, key, count(*) AS size, min(code) AS first, bit_xor(hash(code)) AS who FROM {WORK}.{table}
        GROUP BY rule, key HAVING size > 1""")


def caps_for(sizes: list[tuple[int, int, int]], rules: list[BlockingRule], records: int) -> list[int]:
    """The cap of each rule: its own, or a lower one if the keys would give more pairs than the budget."""
    caps = [rule.cap for rule in rules]
    while max(caps, default=0) > LOWEST_CAP:
        pairs = sum(size * (size - 1) / 2 * count for rule, size, count in sizes if size <= caps[rule])
        if pairs <= BUDGET * max(records, SMALL):
            break
        caps = [max(cap * 2 // 3, LOWEST_CAP) for cap in caps]
    return caps


def within(caps: list[int], size: str = "size") -> str:
    """SQL: whether a block (rule, size) is within its cap."""
    listed = " ".join(f"WHEN {number} THEN {cap}" for number, cap in enumerate(caps))
    return f"{size} <= CASE rule {listed} END"


def meet(engine: Engine, table: str, caps: list[int], into: str, again: str = "true") -> None:
    """Add the pairs of the blocks within their cap to a table; the records of the others make `wide`.

    The records of one person share many keys: blocks of the same records are made one, that of all their rules. `again` is a
    condition on records (code), which holds for one of each pair.
    """
    kept = within(caps)
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.kept AS
        SELECT b.block, b.rules, k.code, {again} AS again FROM {WORK}.{table} k JOIN (
            SELECT arg_min(rule, key) AS rule, min(key) AS key, bit_or({_bit("rule")}) AS rules,
                CAST(row_number() OVER () AS INTEGER) AS block
            FROM {WORK}.blocks WHERE {kept} GROUP BY size, first, who) b USING (rule, key)""")
    engine.run(f"""
        INSERT INTO {WORK}.{into}
        SELECT a.code, b.code, a.rules FROM {WORK}.kept a JOIN {WORK}.kept b ON a.block = b.block AND a.code < b.code
        WHERE a.again OR b.again""")
    engine.run(f"CREATE OR REPLACE TABLE {WORK}.wide_blocks AS SELECT rule, key FROM {WORK}.blocks WHERE NOT ({kept})")
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.wide AS
        SELECT k.rule, k.key, k.code FROM {WORK}.{table} k JOIN {WORK}.wide_blocks USING (rule, key)""")


def meet_wide(engine: Engine, record_kind: str, caps: list[int]) -> None:
    """`met_wide`: the pairs of the records of wide blocks (`wide`)."""
    engine.run(f"CREATE OR REPLACE TABLE {WORK}.met_wide {MET}")
    if engine.count(f"{WORK}.wide"):
        _narrow(engine, record_kind)
        count_blocks(engine, "narrower")
        meet(engine, "narrower", caps, "met_wide")
        _neighbours(engine)


def _narrow(engine: Engine, record_kind: str) -> None:
    """`narrower`: the records of the wide blocks again, each by its key together with one more feature."""
    more = ", ".join(NARROWER[record_kind])
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.narrower AS
        WITH further AS (
            SELECT w.rule, w.key, w.code, unnest([{more}]) AS item, generate_subscripts([{more}], 1) AS place
            FROM {WORK}.wide w JOIN {WORK}.features f USING (code))
        SELECT rule, hash(key, place, item) AS key, code FROM further WHERE item IS NOT NULL""")


def _neighbours(engine: Engine) -> None:
    """Records of blocks that are wide even so meet the next ones in the order of their names and identifiers."""
    following = ", ".join(f"lead(o.code, {step}) OVER in_order" for step in range(1, NEIGHBOURS + 1))
    engine.run(f"""
        INSERT INTO {WORK}.met_wide
        WITH ordered AS (
            SELECT code, CAST(row_number() OVER (ORDER BY family, given, organisation, birth, emails, phones, places, code)
                AS INTEGER) AS rank
            FROM {WORK}.features WHERE code IN (SELECT code FROM {WORK}.wide)),
        near AS (
            SELECT w.rule, o.code, unnest([{following}]) AS other FROM {WORK}.wide w JOIN ordered o USING (code)
            WINDOW in_order AS (PARTITION BY w.rule, w.key ORDER BY o.rank))
        SELECT least(code, other), greatest(code, other), {_bit("rule")} FROM near WHERE other IS NOT NULL""")


def _bit(rule: str) -> str:
    """SQL: the bit of a rule; there are fewer than 32."""
    return f"CAST(1 AS UINTEGER) << CAST({rule} AS UINTEGER)"


def _keys(rule: BlockingRule, number: int, features: str) -> str:
    source = f"SELECT code, {rule.spread or '*'} FROM {WORK}.{features} WHERE kind = '{rule.record_kind}' AND place <= 2"
    once = "DISTINCT " if rule.spread else ""
    return f"INSERT INTO {WORK}.keys SELECT {once}{number}, hash({rule.key}), code FROM ({source}) WHERE ({rule.key}) IS NOT NULL"
