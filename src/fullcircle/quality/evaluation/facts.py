"""The values that rules are decided by, gathered in few queries: one over all rows, one of groups, and those that need their own.

Where a query fails, its values are asked for one by one, so that only the rule that is to blame has no answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fullcircle.engine.base import Engine
from fullcircle.errors import FullcircleError
from fullcircle.quality.evaluation.dataset import Dataset, RuleError
from fullcircle.quality.evaluation.dialect import EngineDialect

GROUP = ("distinct_values", "once", "filled", "spread")
Groups = tuple[tuple[str, ...], str]  # columns, where


@dataclass(slots=True)
class TableFacts:
    """What is to be found out about one table. Asking for the same twice is asking once."""

    dialect: EngineDialect
    table: Dataset
    _aggregates: dict[str, str] = field(default_factory=dict)  # SQL -> name
    _groups: dict[Groups, str] = field(default_factory=dict)
    _queries: dict[str, str] = field(default_factory=dict)
    constants: dict[str, float] = field(default_factory=dict)

    def aggregate(self, sql: str, where: str = "") -> str:
        """An aggregate over the rows that fulfil `where`; returns its name among the values."""
        whole = f"{sql} FILTER (WHERE {where})" if where else sql
        return self._aggregates.setdefault(whole, f"a{len(self._aggregates)}")

    def groups(self, columns: Sequence[str], where: str) -> str:
        """TableFacts about the combinations of columns: `<name>.distinct_values` and the others of GROUP."""
        return self._groups.setdefault((tuple(columns), where), f"g{len(self._groups)}")

    def query(self, sql: str) -> str:
        """The single value of a query of its own."""
        return self._queries.setdefault(sql, f"q{len(self._queries)}")

    def statements(self) -> list[str]:
        """The SQL of it all, most of it in the first."""
        return [*self._batch(self._aggregates), *self._grouped(self._groups), *self._queries]

    def gathered(self, engine: Engine) -> Values:
        """Run the queries."""
        found: dict[str, Any] = dict(self.constants)
        self._gather_aggregates(engine, found)
        self._gather_groups(engine, found)
        for sql, name in self._queries.items():
            found[name] = _tried(engine, sql)
        return Values(found)

    def _gather_aggregates(self, engine: Engine, found: dict[str, Any]) -> None:
        names = list(self._aggregates.values())
        for sql in self._batch(self._aggregates):
            try:
                found.update(zip(names, engine.rows(sql)[0], strict=True))
            except FullcircleError:
                raise
            except Exception:  # whatever the engine says about SQL that users wrote
                found.update({name: _tried(engine, next(self._batch({one: name}))) for one, name in self._aggregates.items()})

    def _gather_groups(self, engine: Engine, found: dict[str, Any]) -> None:
        for sql in self._grouped(self._groups):
            try:
                rows = engine.rows(sql)
            except FullcircleError:
                raise
            except Exception:
                rows = [
                    row
                    for one in self._groups.items()
                    for row in _rows_or_error(engine, next(self._grouped(dict([one]))), one[1])
                ]
            for name, *values in rows:
                found.update({f"{name}.{kind}": value for kind, value in zip(GROUP, values, strict=True)})

    def _batch(self, aggregates: Mapping[str, str]) -> Any:
        if aggregates:
            yield f"SELECT {', '.join(f'{sql} AS {name}' for sql, name in aggregates.items())} FROM {self.table.source}"

    def _grouped(self, groups: Mapping[Groups, str]) -> Any:
        if groups:
            yield " UNION ALL ".join(self._group(columns, where, name) for (columns, where), name in groups.items())

    def _group(self, columns: Sequence[str], where: str, name: str) -> str:
        names = ", ".join(map(self.dialect.quoted, columns))
        filled = " OR ".join(f"{self.dialect.quoted(column)} IS NOT NULL" for column in columns)
        conditions = f"({filled}) AND {where}" if where else filled
        inner = f"SELECT count(*) AS n FROM {self.table.source} WHERE {conditions} GROUP BY {names}"
        return (
            f"SELECT '{name}' AS name, count(*) AS distinct_values, count(*) FILTER (WHERE n = 1) AS once, "
            f"coalesce(sum(n), 0) AS filled, coalesce(sum(n * ln(n)), 0) AS spread FROM ({inner}) AS counted"
        )


@dataclass(frozen=True, slots=True)
class Values:
    """What was found."""

    found: Mapping[str, Any]

    def value(self, name: str) -> float | None:
        """A number, or None for null; RuleError if it could not be found."""
        value = self.found[name]
        if isinstance(value, RuleError):
            raise value
        return None if value is None else float(value)

    def count(self, name: str) -> int:
        """A number that is always there."""
        return int(self.value(name) or 0)


def _tried(engine: Engine, sql: str) -> Any:
    """The value of a query; a RuleError in its place if it fails. What the engine says may hold values: nobody is shown it."""
    try:
        return engine.value(sql)
    except FullcircleError:
        raise
    except Exception as error:
        return failed_sql(error)


def _rows_or_error(engine: Engine, sql: str, name: str) -> list[tuple[Any, ...]]:
    try:
        return engine.rows(sql)
    except FullcircleError:
        raise
    except Exception as error:
        return [(name, *[failed_sql(error)] * len(GROUP))]


def failed_sql(error: Exception) -> RuleError:
    """The error of SQL that the engine cannot carry out."""
    return RuleError(f"The SQL of the rule fails ({type(error).__name__}).", "Look at its casts, columns and divisions.")
