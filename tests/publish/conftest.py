"""A small engine with what the earlier stages leave behind, and targets to send it to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fullcircle import registry
from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.publish.base import Target, TargetContext

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


@pytest.fixture(params=["parquet", "iceberg"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Target]:
    opened: Target = registry.load("publish", request.param)(TargetContext("test", tmp_path))
    yield opened
    opened.close()


def read(target: Any, name: str) -> pa.Table:
    """What another program finds in the target."""
    if hasattr(target, "catalog"):
        return target.catalog.load_table(f"fullcircle.{name}").scan().to_arrow()
    import pyarrow.parquet as pq

    return pq.read_table(target.folder / f"{name}.parquet")


def same(engine: Engine, target: Any, table: str, name: str | None = None) -> None:
    """The target has exactly the engine's rows, read back by DuckDB."""
    columns = ", ".join(f'"{column}"' for column in engine.columns(table))
    with engine.register("read_back", read(target, name or table)):
        for a, b in ((f"SELECT {columns} FROM {table}", f"SELECT {columns} FROM read_back"),):
            assert engine.value(f"SELECT count(*) FROM ({a})") == engine.value(f"SELECT count(*) FROM ({b})")
            assert engine.rows(f"({a}) EXCEPT ALL ({b})") == []
