"""What campaigns did: how many ordered, and what was paid, of those who were contacted and of those who were held out.

The difference of two shares has Newcombe's interval ("Interval estimation for the difference between independent proportions",
Statistics in Medicine 1998, method 10), that of two means the one of Welch, both 95 %. Sums of several currencies are apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

import pyarrow as pa

from fullcircle.ask.tables import Answers, ReaderAnswer
from fullcircle.book.book import Book
from fullcircle.engine.base import Engine, literal
from fullcircle.steward.campaign import has_campaigns

Z = 1.959964
ENOUGH = 30  # customers in each group
MEMBERS = """
    SELECT coalesce(c.into_id, m.customer_id), min(m.held_out)
    FROM campaign_member m LEFT JOIN customer_id c ON c.id = m.customer_id
    WHERE m.campaign = ? GROUP BY 1 HAVING min(m.held_out) = max(m.held_out)"""  # who became one of both groups says nothing
PAID = """
    SELECT customer_id, coalesce(currency, '') AS currency, sum(paid) AS paid FROM (
        SELECT customer_id, currency, coalesce(amount, 0) - coalesce(unpaid, 0) AS paid, ordered_at FROM customer_orders
        UNION ALL SELECT customer_id, currency, coalesce(amount, 0), ordered_at FROM customer_returns)
    WHERE {inside} GROUP BY ALL"""


@dataclass(frozen=True, slots=True)
class CampaignResult(ReaderAnswer):
    """A campaign and what came of it. `note`: why it cannot be said yet, or not surely."""

    name: str
    segment: str
    started_on: date
    until: date  # orders count to the end of this day
    contacted: int
    held_out: int
    contacted_ordered: int
    held_out_ordered: int
    gain: float | None  # the share of who ordered, above that of the held out
    gain_low: float | None
    gain_high: float | None
    paid: tuple[str, ...]  # for each currency: what a contacted customer paid more than one held out, with its interval
    note: str | None


def campaigns(book: Book, tables: Engine, days: int) -> Answers[CampaignResult]:
    """All campaigns, the newest first, by the orders of the first `days` days after each began."""
    if not has_campaigns(book):
        return Answers(CampaignResult, ())
    rows = book.read("SELECT name, segment, started_on FROM campaign ORDER BY started_on DESC, name")
    known = tables.value("SELECT max(ordered_at)::DATE FROM customer_orders WHERE ordered_at <= now()::TIMESTAMP")
    found = [_result(book, tables, name, segment, date.fromisoformat(day), days, known) for name, segment, day in rows]
    return Answers(CampaignResult, tuple(found))


def _result(book: Book, tables: Engine, name: str, segment: str, began: date, days: int, known: date | None) -> CampaignResult:
    members = book.read(MEMBERS, (name,))
    until = min(began + timedelta(days=days), known or began)
    ids, held_out = [row[0] for row in members], [row[1] for row in members]
    given = pa.table({"customer_id": pa.array(ids, pa.string()), "held": pa.array(held_out, pa.int8())})
    inside = f"CAST(ordered_at AS DATE) > DATE {literal(began)} AND CAST(ordered_at AS DATE) <= DATE {literal(until)}"
    with tables.register("campaign_now", given):
        groups = {
            held: (many, ordered)
            for held, many, ordered in tables.rows(
                "SELECT held, count(*), count(*) FILTER (customer_id IN (SELECT customer_id FROM customer_orders "
                f"WHERE {inside})) FROM campaign_now SEMI JOIN customers USING (customer_id) GROUP BY held"
            )
        }
        (many, ordered), (rest, rest_ordered) = groups.get(0, (0, 0)), groups.get(1, (0, 0))
        note, enough = _note(many, rest, began, until, days), min(many, rest) >= ENOUGH and until > began
        paid = _paid(tables, PAID.format(inside=inside), many, rest) if enough else ()
    gain, low, high = newcombe(ordered, many, rest_ordered, rest) if enough else (None, None, None)
    return CampaignResult(name, segment, began, until, many, rest, ordered, rest_ordered, gain, low, high, paid, note)


def _note(many: int, rest: int, began: date, until: date, days: int) -> str | None:
    if until <= began:
        return "No order after it is known yet."
    if min(many, rest) < ENOUGH:
        return f"Too few customers in one of the groups: {ENOUGH} are needed in each."
    known = (until - began).days
    return f"Orders of {known} of {days} days are known." if known < days else None


def _paid(tables: Engine, paid: str, many: int, rest: int) -> tuple[str, ...]:
    rows = tables.rows(
        f"SELECT currency, held, CAST(sum(paid) AS DOUBLE), CAST(sum(paid * paid) AS DOUBLE) FROM ({paid}) "
        "JOIN campaign_now USING (customer_id) JOIN (SELECT customer_id FROM customers) USING (customer_id) GROUP BY ALL"
    )
    found = []
    for currency in sorted({row[0] for row in rows}):
        total = {row[1]: row[2:] for row in rows if row[0] == currency}
        means, errors = [], []
        for held, size in ((0, many), (1, rest)):
            sums, squares = total.get(held, (0.0, 0.0))
            means.append(sums / size)
            errors.append(max(squares / size - (sums / size) ** 2, 0) / (size - 1))
        more, by = means[0] - means[1], Z * sqrt(sum(errors))
        found.append(f"{more:+.2f} ({more - by:+.2f} to {more + by:+.2f}) {currency}".rstrip())
    return tuple(found)


def newcombe(ordered: int, many: int, rest_ordered: int, rest: int) -> tuple[float, float, float]:
    """The difference of two shares, and its interval from those of Wilson."""
    one, other = ordered / many, rest_ordered / rest
    (low, high), (rest_low, rest_high) = _wilson(ordered, many), _wilson(rest_ordered, rest)
    gain = one - other
    below = gain - sqrt((one - low) ** 2 + (rest_high - other) ** 2)
    above = gain + sqrt((high - one) ** 2 + (other - rest_low) ** 2)
    return round(gain, 5), round(below, 5), round(above, 5)


def _wilson(hits: int, many: int) -> tuple[float, float]:
    share, square = hits / many, Z * Z
    middle, by = share + square / (2 * many), Z * sqrt(share * (1 - share) / many + square / (4 * many * many))
    return (middle - by) / (1 + square / many), (middle + by) / (1 + square / many)
