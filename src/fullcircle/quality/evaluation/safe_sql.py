"""SQL that is part of a rule: where clauses and CustomSql. It may compute and read the tables of the rule, and nothing else."""

from __future__ import annotations

import re

from fullcircle.engine.base import Engine, quoted
from fullcircle.errors import FullcircleError
from fullcircle.quality.evaluation.dataset import Dataset, RuleError

PRIMARY = "primary"  # what rules call the table they are about
_PIECES = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|\bprimary\b", re.IGNORECASE)


def where_sql(engine: Engine, table: Dataset, where: str) -> str:
    """A where clause that may be part of our SQL; RuleError if it may not be, or does not fit the table."""
    if not where.strip():
        return ""
    text = _readable(where)
    if reason := engine.refusal(text):
        raise RuleError(f"The where clause cannot be used: {reason}.", "Write a condition on the columns of the table.")
    _bind(engine, f"SELECT 1 FROM {table.source} WHERE ({text}\n)", table)
    return f"({text}\n)"


def custom_sql(engine: Engine, table: Dataset, sql: str) -> str:
    """A query with the tables that it may read; RuleError for anything but a query of these."""
    text = _readable(sql.strip().removesuffix(";"))
    known = {PRIMARY: table.source, **{alias: one.source for alias, one in table.references.items()}}
    if reason := engine.query_refusal(text, set(known)):
        raise RuleError(f"The query cannot be used: {reason}.", f"It may read {', '.join(known)}.")
    names = [f"{quoted(name)} AS (SELECT * FROM {source})" for name, source in known.items() if _names(text, name)]
    whole = f"WITH {', '.join(names)} SELECT * FROM ({text}\n) AS asked" if names else f"SELECT * FROM ({text}\n) AS asked"
    _bind(engine, whole, table)
    return whole


def _names(text: str, name: str) -> bool:
    return name.casefold() in text.casefold()


def _readable(sql: str) -> str:
    """`primary` is a word of SQL, and Spark writes names in backticks: both become names in double quotes."""

    def piece(found: re.Match[str]) -> str:
        text = found[0]
        if text[0] == "`":
            return quoted(text[1:-1])
        return text if text[0] in "'\"" else quoted(PRIMARY)

    return _PIECES.sub(piece, sql)


def _bind(engine: Engine, sql: str, table: Dataset) -> None:
    """Let the engine look at it without reading a row."""
    try:
        engine.rows(f"SELECT * FROM ({sql}) AS looked_at LIMIT 0")
    except FullcircleError:
        raise
    except Exception as error:
        missing = re.search(r'column "([^"]+)"', str(error))
        if missing:
            table.column(missing[1])  # says which one is near
        raise RuleError(
            f"The SQL does not fit {table.name} ({type(error).__name__}).", "Look at its columns and their types."
        ) from None
