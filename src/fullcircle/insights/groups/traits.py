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

PLACED = f"""
    CREATE OR REPLACE TEMP TABLE group_orders AS
    SELECT customer_id, order_id, CAST(ordered_at AS DATE) AS day, nullif(trim(channel), '') AS channel,
        coalesce(nullif(trim(currency), ''), '') AS currency, CAST(amount AS DOUBLE) AS amount
    FROM customer_orders ANTI JOIN {THE_DEAD} USING (customer_id)
    WHERE customer_id IS NOT NULL AND ordered_at <= $as_of
    QUALIFY min(day) OVER (PARTITION BY customer_id) < max(day) OVER (PARTITION BY customer_id)"""
HELD = f"""
    CREATE OR REPLACE TEMP TABLE group_lines AS
    SELECT customer_id, order_id, product_id FROM {KEPT_LINES} JOIN group_orders USING (order_id)
    WHERE product_id IS NOT NULL GROUP BY ALL HAVING coalesce(sum(quantity), 1) > 0"""
PEOPLE = """
    SELECT customer_id, CAST(days AS DOUBLE) AS often, coalesce(lines / nullif(filled, 0), 0) AS basket, spend, currency,
        CAST(date_diff('day', last, DATE '{today}') AS DOUBLE) AS ago
    FROM (
        SELECT customer_id, count(DISTINCT day) AS days, max(day) AS last,
            CASE WHEN count(DISTINCT currency) = 1 THEN any_value(currency) END AS currency,
            CASE WHEN count(DISTINCT currency) = 1 THEN round(avg(amount) FILTER (amount > 0), 4) END AS spend
        FROM group_orders GROUP BY customer_id)
    LEFT JOIN (SELECT customer_id, count(*) AS lines, count(DISTINCT order_id) AS filled FROM group_lines GROUP BY customer_id)
        USING (customer_id)
    ORDER BY customer_id"""
CATEGORY = """SELECT customer_id, nullif(trim(category), '') AS name FROM group_lines JOIN products USING (product_id)"""
CHANNEL = "SELECT customer_id, channel AS name FROM group_orders"
COUNTED = """
    WITH said AS ({said}), named AS (SELECT * FROM said WHERE name IS NOT NULL),
    common AS (SELECT name FROM named GROUP BY name ORDER BY count(DISTINCT customer_id) DESC, name LIMIT {most})
    SELECT customer_id, CASE WHEN name IN (FROM common) THEN name ELSE '' END AS name, CAST(count(*) AS DOUBLE) AS many
    FROM named GROUP BY ALL ORDER BY ALL"""


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

    customers: list[str]
    measures: Floats  # MEASURES, as they are; NaN: not known
    currency: Ints
    currencies: tuple[str, ...]
    shares: dict[str, Shares]

    def of(self, rows: Ints) -> Traits:
        """Those of some rows."""
        shares = {kind: Shares(one.names, one.counts[rows]) for kind, one in self.shares.items()}
        return Traits([self.customers[n] for n in rows], self.measures[rows], self.currency[rows], self.currencies, shares)

    def numbers(self) -> Floats:
        """What distances are measured in: measures with a mean of 0 and a deviation of 1, and shares."""
        return together(self.standard(), self.shares)

    def standard(self) -> Floats:
        """The measures, in standard deviations from the mean; sums among those of the same currency."""
        logs = np.log1p(np.maximum(self.measures, 0.0))
        made = np.zeros_like(logs)
        for place, name in enumerate(MEASURES):
            groups = (
                [self.currency == one for one in range(len(self.currencies))] if name == SPEND else [np.full(len(logs), True)]
            )
            for those in groups:
                own = logs[those, place]
                known = ~np.isnan(own)
                if known.sum() > 1 and own[known].std() > 1e-9:
                    own = (own - own[known].mean()) / own[known].std()
                    made[those, place] = np.where(known, np.clip(own, -FARTHEST, FARTHEST), 0.0)
        return made


def together(standard: Floats, shares: Mapping[str, Shares]) -> Floats:
    """Measures and shares of the same customers."""
    return np.hstack([standard, *(one.scaled(WEIGHTS[kind]) for kind, one in shares.items())])


def read_traits(engine: Engine, as_of: datetime) -> Traits:
    """The traits of everybody who ordered on two days; THE_DEAD must be known."""
    engine.run(PLACED, {"as_of": as_of})
    engine.run(HELD)
    people = engine.arrow(PEOPLE.format(today=as_of.date().isoformat()))
    customers = people.column("customer_id").to_pylist()
    place = {one: n for n, one in enumerate(customers)}
    names = people.column("currency").to_pylist()
    currencies = tuple(sorted({one for one in names if one is not None}))
    shares = {}
    for kind, said, most in (("category", CATEGORY, CATEGORIES), ("channel", CHANNEL, CHANNELS)):
        shares[kind] = _shares(engine.arrow(COUNTED.format(said=said, most=most)), place)
    engine.run("DROP TABLE group_orders; DROP TABLE group_lines")
    measures = np.column_stack([people.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False) for name in MEASURES])
    code = {one: n for n, one in enumerate(currencies)}
    currency = np.array([-1 if one is None else code[one] for one in names], dtype=np.int32)
    return Traits(customers, measures.reshape(len(customers), len(MEASURES)), currency, currencies, shares)


def _shares(rows: pa.Table, place: dict[str, int]) -> Shares:
    names = tuple(sorted(set(rows.column("name").to_pylist()) - {""}))
    counts = np.zeros((len(place), len(names) + 1))
    code = {one: n for n, one in enumerate((*names, ""))}
    who = [place[one] for one in rows.column("customer_id").to_pylist()]
    what = [code[one] for one in rows.column("name").to_pylist()]
    counts[who, what] = column(rows, "many") if rows.num_rows else 0.0
    return Shares(names, counts)
