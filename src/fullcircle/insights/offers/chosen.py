"""Which method makes the offers, what is said about the choice, and the table that keeps it: `insight_trials`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pyarrow as pa

from fullcircle.engine.base import Engine, literal
from fullcircle.errors import ConfigError, did_you_mean
from fullcircle.insights.offers.methods import METHODS, NEAR_CUSTOMERS, NEW, SIMPLEST, Method, named
from fullcircle.insights.offers.past import Past
from fullcircle.insights.offers.similar import SMALL
from fullcircle.insights.offers.trial import NOT_ASKED, K, Trial, Tried
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress

TRIALS = "insight_trials"
Value = str | bool | int | float | datetime | None
AUTO = "auto"
UNTRIED = {NEW: "items"}  # the method where the config asks for no trial; else the simplest
COLUMNS = {
    "insight": "VARCHAR", "method": "VARCHAR", "meaning": "VARCHAR", "chosen": "BOOLEAN", "customers": "INTEGER",
    "known_until": "TIMESTAMP",
    **dict.fromkeys(
        ("recall", "recall_low", "recall_high", "ndcg", "ndcg_low", "ndcg_high", "gain", "gain_low", "gain_high"), "DOUBLE"
    ),
    "note": "VARCHAR",
}  # fmt: skip


def check_method(insight: str, question: str, name: str) -> None:
    """ConfigError for a method that there is not."""
    known = [AUTO, *(one.name for one in METHODS[question])]
    if name not in known:
        raise ConfigError(f'[insights.{insight}] method = "{name}" is not a method.', did_you_mean(name, known))


def choose(insight: str, question: str, wanted: str, past: Past, trial: Trial) -> Method:
    """The method: the best of the trial, or the one that the config names, unless the simplest is better by more than chance."""
    if wanted == AUTO:
        return named(question, UNTRIED.get(question, trial.simplest) if trial.problem == NOT_ASKED else trial.best)
    method = named(question, wanted)
    if not method.suits(past) and {"ridge", "near"} & method.parts.keys():
        raise ConfigError(
            f'[insights.{insight}] method = "{wanted}" is for at most '
            + (
                f"{SMALL} products; more were bought."
                if "ridge" in method.parts
                else f"{NEAR_CUSTOMERS} customers; there are more."
            ),
            'Write method = "auto".',
        )
    return named(question, trial.simplest) if trial.beaten(wanted) or not method.suits(past) else method


def say(progress: Progress, insight: str, method: Method, trial: Trial, past: Past) -> None:
    """What was chosen against what, on how many customers; or why there is no answer."""
    repeats = {"own", "often"} & method.parts.keys()
    if not len(past.customer):
        progress.say(f"{insight}: nobody gets offers, as no order of a known customer has a product that was kept.")
    elif not past.offered.any() and not (repeats and past.alone.any()):
        progress.say(f"{insight}: no product can be offered, as none is sold now that two customers bought.")
    elif not trial.problem:
        progress.say(f"{insight}: {_outcome(method, trial)}")
    elif trial.problem != NOT_ASKED:
        progress.say(f"{insight}: {method.meaning} are offered, as {trial.problem}." if method.name == trial.simplest else
                     f"{insight}: the method {method.name} was not compared with others, as {trial.problem}.")  # fmt: skip


def _outcome(method: Method, trial: Trial) -> str:
    simplest, used = trial.of(trial.simplest), trial.of(method.name)
    on = f"tried on what {counted(trial.customers, 'customer')} bought from {trial.moment:%Y-%m-%d} on"
    if used is None or simplest is None:
        return f"{method.meaning}; it was not tried, as the data were others."
    if used is simplest:
        return f"{method.meaning} are offered, {on}: {_figures(used)}.{_runner_up(trial)}"
    sure = "" if used.gain - used.gain_by > 0 else ", which may be chance"
    return (
        f"{method.name} ({method.meaning}), {on}: {_figures(used)}; {simplest.method.meaning} "
        f"{simplest.ndcg:.3f}, {simplest.recall:.3f}; better by {_interval(used)}{sure}."
    )


def _figures(one: Tried) -> str:
    return f"NDCG@{K} {one.ndcg:.3f}, recall@{K} {one.recall:.3f}"


def _runner_up(trial: Trial) -> str:
    """The best of the methods that were not taken."""
    others = [one for one in trial.tried if one.method.name != trial.simplest]
    if not others:
        return ""
    one = max(others, key=lambda other: other.ndcg)
    best = f"{one.method.name}: {one.ndcg:.3f}, {one.recall:.3f}, by {_interval(one)}"
    return f" No method is better by more than chance; the best, {best}."


def _interval(one: Tried) -> str:
    return f"{one.gain:.3f} ({one.gain - one.gain_by:.3f} to {one.gain + one.gain_by:.3f})"


def keep_trial(engine: Engine, insight: str, method: Method, trial: Trial) -> None:
    """Keep the trial of an insight: a row for each method that was tried, or one that says why none was."""
    rows = [_row(insight, one, method, trial) for one in trial.tried]
    if not trial.of(method.name):
        rows.append({"insight": insight, "method": method.name, "meaning": method.meaning, "chosen": True, "note": trial.problem})
    keep_rows(engine, insight, rows)


def keep_rows(engine: Engine, insight: str, rows: Sequence[Mapping[str, Value]]) -> None:
    """Replace the rows of an insight in TRIALS."""
    engine.run(f"CREATE TABLE IF NOT EXISTS {TRIALS} ({', '.join(f'{name} {type_}' for name, type_ in COLUMNS.items())})")
    forget_trial(engine, insight)
    names = ", ".join(COLUMNS)
    given = pa.table({name: pa.array([row.get(name) for row in rows], _arrow(type_)) for name, type_ in COLUMNS.items()})
    with engine.register("tried", given):
        engine.run(f"INSERT INTO {TRIALS} ({names}) SELECT {names} FROM tried")


def forget_trial(engine: Engine, insight: str) -> None:
    """Delete the rows of an insight that is not computed any more."""
    if engine.has(TRIALS):
        engine.run(f"DELETE FROM {TRIALS} WHERE insight = {literal(insight)}")


def _row(insight: str, one: Tried, method: Method, trial: Trial) -> dict[str, Value]:
    spans = {"recall": (one.recall, one.recall_by), "ndcg": (one.ndcg, one.ndcg_by), "gain": (one.gain, one.gain_by)}
    figures = {name: value for name, (value, _) in spans.items()}
    if trial.customers > 1:  # one customer has no interval
        figures |= {f"{name}_low": value - by for name, (value, by) in spans.items()}
        figures |= {f"{name}_high": value + by for name, (value, by) in spans.items()}
    return {
        "insight": insight, "method": one.method.name, "meaning": one.method.meaning, "chosen": one.method.name == method.name,
        "customers": trial.customers, "known_until": trial.moment, "note": trial.problem,
        **{name: round(float(value), 5) for name, value in figures.items()},
    }  # fmt: skip


def _arrow(type_: str) -> pa.DataType:
    return {"VARCHAR": pa.string(), "BOOLEAN": pa.bool_(), "INTEGER": pa.int32(), "TIMESTAMP": pa.timestamp("us")}.get(
        type_, pa.float64()
    )


def figures(trial: Trial, method: Method) -> dict[str, float]:
    """Of the method used, of bestsellers (`popularity_`) and of each that was tried."""
    found: dict[str, float] = {} if trial.problem == NOT_ASKED else {"judged_customers": float(trial.customers)}
    named_ = {"": trial.of(method.name), "popularity_": trial.of(SIMPLEST)} | {f"{one.method.name}_": one for one in trial.tried}
    for prefix, one in named_.items():
        if one is not None:
            found |= {f"{prefix}recall_at_{K}": round(float(one.recall), 4), f"{prefix}ndcg_at_{K}": round(float(one.ndcg), 4)}
    return found
