"""When a customer buys a product (or of a category) again: the usual pause, the next date with an interval, and whether it holds.

The pause is the geometric mean of the customer's own gaps between days of buying, shrunk towards that of all who buy the same:
with n gaps, log pause = (n * own + SHRINKAGE * of all) / (n + SHRINKAGE). The interval is what the data say of such dates: of
everybody with enough gaps the last one is compared with the pause of the gaps before it, and the 10 % and 90 % quantiles of
this quotient make the window around each next date.

Whether the windows hold is tried on an earlier moment, as offers are (trial.py): due are those whose next date falls into the
time after it, and a hit is one who bought within the window. The yardstick knows on how many days each of them bought in that
time, and takes so many days at random, as a constant rate does: with m of H days it misses a window of w days with the chance
C(H - w, m) / C(H, m). Dates are shown only if the hits are more than that by more than chance: over customers, with the wider
of two intervals, that of the differences and that of days at random (where hardly anybody misses, the differences alone look
too sure).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from fullcircle.engine.base import Engine
from fullcircle.insights.history import column
from fullcircle.insights.offers.known import Knowledge
from fullcircle.insights.offers.moves import GOODS, MOVES, until

PRODUCT, CATEGORY = "product", "category"
GAPS = 2  # gaps that a customer must have had
SHRINKAGE = 2
ENOUGH = 30  # customers

_OF = {PRODUCT: "product", CATEGORY: "kind"}
# Only who bought on several days has a pause. What was given back wholly was not bought.
DAYS = """
    WITH known AS {moves},
    lessened AS (SELECT DISTINCT customer, product FROM known WHERE lessened),
    gone AS (
        SELECT customer, product FROM known SEMI JOIN lessened USING (customer, product)
        GROUP BY customer, product HAVING coalesce(sum(quantity), 1) <= 0),
    bought AS (
        SELECT customer, {of} AS subject, "at"::DATE AS day
        FROM known ANTI JOIN gone USING (customer, product) JOIN {goods} USING (product)
        WHERE bought AND "at" IS NOT NULL AND {of} >= 0),
    again AS (SELECT customer, subject FROM bought GROUP BY customer, subject HAVING min(day) < max(day)),
    days AS (SELECT DISTINCT customer, subject, day FROM bought SEMI JOIN again USING (customer, subject))
    SELECT customer, subject, day, ln(date_diff('day', lag(day) OVER w, day)) AS gap,
        row_number() OVER (PARTITION BY customer, subject ORDER BY day DESC) AS back
    FROM days WINDOW w AS (PARTITION BY customer, subject ORDER BY day)"""
# The pause of each pair with and without its last gap.
PAUSES = f"""
    WITH of_all AS (SELECT subject, avg(gap) AS usual FROM cadence_days WHERE gap IS NOT NULL GROUP BY subject),
    pairs AS (
        SELECT customer, subject, max(day) AS last, count(*) AS times, count(gap) AS gaps, sum(gap) AS own,
            max(gap) FILTER (back = 1) AS newest
        FROM cadence_days GROUP BY customer, subject HAVING count(gap) >= {GAPS})
    SELECT customer, subject, last, times, gaps, newest, (own + {SHRINKAGE} * usual) / (gaps + {SHRINKAGE}) AS pause,
        (own - newest + {SHRINKAGE} * usual) / (gaps - 1 + {SHRINKAGE}) AS before
    FROM pairs JOIN of_all USING (subject)"""
NEXT = """
    SELECT customer, subject, times, last, round(exp(pause), 1) AS every,
        last + CAST(round(exp(pause)) AS INTEGER) AS next_on,
        last + CAST(greatest(floor(exp(pause + $low)), 1) AS INTEGER) AS next_from,
        last + CAST(ceil(exp(pause + $high)) AS INTEGER) AS next_until
    FROM cadence_pauses"""
DUE = f"""
    WITH due AS (
        SELECT customer, subject, greatest(next_from, DATE '{{start}}') AS first, least(next_until, DATE '{{stop}}') AS final
        FROM cadence_next WHERE next_on BETWEEN DATE '{{start}}' AND DATE '{{stop}}'),
    days AS (
        SELECT DISTINCT customer, {{of}} AS subject, "at"::DATE AS day FROM {MOVES} JOIN {GOODS} USING (product)
        WHERE bought AND "at" >= DATE '{{start}}')
    SELECT customer, first, final, count(day) AS bought, count(day) FILTER (day BETWEEN first AND final) AS hits
    FROM due LEFT JOIN days USING (customer, subject) GROUP BY customer, subject, first, final"""
# The chance that none of `bought` days at random is in the window.
MISSED = """CASE WHEN bought > time - days THEN 0.0 ELSE exp(lgamma(time - days + 1) - lgamma(time - days - bought + 1)
    - lgamma(time + 1) + lgamma(time - bought + 1)) END"""


@dataclass(frozen=True, slots=True)
class Timing:
    """How well the windows of a level held. `problem`: why they could not be tried; then they are not shown."""

    level: str
    moment: datetime | None = None
    due: int = 0
    customers: int = 0
    hits: float = 0.0  # the share of the due that bought within the window
    constant: float = 0.0  # the same at a constant rate
    gain: float = 0.0
    gain_by: float = 0.0
    problem: str = ""

    @property
    def holds(self) -> bool:
        """True if the windows are better than a constant rate by more than chance."""
        return not self.problem and self.gain - self.gain_by > 0


def expect(engine: Engine, level: str, moment: datetime | None, step: int = 1) -> bool:
    """Make the temporary table cadence_next of what was known before a moment (None: now) of every `step`-th customer.

    False if there are too few gaps.
    """
    days = DAYS.format(moves=until(moment, step), of=_OF[level], goods=GOODS)
    engine.run(f"CREATE OR REPLACE TEMP TABLE cadence_days AS {days}")
    engine.run(f"CREATE OR REPLACE TEMP TABLE cadence_pauses AS {PAUSES}")
    spread = f"FROM cadence_pauses WHERE gaps > {GAPS}"
    many = engine.value(f"SELECT count(DISTINCT customer) {spread}")
    low, high = engine.rows(f"SELECT quantile_cont(newest - before, 0.1), quantile_cont(newest - before, 0.9) {spread}")[0]
    known = bool(many >= ENOUGH)
    values = {"low": round(low, 9) if known else 0.0, "high": round(high, 9) if known else 0.0}
    engine.run(f"CREATE OR REPLACE TEMP TABLE cadence_next AS {NEXT}", values)
    return known


def try_timing(known: Knowledge, level: str) -> Timing:
    """How well the windows would have held from the moment of the trial on, for the customers that a trial knows."""
    engine, moment, step = known.engine, known.moment, known.step
    if moment is None:
        return Timing(level, problem=known.no_moment)
    few = f"fewer than {ENOUGH} customers bought the same often enough"
    if not expect(engine, level, moment, step):
        return Timing(level, moment, problem=few)
    start, stop = moment.date(), engine.value(f'SELECT max("at")::DATE FROM {MOVES} WHERE bought')
    rows = engine.arrow(f"""
        SELECT customer, CAST(hits > 0 AS DOUBLE) AS hit, round(1 - {MISSED}, 9) AS constant
        FROM (SELECT *, date_diff('day', first, final) + 1 AS days FROM ({DUE.format(of=_OF[level], start=start, stop=stop)})),
            (SELECT {(stop - start).days + 1} AS time)
        ORDER BY customer, hit, constant""")
    customer, hit = column(rows, "customer"), column(rows, "hit")
    people, place = np.unique(customer, return_inverse=True)
    if len(people) < ENOUGH:
        return Timing(level, moment, len(customer), len(people), problem=few)
    constant = column(rows, "constant")
    many = np.bincount(place)
    by_customer = np.bincount(place, hit - constant) / many
    at_random = np.bincount(place, constant * (1 - constant)) / many**2
    error = 1.96 * max(by_customer.std(ddof=1) / np.sqrt(len(people)), np.sqrt(at_random.sum()) / len(people))
    shares = float(hit.mean()), float(constant.mean())
    return Timing(level, moment, len(customer), len(people), *shares, float(by_customer.mean()), float(error))


def leave_cadence(engine: Engine) -> None:
    """Drop the temporary tables."""
    for name in ("cadence_days", "cadence_pauses", "cadence_next"):
        engine.run(f"DROP TABLE IF EXISTS {name}")
