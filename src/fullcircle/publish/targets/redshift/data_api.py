"""Runs statements by Redshift's Data API: several as one transaction. Waits for their end, reads results, cancels on Ctrl-C."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from fullcircle.errors import Busy, DiskFull, FullcircleError, PublishError, TargetRefused
from fullcircle.publish import aws
from fullcircle.publish.targets.redshift.options import RedshiftOptions

MOST = 40  # statements of one transaction
ENDED = ("FINISHED", "FAILED", "ABORTED")
PAUSES = (0.2, 0.3, 0.5, 1.0, 2.0)  # seconds between questions whether it has ended; the last one from then on
OLD_STATE = "Readers still see the tables as they were; `fullcircle publish` completes it."
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SqlStep:
    """One statement, and what it is for, as a message says it: "copying customers"."""

    doing: str
    sql: str


class GuardFailed(Exception):
    """The statement that looks whether another process has published since found that it has."""


GUARD = "looking whether another process publishes"


class DataApi:
    """Statements for one database. `client` is boto3's of redshift-data."""

    def __init__(self, client: Any, options: RedshiftOptions, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client, self._options, self._sleep = client, options, sleep
        self.place = f"Redshift ({options.workgroup or options.cluster}, database {options.database})"

    def run(self, steps: Sequence[SqlStep]) -> list[list[Row]]:
        """Run the statements in one transaction; the rows of each that has some. Either all take effect, or none."""
        with aws.translated(f"{steps[0].doing.capitalize()} in {self.place} failed", OLD_STATE):
            sqls = [step.sql for step in steps]
            answer = self._client.batch_execute_statement(Sqls=sqls, ClientToken=str(uuid4()), **self._options.login())
            done = self._ended(answer["Id"])
            parts = done.get("SubStatements", [])
            if done["Status"] != "FINISHED":
                failed = next((at for at, one in enumerate(parts) if one.get("Status") in ("FAILED", "ABORTED")), 0)
                text = str(done.get("Error") or (parts[failed].get("Error") if parts else "") or "")
                raise self._failure(steps[failed].doing, text)
            return [self._rows(one["Id"]) for one in parts if one.get("HasResultSet")]

    def run_alone(self, step: SqlStep) -> None:
        """Run a statement that may not be part of a transaction."""
        with aws.translated(f"{step.doing.capitalize()} in {self.place} failed", OLD_STATE):
            answer = self._client.execute_statement(Sql=step.sql, ClientToken=str(uuid4()), **self._options.login())
            done = self._ended(answer["Id"])
            if done["Status"] != "FINISHED":
                raise self._failure(step.doing, str(done.get("Error") or ""))

    def _ended(self, statement: str) -> dict[str, Any]:
        """Wait for the end; who stops waiting cancels the statement."""
        waited, tries = 0.0, 0
        try:
            while True:
                done: dict[str, Any] = self._client.describe_statement(Id=statement)
                if done["Status"] in ENDED:
                    return done
                if waited >= self._options.timeout_seconds:
                    raise PublishError(f"{self.place} did not end a statement within {waited:,.0f} seconds.", OLD_STATE)
                pause = PAUSES[min(tries, len(PAUSES) - 1)]
                self._sleep(pause)
                waited, tries = waited + pause, tries + 1
        except BaseException:  # also Ctrl-C
            self._cancel(statement)
            raise

    def _cancel(self, statement: str) -> None:
        """Cancel it; what was wrong before matters more than whether that was allowed."""
        try:
            self._client.cancel_statement(Id=statement)
        except Exception:
            return

    def _rows(self, statement: str) -> list[Row]:
        rows: list[Row] = []
        more: dict[str, str] = {}
        while True:
            answer = self._client.get_statement_result(Id=statement, **more)
            rows += [tuple(_value(one) for one in row) for row in answer["Records"]]
            if not answer.get("NextToken"):
                return rows
            more = {"NextToken": answer["NextToken"]}

    def _failure(self, doing: str, text: str) -> Exception:
        """Why a statement failed. The texts of the database may hold values: none is shown."""
        if doing == GUARD and "divi" in text.lower():
            return GuardFailed()
        if found := aws.NOT_ALLOWED.search(text):
            action = found["action"]
            return TargetRefused(f"{self.place}, while {doing}: AWS allows no {action}.", f"Give its role the action {action}.")
        for pattern, kind, message, hint in REASONS:
            if re.search(pattern, text, re.IGNORECASE):
                return kind(f"{self.place}, while {doing}: {message}", hint)
        return PublishError(
            f"{self.place} refused a statement, while {doing}.", f"Its console has the text, under queries and loads. {OLD_STATE}"
        )


REASONS: tuple[tuple[str, type[FullcircleError], str, str], ...] = (
    (r"assume (the )?(IAM )?role|not authorized to get credentials", TargetRefused, "it may not take the role `copy_role`.",
     "Attach the role to the workgroup or cluster, and let redshift.amazonaws.com take it."),
    (r"S3ServiceException.*(403|Access ?Denied)|Access ?Denied", TargetRefused,
     "the role `copy_role` may not read the staged files: AWS allows it no s3:GetObject or s3:ListBucket.",
     "Give the role these actions below `staging`; for a key of yours kms:Decrypt, too."),
    (r"permission denied", TargetRefused, "the user lacks a permission.",
     "It must own the schema, or be allowed to create one in the database."),
    (r"depend", PublishError, "other objects depend on a table whose columns have to change.",
     "Make views on it late-binding (WITH NO SCHEMA BINDING), or drop them first."),
    (r"disk full|no space", DiskFull, "its disk is full.", f"Free some space there. {OLD_STATE}"),
    (r"serializable isolation|could not serialize|concurrent", Busy, "another process writes the same tables.", OLD_STATE),
    (r"does not exist", PublishError, "something that is named in the config is not there.",
     "See whether the database, the schema and the workgroup are those of the config."),
)  # fmt: skip


def _value(field: dict[str, Any]) -> Any:
    """A value of a result."""
    return None if field.get("isNull") else next(iter(field.values()))
