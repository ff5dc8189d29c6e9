"""A few days of business in the made-up company: about one row in a hundred is edited, added or deleted.

`change` may be called again and again; each call is the next few days, and gives the same files for the same seed.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from fullcircle.demo import exports
from fullcircle.engine.base import Engine, literal
from fullcircle.engine.open import open_engine
from fullcircle.errors import NotFound

# Rows are drawn by a fingerprint of their key, so that the draw does not depend on their order.
DRAWN = "md5_number_lower(concat({key}, ':', {seed})) % 1000000 < {millionths}"

CUSTOMERS_SQL = """
SELECT customer_id, name, email, phone, (17 + length(name) * 7) || ' New ' || coalesce(street[5:], 'Harbour Road') AS street,
       city, postcode, country, birthday, loyalty_card, registered_at,
       strftime(TIMESTAMP '2026-11-01 10:00:00' + INTERVAL ({day}) DAY, '%Y-%m-%d %H:%M:%S') AS updated_at
FROM read_csv({path}, all_varchar = true, ignore_errors = true) WHERE {drawn} ORDER BY customer_id
"""
ORDERS_SQL = """
CREATE OR REPLACE TABLE again AS
SELECT order_id AS old_id, printf('O-%08d', {first} + row_number() OVER (ORDER BY order_id)) AS order_id, customer_id,
       strftime(TIMESTAMP '2026-11-01 08:00:00' + INTERVAL ({day}) DAY + INTERVAL (CAST(substr(order_id, 3) AS INTEGER) % 40000)
                SECOND, '%Y-%m-%d %H:%M:%S') AS ordered_at, status, channel, currency, total
FROM read_csv({path}, all_varchar = true, ignore_errors = true)
WHERE {drawn} AND total IS NOT NULL AND try_cast(ordered_at AS TIMESTAMP) IS NOT NULL
"""
LINES_SQL = """
SELECT a.order_id, l.line_no, l.sku, l.quantity, l.unit_price, l.discount, l.line_total
FROM read_parquet({path}) l JOIN again a ON a.old_id = l.order_id ORDER BY a.order_id, l.line_no
"""
TICKETS_SQL = """
CREATE OR REPLACE TABLE again AS
SELECT id AS old_id, printf('T-%07d', {first} + row_number() OVER (ORDER BY id)) AS id, requester,
       strftime(TIMESTAMP '2026-11-01 09:00:00' + INTERVAL ({day}) DAY, '%Y-%m-%dT%H:%M:%SZ') AS opened_at
FROM read_json({path}, format = 'newline_delimited', ignore_errors = true,
               columns = {{id: 'VARCHAR', requester: 'STRUCT(name VARCHAR, email VARCHAR, phone VARCHAR)'}})
WHERE id IS NOT NULL AND requester IS NOT NULL AND {drawn}
"""
TICKET_LINES_SQL = """
SELECT CAST(to_json({id: id, opened_at: opened_at, closed_at: NULL, status: 'open', subject: 'Writing to you again',
                     priority: 'normal', channel: 'email', requester: requester}) AS VARCHAR) AS line FROM again ORDER BY id
"""
TRUTH_SQL = """
SELECT record_id, person, household FROM truth WHERE record_id NOT IN (SELECT unnest({deleted}))
UNION ALL
SELECT 'record:support:tickets:' || a.id, t.person, t.household FROM again a JOIN truth t
    ON t.record_id = 'record:support:tickets:' || a.old_id
ORDER BY record_id
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """How many rows were touched."""

    contacts: int
    deleted: int
    customers: int
    orders: int
    lines: int
    tickets: int


def change(folder: Path, share: float = 0.01, seed: int = 8) -> Changed:
    """Edit about `share` of the company's rows: contacts and customers change, some contacts go, orders and tickets come.

    `truth.csv` is kept true. Raises NotFound if the folder has no made-up company.
    """
    if not (folder / "truth.csv").is_file():
        raise NotFound(f"The folder {folder} has no made-up company.", "`fullcircle demo` makes one.")
    turn = 1 + len(list((folder / "shop").glob("orders-2026-11-*.csv")))
    engine = open_engine(None, memory="1500MB")
    try:
        contacts, deleted = _change_crm(folder / "crm.sqlite", engine, share, seed, turn)
        customers, orders, lines = _change_shop(folder / "shop", engine, share, seed, turn)
        tickets = _change_support(folder, engine, share, seed, turn, deleted)
    finally:
        engine.close()
    return Changed(contacts, len(deleted), customers, orders, lines, tickets)


