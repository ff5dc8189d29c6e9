"""A connection to a database: statements in, pages of rows out. Its errors are ours. See source.py."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from fullcircle import registry
from fullcircle.config import secrets
from fullcircle.connectors.sources.sql.drivers import forgiving
from fullcircle.connectors.sources.sql.errors import as_source_error
from fullcircle.connectors.sources.sql.rows import Page
from fullcircle.connectors.sources.sql.values import column
from fullcircle.errors import ConfigError, FullcircleError, SourceBroken, SourceChanged, SourceUnreachable

CONNECT_SECONDS = 10
MONEY = 790  # PostgreSQL's number of the type `money`
WHOLE = (1, 2, 3, 8, 9)  # MySQL's numbers of the types of whole numbers
MYSQL = ("mysql", "mariadb")  # SQLAlchemy's names; a URL with either may lead to either


class Database:
    """A connection to a database. Its errors are SourceError, ConfigError or MissingExtra."""

    def __init__(self, reference: str, what: str, folder: Path) -> None:
        address = secrets.url(reference, what, folder).reveal().strip()
        parsed = _parsed(address, what)
        self.place = f"The database {secrets.shown(address)}"
        if parsed.drivername.startswith("sqlite") and parsed.database not in (None, "", ":memory:"):
            path = (folder / str(parsed.database)).resolve()
            if not path.is_file():  # SQLite would create an empty one
                name = f" {path}" if "***" not in self.place else ""
                raise SourceUnreachable(f"The database file{name} does not exist.", f"Check {what}.")
            parsed = parsed.set(database=str(path))
        self._engine = _engine(parsed, what)
        forgiving(self._engine)
        self.dialect = self._engine.dialect.name
        with self.translating("the login"), _quiet(what):
            # Each page is a statement of its own, so that no transaction stays open on the source between pages.
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if self.dialect == "sqlite":  # which otherwise opens the file only when something is read
                self._connection.exec_driver_sql("PRAGMA schema_version")
        self.inspector = sa.inspect(self._connection)

    def can_ask_for_odd(self) -> bool:
        """True if a condition can select the rows with values out of range; else all rows have to be looked at."""
        return self.dialect == "postgresql" and self.rows("SHOW server_encoding") != [("SQL_ASCII",)]

    def version(self) -> str:
        """The database's name and version."""
        dialect = self._engine.dialect
        name = "mariadb" if getattr(dialect, "is_mariadb", False) else dialect.name
        return f"{name} {'.'.join(map(str, dialect.server_version_info or ()))}".strip()

    def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """The result of a small query of our own, e.g. about the database's catalog."""
        with self.translating("reading the catalog"):
            return [tuple(row) for row in self._connection.execute(sa.text(query), values)]

    def page(self, statement: sa.Executable, kinds: dict[str, str], what: str) -> Page:
        """The result of a statement; `what` names the table in messages."""
        with self.translating(f"reading {what}"):
            result = self._connection.execute(statement)
            return _page(result, result.fetchall(), kinds)

    def stream(self, statement: sa.Executable, kinds: dict[str, str], size: int, what: str) -> Iterator[Page]:
        """A result that may be too large for memory, in pages of `size` rows; at least one page."""
        with self.translating(f"reading {what}"), self._engine.connect() as connection:
            result = connection.execution_options(stream_results=True, max_row_buffer=size).execute(statement)
            rows = result.fetchmany(size)
            yield _page(result, rows, kinds)
            while rows := result.fetchmany(size):
                yield _page(result, rows, kinds)

    def columns_of(self, statement: str, what: str) -> list[tuple[str, str]]:
        """The columns of a query: their names, and their kinds where only the database can know them."""
        with self.translating(what):
            result = self._connection.execute(sa.text(f"SELECT * FROM ({statement}) q WHERE 1 = 0"))
            described = list(result.cursor.description) if result.cursor is not None else []
            of_dialect = {"postgresql": {MONEY: "money"}, **dict.fromkeys(MYSQL, dict.fromkeys(WHOLE, "int"))}
            known: dict[Any, str] = of_dialect.get(self.dialect, {})
            return [(name, known.get(about[1], "")) for name, about in zip(result.keys(), described, strict=True)]

    @contextmanager
    def translating(self, what: str) -> Iterator[None]:
        """Raise errors of the database inside the `with` block as our own. `what` names the action in messages."""
        try:
            with warnings.catch_warnings():  # of a type that SQLAlchemy does not know; the values decide then
                warnings.simplefilter("ignore", sa.exc.SAWarning)
                yield
        except (sa.exc.DBAPIError, OSError, UnicodeError) as error:
            raise as_source_error(error, what, self.place) from None  # the cause may contain the URL or values of rows
        except ModuleNotFoundError as error:
            raise registry.missing(str(error.name), "the sql connector") from error

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
        self._engine.dispose()


