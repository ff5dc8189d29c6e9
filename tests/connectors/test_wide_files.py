"""Files of very many columns are refused before work, and those of many are read in a time that grows with their columns."""

from __future__ import annotations

import json
import time

import pyarrow as pa
import pytest

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.connectors.sources.files.part import MOST_COLUMNS
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import SourceBroken
from fullcircle.mapping.propose.sample import take
from tests.connectors.town import Town

NAMES = [f"c{number}" for number in range(MOST_COLUMNS + 1)]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_more_columns_than_any_export_has_are_refused(town: Town, ending: str) -> None:
    if ending == "csv":
        town.put("matrix.csv", ",".join(NAMES) + "\n" + ",".join("1" for _ in NAMES) + "\n")
    else:
        town.put("matrix.jsonl", json.dumps(dict.fromkeys(NAMES, 1)) + "\n")
    with pytest.raises(SourceBroken, match=r"10,001 columns; at most 10,000") as stopped:
        town.pull()
    assert "turn the table on its side" in stopped.value.hint


class Wide:
    """A source with one object of so many columns."""

    def __init__(self, columns: int) -> None:
        self.columns = columns

    def discover(self) -> list[FoundObject]:
        """The object."""
        return [FoundObject("wide", fields=tuple(FoundField(name) for name in NAMES[: self.columns]))]

    def pull(self, _name: str, _since: object) -> list[object]:
        """One batch."""
        from fullcircle.connectors.base import META, Batch

        meta = [pa.nulls(2, field.type) for field in META]
        meta[META.names.index("_op")] = pa.array(["upsert", "upsert"])
        own = NAMES[: self.columns]
        return [Batch(pa.table([*meta, *(pa.array([" a ", ""]) for _ in own)], names=[*META.names, *own]), {})]


def test_a_sample_takes_a_time_that_grows_with_the_columns() -> None:
    seconds = {}
    for columns in (300, 3000):
        engine, begin = DuckDB(threads=1), time.process_time()
        [sample] = take(engine, "s", Wide(columns))  # type: ignore[arg-type]
        seconds[columns] = time.process_time() - begin
        assert (sample.facts["c7"].filled, sample.facts["c7"].longest) == (1, 1)
    assert seconds[3000] < 40 * max(seconds[300], 0.03)
