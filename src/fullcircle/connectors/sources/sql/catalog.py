"""Which tables and views of a database are objects, and which are left out and why. See source.py.

A row must be read once. The parts of a partitioned table and the tables that inherit another one are read with their parent;
what a full-text index of SQLite or an extension of PostgreSQL keeps for itself is not the user's data. Views mostly repeat
tables: they are objects if they are named, or if there are no tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from fullcircle.connectors.sources.sql.database import MYSQL, Database
from fullcircle.errors import SourceChanged, SourceError, did_you_mean

SHADOWS = (
    "content", "segments", "segdir", "docsize", "stat", "data", "idx", "config", "node", "parent", "rowid", "vector_chunks00",
    "chunks", "info",
)  # fmt: skip
REPORTED = 5  # names in one line of a message
SEARCH_INDEX = "an index for searching"
CHILDREN = """
WITH RECURSIVE up AS (
    SELECT inhrelid AS child, inhparent AS parent FROM pg_catalog.pg_inherits
    UNION SELECT up.child, more.inhparent FROM up JOIN pg_catalog.pg_inherits more ON more.inhrelid = up.parent)
SELECT c.relname, p.relname, c.relispartition FROM up
JOIN pg_catalog.pg_class c ON c.oid = up.child AND c.relkind IN ('r', 'p', 'f')
JOIN pg_catalog.pg_class p ON p.oid = up.parent
JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
WHERE cn.nspname = :schema AND pn.nspname = :schema ORDER BY 1, 2
"""
OF_EXTENSIONS = """
SELECT c.relname, e.extname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid WHERE n.nspname = :schema
"""
HISTORY = "SELECT table_name FROM information_schema.tables WHERE table_schema = :schema AND table_type = 'SYSTEM VERSIONED'"
NOT_THE_USERS = r"pg_|(information_schema|performance_schema|mysql|sys)$"  # schemas


@dataclass(frozen=True, slots=True)
class Tables:
    """What is in a schema."""

    names: tuple[str, ...]  # the objects
    left_out: Mapping[str, str] = field(default_factory=dict)  # a name -> why it is no object
    inherited: frozenset[str] = frozenset()  # tables that others inherit, so that a key may occur twice
    only_views: bool = False

    def reported(self) -> list[str]:
        """What is left out, a line for each reason."""
        groups: dict[str, list[str]] = {}
        for name, why in sorted(self.left_out.items()):
            groups.setdefault(why, []).append(name)
        return [f"not read: {', '.join(names[:REPORTED])}{_more(names)} ({why})" for why, names in groups.items()]


def _more(names: list[str]) -> str:
    return f" and {len(names) - REPORTED:,} more" if len(names) > REPORTED else ""


def tables_of(database: Database, schema: str) -> Tables:
    """The objects of a schema, or of the database's usual schema. Raises SourceChanged if there are none."""
    inspector, where = database.inspector, schema or None
    with database.translating("listing the tables"):
        tables = {*inspector.get_table_names(schema=where), *_with_history(database, schema)}
        views = {*inspector.get_view_names(schema=where), *_more_views(database, where)}
    left_out, inherited = _left_out(database, tables, schema)
    names = sorted(tables - left_out.keys())
    views = {one for one in views if one not in left_out}
    if names:
        left_out |= dict.fromkeys(sorted(views), "views; name them under objects to read them")
        return Tables(tuple(names), left_out, inherited)
    if views:
        return Tables(tuple(sorted(views)), left_out, inherited, only_views=True)
    if indexes := tuple(sorted(name for name, why in left_out.items() if why == SEARCH_INDEX)):
        return Tables(indexes, {name: why for name, why in left_out.items() if name not in indexes}, inherited)
    raise _empty(database, schema)


def _with_history(database: Database, schema: str) -> list[str]:
    """MariaDB's tables that keep their old rows; their kind is not that of other tables, and SQLAlchemy does not list them."""
    if database.dialect not in MYSQL:
        return []
    name = schema or database.inspector.default_schema_name
    return [row[0] for row in database.rows(HISTORY, schema=name)]


def _more_views(database: Database, schema: str | None) -> list[str]:
    """Materialized views, and tables of other servers: read like views."""
    inspector = database.inspector
    found: list[str] = []
    for ask in ("get_materialized_view_names", "get_foreign_table_names"):
        try:
            found += getattr(inspector, ask)(schema) if hasattr(inspector, ask) else []
        except NotImplementedError:  # most databases have none
            continue
    return found


