"""Whole numbers that may be amounts in cents, although no header says so: `total` 2900 for 29.00. A person is asked to look.

What points to it: a column beside it whose header says cents, or sums that all look like prices without their point (1999, 4990)
in a currency that has cents. Where the columns in cents add up to the amount, it is in cents: `adds_up`.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.grain import number
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK

FEWEST = 3  # amounts of which something can be said
NUMBERS, MOSTLY = 0.9, 0.8
LEAST = 100  # what costs less than one of the currency is seldom sold
ROUND = "('00', '50', '90', '95', '99')"  # what prices end in
TELLING = "('90', '95', '99')"  # what prices in whole units seldom do
CODES = (
    *(
        "usd",
        "eur",
        "gbp",
        "aud",
        "cad",
        "nzd",
        "chf",
        "sek",
        "nok",
        "dkk",
        "pln",
        "czk",
        "ron",
        "bgn",
        "brl",
        "mxn",
        "inr",
        "sgd",
    ),
    *("hkd", "zar", "ils", "try", "aed", "sar", "myr", "php", "thb", "cny", "ars", "pen", "uah"),
)  # currencies with cents


def adds_up(engine: Engine, sample: Sample, column: str, cents: list[str]) -> str:
    """Why an amount is in cents: it is one of the columns that are, or their sum; "" if it is not."""
    if not cents or not sample.table:
        return ""
    ours = number(column, False)
    sums = {name: number(name, False) for name in cents}
    if len(cents) > 1:
        sums[" and ".join(cents)] = " + ".join(f"coalesce({number(name, False)}, 0)" for name in cents)
    for said, sql in sums.items():
        fits, of = engine.rows(f"SELECT count(*) FILTER ({ours} = {sql}), count(*) FROM {sample.table} WHERE {ours} <> 0")[0]
        if of and fits >= NUMBERS * of:
            return f"it is {said}"
    return ""


def look_for_cents(engine: Engine | None, sample: Sample, field: str, column: str, currency: str, cents: list[str]) -> str:
    """A sentence, if the amounts of a column may be in cents; "" if nothing points to it."""
    facts = sample.facts.get(column)
    if engine is None or not sample.table or facts is None or facts.whole < 1 or _has_decimals(sample, column):
        return ""
    why = f"{cents[0]} beside it is" if cents else _like_prices(engine, sample, column, currency)
    if not why:
        return ""
    total = engine.value(f"SELECT coalesce(sum({number(column, False)}), 0) FROM {sample.table}")
    return (
        f"{LOOK}{field}: {column} ({total:,.0f} together) is read as it is, but may be in cents: {why}. If it is, write "
        f"{field} = {{ sql = 'CAST({quoted(column)} AS BIGINT) * 0.01' }}"
    )


def _has_decimals(sample: Sample, column: str) -> bool:
    """True if other sums of the rows have decimals: then this one would have them, too."""
    return any(
        name != column and facts.filled and facts.number >= NUMBERS and facts.whole < NUMBERS and facts.date < 0.5
        and facts.phone < 0.5 and not {"rate", "percent", "kurs"} & {*plain(name).split("_")}
        for name, facts in sample.facts.items()
    )  # fmt: skip


def _like_prices(engine: Engine, sample: Sample, column: str, currency: str) -> str:
    if currency not in sample.facts:
        return ""
    text, listed = text_of(column), ", ".join(map(literal, CODES))
    filled = f"{text} IS NOT NULL AND {text} <> '0'"
    of, least, ends, telling, known = engine.rows(
        f"SELECT count(*), min(abs(TRY_CAST({text} AS DOUBLE))), count(*) FILTER (right({text}, 2) IN {ROUND}), "
        f"count(*) FILTER (right({text}, 2) IN {TELLING}), coalesce(bool_and(lower({text_of(currency)}) IN ({listed})), false) "
        f"FROM {sample.table} WHERE {filled}"
    )[0]
    if of >= FEWEST and known and least >= LEAST and ends >= MOSTLY * of and telling:
        return "all are whole numbers, and end as prices with cents do"
    return ""
