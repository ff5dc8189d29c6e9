"""The `postgres` target beyond what all targets promise: all tables at once, roles, and a server that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from fullcircle.config.sections import GovernSettings
from fullcircle.engine.base import Engine
from fullcircle.errors import Busy, ConfigError, DiskFull, NotFound, PublishError, TargetRefused, TargetUnreachable
from fullcircle.publish.base import Outgoing, Sent, TargetContext
from fullcircle.publish.by_role import by_role, reading_roles
from fullcircle.publish.kept import Kept
from fullcircle.publish.targets.postgres import logins, merge
from fullcircle.publish.targets.postgres.connect import translated
from fullcircle.publish.targets.postgres.target import Postgres
from tests.servers.postgres import PASSWORD_USER, Server

CUSTOMERS = Outgoing("customers", "customers", ("customer_id",))
KEY = bytes(range(32))
Roles = dict[str, dict[str, str]]


@pytest.fixture
def context(postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TargetContext:
    monkeypatch.setenv("BI_URL", postgres.database())
    return TargetContext("bi", tmp_path, {"url": "env:BI_URL"})


@pytest.fixture
def target(context: TargetContext) -> Iterator[Postgres]:
    opened = Postgres(context)
    yield opened
    opened.close()


@pytest.fixture
def ask(context: TargetContext, postgres: Server) -> Callable[..., Any]:
    """Ask as a login that has a role; as the server's owner without one."""
    import os

    database = os.environ["BI_URL"].rpartition("/")[2]

    def ask(sql: str, login: str = "fullcircle") -> list[Any]:
        with psycopg.connect(postgres.url(database, login), autocommit=True) as connection:
            return connection.execute(sql).fetchall()

    return ask


def login(context: TargetContext, name: str, role: str) -> str:
    """A login of its own name in each test: roles are of the whole server."""
    logins.add_login(context, name, role)
    return name


def test_all_tables_change_at_once_and_one_that_is_not_sent_any_more_goes(
    engine: Engine, target: Postgres, ask: Callable[..., Any]
) -> None:
    engine.run("CREATE TABLE orders AS SELECT customer_id, records AS amount FROM customers")
    orders = Outgoing("orders", "orders", ("customer_id",))
    with target.together():
        assert target.send(engine, CUSTOMERS).inserted == target.send(engine, orders).inserted == 1000
        with pytest.raises(psycopg.errors.UndefinedTable):
            ask("SELECT count(*) FROM bi_private.customers")
    sums = "SELECT (SELECT sum(spent) FROM bi_private.customers), (SELECT sum(amount) FROM bi_private.orders)"
    before = ask(sums)
    engine.run("UPDATE customers SET spent = 0; UPDATE orders SET amount = 0")
    with pytest.raises(KeyError), target.together():
        target.send(engine, CUSTOMERS)
        target.send(engine, orders)
        assert ask(sums) == before, "readers see what was there"
        raise KeyError("the run breaks off")
    assert ask(sums) == before
    with target.together():
        assert target.send(engine, CUSTOMERS).changed == 1000 - 1
    assert ask("SELECT sum(spent) FROM bi_private.customers") == [(0,)]
    with pytest.raises(psycopg.errors.UndefinedTable):
        ask("SELECT 1 FROM bi_private.orders")


def test_a_server_that_dies_in_the_middle_leaves_the_old_state_and_the_next_publish_completes_it(
    engine: Engine, context: TargetContext, ask: Callable[..., Any]
) -> None:
    first = Postgres(context)
    with first.together():
        first.send(engine, CUSTOMERS)
    engine.run("UPDATE customers SET name = 'Bea' WHERE records < 100")
    with pytest.raises(TargetUnreachable, match="went away") as caught, first.together():
        first.send(engine, CUSTOMERS)
        pid = first.connection.info.backend_pid
        ask(f"SELECT pg_terminate_backend({pid})")
        first.send(engine, CUSTOMERS)
    assert "completes it" in caught.value.hint
    assert caught.value.retry
    first.close()
    assert ask("SELECT count(*) FROM bi_private.customers WHERE name = 'Bea'") == [(0,)]
    second = Postgres(context)
    with second.together():
        assert second.send(engine, CUSTOMERS) == Sent("customers", 1000, changed=100)
    second.close()


