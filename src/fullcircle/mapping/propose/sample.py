"""Reads some rows of each object of a source, so that a proposal can judge values: how many, how different, of which shape.

The rows are read through the connector's own `pull`, are kept in an engine in memory only, and go nowhere. Start at `take`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from fullcircle.connectors.base import META, Batch, Connector, FoundField, FoundObject
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.errors import FullcircleError
from fullcircle.mapping.reading.values import NO, YES

ROWS = 20_000  # of each object; more rows say little more about names, shapes, keys and links
_WORDS = r"[^\d\x00-\x1F!-+/:-@\[-`{-~-]"  # a letter of any script, a space, dot or comma; \p{L} costs 50 ms in each query
_NAME = r"[^\d@/\\|:;<>{}\[\]=_#%*\x00-\x1F]"
SHAPES = {
    "email": r"[^@\s;,<>]+@[^@\s;,<>]+\.[^@\s;,<>]+",
    "mail": r"(?s).*[^@\s;,<>]+@[^@\s;,<>]+\.[^@\s;,<>]+.*",
    "phone": r"['+(]?[+(]?\d[\d\s()./–-]{5,18}\d(\.0)?( ?(x|ext\.?) ?\d+)?",
    "number": r"[^\d\w]{0,3}([A-Z]{2,3}\s?|(R\$|Rs\.?|S?Fr\.?|[Kk]r\.?|zł|Kč|Ft)\s?)?[-−–(]?[^\d\w]{0,2}\d[\d.,'"
    "\u2018\u2019\u02bc\u00b4"
    r"  ]*(\.[-−–—]{1,2}|[-)%])?"
    r"\s?([A-Z]{2,3}|[^\d\w]|[Kk]r\.?|zł|Kč|Ft)?"
    r"(e[+-]?\d+)?",
    "date": r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*-\d{1,2}-\d{2}( .*)?|"
    r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2}.*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\.?([ ,T].*)?|\d{10}(\d{3}){0,2}(\.\d+)?"
    r"|(19|20)\d{6}|[A-Za-zäéûÄ. ,]*\d{1,2}.{0,3}[A-Za-zäéûÄ. ,]{3,}.*\d{2,4}.*|[A-Za-z]{3,9}\.? \d{1,2}.*\d{4}.*|\d{5}(\.\d+)?"
    rf"|\d{{2,4}}\s?[年년]\s?\d{{1,2}}\s?[月월].*"
    rf"|({_WORDS}{{3,24}}\d{{1,2}}, ?\d{{4}}|{_WORDS}{{3,14}}\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{2,4}})([ ,T].*)?"
    rf"|{_WORDS}{{0,20}}\d{{1,2}}\.?{_WORDS}{{3,20}}\d{{4}}.*|\d{{4}}\. ?\d{{1,2}}\. ?\d{{1,2}}.*",
    "whole": r"\d{1,18}",
    "name": rf"{_NAME}{{2,}}[ ,]{_NAME}{{2,}}",
    "answer": rf"(?i)\s*({'|'.join(map(re.escape, (*YES.split(), *NO.split())))})\s*",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What the sample says about one column. The shapes are shares of the filled values, 0..1."""

    filled: int = 0
    distinct: int = 0
    longest: int = 0
    email: float = 0
    mail: float = 0  # an e-mail address with something around it: a name, or more addresses
    phone: float = 0
    number: float = 0
    date: float = 0
    whole: float = 0
    name: float = 0  # several words without digits, as names of people and companies are
    answer: float = 0  # a word for yes or no, in any language
    parts: int = 1  # the most values in one cell, separated by semicolons


@dataclass(frozen=True, slots=True)
class Sample:
    """An object of a source with the facts of its columns; `table` holds its rows as text, "" if none could be read."""

    source: str
    found: FoundObject
    table: str = ""
    rows: int = 0
    whole: bool = False  # True: these are all rows
    facts: dict[str, Facts] = field(default_factory=dict)
    problem: str = ""  # why no row could be read

    @property
    def name(self) -> str:
        """The name of the object."""
        return self.found.name

    def unique(self, column: str) -> bool:
        """True if every sampled row has a value in the column and no two have the same."""
        facts = self.facts.get(column)
        return bool(facts and self.rows and facts.filled == facts.distinct == self.rows)


