"""Runs cleaning steps over distinct values: the costly work is done once for each value, then joined back."""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine


def chain(source: str, steps: Sequence[str], keep: str = "raw") -> str:
    """SQL: a SELECT of the columns `keep` and `x` after all steps. `source` is a FROM item with those columns."""
    sql = f"SELECT {keep}, x FROM {source}"
    for step in steps:
        sql = f"SELECT {keep}, {step} AS x FROM ({sql})"
    return sql


def for_values(engine: Engine, table: str, sql: str) -> str:
    """The SQL as it is for all values; shorter, with the same results, if every `raw` of the table is ASCII; "" without rows.

    A pattern takes milliseconds to prepare for the letters of all scripts: longer than it runs over a thousand values.
    """
    rows, ascii_only = engine.rows(f"SELECT count(*), bool_and(strlen(raw) = length(raw)) FROM {table}")[0]
    return (narrowed(sql) if ascii_only else sql) if rows else ""


def narrowed(sql: str) -> str:
    """The SQL for ASCII values alone. In it, each class of letters stands within the brackets of a pattern."""
    for letters, ascii_letters in ((r"\p{L}", "A-Za-z"), (r"\p{Lu}", "A-Z"), (r"\p{M}", ""), (r"\p{N}", "0-9")):
        sql = sql.replace(letters, ascii_letters)
    return sql


def over_distinct(engine: Engine, name: str, values: str, steps: Sequence[str], result: str = "VARCHAR") -> None:
    """Make the temp table `name(raw, x)`: each distinct value of `values` (a SELECT of one column `raw`) and its result.

    `result` is the SQL type of what the last step gives. The steps are planned only if there is a value: that costs more than
    running them over a thousand.
    """
    engine.run(f"CREATE OR REPLACE TEMP TABLE distinct_values AS SELECT DISTINCT raw FROM ({values}) WHERE raw IS NOT NULL")
    each = for_values(engine, "distinct_values", chain("(SELECT raw, raw AS x FROM distinct_values)", steps))
    if each:
        engine.run(f"CREATE OR REPLACE TEMP TABLE {name} AS {each}")
    else:
        engine.run(f"CREATE OR REPLACE TEMP TABLE {name} (raw VARCHAR, x {result})")
    engine.run("DROP TABLE temp.distinct_values")


def cleaned(engine: Engine, values: Sequence[str | None], steps: Sequence[str]) -> list[str | None]:
    """The results of the steps for a few values, in their order: for tests and for inspecting single values."""
    import pyarrow as pa

    table = pa.table({"n": list(range(len(values))), "x": pa.array(values, pa.string())})
    with engine.register("few_values", table):
        return [row[1] for row in engine.rows(f"{chain('few_values', steps, 'n')} ORDER BY n")]
