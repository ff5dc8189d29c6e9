"""Rows made to try a shop out: `test_mode: true`, `livemode: false`, `mode: sandbox`. Nobody bought that. See `without_tests`."""

from __future__ import annotations

import re

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.gone import LEFT_OUT, keep_only
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import Proposed
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.refunds import NO, YES
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import counted

TEST = re.compile(
    r"(is_|in_)?test_?(mode|order|payment|transaction|data)?|(is_)?sandbox(_mode)?|is_test_\w+|testmodus|testbetrieb|testbestellung|(mode|commande)_(de_)?test"
    r"|(modo|pedido)_(de_)?(prueba|teste)|(modalita|ordine)_(di_)?test|testordre|testorder|zamowienie_testowe"
)
LIVE = re.compile(r"(is_)?live_?(mode)?|is_production|production_mode")
MODE = re.compile(r"mode|environment|env|modus|umgebung|api_mode|transaction_mode|payment_mode|order_mode")
TRIED, REAL = ("test", "testing", "sandbox", "staging", "development"), ("live", "production", "prod", "real")
SOLD = ("orders", "order_lines")  # elsewhere `test` may be an exam, and `live` a state


def without_tests(engine: Engine | None, made: Proposed) -> None:
    """Leave out rows that say that they are tests, and say so."""
    sample = made.sample
    if engine is None or not sample.table or not any(one.to in SOLD for one in made.maps):
        return
    for column in sample.facts:
        tests = _tests(engine, sample, column)
        if not tests:
            continue
        made.left = [name for name in made.left if name != column]
        rows = int(engine.value(f"SELECT count(*) FROM {sample.table} WHERE {tests}"))
        for one in made.maps:
            if one.to in LEFT_OUT:
                kept = f"NOT coalesce({tests}, false)"
                keep_only(one, kept)
        said = f"{column}: {counted(rows, 'row is a test', 'rows are tests')}, not a sale, and left out"
        if rows == sample.rows:
            made.notes.append(f"{LOOK}{said}: all of them")
        else:
            made.evidence.append(said)


def _tests(engine: Engine, sample: Sample, column: str) -> str:
    """SQL: true for rows of which a column says that they are tests; "" if it says so of none, or is about other things."""
    name, text = plain(column), f"lower({text_of(column)})"
    if TEST.fullmatch(name):
        tests, others = YES, NO
    elif LIVE.fullmatch(name):
        tests, others = NO, YES
    elif MODE.fullmatch(name):
        tests, others = ", ".join(map(literal, TRIED)), ", ".join(map(literal, REAL))
    else:
        return ""
    known, some = engine.rows(
        f"SELECT bool_and({text} IN ({tests}, {others})), bool_or({text} IN ({tests})) FROM {sample.table} "
        f"WHERE {text} IS NOT NULL"
    )[0]
    return f"{text} IN ({tests})" if known and some else ""
