"""Bulk API 2.0: a query whose result is made in the background and read in large pages of CSV. Start at `Job`.

A page is saved in a file and read from there in blocks, so that the memory stays flat. Later pages may repeat the header or
not: the first line is compared with the header that is known, never guessed.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv

from fullcircle.connectors.http.answers import HttpAnswer, code_word
from fullcircle.connectors.http.client import CONTINUES
from fullcircle.connectors.sources.salesforce.org import FieldsGone, LocatorGone, Org
from fullcircle.errors import ObjectRefused, SourceBroken, SourceChanged, SourceError, SourceUnreachable

FIRST_LOOK, LONGEST_LOOK = 0.5, 15.0  # seconds between two looks at a job
BLOCK, LARGEST_BLOCK = 8 << 20, 1 << 30  # bytes; a row must fit into one
csv.field_size_limit(1 << 30)


class NotForBulk(SourceError):
    """The object cannot be read by bulk jobs."""


@dataclass(frozen=True, slots=True)
class Job:
    """A query that Salesforce carries out in the background."""

    org: Org
    object: str
    id: str

    @classmethod
    def begun(cls, org: Org, object: str, soql: str) -> Job:
        """Begin a query, also over deleted and archived rows."""
        try:
            body = {"operation": "queryAll", "query": soql, "contentType": "CSV", "columnDelimiter": "COMMA", "lineEnding": "LF"}
            made = org.post("jobs/query", body, object)
        except ObjectRefused as error:  # the object can be described, so it may be read: only not this way
            raise NotForBulk(error.message, error.hint) from None
        return cls(org, object, str(made["id"]))

    def wait(self, seconds: float, sleep: Callable[[float], None] = time.sleep) -> None:
        """Return when the result is there. LocatorGone if the job no longer exists."""
        pause, waited = FIRST_LOOK, 0.0
        while True:
            said = self._look()
            state = said.get("state")
            if state == "JobComplete":
                return
            if state in ("Failed", "Aborted"):
                raise self._failure(str(said.get("errorMessage", "")))
            if waited >= seconds:
                raise SourceUnreachable(
                    f"A bulk job of {self.object} is still not done after {round(waited)} seconds.", CONTINUES
                )
            sleep(pause)
            waited += pause
            pause = min(LONGEST_LOOK, pause * 2)

    def save(self, locator: str, most_rows: int, into: Path, asked: Sequence[str]) -> str:
        """Save a page of these columns in a file; the locator of the next page, "" after the last one."""
        params: dict[str, str | int] = {"maxRecords": most_rows, **({"locator": locator} if locator else {})}
        try:
            answer = self.org.download(f"jobs/query/{self.id}/results", self.object, params, into, _whole(into, asked))
        except ObjectRefused:
            raise LocatorGone(f"The result of a bulk job of {self.object} is gone.", CONTINUES) from None
        following = answer.headers.get("sforce-locator", "")
        return "" if following in ("", "null") else following

    def forget(self) -> None:
        """Let Salesforce delete the result, which it would keep for days. That may fail: it goes by itself."""
        try:
            self.org.delete(f"jobs/query/{self.id}", self.object)
        except SourceError:
            return

    def _look(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = self.org.get(f"jobs/query/{self.id}", self.object).json()
        except ObjectRefused:
            raise LocatorGone(f"A bulk job of {self.object} is gone.", CONTINUES) from None
        return found

    def _failure(self, message: str) -> SourceError:
        word = code_word(message.partition(":")[0].strip())
        if "INVALID_FIELD" in message or "No such column" in message:
            return FieldsGone(f"{self.org.where} no longer has a field of {self.object}.", "Run the same command again.")
        return SourceError(f"A bulk job of {self.object} failed{f' ({word})' if word else ''}.", CONTINUES)


def _whole(path: Path, asked: Sequence[str]) -> Callable[[HttpAnswer], str]:
    """A flaw if there are not as many rows in the file as the answer says."""

    def flaw(answer: HttpAnswer) -> str:
        said = answer.headers.get("sforce-numberofrecords", "")
        if not said.isdecimal():
            return "does not answer with rows"
        try:
            there = sum(table.num_rows for table in texts(path, asked, only=asked[:1]))
        except SourceBroken:
            there = -1
        return "" if there == int(said) else "sends another number of rows than it says"

    return flaw


def texts(path: Path, header: Sequence[str], skip: int = 0, only: Sequence[str] = ()) -> Iterator[pa.Table]:
    """The rows of a page, but the first `skip`, as tables of text; `header` are the names if the page has none of its own.

    `only` are the columns to read; without it all.
    """
    block, done = BLOCK, 0
    while True:
        try:
            for table in _blocks(path, header, block, only or header):
                start, done = max(0, skip - done), done + table.num_rows
                if start < table.num_rows:
                    yield table.slice(start)
            return
        except pa.ArrowInvalid as error:
            if block >= LARGEST_BLOCK or block > path.stat().st_size:
                raise SourceBroken(f"A page of a bulk job is not CSV: {type(error).__name__}.", "Pull again.") from None
            block, skip, done = block * 8, max(skip, done), 0  # a row that is larger than a block


def _blocks(path: Path, header: Sequence[str], block: int, only: Sequence[str]) -> Iterator[pa.Table]:
    if not path.stat().st_size:
        return
    names = header_of(path)
    own = {*header} <= {*names}
    names = names if own else list(header)
    options = pacsv.ReadOptions(use_threads=False, block_size=block, column_names=names, skip_rows_after_names=int(own))
    kinds = pacsv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
        include_columns=list(only),
    )
    with pacsv.open_csv(path, options, pacsv.ParseOptions(newlines_in_values=True), kinds) as reader:
        for batch in reader:
            yield pa.Table.from_batches([batch])


def header_of(path: Path) -> list[str]:
    """The first line of a page."""
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file), [])


def known_header(path: Path, asked: Sequence[str], before: Sequence[str]) -> list[str]:
    """The names of the columns of a page: its own header, or that of the page before. SourceChanged if a field is missing."""
    first = header_of(path)
    if {*asked} <= {*first}:
        return first
    if before:
        return list(before)
    if not first:
        return list(asked)
    missing = sorted({*asked} - {*first})
    raise SourceChanged(f"Salesforce answers without {', '.join(missing[:5])}, which were asked for.", "Pull again.")
