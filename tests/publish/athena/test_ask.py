"""Asking Athena: requests are those of its API (botocore checks them), rows arrive in their types, a stop stops the query."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from fullcircle.config.sections import AthenaSettings
from fullcircle.errors import ConfigError, FullcircleError, PublishError, QueryError, TargetRefused
from fullcircle.publish.athena.ask import Athena
from fullcircle.publish.athena.views import make_views, tables_needed
from tests.servers.aws_calls import client_of, denied

TYPES = ["varchar", "bigint", "double", "decimal(18,4)", "boolean", "date", "timestamp(3)", "array(varchar)", "varbinary"]
VALUES = ["", "7", "1.5", "12.3400", "true", "2026-03-01", "2026-03-01 10:00:00.123", "[a, b]", "ff 00"]


class AthenaOf:
    """An Athena of a test: which states a query goes through, and the pages of its result."""

    def __init__(self, *states: dict[str, Any], pages: list[list[list[str | None]]] | None = None, types: Any = None) -> None:
        self.states, self.pages, self.types = list(states), pages or [[["n"], ["1"]]], types or ["bigint"]
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.statistics: dict[str, Any] = {"DataScannedInBytes": 25 * 2**20 + 1, "TotalExecutionTimeInMillis": 1234}

    def answer(self, operation: str, params: dict[str, Any]) -> dict[str, Any] | Exception:
        self.asked.append((operation, params))
        if operation == "StartQueryExecution":
            return {"QueryExecutionId": "q-1"}
        if operation == "GetQueryExecution":
            status = self.states.pop(0) if len(self.states) > 1 else self.states[0]
            return {"QueryExecution": {"Status": status, "StatementType": "DML", "Statistics": self.statistics}}
        if operation == "StopQueryExecution":
            return {}
        page = int(params.get("NextToken", 0))
        rows = [{"Data": [{} if one is None else {"VarCharValue": one} for one in row]} for row in self.pages[page]]
        columns = [{"Name": f"c{at}", "Type": one} for at, one in enumerate(self.types)]
        more = {"NextToken": str(page + 1)} if page + 1 < len(self.pages) else {}
        return {"ResultSet": {"Rows": rows, "ResultSetMetadata": {"ColumnInfo": columns}}, **more}

    def athena(self, sleep: Callable[[float], None] = lambda _: None, **settings: Any) -> Athena:
        return Athena(client_of("athena", self.answer), AthenaSettings(**settings), "lake", sleep)


def state(name: str, reason: str = "", **more: Any) -> dict[str, Any]:
    return {"State": name, **({"StateChangeReason": reason} if reason else {}), **more}


def test_rows_of_all_pages_arrive_in_their_types_with_what_they_cost() -> None:
    header = [f"c{at}" for at in range(len(TYPES))]
    there = AthenaOf(
        state("QUEUED"), state("RUNNING"), state("SUCCEEDED"), pages=[[header, VALUES], [[None] * len(TYPES)]], types=TYPES
    )
    found = there.athena(workgroup="bi", output="s3://a-bucket/results", reuse_minutes=60).run("SELECT 1")
    assert found.rows == [
        ("", 7, 1.5, Decimal("12.3400"), True, date(2026, 3, 1), datetime(2026, 3, 1, 10, 0, 0, 123000), "[a, b]", b"\xff\x00"),
        (None,) * len(TYPES),
    ]
    assert (found.scanned_bytes, found.milliseconds) == (25 * 2**20 + 1, 1234)
    assert found.cost == Decimal("0.000124")  # 26 MB of a terabyte at 5 dollars
    asked = there.asked[0][1]
    assert (asked["WorkGroup"], asked["QueryExecutionContext"]) == ("bi", {"Database": "lake", "Catalog": "AwsDataCatalog"})
    assert asked["ResultConfiguration"] == {"OutputLocation": "s3://a-bucket/results"}
    assert found.dicts()[0]["c1"] == 7


def test_no_more_rows_are_read_than_are_wanted() -> None:
    there = AthenaOf(state("SUCCEEDED"), pages=[[["n"], ["1"], ["2"]], [["3"]], [["4"]]])
    found = there.athena().run("SELECT 1", most_rows=2)
    assert (found.rows, found.cut) == ([(1,), (2,)], True)
    assert [name for name, _ in there.asked].count("GetQueryResults") == 1
    there.statistics = {"ResultReuseInformation": {"ReusedPreviousResult": True}}
    found = there.athena().run("SELECT 1", most_rows=9)
    assert (len(found.rows), found.cut, found.reused, found.cost) == (4, False, True, Decimal(0))


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_who_stops_waiting_stops_the_query(stop: type[BaseException]) -> None:
    there = AthenaOf(state("RUNNING"))

    def sleep(_: float) -> None:
        raise stop

    with pytest.raises(stop):
        there.athena(sleep).run("SELECT 1")
    assert there.asked[-1] == ("StopQueryExecution", {"QueryExecutionId": "q-1"})


def test_a_query_that_takes_too_long_is_stopped_and_said() -> None:
    there = AthenaOf(state("RUNNING"))
    with pytest.raises(PublishError, match="did not answer within 3 seconds"):
        there.athena(timeout_seconds=3).run("SELECT 1")
    assert there.asked[-1][0] == "StopQueryExecution"


@pytest.mark.parametrize(
    ("status", "kind", "message"),
    [
        (state("FAILED", "SYNTAX_ERROR: line 1:8: Column 'mial' cannot be resolved"), QueryError, "Column 'mial'"),
        (state("FAILED", "INVALID_CAST_ARGUMENT: Cannot cast 'ada@example.org' to INT"), PublishError,
         r"\(INVALID_CAST_ARGUMENT\)"),
        (state("FAILED", "Permission denied on S3 path: s3://a-bucket/ada@example.org"), TargetRefused, "allows no s3:GetObject"),
        (state("FAILED", "User: arn:ada@example.org is not authorized to perform: glue:GetTable on resource: x"), TargetRefused,
         "AWS allows no glue:GetTable"),
        (state("CANCELLED", "Query cancelled! : Bytes scanned limit was exceeded"), PublishError,
         "more than its workgroup allows"),
        (state("CANCELLED"), PublishError, "was cancelled"),
        (state("FAILED", AthenaError={"ErrorType": 233, "ErrorMessage": "ada@example.org"}), PublishError, "error type 233"),
        (state("FAILED", "No output location provided. An output location is required"), ConfigError, "no place for its results"),
    ],
)  # fmt: skip
def test_why_a_query_failed_is_one_sentence_without_values(status: Any, kind: type[FullcircleError], message: str) -> None:
    with pytest.raises(kind, match=message) as caught:
        AthenaOf(status).athena().run("SELECT 1")
    assert "ada@" not in f"{caught.value} {caught.value.hint}"


def test_what_the_user_may_not_ask_names_the_action() -> None:
    for error, action in (
        (denied("StartQueryExecution"), "athena:StartQueryExecution"),
        (denied("StartQueryExecution", "User: x is not authorized to perform: athena:GetWorkGroup on y"), "athena:GetWorkGroup"),
    ):
        client = client_of("athena", lambda *_, error=error: error)
        with pytest.raises(TargetRefused, match=f"AWS allows no {action}"):
            Athena(client, AthenaSettings(), "lake").run("SELECT 1")


def test_views_are_made_of_the_tables_that_athena_sees() -> None:
    rows: list[list[str | None]] = [["table_name", "column_name"], *([name, "customer_id"] for name in tables_needed())]
    there = AthenaOf(state("SUCCEEDED"), pages=[rows], types=["varchar", "varchar"])
    assert make_views(there.athena())[-1] == "customers_360"
    texts = [params["QueryString"] for name, params in there.asked if name == "StartQueryExecution"]
    assert texts[1].startswith("CREATE DATABASE IF NOT EXISTS")
    assert sum(text.startswith("CREATE OR REPLACE VIEW") for text in texts) == 7
    with pytest.raises(ConfigError, match="finds no table"):
        make_views(AthenaOf(state("SUCCEEDED"), pages=[[["a", "b"]]], types=["varchar", "varchar"]).athena())