@pytest.mark.parametrize("merges_from", [170_000, 999_999])
def test_a_table_is_right_where_nothing_is_known_of_it_in_every_version_of_the_server(
    engine: Engine, target: Postgres, ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, merges_from: int
) -> None:
    """As after an update of fullcircle: all rows are staged, by MERGE or, before version 17, in parts."""
    monkeypatch.setattr(merge, "MERGES_ALL", merges_from)
    monkeypatch.setattr(Kept, "holds", lambda *_: False)
    assert target.send(engine, CUSTOMERS) == Sent("customers", 1000, inserted=1000)
    engine.run("UPDATE customers SET name = 'Bea', birth_date = NULL, sources = NULL WHERE records % 100 = 7")
    engine.run("DELETE FROM customers WHERE records % 100 = 8 AND records < 500")
    engine.run("INSERT INTO customers SELECT * REPLACE ('customer:new' AS customer_id) FROM customers WHERE records = 1")
    assert target.send(engine, CUSTOMERS) == Sent("customers", 996, inserted=1, changed=10, deleted=5)
    sums = "SELECT count(*), sum(spent), count(birth_date), count(*) FILTER ({} name = 'Bea') FROM {}"
    assert ask(sums.format("WHERE", "bi_private.customers")) == engine.rows(sums.format("", "customers"))
    engine.run("CREATE TABLE ids AS SELECT customer_id FROM customers WHERE records < 10")  # nothing but a key
    ids = Outgoing("ids", "ids", ("customer_id",))
    assert target.send(engine, ids).inserted == 10
    engine.run("DELETE FROM ids WHERE customer_id <> 'customer:new'; INSERT INTO ids VALUES ('customer:next')")
    assert target.send(engine, ids) == Sent("ids", 2, inserted=1, deleted=9)


def test_two_publishes_at_the_same_time_are_one_after_the_other(engine: Engine, context: TargetContext, target: Postgres) -> None:
    other = Postgres(context)
    with target.together():
        with pytest.raises(Busy), other.together():
            pass
        target.send(engine, CUSTOMERS)
    other.close()


def test_a_role_sees_its_form_and_who_has_none_sees_nothing(
    engine: Engine, context: TargetContext, target: Postgres, ask: Callable[..., Any]
) -> None:
    readers = reading_roles("bi", ["steward", "marketer", "analyst", "admin"], GovernSettings(), Path())
    engine.run("ALTER TABLE customers ADD COLUMN secret_number VARCHAR; UPDATE customers SET secret_number = 'Q' || records")
    with target.together(), by_role(engine, CUSTOMERS, "customers", readers, KEY) as what:
        assert what
        target.send(engine, what)
    first = "SELECT name, email, birth_date, secret_number FROM bi.customers WHERE customer_id = 'customer:7'"
    assert ask(first, login(context, "role_steward", "steward"))[0][1::2] == ("ann7@example.org", "Q7")
    assert ask(first, login(context, "role_marketer", "marketer")) == [("A*** ***", "a***@example.org", None, None)]
    hashed = ask(first, login(context, "role_analyst", "analyst"))[0]
    assert hashed[1].startswith("#")
    assert hashed[2:] == (None, None)
    assert ask("SELECT customer_id FROM bi.customers WHERE email = 'ann7@example.org'", "role_analyst") == [], "no probing"
    for nobody in (login(context, "role_admin", "admin"), login(context, "role_unknown", "chief")):
        assert ask("SELECT count(*) FROM bi.customers", nobody) == [(0,)]
    for role in ("role_steward", "role_analyst", "role_unknown"):
        for what_not in ("SELECT * FROM bi_private.customers", "SELECT * FROM bi_private.logins", "DELETE FROM bi.customers"):
            with pytest.raises(psycopg.Error):
                ask(what_not, role)
    with target.together(), by_role(engine, CUSTOMERS, "customers", readers[2:], KEY) as what:
        assert what
        target.send(engine, what)
    assert ask("SELECT count(*) FROM bi.customers", "role_steward") == [(0,)], "a role that reads here no more"
    stored = ask(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'bi_private' AND table_name = 'customers'"
    )
    assert not {"email", "name", "birth_date", "secret_number"} & {name for (name,) in stored}, "what nobody sees is not sent"


def test_logins_are_added_changed_and_removed(
    engine: Engine, context: TargetContext, target: Postgres, ask: Callable[..., Any]
) -> None:
    with target.together():
        target.send(engine, CUSTOMERS)
    login(context, "changing", "nothing")
    assert [(one.name, one.role, one.views) for one in logins.logins(context)] == [("changing", "nothing", 0)]
    login(context, "changing", "everything")
    assert ask("SELECT count(*) FROM bi.customers", "changing") == [(1000,)]
    logins.remove_login(context, "changing")
    with pytest.raises(psycopg.OperationalError):
        ask("SELECT 1", "changing")
    with pytest.raises(NotFound):
        logins.remove_login(context, "changing")
    with pytest.raises(ConfigError, match="a role"):
        login(context, PASSWORD_USER, "everything")  # of the database, not ours
    with pytest.raises(ConfigError, match="cannot be a login"):
        login(context, "Robert'); DROP ROLE x; --", "everything")


