"""What is to be done with a field, for every mixture of what is wanted, what is there, and what we wrote last."""

from __future__ import annotations

from itertools import product

import pyarrow as pa
import pytest

from fullcircle.connectors.writing import WritableField, day_of, list_text, moment_text, number_text, plain_text
from fullcircle.engine.duckdb import DuckDB
from fullcircle.writeback.compare import compare
from fullcircle.writeback.journal import last_text
from fullcircle.writeback.wanted import WANTED

NEVER, EMPTIED = "never written", "written empty"


@pytest.mark.parametrize("empty", [None, "false"])
def test_every_mixture(empty: str | None) -> None:
    """A person's value is never a `write`, and what is there already is never written again."""
    values = [empty, "a", "b"]
    engine = DuckDB(threads=1)
    engine.run(f"CREATE TEMP TABLE {WANTED} (key VARCHAR, record_id VARCHAR, customer_id VARCHAR, field VARCHAR, value VARCHAR)")
    cases = list(product(values, values, [NEVER, *values]))
    now, last = {}, []
    for number, (wanted, there, ours) in enumerate(cases):
        key = str(number)
        engine.run(f"INSERT INTO {WANTED} VALUES ('{key}', 'record', 'customer', 'f', $wanted)", {"wanted": wanted})
        now[key] = {"f": there}
        if ours != NEVER:
            last.append({"key": key, "field": "f", "last": last_text(ours, ours)})
    schema = pa.schema([(name, pa.string()) for name in ("key", "field", "last")])
    field = WritableField("f", "text", empty=empty)
    found = compare(engine, list(now), now, pa.Table.from_pylist(last, schema), {"f": field})
    what = {row["key"]: row["what"] for row in found.to_pylist()}
    for number, (wanted, there, ours) in enumerate(cases):
        said = what[str(number)]
        if wanted == there:
            assert said in ("same", "agrees")
        elif ours == NEVER and wanted == empty:
            assert said == "left"
        elif there == (empty if ours == NEVER else ours):
            assert said == "write"
        else:
            assert said == "conflict"
    engine.close()


def test_what_a_crm_made_of_a_value_is_not_written_again() -> None:
    engine = DuckDB(threads=1)
    engine.run(
        f"CREATE TEMP TABLE {WANTED} AS SELECT '1' AS key, 'r' AS record_id, 'c' AS customer_id, 'f' AS field, 'a' AS value"
    )
    last = pa.table({"key": ["1"], "field": ["f"], "last": [last_text("a", "A")]})
    field = {"f": WritableField("f", "text")}
    assert compare(engine, ["1"], {"1": {"f": "A"}}, last, field)["what"].to_pylist() == ["same"]
    assert compare(engine, ["1"], {"1": {"f": "B"}}, last, field)["what"].to_pylist() == ["conflict"]
    assert compare(engine, ["1"], {}, last, field)["what"].to_pylist() == ["gone"]
    engine.close()


def test_values_have_one_form_whatever_an_api_writes() -> None:
    assert [number_text(value, 2) for value in ("12.50", 12.5, "1e3", "-0.001", "", None, "many")] == [
        "12.5", "12.5", "1000", "0", None, None, "many",
    ]  # fmt: skip
    assert list_text(["b", " a ", ""]) == "a;b" and list_text([]) is None
    assert plain_text("  x ") == "x" and plain_text(" ") is None
    assert {day_of(value) for value in ("2026-11-30", "2026-11-30T00:00:00Z", 1796000000000)} == {"2026-11-30"}
    assert {moment_text(value) for value in ("2026-11-30T10:00:00.000+0000", "2026-11-30T11:00:00+01:00")} == {
        "2026-11-30T10:00:00Z"
    }
