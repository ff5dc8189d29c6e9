"""Which records are paired again: those that changed since they were last compared, and whom a change of theirs brings together.

What the pairs of a kind of records were found by is kept in the schema `pairs_made`: a print of each record (its features, and
how common its names are), its keys, the pairs that met in wide blocks, and all weights. A record with another print changed; so
did what its keys bring together. A block that came over its cap, or fell under it, brings all its records, and a pair that the
order of a wide block brings or takes brings one of its two. No other pair can differ. The statements of block.py and score.py
then run over these records, and all other weights stay. Without a state, with one of other weights, of another version or with
other caps, or if much changed, everything is compared again.
"""

from __future__ import annotations

from hashlib import sha256

from fullcircle.engine.base import Engine, literal, quick_hash
from fullcircle.identity import block, score
from fullcircle.identity.model import MatchModel
from fullcircle.identity.prepare import WORK
from fullcircle.identity.sieve import Sieve, basis_of

MADE = "pairs_made"
MANY = 20_000  # pairs, from which a state is kept; fewer are all compared, as that is quicker
MOST = 0.2  # of the records; with more of them to be paired again, to compare everything is as quick
PARTS = ("records", "keys", "sizes", "wide_keys", "wide_pairs", "weights")
NOW, CHANGED, STANDING, AGAIN = (f"{WORK}.pair_{name}" for name in ("prints", "changes", "standing", "again"))
TOUCHED, FLIPPED, GONE_KEYS = (f"{WORK}.pair_{name}" for name in ("touched", "flipped", "keys_gone"))
SIZES_NOW, WIDE_NOW = f"{WORK}.block_sizes", f"{WORK}.wide_keys"
_STEPS = (CHANGED, STANDING, AGAIN, TOUCHED, FLIPPED, GONE_KEYS)


def begin(engine: Engine, model: MatchModel, sieve: Sieve) -> bool:
    """Make `candidates` of the records to pair again (AGAIN: code). False: everything is to be compared."""
    kind = model.kind
    if not _is_good(engine, model, sieve):
        return False
    find_prints(engine, model)
    _find_changes(engine, kind)
    rules, records = block.rules_for(kind), block.records_of(engine, kind)
    if not records or engine.count(CHANGED) > MOST * records:
        return False
    engine.run(f"CREATE TABLE {WORK}.features_changed AS FROM {WORK}.features SEMI JOIN {CHANGED} USING (code)")
    block.find_keys(engine, rules, "features_changed")
    engine.run(f"DROP TABLE {WORK}.features_changed")
    _find_touched(engine, kind)
    caps = block.caps_for(engine.rows(f"FROM {SIZES_NOW}"), rules, records)
    if caps != engine.value(f"SELECT caps FROM {MADE}.state WHERE kind = {literal(kind)}"):
        return False
    _find_flipped(engine, kind, caps)
    _meet_in_wide_blocks(engine, kind, caps)
    _widen(engine, kind)
    if engine.count(AGAIN) > MOST * records:
        return False
    _meet_again(engine, kind, caps)
    return True


def end(engine: Engine) -> None:
    """Drop what was made on the way."""
    for table in (NOW, *_STEPS):
        engine.run(f"DROP TABLE IF EXISTS {table}")
    block.drop(engine)


def find_prints(engine: Engine, model: MatchModel) -> None:
    """What the pairs of each record follow from, as a print: its features, how common its names are, and whether it stands for
    copies."""
    columns = engine.columns(f"{WORK}.features")
    own = [name for name in columns if name not in ("code", "record_id", "first_copy", "copies", "place")]
    lists = [name for name in own if columns[name].endswith("[]")]
    classed = score.with_classes(model, f"FROM {WORK}.features WHERE kind = {literal(model.kind)}")
    with engine.register("rarity_rows", score.rarity_rows(model)):
        engine.run(f"""
            CREATE OR REPLACE TABLE {NOW} AS
            SELECT code, record_id, hash({quick_hash(own, lists)}, given_class, family_class, least(place, 3)) AS print
            FROM ({classed})""")


