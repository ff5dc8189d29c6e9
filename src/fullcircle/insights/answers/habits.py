"""Buying habits: how often, how much, how long ago, when next, and a segment with its reason. SQL only.

RFM (recency, frequency, monetary value) follows Hughes, "Strategic Database Marketing" (1994). Each score is 1 to 5: the fifth of
the customers, in order, that a customer is in. Equal customers get equal scores (a plain ntile would separate them by id). The
cadence is the median of the gaps between order days, so one long holiday does not change it.

The amount is what was spent, less what was given back: what of an order is owed (its bill is open, overdue, or paid in part) is
not in it, but in `unpaid`, apart. Amounts of different currencies are never added: a customer with several
has no amount, but one for each currency. The monetary score compares customers of the same currency (`-` where there is none).

A new day alone changes few rows: what is relative to a day (how long ago, whether due) follows from the dates that are stored,
and the scores compare customers with one another. Only who crosses a bound (due, at risk, lapsed) changes with the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.engine.changes import bring_once
from fullcircle.graph.tables.money import sums
from fullcircle.insights.base import Finding, InsightContext
from fullcircle.insights.tables import THE_DEAD, fill_edges, fill_vertices, know_the_dead

# The usual pause of a customer whose own is unknown is the median of the others, or this if no customer has one.
PAUSE_DAYS = 90
# No pause counts as shorter than this, so that nobody is at risk or lapsed too soon.
SHORTEST_PAUSE = 7

ORDERS = """
    SELECT customer_id, order_id, ordered_at, CAST(ordered_at AS DATE) AS day,
        CAST(coalesce(amount, 0) AS DECIMAL(18,4)) - CAST(coalesce(unpaid, 0) AS DECIMAL(18,4)) AS amount, currency, channel,
        CAST(unpaid AS DECIMAL(18,4)) AS unpaid
    FROM customer_orders WHERE customer_id IS NOT NULL AND ordered_at <= $as_of"""

MONEY = """
    SELECT customer_id, amount, currency FROM own
    UNION ALL SELECT customer_id, CAST(coalesce(amount, 0) AS DECIMAL(18,4)), currency FROM customer_returns
    WHERE ordered_at <= $as_of"""

# What each customer owes: a number where it is in one currency, and in words.
OWED = """
    SELECT customer_id, CASE WHEN count(*) = 1 THEN any_value(owed) END AS owed, any_value(currency) AS owed_in,
        string_agg(printf('%.2f', CAST(owed AS DOUBLE)) || coalesce(' ' || currency, ''), ' + ' ORDER BY currency) AS owed_text
    FROM (SELECT customer_id, currency, sum(unpaid) AS owed FROM own GROUP BY ALL) WHERE owed > 0 GROUP BY customer_id"""

RHYTHM = """
    SELECT customer_id, count(*) AS days, CASE WHEN count(*) >= $min_orders THEN median(gap) END AS cadence
    FROM (
        SELECT customer_id, date_diff('day', lag(day) OVER (PARTITION BY customer_id ORDER BY day), day) AS gap
        FROM (SELECT DISTINCT customer_id, day FROM own))
    GROUP BY customer_id"""

CHANNEL = """
    SELECT customer_id, channel FROM (
        SELECT customer_id, channel,
            row_number() OVER (PARTITION BY customer_id ORDER BY count(*) DESC, max(ordered_at) DESC, channel) AS place
        FROM own WHERE channel <> '' GROUP BY customer_id, channel)
    WHERE place = 1"""

CATEGORIES = """
    SELECT customer_id, list(category ORDER BY place) AS names FROM (
        SELECT customer_id, category, row_number() OVER (PARTITION BY customer_id
            ORDER BY sum(times) DESC, CASE WHEN count(DISTINCT coalesce(currency, '')) = 1 AND bool_and(amounts IS NULL)
                THEN sum(CAST(amount AS DECIMAL(18,4))) END DESC NULLS LAST, category) AS place
        FROM purchases JOIN products USING (product_id)
        WHERE category <> '' AND first <= $as_of GROUP BY customer_id, category)
    WHERE place <= 3 GROUP BY customer_id"""

# 1 + the number of whole fifths of the other customers that are strictly worse.
SCORE = "least(5, 1 + ((rank() OVER ({0} ORDER BY {1}) - 1) * 5) // greatest(count(*) OVER ({0}) - 1, 1))"
WORTH = f"CASE WHEN amount IS NOT NULL THEN {SCORE.format('PARTITION BY currency, amount IS NULL', 'amount')} END"
FACTS = f"""
    SELECT *, concat(r, f, coalesce(CAST(m AS VARCHAR), '-')) AS rfm,
        greatest(coalesce(cadence, median(cadence) OVER (), $pause_days), $shortest_pause) AS pause,
        CASE WHEN cadence IS NOT NULL AND NOT died THEN last_day + CAST(round(cadence) AS INTEGER) END AS next_order
    FROM (
        SELECT *, {SCORE.format("", "recency_days DESC")} AS r, {SCORE.format("", "orders")} AS f, {WORTH} AS m
        FROM (
            SELECT customer_id, count(*) AS orders, min(ordered_at) AS first_order,
                max(ordered_at) AS last_order, max(day) AS last_day,
                date_diff('day', max(day), CAST($as_of AS DATE)) AS recency_days
            FROM own GROUP BY customer_id)
        JOIN (SELECT customer_id, dead.customer_id IS NOT NULL AS died
            FROM rhythm LEFT JOIN {THE_DEAD} dead USING (customer_id)) USING (customer_id)
        JOIN spent USING (customer_id))
    JOIN rhythm USING (customer_id)"""

# Segment, rule, reason in words. The first rule that is true decides.
SEGMENTS = (
    ("deceased", "died", "a record says that this person died: nobody is to write to them"),
    ("lapsed", "recency_days > 3 * pause", "the last order is more than 3 times the usual pause ago"),
    ("at risk", "recency_days > 1.5 * pause AND days > 1", "the last order is more than 1.5 times the usual pause ago"),
    ("new", "days = 1", "bought on one day so far, not long ago"),
    ("champions", "r >= 4 AND f >= 4 AND m >= 4", "among the best in how lately, how often and how much"),
    ("loyal", "f >= 4", "orders more often than most"),
    ("promising", "r >= 4", "ordered more lately than most, but not yet often"),
    ("regular", "true", "orders now and then, in no way unusual"),
)

WHY = """concat(
    orders, CASE WHEN orders = 1 THEN ' order' ELSE ' orders' END,
    CASE WHEN cadence IS NOT NULL THEN ', usually every ' || CAST(round(cadence) AS INTEGER)
        || CASE WHEN round(cadence) = 1 THEN ' day' ELSE ' days' END ELSE '' END,
    '; the last one on ', CAST(last_order AS DATE),
    CASE WHEN segment = 'lapsed' OR next_order IS NULL THEN ''
        ELSE ', the next expected around ' || next_order END,
    '. ',
    CASE WHEN names IS NOT NULL THEN 'Buys mostly ' || array_to_string(names, ', ') || '. ' ELSE '' END,
    CASE WHEN channel IS NOT NULL THEN 'Usual channel: ' || channel || '. ' ELSE '' END,
    CASE WHEN owed_text IS NOT NULL THEN 'Not paid yet: ' || owed_text || '. ' ELSE '' END,
    CASE WHEN amounts IS NOT NULL THEN 'No total: paid in several currencies. ' ELSE '' END,
    upper(segment[1]), segment[2:], ': ', reason, '.')"""

QUERY = f"""
    WITH own AS ({ORDERS}), rhythm AS ({RHYTHM}), channels AS ({CHANNEL}), favourites AS ({CATEGORIES}), owing AS ({OWED}),
    money AS ({MONEY}), spent AS ({sums("customer_id", "money")}), facts AS ({FACTS}),
    named AS (
        SELECT *, CASE {" ".join(f"WHEN {rule} THEN '{name}'" for name, rule, _ in SEGMENTS)} END AS segment,
            CASE {" ".join(f"WHEN {rule} THEN '{reason}'" for _, rule, reason in SEGMENTS)} END AS reason
        FROM facts)
    SELECT customer_id, orders, CAST(amount AS DECIMAL(18,4)) AS amount, round(cadence, 2) AS cadence_days,
        first_order, last_order, next_order,
        coalesce(next_order <= CAST($as_of AS DATE) + CAST($due_days AS INTEGER) AND segment <> 'lapsed', false) AS due,
        rfm, segment, CAST(to_json(names) AS VARCHAR) AS categories, channel, {WHY} AS why, currency, amounts,
        CASE WHEN owed_in IS NOT DISTINCT FROM currency AND amounts IS NULL THEN owed END AS unpaid
    FROM named LEFT JOIN owing USING (customer_id) LEFT JOIN channels USING (customer_id) LEFT JOIN favourites USING (customer_id)
    ORDER BY customer_id"""


class HabitsOptions(Settings):
    """[insights.habits]."""

    min_orders: int = Field(3, ge=2)  # order days needed to compute a cadence
    due_days: int = Field(7, ge=0)  # due: the next order is expected within this many days, or is late


class Habits:
    """See the top of the file."""

    name = "habits"
    meaning = "How often, how much and where a customer buys, when the next order is expected, and who is slipping away."
    after = ()

    def check_options(self, options: Mapping[str, Any]) -> None:
        """See `insights.base.ChecksInsight`."""
        parse(HabitsOptions, dict(options), "[insights.habits]")

    def compute(self, context: InsightContext) -> Finding:
        """Fill insight_habits, vertices_habits and edges_has_habits: one row for each customer with an order."""
        options = parse(HabitsOptions, context.options, "[insights.habits]")
        engine = context.engine
        know_the_dead(engine)
        with engine.transaction():
            bring_once(engine, "insight_habits", QUERY, _values(context, options))
            tables = {
                "insight_habits": engine.count("insight_habits"),
                "vertices_habits": fill_vertices(
                    engine, "Habits", "SELECT 'habits:' || customer_id AS id, * FROM insight_habits"
                ),
                "edges_has_habits": fill_edges(
                    engine, "HAS_HABITS", "SELECT customer_id AS source, 'habits:' || customer_id AS target FROM insight_habits"
                ),
            }
        if not tables["insight_habits"]:
            context.progress.say("habits: nobody has any, as no order of a known customer has a date that is not in the future.")
        figures = "SELECT count(*) FILTER (due), count(*) FILTER (segment = 'lapsed'), median(cadence_days) FROM insight_habits"
        due, lapsed, cadence = engine.rows(figures)[0]
        return Finding(self.name, tables, {"due": due, "lapsed": lapsed, "median_cadence_days": cadence or 0.0})


def _values(context: InsightContext, options: HabitsOptions) -> dict[str, object]:
    return {"as_of": context.as_of, **options.model_dump(), "pause_days": PAUSE_DAYS, "shortest_pause": SHORTEST_PAUSE}


PLUGIN = Habits()
