"""Asks Athena: starts a query, waits for its end, reads the rows back in their types, and says what it cost.

A query that is waited for is stopped in Athena, too, if this program is stopped: it would go on scanning, and cost.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from fullcircle.config.sections import AthenaSettings
from fullcircle.errors import ConfigError, PublishError, QueryError, TargetRefused
from fullcircle.publish import aws

ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")
PAUSES = (0.2, 0.3, 0.5, 1.0, 2.0)  # seconds between questions whether it has ended; the last one from then on
MEGABYTE, LEAST_MEGABYTES, TERABYTE = 2**20, 10, 2**40  # Athena counts whole megabytes, and ten at least
SAFE = (  # errors about the text of a query; others may have values of the data in them
    "SYNTAX_ERROR", "COLUMN_NOT_FOUND", "TABLE_NOT_FOUND", "SCHEMA_NOT_FOUND", "FUNCTION_NOT_FOUND", "TYPE_MISMATCH",
    "AMBIGUOUS_NAME", "MISSING_GROUP_BY", "INVALID_VIEW", "EXPRESSION_NOT_AGGREGATE", "MISMATCHED_COLUMN_ALIASES",
)  # fmt: skip
CODE = re.compile(r"^(?P<code>[A-Z][A-Z_]{3,60})\b")
NO_S3 = re.compile(r"(?:Permission denied on S3 path|Access Denied.*Amazon S3|Status Code: 403)", re.IGNORECASE | re.DOTALL)
NO_OUTPUT = re.compile(r"No output location|Unable to verify/create output bucket|output location", re.IGNORECASE)
AGAIN = "Ask again; a query changes nothing in the lake."


@dataclass(frozen=True, slots=True)
class AthenaColumn:
    """A column of a result: its name, and its type as Athena writes it."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class AthenaResult:
    """What a query found, and what it took."""

    query_id: str
    columns: tuple[AthenaColumn, ...]
    rows: list[tuple[Any, ...]]
    scanned_bytes: int
    milliseconds: int
    cost: Decimal  # about, by the price of the settings
    reused: bool = False  # the rows are those of an earlier query
    cut: bool = False  # there are more rows than were read

    def dicts(self) -> list[dict[str, Any]]:
        """The rows by the names of their columns."""
        return [dict(zip([one.name for one in self.columns], row, strict=True)) for row in self.rows]