def weights(engine: Engine, kind: str) -> None:
    """Make `weighed` that of all pairs: as kept, but those that were weighed again."""
    engine.run(f"""
        INSERT INTO {WORK}.weighed (code_a, code_b, weight)
        SELECT a.code, b.code, w.weight FROM {_made("weights", kind)} w
            JOIN {STANDING} a ON a.number = w.a JOIN {STANDING} b ON b.number = w.b
        WHERE a.code NOT IN (FROM {AGAIN}) AND b.code NOT IN (FROM {AGAIN})""")


def keep_some(engine: Engine, kind: str) -> None:
    """Bring the state to what is now, in one transaction. Needs `weighed`."""
    gone = f"(SELECT number FROM {CHANGED} WHERE number IS NOT NULL)"
    records, keys, kept = (_made(name, kind) for name in ("records", "keys", "weights"))
    again = f"(SELECT number FROM {STANDING} WHERE code IN (FROM {AGAIN}) UNION ALL {gone})"
    with engine.transaction():
        last = f"(SELECT coalesce(max(number), -1) FROM {records})"
        engine.run(f"CREATE OR REPLACE TEMP TABLE pair_numbers AS SELECT code, CAST({last} + row_number() OVER (ORDER BY code) "
                   f"AS INTEGER) AS number FROM {CHANGED} WHERE code IS NOT NULL")  # fmt: skip
        numbered = f"(SELECT code, number FROM {STANDING} UNION ALL FROM pair_numbers)"
        engine.run(f"DELETE FROM {records} WHERE number IN {gone}")
        engine.run(f"INSERT INTO {records} SELECT record_id, number, print FROM {NOW} JOIN pair_numbers USING (code)")
        engine.run(f"DELETE FROM {keys} WHERE number IN {gone}")
        engine.run(f"INSERT INTO {keys} SELECT rule, key, number FROM {WORK}.new_keys JOIN pair_numbers USING (code)")
        engine.run(f"DELETE FROM {kept} WHERE a IN {again} OR b IN {again}")
        engine.run(f"""
            INSERT INTO {kept} SELECT a.number, b.number, w.weight FROM {WORK}.weighed_again w
                JOIN {numbered} a ON a.code = w.code_a JOIN {numbered} b ON b.code = w.code_b""")
        _keep_blocks(engine, kind, numbered)
        engine.run("DROP TABLE temp.pair_numbers")
    engine.run(f"DROP TABLE {WORK}.weighed_again; DROP TABLE {WORK}.new_keys")


def keep_all(engine: Engine, model: MatchModel) -> list[int]:
    """Keep what everything was found by, but the weights; returns the caps. It counts only after `keep_weights`."""
    kind = model.kind
    engine.run(f"CREATE SCHEMA IF NOT EXISTS {MADE}")
    engine.run(f"CREATE TABLE IF NOT EXISTS {MADE}.state (kind VARCHAR, version VARCHAR, caps INTEGER[])")
    find_prints(engine, model)
    engine.run(f"CREATE OR REPLACE TABLE {_made('records', kind)} AS SELECT record_id, code AS number, print FROM {NOW}")
    engine.run(f"CREATE OR REPLACE TABLE {_made('keys', kind)} AS SELECT rule, key, code AS number FROM {WORK}.keys")
    _keep_blocks(engine, kind, f"(SELECT code, code AS number FROM {NOW})")
    return block.caps_for(engine.rows(f"FROM {SIZES_NOW}"), block.rules_for(kind), block.records_of(engine, kind))


def keep_weights(engine: Engine, model: MatchModel, sieve: Sieve, caps: list[int]) -> None:
    """Keep the weights of all pairs, after `keep_all`."""
    with engine.transaction():
        engine.run(f"CREATE OR REPLACE TABLE {_made('weights', model.kind)} AS "
                   f"SELECT code_a AS a, code_b AS b, weight FROM {WORK}.weighed")  # fmt: skip
        row = f"{literal(model.kind)}, {literal(_version(engine, model, sieve))}, {caps}"
        engine.run(f"INSERT INTO {MADE}.state SELECT {row}")


