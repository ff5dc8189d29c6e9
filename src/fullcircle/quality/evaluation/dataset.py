"""What a ruleset is about: a table with its columns, and the tables that its rules may refer to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fullcircle.engine.base import Engine
from fullcircle.errors import FullcircleError, did_you_mean

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT")
BROKEN_DOWN = ("FLOAT", "DOUBLE", "DECIMAL")


class RuleError(FullcircleError):
    """One rule cannot be evaluated: the result of this rule is ERROR, the others are evaluated."""

    code = "rule"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A table. `source`: what follows FROM; `columns`: name -> type as DuckDB names it."""

    name: str
    source: str
    columns: Mapping[str, str]
    references: Mapping[str, Dataset] = field(default_factory=dict)  # alias -> table
    files: Sequence[str] = ()  # where its rows come from, for file rules without a path

    def column(self, name: str) -> str:
        """The column as it is spelled in the table; RuleError if there is none."""
        if name in self.columns:
            return name
        folded = [each for each in self.columns if each.casefold() == name.casefold()]
        if len(folded) == 1:
            return folded[0]
        raise RuleError(f'{self.name} has no column "{name}".', did_you_mean(name, list(self.columns)))

    def kind(self, column: str) -> str:
        """whole, number, text, moment, boolean or other."""
        sql_type = self.columns[column].upper()
        if sql_type.endswith("]"):
            return "other"
        base = sql_type.partition("(")[0]
        if base in WHOLE:
            return "whole"
        if base in BROKEN_DOWN:
            return "number"
        if base == "VARCHAR":
            return "text"
        if base == "DATE" or base.startswith("TIMESTAMP"):
            return "moment"
        return "boolean" if base == "BOOLEAN" else "other"

    def reference(self, alias: str) -> Dataset:
        """The table that a rule refers to; RuleError if there is none of that name."""
        if alias not in self.references:
            raise RuleError(f'There is no reference "{alias}".', did_you_mean(alias, list(self.references)))
        return self.references[alias]


def dataset_of(engine: Engine, name: str, source: str, references: Mapping[str, Dataset] | None = None) -> Dataset:
    """A table of an engine, with the columns that it has now."""
    return Dataset(name, source, engine.columns(source), references or {})
