"""Says where two columns with the same header could both be meant: one is read, the other not, and they differ.

Of two sums that are apart by a tax in each row, the one with the tax is the amount: `with_the_tax`. A person is asked to look
in any case: `note_repeated_headers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.grain import number_in_column
from fullcircle.mapping.propose.planner import LIKELY, SURE, Proposed
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.repeated_headers import of_another, twins_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import counted

RATES = (  # of taxes on sales, in hundredths of a percent
    1900, 700, 2000, 1000, 550, 210, 2100, 900, 600, 2500, 1200, 2200, 500, 400, 2300, 800, 2700, 1800, 810, 260, 380, 770, 370,
    2400, 1400, 2550, 1500, 1300, 1600, 1700,
)  # fmt: skip
CLOSE = 0.011
NEARLY, MOSTLY = 0.95, 0.5  # of the rows in which the sums differ: by some rate, and by the one that is most frequent
NUMBERS = 0.9


def with_the_tax(engine: Engine | None, sample: Sample, amount: str) -> str:
    """Of two sums with the same header the one with the tax; "" if they are not apart by a tax."""
    for one, other in _pairs(sample, amount):
        if engine is not None and _is_taxed(engine, sample, one, other):
            return other
    return ""


def _pairs(sample: Sample, amount: str) -> Iterator[tuple[str, str]]:
    """The amount with each of its twins, either way round."""
    for first, others in twins_of(sample.facts).items():
        if amount in {first, *others}:
            for each in {first: None, **dict.fromkeys(others)}:
                if each != amount and sample.facts[each].number >= NUMBERS:
                    yield from ((amount, each), (each, amount))


def _is_taxed(engine: Engine, sample: Sample, net: str, gross: str) -> bool:
    a, b = (f"abs({number_in_column(engine, sample, name)})" for name in (net, gross))
    fits = [f"abs({b} - {a} * {1 + rate / 10_000}) <= {CLOSE}" for rate in RATES]
    each = ", ".join(f"count(*) FILTER ({one})" for one in fits)
    of, some, *rates = engine.rows(
        f"SELECT count(*), count(*) FILTER ({' OR '.join(fits)}), {each} FROM {sample.table} WHERE abs({a} - {b}) > {CLOSE}"
    )[0]
    return bool(of) and some >= NEARLY * of and max(rates) >= MOSTLY * of


def note_repeated_headers(engine: Engine, made: Sequence[Proposed]) -> None:
    """Say of each column that is read, and whose twin is not, where they differ."""
    for one in made:
        notes = [*_notes(engine, one)] if one.sample.table and one.maps else []
        one.notes += notes
        one.sure = LIKELY if notes and one.sure == SURE else one.sure


def _notes(engine: Engine, made: Proposed) -> Iterator[str]:
    sample, left = made.sample, {*made.left}
    another = of_another(sample.facts)
    rules = [(name, rule) for one in made.maps for name, rule in one.fields.items()]
    for first, others in twins_of(sample.facts).items():
        columns = [first, *others]
        for column in (name for name in columns if name not in left):
            uses = [name for name, rule in rules if column in _columns_of(rule) or text_of(column) in str(rule.get("sql", ""))]
            for twin in (name for name in columns if name in left and uses):
                yield from _differing(engine, sample, uses[0], column, twin, twin in another)


def _columns_of(rule: dict[str, object]) -> list[str]:
    fields = rule.get("fields")
    return [str(rule.get("field", "")), *(fields if isinstance(fields, list | tuple) else ())]


def _differing(engine: Engine, sample: Sample, use: str, column: str, twin: str, another: bool) -> Iterator[str]:
    """A sentence, if the two columns say different things of the same row."""
    a, b = text_of(column), text_of(twin)
    rows = engine.value(f"SELECT count(*) FILTER (lower({a}) <> lower({b})) FROM {sample.table}")
    if not rows:
        return
    sums = ["", ""]
    if use in {"amount", "unit_price", "paid", "unpaid"} and min(sample.facts[name].number for name in (column, twin)) >= NUMBERS:
        totals = engine.rows(
            f"SELECT {', '.join(f'sum({number_in_column(engine, sample, x)})' for x in (column, twin))} FROM {sample.table}"
        )
        sums = [f" ({total or 0:,.2f} together)" for total in totals[0]]
    whose = "It is taken for what is of another person, as who receives the order. " if another else ""
    yield (
        f"{LOOK}{use}: two columns have one header. {column}{sums[0]} is read; {twin}{sums[1]} is not, and differs in "
        f"{counted(int(rows), 'row')}. {whose}Map the one that is right"
    )