def forget(engine: Engine, kind: str) -> None:
    """Drop the state of a kind of records: the ids of records that are gone must not stay in it."""
    if engine.has(f"{MADE}.state"):
        engine.run(f"DELETE FROM {MADE}.state WHERE kind = {literal(kind)}")
        for part in PARTS:
            engine.run(f"DROP TABLE IF EXISTS {_made(part, kind)}")


def _made(part: str, kind: str) -> str:
    return f"{MADE}.{part}_{kind}"


def _version(engine: Engine, model: MatchModel, sieve: Sieve) -> str:
    """What a state is only good for: weights and rules, what is not compared, and the engine, whose hashes may change."""
    parts = (engine.value("SELECT version()"), basis_of(model), sieve.worthless, block.BUDGET, block.SMALL, score.FLOOR)
    return sha256(repr((*parts, block.NEIGHBOURS, block.LOWEST_CAP)).encode()).hexdigest()


def _is_good(engine: Engine, model: MatchModel, sieve: Sieve) -> bool:
    if not engine.has(f"{MADE}.state") or not all(engine.has(_made(part, model.kind)) for part in PARTS):
        return False
    found = engine.rows(f"SELECT version FROM {MADE}.state WHERE kind = {literal(model.kind)}")
    return found == [(_version(engine, model, sieve),)]


def _find_changes(engine: Engine, kind: str) -> None:
    """CHANGED: the records with another print (code, null if gone; number, null if new); STANDING: the others (the same)."""
    both = f"{NOW} AS now FULL JOIN {_made('records', kind)} AS was USING (record_id)"
    for table, condition in ((CHANGED, "IS DISTINCT FROM"), (STANDING, "=")):
        engine.run(
            f"CREATE OR REPLACE TABLE {table} AS SELECT now.code, was.number FROM {both} WHERE now.print {condition} was.print"
        )


def _find_touched(engine: Engine, kind: str) -> None:
    """TOUCHED: the blocks (rule, key) that a changed record left or joined, with their sizes before (was) and now; and how many
    blocks of each size there are now. Needs the `keys` of the records that changed."""
    kept = _made("keys", kind)
    engine.run(f"""
        CREATE OR REPLACE TABLE {GONE_KEYS} AS
        SELECT rule, key FROM {kept} WHERE number IN (SELECT number FROM {CHANGED} WHERE number IS NOT NULL)""")
    engine.run(f"""
        CREATE OR REPLACE TABLE {TOUCHED} AS
        WITH moved AS (
            SELECT rule, key, sum(n) AS grown
            FROM (SELECT rule, key, -1 AS n FROM {GONE_KEYS} UNION ALL SELECT rule, key, 1 FROM {WORK}.keys) GROUP BY ALL),
        sizes AS (SELECT rule, key, count(*) AS was FROM {kept} SEMI JOIN moved USING (rule, key) GROUP BY ALL)
        SELECT rule, key, coalesce(was, 0) AS was, coalesce(was, 0) + grown AS now
        FROM moved LEFT JOIN sizes USING (rule, key)""")
    was, now = (
        block.SIZES.format(f"(SELECT rule, {column} AS size FROM {TOUCHED} WHERE {column} > 1)") for column in ("was", "now")
    )
    engine.run(f"""
        CREATE OR REPLACE TABLE {SIZES_NOW} AS SELECT rule, size, CAST(sum(n) AS BIGINT) AS n FROM (
            FROM {_made("sizes", kind)} UNION ALL SELECT rule, size, -n FROM ({was}) UNION ALL FROM ({now}))
        GROUP BY rule, size HAVING sum(n) <> 0""")


def _find_flipped(engine: Engine, kind: str, caps: list[int]) -> None:
    """FLIPPED: the blocks that came over their cap or fell under it; and which blocks are wide now."""
    was, now = block.within(caps, "was"), block.within(caps, "now")
    engine.run(f"CREATE OR REPLACE TABLE {FLIPPED} AS SELECT rule, key FROM {TOUCHED} WHERE ({was}) <> ({now})")
    engine.run(f"""
        CREATE OR REPLACE TABLE {WIDE_NOW} AS
        FROM {_made("wide_keys", kind)} ANTI JOIN {TOUCHED} USING (rule, key)
        UNION ALL SELECT rule, key FROM {TOUCHED} WHERE NOT ({now})""")


