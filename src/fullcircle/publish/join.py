"""Joins a table of an existing warehouse to the customers, so that it can be analysed by customer.

The result has every row of the warehouse table exactly once, so its sums stay the same. Rows of an unknown customer have no
customer_id. If several customers share an identifier, the row goes to the one with the most records that have it, and
`matched_by` is `shared`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from fullcircle.config.sections import CatalogSettings, JoinSettings, SourceSettings
from fullcircle.connectors.erased_rows import ErasedRows
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.errors import ConfigError, did_you_mean
from fullcircle.model.counting import counted
from fullcircle.model.field_classes import CLASSES, CONTACT, PLAIN
from fullcircle.model.identifiers import IDENTIFIER_KINDS
from fullcircle.model.progress import Progress
from fullcircle.publish.base import Outgoing

# The columns that a join adds at the front. A warehouse column with one of these names gets the source's name as a prefix.
OURS = {"customer_id": "id", "customer_name": CONTACT, "customer_email": CONTACT, "matched_by": PLAIN}


@dataclass(frozen=True, slots=True)
class JoinPlaces:
    """Where tables to join may be: SQL sources, and catalogs of Iceberg tables."""

    sources: Mapping[str, SourceSettings]
    config_folder: Path
    home: Path = Path()
    catalogs: Mapping[str, CatalogSettings] = field(default_factory=dict)


def join(
    engine: Engine,
    wanted: JoinSettings,
    places: JoinPlaces,
    progress: Progress,
    erased: ErasedRows | None = None,
) -> Outgoing:
    """Make the engine table `join_<name>` and report how many rows belong to a known customer. Rows of `erased` are left out."""
    check_join(wanted, places)
    table = f"join_{wanted.name}"
    with engine.register("warehouse_rows", _read(wanted, places)):
        engine.run("CREATE OR REPLACE TABLE joining AS SELECT row_number() OVER () AS joining_row, * FROM warehouse_rows")
    try:
        theirs = [name for name in engine.columns("joining") if name != "joining_row"]
        on = _on(wanted, theirs)
        if erased:
            _leave_out(engine, wanted, on, erased, progress)
        place = wanted.source or wanted.catalog
        columns = ", ".join(f"w.{quoted(name)} AS {quoted(_free(name, place))}" for name in theirs)
        classes = {_free(name, place): one for name, one in _classes(wanted, theirs).items()}
        engine.run(
            f"""CREATE OR REPLACE TABLE {quoted(table)} AS
            WITH found AS ({_by_key(wanted, on) if wanted.object else _by_identifier(wanted, on)})
            SELECT f.customer_id, c.name AS customer_name, c.email AS customer_email, f.matched_by, {columns}
            FROM joining w LEFT JOIN found f USING (joining_row) LEFT JOIN customers c ON c.customer_id = f.customer_id"""
        )
        key = _key(engine, table, _free(on, place))
    finally:
        engine.run("DROP TABLE IF EXISTS joining")
    _report(engine, wanted, table, progress)
    return Outgoing(quoted(table), wanted.name, key, {**OURS, **classes})


def _read(wanted: JoinSettings, places: JoinPlaces) -> pa.Table | pa.RecordBatchReader:
    """The rows to join."""
    if wanted.catalog:
        from fullcircle.publish.iceberg_table import read_iceberg  # imports pyiceberg, which most runs do not need

        return read_iceberg(wanted.catalog, places.catalogs[wanted.catalog], wanted.table, places)
    from fullcircle.connectors.sources.sql.database import read_table  # imports SQLAlchemy

    return read_table(str(places.sources[wanted.source].options.get("url", "")), places.config_folder, wanted.table)


def _classes(wanted: JoinSettings, columns: list[str]) -> dict[str, str]:
    """The class of each column of which the config says it. ConfigError for a column or a class that there is not."""
    where = f'[[publish.joins]] "{wanted.name}" classes'
    for name, one in wanted.classes.items():
        if name not in columns:
            raise ConfigError(f'{where}: the table has no column "{name}".', did_you_mean(name, columns))
        if one not in CLASSES:
            raise ConfigError(f'{where}: "{one}" is not a class.', did_you_mean(one, CLASSES))
    return wanted.classes


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


def check_join(wanted: JoinSettings, places: JoinPlaces) -> None:
    """ConfigError if the settings of a join are wrong."""
    where = f'[[publish.joins]] "{wanted.name}"'
    source = places.sources.get(wanted.source)
    if bool(wanted.source) == bool(wanted.catalog):
        raise ConfigError(f"{where} names a source or a catalog.", "Set source, or catalog for a table of Iceberg.")
    if wanted.catalog and wanted.catalog not in places.catalogs:
        raise ConfigError(
            f'{where}: "{wanted.catalog}" is not one of [publish.catalogs].', did_you_mean(wanted.catalog, places.catalogs)
        )
    if not wanted.catalog and (source is None or source.connector != "sql"):
        known = sorted(name for name, settings in places.sources.items() if settings.connector == "sql")
        raise ConfigError(
            f'{where}: "{wanted.source}" is not a source with connector = "sql".', did_you_mean(wanted.source, known)
        )
    if bool(wanted.object) == bool(wanted.identifier):
        raise ConfigError(
            f"{where}: the column must contain either record keys or identifiers.",
            'Set either object = "source.object" or identifier = "email" (or another kind).',
        )


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
