"""Sums of money: in one currency, or apart for each. Amounts of different currencies are never added without a rate.

`order_currencies` says for each order the currency of its amount in the totals, and the rate that brings it there: that of
[money], or 1. An order without a currency has the base of [money]; without a base it is kept apart from all others.
"""

from __future__ import annotations

import pyarrow as pa

from fullcircle.config.first_country import currency_of
from fullcircle.config.sections import MoneySettings
from fullcircle.engine.base import Engine, literal
from fullcircle.model.counting import counted, money
from fullcircle.model.progress import Progress
from fullcircle.model.statuses import NO_SALE

NAMED = 6  # currencies named in a message
OWN = "nullif(upper(trim(o.currency)), '')"


def sums(keys: str, table: str, absent: str = "false AS no_amount") -> str:
    """SQL: for each of the keys its `amount` and `currency`; where there are several, `amounts` as JSON and these null.

    The table has the keys, amount and currency. `absent` is an aggregate over its rows, as no_amount: true where there is no sum.
    """
    entry = "{'key': coalesce(currency, '?'), 'value': CAST(total AS DOUBLE)}"
    listed = f"CAST(to_json(map_from_entries(list({entry} ORDER BY currency) FILTER (total IS NOT NULL))) AS VARCHAR)"
    return f"""
        SELECT {keys}, CASE WHEN many = 1 AND NOT no_amount THEN total END AS amount,
            CASE WHEN many = 1 AND NOT no_amount THEN currency END AS currency,
            CASE WHEN many > 1 AND NOT no_amount THEN listed END AS amounts
        FROM (
            SELECT {keys}, count(total) AS many, any_value(total) AS total,
                any_value(currency) FILTER (total IS NOT NULL) AS currency, {listed} AS listed, bool_or(no_amount) AS no_amount
            FROM (SELECT {keys}, currency, sum(amount) AS total, {absent} FROM {table} GROUP BY {keys}, currency)
            GROUP BY {keys})"""


def find_currencies(engine: Engine, progress: Progress, settings: MoneySettings, country: str = "") -> None:
    """Make the table `order_currencies`, and report orders without a currency and currencies without a rate.

    `country` is that of the project: a currency of another country is not advised.
    """
    there = engine.rows(f"SELECT {OWN} AS name, count(*) FROM orders o GROUP BY ALL ORDER BY 1 NULLS LAST")
    named = [name for _, name in sorted((-number, name) for name, number in there if name)]
    base = settings.base.strip().upper()
    rates = {name.strip().upper(): rate for name, rate in settings.rates.items()}
    known = pa.table(
        {"name": pa.array(list(rates), pa.string()), "rate": pa.array([f"{rate:.10f}" for rate in rates.values()], pa.string())}
    )
    own = f"coalesce({OWN}, {literal(base or None)})"
    with engine.register("known_rates", known):
        engine.run(f"""CREATE OR REPLACE TABLE order_currencies AS
            SELECT order_id, CASE WHEN r.name IS NULL THEN {own} ELSE {literal(base)} END AS currency,
                CAST(coalesce(r.rate, '1') AS DECIMAL(20,10)) AS rate
            FROM orders o LEFT JOIN known_rates r ON r.name = {own} AND r.name <> {literal(base)}""")
    without = sum(number for name, number in there if not name)
    if without and base and named:
        progress.say(
            f"orders.currency: {counted(without, 'order names', 'orders name')} no currency. "
            f"{'It counts' if without == 1 else 'They count'} as {base}, the base of [money]."
        )
    elif without and named:
        progress.say(
            f"orders.currency: {counted(without, 'order names', 'orders name')} no currency. "
            f"{'Its amount is' if without == 1 else 'Their amounts are'} kept apart from those in {_few(named)}. "
            f'They are of {_few(_sources(engine))}. If a column there holds it, say it in the map, currency = "<column>"; '
            f"if all are in one, {_advice(named, country)}."
        )
    lacking = [name for name in named if base and name not in {base, *rates}]
    if lacking:
        progress.say(f"[money] rates has no rate for {_few(lacking)}: these amounts are kept apart from those in {base}.")


