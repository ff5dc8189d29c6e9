"""Whether the lines of orders add up to the amounts of these orders: if not by far, a wrong column is the price of a piece.

Postage, taxes and discounts make a difference; half as much again, or half of it, they seldom do. See `odd_sums`.
"""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.engine.base import Engine
from fullcircle.mapping.corrections import LOST
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress

LEAST, MOST = 0.5, 1.5  # what lines may come to, as a share of the amount of their order
SHARE = 0.1  # of the orders; a few odd ones have another reason


@dataclass(frozen=True, slots=True)
class OddSums:
    """Of the orders of an object those whose lines, of another object perhaps, do not add up to their amounts; one of them."""

    source: str
    object: str
    lines: str
    odd: int
    of: int
    added: float
    whole: float

    def __str__(self) -> str:
        orders, theirs = counted(self.of, "order", "orders"), "its amount" if self.of == 1 else "their amounts"
        return (
            f"{self.source}.{self.object}: the lines of {self.odd:,} of {orders} do not add up to {theirs}: {self.added:,.2f} "
            f"against {self.whole:,.2f} in one of them. The amounts of orders count, but what was spent on each product is "
            f"wrong: look at unit_price, quantity and amount of the map of {self.lines}."
        )


def odd_sums(engine: Engine) -> list[OddSums]:
    """Of which objects the lines do not add up to the amounts of the orders."""
    sums = (
        "SELECT o.order_id, o.source, o.object, l.of AS lines_of, CAST(o.amount AS DOUBLE) AS whole, l.amount AS added "
        "FROM conformed.orders o JOIN ("
        "SELECT order_id, min(object) AS of, CAST(sum(amount) AS DOUBLE) AS amount FROM conformed.order_lines "
        f"WHERE coalesce(status, '') NOT IN ({LOST}) GROUP BY 1 "
        "HAVING count(amount) = count(*)) l USING (order_id) WHERE o.amount > 0"
    )
    odd = f"added < {LEAST} * whole OR added > {MOST} * whole"
    found = engine.rows(
        f"SELECT source, object, lines_of, count(*) FILTER ({odd}) AS n, count(*) AS of, "
        f"arg_min(added, order_id) FILTER ({odd}), arg_min(whole, order_id) FILTER ({odd}) "
        f"FROM ({sums}) GROUP BY 1, 2, 3 HAVING n > {SHARE} * of ORDER BY 1, 2, 3"
    )
    return [OddSums(*row) for row in found]


def report_sums(engine: Engine, progress: Progress) -> None:
    """Say it."""
    for one in odd_sums(engine):
        progress.say(str(one))
