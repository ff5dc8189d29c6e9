"""Brings a table to the rows of a SELECT by writing only those that it does not have.

To write a row costs several times what it costs to compare it, and most rows of most tables stay as they are from run to run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fullcircle.engine.base import Engine, Params, quick_hash, quoted

MOST = 0.3  # of the rows; if more came or went, the table is made anew
SMALL = 2_000  # rows; to make a smaller table anew is quicker than to find out what changed
GIVEN, NOW, THERE = "brought", "brought_now", "brought_there"  # the rows; fingerprints of them, and of those that are there
CAME, GONE = "brought_came", "brought_gone"


def is_small(engine: Engine, *tables: str) -> bool:
    """True if these tables are so small that it is quicker to make anew what follows from them than to find what changed."""
    return all(engine.count(table) < SMALL for table in tables)


def bring(engine: Engine, table: str, select: str, ddl: str = "", made: Mapping[str, str] | None = None) -> None:
    """Make the table have exactly the rows of the SELECT, in one transaction.

    The SELECT is read twice and must give the same rows each time. `ddl` makes the table where it is not there or has other
    columns; without one it gets those of the SELECT. `made` are further columns, by SQL over the others: it is only evaluated
    for rows that are written.
    """
    with engine.transaction():
        made = made or {}
        if not _follow(engine, table, select, made):
            more = "".join(f", {sql} AS {quoted(name)}" for name, sql in made.items())
            whole = f"SELECT *{more} FROM ({select})"
            engine.run(ddl or f"CREATE OR REPLACE TABLE {table} AS {whole}")
            if ddl:
                engine.run(f"INSERT INTO {table} BY NAME {whole}")


def bring_once(
    engine: Engine,
    table: str,
    select: str,
    params: Params | None = None,
    ddl: str = "",
    made: Mapping[str, str] | None = None,
) -> None:
    """As `bring`, for a SELECT that costs more than the rows that it gives, or has parameters."""
    with engine.transaction():
        engine.run(f"CREATE OR REPLACE TEMP TABLE {GIVEN} AS {select}", params)
        bring(engine, table, f"SELECT * FROM {GIVEN}", ddl, made)
        engine.run(f"DROP TABLE temp.{GIVEN}")


def _follow(engine: Engine, table: str, select: str, made: Mapping[str, str]) -> bool:
    """Write what differs. False if all is to be written: the columns are others, or too many rows differ."""
    if not engine.has(table) or is_small(engine, table):
        return False
    there = engine.columns(table)
    columns = {name: type_ for name, type_ in there.items() if name not in made}
    if list(engine.columns(select).items()) != list(columns.items()) or not made.keys() <= there.keys():
        return False
    row = quick_hash(columns, [name for name, type_ in columns.items() if type_.endswith("[]")])
    try:
        return _write_what_differs(engine, table, select, row, [*map(quoted, columns)], made)
    finally:
        for name in (NOW, THERE, CAME, GONE):
            engine.run(f"DROP TABLE IF EXISTS temp.{name}")


def _write_what_differs(
    engine: Engine, table: str, select: str, row: str, columns: Sequence[str], made: Mapping[str, str]
) -> bool:
    engine.run(f"CREATE OR REPLACE TEMP TABLE {NOW} AS SELECT {row} AS print FROM ({select})")
    engine.run(f"CREATE OR REPLACE TEMP TABLE {THERE} AS SELECT {row} AS print, rowid AS place FROM {table}")
    engine.run(f"CREATE OR REPLACE TEMP TABLE {CAME} AS SELECT print FROM {NOW} ANTI JOIN {THERE} USING (print)")
    engine.run(f"CREATE OR REPLACE TEMP TABLE {GONE} AS SELECT print, place FROM {THERE} ANTI JOIN {NOW} USING (print)")
    came, gone = engine.count(CAME), engine.count(GONE)
    if came + gone > MOST * engine.count(NOW) or _staying(engine, NOW, CAME) != _staying(engine, THERE, GONE):
        return False
    if gone:
        engine.run(f"DELETE FROM {table} WHERE rowid IN (SELECT place FROM {GONE})")
    if came:
        names = ", ".join([*columns, *(f"{sql} AS {quoted(name)}" for name, sql in made.items())])
        engine.run(f"INSERT INTO {table} BY NAME SELECT {names} FROM ({select}) WHERE {row} IN (SELECT print FROM {CAME})")
    return True


def _staying(engine: Engine, table: str, without: str) -> tuple[object, ...]:
    """The number of the rows that stay, and the sum of their prints: the same on both sides if each is there equally often."""
    less = f"(SELECT coalesce(sum(print), 0) FROM {without})"
    sql = f"SELECT count(*) - (SELECT count(*) FROM {without}), coalesce(sum(print), 0) - {less} FROM {table}"
    return engine.rows(sql)[0]
