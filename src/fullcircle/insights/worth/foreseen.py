"""What is foreseen of everybody, by the method that held in the trial: start here.

1. All days of orders and payments are read once (lives.py).
2. The methods are tried on the newest part of the time (trial.py); with too few customers there is no answer, and why is said.
3. The method that is used says what comes in the next days (methods.py), from all that is known now.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.insights.history import Floats
from fullcircle.insights.worth import methods
from fullcircle.insights.worth.lives import KnownDays, Lives, known_at
from fullcircle.insights.worth.methods import AGAIN, LEVELLED, TABLE, Outlook
from fullcircle.insights.worth.trial import LOST, ORDERS, VALUE, Judged, WorthTrial
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress

Row = dict[str, object]
SPANS = (7, 14, 30, 60, 90, 180, 365)  # so many days ahead at most, where all that is known is less than what is asked
LOST_STEPS = 20  # a chance is given in steps of a twentieth
DIGITS = 2  # and numbers with so many, as all move a little with each day

TRIALS, DECILES = "insight_worth_trials", "insight_worth_deciles"
TRIAL_COLUMNS = {
    "method": "VARCHAR", "meaning": "VARCHAR", "question": "VARCHAR", "currency": "VARCHAR", "chosen": "BOOLEAN",
    "customers": "INTEGER", "known_until": "DATE", "days": "INTEGER", "expected": "DOUBLE", "came": "DOUBLE", "off": "DOUBLE",
    "rank_correlation": "DOUBLE", "squared_error": "DOUBLE", "gain": "DOUBLE", "gain_low": "DOUBLE", "gain_high": "DOUBLE",
    "note": "VARCHAR",
}  # fmt: skip
DECILE_COLUMNS = {
    "method": "VARCHAR", "question": "VARCHAR", "currency": "VARCHAR", "decile": "INTEGER", "customers": "INTEGER",
    "expected": "DOUBLE", "came": "DOUBLE",
}  # fmt: skip
ARROW = {"VARCHAR": pa.string(), "BOOLEAN": pa.bool_(), "INTEGER": pa.int32(), "DATE": pa.date32(), "DOUBLE": pa.float64()}
SCHEMA = pa.schema(
    {
        "customer": pa.int32(), "days": pa.int32(), "ordered": pa.int32(), "last": pa.date32(), "orders": pa.float64(),
        "value": pa.float64(), "lost": pa.float64(), "method": pa.string(),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many days are looked ahead now."""

    days: int
    asked: int


def ahead(lives: Lives, horizon: int) -> Ahead:
    """As many as are asked for, but no more than are known: nobody could judge a year by what a month taught."""
    known = lives.today - lives.began
    return Ahead(horizon if known >= horizon else max(span for span in SPANS if span <= max(known, SPANS[0])), horizon)


def foresee(lives: Lives, trial: WorthTrial, days: int) -> pa.Table:
    """A row for each customer, or none if the trial has a problem."""
    if trial.problem:
        return SCHEMA.empty_table()
    known = known_at(lives, lives.today)
    outlook = _outlook(lives, known, trial, days)
    rows = {
        "customer": known.who, "days": np.full(len(known.who), days), "ordered": known.days, "last": known.last.astype(np.int32),
        "orders": _digits(outlook.orders), "value": pa.array(_digits(outlook.value), from_pandas=True),
        "lost": np.round(np.clip(outlook.lost, 0, 1) * LOST_STEPS) / LOST_STEPS,
    }  # fmt: skip
    columns = {name: pa.array(values) if not isinstance(values, pa.Array) else values for name, values in rows.items()}
    columns["last"] = columns["last"].cast(pa.date32())
    columns["method"] = pa.array([trial.chosen] * len(known.who), pa.string())
    return pa.table(columns).cast(SCHEMA)


def _outlook(lives: Lives, known: KnownDays, trial: WorthTrial, days: int) -> Outlook:
    if trial.chosen in (AGAIN, TABLE):
        return (methods.again if trial.chosen == AGAIN else methods.table)(lives, known, days)
    plain = methods.model(lives, known, days)
    return methods.levelled(lives, known, plain, trial.level) if trial.chosen == LEVELLED and trial.level else plain


