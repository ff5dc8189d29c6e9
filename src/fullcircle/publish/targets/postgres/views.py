"""What readers see: a view over each private table, that shows a login what its role may see. Fail closed.

`logins` says the role of a login, `seen` the form in which a role sees a column. Who is in neither sees no row. A column that
all roles see in the same form is read as it is, so that its index is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import psycopg
from psycopg import sql

from fullcircle.engine.base import literal, quoted
from fullcircle.model.flat_views import FLAT_VIEWS
from fullcircle.publish.targets.postgres.shape import PrivateTable

Connection = psycopg.Connection[Any]
Seen = Mapping[str, Mapping[str, str]]  # role -> column -> the form that it sees
OURS = ("logins", "seen", "published")  # the tables that are not sent


def readers_role(schema: str) -> str:
    """The role without login that may read the views; every login is in it."""
    return f"fullcircle_{schema}_reader"


def prepare(connection: Connection, schema: str) -> None:
    """Make the schemas, the tables of who sees what, and the role of readers, unless they are there."""
    private = f"{schema}_private"
    there = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [f"{private}.published"]).fetchone()
    if there == (True,):
        return
    connection.execute(
        f"""CREATE SCHEMA IF NOT EXISTS {private}; CREATE SCHEMA IF NOT EXISTS {schema};
        CREATE TABLE IF NOT EXISTS {private}.logins (
            login text PRIMARY KEY, role text NOT NULL, added_at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE IF NOT EXISTS {private}.seen (
            view text, role text, field text, form text NOT NULL, PRIMARY KEY (view, role, field));
        CREATE TABLE IF NOT EXISTS {private}.published (view text PRIMARY KEY, content text NOT NULL, shown text NOT NULL)"""
    )
    role = readers_role(schema)
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        connection.execute(f"CREATE ROLE {role} NOLOGIN")
    database = sql.Identifier(connection.info.dbname)
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.Identifier(role)))
    connection.execute(f"REVOKE ALL ON SCHEMA {schema}, {private} FROM PUBLIC; GRANT USAGE ON SCHEMA {schema} TO {role}")


def state_of(connection: Connection, what: PrivateTable) -> tuple[str, str]:
    """What was noted of a table when it was last sent: hashes of its content, and of what is shown; empty if never."""
    row = connection.execute(f"SELECT content, shown FROM {what.private}.published WHERE view = %s", [what.name]).fetchone()
    return row or ("", "")


def note(connection: Connection, what: PrivateTable, content: str, shown: str) -> None:
    """Note these for the next time."""
    connection.execute(
        f"""INSERT INTO {what.private}.published VALUES (%s, %s, %s)
        ON CONFLICT (view) DO UPDATE SET content = excluded.content, shown = excluded.shown""",
        [what.name, content, shown],
    )


def shown_as(what: PrivateTable, seen: Seen) -> str:
    """A hash of the view and of who sees what in it."""
    return sha256(repr((_select(what, seen), _comments(what), sorted(_rows(seen)))).encode()).hexdigest()


def show(connection: Connection, what: PrivateTable, seen: Seen) -> None:
    """Make the view anew, and the rows of who sees what in it."""
    connection.execute(f"DELETE FROM {what.private}.seen WHERE view = %s", [what.name])
    with connection.cursor() as cursor:
        rows = [(what.name, *row) for row in _rows(seen)]
        cursor.executemany(f"INSERT INTO {what.private}.seen VALUES (%s, %s, %s, %s)", rows)
    connection.execute(f"DROP VIEW IF EXISTS {what.view}")
    connection.execute(f"CREATE VIEW {what.view} WITH (security_barrier) AS {_select(what, seen)}")
    for comment in _comments(what):
        connection.execute(comment)
    connection.execute(f"GRANT SELECT ON {what.view} TO {readers_role(what.schema)}")


def drop_others(connection: Connection, schema: str, sent: Iterable[str]) -> None:
    """Drop the tables and views that are not sent any more."""
    for (name,) in connection.execute(f"SELECT view FROM {schema}_private.published ORDER BY 1").fetchall():
        if name not in sent:
            what = PrivateTable(schema, name)
            connection.execute(f"DROP VIEW IF EXISTS {what.view}; DROP TABLE IF EXISTS {what.table}")
            for table in ("seen", "published"):
                connection.execute(f"DELETE FROM {what.private}.{table} WHERE view = %s", [name])


def _rows(seen: Seen) -> list[tuple[str, str, str]]:
    return [(role, field, form) for role, fields in seen.items() for field, form in fields.items()]


def _select(what: PrivateTable, seen: Seen) -> str:
    forms: dict[str, dict[str, None]] = {}  # column -> its forms
    for fields in seen.values():
        for field, form in fields.items():
            forms.setdefault(field, {})[form] = None
    columns, chosen = [], []
    for field, names in forms.items():
        everybody = all(field in fields for fields in seen.values())
        if everybody and len(names) == 1:
            columns.append(f"t.{quoted(*names)} AS {quoted(field)}")
            continue
        chosen.append(f"max(form) FILTER (WHERE field = {literal(field)}) AS {quoted(field)}")
        cases = " ".join(f"WHEN {literal(form)} THEN t.{quoted(form)}" for form in names)
        columns.append(f"CASE s.{quoted(field)} {cases} END AS {quoted(field)}")
    mine = f"(SELECT l.role FROM {what.private}.logins l WHERE l.login = CAST(session_user AS text))"
    sight = f"""SELECT {", ".join([*chosen, "count(*) AS columns_seen"])} FROM {what.private}.seen
        WHERE view = {literal(what.name)} AND role = {mine} HAVING count(*) > 0"""
    return f"SELECT {', '.join(columns)} FROM {what.table} t CROSS JOIN ({sight}) s"


def _comments(what: PrivateTable) -> list[str]:
    view = FLAT_VIEWS.get(what.name)
    if view is None:
        return []
    found = [f"COMMENT ON VIEW {what.view} IS {literal(view.meaning)}"]
    for one in view.columns:
        found.append(f"COMMENT ON COLUMN {what.view}.{quoted(one.name)} IS {literal(one.meaning)}")
    return found
