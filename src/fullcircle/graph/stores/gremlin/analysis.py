"""The insights of one customer or product, computed by the graph server: traversals.py asks, this file computes the figures.

Each gives the same as insights/ computes from the tables, for the graph as it is now (as_of the newest order), rounded and
ordered in the same way, ties by id. For all customers at once, use the tables.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import fsum, sqrt
from statistics import median
from typing import Any

import pyarrow as pa
from gremlin_python.process.traversal import T

from fullcircle.graph.stores.gremlin import traversals
from fullcircle.graph.stores.gremlin.connection import Ask
from fullcircle.graph.stores.gremlin.related import BoughtProduct
from fullcircle.graph.stores.gremlin.related import related as find_related
from fullcircle.graph.stores.gremlin.values import fit
from fullcircle.graph.tables.live import EACH, WHOLE
from fullcircle.model.graph import VERTICES

ORDER = {"ordered_at": "timestamp", "amount": "double", "unpaid": "double", "currency": "string", "channel": "string"}
Z = 3.09  # as in insights/answers/bought_together.py
AT_ONCE = 1000  # ids in one request
TOTALS = VERTICES["Totals"].properties


def purchase_counts(ask: Ask, limit: int) -> pa.Table:
    """Products by how often they were bought: product_id, buyers, times."""
    rows = [dict(row) for row in ask(traversals.purchase_counts(limit))]
    schema = pa.schema([("product_id", pa.string()), ("buyers", pa.int64()), ("times", pa.int64())])
    return pa.Table.from_pylist(rows, schema)


def related(ask: Ask, customer: str, k: int, max_buyers: int, damping: float) -> pa.Table:
    """Who shares unusual products with a customer: related_id, rank, score, shared, why. See related.py.

    Nothing but what the customer and the candidates bought is walked through; the sync keeps the rest (graph/tables/live.py).
    """
    return pa.Table.from_pylist(find_related(_AskedPurchases(ask), customer, k, max_buyers, damping), RELATED)


RELATED = pa.schema(
    [("related_id", pa.string()), ("rank", pa.int64()), ("score", pa.float64()), ("shared", pa.int64()), ("why", pa.string())]
)


class _AskedPurchases:
    """Purchases as the server knows them: see `related.Purchases`."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def everything(self) -> Mapping[str, Any]:
        return _all_purchases(self._ask)

    def own(self, customer: str) -> Iterable[BoughtProduct]:
        rows = self._ask(traversals.bought(customer))
        return {BoughtProduct(row["buyers"], row["product"], row["name"]) for row in rows}

    def buyers(self, products: Sequence[str]) -> Mapping[str, Iterable[str]]:
        """The id of a PURCHASED edge names its two ends (graph/tables/trade.py); where it does not, the customers are read."""
        edges = _one(self._ask(traversals.purchases_of(products)))
        found = {product: [_buyer(id, product) for id in ids] for product, ids in edges.items()}
        unlike = [product for product, who in found.items() if "" in who]
        return found | _one(self._ask(traversals.buyers(unlike))) if unlike else found

    def tastes(self, customers: Sequence[str]) -> Mapping[str, float]:
        parts = [customers[start : start + AT_ONCE] for start in range(0, len(customers), AT_ONCE)]
        kept = {who: fit(taste, "double") for some in parts for who, taste in _one(self._ask(traversals.tastes(some))).items()}
        return {who: taste for who, taste in kept.items() if taste}

    def baskets(self, customers: Sequence[str]) -> Mapping[str, Mapping[int, Sequence[str]]]:
        parts = [customers[start : start + AT_ONCE] for start in range(0, len(customers), AT_ONCE)]
        return {who: held for some in parts for who, held in _one(self._ask(traversals.baskets(some))).items()}


def _buyer(edge: str, product: str) -> str:
    """The customer in the id of a PURCHASED edge; empty if the id has another form."""
    start, end = "purchased:", f">{product}"
    return edge[len(start) : -len(end)] if edge.startswith(f"{start}customer:") and edge.endswith(end) else ""


