"""The tables of the last run, opened to be checked, profiled and compared; and checks outside a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from fullcircle.book.book import Book
from fullcircle.config.sections import Config, QualitySettings
from fullcircle.engine.base import Engine, located, quoted
from fullcircle.engine.open import open_engine
from fullcircle.errors import ConfigError, FullcircleError, NotFound, did_you_mean
from fullcircle.govern.home_keys import open_book
from fullcircle.home.book_file import book_for_reading
from fullcircle.home.folder import private
from fullcircle.home.tables_file import tables_for_reading
from fullcircle.model.progress import Silent
from fullcircle.model.tables import CONFORMED, QUARANTINE
from fullcircle.quality.dqdl.check import read_ruleset
from fullcircle.quality.dqdl.tree import Ruleset
from fullcircle.quality.drift import Drift
from fullcircle.quality.evaluation.dataset import Dataset, dataset_of
from fullcircle.quality.evaluation.dialect import DUCKDB, EngineDialect
from fullcircle.quality.evaluation.evaluate import Evaluation, EvaluationOptions
from fullcircle.quality.evaluation.outcome import RulesetOutcome
from fullcircle.quality.history import QualityHistory
from fullcircle.quality.in_run import newest_first
from fullcircle.quality.profile import profile
from fullcircle.quality.report import ReportContent
from fullcircle.quality.rulesets import BUILT_IN_NAME, TableRuleset, ruleset_file, table_rulesets
from fullcircle.quality.watched import watch_tables

READERS = {".csv": "read_csv", ".tsv": "read_csv", ".parquet": "read_parquet", ".pq": "read_parquet"}
NOT_CHECKED = ("vertices_", "edges_", "graph_", "kept_")  # what the graph is made from says the same again


@dataclass(slots=True)
class QualityTables:
    """Tables by name. A canonical table is what was conformed, before rules set rows of it aside, as in a run."""

    engine: Engine
    book: Book
    _known: dict[str, Dataset] = field(default_factory=dict)

    def names(self) -> list[str]:
        """The tables that there are: the canonical ones first."""
        rows = self.engine.rows(
            "SELECT DISTINCT table_name FROM information_schema.tables WHERE table_schema = 'main' "
            "AND table_catalog = current_database() ORDER BY 1"
        )
        others = [name for (name,) in rows if name not in CONFORMED and not name.startswith(NOT_CHECKED)]
        return [*(name for name in CONFORMED if self.engine.has(f"conformed.{name}")), *others]

    def table(self, name: str) -> Dataset:
        """A table, with all the others as its references; NotFound if there is none of that name."""
        if not self._known:
            for each in self.names():
                source = f"conformed.{each}" if each in CONFORMED else f"main.{each}"
                self._known[each] = dataset_of(self.engine, each, source)
        if name not in self._known:
            raise NotFound(f'There is no table "{name}".', did_you_mean(name, self._known))
        plain = self._known[name]
        return Dataset(name, plain.source, plain.columns, self._known)

    def of_file(self, path: Path) -> Dataset:
        """A file as a table; it is read once."""
        reader = READERS.get(path.suffix.lower())
        if reader is None:
            raise ConfigError(f"The file {path} is not one that can be checked.", f"Valid: {', '.join(READERS)}.")
        if not path.is_file():
            raise ConfigError(f"There is no file {path}.", "Correct the path.")
        try:
            self.engine.run(f"CREATE OR REPLACE TEMP TABLE checked_file AS SELECT * FROM {reader}({located(path)})")
        except FullcircleError:
            raise
        except Exception as error:  # whatever the engine says about a file; it may quote its values
            raise ConfigError(f"The file {path} cannot be read ({type(error).__name__}).", "Is it what its name says?") from None
        made = dataset_of(self.engine, path.stem, "temp.checked_file")
        return Dataset(path.stem, made.source, made.columns, self._known, (str(path),))

    def checked(self, one: TableRuleset, table: Dataset) -> RulesetOutcome:
        """Evaluate a ruleset on a table, beside the history of its checks."""
        return self.evaluation(one, table).run(QualityHistory(self.book).past(one.name, table.name))

    def evaluation(self, one: TableRuleset, table: Dataset, dialect: EngineDialect = DUCKDB) -> Evaluation:
        """A ruleset planned for a table."""
        canonical = CONFORMED.get(table.name) if table.source.startswith("conformed.") else None
        options = EvaluationOptions(one.composites, newest_first(canonical) if canonical and dialect is DUCKDB else "")
        return Evaluation(self.engine, one.name, one.ruleset, table, options, dialect)


@contextmanager
def quality_tables(settings: Config) -> Iterator[QualityTables]:
    """The tables of the last run, for reading; Busy beside a run."""
    with closing(book_for_reading(settings)) as book, tables_for_reading(settings) as engine:
        yield QualityTables(engine, book)


@contextmanager
def file_tables() -> Iterator[QualityTables]:
    """No tables but those of files: for what was never part of a run."""
    with closing(Book(Path(":memory:"))) as book, closing(open_engine()) as engine:
        yield QualityTables(engine, book)


def ruleset_of(path: Path, table: str, composites: Literal["dataset", "row"] = "dataset") -> TableRuleset:
    """A file with rules; its table is the primary data source that it names, unless `table` says another."""
    ruleset = read_ruleset(ruleset_file(path))
    return TableRuleset(path.stem, table or primary_of(ruleset), ruleset, composites=composites)


def primary_of(ruleset: Ruleset) -> str:
    """The table that a ruleset names itself: DataSources = { "Primary": "orders" }."""
    found = dict(ruleset.sources).get("Primary", "")
    return found if isinstance(found, str) else ""


def known_rulesets(settings: Config, tables: QualityTables) -> list[TableRuleset]:
    """The rulesets of the config, and those that come with the product, for tables that have rows."""
    wanted = settings.quality.model_copy(update={"built_in_rulesets": True})
    assert isinstance(wanted, QualitySettings)
    there = set(tables.names())
    return [
        one
        for one in table_rulesets(wanted, settings.folder)
        if one.table in there and (one.name != BUILT_IN_NAME or tables.engine.count(f"conformed.{one.table}"))
    ]


def keep(settings: Config, outcomes: Sequence[RulesetOutcome]) -> None:
    """Keep checks in the history, as a run does."""
    with private(), closing(open_book(settings)) as book:
        history = QualityHistory(book)
        for one in outcomes:
            history.keep(one)


def report_content(settings: Config, tables: QualityTables, only: str, shown: Callable[[str, str], bool]) -> ReportContent:
    """What a report shows: the known rulesets evaluated now, their history, and profiles of the tables that have rows.

    `only`: of this table alone; `shown`: whether numbers and dates of a column of a table may be shown.
    """
    if only:
        tables.table(only)
    names = [name for name in tables.names() if only in ("", name)]
    rulesets = [one for one in known_rulesets(settings, tables) if one.table in names]
    outcomes = [tables.checked(one, tables.table(one.table)) for one in rulesets]
    history = QualityHistory(tables.book)
    before = {(one.name, one.table): history.checks(60, one.name, one.table) for one in rulesets}
    profiles = [
        profile(tables.engine, table, partial(shown, name))
        for name in names
        if tables.engine.count((table := tables.table(name)).source) and (only or name in CONFORMED)
    ]
    return ReportContent(settings.project.name, outcomes, before, profiles)


def changed_tables(settings: Config, keep: bool = False) -> list[Drift]:
    """What changed in the canonical tables against their snapshots; `keep`: what they are like now is kept, too."""
    if not keep:
        with quality_tables(settings) as tables:
            return watch_tables(tables.engine, tables.book, Silent(), keep=False)
    with private(), closing(open_book(settings)) as book, tables_for_reading(settings) as engine:
        return watch_tables(engine, book, Silent())


def quarantined_rows(settings: Config, wanted: Mapping[str, str], limit: int) -> list[dict[str, Any]]:
    """Rows in quarantine with all their columns. `wanted`: column -> value; empty values are not looked at."""
    given = {name: value for name, value in wanted.items() if value}
    conditions = " AND ".join(f"{quoted(name)} = ${name}" for name in given) or "true"
    names = [column.name for column in QUARANTINE.columns]
    with tables_for_reading(settings) as engine:
        if not engine.has(QUARANTINE.name):
            return []
        rows = engine.rows(
            f"SELECT {', '.join(map(quoted, names))} FROM {QUARANTINE.name} WHERE {conditions} ORDER BY ALL LIMIT {int(limit)}",
            given,
        )
    return [dict(zip(names, row, strict=True)) for row in rows]
