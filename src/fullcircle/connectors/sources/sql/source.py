"""The `sql` connector: any database that SQLAlchemy supports, read in pages ordered by key, directly into Arrow.

[sources.shop]
connector = "sql"
url = "env:SHOP_URL"                  # postgresql://user:password@host/name; sqlite:///file.db

[sources.shop.objects.customers]      # without objects: every table, read completely and compared each time
table = "customers"                   # or query = "SELECT ..."
cursor = "updated_at"                 # a pull then reads only rows that changed since the last one
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from pydantic import Field

from fullcircle import registry
from fullcircle.config import secrets
from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.connectors.base import META, Batch, Cursor, FoundField, FoundObject, FullRead, SourceContext
from fullcircle.connectors.sources.sql.errors import as_source_error
from fullcircle.connectors.sources.sql.rows import Roles, hashed, live_keys, shaped
from fullcircle.connectors.sources.sql.values import column, kind_of, packed, start, unpacked
from fullcircle.engine.open import open_engine
from fullcircle.errors import ConfigError, SourceChanged, SourceUnreachable, did_you_mean

NULL = sa.types.NullType()  # values are bound as the driver returned them; the database knows the type of its column
TUPLES = {"postgresql", "sqlite", "mysql", "mariadb"}  # databases that support (a, b) > (1, 2)
CURSORS = ("updated_at", "modified_at", "last_modified", "write_date", "systemmodstamp", "updated", "modified")
FETCHED_AT_ONCE = 500  # keys
CONNECT_SECONDS = 10


class SqlObjectOptions(Settings):
    """[sources.<name>.objects.<object>]."""

    table: str = ""  # empty: the object's name; may be "schema.table"
    query: str = ""
    schema_: str = Field("", alias="schema")
    key: str | tuple[str, ...] = ()  # empty: the primary key
    cursor: str = ""  # a column that grows with every change: a time or a number
    lag_seconds: float | None = None  # how far before the cursor to start; None: 300 for times, 0 for numbers
    deleted: str = ""  # a column that is true, or not null, if the row is deleted
    merged_into: str = ""  # a column with the key of the record that this one was merged into
    sweep: bool = True  # compare all keys to find deleted rows


class SqlOptions(Settings):
    """[sources.<name>] with connector = "sql"."""

    url: str
    schema_: str = Field("", alias="schema")
    objects: dict[str, SqlObjectOptions] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selection:
    """An object that is ready to be read: where it is, its columns with their kinds, and their roles."""

    title: str
    source: sa.FromClause
    kinds: dict[str, str]
    roles: Roles
    primary: bool  # the key is the primary key, so it is never null


class Database:
    """A connection to a database. Its errors are SourceError, ConfigError or MissingExtra."""

    def __init__(self, reference: str, what: str, folder: Path) -> None:
        address = secrets.url(reference, what, folder).reveal()
        try:
            parsed = sa.make_url(address)
        except sa.exc.ArgumentError as error:
            raise ConfigError(
                f"{what} is not a valid database URL.", "Write it in the form postgresql://user:password@host:5432/name."
            ) from error
        if parsed.drivername in ("postgres", "postgresql"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        self.place = f"The database {parsed.set(username=None, password=None, query={}).render_as_string()}"
        if parsed.drivername.startswith("sqlite") and parsed.database not in (None, "", ":memory:"):
            path = (folder / str(parsed.database)).resolve()
            if not path.is_file():  # SQLite would create an empty one
                raise SourceUnreachable(f"The database file {path} does not exist.", f"Check {what}.")
            parsed = parsed.set(database=str(path))
        try:
            wait = {"connect_timeout": CONNECT_SECONDS} if parsed.drivername == "postgresql+psycopg" else {}
            self._engine = sa.create_engine(parsed, poolclass=sa.pool.NullPool, connect_args=wait)
        except ModuleNotFoundError as error:
            raise registry.missing(str(error.name), what) from error
        except sa.exc.NoSuchModuleError as error:
            raise ConfigError(
                f'SQLAlchemy does not support the database "{parsed.drivername}".',
                "Check the URL, or install the SQLAlchemy dialect of that database.",
            ) from error
        self.dialect = self._engine.dialect.name
        with self.translating("the login"):
            # Each page is a statement of its own, so that no transaction stays open on the source between pages.
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if self.dialect == "sqlite":  # which otherwise opens the file only when something is read
                self._connection.exec_driver_sql("PRAGMA schema_version")
        self.inspector = sa.inspect(self._connection)

    def version(self) -> str:
        """The database's name and version."""
        numbers = self._engine.dialect.server_version_info or ()
        return f"{self._engine.dialect.name} {'.'.join(map(str, numbers))}".strip()

    def page(self, statement: sa.Executable, kinds: dict[str, str]) -> tuple[pa.Table, list[Any]]:
        """The result of a statement as an Arrow table, and its last row."""
        with self.translating("reading"):
            result = self._connection.execute(statement)
            rows = result.fetchall()
            return _table(result, rows, kinds), list(rows[-1]) if rows else []

    def stream(self, statement: sa.Executable, kinds: dict[str, str], size: int) -> Iterator[pa.Table]:
        """A result that may be too large for memory, in pages of `size` rows; at least one page."""
        with self.translating("reading"), self._engine.connect() as connection:
            result = connection.execution_options(stream_results=True, max_row_buffer=size).execute(statement)
            rows = result.fetchmany(size)
            yield _table(result, rows, kinds)
            while rows := result.fetchmany(size):
                yield _table(result, rows, kinds)

    def columns_of(self, statement: str) -> list[str]:
        """The names of a query's columns."""
        with self.translating("the query"):
            return list(self._connection.execute(sa.text(f"SELECT * FROM ({statement}) AS q WHERE 1 = 0")).keys())

    @contextmanager
    def translating(self, what: str) -> Iterator[None]:
        """Raise errors of the database inside the `with` block as our own. `what` names the action in messages."""
        try:
            yield
        except (sa.exc.DBAPIError, OSError) as error:
            raise as_source_error(error, what, self.place) from None  # the cause may contain the URL or values of rows
        except ModuleNotFoundError as error:
            raise registry.missing(str(error.name), "the sql connector") from error

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
        self._engine.dispose()


