"""What is asked of databases that cannot run here: the statements as SQLAlchemy writes them for SQL Server and Oracle."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite

from fullcircle.connectors.sources.sql.database import kind_of_type
from fullcircle.connectors.sources.sql.rows import Roles
from fullcircle.connectors.sources.sql.source import Selection, Sql

DIALECTS = {
    "mssql": mssql.dialect(), "oracle": oracle.dialect(), "mysql": mysql.dialect(), "postgresql": postgresql.dialect(),
    "sqlite": sqlite.dialect(),
}  # fmt: skip
KINDS = {"Order": "int", "select": "text", "changed at": "timestamp"}


def written(name: str, key: tuple[str, ...], state: dict[str, Any], unique: bool = True) -> str:
    """A page of a table with hard names, in the SQL of a database, with its parameters."""
    connector: Any = Sql.__new__(Sql)
    connector._database, connector._rows = SimpleNamespace(dialect=name), 100
    source = sa.table("order", *[sa.column(one) for one in KINDS], schema="Sales")
    cursor = "changed at" if state["part"] == "changed" else ""
    selection = Selection("the table order", source, KINDS, Roles(key, cursor), never_null=True, unique=unique)
    statement, _ = connector._page_sql(selection, state)
    compiled = statement.compile(dialect=DIALECTS[name], compile_kwargs={"render_postcompile": True})
    return f"{compiled} {sorted(map(str, compiled.params.values()))}".replace("\n", "")


@pytest.mark.parametrize("name", list(DIALECTS))
def test_names_are_quoted_and_pages_have_an_end_in_every_dialect(name: str) -> None:
    text = written(name, ("Order", "select"), {"part": "rest", "after": [7, "x"]})
    quote = {"mssql": "[]", "mysql": "``"}.get(name, '""')
    for one in ("order", "Order", "select", "changed at", "Sales"):
        assert f"{quote[0]}{one}{quote[1]}" in text, text
    limit = {"mssql": r"SELECT TOP 100 ", "oracle": r"FETCH FIRST 100 ROWS ONLY"}.get(name, r" LIMIT ")
    assert re.search(limit, text), text
    assert "ORDER BY" in text
    assert "'x'" in text, "the value is a parameter, not a part of the statement"
    assert " x " not in text


@pytest.mark.parametrize("name", ["mssql", "oracle"])
def test_a_page_begins_after_the_last_row_where_rows_cannot_be_compared_as_a_whole(name: str) -> None:
    text = written(name, ("Order", "select"), {"part": "changed", "after": ["2026-01-01", 7, "x"], "from": None})
    where = text.partition("WHERE")[2].partition("ORDER BY")[0]
    assert len(re.findall(" OR ", where)) == 2, where
    assert len(re.findall(" > ", where)) == 3, where
    assert "), (" not in where


def test_mysql_compares_texts_byte_by_byte_only_where_the_key_is_none_of_its_own() -> None:
    own, given = (written("mysql", ("select",), {"part": "rest", "after": ["x"]}, unique) for unique in (True, False))
    assert "CAST" not in own
    assert given.count("AS BINARY") == 3  # both sides of the comparison, and the order


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("bool", mssql.BIT()), ("timestamp", mssql.DATETIME2()), ("timestamp", mssql.DATETIMEOFFSET()),
        ("uuid", mssql.UNIQUEIDENTIFIER()),
        ("text", mssql.NVARCHAR()), ("", mssql.MONEY()), ("bytes", mssql.VARBINARY()), ("int", mssql.TINYINT()),
        ("decimal(12,2)", sa.Numeric(12, 2)),
    ],
)  # fmt: skip
def test_types_of_sql_server(kind: str, type_: Any) -> None:
    assert kind_of_type(type_, "mssql") == kind


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("timestamp", oracle.DATE()), ("timestamp", oracle.TIMESTAMP()), ("text", oracle.NUMBER()),
        ("decimal(12,2)", oracle.NUMBER(12, 2)),
        ("text", oracle.VARCHAR2(10)), ("text", oracle.CLOB()), ("", oracle.RAW(16)),
    ],
)  # fmt: skip
def test_types_of_oracle(kind: str, type_: Any) -> None:
    assert kind_of_type(type_, "oracle") == kind