def _advice(named: list[str], country: str) -> str:
    """What to write for orders without a currency: the one that most orders have, unless the country has another."""
    own = currency_of(country)
    code = named[0] if named[0] == own or not own else "<code>"
    return f'currency = {{ value = "{code}" }}, or for all orders [money] base = "{code}"'


def _sources(engine: Engine) -> list[str]:
    """The objects whose orders name no currency, the most first."""
    found = engine.rows(f"SELECT source, object, count(*) FROM orders o WHERE {OWN} IS NULL GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2")
    return [f"{source}.{name} ({number:,})" for source, name, number in found]


def report(engine: Engine, progress: Progress) -> None:
    """Say how many customers have no total, what guests ordered, and which orders are pending or of the future."""
    spent = " UNION ".join(f"SELECT customer_id, currency FROM customer_{what}" for what in ("orders", "returns"))
    spent = f"({spent})"
    several = f"SELECT customer_id FROM {spent} GROUP BY customer_id HAVING count(*) > 1"
    many = engine.value(f"SELECT count(*) FROM ({several})")
    if many:
        names = [name or "no currency named" for (name,) in engine.rows(
            f"SELECT DISTINCT currency FROM {spent} SEMI JOIN ({several}) USING (customer_id) ORDER BY 1"
        )]  # fmt: skip
        progress.say(
            f"{counted(many, 'customer')} paid in several currencies ({_few(names)}). These are never added: such "
            "customers have an amount for each currency and no total. Give [money] a base and rates to get one."
        )
    guests = f"""
        SELECT c.currency, count(*), coalesce(sum(coalesce(o.amount, a.amount) * c.rate), 0) FROM orders o
        LEFT JOIN order_amounts a USING (order_id) LEFT JOIN order_currencies c USING (order_id)
        ANTI JOIN placed_orders p ON p.order_id = o.order_id
        WHERE coalesce(lower(trim(o.status)), '') NOT IN ({", ".join(map(literal, NO_SALE))})
        GROUP BY ALL ORDER BY 2 DESC, 1"""
    waiting = engine.value("SELECT count(*) FROM orders WHERE lower(trim(status)) = 'pending'")
    if waiting:
        progress.say(
            f"{counted(waiting, 'order is', 'orders are')} pending: the payment, a place or somebody's yes is awaited. "
            f"{'It is' if waiting == 1 else 'They are'} in the graph, and no {'purchase' if waiting == 1 else 'purchases'} yet."
        )
    _report_unpaid(engine, progress)
    late = "SELECT count(*), max(ordered_at) FROM orders WHERE ordered_at > now() AT TIME ZONE 'UTC' + INTERVAL 1 DAY"
    future, last = engine.rows(late)[0]
    if future:
        progress.say(
            f"{counted(future, 'order has', 'orders have')} a date in the future, up to {last:%Y-%m-%d}. "
            f"{'It does' if future == 1 else 'They do'} not count as the newest."
        )
    found = engine.rows(guests)
    if found:
        guests_orders = sum(number for _, number, _ in found)
        amounts = _few([money(amount, currency) for currency, _, amount in found])
        progress.say(
            f"Guest orders: {counted(guests_orders, 'order')} of no known customer ({amounts}) "
            f"{'is' if guests_orders == 1 else 'are'} in the graph, "
            f"and {'counts' if guests_orders == 1 else 'count'} in no customer's figures."
        )


def _report_unpaid(engine: Engine, progress: Progress) -> None:
    """Say what is owed: it is shown apart from what was spent."""
    found = engine.rows(
        "SELECT currency, count(*), sum(unpaid) FROM customer_orders WHERE unpaid > 0 GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    if found:
        owed = _few([money(amount, currency) for currency, _, amount in found])
        orders = sum(number for _, number, _ in found)
        progress.say(
            f"{counted(orders, 'order is', 'orders are')} not paid, or not wholly: {owed} is owed. "
            "It counts as unpaid, and not as spent."
        )


def _few(names: list[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
