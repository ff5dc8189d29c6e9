"""Twelve rules in DQDL on made-up rows, against one plain SQL query that finds the same numbers. The goal: at most 1.3 times it.

Both read the same table of the same engine, in turns; of each the quickest of some runs counts.
"""

import time
from collections.abc import Callable
from typing import Any

from fullcircle.engine.base import Engine
from fullcircle.engine.open import open_engine
from fullcircle.quality.dqdl.check import read_ruleset
from fullcircle.quality.evaluation.dataset import dataset_of
from fullcircle.quality.evaluation.evaluate import Evaluation

MEANING = "12 rules in DQDL against one plain SQL query with the same 12 numbers"
SIZES = ("1M", "10M", "100k")
ROWS = {"100k": 100_000, "1M": 1_000_000, "10M": 10_000_000}
TURNS, GOAL = 5, 1.3
TABLE = """CREATE TABLE customers AS SELECT i AS id, md5(CAST(i AS VARCHAR)) AS key,
    CASE WHEN i % 50 = 0 THEN NULL ELSE 'person' || (i % 900000) || '@example.org' END AS email,
    ['DE', 'CH', 'AT', 'FR', 'XX'][1 + i % 5] AS country, CAST(i % 5000 AS DECIMAL(18, 4)) / 7 AS amount, i % 90 AS age,
    DATE '2020-01-01' + CAST(i % 2000 AS INTEGER) AS since, i % 3 = 0 AS active FROM range({rows}) r(i)"""
RULES = """Rules = [
    RowCount > 1000, ColumnCount = 8, IsComplete "id", IsUnique "key", Completeness "email" > 0.9,
    ColumnValues "email" matches ".+@example[.]org" where "email IS NOT NULL", ColumnValues "country" in ["DE", "CH", "AT", "FR"]
    with threshold > 0.7, ColumnValues "age" between -1 and 120, Mean "amount" between 300 and 400, StandardDeviation "age" < 50,
    ColumnLength "key" = 32, ColumnValues "since" > "2019-12-31"
]"""
PLAIN = """SELECT count(*), count(id), count(DISTINCT key), count(key), count(email),
    count(*) FILTER (WHERE email IS NOT NULL AND regexp_full_match(email, '.+@example[.]org')),
    count(*) FILTER (WHERE country IN ('DE', 'CH', 'AT', 'FR')), count(*) FILTER (WHERE age > -1 AND age < 120),
    min(age), max(age), avg(amount), stddev_pop(age),
    count(*) FILTER (WHERE length(key) = 32), min(length(key)), max(length(key)),
    count(*) FILTER (WHERE since > DATE '2019-12-31') FROM customers"""


def run(size: str) -> dict[str, Any]:
    engine = open_engine(memory="6GB")
    try:
        engine.run(TABLE.format(rows=ROWS[size]))
        plain, dqdl = _in_turns(lambda: engine.rows(PLAIN), lambda: _dqdl(engine))
        with_parsing = _timed(lambda: _dqdl(engine, again=True))
    finally:
        engine.close()
    times = round(dqdl["cpu_seconds"] / plain["cpu_seconds"], 3)
    return {
        "rows": ROWS[size], "rules": 12, "plain_sql": plain, "dqdl": dqdl, "dqdl_with_reading_the_rules": with_parsing,
        "times_the_plain_query": times, "goal": GOAL, "ok": times <= GOAL,
    }  # fmt: skip


_RULESET = read_ruleset(RULES)


def _dqdl(engine: Engine, again: bool = False) -> None:
    ruleset = read_ruleset(RULES) if again else _RULESET
    outcome = Evaluation(engine, "bench", ruleset, dataset_of(engine, "customers", "customers")).run()
    assert [one.result for one in outcome.rules] == ["PASS"] * 12, [one.message for one in outcome.rules]


def _in_turns(*works: Callable[[], object]) -> list[dict[str, float]]:
    found: list[list[dict[str, float]]] = [[] for _ in works]
    for _ in range(TURNS):
        for place, work in enumerate(works):
            found[place].append(_timed(work))
    return [min(one, key=lambda each: each["cpu_seconds"]) for one in found]


def _timed(work: Callable[[], object]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"seconds": round(time.perf_counter() - wall, 3), "cpu_seconds": round(time.process_time() - cpu, 3)}