def _table(result: sa.CursorResult[Any], rows: Sequence[Any], kinds: dict[str, str]) -> pa.Table:
    names = list(result.keys())
    described = list(result.cursor.description) if result.cursor is not None else [()] * len(names)
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    arrays = [
        column(values, kinds.get(name) or _described(about))
        for name, values, about in zip(names, columns, described, strict=True)
    ]
    return pa.table(arrays, names=names)


def _described(about: Sequence[Any]) -> str:
    """The kind from the driver's description of a column: precision and scale of exact numbers."""
    precision, scale = (about[4], about[5]) if len(about) > 5 else (None, None)
    return f"decimal({precision},{scale})" if precision and scale is not None and 0 < precision <= 38 else ""


def _kind(type_: sa.types.TypeEngine[Any], dialect: str) -> str:
    if dialect == "sqlite" and isinstance(type_, (sa.DateTime, sa.Date, sa.Time)):
        return "text"  # SQLite stores times as whatever was written
    if isinstance(type_, sa.Numeric) and not isinstance(type_, sa.Float):
        fits = type_.precision and type_.scale is not None and type_.precision <= 38
        return f"decimal({type_.precision},{type_.scale})" if fits else "" if dialect == "sqlite" else "text"
    kinds: tuple[tuple[Any, str], ...] = (
        (sa.Boolean, "bool"), (sa.Integer, "int"), (sa.Float, "float"), (sa.DateTime, "timestamp"), (sa.Date, "date"),
        (sa.Time, "time"), (sa.Uuid, "uuid"), (sa.LargeBinary, "bytes"), (sa.JSON, "json"), (sa.ARRAY, "json"),
        (sa.String, "text"),
    )  # fmt: skip
    return next((kind for class_, kind in kinds if isinstance(type_, class_)), "")


