"""A landing in memory with what mapping asks of one: rows as dicts, the raw record beside typed columns."""

import json
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fullcircle.connectors import encrypted
from fullcircle.engine.duckdb import DuckDB
from fullcircle.model.progress import Silent


class SmallLanding:
    """Objects given as lists of dicts; `_key` and the other landed columns may stand in the dict."""

    def __init__(self, engine, folder: Path) -> None:
        self.engine, self.folder, self.made, self.bad = engine, folder, {}, {}

    def put(self, source, name, rows, key="id", columns=None):
        names = columns or list(dict.fromkeys(n for row in rows for n in row if not n.startswith("_")))
        at = datetime(2024, 1, 1)
        data = {
            "_key": pa.array([str(row.get("_key", row.get(key))) for row in rows], pa.string()),
            "_op": pa.array([row.get("_op", "upsert") for row in rows], pa.string()),
            "_into": pa.array([row.get("_into") for row in rows], pa.string()),
            "_at": pa.array([row.get("_at", at) for row in rows], pa.timestamp("us")),
            "_raw": pa.array([json.dumps({k: v for k, v in r.items() if k[0] != "_"}, default=str) for r in rows], pa.string()),
        }
        for n in names:
            values = [row.get(n) for row in rows]
            nested = any(isinstance(v, list | dict) for v in values)
            array = [None if v is None else json.dumps(v) for v in values] if nested else values
            data[n] = pa.array(array, None if any(v is not None for v in array) else pa.string())
        table = f"landed_data_{len(self.made)}"
        with self.engine.register("handed_over", pa.table(data)):
            self.engine.run(f"CREATE TABLE {table} AS SELECT * FROM handed_over")
        self.made[(source, name)] = table
        return self

    def reject(self, source, name, rows):
        path = self.folder / f"{source}-{name}.parquet"
        pq.write_table(pa.table({n: [row[n] for row in rows] for n in ("key", "reason", "raw")}), path)
        self.bad[(source, name)] = [path]

    def objects(self):
        return sorted(self.made)

    def rejects(self, source, name):
        return self.bad.get((source, name), [])

    def reader(self, source, paths):
        return encrypted.reader(self.engine, paths, None)

    def current_sql(self, source, name, numbered=False):
        return f"SELECT * FROM {self.made[(source, name)]}"


class Recording(Silent):
    def __init__(self) -> None:
        self.said = []

    def say(self, text):
        self.said.append(text)


@pytest.fixture
def engine():
    engine = DuckDB(threads=1, memory="500MB")
    yield engine
    engine.close()


@pytest.fixture
def landing(engine, tmp_path):
    return SmallLanding(engine, tmp_path)


@pytest.fixture
def progress():
    return Recording()
