"""Who may log in at a target: a role of the database each, and the role of the policy that it has. Passwords are not kept."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from fullcircle.errors import ConfigError, NotFound, did_you_mean
from fullcircle.publish.base import TargetContext
from fullcircle.publish.targets.postgres.connect import connected, options_of, translated
from fullcircle.publish.targets.postgres.views import prepare, readers_role

NAME = re.compile(r"[a-z_][a-z0-9_-]{0,59}")
SECONDS = 60  # a statement of a reader may take
Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class SqlLogin:
    """A login, and what it has."""

    name: str
    role: str
    added_at: str
    views: int  # that it may read


def logins(context: TargetContext) -> list[SqlLogin]:
    """All logins of a target, by name."""
    with _changing(context, "reading its logins") as (connection, schema):
        rows = connection.execute(
            f"""SELECT login, role, to_char(added_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                (SELECT count(DISTINCT view) FROM {schema}_private.seen s WHERE s.role = l.role)
            FROM {schema}_private.logins l ORDER BY login"""
        ).fetchall()
        return [SqlLogin(*row) for row in rows]


def add_login(context: TargetContext, name: str, role: str, log: bool = False) -> str:
    """Let somebody log in with this role of the policy, in place of the one that they had. Returns a new password.

    `log`: the server writes down what they ask; only its superuser may set that.
    """
    if not NAME.fullmatch(name) or name.startswith("pg_"):
        raise ConfigError(f'"{name}" cannot be a login.', "Take small letters, digits, - and _, such as metabase.")
    password = secrets.token_urlsafe(18)
    with _changing(context, "adding a login") as (connection, schema):
        login = sql.Identifier(name)
        known = connection.execute(f"SELECT 1 FROM {schema}_private.logins WHERE login = %s", [name]).fetchone()
        there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
        if there and not known:
            raise ConfigError(
                f'The database has a role "{name}" already, which is not a login of this door.', "Take another name."
            )
        verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
        change = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}" if there else "CREATE ROLE {} LOGIN PASSWORD {}")
        connection.execute(change.format(login, sql.Literal(verifier)))  # the password itself is never sent
        for setting, value in (
            ("default_transaction_read_only", "on"), ("statement_timeout", f"{SECONDS}s"), ("search_path", schema),
            *((("log_statement", "all"),) if log else ()),
        ):  # fmt: skip
            connection.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(login, sql.Identifier(setting), sql.Literal(value)))
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(readers_role(schema)), login))
        connection.execute(
            f"""INSERT INTO {schema}_private.logins (login, role) VALUES (%s, %s)
            ON CONFLICT (login) DO UPDATE SET role = excluded.role""",
            [name, role],
        )
    return password


def remove_login(context: TargetContext, name: str) -> None:
    """From now on they cannot log in, and who is logged in is logged out. NotFound for who is not a login of this door."""
    known = [one.name for one in logins(context)]
    if name not in known:
        raise NotFound(f"{name} is not a login of the SQL door.", did_you_mean(name, known))
    with _changing(context, "removing a login") as (connection, schema):
        connection.execute(f"DELETE FROM {schema}_private.logins WHERE login = %s", [name])
        connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(name)))
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s AND pid <> pg_backend_pid()", [name]
        )
        connection.execute(sql.SQL("DROP OWNED BY {}; DROP ROLE {}").format(sql.Identifier(name), sql.Identifier(name)))


@contextmanager
def _changing(context: TargetContext, doing: str) -> Iterator[tuple[Connection, str]]:
    """A connection in one transaction, and the schema of the views."""
    schema, place = options_of(context).schema_, f"the PostgreSQL of [publish.targets.{context.name}]"
    with connected(context) as connection, translated(place, doing), connection.transaction():
        prepare(connection, schema)
        yield connection, schema