class Sql:
    """A database as a source; see `connectors.base.Connector`, `SweepsIds` and `FetchesKeys`."""

    def __init__(self, context: SourceContext) -> None:
        where = f"[sources.{context.name}]"
        self._where = where
        self.options = parse(SqlOptions, dict(context.options), where)
        for name, one in self.options.objects.items():
            if one.table and one.query:
                raise ConfigError(f"{where} objects.{name} has both a table and a query.", "Remove one of them.")
        self._rows = context.batch_rows
        self._database = Database(self.options.url, f"{where} url", context.folder)
        self._engine = open_engine(memory="1GB")
        self._opened: dict[str, Selection] = {}
        self._keyless: dict[str, list[pa.Array]] = {}

    def check(self) -> list[str]:
        """The database's version and its number of objects. Raises if an object of the config cannot be read."""
        names = self.objects()
        for name in self.options.objects:
            self._selection(name)
        return [self._database.version(), f"{len(names):,} objects"]

    def discover(self) -> list[FoundObject]:
        """The objects of the config, else all tables, with their columns, keys and a likely cursor."""
        return [self._found(name) for name in self.objects()]

    def objects(self) -> list[str]:
        """The objects of the config, else all tables."""
        return list(self.options.objects) or self._tables(self.options.schema_)

    def close(self) -> None:
        """Close the connection."""
        self._database.close()
        self._engine.close()

    # -- what to read ----------------------------------------------------------------------------------------------
    def _tables(self, schema: str) -> list[str]:
        with self._database.translating("listing the tables"):
            return sorted(self._database.inspector.get_table_names(schema=schema or None))

    def _selection(self, name: str) -> Selection:
        if name not in self._opened:
            options = self.options.objects.get(name, SqlObjectOptions())
            self._opened[name] = self._query(name, options) if options.query else self._table_of(name, options)
        return self._opened[name]

    def _table_of(self, name: str, options: SqlObjectOptions) -> Selection:
        table, schema = options.table or name, options.schema_ or self.options.schema_
        try:
            with self._database.translating(f"inspecting the table {table}"):
                if "." in table and not self._database.inspector.has_table(table, schema or None):
                    schema, _, table = table.partition(".")
                columns = self._database.inspector.get_columns(table, schema or None)
                primary = tuple(self._database.inspector.get_pk_constraint(table, schema or None)["constrained_columns"])
        except sa.exc.NoSuchTableError as error:
            hint = f"{did_you_mean(table, self._tables(schema))} Check the name and the schema in the config file."
            raise SourceChanged(f'{self._where}: the database has no table "{table}".', hint) from error
        kinds = {one["name"]: _kind(one["type"], self._database.dialect) for one in columns}
        source = sa.table(table, *[sa.column(one) for one in kinds], schema=schema or None)
        return self._checked(f"the table {table}", source, kinds, options, primary)

    def _query(self, name: str, options: SqlObjectOptions) -> Selection:
        text = _escaped(options.query)
        names = self._database.columns_of(text)
        twice = sorted({one for one in names if names.count(one) > 1})
        if twice:
            raise ConfigError(
                f'{self._where}: the query of {name} returns the column "{twice[0]}" twice.', "Rename one of them with AS."
            )
        kinds = dict.fromkeys(names, "")
        source = sa.text(text).columns(*[sa.column(one) for one in kinds]).subquery("q")
        return self._checked(f"the query of {name}", source, kinds, options, ())

    def _checked(
        self, title: str, source: sa.FromClause, kinds: dict[str, str], options: SqlObjectOptions, primary: tuple[str, ...]
    ) -> Selection:
        key = (options.key,) if isinstance(options.key, str) else options.key
        json = tuple(one for one, kind in kinds.items() if kind == "json")
        roles = Roles(key or primary, options.cursor, options.deleted, options.merged_into, json)
        for one in roles.named:
            if one not in kinds:
                raise SourceChanged(f'{self._where}: {title} has no column "{one}".', did_you_mean(one, kinds))
        if options.cursor and not roles.key:
            raise ConfigError(f"{self._where}: {title} has a cursor but no key.", "Add the option `key`.")
        return Selection(title, source, kinds, roles, bool(primary) and roles.key == primary)

    # -- reading ---------------------------------------------------------------------------------------------------
    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        """The rows that changed since the cursor, ordered by (cursor column, key), then rows without a cursor value, by key."""
        selection = self._selection(name)
        if not selection.roles.key:
            yield from self._pull_keyless(name, selection)
            return
        state = dict(since or {})
        if not state.get("part"):
            begun = {"part": "changed" if selection.roles.cursor else "rest", "after": None, "top": state.get("from")}
            state = {**state, **begun}
        self._same_kind(selection, state)
        while state["part"]:
            for batch in self._part(selection, state):
                state = batch.cursor
                yield batch
            state = self._next_part(name, selection, state)
        yield self._without_key(selection, state)

    def _part(self, selection: Selection, state: Cursor) -> Iterator[Batch]:
        """The pages of one part of the pull, each with the cursor after it."""
        while True:
            statement, width = self._page_sql(selection, state)
            page, last = self._database.page(statement, selection.kinds)
            if not page.num_rows and state["after"] is None:  # so that an empty table has columns
                yield Batch(shaped(self._engine, page, selection.roles), state)
            if page.num_rows:
                state = {**state, "after": [packed(value) for value in _ends(selection, page.schema.names, last, width)]}
                if state["part"] == "changed":
                    state["top"] = state["after"][0]
                yield Batch(shaped(self._engine, page, selection.roles), state)
            if page.num_rows < self._rows:
                return

    def _page_sql(self, selection: Selection, state: Cursor) -> tuple[sa.Select[Any], int]:
        source, roles = selection.source, selection.roles
        order = [source.c[one] for one in roles.key]
        where: list[sa.ColumnElement[bool]] = [] if selection.primary else [one.is_not(None) for one in order]
        if state["part"] == "changed":
            cursor = source.c[roles.cursor]
            order.insert(0, cursor)
            where.append(cursor.is_not(None))
            if state.get("from") is not None and state["after"] is None:
                where.append(cursor >= sa.literal(unpacked(state["from"]), NULL))
        elif roles.cursor:
            where.append(source.c[roles.cursor].is_(None))
        if state["after"] is not None:
            where.append(self._beyond(order, [unpacked(value) for value in state["after"]]))
        return sa.select(*source.c).where(*where).order_by(*order).limit(self._rows), len(order)

    def _beyond(self, order: list[Any], after: list[Any]) -> sa.ColumnElement[bool]:
        values = [sa.literal(value, NULL) for value in after]
        if len(order) == 1:
            return order[0] > values[0]  # type: ignore[no-any-return]
        if self._database.dialect in TUPLES:
            return sa.tuple_(*order) > sa.tuple_(*values)
        steps = [
            sa.and_(*[order[before] == values[before] for before in range(place)], order[place] > values[place])
            for place in range(len(order))
        ]
        return sa.or_(*steps)

    def _next_part(self, name: str, selection: Selection, state: Cursor) -> Cursor:
        if state["part"] == "changed":
            return {**state, "part": "rest", "after": None}
        done: Cursor = {"part": "", "after": None}
        if selection.roles.cursor and state.get("top") is not None:
            lag = self.options.objects[name].lag_seconds
            top = unpacked(state["top"])
            begin = start(top, lag, datetime.datetime.now(datetime.UTC)) if state["top"] != state.get("from") else top
            done |= {"from": packed(begin), "kind": kind_of(top)}
        return done

    def _same_kind(self, selection: Selection, state: Cursor) -> None:
        """Raise SourceChanged if the cursor column changed its type: it cannot be compared with the stored cursor."""
        if not state.get("kind"):
            return
        cursor = selection.source.c[selection.roles.cursor]
        _, last = self._database.page(sa.select(cursor).where(cursor.is_not(None)).limit(1), {})
        if last and kind_of(last[0]) != state["kind"]:
            raise SourceChanged(
                f'{self._where}: the column "{selection.roles.cursor}" of {selection.title} held a {state["kind"]} '
                f"and holds a {kind_of(last[0])} now.",
                "Restore the type in the source, or delete the object's landing folder and pull again: it is then read from the "
                "start.",
            )

    def _without_key(self, selection: Selection, state: Cursor) -> Batch:
        """The last batch of a pull: the final cursor, and the rows whose key is null as rejects."""
        if selection.primary:
            return Batch(META.empty_table(), state)
        reading = FullRead("rows without a key", uuid.uuid4().hex, ends=True)
        null = sa.or_(*[selection.source.c[one].is_(None) for one in selection.roles.key])
        page, _ = self._database.page(sa.select(*selection.source.c).where(null).limit(self._rows), selection.kinds)
        if not page.num_rows:
            return Batch(META.empty_table(), state, reading=reading)
        raw = shaped(self._engine, page, Roles(()))["_raw"]
        reason = f"the key ({', '.join(selection.roles.key)}) of {selection.title} is null"
        text = [pa.array([words] * len(raw), pa.string()) for words in ("null", reason)]
        return Batch(META.empty_table(), state, pa.table([*text, raw], names=["key", "reason", "raw"]), reading)

    def _pull_keyless(self, name: str, selection: Selection) -> Iterator[Batch]:
        seen: dict[str, int] = {}
        self._keyless[name] = []
        for page in self._database.stream(sa.select(*selection.source.c), selection.kinds, self._rows):
            rows = hashed(self._engine, shaped(self._engine, page, selection.roles), seen)
            self._keyless[name].append(rows["_key"].combine_chunks())
            yield Batch(rows, {"part": ""})

    # -- deleted rows ----------------------------------------------------------------------------------------------
    def sweep(self, name: str) -> Iterator[pa.Array] | None:
        """All keys that exist and are not marked as deleted; for a table without a key, those of the last pull."""
        if not self.options.objects.get(name, SqlObjectOptions()).sweep:
            return None
        selection = self._selection(name)
        if not selection.roles.key:
            return iter(self._keyless[name]) if name in self._keyless else None
        return self._sweep(selection)

    def _sweep(self, selection: Selection) -> Iterator[pa.Array]:
        roles = Roles(selection.roles.key, "", selection.roles.deleted, selection.roles.merged_into)
        columns = [selection.source.c[one] for one in dict.fromkeys(roles.named)]
        keyed = [selection.source.c[one].is_not(None) for one in roles.key]
        for page in self._database.stream(sa.select(*columns).where(*keyed), selection.kinds, self._rows):
            yield live_keys(self._engine, page, roles)

    def fetch(self, name: str, keys: pa.Array, cursor: Cursor) -> Iterator[Batch]:
        """The rows with these keys."""
        selection = self._selection(name)
        if not selection.roles.key:
            return
        columns = [selection.source.c[one] for one in selection.roles.key]
        texts = keys.to_pylist()
        for begin in range(0, len(texts), FETCHED_AT_ONCE):
            wanted = [_key_values(text, selection) for text in texts[begin : begin + FETCHED_AT_ONCE]]
            where = sa.or_(*[sa.and_(*[c == sa.literal(v, NULL) for c, v in zip(columns, key, strict=True)]) for key in wanted])
            page, _ = self._database.page(sa.select(*selection.source.c).where(where), selection.kinds)
            yield Batch(shaped(self._engine, page, selection.roles), cursor)

    def _found(self, name: str) -> FoundObject:
        selection = self._selection(name)
        page, _ = self._database.page(sa.select(*selection.source.c).limit(20), selection.kinds)
        fields = tuple(FoundField(f.name, str(f.type), _example(page[f.name])) for f in page.schema)
        near = next((one for one in page.schema.names if one.lower() in CURSORS), "")
        return FoundObject(name, selection.roles.key, fields, None, selection.roles.cursor or near)


