"""Reads graph CSV files (Gremlin or openCypher headers; our own exports and those of neptune-export) into a store."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import pyarrow as pa

from fullcircle.engine.base import Engine, fingerprint, literal, quoted
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import NotFound, StoreError
from fullcircle.graph import shape
from fullcircle.graph.base import GraphStore
from fullcircle.model.graph import EDGES, PROPERTY_TYPES, VERTICES
from fullcircle.model.progress import Progress

HEADER = re.compile(r"^(?P<name>(?:\\:|[^:])+?)(?::(?P<type>\w+)(?P<single>\((?:single|set)\))?(?P<many>\[\])?)?$")
IDS = {"~id": "id", "~from": "source", "~to": "target", "~label": "label"}
CYPHER_IDS = {":ID": "id", ":START_ID": "source", ":END_ID": "target", ":TYPE": "label", ":LABEL": "label"}


@dataclass(frozen=True, slots=True)
class GraphFile:
    """A CSV file and what its header says: our column names in the file's order, and which hold several values."""

    path: Path
    columns: tuple[str, ...]
    many: frozenset[str]
    has_edges: bool  # told by ~from: vertices may well have a property `source`


def load(store: GraphStore, folder: Path, tell: Progress, ignore_unknown: bool = False) -> dict[str, int]:
    """Load every .csv / .csv.gz below `folder` into the store, vertices first; returns rows per kind.

    Loading twice changes nothing the second time. Labels and properties that the model does not have are refused by name,
    or left out with `ignore_unknown`. A row that cannot be read stops the load with its file and line; nothing is lost, and
    the same command can be given again.
    """
    files = sorted(path for path in folder.rglob("*") if path.name.endswith((".csv", ".csv.gz")))
    if not files:
        raise NotFound(f"There are no .csv or .csv.gz files in {folder}.", "Name the folder that an export was written to.")
    read = [_header(path) for path in files]
    store.prepare()
    engine = DuckDB(memory="1GB")
    counts: dict[str, int] = {}
    try:
        for file in sorted(read, key=lambda one: one.has_edges):
            tell.step(f"reading {file.path.name}")
            for kind, rows in _tables(engine, file, ignore_unknown):
                write = store.write_edges if file.has_edges else store.write_vertices
                for start in range(0, rows.num_rows, 100_000):
                    write(kind, rows.slice(start, 100_000))
                counts[kind] = counts.get(kind, 0) + rows.num_rows
                tell.advance(rows.num_rows)
    finally:
        engine.close()
    store.settle()
    return counts


def _header(path: Path) -> GraphFile:
    try:
        with _opened(path) as lines:
            names = next(csv.reader(lines), [])
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        kind = type(error).__name__
        raise StoreError(f"{path} cannot be read as CSV: {kind}.", "Export it again, or check how it was copied.") from error
    columns, many = [], set()
    for header in names:
        column, several = _column(header, path)
        columns.append(column)
        many |= {column} if several else set()
    if "id" not in columns or len(set(columns)) != len(columns):
        raise StoreError(
            f"{path} is no graph file: its header has no ~id or :ID, or a name twice.", "Only graph CSV belongs in the folder."
        )
    return GraphFile(path, tuple(columns), frozenset(many), any(name.startswith(("~from", ":START_ID")) for name in names))


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _column(header: str, path: Path) -> tuple[str, bool]:
    """Our name for a column of the header, and whether it may hold several values."""
    stripped = header.strip()
    space = re.sub(r"\([^)]*\)$", "", stripped)  # openCypher id spaces: :START_ID(Customer)
    if stripped in IDS:
        return IDS[stripped], False
    if space in CYPHER_IDS:
        return CYPHER_IDS[space], False
    if space.endswith(":ID"):
        return "id", False
    found = HEADER.match(stripped)
    if not found:
        raise StoreError(f'{path}: the header "{stripped[:40]}" is not understood.', "Expected name:Type(single).")
    return found["name"].replace("\\:", ":"), bool(found["many"])


def _tables(engine: Engine, file: GraphFile, ignore_unknown: bool) -> Iterator[tuple[str, pa.Table]]:
    """The file's rows, one table per kind, typed as in the model."""
    columns = ", ".join(f"{literal(f'c{n}')}: 'VARCHAR'" for n in range(len(file.columns)))
    named = ", ".join(f"c{n} AS {quoted(name)}" for n, name in enumerate(file.columns))
    engine.run("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    engine.run(
        f"CREATE OR REPLACE TABLE file AS SELECT {named} FROM read_csv({literal(file.path)}, auto_detect = false, header = true, "
        f"""delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, store_rejects = true, """
        f"strict_mode = true, columns = {{{columns}}})"
    )
    bad = engine.rows("SELECT count(*), min(line) FROM reject_errors")[0]
    if bad[0]:
        raise StoreError(
            f"{file.path}: {bad[0]} rows cannot be read, the first in line {bad[1]}.", "Was the file cut? Export it again."
        )
    label = "split_part(label, ';', 1)" if "label" in file.columns else "'edge'" if file.has_edges else "'vertex'"
    for (kind,) in engine.rows(f"SELECT DISTINCT {label} FROM file ORDER BY 1"):
        if kind not in (EDGES if file.has_edges else VERTICES):
            if ignore_unknown:
                continue
            raise StoreError(f'{file.path}: the model has no kind "{kind}".', "Leave such rows out with --ignore-unknown.")
        yield kind, engine.arrow(_typed(kind, file, ignore_unknown, f"{label} = {literal(kind)}"))


def _typed(kind: str, file: GraphFile, ignore_unknown: bool, where: str) -> str:
    properties = shape.kind_named(kind).properties
    unknown = sorted(set(file.columns) - {*properties, "id", "source", "target", "label", "hash"})
    if unknown and not ignore_unknown:
        raise StoreError(f"{file.path}: {kind} has no property {', '.join(unknown)}.", "Leave them out with --ignore-unknown.")
    ends = ["source", "target"] if file.has_edges else []
    values = {name: _value(name, type_, file) for name, type_ in properties.items()}
    print_ = fingerprint(*ends, *(quoted(name) for name in properties))
    typed = f"SELECT {', '.join(['id', *ends, *(f'{sql} AS {quoted(name)}' for name, sql in values.items())])}"
    kept = "CAST(hash AS BIGINT) AS hash" if "hash" in file.columns else ""
    inner = f"{typed}{', ' + kept if kept else ''} FROM file WHERE {where} QUALIFY row_number() OVER (PARTITION BY id) = 1"
    hashed = "hash" if kept else f"{print_} AS hash"
    return f"SELECT {', '.join(['id', *ends, hashed, *map(quoted, properties)])} FROM ({inner})"


def _value(name: str, type_: str, file: GraphFile) -> str:
    """SQL for a property of a file's row: cast to the model's type, null where the file has no such column."""
    if name not in file.columns:
        return f"CAST(NULL AS {PROPERTY_TYPES[type_]})"
    text = rf"replace({quoted(name)}, '\;', ';')" if name in file.many else quoted(name)
    if type_ == "timestamp":
        return f"CAST(replace(rtrim({text}, 'Z'), 'T', ' ') AS TIMESTAMP)"
    if type_ == "date":
        return f"CAST(substr({text}, 1, length({text}) - length(regexp_extract({text}, 'T.*$'))) AS DATE)"
    return text if type_ == "string" else f"CAST({text} AS {PROPERTY_TYPES[type_]})"
