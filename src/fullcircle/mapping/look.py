"""A dry look at a mapping: the first rows of every object go through it, in memory, and nothing is kept. Start at `look`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyarrow as pa

from fullcircle.config.sections import MapSettings, SourceSettings
from fullcircle.connectors.base import META, Batch
from fullcircle.connectors.pull import open_source
from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.adding_up import OddSums, odd_sums
from fullcircle.mapping.conform import conform
from fullcircle.model.progress import Silent
from fullcircle.model.tables import CONFORMED

if TYPE_CHECKING:
    from fullcircle.connectors.landing import Landing

FIRST = 1_000  # rows of each object
MOST_WORDS, LONGEST_WORD = 12, 40  # different values of a column of states, and the letters of one


@dataclass(slots=True)
class Looked:
    """What a map made of the first rows of its object."""

    source: str
    object: str
    to: str
    rows: int  # of the object that were read
    made: int  # rows of the canonical table
    filled: dict[str, int] = field(default_factory=dict)  # for each mapped column: in how many of these it has a value
    failed: dict[str, int] = field(default_factory=dict)  # reason -> rows that went to quarantine
    dangling: dict[str, tuple[int, int]] = field(default_factory=dict)  # column -> rows that point to nothing, of how many
    said: list[str] = field(default_factory=list)  # what the work on this object reported
    notes: list[str] = field(default_factory=list)  # what no map of the object reads, although it matters
    whole: bool = True  # False: the object, or one that it points to, has more rows than were read


WORD = re.compile(r'"([^"]+)" = "\.\.\."')  # a word whose meaning the config is asked for


class FirstRows:
    """The first rows of objects in an engine, with the part of a landing that conform uses."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.tables: dict[tuple[str, str], str] = {}
        self.rows: dict[tuple[str, str], int] = {}
        self.cut: set[tuple[str, str]] = set()

    def read(self, source: str, settings: SourceSettings, folder: Path, names: Sequence[str]) -> None:
        """Read the first rows of some objects of a source."""
        with closing(open_source(source, settings, folder)) as connector:
            there = {found.name: found for found in connector.discover()}
            for name in names:
                if name in there:
                    self._keep((source, name), _first(connector.pull(name, None)), [one.name for one in there[name].fields])

    def _keep(self, which: tuple[str, str], rows: pa.Table | None, fields: Sequence[str]) -> None:
        missing = [name for name in fields if rows is None or name not in rows.column_names]
        rows = META.empty_table() if rows is None else rows
        for name in missing:
            rows = rows.append_column(name, pa.nulls(rows.num_rows, pa.string()))
        if rows.num_rows > FIRST:
            self.cut.add(which)
        table = f"first_{len(self.tables)}"
        with self.engine.register("first_rows", rows.slice(0, FIRST)):
            self.engine.run(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM first_rows")
        self.tables[which], self.rows[which] = table, min(rows.num_rows, FIRST)

    def objects(self) -> list[tuple[str, str]]:
        """What was read."""
        return sorted(self.tables)

    def rejects(self, source: str, name: str) -> list[Path]:  # noqa: ARG002 - the rows that could not be read are heard by `pull`
        """None: only rows that could be read are looked at."""
        return []

    def current_sql(self, source: str, name: str, numbered: bool = False) -> str:
        """The rows of an object, with `numbered` in the order they were read (`_seq`)."""
        return f"SELECT *{', rowid AS _seq' if numbered else ''} FROM {self.tables[(source, name)]} WHERE _op <> 'delete'"


def _first(batches: Iterator[Batch]) -> pa.Table | None:
    parts: list[pa.Table] = []
    for batch in batches:
        if batch.rows.num_rows:
            parts.append(batch.rows.slice(0, FIRST + 1))
        if sum(part.num_rows for part in parts) > FIRST:
            break
    return pa.concat_tables(parts, promote_options="permissive") if parts else None


def look(
    engine: Engine,
    sources: dict[str, SourceSettings],
    folder: Path,
    maps: Sequence[MapSettings],
    country: str,
    unsaid: Callable[[Engine, str, Sequence[MapSettings]], list[str]] | None = None,
) -> list[Looked]:
    """What every map makes of the first rows of its object; `unsaid` judges what no map of the object reads.

    A map that names what does not exist raises ConfigError.
    """
    first = FirstRows(engine)
    for source in dict.fromkeys(one.source for one in maps if one.source in sources):
        ours = [one for one in maps if one.source == source]
        named = [entry.rpartition(".")[0] for one in ours for entry in one.staff]
        first.read(source, sources[source], folder, list(dict.fromkeys([*(one.object for one in ours), *filter(None, named)])))
    heard = _Heard()
    conform(engine, cast("Landing", first), maps, country, heard)
    looked = [_looked(engine, first, one) for one in maps if (one.source, one.object) in first.tables]
    unsure = {str(each) for each in odd_sums(engine) if _may_be_cut(engine, first, maps, each)}
    heard.said = [text for text in heard.said if text not in unsure]
    for one in sorted(looked, key=lambda each: each.to != "orders"):  # what is said of an object with orders is about these
        name = f"{one.source}.{one.object}: "
        one.said += [text.removeprefix(name) for text in heard.said if text.startswith(name)]
        heard.said = [text for text in heard.said if not text.startswith(name)]
    for text in heard.said:
        _give(engine, looked, text)
    for each in [one for one in looked if one.to == "records"]:
        ours = [one for one in maps if (one.source, one.object) == (each.source, each.object)]
        each.notes = unsaid(engine, first.tables[(each.source, each.object)], ours) if unsaid else []
    return looked


def _may_be_cut(engine: Engine, first: FirstRows, maps: Sequence[MapSettings], sums: OddSums) -> bool:
    """True where some lines of the orders may not have been read."""
    lines = next((one for one in maps if one.to == "order_lines" and one.object == sums.lines), None)
    if lines is None or (lines.source, lines.object) not in first.cut:
        return False
    rule = lines.fields.get("order_id")
    if rule is None or not rule.field:
        return True
    before = f"lag({quoted(rule.field)}) OVER (ORDER BY rowid)"  # all but the last order are whole if each is in one run of rows
    runs, orders = engine.rows(
        f"SELECT count(*) FILTER (here IS DISTINCT FROM before), count(DISTINCT here) FROM (SELECT {quoted(rule.field)} AS here, "
        f"{before} AS before FROM {first.tables[(lines.source, lines.object)]})"
    )[0]
    return bool(runs > orders + 1)


def _give(engine: Engine, looked: Sequence[Looked], text: str) -> None:
    """Put what is said of a table with the objects that it is about, as far as it says so (`orders.status: ... "Sent"`)."""
    of_table: dict[tuple[str, str], Looked] = {}
    for each in looked:
        if text.startswith(f"{each.to}."):
            of_table.setdefault((each.source, each.object), each)
    said = [
        each for (source, name), each in of_table.items() if f" from {source}.{name}: " in text or f" of {source}.{name} " in text
    ]
    if not said and len(of_table) > 1 and (words := WORD.findall(text)):
        to = next(iter(of_table.values())).to
        columns = [name for name in ("status", "status_raw") if CONFORMED[to].column(name)]
        known = " OR ".join(f"{name} IN ({', '.join(map(literal, words))})" for name in columns) or "false"
        there = {
            (str(row[0]), str(row[1])) for row in engine.rows(f"SELECT DISTINCT source, object FROM conformed.{to} WHERE {known}")
        }
        said = [each for which, each in of_table.items() if which in there]
    if said or len(of_table) == 1:
        for each in said or of_table.values():
            each.said.append(text)
    elif of_table:
        names = ", ".join(f"{source}.{name}" for source, name in of_table)
        next(iter(of_table.values())).said.append(f"(of one of {names}) {text}")


class _Heard(Silent):
    """Keeps what is said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)


def _words_read(engine: Engine, table: str, where: str) -> list[str]:
    """Which words the columns of a `where` have that kept no row: the states of a list of mail in a language nobody listed."""
    said = []
    for name in engine.columns(table):
        if name in META.names or quoted(name) not in where:
            continue
        text = f"trim(CAST({quoted(name)} AS VARCHAR))"
        found = engine.rows(
            f"SELECT {text} AS x, count(*) FROM {table} WHERE {text} <> '' GROUP BY x ORDER BY 2 DESC, 1 LIMIT 13"
        )
        if found and len(found) <= MOST_WORDS and all(len(str(word)) <= LONGEST_WORD for word, _ in found):
            listed = ", ".join(f"{word} ({count})" for word, count in found)
            said.append(f"the `where` of its map keeps none of them; {name} says {listed}")
    return said


def _looked(engine: Engine, first: FirstRows, one: MapSettings) -> Looked:
    which = (one.source, one.object)
    of = f"source = {literal(one.source)} AND object = {literal(one.object)}"
    ours = of + (f" AND {CONFORMED[one.to].key} LIKE {literal('%:' + one.key)}" if one.key else "")
    table = f"conformed.{one.to}"
    columns = [name for name in one.fields if name != "key" and CONFORMED[one.to].column(name)]
    counts = ", ".join(["count(*)", *(f"count({quoted(name)})" for name in columns)])
    made, *filled = engine.rows(f"SELECT {counts} FROM {table} WHERE {ours}")[0]
    looked = Looked(
        *which, one.to, first.rows[which], made, dict(zip(columns, filled, strict=True)), whole=which not in first.cut
    )
    about = f"reason LIKE {literal(one.to + '.%')}"
    if not made and one.where:
        looked.said += _words_read(engine, first.tables[which], one.where)
    looked.failed = {
        str(reason): int(count)
        for reason, count in engine.rows(
            f"SELECT reason, count(*) FROM conformed.quarantine WHERE {of} AND {about} GROUP BY reason ORDER BY 2 DESC, 1"
        )
    }
    for name in columns:
        column = CONFORMED[one.to].column(name)
        if column and column.ref:
            key = CONFORMED[column.ref].key
            there = f"SELECT {key} FROM conformed.{column.ref}"
            lost, of_all = engine.rows(
                f"SELECT count(*) FILTER ({quoted(name)} NOT IN ({there})), count(*) FROM {table} "
                f"WHERE {ours} AND {quoted(name)} IS NOT NULL"
            )[0]
            looked.dangling[name] = (int(lost), int(of_all))
            looked.whole = looked.whole and not first.cut
    return looked