def _ends(selection: Selection, names: list[str], last: list[Any], width: int) -> list[Any]:
    """The values of the page's last row: the next page starts after them."""
    roles = selection.roles
    return [last[names.index(one)] for one in ((roles.cursor, *roles.key) if width > len(roles.key) else roles.key)]


def _key_values(text: str, selection: Selection) -> list[Any]:
    """The parts of a key that is given as text, with integers as numbers."""
    roles = selection.roles
    parts = (
        [text]
        if len(roles.key) == 1
        else [re.sub(r"\\(.)", r"\1", part) for part in re.findall(r"((?:[^|\\]|\\.)*)(?:\||$)", text)]
    )
    return [
        int(part) if selection.kinds[one] == "int" and re.fullmatch(r"-?\d+", part) else part
        for one, part in zip(roles.key, parts, strict=False)
    ]


def _escaped(query: str) -> str:
    """A user's query as SQLAlchemy text, without a final semicolon and with colons escaped."""
    return re.sub(r"(?<![:\w\\]):(?=\w)", r"\\:", query.strip().rstrip(";"))


def _example(values: pa.ChunkedArray) -> str:
    value = next((str(one) for one in values.to_pylist() if one is not None), "")[:40]
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", value))


def read_table(url: str, folder: Path, table_or_query: str) -> pa.Table:
    """A complete table, or the result of a query, as Arrow. `url` is the database, by reference (see `secrets.url`)."""
    database = Database(url, "the database URL", folder)
    try:
        if re.match(r"\s*(select|with)\b", table_or_query, re.IGNORECASE):
            statement: sa.Executable = sa.text(_escaped(table_or_query))
            kinds: dict[str, str] = {}
        else:
            schema, _, table = table_or_query.rpartition(".")
            with database.translating(f"inspecting the table {table_or_query}"):
                try:
                    columns = database.inspector.get_columns(table, schema or None)
                except sa.exc.NoSuchTableError as error:
                    raise SourceChanged(
                        f'{database.place} has no table "{table_or_query}".', "Check the name and the schema."
                    ) from error
            kinds = {one["name"]: _kind(one["type"], database.dialect) for one in columns}
            statement = sa.select(*[sa.column(one) for one in kinds]).select_from(sa.table(table, schema=schema or None))
        return pa.concat_tables(list(database.stream(statement, kinds, 100_000)), promote_options="permissive")
    finally:
        database.close()


PLUGIN = Sql