@contextmanager
def _quiet(what: str) -> Iterator[None]:
    """A driver's error about the URL itself, which may repeat parts of it, becomes ours."""
    try:
        yield
    except (sa.exc.SQLAlchemyError, OSError, ModuleNotFoundError, FullcircleError):
        raise
    except Exception as error:
        reason = type(error).__name__
    else:
        return
    raise ConfigError(f"{what} is not accepted by the database's driver ({reason}).", "Check the parameters after the ?.")


def _parsed(address: str, what: str) -> sa.URL:
    """The URL for SQLAlchemy; errors do not repeat it, and have no cause that does."""
    hint = f"Write it in the form postgresql://user:password@host:5432/name. {secrets.ESCAPES}"
    try:
        parsed = sa.make_url(address)
    except Exception:  # ArgumentError, or ValueError for a port that is no number
        parsed = None
    if parsed is None or "@" in (parsed.host or ""):
        raise ConfigError(f"{what} is not a valid database URL.", hint)
    drivers = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
    drivers |= {name: f"{name}+pymysql" for name in MYSQL}
    parsed = parsed.set(drivername=drivers.get(parsed.drivername, parsed.drivername))
    if parsed.get_backend_name() in MYSQL and not parsed.database:
        raise ConfigError(f"{what} names no database.", "Add its name at the end: mysql://user:password@host:3306/name.")
    return parsed


def _engine(parsed: sa.URL, what: str) -> sa.Engine:
    waits = ("postgresql+psycopg", "mysql+pymysql", "mariadb+pymysql")
    wait = {"connect_timeout": CONNECT_SECONDS} if parsed.drivername in waits else {}
    try:
        return sa.create_engine(parsed, poolclass=sa.pool.NullPool, connect_args=wait)
    except ModuleNotFoundError as error:
        raise registry.missing(str(error.name), what) from None
    except sa.exc.NoSuchModuleError:
        reason, hint = (
            f'SQLAlchemy does not support the database "{parsed.drivername}".',
            "Check the URL, or install the SQLAlchemy dialect of that database.",
        )
    except Exception as error:  # of a dialect that does not like the URL; its text may repeat parts of it
        reason, hint = f"{what} is not accepted by SQLAlchemy ({type(error).__name__}).", "Check the parameters after the ?."
    raise ConfigError(reason, hint)


def _page(result: sa.CursorResult[Any], rows: Sequence[Any], kinds: dict[str, str]) -> Page:
    names = list(result.keys())
    described = list(result.cursor.description) if result.cursor is not None else [()] * len(names)
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    arrays, odd = [], {}
    for name, values, about in zip(names, columns, described, strict=True):
        array, cells = column(values, kinds.get(name) or _described(about))
        arrays.append(array)
        if cells:
            odd[name] = cells
    return Page(pa.table(arrays, names=names), rows, odd)


def _described(about: Sequence[Any]) -> str:
    """The kind from the driver's description of a column: precision and scale of exact numbers."""
    precision, scale = (about[4], about[5]) if len(about) > 5 else (None, None)
    return f"decimal({precision},{scale})" if precision and scale is not None and 0 < precision <= 38 else ""


