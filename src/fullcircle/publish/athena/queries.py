"""Questions about the 360 views that are asked again and again, by name. They read the views of views.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A question, and its SQL over the views."""

    name: str
    meaning: str
    sql: str


QUERIES: dict[str, NamedQuery] = {
    one.name: one
    for one in (
        NamedQuery(
            "segments",
            "How many customers each segment has, and what they spent, by currency.",
            """SELECT coalesce(segment, 'never bought') AS segment, currency, count(*) AS customers, sum(spent) AS spent
FROM customers_360 GROUP BY 1, 2 ORDER BY 4 DESC NULLS LAST, 1, 2""",
        ),
        NamedQuery(
            "months",
            "Orders and what was spent, by month and currency.",
            """SELECT date_trunc('month', ordered_at) AS month, currency, count(*) AS orders, sum(spent) AS spent
FROM customer_orders WHERE counts_as <> 'nothing' GROUP BY 1, 2 ORDER BY 1, 2""",
        ),
        NamedQuery(
            "channels",
            "What customers spent, by the channel of their first order.",
            """SELECT f.channel, c.currency, count(*) AS customers, sum(c.spent) AS spent, sum(c.spent) / count(*) AS each
FROM customers_360 c JOIN (
    SELECT customer_id, channel, row_number() OVER (PARTITION BY customer_id ORDER BY ordered_at NULLS LAST, order_id) AS place
    FROM customer_orders WHERE counts_as = 'sale') f ON f.customer_id = c.customer_id AND f.place = 1
GROUP BY 1, 2 ORDER BY 4 DESC NULLS LAST, 1, 2""",
        ),
        NamedQuery(
            "products",
            "The products that most customers bought.",
            """SELECT product_id, product, category, count(*) AS customers, sum(quantity) AS quantity
FROM customer_products GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1 LIMIT 50""",
        ),
        NamedQuery(
            "due",
            "Customers whose next order is due, who spent most first.",
            """SELECT s.customer_id, s.segment, s.next_order, s.cadence_days, c.spent, c.currency
FROM segments s JOIN customers_360 c ON c.customer_id = s.customer_id
WHERE s.due ORDER BY c.spent DESC NULLS LAST, 1 LIMIT 1000""",
        ),
        NamedQuery(
            "support",
            "Tickets by segment, and how many customers wrote them.",
            """SELECT coalesce(segment, 'never bought') AS segment, count(*) AS customers,
    count(CASE WHEN tickets > 0 THEN 1 END) AS with_tickets, sum(tickets) AS tickets
FROM customers_360 GROUP BY 1 ORDER BY 4 DESC, 1""",
        ),
        NamedQuery(
            "quality",
            "The quality rules that rows broke.",
            """SELECT table_name, column_name, rule, action, checked, failed FROM quality
WHERE failed > 0 ORDER BY failed DESC, 1, 2""",
        ),
    )
}
