"""Fills missing values of one table from another and writes the conformed tables. Start at `write`.

The e-mail and phone of a record also become identifiers; a record without them takes its first identifier of that kind, and
a record without an address its first address. A missing amount of an order line is quantity times price (discount.py computes
it where there is a discount); a missing amount of an order is the sum of its lines.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, quoted
from fullcircle.engine.changes import bring, bring_once
from fullcircle.mapping.corrections import LOST
from fullcircle.mapping.discount import COST, UNKNOWN
from fullcircle.mapping.line_status import was_kept
from fullcircle.model.identifiers import OF_RECORDS
from fullcircle.model.statuses import GIVEN_BACK
from fullcircle.model.table import MONEY
from fullcircle.model.tables import CONFORMED

JOINED = {"records", "identifiers", "orders"}  # what is costly to read twice
PLACE = ("street", "city", "postcode", "region", "country")
# `:2` sorts before `:10`, so that rows made from one array keep the array's order.
FIRST = "arg_min({value}, (len({key}), {key}))"


def write(engine: Engine) -> dict[str, int]:
    """Write every `conformed.<table>` from the staged and clean tables, one transaction each; return the row counts.

    Only rows that changed are written.
    """
    special = {
        "records": _records(), "identifiers": _identifiers(), "orders": _orders(), "order_lines": "SELECT * FROM filled_lines",
        "addresses": "SELECT * FROM clean_addresses", "accounts": "SELECT * FROM clean_accounts",
    }  # fmt: skip
    engine.run(f"CREATE OR REPLACE TEMP TABLE filled_lines AS {_order_lines()}")
    counts = {}
    for name, table in CONFORMED.items():
        columns = ", ".join(f"CAST({quoted(one.name)} AS {one.sql_type}) AS {quoted(one.name)}" for one in table.columns)
        sql = f"SELECT {columns} FROM ({special.get(name, f'SELECT * FROM staged_{name}')})"
        if name in JOINED:
            bring_once(engine, f"conformed.{name}", sql, ddl=table.ddl(f"conformed.{name}"))
        else:
            bring(engine, f"conformed.{name}", sql, table.ddl(f"conformed.{name}"))
        counts[name] = engine.count(f"conformed.{name}")
    return counts


def _identifiers() -> str:
    own = " UNION ALL ".join(
        f"SELECT 'identifier:' || source || ':' || object || ':' || key || ':record-{name}' AS identifier_row, record_id, "
        f"'{name}' AS kind, {name} AS value, {name}_raw AS value_raw, source, object, key, updated_at "
        f"FROM clean_records WHERE {name} IS NOT NULL"
        for name in OF_RECORDS
    )
    return (
        f"SELECT * FROM clean_identifiers UNION ALL BY NAME SELECT o.* FROM ({own}) o "
        "ANTI JOIN clean_identifiers i ON i.record_id = o.record_id AND i.kind = o.kind AND i.value = o.value"
    )


def _records() -> str:
    firsts = ", ".join(
        f"{FIRST.format(value=column, key='identifier_row')} FILTER (kind = '{identifier_kind}') AS {name}"
        for identifier_kind in OF_RECORDS
        for name, column in ((identifier_kind, "value"), (f"{identifier_kind}_raw", "value_raw"))
    )
    address = FIRST.format(value="address_id", key="address_id")
    nowhere = "coalesce(r.street, r.city, r.postcode) IS NULL"
    columns = [f"coalesce(r.{name}, i.{name}) AS {name}" for name in OF_RECORDS]
    columns += [
        f"CASE WHEN r.{name} IS NULL THEN coalesce(i.{name}_raw, r.{name}_raw) ELSE r.{name}_raw END AS {name}_raw"
        for name in OF_RECORDS
    ]
    columns += [f"CASE WHEN {nowhere} THEN coalesce(a.{name}, r.{name}) ELSE r.{name} END AS {name}" for name in PLACE]
    columns += [f"CASE WHEN {nowhere} THEN coalesce(a.street_raw, r.street_raw) ELSE r.street_raw END AS street_raw"]
    return f"""SELECT r.* REPLACE ({", ".join(columns)}) FROM clean_records r
        LEFT JOIN (SELECT record_id, {firsts} FROM clean_identifiers WHERE kind IN {OF_RECORDS} GROUP BY record_id) i
        ON i.record_id = r.record_id
        LEFT JOIN (SELECT * FROM clean_addresses WHERE address_id IN (SELECT {address} FROM clean_addresses GROUP BY record_id)) a
        ON a.record_id = r.record_id"""


def _order_lines() -> str:
    return (
        f"SELECT * REPLACE (CASE WHEN discount_kind IS NULL THEN coalesce(amount, TRY_CAST({COST} AS {MONEY})) ELSE amount END "
        "AS amount) FROM staged_order_lines"
    )


def _orders() -> str:
    """An order of negative amount, or with nothing but negative quantities, is a return, unless it is not a sale anyway.

    What is owed is what the source says is owed, else the amount without what was paid, else all where the status says so.
    """
    total = f"sum(amount) FILTER ({was_kept(LOST)})"
    known = f"CASE WHEN NOT bool_or(coalesce(discount_kind, '') = '{UNKNOWN}' AND amount IS NULL) THEN {total} END"
    sums = f"""SELECT order_id, {known} AS amount, max(quantity) <= 0 AND min(quantity) < 0 AS gives_back
        FROM filled_lines GROUP BY order_id"""
    back = f"(coalesce(o.amount, l.amount) < 0 OR gives_back) AND coalesce(o.status, '') NOT IN ({LOST})"
    amount = f"coalesce(o.amount, TRY_CAST(l.amount AS {MONEY}))"
    owed = f"coalesce(o.unpaid, {amount} - o.paid, CASE WHEN o._unpaid THEN {amount} END)"
    return (
        f"SELECT o.* REPLACE ({amount} AS amount, "
        f"CASE WHEN {amount} > 0 AND {owed} IS NOT NULL AND coalesce(o.status, '') NOT IN ({LOST}) "
        f"THEN least(greatest({owed}, 0), {amount}) END AS unpaid, "
        f"upper(o.currency) AS currency, "
        f"CASE WHEN {back} THEN '{GIVEN_BACK[0]}' ELSE o.status END AS status) "
        f"FROM staged_orders o LEFT JOIN ({sums}) l ON l.order_id = o.order_id"
    )
