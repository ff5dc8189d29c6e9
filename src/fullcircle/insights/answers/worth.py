"""What a customer is worth: orders and value expected in the next year, and the chance that none comes. See worth/foreseen.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.engine.base import Engine
from fullcircle.engine.changes import bring_once
from fullcircle.insights.base import Finding, InsightContext
from fullcircle.insights.tables import THE_DEAD, fill_edges, fill_vertices, know_the_dead
from fullcircle.insights.worth.foreseen import Ahead, ahead, foresee, keep, say
from fullcircle.insights.worth.lives import PEOPLE, leave_lives, ordered_at_all, read_lives
from fullcircle.insights.worth.trial import ENOUGH, LOST, ORDERS, VALUE, WorthTrial, hold_trial, too_few

TABLE = "insight_worth"
FILLED = (TABLE, "vertices_worth", "edges_has_worth")
ROWS = f"""
    SELECT customer_id, f.days, orders AS expected_orders, CAST(value AS DECIMAL(18,4)) AS expected_value,
        CASE WHEN value IS NOT NULL THEN nullif(currency, '') END AS currency, lost, method,
        concat('Ordered on ', ordered, CASE WHEN ordered = 1 THEN ' day' ELSE ' days' END, ', the last on ', last,
            '. In the next ', f.days, ' days about ', CAST(orders AS VARCHAR),
            CASE WHEN orders = 1 THEN ' order is' ELSE ' orders are' END,
            ' expected, and with a chance of ', CAST(round(100 * lost) AS INTEGER), ' % none comes.',
            CASE WHEN several THEN ' No value: paid in several currencies.' ELSE '' END) AS why
    FROM foreseen f JOIN {PEOPLE} USING (customer) ANTI JOIN {THE_DEAD} USING (customer_id) ORDER BY customer_id"""


class WorthOptions(Settings):
    """[insights.worth]."""

    days: int = Field(365, ge=1, le=3650)  # so many days ahead


class Worth:
    """See the top of the file."""

    name = "worth"
    meaning = "How many orders and what value are expected of a customer in the next year, and how likely none."
    after = ()

    def check_options(self, options: Mapping[str, Any]) -> None:
        """See `insights.base.ChecksInsight`."""
        parse(WorthOptions, dict(options), "[insights.worth]")

    def compute(self, context: InsightContext) -> Finding:
        """Fill insight_worth, vertices_worth, edges_has_worth, and the two tables of the trial."""
        options = parse(WorthOptions, context.options, "[insights.worth]")
        engine = context.engine
        many = ordered_at_all(engine, context.as_of)
        if many < ENOUGH and (nothing := _nothing(engine)):  # the usual case of a small project: nothing is read or written
            trial = too_few(many)
            say(context.progress, trial, Ahead(options.days, options.days))
            keep(engine, trial)
            return Finding(self.name, nothing, _figures(trial))
        lives = read_lives(engine, context.as_of)
        trial = hold_trial(lives, options.days) if many >= ENOUGH else too_few(many)
        look = ahead(lives, options.days)
        say(context.progress, trial, look)
        know_the_dead(engine)
        with engine.transaction(), engine.register("foreseen", foresee(lives, trial, look.days)):
            bring_once(engine, TABLE, ROWS)
            tables = _store(engine)
            keep(engine, trial)
        leave_lives(engine)
        return Finding(self.name, tables, _figures(trial))


def _nothing(engine: Engine) -> dict[str, int]:
    """The tables of the insight, if all are there and empty."""
    found = {name: engine.count(name) for name in FILLED if engine.has(name)}
    return found if len(found) == len(FILLED) and not any(found.values()) else {}


def _store(engine: Engine) -> dict[str, int]:
    vertices = f"SELECT 'worth:' || customer_id AS id, * FROM {TABLE}"
    edges = f"SELECT customer_id AS source, 'worth:' || customer_id AS target FROM {TABLE}"
    counts = engine.count(TABLE), fill_vertices(engine, "Worth", vertices), fill_edges(engine, "HAS_WORTH", edges)
    return dict(zip(FILLED, counts, strict=True))


def _figures(trial: WorthTrial) -> dict[str, float]:
    found = {"customers_tried": float(trial.customers)}
    for question in (ORDERS, LOST, VALUE):
        for one in trial.of(trial.chosen, question):
            name = "_".join(part for part in (question, one.currency) if part)
            found |= {f"{name}_expected": round(one.expected, 2), f"{name}_came": round(one.came, 2)}
    return found


PLUGIN = Worth()