def _all_purchases(ask: Ask) -> dict[str, Any]:
    """What all purchases add up to. A graph without it has no purchases, or an older version wrote it."""
    kept = dict(next(iter(ask(traversals.totals())), {}))
    return {name: fit(kept.get(name), type_) or 0 for name, type_ in TOTALS.items()}


def bought_together(ask: Ask, product: str, k: int, min_together: int) -> pa.Table:
    """What is in the same orders as a product: with_product_id, name, rank, together, support, confidence, lift, lift_low, why.

    See insights/answers/bought_together.py for the figures and for the ranking.
    """
    together, weight = _counted(ask, product)
    own = together.pop(product, 0)
    least = (min(min_together, EACH + 1) - 1) * WHOLE
    partners = sorted(other for other, many in together.items() if many >= min_together and weight[other] > least)
    total = _all_purchases(ask) if partners else {}
    orders = total.get("sales") or 0
    wanted = [product, *partners] if partners else []
    known = {
        row[T.id]: {**row, "name": row.get("name") or row.get("sku") or row[T.id]}
        for start in range(0, len(wanted), AT_ONCE)
        for row in ask(traversals.sold(wanted[start : start + AT_ONCE]))
    }
    asked = known.pop(product, {})
    title = asked.get("name", product)
    rows = [
        {
            "with_product_id": other, "name": row["name"], "together": together[other],
            "support": round(together[other] / orders, 9), "confidence": round(together[other] / own, 6),
            **_lift(weight[other] / WHOLE, asked["baskets"] * row["baskets"] / total["baskets"]),
        }
        for other, row in known.items() if orders
    ]  # fmt: skip
    above = [{**row, "lift": round(row["lift"], 6), "why": _also_held(row, own, title)} for row in rows if row["lift_low"] > 1]
    return _ranked(above, lambda row: (-row["lift_low"], -row["together"], row["with_product_id"]), k, TOGETHER)


def _counted(ask: Ask, product: str) -> tuple[Counter[str], Counter[str]]:
    """In how many baskets each product is together with this one, and what these weigh (graph/tables/live.py)."""
    by_customer = _one(ask(traversals.together_with(product)))
    together: Counter[str] = Counter()
    weight: Counter[str] = Counter()
    customers = sorted(by_customer)
    for start in range(0, len(customers), AT_ONCE):
        for who, many in _one(ask(traversals.basket_counts(customers[start : start + AT_ONCE]))).items():
            each = WHOLE if many <= EACH else EACH * WHOLE // many
            for other, times in by_customer[who].items():
                together[other] += times
                weight[other] += times * each
    return together, weight


def _lift(weight: float, chance: float) -> dict[str, float]:
    """The lift and its lower bound, as in insights/answers/bought_together.py."""
    lift, part = weight / chance, max(1 - 1 / (9 * weight) - Z / (3 * sqrt(weight)), 0.0)
    return {"lift": lift, "lift_low": round(lift * part * part * part, 2)}


def _also_held(row: Mapping[str, Any], own: int, title: str) -> str:
    """The sentence of insights/answers/bought_together.py."""
    times = f"{row['lift']:.1f}" if row["lift"] < 10 else f"{row['lift']:.0f}"
    orders = "order" if own == 1 else "orders"
    return (
        f"{row['together']} of the {own} {orders} with {title} also held {row['name']}: {times} times as often as by chance "
        f"(the lift; {row['lift_low']:.2f} at least)."
    )


TOGETHER = pa.schema(
    [("with_product_id", pa.string()), ("name", pa.string()), ("rank", pa.int64()), ("together", pa.int64())]
    + [(name, pa.float64()) for name in ("support", "confidence", "lift", "lift_low")]
    + [("why", pa.string())]
)


