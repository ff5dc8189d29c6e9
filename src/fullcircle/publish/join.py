"""Joins a table of an existing warehouse to the customers, so that it can be analysed by customer.

The result has every row of the warehouse table exactly once, so its sums stay the same. Rows of an unknown customer have no
customer_id. If several customers share an identifier, the row goes to the one with the most records that have it, and
`matched_by` is `shared`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from fullcircle.config.sections import JoinSettings, SourceSettings
from fullcircle.connectors.erased_rows import ErasedRows
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.errors import ConfigError, did_you_mean
from fullcircle.model.counting import counted
from fullcircle.model.identifiers import IDENTIFIER_KINDS
from fullcircle.model.progress import Progress
from fullcircle.publish.base import Outgoing

# The columns that a join adds at the front. A warehouse column with one of these names gets the source's name as a prefix.
OURS = ("customer_id", "customer_name", "customer_email", "matched_by")


def join(
    engine: Engine,
    wanted: JoinSettings,
    sources: Mapping[str, SourceSettings],
    config_folder: Path,
    progress: Progress,
    erased: ErasedRows | None = None,
) -> Outgoing:
    """Make the engine table `join_<name>` and report how many rows belong to a known customer. Rows of `erased` are left out."""
    from fullcircle.connectors.sources.sql.database import read_table  # imports SQLAlchemy, which most runs do not need here

    url = check_join(wanted, sources)
    table = f"join_{wanted.name}"
    with engine.register("warehouse_rows", read_table(url, config_folder, wanted.table)):
        engine.run("CREATE OR REPLACE TABLE joining AS SELECT row_number() OVER () AS joining_row, * FROM warehouse_rows")
    try:
        theirs = [name for name in engine.columns("joining") if name != "joining_row"]
        on = _on(wanted, theirs)
        if erased:
            _leave_out(engine, wanted, on, erased, progress)
        columns = ", ".join(f"w.{quoted(name)} AS {quoted(_free(name, wanted.source))}" for name in theirs)
        engine.run(
            f"""CREATE OR REPLACE TABLE {quoted(table)} AS
            WITH found AS ({_by_key(wanted, on) if wanted.object else _by_identifier(wanted, on)})
            SELECT f.customer_id, c.name AS customer_name, c.email AS customer_email, f.matched_by, {columns}
            FROM joining w LEFT JOIN found f USING (joining_row) LEFT JOIN customers c ON c.customer_id = f.customer_id"""
        )
        key = _key(engine, table, _free(on, wanted.source))
    finally:
        engine.run("DROP TABLE IF EXISTS joining")
    _report(engine, wanted, table, progress)
    return Outgoing(quoted(table), wanted.name, key)


def _leave_out(engine: Engine, wanted: JoinSettings, on: str, erased: ErasedRows, progress: Progress) -> None:
    """Leave out the rows of erased people: the warehouse has them still."""
    source, _, object = wanted.object.partition(".")
    record = f"{literal(f'record:{source}:{object}:')} || CAST({quoted(on)} AS VARCHAR)" if object else "CAST(NULL AS VARCHAR)"
    gone = erased.in_table(f"SELECT joining_row AS n, CAST(to_json(j) AS VARCHAR) AS raw, {record} AS id FROM joining j")
    if len(gone):
        with engine.register("joining_gone", pa.table({"n": pa.array(gone)})):
            engine.run("DELETE FROM joining WHERE joining_row IN (SELECT n FROM joining_gone)")
        rows = counted(len(gone), "row of erased people was", "rows of erased people were")
        progress.say(f"{wanted.name}: {rows} left out. {wanted.table} still has them: delete them there, too.")


def _by_key(wanted: JoinSettings, on: str) -> str:
    source, _, object = wanted.object.partition(".")
    return f"""SELECT joining_row, m.customer_id, 'record' AS matched_by
        FROM joining w JOIN records r ON r.source = {literal(source)} AND r.object = {literal(object)}
             AND r.key = CAST(w.{quoted(on)} AS VARCHAR)
        JOIN members m USING (record_id)"""


def _by_identifier(wanted: JoinSettings, on: str) -> str:
    """Match the cleaned value with our cleaned identifiers, or the value as it is with what a source wrote."""
    value = f"trim(CAST({quoted(on)} AS VARCHAR))"
    kind = IDENTIFIER_KINDS.get(wanted.identifier)
    cleaner = kind.cleaner if kind else "number"
    clean = f"lower({value})" if cleaner in ("email", "handle") else value
    return f"""
        SELECT joining_row, arg_min(customer_id, place) AS customer_id,
               CASE WHEN count(*) > 1 THEN 'shared' ELSE 'identifier' END AS matched_by
        FROM (SELECT joining_row, customer_id, row_number() OVER (PARTITION BY joining_row ORDER BY count(*) DESC, customer_id)
                     AS place
              FROM (SELECT DISTINCT w.joining_row, i.record_id FROM (
                        SELECT joining_row, {clean} AS value FROM joining UNION SELECT joining_row, {value} FROM joining) w
                    JOIN (SELECT record_id, value FROM identifiers WHERE kind = {literal(wanted.identifier)}
                          UNION SELECT record_id, value_raw FROM identifiers WHERE kind = {literal(wanted.identifier)}) i
                      ON i.value = w.value)
              JOIN members USING (record_id) GROUP BY joining_row, customer_id)
        GROUP BY joining_row"""


def check_join(wanted: JoinSettings, sources: Mapping[str, SourceSettings]) -> str:
    """The URL of the database of a join; ConfigError if its settings are wrong."""
    where = f'[[publish.joins]] "{wanted.name}"'
    source = sources.get(wanted.source)
    if source is None or source.connector != "sql":
        known = sorted(name for name, settings in sources.items() if settings.connector == "sql")
        raise ConfigError(
            f'{where}: "{wanted.source}" is not a source with connector = "sql".', did_you_mean(wanted.source, known)
        )
    if bool(wanted.object) == bool(wanted.identifier):
        raise ConfigError(
            f"{where}: the column must contain either record keys or identifiers.",
            'Set either object = "source.object" or identifier = "email" (or another kind).',
        )
    return str(source.options.get("url", ""))


def _on(wanted: JoinSettings, columns: list[str]) -> str:
    found = {name.lower(): name for name in columns}.get(wanted.on.lower())
    if found is None:
        raise ConfigError(
            f'[[publish.joins]] "{wanted.name}": the table {wanted.table} has no column "{wanted.on}".',
            did_you_mean(wanted.on, columns),
        )
    return found


def _free(name: str, source: str) -> str:
    return f"{source}_{name}" if name.lower() in OURS else name


def _key(engine: Engine, table: str, on: str) -> tuple[str, ...]:
    unique = engine.value(f"SELECT count(*) = count(DISTINCT {quoted(on)}) FROM {quoted(table)}")
    return (on,) if unique else ()


def _report(engine: Engine, wanted: JoinSettings, table: str, progress: Progress) -> None:
    rows, matched, shared = engine.rows(
        f"""SELECT count(*), count(customer_id), count(*) FILTER (matched_by = 'shared') FROM {quoted(table)}"""
    )[0]
    text = f"{wanted.name}: {matched:,} of {rows:,} rows of {wanted.table} belong to a known customer"
    progress.say(f"{text}, {shared:,} of them by an identifier that several customers share." if shared else f"{text}.")
