"""What customers are compared by: how often, how lately, how much and in what they buy, as one row of numbers each.

Only who ordered on two days has habits. Sums are compared with those of the same currency; who paid in several counts as
average in that. Of categories and channels the shares of the most common ones are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.graph.tables.trade import KEPT_LINES
from fullcircle.insights.history import Floats, Ints, column
from fullcircle.insights.tables import THE_DEAD

CATEGORIES, CHANNELS = 8, 4  # the most common ones
WEIGHTS = {"category": 2.0, "channel": 1.0}  # so many measures such a block of shares weighs as much as
FARTHEST = 3.0  # standard deviations; who is farther off counts as being there
OFTEN, BASKET, SPEND, AGO = "often", "basket", "spend", "ago"
MEASURES = (OFTEN, BASKET, SPEND, AGO)

# Numbers come first: to group and join millions of lines by text would cost several times as much.
ORDERS = f"""
    SELECT customer_id, order_id, CAST(row_number() OVER () AS INTEGER) AS number, CAST(ordered_at AS DATE) AS day,
        nullif(trim(channel), '') AS channel, coalesce(nullif(trim(currency), ''), '') AS currency,
        CAST(amount AS DOUBLE) AS amount
    FROM customer_orders ANTI JOIN {THE_DEAD} USING (customer_id)
    WHERE customer_id IS NOT NULL AND ordered_at <= $as_of
    QUALIFY min(day) OVER (PARTITION BY customer_id) < max(day) OVER (PARTITION BY customer_id)"""
TABLES = {
    "group_people": """
        SELECT CAST(row_number() OVER (ORDER BY customer_id) - 1 AS INTEGER) AS place, customer_id
        FROM (SELECT DISTINCT customer_id FROM group_orders)""",
    "group_placed": "SELECT * EXCLUDE (customer_id) FROM group_orders JOIN group_people USING (customer_id)",
    "group_goods": """
        SELECT CAST(row_number() OVER () AS INTEGER) AS product, product_id, nullif(trim(category), '') AS category
        FROM products WHERE product_id IS NOT NULL""",
    "group_lines": f"""
        SELECT place, number, product FROM (
            SELECT number, product FROM {KEPT_LINES} JOIN (SELECT order_id, number FROM group_placed) USING (order_id)
            JOIN (SELECT product_id, product FROM group_goods) USING (product_id)
            GROUP BY number, product HAVING coalesce(sum(quantity), 1) > 0)
        JOIN (SELECT number, place FROM group_placed) USING (number)""",
}
PEOPLE = """
    SELECT customer_id, CAST(days AS DOUBLE) AS often, coalesce(lines / nullif(filled, 0), 0) AS basket, spend,
        coalesce(currency, '?') AS currency, CAST(date_diff('day', last, DATE '{today}') AS DOUBLE) AS ago
    FROM (
        SELECT place, count(DISTINCT day) AS days, max(day) AS last,
            CASE WHEN count(DISTINCT currency) = 1 THEN any_value(currency) END AS currency,
            CASE WHEN count(DISTINCT currency) = 1 THEN round(avg(amount) FILTER (amount > 0), 4) END AS spend
        FROM group_placed GROUP BY place)
    LEFT JOIN (SELECT place, count(*) AS lines, count(DISTINCT number) AS filled FROM group_lines GROUP BY place) USING (place)
    JOIN group_people USING (place) ORDER BY place"""
SAID = {
    "category": ("SELECT place, category AS name FROM group_lines JOIN group_goods USING (product)", CATEGORIES),
    "channel": ("SELECT place, channel AS name FROM group_placed", CHANNELS),
}
COMMON = (
    """SELECT name FROM ({said}) WHERE name IS NOT NULL GROUP BY name ORDER BY count(DISTINCT place) DESC, name LIMIT {most}"""
)
COUNTED = """
    SELECT place, coalesce(code, {rest}) AS code, CAST(count(*) AS DOUBLE) AS many
    FROM ({said}) LEFT JOIN common_names USING (name) WHERE name IS NOT NULL GROUP BY ALL"""


@dataclass(frozen=True, slots=True)
class Shares:
    """Of what kind things are: names, and how many of each a customer has; the last column is of all other kinds."""

    names: tuple[str, ...]
    counts: Floats

    def scaled(self, weight: float) -> Floats:
        """The shares as measures that all together vary as much as `weight` measures. Few things pull towards the usual share."""
        usual = self.counts.sum(axis=0) / max(self.counts.sum(), 1)
        shares = (self.counts + usual) / (self.counts.sum(axis=1, keepdims=True) + 1)
        spread = np.sqrt(shares.var(axis=0).sum())
        made: Floats = (shares - usual) * (np.sqrt(weight) / spread if spread > 0 else 0.0)
        return made


@dataclass(frozen=True, slots=True)
class Traits:
    """Parallel rows, one for each customer."""

    customers: pa.Array
    measures: Floats  # MEASURES, as they are; NaN: not known
    currency: Ints
    currencies: tuple[str, ...]
    shares: dict[str, Shares]

    def of(self, rows: Ints) -> Traits:
        """Those of some rows."""
        shares = {kind: Shares(one.names, one.counts[rows]) for kind, one in self.shares.items()}
        return Traits(self.customers.take(pa.array(rows)), self.measures[rows], self.currency[rows], self.currencies, shares)

    def numbers(self) -> Floats:
        """What distances are measured in: measures with a mean of 0 and a deviation of 1, and shares."""
        return together(self.standard(), self.shares)

    def standard(self) -> Floats:
        """The measures, in standard deviations from the mean; sums among those of the same currency.

        What is the mean of few orders is drawn to that of everybody: chance alone would put it far off.
        """
        logs = np.log1p(np.maximum(self.measures, 0.0))
        days = self.measures[:, MEASURES.index(OFTEN)]
        sure = days / (days + 2)
        made = np.zeros_like(logs)
        for place, name in enumerate(MEASURES):
            groups = (
                [self.currency == one for one in range(len(self.currencies))] if name == SPEND else [np.full(len(logs), True)]
            )
            for those in groups:
                own = logs[those, place]
                known = ~np.isnan(own)
                if known.sum() > 1 and own[known].std() > 1e-9:
                    own = (own - own[known].mean()) * (sure[those] if name in {BASKET, SPEND} else 1.0)
                    own = own / own[known].std()
                    made[those, place] = np.where(known, np.clip(own, -FARTHEST, FARTHEST), 0.0)
        return made


def together(standard: Floats, shares: Mapping[str, Shares]) -> Floats:
    """Measures and shares of the same customers."""
    return np.hstack([standard, *(one.scaled(WEIGHTS[kind]) for kind, one in shares.items())])


def read_traits(engine: Engine, as_of: datetime) -> Traits:
    """The traits of everybody who ordered on two days; THE_DEAD must be known."""
    engine.run(f"CREATE OR REPLACE TEMP TABLE group_orders AS {ORDERS}", {"as_of": as_of})
    for table, select in TABLES.items():
        engine.run(f"CREATE OR REPLACE TEMP TABLE {table} AS {select}")
    people = engine.arrow(PEOPLE.format(today=as_of.date().isoformat()))
    shares = {kind: _shares(engine, said, most, people.num_rows) for kind, (said, most) in SAID.items()}
    for table in ("group_orders", *TABLES):
        engine.run(f"DROP TABLE {table}")
    measures = np.column_stack([people.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False) for name in MEASURES])
    paid_in = people.column("currency").combine_chunks().dictionary_encode()
    currency: Ints = paid_in.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    currencies = tuple(paid_in.dictionary.to_pylist())
    customers = people.column("customer_id").combine_chunks()
    return Traits(customers, measures.reshape(people.num_rows, len(MEASURES)), currency, currencies, shares)


def _shares(engine: Engine, said: str, most: int, people: int) -> Shares:
    names = tuple(sorted(row[0] for row in engine.rows(COMMON.format(said=said, most=most))))
    common = pa.table({"name": pa.array(names, pa.string()), "code": pa.array(range(len(names)), pa.int32())})
    with engine.register("common_names", common):
        rows = engine.arrow(COUNTED.format(said=said, rest=len(names)))
    counts = np.zeros((people, len(names) + 1))
    counts[column(rows, "place"), column(rows, "code")] = column(rows, "many")
    return Shares(names, counts)
