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
import hashlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.connectors.base import META, Batch, Cursor, ForeignKey, FoundField, FoundObject, FullRead, SourceContext
from fullcircle.connectors.sources.sql import aside
from fullcircle.connectors.sources.sql.catalog import Tables, likely_key, references_of, tables_of
from fullcircle.connectors.sources.sql.database import MYSQL, Database, escaped, exact, kind_of_type, selected
from fullcircle.connectors.sources.sql.rows import Page, Roles, hashed, key_values, live_keys, newest, shaped
from fullcircle.connectors.sources.sql.values import Odd, kind_of, packed, start, unpacked
from fullcircle.engine.open import open_engine
from fullcircle.errors import ConfigError, SourceBroken, SourceChanged, SourceError, SourceUnreachable, did_you_mean
from fullcircle.model.counting import counted

NULL = sa.types.NullType()  # values are bound as the driver returned them; the database knows the type of its column
TUPLES = {"postgresql", "sqlite", "mysql", "mariadb"}  # databases that support (a, b) > (1, 2)
CURSORS = ("updated_at", "modified_at", "last_modified", "write_date", "systemmodstamp", "updated", "modified")
FETCHED_AT_ONCE = 500  # keys
LEFT_OUT = "rows without a key"  # what the reading of rejects is called; stored in existing homes


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
    never_null: bool = False  # the database does not allow a key that is null
    unique: bool = False  # the database does not allow a key twice
    table: str = ""
    schema: str = ""
    found_key: str = ""  # the key, if the database names none and the values of a column are one

    @property
    def columns(self) -> list[sa.ColumnElement[Any]]:
        """What a SELECT reads."""
        return selected(self.source, self.kinds)


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
        self._listed: dict[str, Tables] = {}  # by schema
        self._keyless: dict[str, list[pa.Array]] = {}

    def check(self) -> list[str]:
        """The database's version, its number of objects, and what is left out. Raises if an object cannot be read."""
        names = self.objects()
        for name in self.options.objects:
            self._selection(name)
        return [self._database.version(), f"{counted(len(names), 'object')}", *self._about()]

    def _about(self) -> list[str]:
        there = self._tables(self.options.schema_) if not self.options.objects else Tables(())
        lines = ["there are no tables, only views: the views are read"] if there.only_views else []
        lines += there.reported()
        named = {(one.schema, one.table): name for name, one in self._opened.items() if one.table}
        for (schema, table), name in named.items():
            why = self._tables(schema).left_out.get(table, "") if self._database.dialect == "postgresql" else ""
            parent = re.fullmatch(r"(?:partitions of|inheriting) (.*), read with it", why)
            if parent and (schema, parent[1]) in named:
                lines.append(f"{name} is read twice: its rows are also read with {named[schema, parent[1]]}")
        return lines

    def discover(self) -> list[FoundObject]:
        """The objects of the config, else all tables, with their columns, keys, foreign keys and a likely cursor."""
        names = self.objects()
        places = {(one.schema, one.table): name for name in names if (one := self._selection(name)).table}
        return [self._found(name, places) for name in names]

    def objects(self) -> list[str]:
        """The objects of the config, else all tables; the views, if there are no tables."""
        return list(self.options.objects) or list(self._tables(self.options.schema_).names)

    def close(self) -> None:
        """Close the connection."""
        self._database.close()
        self._engine.close()

    # -- what to read ----------------------------------------------------------------------------------------------
    def _tables(self, schema: str) -> Tables:
        if schema not in self._listed:
            self._listed[schema] = tables_of(self._database, schema)
        return self._listed[schema]

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
            there = self._tables(schema)
            hint = did_you_mean(table, [*there.names, *there.left_out])
            raise SourceChanged(
                f'{self._where}: the database has no table "{table}".',
                f"{hint} Check the name and the schema in the config file.",
            ) from error
        except sa.exc.UnreflectableTableError as error:  # MySQL's word for a view over what is no longer there
            raise SourceBroken(
                f"{self._where}: the view {table} cannot be read: a table or column that it is made of does not exist.",
                "Mend the view in the database, or name the objects to read without it.",
            ) from error
        kinds = {one["name"]: kind_of_type(one["type"], self._database.dialect) for one in columns}
        source = sa.table(table, *[sa.column(one) for one in kinds], schema=schema or None)
        selection = self._checked(f"the table {table}", source, kinds, options, primary)
        # SQLite allows NULL in most primary keys; a table that others inherit may have their keys twice.
        is_primary = bool(primary) and selection.roles.key == primary
        is_parent = self._database.dialect == "postgresql" and table in self._tables(schema).inherited
        return replace(
            selection,
            never_null=is_primary and self._database.dialect != "sqlite" and not is_parent,
            unique=is_primary and not is_parent,
            table=table,
            schema=schema,
        )

    def _query(self, name: str, options: SqlObjectOptions) -> Selection:
        text = escaped(options.query)
        columns = self._database.columns_of(text, f"the query of {name}")
        names = [one for one, _ in columns]
        twice = sorted({one for one in names if names.count(one) > 1})
        if twice:
            raise ConfigError(
                f'{self._where}: the query of {name} returns the column "{twice[0]}" twice.', "Rename one of them with AS."
            )
        kinds = dict(columns)
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
        return Selection(title, source, kinds, roles)

    # -- reading ---------------------------------------------------------------------------------------------------
    def pull(self, name: str, since: Cursor | None) -> Iterator[Batch]:
        """The rows that changed since the cursor, ordered by (cursor column, key), then rows without a cursor value, by key."""
        selection = self._keyed(name, since)
        state = dict(since or {})
        if selection.found_key:
            state["key"] = selection.found_key
        if not selection.roles.key:
            yield from self._pull_keyless(name, selection, state)
            return
        if not state.get("part"):
            begun = {"part": "changed" if selection.roles.cursor else "rest", "after": None, "top": state.get("from")}
            state = {**state, **begun}
        self._same_kind(selection, state)
        while state["part"]:
            for batch in self._part(selection, state):
                state = batch.cursor
                yield batch
            state = self._next_part(name, selection, state)
        yield from self._left_out(selection, state)

    def _keyed(self, name: str, since: Cursor | None) -> Selection:
        """The object, with a key that is found by looking, if it has no other; what was pulled without one stays without."""
        selection = self._selection(name)
        if selection.roles.key:
            return selection
        found = since.get("key", "") if since else self._likely_key(name, selection)
        if found in selection.kinds:
            selection = replace(selection, roles=replace(selection.roles, key=(found,)), found_key=found)
            self._opened[name] = selection
        return selection

    def _likely_key(self, name: str, selection: Selection) -> str:
        return likely_key(self._database, selection.source, selection.kinds, selection.table or name)

    def _part(self, selection: Selection, state: Cursor) -> Iterator[Batch]:
        """The pages of one part of the pull, each with the cursor after it."""
        while True:
            statement, width = self._page_sql(selection, state)
            page = self._database.page(statement, selection.kinds, selection.title)
            if not page.rows and state["after"] is None:  # so that an empty table has columns
                yield Batch(shaped(self._engine, page, selection.roles), state)
            if page.rows:
                state = {**state, "after": [packed(value) for value in self._ends(selection, page, width)]}
                if state["part"] == "changed":
                    state["top"] = newest(page, selection.roles.cursor, state["top"])
                if page.odd:
                    state["odd"] = True
                yield Batch(shaped(self._engine, page, selection.roles), state)
            if len(page.rows) < self._rows:
                return

    def _ends(self, selection: Selection, page: Page, width: int) -> list[Any]:
        """The values of the page's last row: the next page starts after them."""
        roles, names = selection.roles, page.table.schema.names
        wanted = (roles.cursor, *roles.key) if width > len(roles.key) else roles.key
        ends = [page.last[names.index(one)] for one in wanted]
        if self._database.dialect == "sqlite" and any(isinstance(one, Odd) for one in ends):
            raise SourceBroken(
                f"{self._where}: a key of {selection.title} is not valid text, so that the rows after it cannot be found.",
                "Correct it in the source, or name another column as `key`.",
            )
        return ends

    def _page_sql(self, selection: Selection, state: Cursor) -> tuple[sa.Select[Any], int]:
        source, roles = selection.source, selection.roles
        keys = [source.c[one] for one in roles.key]
        where: list[sa.ColumnElement[bool]] = [] if selection.never_null else [one.is_not(None) for one in keys]
        order: list[Any] = self._apart(selection)
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
        return sa.select(*selection.columns).where(*where).order_by(*order).limit(self._rows), len(order)

    def _apart(self, selection: Selection) -> list[Any]:
        """The key to order by. MySQL takes `a` and `A` for equal: where both may be there, a page could end between them."""
        takes_for_equal = self._database.dialect in MYSQL and not selection.unique
        kinds, columns = selection.kinds, [selection.source.c[one] for one in selection.roles.key]
        return [exact(one) if takes_for_equal and kinds[one.name] in ("", "text") else one for one in columns]

    def _beyond(self, order: list[Any], after: list[Any]) -> sa.ColumnElement[bool]:
        values: list[Any] = [
            exact(sa.literal(value, NULL)) if isinstance(one, sa.Cast) else sa.literal(value, NULL)
            for one, value in zip(order, after, strict=True)
        ]
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
        done |= {one: state[one] for one in ("odd", "aside", "key") if one in state}
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
        last = self._database.page(sa.select(cursor).where(cursor.is_not(None)).limit(1), {}, selection.title).last
        if last and not isinstance(last[0], Odd) and kind_of(last[0]) != state["kind"]:
            raise SourceChanged(
                f'{self._where}: the column "{selection.roles.cursor}" of {selection.title} held a {state["kind"]} '
                f"and holds a {kind_of(last[0])} now.",
                "Restore the type in the source, or delete the object's landing folder and pull again: it is then read from the "
                "start.",
            )

    def _pull_keyless(self, name: str, selection: Selection, before: Cursor) -> Iterator[Batch]:
        seen: dict[str, int] = {}
        state: Cursor = {"part": "", **{one: before[one] for one in ("odd", "aside") if one in before}}
        self._keyless[name] = []
        for page in self._database.stream(sa.select(*selection.columns), selection.kinds, self._rows, selection.title):
            rows = hashed(self._engine, shaped(self._engine, page, selection.roles), seen)
            self._keyless[name].append(rows["_key"].combine_chunks())
            state = {**state, "odd": True} if page.odd else state
            yield Batch(rows, state)
        yield from self._left_out(selection, state)

    # -- what a pull had to leave out ------------------------------------------------------------------------------
    def _left_out(self, selection: Selection, state: Cursor) -> Iterator[Batch]:
        """The last batches of a pull: its final cursor, and the rejects if they are not those of the last pull."""
        before = state.get("aside")
        state = {key: value for key, value in state.items() if key != "aside"}
        keyed = bool(selection.roles.key)
        if not state.get("odd") and (selection.never_null or not keyed) and (selection.unique or not keyed):
            yield Batch(META.empty_table(), state, full_read=FullRead(LEFT_OUT, uuid.uuid4().hex, ends=True) if before else None)
            return
        digest = hashlib.sha256()
        is_odd = False
        for rejects, odd in self._rejects(selection, state):
            is_odd = is_odd or odd
            digest.update("\n".join(map(repr, rejects.to_pylist())).encode())
        if not is_odd:
            state.pop("odd", None)
        found = digest.hexdigest() if digest.digest() != hashlib.sha256().digest() else None
        if found is not None:
            state["aside"] = found
        if found is not None and found == before:
            yield Batch(META.empty_table(), state)
            return
        full_read = FullRead(LEFT_OUT, uuid.uuid4().hex)
        if found is not None:
            for rejects, _ in self._rejects(selection, {"odd": is_odd}):
                if rejects.num_rows:
                    yield Batch(META.empty_table(), {**state, "aside": None, "odd": is_odd}, rejects, full_read)
        yield Batch(META.empty_table(), state, full_read=replace(full_read, ends=True))

    def _rejects(self, selection: Selection, state: Cursor) -> Iterator[tuple[pa.Table, bool]]:
        """Values out of range, null keys and repeated keys, a page at a time; with each, whether a value is out of range."""
        roles, source, kinds = selection.roles, selection.source, selection.kinds
        where: sa.ColumnElement[bool] | None = sa.or_(sa.false(), *[source.c[one].is_(None) for one in roles.key])
        if state.get("odd"):
            where = aside.suspects(source, kinds, roles.key) if self._database.can_ask_for_odd() else None
        if state.get("odd") or not selection.never_null:
            statement = sa.select(*selection.columns)
            statement = statement if where is None else statement.where(where)
            statement = statement.order_by(*[source.c[one] for one in roles.key])
            for page in self._database.stream(statement, kinds, self._rows, selection.title):
                yield aside.rejects(self._engine, page, roles, kinds, selection.title), bool(page.odd)
        if roles.key and not selection.unique:
            keys, apart = [source.c[one] for one in roles.key], self._apart(selection)
            shown = [key if key is one else sa.func.min(key).label(key.name) for key, one in zip(keys, apart, strict=True)]
            twice = sa.select(*shown, sa.func.count().label("times")).where(*[one.is_not(None) for one in keys])
            twice = twice.group_by(*apart).having(sa.func.count() > 1).order_by(*apart)
            for page in self._database.stream(twice, {}, self._rows, selection.title):
                yield aside.repeated(self._engine, page, roles, selection.title), False

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
        for page in self._database.stream(sa.select(*columns).where(*keyed), selection.kinds, self._rows, selection.title):
            yield live_keys(self._engine, page, roles)

    def fetch(self, name: str, keys: pa.Array, cursor: Cursor) -> Iterator[Batch]:
        """The rows with these keys."""
        selection = self._selection(name)
        if not selection.roles.key:
            return
        columns = [selection.source.c[one] for one in selection.roles.key]
        texts = keys.to_pylist()
        for begin in range(0, len(texts), FETCHED_AT_ONCE):
            wanted = [key_values(text, selection.roles.key, selection.kinds) for text in texts[begin : begin + FETCHED_AT_ONCE]]
            where = sa.or_(*[sa.and_(*[c == sa.literal(v, NULL) for c, v in zip(columns, key, strict=True)]) for key in wanted])
            page = self._database.page(sa.select(*selection.columns).where(where), selection.kinds, selection.title)
            yield Batch(shaped(self._engine, page, selection.roles), cursor)

    def _same(self, one: tuple[str, str], other: tuple[str, str]) -> bool:
        """True if these names of tables mean the same one: SQLite ignores their case."""
        return self._database.dialect == "sqlite" and [each.lower() for each in one] == [each.lower() for each in other]

    def _found(self, name: str, places: dict[tuple[str, str], str]) -> FoundObject:
        selection = self._selection(name)
        try:
            page = self._database.page(sa.select(*selection.columns).limit(20), selection.kinds, selection.title).table
            fields = tuple(FoundField(one.name, str(one.type), _example(page[one.name])) for one in page.schema)
        except SourceUnreachable:
            raise
        except SourceError:  # it may be listed but not read; the pull says why, if it is wanted
            fields = tuple(FoundField(one, kind) for one, kind in selection.kinds.items())
        key = selection.roles.key
        try:
            likely = "" if key else self._likely_key(name, selection)
        except SourceUnreachable:
            raise
        except SourceError:
            likely = ""
        near = next((one for one in selection.kinds if one.lower() in CURSORS), "")
        one_column, several = self._references(selection, places)
        cursor = selection.roles.cursor or near
        return FoundObject(name, key or ((likely,) if likely else ()), fields, None, cursor, one_column, several)

    def _references(
        self, selection: Selection, places: dict[tuple[str, str], str]
    ) -> tuple[dict[str, tuple[str, str]], tuple[ForeignKey, ...]]:
        """The declared foreign keys that point to objects: those of one column, and those of several."""
        one_column: dict[str, tuple[str, str]] = {}
        several: list[ForeignKey] = []
        for each in references_of(self._database, selection.table, selection.schema) if selection.table else []:
            there = (each.schema, each.table)
            target = places.get(there) or next((one for at, one in places.items() if self._same(at, there)), "")
            if not target:
                continue
            theirs = tuple(self._spelled(target, column) for column in each.theirs)
            if len(theirs) == 1:
                one_column[each.columns[0]] = (target, theirs[0])
            else:
                several.append(ForeignKey(each.columns, target, theirs))
        return one_column, tuple(several)

    def _spelled(self, name: str, column: str) -> str:
        """A column as its table writes it; SQLite ignores the case."""
        if self._database.dialect != "sqlite":
            return column
        return next((one for one in self._selection(name).kinds if one.lower() == column.lower()), column)


def _example(values: pa.ChunkedArray) -> str:
    value = next((str(one) for one in values.to_pylist() if one is not None), "")[:40]
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", value))


PLUGIN = Sql