def _digits(values: Floats) -> Floats:
    """Rounded to the digits that are given."""
    size = np.floor(np.log10(np.where(np.abs(values) > 0, np.abs(values), 1.0)))
    scale = 10.0 ** (DIGITS - 1 - size)
    found: Floats = np.round(np.round(values * scale) / scale, 4)
    return found


def say(progress: Progress, trial: WorthTrial, look: Ahead) -> None:
    """What was chosen against what, or why there is no answer."""
    if trial.problem:
        progress.say(f"worth: nothing is foreseen, as {trial.problem}.")
        return
    if look.days < look.asked:
        progress.say(f"worth: {look.days} days are looked ahead, not {look.asked:,}, as orders are known of no longer time.")
    used, other = trial.of(trial.chosen, ORDERS)[0], trial.of(trial.yardstick, ORDERS)[0]
    tried = f"tried on what {counted(trial.customers, 'customer')} did in the last {counted(trial.days, 'day')}"
    totals = "; ".join(_total(one) for question in (ORDERS, VALUE) for one in trial.of(trial.chosen, question))
    sure = (
        f"squared error {used.error:.3g}, {methods.MEANINGS[other.method]} {other.error:.3g}"
        f" (less by {used.gain:.3g}, {used.gain - used.gain_by:.3g} to {used.gain + used.gain_by:.3g})"
        if used is not other
        else "no other method is better by more than chance"
    )
    lost = trial.of(trial.chosen, LOST)[0]
    progress.say(
        f"worth: by {methods.MEANINGS[trial.chosen]}, {tried}: {totals}; no order expected "
        f"of {lost.expected / lost.customers:.0%}, came of {lost.came / lost.customers:.0%}; {sure}."
    )


def _total(one: Judged) -> str:
    what = "orders" if one.question == ORDERS else f"value{f' in {one.currency}' if one.currency else ''}"
    off = f" ({one.off:+.0%})" if one.off is not None else ""
    return f"{what} {one.expected:,.0f} expected, {one.came:,.0f} came{off}, rank correlation {one.ranks:.2f}"


def keep(engine: Engine, trial: WorthTrial) -> None:
    """Keep the trial: a row for each method and question, or one that says why there was none; and its deciles."""
    same = {"known_until": trial.until, "customers": trial.customers, "days": trial.days}
    rows: list[Row] = [
        {
            **same, "method": one.method, "meaning": methods.MEANINGS[one.method], "question": one.question,
            "currency": one.currency or None, "chosen": one.method == trial.chosen, "customers": one.customers,
            "expected": round(one.expected, 2), "came": round(one.came, 2), "off": None if one.off is None else round(one.off, 4),
            "rank_correlation": round(one.ranks, 4), "squared_error": one.error, "gain": one.gain,
            "gain_low": one.gain - one.gain_by, "gain_high": one.gain + one.gain_by,
        }
        for one in trial.judged
    ] or [{**(same if trial.until else {"customers": trial.customers}), "note": trial.problem}]  # fmt: skip
    _fill(engine, TRIALS, TRIAL_COLUMNS, rows)
    parts: list[Row] = [
        {"method": one.method, "question": one.question, "currency": one.currency or None, "decile": place, "customers": part[0],
         "expected": round(part[1], 5), "came": round(part[2], 5)}
        for one in trial.judged for place, part in enumerate(one.deciles, start=1)
    ]  # fmt: skip
    _fill(engine, DECILES, DECILE_COLUMNS, parts)


def _fill(engine: Engine, table: str, columns: dict[str, str], rows: list[Row]) -> None:
    given = {}
    for name, type_ in columns.items():
        values = [row.get(name) for row in rows]
        given[name] = pa.array(values, pa.int32()).cast(pa.date32()) if type_ == "DATE" else pa.array(values, ARROW[type_])
    with engine.register("kept", pa.table(given)):
        engine.run(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM kept")
