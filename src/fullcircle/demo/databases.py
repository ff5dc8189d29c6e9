"""The SQLite files of the made-up company: its CRM and a small warehouse."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pyarrow as pa

from fullcircle.engine.base import Engine

Dice = np.random.Generator
PEOPLE_PER_ACCOUNT = 30

ACCOUNTS_SQL = """
SELECT id, pick(['Alder', 'Bluestone', 'Cobalt', 'Dovetail', 'Ember', 'Fairmont', 'Gildcrest', 'Harbinger', 'Ironwood',
                 'Jasper', 'Keystone', 'Lumen', 'Marrow', 'Northgate', 'Onyx', 'Pinnacle', 'Quarter', 'Ravenna', 'Summit'], id)
           || ' ' || pick(['Logistics', 'Foods', 'Design', 'Labs', 'Partners', 'Textiles', 'Energy', 'Dental', 'Robotics',
                           'Travel', 'Media', 'Timber', 'Optics'], id * 7 + id // 19)
           || CASE WHEN id > 247 THEN ' ' || (id // 247 + 1) ELSE '' END || pick([' Inc', ' Ltd', '', ' LLC'], id // 3) AS name,
       pick(['retail', 'software', 'food', 'health', 'transport', 'education'], id * 5 + 1) AS industry,
       CASE WHEN id % 7 = 0 THEN 'GB' ELSE 'US' END AS country,
       'https://account' || id || '.example.com' AS website, '2024-01-01 00:00:00' AS updated_at
FROM (SELECT unnest(range(1, $accounts + 1)) AS id) ORDER BY id
"""
# Single contacts may be deleted; of several contacts of a person some were merged into the first by the CRM itself.
CONTACTS_SQL = """
SELECT seq AS id, given AS first_name, middle AS middle_name, family AS last_name, email,
       CASE WHEN s.d % 10 < 2 AND email IS NOT NULL THEN p.email2 END AS other_email, phone,
       CAST(s.birth AS VARCHAR) AS birth_date, CASE WHEN s.d % 4 > 0 THEN s.gender END AS gender, street, city, postcode, region,
       CASE country WHEN 'US' THEN pick(['US', 'USA', 'United States'], s.d) ELSE pick(['GB', 'UK', 'United Kingdom'], s.d) END
           AS country,
       CASE WHEN person * 31 % 100 < 25 THEN 1 + person * 7 % $accounts END AS account_id,
       CASE WHEN s.d % 5 < 2 THEN CASE WHEN s.d % 2 = 0 THEN '@' || s.handle ELSE s.handle END END AS twitter,
       CASE WHEN s.d % 2 = 0 THEN s.loyalty END AS loyalty_card, s.d % 3 > 0 AS newsletter,
       strftime(created, '%Y-%m-%d %H:%M:%S') AS created_at, strftime(changed, '%Y-%m-%d %H:%M:%S') AS updated_at,
       CAST(nth = 0 AND times = 1 AND s.d % 100 < 2 AS INTEGER) AS deleted,
       CASE WHEN nth > 0 AND s.d % 10 < 3 THEN original END AS merged_into
FROM (SELECT *, count(*) OVER (PARTITION BY person) AS times,
             min(seq) OVER (PARTITION BY person) AS original FROM seen WHERE channel = 'crm') s
JOIN (SELECT person, email2 FROM people) p USING (person)
ORDER BY seq
"""
ACTIVITIES_SQL = """
SELECT id, contact_id, kind, strftime(moment, '%Y-%m-%d %H:%M:%S') AS "at",
       CASE kind WHEN 'opportunity' THEN pick(['Office supplies', 'Gift boxes', 'Staff kitchen', 'Garden redesign'], d)
            ELSE pick(['Asked about delivery', 'Wants a quote', 'Renewal', 'Complaint', 'Introduction'], d) END AS subject,
       CASE kind WHEN 'opportunity' THEN pick(['open', 'won', 'lost'], d) END AS stage,
       CASE kind WHEN 'opportunity' THEN (5000 + d % 300000) / 100.0 END AS amount,
       pick(['positive', 'neutral', 'neutral', 'negative'], d) AS sentiment, strftime(moment, '%Y-%m-%d %H:%M:%S') AS updated_at
FROM (SELECT a.*, least(c.created + INTERVAL (a.after) SECOND, TIMESTAMP '2026-10-31 20:00:00') AS moment
      FROM activities a JOIN seen c ON c.channel = 'crm' AND c.seq = a.contact_id
      ) ORDER BY id
"""
LOYALTY_SQL = """
SELECT CAST(id AS VARCHAR) AS contact_id, points, tier, balance, since FROM (
    SELECT seq AS id, 10 * (d % 900) AS points, pick(['bronze', 'silver', 'gold'], d // 7) AS tier,
           CAST((d * 37 % 20000) / 100.0 AS DECIMAL(12, 2)) AS balance, CAST(CAST(created AS DATE) AS VARCHAR) AS since
    FROM seen WHERE channel = 'crm' AND d % 5 < 3
    UNION ALL  -- cards of contacts that the CRM no longer knows
    SELECT 90000000 + x, 50, 'bronze', 1.25, '2020-01-01' FROM (SELECT unnest(range($lost)) AS x))
ORDER BY id
"""
MAILING_SQL = """
SELECT lower(email) AS email, min(d) % 40 AS opened, min(d) % 9 AS clicked FROM seen
WHERE channel = 'shop' AND email LIKE '%@%.%' AND d % 2 = 0 GROUP BY lower(email) ORDER BY lower(email)
"""

CRM_DDL = """
CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT, industry TEXT, country TEXT, website TEXT, updated_at TEXT);
CREATE TABLE contacts (
    id INTEGER PRIMARY KEY, first_name TEXT, middle_name TEXT, last_name TEXT, email TEXT, other_email TEXT, phone TEXT,
    birth_date TEXT, gender TEXT, street TEXT, city TEXT, postcode TEXT, region TEXT, country TEXT, account_id INTEGER,
    twitter TEXT, loyalty_card INTEGER, newsletter INTEGER, created_at TEXT, updated_at TEXT,
    deleted INTEGER, merged_into INTEGER);
CREATE TABLE activities (
    id INTEGER PRIMARY KEY, contact_id INTEGER, kind TEXT, at TEXT, subject TEXT, stage TEXT, amount DECIMAL(12, 2),
    sentiment TEXT, updated_at TEXT);
"""
CRM_INDEXES = """
CREATE INDEX contacts_updated ON contacts (updated_at, id);
CREATE INDEX activities_updated ON activities (updated_at, id);
"""
WAREHOUSE_DDL = """
CREATE TABLE loyalty (contact_id TEXT PRIMARY KEY, points INTEGER, tier TEXT, balance DECIMAL(12, 2), since TEXT);
CREATE TABLE mailing (email TEXT PRIMARY KEY, opened INTEGER, clicked INTEGER);
"""


def write_crm(engine: Engine, path: Path, people: int, dice: Dice) -> None:
    """Write the CRM: accounts, contacts (some deleted, some merged), activities (calls, meetings, opportunities)."""
    accounts = max(1, people // PEOPLE_PER_ACCOUNT)
    with engine.register("drawn", _activities(int(engine.value("SELECT count(*) FROM seen WHERE channel = 'crm'")), dice)):
        engine.run("CREATE OR REPLACE TABLE activities AS SELECT * FROM drawn")
    tables = {
        "accounts": ACCOUNTS_SQL.replace("$accounts", str(accounts)),
        "contacts": CONTACTS_SQL.replace("$accounts", str(accounts)),
        "activities": ACTIVITIES_SQL,
    }
    _write(engine, path, CRM_DDL, tables, CRM_INDEXES)


def write_warehouse(engine: Engine, path: Path, people: int) -> None:
    """Write the warehouse: loyalty by contact id (some of them unknown to the CRM) and mailing by e-mail."""
    lost = max(2, people // 200)
    _write(engine, path, WAREHOUSE_DDL, {"loyalty": LOYALTY_SQL.replace("$lost", str(lost)), "mailing": MAILING_SQL})


def _activities(contacts: int, dice: Dice) -> pa.Table:
    contact = np.repeat(np.arange(1, contacts + 1), dice.poisson(0.7, contacts))
    count = len(contact)
    return pa.table(
        {
            "id": np.arange(1, count + 1),
            "contact_id": contact,
            "kind": pa.array(["call", "meeting", "opportunity"]).take(dice.choice(3, count, p=[0.5, 0.15, 0.35])),
            "after": dice.integers(3_600, 400 * 86_400, count),
            "d": dice.integers(0, 1_000_000, count),
        }
    )


def _write(engine: Engine, path: Path, ddl: str, tables: dict[str, str], after: str = "") -> None:
    """Make a fresh SQLite file; it gets its name only when it is whole."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    db = sqlite3.connect(part)
    try:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + ddl)
        for table, sql in tables.items():
            for batch in engine.batches(sql):
                columns = [_plain(column) for column in batch.columns]
                places = ", ".join("?" * len(columns))
                db.executemany(f"INSERT INTO {table} VALUES ({places})", zip(*columns, strict=True))
        db.executescript(after)
        db.commit()
    finally:
        db.close()
    part.replace(path)


def _plain(column: pa.Array) -> list[object]:
    """Values SQLite takes: it has no decimals."""
    return list((column.cast(pa.float64()) if pa.types.is_decimal(column.type) else column).to_pylist())
