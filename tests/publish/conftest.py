"""A small engine with what the earlier stages leave behind, and targets to send it to."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
import pytest

from fullcircle import registry
from fullcircle.engine.base import Engine, quoted
from fullcircle.engine.duckdb import DuckDB
from fullcircle.publish import aws
from fullcircle.publish.base import Target, TargetContext
from fullcircle.publish.targets.postgres.shape import PrivateTable, columns_there
from fullcircle.publish.targets.redshift.target import Redshift
from tests.servers.moto import moto, only  # noqa: F401 - a fixture
from tests.servers.postgres import Server, running_postgres
from tests.servers.redshift import RedshiftOnPostgres

Open = Callable[..., Any]


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    engine = DuckDB()
    engine.run(
        """CREATE TABLE customers AS
        SELECT 'customer:' || x AS customer_id, 'Ann ' || x AS name, 'ann' || x || '@example.org' AS email,
               DATE '1980-01-01' + CAST(x AS INTEGER) AS birth_date, CAST(x AS INTEGER) AS records,
               ['crm', 'shop'] AS sources, TIMESTAMP '2026-01-01 12:00:00' + INTERVAL (x) SECOND AS first_seen,
               CAST(x * 1.25 AS DECIMAL(18, 4)) AS spent, x % 2 = 0 AS loyal
        FROM (SELECT unnest(range(1000)) AS x)"""
    )
    yield engine
    engine.close()


@pytest.fixture
def on_aws(monkeypatch: pytest.MonkeyPatch, moto: str) -> dict[str, str]:  # noqa: F811
    """Options of a lake on AWS, which is moto's: an empty bucket, a database that is not there yet."""
    only(
        monkeypatch, AWS_ACCESS_KEY_ID="AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY="made-up", AWS_ENDPOINT_URL=moto,
        AWS_DEFAULT_REGION="eu-central-1",
    )  # fmt: skip
    bucket = f"lake-{uuid.uuid4().hex[:8]}"
    where = {"LocationConstraint": "eu-central-1"}
    boto3.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    return {"catalog": "glue", "warehouse": f"s3://{bucket}/customer360", "namespace": f"d{uuid.uuid4().hex[:8]}"}


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL for all tests of targets; each makes a database of its own."""
    with running_postgres(wheel=True) as server:
        yield server


@pytest.fixture
def redshift(
    on_aws: dict[str, str], postgres: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RedshiftOnPostgres]:
    """A Redshift whose SQL runs on PostgreSQL; its staged files are in moto's S3."""
    server = RedshiftOnPostgres(postgres.database())
    real = aws.client

    def client(service: str, region: str = "") -> Any:
        return server.client() if service == "redshift-data" else real(service, region)

    monkeypatch.setattr(aws, "client", client)
    server.options = {
        "workgroup": "customer360", "staging": f"{on_aws['warehouse']}/staging",
        "copy_role": "arn:aws:iam::123456789012:role/copy",
    }  # fmt: skip
    yield server
    server.connection.close()


@pytest.fixture(params=["parquet", "iceberg", "glue", "postgres", "redshift"])
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    options = request.getfixturevalue("on_aws") if request.param == "glue" else {}
    if request.param == "postgres":
        monkeypatch.setenv("BI_URL", request.getfixturevalue("postgres").database())
        options = {"url": "env:BI_URL"}
    if request.param == "redshift":
        made = Redshift(TargetContext("test", tmp_path, request.getfixturevalue("redshift").options))
        made.server = request.getfixturevalue("redshift")  # type: ignore[attr-defined]
        yield made
        return
    name = "iceberg" if request.param == "glue" else request.param
    opened: Target = registry.load("publish", name)(TargetContext("test", tmp_path, options))
    yield opened
    opened.close()


def read(target: Any, name: str) -> pa.Table:
    """What another program finds in the target."""
    if hasattr(target, "catalog"):
        return target.catalog.load_table(f"{target.options.namespace}.{name}").scan().to_arrow()
    if hasattr(target, "connection"):
        return _from_postgres(target.connection, PrivateTable(target.schema, name))
    if isinstance(target, Redshift):
        return _from_postgres(of_redshift(target).connection, _InSchema("bi", name))
    import pyarrow.parquet as pq

    return pq.read_table(target.folder / f"{name}.parquet")


def of_redshift(target: Redshift) -> RedshiftOnPostgres:
    """What answers a target's statements."""
    return target.server  # type: ignore[attr-defined,no-any-return]


class _InSchema(PrivateTable):
    """A table that is not in a private schema."""

    @property
    def private(self) -> str:
        return self.schema


def _from_postgres(connection: Any, table: PrivateTable) -> pa.Table:
    """What the owner finds in a table, with the types that PostgreSQL has for the columns."""
    types = {
        "text": pa.string(), "character ": pa.string(), "boolean": pa.bool_(), "integer": pa.int32(), "bigint": pa.int64(),
        "date": pa.date32(),
        "timestamp without time zone": pa.timestamp("us"), "double precision": pa.float64(), "real": pa.float32(),
        "bytea": pa.binary(), "jsonb": pa.list_(pa.string()),
        "numeric(18,4)": pa.decimal128(18, 4), "numeric(38,0)": pa.decimal128(38, 0),
    }  # fmt: skip
    columns = columns_there(connection, table)
    cursor = connection.execute(f"SELECT {', '.join(map(quoted, columns))} FROM {table.table}")
    rows = cursor.fetchall()
    connection.rollback()
    lists = {one: pa.list_(types[one[:-2]]) for one in columns.values() if one.endswith("[]")}
    arrow = [lists[one] if one in lists else types[one.partition("varying")[0]] for one in columns.values()]
    values = zip(*rows, strict=True) if rows else [()] * len(columns)
    return pa.table([pa.array(list(each), one) for each, one in zip(values, arrow, strict=True)], names=list(columns))


def same(engine: Engine, target: Any, table: str, name: str | None = None) -> None:
    """The target has exactly the engine's rows, read back by DuckDB."""
    columns = ", ".join(f'"{column}"' for column in engine.columns(table))
    with engine.register("read_back", read(target, name or table)):
        for a, b in ((f"SELECT {columns} FROM {table}", f"SELECT {columns} FROM read_back"),):
            assert engine.value(f"SELECT count(*) FROM ({a})") == engine.value(f"SELECT count(*) FROM ({b})")
            assert engine.rows(f"({a}) EXCEPT ALL ({b})") == []