def habits(ask: Ask, customer: str, as_of: datetime | None, min_orders: int) -> dict[str, Any]:
    """A customer's habits: orders, amount, recency_days, cadence_days, first_order, last_order, next_order, categories, channel,
    currency, amounts: several currencies are not added, then amount and currency are None and amounts has each as JSON.

    Empty if nothing was ordered. insights/answers/habits.py also computes what needs all customers: scores and segments.
    """
    now = as_of or _all_purchases(ask)["newest"] or None
    orders = [order for order in _orders(ask(traversals.orders_of(customer))) if now is not None and _until(order, now)]
    if not orders or now is None:
        return {}
    times = [order["ordered_at"] for order in orders]
    days = sorted({at.date() for at in times})
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    cadence = float(median(gaps)) if len(days) >= min_orders else None
    money = _totals([*orders, *(back for back in _orders(ask(traversals.returns_of(customer))) if _until(back, now))])
    return {
        "orders": len(orders),
        "amount": next(iter(money.values())) if len(money) == 1 else None,
        "recency_days": (now.date() - days[-1]).days,
        "cadence_days": None if cadence is None else round(cadence, 2),
        "first_order": min(times),
        "last_order": max(times),
        "next_order": None if cadence is None else _after(days[-1], cadence),
        "categories": _favourites(ask(traversals.categories_of(customer, now))),
        "channel": _usual_channel(orders),
        "currency": next(iter(money)) or None if len(money) == 1 else None,
        "amounts": json.dumps({name or "?": total for name, total in money.items()}, separators=(",", ":"))
        if len(money) > 1
        else None,
    }


def _orders(found: Iterable[dict[Any, Any]]) -> list[dict[str, Any]]:
    """Orders with values of the model's types; a value that does not fit is null."""
    return [{name: fit(order.get(name), type_) for name, type_ in ORDER.items()} for order in found]


def _until(order: dict[str, Any], now: datetime) -> bool:
    return order["ordered_at"] is not None and order["ordered_at"] <= now


def _totals(orders: list[dict[Any, Any]]) -> dict[str, float]:
    """Currency -> the sum of what was paid. Orders without a currency count as the others, if these have one only."""
    named = sorted({order["currency"] for order in orders if order.get("currency")})
    found: dict[str, list[float]] = {}
    for order in orders:
        currency = order.get("currency") or (named[0] if len(named) == 1 else "")
        found.setdefault(currency, []).append((order.get("amount") or 0.0) - (order.get("unpaid") or 0.0))
    return {currency: round(fsum(found[currency]), 4) for currency in sorted(found, key=lambda name: (not name, name))}


def _after(day: date, cadence: float) -> date:
    return day + timedelta(days=int(cadence + 0.5))  # DuckDB rounds a half up


def _favourites(bought: list[dict[str, Any]]) -> list[str]:
    times: Counter[str] = Counter()
    amount: Counter[str] = Counter()
    currencies: dict[str, set[str]] = {}
    for row in bought:
        if row["category"]:
            times[row["category"]] += row["times"]
            amount[row["category"]] += round(row["amount"] * 10_000)
            currencies.setdefault(row["category"], set()).add(row["amounts"] or row["currency"])
    one = {name for name, found in currencies.items() if len(found) == 1 and not any(each.startswith("{") for each in found)}
    return sorted(times, key=lambda name: (-times[name], name not in one, -amount[name] if name in one else 0, name))[:3]


def _usual_channel(orders: list[dict[Any, Any]]) -> str | None:
    used: dict[str, list[datetime]] = {}
    for order in orders:
        if order.get("channel"):
            used.setdefault(order["channel"], []).append(order["ordered_at"])
    newest = datetime(1, 1, 1)
    best = sorted(used, key=lambda name: (-len(used[name]), newest - max(used[name]), name))
    return best[0] if best else None


def _one(answer: list[Any]) -> dict[str, Any]:
    """The map that a grouping traversal gives."""
    return dict(answer[0]) if answer else {}


def _ranked(rows: list[dict[str, Any]], order: Any, k: int, schema: pa.Schema) -> pa.Table:
    best = sorted(rows, key=order)[:k]
    return pa.Table.from_pylist([{**row, "rank": place} for place, row in enumerate(best, 1)], schema)