def _empty(database: Database, schema: str) -> SourceChanged:
    with database.translating("listing the schemas"):
        schemas = [one for one in database.inspector.get_schema_names() if not re.match(NOT_THE_USERS, one)]
        filled = [one for one in schemas if one != schema and _filled(database, one)]
    name = schema or database.inspector.default_schema_name
    where = f'the schema "{name}" of {_lower(database.place)}' if name else _lower(database.place)
    guess = did_you_mean(schema, filled) if schema else ""
    others = f"Set `schema` to one that has tables: {', '.join(filled[:20])}." if filled else ""
    hint = " ".join(filter(None, (guess, others))) or "Check the URL, and that the user may see the tables."
    return SourceChanged(f"There are no tables or views in {where}.", hint)


def _filled(database: Database, schema: str) -> bool:
    return bool(database.inspector.get_table_names(schema=schema) or database.inspector.get_view_names(schema=schema))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _left_out(database: Database, tables: set[str], schema: str) -> tuple[dict[str, str], frozenset[str]]:
    if database.dialect == "sqlite":
        return _of_sqlite(database, schema), frozenset()
    if database.dialect == "postgresql":
        return _of_postgres(database, tables, schema)
    return {}, frozenset()


def _of_postgres(database: Database, tables: set[str], schema: str) -> tuple[dict[str, str], frozenset[str]]:
    name = schema or database.inspector.default_schema_name
    try:
        children = [row for row in database.rows(CHILDREN, schema=name) if row[1] in tables]
        extensions = dict(database.rows(OF_EXTENSIONS, schema=name))
    except SourceError:  # a relative of PostgreSQL with a smaller catalog
        return {}, frozenset()
    left = {table: f"of the extension {extension}" for table, extension in extensions.items()}
    roots = {parent for _, parent, _ in children} - {child for child, _, _ in children}
    for child, parent, is_partition in children:
        if parent in roots:
            left[child] = f"{'partitions of' if is_partition else 'inheriting'} {parent}, read with it"
    return left, frozenset(parent for _, parent, is_partition in children if not is_partition)


def _of_sqlite(database: Database, schema: str) -> dict[str, str]:
    """Virtual tables are indexes over other tables (full text, places); their shadow tables are how they are kept."""
    master = f'"{schema}".sqlite_master' if schema else "sqlite_master"
    rows = database.rows(f"SELECT name, coalesce(sql, '') FROM {master} WHERE type = 'table'")
    virtual = {name for name, sql in rows if re.match(r"\s*create\s+virtual\s+table\b", sql, re.IGNORECASE)}
    left = dict.fromkeys(sorted(virtual), SEARCH_INDEX)
    for name, _ in rows:
        owner, _, part = name.rpartition("_")
        if owner in virtual and part in SHADOWS:
            left[name] = f"parts of the index {owner}"
    return left


@dataclass(frozen=True, slots=True)
class Declared:
    """A foreign key that the database declares: its columns, and where they point to."""

    columns: tuple[str, ...]
    schema: str
    table: str
    theirs: tuple[str, ...]


def references_of(database: Database, table: str, schema: str) -> list[Declared]:
    """The declared foreign keys of a table."""
    try:
        with database.translating(f"inspecting the table {table}"):
            declared = database.inspector.get_foreign_keys(table, schema or None)
    except (sa.exc.NoSuchTableError, NotImplementedError):  # a view
        return []
    found = []
    for one in declared:
        target, theirs = one["referred_table"], one["referred_schema"] or schema
        columns = one["referred_columns"] or database.inspector.get_pk_constraint(target, theirs or None)["constrained_columns"]
        if len(one["constrained_columns"]) == len(columns):
            found.append(Declared(tuple(one["constrained_columns"]), theirs, target, tuple(columns)))
    return found


def likely_key(database: Database, source: sa.FromClause, kinds: Mapping[str, str], name: str) -> str:
    """The column of a view, or of a table without a primary key, that is named like a key and now has the values of one."""
    table = name.rpartition(".")[2].lower()
    singular = re.sub(r"ies$", "y", table) if table.endswith("ies") else table.removesuffix("s")
    wanted = ["id", f"{table}_id", f"{singular}_id", f"{table}id", f"{singular}id", "uuid", "guid", "key", f"{singular}_key"]
    named = {one.lower(): one for one, kind in kinds.items() if kind in ("", "int", "text", "uuid") or kind.endswith(",0)")}
    for one in dict.fromkeys(each for each in wanted if each in named):
        column = source.c[named[one]]
        counts = sa.select(sa.func.count(), sa.func.count(column), sa.func.count(sa.distinct(column))).select_from(source)
        rows, filled, different = database.page(counts, {}, f"the keys of {name}").last
        if rows and rows == filled == different:
            return named[one]
    return ""
