"""What a table was like at a check, in few numbers: columns, missing shares, distributions, its newest row. Drift compares them.

Of columns that say something about a person only shares of missing values are kept, and of numbers how they spread.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.quality.evaluation.dataset import Dataset
from fullcircle.quality.profile import is_plain

DDL = """
CREATE TABLE IF NOT EXISTS quality_snapshot (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    table_name TEXT NOT NULL, content TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS quality_snapshot_of ON quality_snapshot (table_name, id);
"""
KEPT = 100  # snapshots of a table
BINS = 10
FEW = 30  # distinct values, up to which their shares are kept
MISSING, OTHER = "missing", "other"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One table at one time."""

    rows: int
    columns: Mapping[str, str]  # name -> type
    missing: Mapping[str, float]
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # column -> bin -> share of the rows
    edges: Mapping[str, Sequence[float]] = field(default_factory=dict)  # of columns of numbers: where the bins end
    age_hours: float | None = None  # of the newest row, by updated_at

    def to_json(self) -> str:
        """As it is kept."""
        names = ("rows", "columns", "missing", "shares", "edges", "age_hours")
        return json.dumps({name: getattr(self, name) for name in names})


def take(engine: Engine, table: Dataset, before: Snapshot | None) -> Snapshot:
    """Look at a table. Bins of numbers are those of the snapshot before, so that shares can be compared."""
    rows = engine.count(table.source)
    counts = engine.rows(
        f"SELECT {', '.join(f'count({quoted(name)}), approx_count_distinct({quoted(name)})' for name in table.columns)} "
        f"FROM {table.source}"
    )[0]
    filled = dict(zip(table.columns, counts[::2], strict=True))
    distinct = dict(zip(table.columns, counts[1::2], strict=True))
    missing = {name: 1 - number / rows if rows else 0.0 for name, number in filled.items()}
    edges = _edges(engine, table, before, [name for name in table.columns if filled[name]])
    shares = {name: _shares(engine, table, name, rows, edges.get(name)) for name in table.columns if rows and (
        name in edges or (is_plain(table.name, name) and table.kind(name) in ("text", "boolean") and distinct[name] <= FEW)
    )}  # fmt: skip
    return Snapshot(rows, dict(table.columns), missing, shares, edges, _age(engine, table))


def _edges(engine: Engine, table: Dataset, before: Snapshot | None, filled: Sequence[str]) -> dict[str, list[float]]:
    wanted = [name for name in filled if table.kind(name) in ("whole", "number")]
    known = {name: list(before.edges[name]) for name in wanted if before and name in before.edges}
    new = [name for name in wanted if name not in known]
    if not new:
        return known
    parts = [place / BINS for place in range(1, BINS)]
    row = engine.rows(
        f"SELECT {', '.join(f'approx_quantile(CAST({quoted(name)} AS DOUBLE), {parts})' for name in new)} FROM {table.source}"
    )[0]
    return known | {name: sorted(set(values)) for name, values in zip(new, row, strict=True)}


def _shares(engine: Engine, table: Dataset, name: str, rows: int, edges: Sequence[float] | None) -> dict[str, float]:
    column = quoted(name)
    if edges is None:
        value = f"coalesce(CAST({column} AS VARCHAR), {literal(MISSING)})"
    else:
        cases = " ".join(f"WHEN {column} <= {edge!r} THEN {place}" for place, edge in enumerate(edges))
        value = f"CASE WHEN {column} IS NULL THEN {literal(MISSING)} ELSE CAST(CASE {cases} ELSE {len(edges)} END AS VARCHAR) END"
    found = engine.rows(f"SELECT {value}, count(*) FROM {table.source} GROUP BY 1 ORDER BY 2 DESC, 1")
    made = {str(value): number / rows for value, number in found[:FEW]}
    rest = sum(number for _, number in found[FEW:])
    return made | ({OTHER: rest / rows} if rest else {})


def _age(engine: Engine, table: Dataset) -> float | None:
    if "updated_at" not in table.columns:
        return None
    hours = engine.value(
        f"SELECT epoch(CAST(now() AS TIMESTAMP) - max(updated_at)) / 3600 FROM {table.source} "
        "WHERE updated_at <= CAST(now() AS TIMESTAMP)"
    )
    return None if hours is None else float(hours)


class Snapshots:
    """The snapshots in the book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        book.define(DDL)

    def keep(self, table: str, snapshot: Snapshot) -> None:
        """Keep one, and forget the oldest."""
        with self._book.transaction():
            self._book.write("INSERT INTO quality_snapshot (table_name, content) VALUES (?, ?)", (table, snapshot.to_json()))
            self._book.write(
                "DELETE FROM quality_snapshot WHERE table_name = ? AND id NOT IN "
                "(SELECT id FROM quality_snapshot WHERE table_name = ? ORDER BY id DESC LIMIT ?)",
                (table, table, KEPT),
            )

    def of(self, table: str, limit: int = 20) -> list[Snapshot]:
        """The last ones of a table, newest first."""
        if not self._book.read("SELECT 1 FROM sqlite_master WHERE name = 'quality_snapshot'"):
            return []
        rows = self._book.read(
            "SELECT content FROM quality_snapshot WHERE table_name = ? ORDER BY id DESC LIMIT ?", (table, limit)
        )
        return [Snapshot(**json.loads(content)) for (content,) in rows]