def _members(kind: str, blocks: str) -> str:
    """SQL: the records (rule, key, code) of some blocks. `new_keys` are the keys of the records that changed."""
    return f"""
        SELECT rule, key, s.code FROM {_made("keys", kind)} SEMI JOIN {blocks} USING (rule, key)
            JOIN {STANDING} s USING (number)
        UNION ALL SELECT rule, key, code FROM {WORK}.new_keys SEMI JOIN {blocks} USING (rule, key)"""


def _meet_in_wide_blocks(engine: Engine, kind: str, caps: list[int]) -> None:
    """The pairs of all wide blocks, found anew: there are few such blocks, and a record moves others in their order."""
    engine.run(f"CREATE OR REPLACE TABLE {WORK}.new_keys AS FROM {WORK}.keys")
    engine.run(f"CREATE OR REPLACE TABLE {WORK}.wide AS {_members(kind, WIDE_NOW)}")
    block.meet_wide(engine, kind, caps)


def _widen(engine: Engine, kind: str) -> None:
    """AGAIN: the records that changed, those of blocks that flipped, and one of each further pair of a wide block."""
    engine.run(f"""
        CREATE OR REPLACE TABLE {AGAIN} AS
        SELECT code FROM {CHANGED} WHERE code IS NOT NULL UNION SELECT code FROM ({_members(kind, FLIPPED)})""")
    engine.run(f"""
        INSERT INTO {AGAIN}
        WITH now AS (SELECT a, b, bit_or(rules) AS rules FROM {WORK}.met_wide GROUP BY a, b),
        was AS (
            SELECT a.code AS a, b.code AS b, w.rules FROM {_made("wide_pairs", kind)} w
                JOIN {STANDING} a ON a.number = w.a JOIN {STANDING} b ON b.number = w.b)
        SELECT DISTINCT coalesce(now.a, was.a) FROM now FULL JOIN was ON now.a = was.a AND now.b = was.b
        WHERE now.rules IS DISTINCT FROM was.rules
            AND coalesce(now.a, was.a) NOT IN (FROM {AGAIN}) AND coalesce(now.b, was.b) NOT IN (FROM {AGAIN})""")


def _meet_again(engine: Engine, kind: str, caps: list[int]) -> None:
    """`candidates`: the pairs of the records to pair again, with each other and with all others."""
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.keys_again AS
        SELECT DISTINCT rule, key FROM {_made("keys", kind)} k JOIN {STANDING} s USING (number) WHERE s.code IN (FROM {AGAIN})
        UNION SELECT rule, key FROM {WORK}.new_keys""")
    engine.run(f"CREATE OR REPLACE TABLE {WORK}.keys AS {_members(kind, f'{WORK}.keys_again')}")
    engine.run(f"DROP TABLE {WORK}.keys_again")
    engine.run(f"CREATE OR REPLACE TABLE {WORK}.met {block.MET}")
    block.count_blocks(engine, "keys")
    block.meet(engine, "keys", caps, "met", f"code IN (FROM {AGAIN})")
    block.find_candidates(engine, f"a IN (FROM {AGAIN}) OR b IN (FROM {AGAIN})")


def _keep_blocks(engine: Engine, kind: str, numbered: str) -> None:
    """The sizes of blocks, which are wide, and what these bring together."""
    engine.run(f"CREATE OR REPLACE TABLE {_made('sizes', kind)} AS FROM {SIZES_NOW}")
    engine.run(f"CREATE OR REPLACE TABLE {_made('wide_keys', kind)} AS FROM {WIDE_NOW}")
    engine.run(f"""
        CREATE OR REPLACE TABLE {_made("wide_pairs", kind)} AS
        SELECT a.number AS a, b.number AS b, bit_or(rules) AS rules FROM {WORK}.met_wide m
            JOIN {numbered} a ON a.code = m.a JOIN {numbered} b ON b.code = m.b GROUP BY ALL""")