def _drawn(key: str, share: float, seed: int) -> str:
    return DRAWN.format(key=key, seed=seed, millionths=round(share * 1_000_000))


def _change_crm(path: Path, engine: Engine, share: float, seed: int, turn: int) -> tuple[int, list[int]]:
    """Contacts move or get another phone; one in ten of those that change is deleted instead. The ids of the deleted."""
    db = sqlite3.connect(path)
    try:
        top = db.execute("SELECT max(id) FROM contacts").fetchone()[0]
        known = f"FROM (SELECT unnest(range(1, {top} + 1)) AS id) WHERE {_drawn('id', share, seed * 1000 + turn)}"
        ids = [row[0] for row in engine.rows(f"SELECT id {known} ORDER BY id")]
        when = f"2026-11-{turn:02d} 12:00:00"
        live = {row[0] for row in db.execute("SELECT id FROM contacts WHERE deleted = 0")}
        merged = {id_ for pair in db.execute("SELECT id, merged_into FROM contacts WHERE merged_into > 0") for id_ in pair}
        gone = [id_ for id_ in ids[::10] if id_ in live and id_ not in merged]
        edits = sorted((set(ids) & live) - set(gone))
        db.executemany("UPDATE contacts SET deleted = 1, updated_at = ? WHERE id = ?", [(when, id_) for id_ in gone])
        db.executemany(
            "UPDATE contacts SET street = CASE WHEN id % 2 THEN (id % 800 + 1) || ' New Harbour Road' ELSE street END, "
            "phone = CASE WHEN id % 2 THEN phone ELSE printf('+1 640 555 %04d', 100 + id % 9000) END, "
            "updated_at = ? WHERE id = ?",
            [(when, id_) for id_ in edits],
        )
        db.commit()
    finally:
        db.close()
    return len(edits), gone


def _change_shop(folder: Path, engine: Engine, share: float, seed: int, turn: int) -> tuple[int, int, int]:
    """New files: customers that moved, and orders like earlier ones with their lines."""
    target = folder / f"customers-2026-11-{turn:02d}.csv"
    values = {"path": literal(folder / "customers.csv"), "day": turn, "drawn": _drawn("customer_id", share, seed * 1000 + turn)}
    sql = CUSTOMERS_SQL.format(**values)
    customers = int(engine.value(f"SELECT count(*) FROM ({sql})"))
    exports.write_csv(engine, sql, target)
    values |= {"path": literal(folder / "orders-20??.csv"), "first": (90 + turn) * 1_000_000}
    values["drawn"] = _drawn("order_id", share, seed * 1000 + turn)
    engine.run(ORDERS_SQL.format(**values))
    exports.write_csv(engine, "SELECT * EXCLUDE (old_id) FROM again ORDER BY order_id", folder / f"orders-2026-11-{turn:02d}.csv")
    lines = LINES_SQL.format(path=literal(folder / "order_lines-20??.parquet"))
    exports.write_parquet(engine, lines, folder / f"order_lines-2026-11-{turn:02d}.parquet")
    return customers, engine.count("again"), int(engine.value(f"SELECT count(*) FROM ({lines})"))


def _change_support(folder: Path, engine: Engine, share: float, seed: int, turn: int, deleted: list[int]) -> int:
    """A new file with tickets of people who wrote before; and the truth of them, without the deleted contacts."""
    path = literal(folder / "support" / "tickets.jsonl")
    drawn = _drawn("id", share, seed * 1000 + turn)
    engine.run(TICKETS_SQL.format(path=path, first=9_000_000 + turn * 10_000, day=turn, drawn=drawn))
    exports.write_lines(engine, TICKET_LINES_SQL, folder / "support" / f"tickets-2026-11-{turn:02d}.jsonl")
    truth = folder / "truth.csv"
    engine.run(f"CREATE OR REPLACE TABLE truth AS SELECT * FROM read_csv({literal(truth)}, all_varchar = true)")
    gone = "[" + ", ".join(literal(f"record:crm:contacts:{id_}") for id_ in deleted) + "]::VARCHAR[]"
    part = truth.with_name(".truth.csv.part")
    exports.write_csv(engine, TRUTH_SQL.format(deleted=gone), part)
    part.replace(truth)
    return engine.count("again")