def take(engine: Engine, source: str, connector: Connector) -> list[Sample]:
    """A sample of every object of the source; an object that cannot be read has none, but says why."""
    return [_sample(engine, source, connector, found) for found in connector.discover()]


def names_only(source: str, found: Sequence[FoundObject]) -> list[Sample]:
    """Objects of which only the names of the fields are known."""
    return [Sample(source, one) for one in found]


def _sample(engine: Engine, source: str, connector: Connector, found: FoundObject) -> Sample:
    try:
        rows, whole = _rows(connector.pull(found.name, None))
    except FullcircleError as error:
        return Sample(source, found, problem=error.message)
    if rows is None:
        return Sample(source, found)
    if not found.fields:
        found = FoundObject(found.name, found.key, tuple(FoundField(name) for name in rows.column_names), None, found.cursor)
    table = f"sample_{engine.value('SELECT count(*) FROM duckdb_tables()')}"
    with engine.register("sampled", rows):
        odd = [each.name for each in rows.schema if not _simple(each.type)]
        texts = ", ".join(f"nullif(trim(CAST({quoted(name)} AS VARCHAR)), '') AS {quoted(name)}" for name in odd)
        replaced = f" REPLACE ({texts})" if odd else ""
        engine.run(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT *{replaced} FROM sampled")
    return Sample(source, found, table, rows.num_rows, whole, _facts(engine, table, rows.column_names))


def _rows(batches: Iterator[Batch]) -> tuple[pa.Table | None, bool]:
    """The first rows of an object without the columns of the landing, and whether these are all."""
    parts: list[pa.Table] = []
    whole = True
    for batch in batches:
        rows = batch.rows
        if not rows.num_rows:
            continue
        rows = rows.filter(pa.compute.equal(rows["_op"], "upsert"))
        own = [name for name in dict.fromkeys(rows.column_names) if name not in META.names]
        parts.append(
            pa.table(
                [_trimmed(rows[name].cast(pa.string(), safe=False)) if _simple(rows[name].type) else rows[name] for name in own],
                names=own,
            )
        )
        if sum(part.num_rows for part in parts) > ROWS:
            whole = False
            break
    if not parts or not any(part.num_columns for part in parts):
        return None, whole
    joined = pa.concat_tables(parts, promote_options="permissive")
    return joined.slice(0, ROWS), whole


def _trimmed(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts without blanks around them, empty ones as null. The engine plans such a thing for thousands of columns in minutes."""
    texts = pa.compute.utf8_trim(values, " ")
    return pa.compute.if_else(pa.compute.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def _simple(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_null(kind) or pa.types.is_string(kind))


def _facts(engine: Engine, table: str, columns: Sequence[str]) -> dict[str, Facts]:
    """One query for all columns of an object, over their distinct values: its text does not grow with the columns."""
    shapes = [
        f"coalesce(sum(n) FILTER (regexp_full_match(value, {literal(shape)})), 0) / sum(n) AS {name}"
        for name, shape in SHAPES.items()
    ]
    found = engine.rows(f"""
        WITH cells AS (
            SELECT name, value, count(*) AS n
            FROM (UNPIVOT {table} ON {", ".join(map(quoted, columns))} INTO NAME name VALUE value) GROUP BY ALL
        )
        SELECT name, CAST(sum(n) AS BIGINT), count(*), max(len(value)), {", ".join(shapes)}, max(len(string_split(value, ';')))
        FROM cells GROUP BY name""")
    return {name: Facts() for name in columns} | {row[0]: Facts(*row[1:]) for row in found}


def shapes(engine: Engine, sample: Sample, column: str, most: int = 5) -> list[tuple[str, int]]:
    """The most frequent shapes of a column's values, letters as `a` and digits as `9`, and how often each occurs."""
    if not sample.table or column not in sample.facts:
        return []
    shape = f"regexp_replace(regexp_replace({quoted(column)}, '[0-9]', '9', 'g'), '\\p{{L}}', 'a', 'g')"
    return [
        (str(text), int(count))
        for text, count in engine.rows(
            f"SELECT left({shape}, 40) AS s, count(*) AS n FROM {sample.table} WHERE {quoted(column)} IS NOT NULL "
            f"GROUP BY s ORDER BY n DESC, s LIMIT {int(most)}"
        )
    ]