def kind_of_type(type_: sa.types.TypeEngine[Any], dialect: str) -> str:
    """The kind (see values.py) of a column whose type SQLAlchemy read from the database; `money` is PostgreSQL's own."""
    if dialect == "sqlite" and isinstance(type_, (sa.DateTime, sa.Date, sa.Time)):
        return "text"  # SQLite stores times as whatever was written
    if dialect in MYSQL and isinstance(type_, (sa.Time, mysql.BIT, mysql.YEAR)):
        return "text" if isinstance(type_, sa.Time) else "bool" if getattr(type_, "length", 0) == 1 else "int"
    if isinstance(type_, postgresql.DOMAIN):
        return kind_of_type(type_.data_type, dialect)
    if isinstance(type_, sa.Numeric) and not isinstance(type_, sa.Float):
        precision, scale = type_.precision or 0, type_.scale
        fits = scale is not None and 0 < precision <= 38 and 0 <= scale <= precision
        return f"decimal({precision},{scale})" if fits else "" if dialect == "sqlite" else "text"
    kinds: tuple[tuple[Any, str], ...] = (
        (sa.Boolean, "bool"), (sa.Integer, "int"), (sa.Float, "float"), (sa.DateTime, "timestamp"), (sa.Date, "date"),
        (sa.Time, "time"), (sa.Uuid, "uuid"), (sa.LargeBinary, "bytes"), (sa.JSON, "json"), (sa.ARRAY, "json"),
        (postgresql.HSTORE, "json"), (postgresql.MONEY, "money"), (postgresql.INTERVAL, "text"), (sa.String, "text"),
    )  # fmt: skip
    return next((kind for class_, kind in kinds if isinstance(type_, class_)), "")


def selected(source: sa.FromClause, kinds: dict[str, str]) -> list[sa.ColumnElement[Any]]:
    """The columns to read. `money` is read as the exact number: its text depends on settings of the server."""
    return [sa.cast(one, sa.Numeric).label(one.name) if kinds.get(one.name) == "money" else one for one in source.c]


def exact(one: sa.ColumnElement[Any]) -> sa.Cast[Any]:
    """A text of MySQL as bytes, which are equal only if they are the same."""
    return sa.cast(sa.cast(one, mysql.CHAR(charset="utf8mb4")), sa.LargeBinary)


def read_table(url: str, folder: Path, table_or_query: str) -> pa.Table:
    """A complete table, or the result of a query, as Arrow. `url` is the database, by reference (see `secrets.url`)."""
    database = Database(url, "the database URL", folder)
    try:
        if re.match(r"\s*(select|with)\b", table_or_query, re.IGNORECASE):
            statement: sa.Executable = sa.text(escaped(table_or_query))
            kinds: dict[str, str] = {}
            what = "the query"
        else:
            schema, _, table = table_or_query.rpartition(".")
            what = f"the table {table_or_query}"
            with database.translating(f"inspecting {what}"):
                try:
                    columns = database.inspector.get_columns(table, schema or None)
                except sa.exc.NoSuchTableError as error:
                    raise SourceChanged(
                        f'{database.place} has no table "{table_or_query}".', "Check the name and the schema."
                    ) from error
            kinds = {one["name"]: kind_of_type(one["type"], database.dialect) for one in columns}
            source = sa.table(table, *[sa.column(one) for one in kinds], schema=schema or None)
            statement = sa.select(*selected(source, kinds))
        pages = [_whole(page, what) for page in database.stream(statement, kinds, 100_000, what)]
        return pa.concat_tables(pages, promote_options="permissive")
    finally:
        database.close()


def _whole(page: Page, what: str) -> pa.Table:
    """The page as a table; an error if a value had to be left out, because nothing says so in a joined table."""
    if page.odd:
        raise SourceBroken(
            f'The column "{next(iter(page.odd))}" of {what} has a value out of range, such as an infinite time or NaN.',
            "Use a query that leaves the column out, replaces the value, or casts the column to text.",
        )
    return page.table


def escaped(query: str) -> str:
    """A user's query as SQLAlchemy text, without a final semicolon and with colons escaped."""
    return re.sub(r"(?<![:\w\\]):(?=\w)", r"\\:", query.strip().rstrip(";"))
