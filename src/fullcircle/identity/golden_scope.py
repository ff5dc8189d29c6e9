"""Whose golden record is made again: the customers whose records are others, or say something else, than when it was made.

What a golden record is made from is compared by a print of each customer (the sum of the hashes of the rows of its records),
kept in the schema `golden_made` and written in one transaction with the golden records themselves. Without a state, with one of
another version of the SQL or the settings, or if much changed, all are made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from fullcircle.engine.base import Engine, literal, quick_hash
from fullcircle.engine.changes import is_small
from fullcircle.identity.prepare import WORK
from fullcircle.model.tables import CUSTOMERS, PROVENANCE

MADE = "golden_made"
PRINTS, SCOPE = f"{WORK}.golden_prints", f"{WORK}.golden_scope"
MOST = 0.2  # of the customers; with more of them in the scope, to make all again is as quick


def begin(engine: Engine, texts: Sequence[str], whole: bool = False) -> bool:
    """Print what the golden records are made from, and make the scope: the ids of customers. False: all are to be made again.

    Where there are few, they all are, and nothing is printed.
    """
    if is_small(engine, "members"):
        engine.run(f"DROP SCHEMA IF EXISTS {MADE} CASCADE")
        engine.run(f"CREATE TABLE {SCOPE} AS SELECT DISTINCT customer_id AS id FROM members")
        return False
    _print(engine)
    if whole or not _is_good(engine, _version(engine, texts)):
        engine.run(f"CREATE TABLE {SCOPE} AS SELECT id FROM {PRINTS}")
        return False
    engine.run(f"""
        CREATE TABLE {SCOPE} AS SELECT coalesce(now.id, was.id) AS id
        FROM {PRINTS} AS now FULL JOIN {MADE}.customers AS was ON now.id = was.id
        WHERE now.print IS DISTINCT FROM was.print""")
    return True


def write(engine: Engine, customers: str, provenance: str, texts: Sequence[str], part: bool) -> None:
    """Write what these SELECTs give: all rows, or with `part` those of the scope."""
    with engine.transaction():
        for table, select in ((CUSTOMERS, customers), (PROVENANCE, provenance)):
            engine.run(f"DELETE FROM {table.name} WHERE customer_id IN (SELECT id FROM {SCOPE})" if part else table.ddl())
            engine.run(f"INSERT INTO {table.name} BY NAME {select}")
        if engine.has(PRINTS):
            engine.run(f"CREATE SCHEMA IF NOT EXISTS {MADE}")
            engine.run(f"CREATE OR REPLACE TABLE {MADE}.customers AS FROM {PRINTS}")
            engine.run(f"CREATE OR REPLACE TABLE {MADE}.state AS SELECT {literal(_version(engine, texts))} AS version")
    engine.run(f"DROP TABLE IF EXISTS {PRINTS}; DROP TABLE {SCOPE}")


def _print(engine: Engine) -> None:
    parts = [
        f"SELECT record_id, {quick_hash(engine.columns('records'))} >> 8 AS print FROM records",
        f"SELECT record_id, hash(record_id, kind) >> 8 FROM {WORK}.names",
        f"SELECT record_id, {quick_hash(engine.columns('identifiers'))} >> 8 FROM identifiers WHERE kind = 'email'",
    ]
    engine.run(f"""
        CREATE TABLE {PRINTS} AS SELECT customer_id AS id, sum(print) AS print
        FROM members JOIN ({" UNION ALL ".join(parts)}) USING (record_id) GROUP BY customer_id""")


def _is_good(engine: Engine, version: str) -> bool:
    """True if the tables are there as they were made by this version, and few of the customers are others."""
    needed = (f"{MADE}.state", f"{MADE}.customers", CUSTOMERS.name, PROVENANCE.name)
    if not all(map(engine.has, needed)) or engine.value(f"SELECT version FROM {MADE}.state") != version:
        return False
    if engine.count(CUSTOMERS.name) != engine.count(f"{MADE}.customers"):
        return False
    now = engine.count(PRINTS)
    same = engine.value(f"SELECT count(*) FROM {PRINTS} JOIN {MADE}.customers USING (id, print)")
    return bool(now - same <= MOST * now)


def _version(engine: Engine, texts: Sequence[str]) -> str:
    tables = (CUSTOMERS.ddl(), PROVENANCE.ddl())
    return hashlib.sha256("\n".join([engine.value("SELECT version()"), *tables, *texts]).encode()).hexdigest()