def test_odd_values_arrive_or_are_refused_by_name(engine: Engine, target: Postgres, ask: Callable[..., Any]) -> None:
    engine.run(
        r'''CREATE TABLE odd AS SELECT 'a"b\,' || chr(10) || '\.' AS text, '' AS empty, NULL AS nothing, 'x' || chr(0) AS zero,
        ['a"b', NULL, 'c,d\', '{}'] AS list, CAST('nan' AS DOUBLE) AS nan, DATE '0044-03-15 (BC)' AS ides,
        TIMESTAMP 'infinity' AS ever, 'ß李' AS "Größe ""x""" '''
    )
    target.send(engine, Outgoing("odd", "odd"))
    row = ask('SELECT text, empty, nothing, zero, list, nan::text, ides::text, ever::text, "Größe ""x""" FROM bi_private.odd')
    assert row == [('a"b\\,\n\\.', "", None, "x\ufffd", ['a"b', None, "c,d\\", "{}"], "NaN", "0044-03-15 BC", "infinity", "ß李")]
    engine.run(f"CREATE TABLE long AS SELECT 1 AS {'x' * 64}")
    with pytest.raises(PublishError, match="63 bytes"):
        target.send(engine, Outgoing("long", "long"))


@pytest.mark.parametrize(
    ("url", "error", "message"),
    [
        ("postgresql://reader:wrong-secret@127.0.0.1:{port}/postgres", TargetRefused, "refuses the login"),
        ("postgresql://reader:right-password@127.0.0.1:{port}/nowhere-secret", PublishError, "nowhere-secret"),
        ("postgresql://reader:wrong-secret@127.0.0.1:1/postgres", TargetUnreachable, "does not answer"),
        ("mysql://reader:wrong-secret@127.0.0.1/x", ConfigError, "not the URL"),
        ("postgresql://reader:wrong-secret@bi.example.org/x?sslmode=prefer", ConfigError, "unencrypted"),
        ("postgresql://reader:right-password@127.0.0.1:{port}/postgres?sslmode=require", TargetRefused, "TLS"),
    ],
)
def test_what_is_wrong_with_a_server_is_said_without_its_password(
    postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, error: type[Exception], message: str
) -> None:
    monkeypatch.setenv("BI_URL", url.format(port=postgres.port))
    with pytest.raises(error, match=message) as caught:
        Postgres(TargetContext("bi", tmp_path, {"url": "env:BI_URL"}))
    said = f"{caught.value} {getattr(caught.value, 'hint', '')}"
    assert "wrong-secret" not in said
    assert "right-password" not in said


def test_a_user_without_permissions_is_said(
    postgres: Server, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BI_URL", postgres.url("postgres", PASSWORD_USER, "right-password"))
    opened = Postgres(TargetContext("bi", tmp_path, {"url": "env:BI_URL"}))
    with pytest.raises(TargetRefused, match="permission"), opened.together():
        opened.send(engine, CUSTOMERS)
    opened.close()


@pytest.mark.parametrize(
    ("raised", "error", "words"),
    [
        (psycopg.errors.DiskFull("No space: ada@example.org"), DiskFull, "disk is full"),
        (psycopg.errors.LockNotAvailable("x"), Busy, "reads a view"),
        (psycopg.errors.AdminShutdown("x"), TargetUnreachable, "went away"),
        (psycopg.errors.InvalidTextRepresentation("invalid input: ada@example.org"), PublishError, "22P02"),
    ],
)
def test_errors_of_the_database_are_ours_and_say_that_readers_have_the_old_state(
    raised: Exception, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words) as caught, translated("the database", "publishing customers"):
        raise raised
    assert "as they were" in getattr(caught.value, "hint", "")
    assert "ada@example.org" not in str(caught.value)


def test_a_url_in_plain_text_and_odd_options_are_refused_before_a_run(tmp_path: Path) -> None:
    for options in ({"url": "postgresql://a:b@c/d"}, {"schema": "BI; DROP"}, {"tls": "maybe"}, {"ur": "env:X"}):
        with pytest.raises(ConfigError) as caught:
            Postgres.check_options(TargetContext("bi", tmp_path, options))
        assert "a:b" not in str(caught.value)