class Athena:
    """One workgroup of Athena, and the database that names without one are looked up in. `client` is boto3's."""

    def __init__(self, client: Any, settings: AthenaSettings, database: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client, self.settings, self.database, self._sleep = client, settings, database, sleep

    def run(self, sql: str, most_rows: int | None = None) -> AthenaResult:
        """Run one statement and read its rows, or at most so many of them.

        Raises QueryError for a text that Athena does not understand, TargetRefused and PublishError.
        """
        with aws.translated("Asking Athena failed", AGAIN):
            query_id = self._client.start_query_execution(**self._request(sql))["QueryExecutionId"]
            try:
                execution = self._ended(query_id)
            except BaseException:  # also Ctrl-C
                self._stop(query_id)
                raise
            if (status := execution["Status"])["State"] != "SUCCEEDED":
                raise _failure(status)
            columns, rows, cut = self._rows(query_id, execution.get("StatementType") == "DML", most_rows)
        taken = execution.get("Statistics", {})
        scanned, is_dml = int(taken.get("DataScannedInBytes", 0)), execution.get("StatementType") == "DML"
        reused = bool(taken.get("ResultReuseInformation", {}).get("ReusedPreviousResult"))
        return AthenaResult(
            query_id, columns, rows, scanned, int(taken.get("TotalExecutionTimeInMillis", 0)),
            self._cost(scanned) if is_dml and not reused else Decimal(0), reused, cut,
        )  # fmt: skip

    def _request(self, sql: str) -> dict[str, Any]:
        settings = self.settings
        found: dict[str, Any] = {
            "QueryString": sql, "ClientRequestToken": str(uuid4()),  # the same query is not started twice by a retry
            "QueryExecutionContext": {"Database": self.database, "Catalog": settings.catalog}, "WorkGroup": settings.workgroup,
        }  # fmt: skip
        if settings.output:
            found["ResultConfiguration"] = {"OutputLocation": settings.output}
        if settings.reuse_minutes:
            reuse = {"Enabled": True, "MaxAgeInMinutes": settings.reuse_minutes}
            found["ResultReuseConfiguration"] = {"ResultReuseByAgeConfiguration": reuse}
        return found

    def _ended(self, query_id: str) -> dict[str, Any]:
        """Wait for the end of a query."""
        waited, tries = 0.0, 0
        while True:
            execution: dict[str, Any] = self._client.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
            if execution["Status"]["State"] in ENDED:
                return execution
            if waited >= self.settings.timeout_seconds:
                raise PublishError(
                    f"Athena did not answer within {self.settings.timeout_seconds} seconds; the query was stopped.",
                    "Ask for less, or set timeout_seconds in [publish.athena].",
                )
            pause = PAUSES[min(tries, len(PAUSES) - 1)]
            self._sleep(pause)
            waited, tries = waited + pause, tries + 1

    def _stop(self, query_id: str) -> None:
        """Stop a query in Athena; what was wrong before matters more than whether that was allowed."""
        try:
            self._client.stop_query_execution(QueryExecutionId=query_id)
        except Exception:
            return

    def _rows(
        self, query_id: str, has_header: bool, most_rows: int | None
    ) -> tuple[tuple[AthenaColumn, ...], list[tuple[Any, ...]], bool]:
        columns: tuple[AthenaColumn, ...] = ()
        rows: list[tuple[Any, ...]] = []
        wanted: dict[str, Any] = {"QueryExecutionId": query_id}
        while True:
            answer = self._client.get_query_results(**wanted)
            result = answer["ResultSet"]
            if not columns:
                described = result.get("ResultSetMetadata", {}).get("ColumnInfo", [])
                columns = tuple(AthenaColumn(one["Name"], one["Type"]) for one in described)
            found = [one.get("Data", []) for one in result.get("Rows", [])]
            if has_header and "NextToken" not in wanted:
                found = found[1:]  # the first row of the first page has the names
            rows += [
                tuple(typed(value.get("VarCharValue"), one.type) for value, one in zip(row, columns, strict=True))
                for row in found
            ]
            if most_rows is not None and (len(rows) > most_rows or (len(rows) == most_rows and answer.get("NextToken"))):
                return columns, rows[:most_rows], True
            if not answer.get("NextToken"):
                return columns, rows, False
            wanted["NextToken"] = answer["NextToken"]

    def _cost(self, scanned: int) -> Decimal:
        megabytes = max(-(-scanned // MEGABYTE), LEAST_MEGABYTES)
        return (self.settings.price_per_terabyte * megabytes * MEGABYTE / TERABYTE).quantize(Decimal("0.000001"))


def typed(text: str | None, type_: str) -> Any:
    """A value in the type that Athena says. What Python has no type for (arrays, maps, rows) stays the text that Athena shows."""
    if text is None:
        return None
    base = type_.partition("(")[0].lower()
    if base in ("tinyint", "smallint", "integer", "int", "bigint"):
        return int(text)
    if base in ("float", "real", "double"):
        return float(text)
    if base == "decimal":
        return Decimal(text)
    if base == "boolean":
        return text == "true"
    try:
        if base == "date":
            return date.fromisoformat(text)
        if base == "timestamp":
            return datetime.fromisoformat(text[:26])  # nine digits are more than Python has
    except ValueError:  # a year that Python does not have, or a zone by name
        return text
    if base == "varbinary":
        return bytes.fromhex(text.replace(" ", ""))
    return text


def _failure(status: dict[str, Any]) -> Exception:
    """Why a query failed. Of the text of Athena only what cannot have values of the data in it."""
    reason = str(status.get("StateChangeReason") or status.get("AthenaError", {}).get("ErrorMessage") or "")
    if status["State"] == "CANCELLED":
        limit = "bytes scanned" in reason.lower() or "data scanned" in reason.lower()
        return PublishError(
            "Athena stopped the query: it scanned more than its workgroup allows." if limit else "The query was cancelled.",
            "Ask for fewer columns, or raise the limit of the workgroup." if limit else AGAIN,
        )
    if named := aws.NOT_ALLOWED.search(reason):
        action = named["action"]
        return TargetRefused(f"Athena may not: AWS allows no {action}.", f"Give the role or user the action {action}.")
    if NO_S3.search(reason):
        return TargetRefused(
            "Athena may not read or write files in S3: AWS allows no s3:GetObject, s3:PutObject or s3:ListBucket.",
            "Give the role or user these actions on the bucket of the lake, and on that of the results.",
        )
    if NO_OUTPUT.search(reason):
        return ConfigError("Athena has no place for its results.", 'Set output = "s3://bucket/prefix" in [publish.athena].')
    code = CODE.match(reason)
    if code and code["code"] in SAFE:
        return QueryError(f"Athena does not understand the query: {reason}", "Correct the query.")
    about = code["code"] if code else f"error type {status.get('AthenaError', {}).get('ErrorType', 'unknown')}"
    return PublishError(f"The query failed in Athena ({about}).", "The console of Athena has its text, under its recent queries.")
