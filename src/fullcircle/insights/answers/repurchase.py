"""When a customer is expected to buy a product, or of a category, again: see offers/cadence.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.engine.base import Engine
from fullcircle.engine.changes import bring_once
from fullcircle.insights.base import Finding, InsightContext
from fullcircle.insights.offers.cadence import CATEGORY, PRODUCT, Timing, expect, leave_cadence, try_timing
from fullcircle.insights.offers.chosen import keep_rows
from fullcircle.insights.offers.known import Knowledge, known_of
from fullcircle.insights.offers.moves import BUYERS, GOODS
from fullcircle.insights.tables import THE_DEAD, know_the_dead
from fullcircle.model.counting import counted

TABLE = "insight_repurchase"
MEANINGS = {PRODUCT: "the usual pause of a customer with a product", CATEGORY: "the usual pause of a customer with a category"}
COLUMNS = {
    "customer_id": "VARCHAR", "level": "VARCHAR", "subject": "VARCHAR", "product_id": "VARCHAR", "times": "INTEGER",
    "every_days": "DOUBLE", "last_on": "DATE", "next_from": "DATE", "next_on": "DATE", "next_until": "DATE", "why": "VARCHAR",
}  # fmt: skip
# The subject is the id of a product, or the name of a category.
NAMED = {
    PRODUCT: f"SELECT product AS subject, product_id, product_id AS named, name FROM {GOODS}",
    CATEGORY: f"SELECT kind AS subject, NULL AS product_id, any_value(category) AS named, any_value(category) AS name "
    f"FROM {GOODS} WHERE kind >= 0 GROUP BY kind",
}
ROWS = f"""
    SELECT customer_id, '{{level}}' AS level, named AS subject, product_id, CAST(times AS INTEGER) AS times, every AS every_days,
        last AS last_on, next_from, next_on, next_until,
        concat('Bought ', name, ' on ', times, ' days, about every ', CAST(round(every) AS INTEGER),
            CASE WHEN round(every) = 1 THEN ' day' ELSE ' days' END, ', last on ', last, '; expected again around ', next_on,
            ', between ', next_from, ' and ', next_until, '.') AS why
    FROM cadence_next JOIN ({{named}}) USING (subject) JOIN {BUYERS} USING (customer) ANTI JOIN {THE_DEAD} USING (customer_id)
    WHERE next_until >= DATE '{{today}}'"""


class RepurchaseOptions(Settings):
    """[insights.repurchase]."""


class Repurchase:
    """See the top of the file."""

    name = "repurchase"
    meaning = "When a customer is expected to buy a product, or of a category, again."
    after = ()
    makes_offers = True

    def check_options(self, options: Mapping[str, Any]) -> None:
        """See `insights.base.ChecksInsight`."""
        parse(RepurchaseOptions, dict(options), "[insights.repurchase]")

    def compute(self, context: InsightContext) -> Finding:
        """Fill insight_repurchase, and the rows of insight_trials: of each level, if its windows held in the trial."""
        parse(RepurchaseOptions, context.options, "[insights.repurchase]")
        with known_of(context) as known:
            return self._expected(context, known)

    def _expected(self, context: InsightContext, known: Knowledge) -> Finding:
        engine = context.engine
        know_the_dead(engine)
        timings = [try_timing(known, level) for level in (PRODUCT, CATEGORY)]
        for timing in timings:
            context.progress.say(f"repurchase, by {timing.level}: {_outcome(timing)}")
        engine.run(f"CREATE OR REPLACE TEMP TABLE repurchase_found ({', '.join(f'{n} {t}' for n, t in COLUMNS.items())})")
        for timing in timings:
            if timing.holds and expect(engine, timing.level, None):
                _add(engine, timing.level, context.as_of.date().isoformat())
        with engine.transaction():
            bring_once(engine, TABLE, "SELECT * FROM repurchase_found ORDER BY ALL")
            keep_rows(engine, self.name, [_row(timing) for timing in timings])
        engine.run("DROP TABLE repurchase_found")
        leave_cadence(engine)
        return Finding(self.name, {TABLE: engine.count(TABLE)}, _figures(timings))


def _add(engine: Engine, level: str, today: str) -> None:
    engine.run(f"INSERT INTO repurchase_found {ROWS.format(level=level, named=NAMED[level], today=today)}")


def _outcome(timing: Timing) -> str:
    if timing.problem:
        return f"no dates are expected, as {timing.problem}."
    tried = (
        f"of {counted(timing.due, 'purchase')} due from {timing.moment:%Y-%m-%d} on ({counted(timing.customers, 'customer')}), "
        f"{timing.hits:.0%} came within the window, at a constant rate {timing.constant:.0%}; better by {timing.gain:.3f} "
        f"({timing.gain - timing.gain_by:.3f} to {timing.gain + timing.gain_by:.3f})"
    )
    return f"{tried}." if timing.holds else f"no dates are shown: {tried}, which is not more than chance."


def _row(timing: Timing) -> dict[str, Any]:
    tried = not timing.problem
    return {
        "insight": Repurchase.name, "method": timing.level, "meaning": MEANINGS[timing.level], "chosen": timing.holds,
        "customers": timing.customers, "known_until": timing.moment, "note": timing.problem,
        "recall": round(timing.hits, 5) if tried else None, "gain": round(timing.gain, 5) if tried else None,
        "gain_low": round(timing.gain - timing.gain_by, 5) if tried else None,
        "gain_high": round(timing.gain + timing.gain_by, 5) if tried else None,
    }  # fmt: skip


def _figures(timings: list[Timing]) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in timings:
        found |= {f"{one.level}_due": float(one.due), f"{one.level}_hits": round(one.hits, 4)}
        found[f"{one.level}_constant_rate"] = round(one.constant, 4)
    return found


PLUGIN = Repurchase()
