"""What a table is like: types, missing and distinct values, ranges, lengths, shapes, frequent values. Three queries a table.

Values of columns that are not plain (names, addresses, amounts of a person ...) are shown as their shape: `Aaa Aaaa`, `999-99`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.model.field_classes import PLAIN, class_of
from fullcircle.quality.evaluation.dataset import Dataset

TOP = 8  # frequent values, and shapes, of a column
MANY = 1_000_000  # rows, from which on distinct values are estimated
NUMBERS = ("least", "most", "mean", "deviation", "low", "middle", "high")  # of columns of numbers
SHAPE = (
    r"regexp_replace(regexp_replace(regexp_replace(regexp_replace({0}, '\p{{Lu}}', 'A', 'g'), '[\p{{Ll}}\p{{Lo}}]+', 'a', 'g'), "
    r"'[0-9]', '9', 'g'), '\s+', ' ', 'g')"
)
Shown = Callable[[str], bool]  # whether values of a column may be shown


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column."""

    name: str
    type: str
    kind: str  # whole, number, text, moment, boolean, other
    rows: int
    missing: int
    empty: int  # texts without a character
    distinct: int
    numbers: Mapping[str, float] = field(default_factory=dict)  # least, most, mean ...; of columns of numbers
    first: str = ""  # of columns of moments
    last: str = ""
    shortest: int | None = None  # of texts
    longest: int | None = None
    top: Sequence[tuple[str, int]] = ()  # frequent values, as far as they may be shown; else their shapes
    shapes: Sequence[tuple[str, int]] = ()
    plain: bool = True  # whether `top` has the values themselves

    @property
    def completeness(self) -> float:
        """The share of rows with a value."""
        return 1 - self.missing / self.rows if self.rows else 1.0

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {**asdict(self), "completeness": self.completeness}


@dataclass(frozen=True, slots=True)
class TableProfile:
    """A table and its columns."""

    table: str
    rows: int
    columns: Sequence[ColumnProfile]

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"table": self.table, "rows": self.rows, "columns": [one.to_dict() for one in self.columns]}


def is_plain(table: str, column: str) -> bool:
    """True if the values of a column say nothing about a person."""
    return class_of(table, column) == PLAIN


def profile(engine: Engine, table: Dataset, shown: Shown | None = None) -> TableProfile:
    """Look at a table. `shown`: whether the numbers and dates of a column may be shown; those of plain columns always are."""
    rows = engine.count(table.source)
    facts = _facts(engine, table, rows)
    top, shapes = _frequent(engine, table, "value"), _frequent(engine, table, "shape")
    columns = []
    for name, sql_type in table.columns.items():
        plain, found = is_plain(table.name, name), facts[name]
        open_ = plain or (shown(name) if shown else True)
        frequent = top[name] if plain and not _all_different(top[name], found["distinct"]) else shapes[name]
        columns.append(
            ColumnProfile(
                name, sql_type, table.kind(name), rows, rows - found["filled"], found.get("empty", 0), found["distinct"],
                {one: found[one] for one in NUMBERS if open_ and found.get(one) is not None},
                str(found.get("first") or "") if open_ else "", str(found.get("last") or "") if open_ else "",
                found.get("shortest"), found.get("longest"), frequent, shapes[name], plain and frequent is top[name],
            )
        )  # fmt: skip
    return TableProfile(table.name, rows, columns)


def _all_different(top: Sequence[tuple[str, int]], distinct: int) -> bool:
    """True for keys and the like: no value is frequent."""
    return distinct > TOP and all(number == 1 for _, number in top)


def _facts(engine: Engine, table: Dataset, rows: int) -> dict[str, dict[str, Any]]:
    distinct = "approx_count_distinct({0})" if rows > MANY else "count(DISTINCT {0})"
    wanted = []
    for name in table.columns:
        column, kind = quoted(name), table.kind(name)
        aggregates = {"filled": "count({0})", "distinct": distinct}
        if kind in ("whole", "number"):
            aggregates |= {
                "least": "min({0})", "most": "max({0})", "mean": "avg({0})", "deviation": "stddev_pop({0})",
                "low": "approx_quantile({0}, 0.05)", "middle": "approx_quantile({0}, 0.5)", "high": "approx_quantile({0}, 0.95)",
            }  # fmt: skip
        if kind == "moment":
            aggregates |= {"first": "min({0})", "last": "max({0})"}
        if kind == "text":
            aggregates |= {
                "empty": "count(*) FILTER (WHERE {0} = '')", "shortest": "min(length({0}))", "longest": "max(length({0}))",
            }  # fmt: skip
        wanted += [(name, fact, sql.format(column)) for fact, sql in aggregates.items()]
    values = engine.rows(f"SELECT {', '.join(sql for _, _, sql in wanted)} FROM {table.source}")[0]
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for (name, fact, _), value in zip(wanted, values, strict=True):
        found[name][fact] = float(value) if fact in NUMBERS and value is not None else value
    return found


def _frequent(engine: Engine, table: Dataset, what: str) -> dict[str, list[tuple[str, int]]]:
    """The most frequent values, or shapes, of each column."""
    parts = []
    for name in table.columns:
        text = f"left(CAST({quoted(name)} AS VARCHAR), 60)"
        value = text if what == "value" else SHAPE.format(text)
        parts.append(
            f"(SELECT {literal(name)} AS name, {value} AS value, count(*) AS n FROM {table.source} "
            f"WHERE {quoted(name)} IS NOT NULL GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT {TOP})"
        )
    found: dict[str, list[tuple[str, int]]] = {name: [] for name in table.columns}
    for name, value, number in engine.rows(" UNION ALL ".join(parts)):
        found[name].append((str(value), int(number)))
    for each in found.values():
        each.sort(key=lambda one: (-one[1], one[0]))
    return found
