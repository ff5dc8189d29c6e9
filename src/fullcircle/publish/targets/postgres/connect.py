"""A connection to the PostgreSQL of a target: the options, TLS, and its errors as ours. Only this folder imports psycopg."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field

from fullcircle.config import secrets
from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.errors import Busy, ConfigError, DiskFull, FullcircleError, PublishError, TargetRefused, TargetUnreachable
from fullcircle.publish.base import TargetContext
from fullcircle.publish.targets.postgres import own_server

OLDEST = 13  # of PostgreSQL: older ones get no security fixes any more
CONNECT_SECONDS = 10
LOCK = "60s"  # a change of a view's columns waits this long for those who read it
LOOPBACK = ("", "localhost", "127.0.0.1", "::1")
WITHOUT_TLS = ("disable", "allow", "prefer")
OLD_STATE = "Readers still see the tables as they were; `fullcircle publish` completes it."
URL_FORM = "Write it in the form postgresql://user:password@host:5432/name, as a reference such as env:BI_URL."


class PostgresOptions(Settings):
    """[publish.targets.<name>] with target = "postgres"."""

    url: str = ""  # the database, by reference: env:NAME, file:PATH, aws:NAME; empty: the own server of `fullcircle sql serve`
    schema_: str = Field(
        "bi", alias="schema", pattern=r"^[a-z][a-z0-9_]{0,40}$"
    )  # of the views; the tables are in <schema>_private
    tls: Literal["", "verify-full", "verify-ca", "require", "off"] = ""  # empty: verify-full, unless it is this machine
    authority: Path | None = None  # the certificate of who signed the server's; default: those that the system trusts
    roles: tuple[str, ...] = ()  # the roles that read here: what no other role sees is not sent; empty: all of the policy


def options_of(context: TargetContext) -> PostgresOptions:
    """The options of a target, checked."""
    return parse(PostgresOptions, context.options, f"[publish.targets.{context.name}]")


@contextmanager
def connected(context: TargetContext) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the target's database inside the `with` block; the own server runs at least as long."""
    options = options_of(context)
    if options.url:
        with _connected(_given(options, context), _place(options, context)) as connection:
            yield connection
        return
    with own_server.running(context.folder) as server, _connected(server.login(), "the SQL server of this project") as connection:
        yield connection


@contextmanager
def _connected(parameters: dict[str, Any], place: str) -> Iterator[psycopg.Connection[Any]]:
    with translated(place, "connecting to it"):
        connection = psycopg.connect(**parameters, connect_timeout=CONNECT_SECONDS, application_name="fullcircle")
    try:
        if connection.info.server_version < OLDEST * 10_000:
            raise PublishError(
                f"{_upper(place)} is PostgreSQL {connection.info.server_version // 10_000}, which is too old.",
                f"Use version {OLDEST} or later.",
            )
        yield connection
    finally:
        connection.close()


def _given(options: PostgresOptions, context: TargetContext) -> dict[str, Any]:
    """The parameters of a connection to a database of theirs."""
    what = f"[publish.targets.{context.name}] url"
    address = secrets.secret(options.url, what, context.config_folder).reveal().strip()
    try:
        found: dict[str, Any] = conninfo_to_dict(address)
    except psycopg.Error:
        found = {}
    if not found or not re.match(r"postgres(ql)?://", address):
        raise ConfigError(f"{what} is not the URL of a PostgreSQL database.", f"{URL_FORM} {secrets.ESCAPES}")
    hosts = str(found.get("host") or "").split(",")
    near = all(host in LOOPBACK or host.startswith("/") for host in hosts)
    mode = {"off": "disable"}.get(options.tls, options.tls) or found.get("sslmode") or ("prefer" if near else "verify-full")
    if not near and mode in WITHOUT_TLS and options.tls != "off":
        raise ConfigError(f"{what} would send the tables unencrypted: sslmode={mode}.", 'Leave sslmode out, or set tls = "off".')
    found["sslmode"] = mode
    if options.authority:
        found["sslrootcert"] = str((context.config_folder / options.authority).resolve())
    elif mode == "verify-full" and "sslrootcert" not in found and psycopg.pq.version() >= 160_000:
        found["sslrootcert"] = "system"
    return found


def _place(options: PostgresOptions, context: TargetContext) -> str:
    what = f"[publish.targets.{context.name}] url"
    shown = secrets.shown(secrets.secret(options.url, what, context.config_folder).reveal())
    return f"the database {shown}"


@contextmanager
def translated(place: str, doing: str) -> Iterator[None]:
    """Raise errors of the database inside the `with` block as ours. The texts of the database may hold values: none is shown."""
    try:
        yield
    except FullcircleError:
        raise
    except psycopg.Error as error:
        raise _as_ours(error, _upper(place), doing) from None


def _as_ours(error: psycopg.Error, place: str, doing: str) -> FullcircleError:
    state, text = error.sqlstate or "", str(error)
    if state in ("28P01", "28000") or re.search("authentication failed|no pg_hba.conf entry|no password supplied", text):
        return TargetRefused(f"{place} refuses the login.", "Check user and password, and that the server lets this machine in.")
    if "certificate" in text or "SSL" in text:
        return TargetRefused(
            f"{place} did not prove who it is by TLS, or speaks none.",
            'Name the certificate that signed the server\'s with `authority`. Only in a network that you trust: tls = "off".',
        )
    if state == "42501":
        return TargetRefused(
            f"{place}: the user lacks a permission, while {doing}.",
            "It must own the database or its schemas; to make the role of readers and logins, it needs CREATEROLE.",
        )
    if state == "53100":
        return DiskFull(f"{place}: its disk is full, while {doing}.", f"Free some space there. {OLD_STATE}")
    if state == "55P03":
        return Busy(f"{place}: somebody reads a view whose columns have to change, and did not end within {LOCK}.", OLD_STATE)
    if isinstance(error, psycopg.OperationalError) and (not state or state[:2] in ("08", "57", "53")):
        hint = "Check that it runs, and the host and port of its URL." if doing == "connecting to it" else OLD_STATE
        lost = "does not answer" if doing == "connecting to it" else f"went away, while {doing}"
        return TargetUnreachable(f"{place} {lost}.", hint)
    return PublishError(f"{place} refused a statement, while {doing} ({type(error).__name__}, {state or 'no code'}).", OLD_STATE)


def _upper(place: str) -> str:
    return place[:1].upper() + place[1:]
