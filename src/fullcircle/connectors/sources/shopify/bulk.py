"""Bulk operations: a query that Shopify carries out in the background, with a file of JSON lines. Start at `Operation`.

Each row is a line, and each entry of a connection within it is a line after it, which names it as `__parentId`. If an operation
fails, there may be a file of what had been read: of that the last row may lack entries.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fullcircle.connectors.http.answers import HttpAnswer, code_word
from fullcircle.connectors.http.client import CONTINUES
from fullcircle.connectors.sources.shopify.described import CONNECTIONS
from fullcircle.connectors.sources.shopify.shop import ResultGone, Shop, denied
from fullcircle.errors import SourceBroken, SourceError, SourceUnreachable

FIRST_LOOK, LONGEST_LOOK = 0.5, 15.0  # seconds between two looks at an operation
MOST_AT_ONCE = "OPERATION_IN_PROGRESS"
BEGIN = """mutation ($query: String!) { bulkOperationRunQuery(query: $query, groupObjects: true) {
    bulkOperation { id status } userErrors { code field message } } }"""
LOOK = """query ($id: ID!) { node(id: $id) { ... on BulkOperation {
    id status errorCode objectCount fileSize url partialDataUrl } } }"""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """The address of a file ("" if there is none), how long it is if that is known, and whether it has all rows."""

    url: str
    size: int | None
    whole: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """A query that is carried out in the background."""

    shop: Shop
    object: str
    id: str

    @classmethod
    def begun(cls, shop: Shop, object: str, query: str, seconds: float) -> Operation:
        """Begin a query; while the app has as many of them as it may, wait."""
        for pause in _pauses(seconds):
            said = shop.query(BEGIN, object, query=query)["bulkOperationRunQuery"]
            errors = [code_word(one.get("code")) for one in said.get("userErrors") or ()]
            if said.get("bulkOperation") and not errors:
                return cls(shop, object, str(said["bulkOperation"]["id"]))
            if MOST_AT_ONCE not in errors:
                raise SourceError(f"{shop.where} does not begin to read {object} ({', '.join(errors)}).", "Check `api_version`.")
            time.sleep(pause)
        raise SourceUnreachable(f"{shop.where} is busy with other bulk operations of this app.", CONTINUES)

    def wait(self, seconds: float) -> Result:
        """The result, when it is there. ResultGone if the operation no longer exists, or was ended by somebody."""
        for pause in _pauses(seconds):
            said = self.shop.query(LOOK, self.object, id=self.id)["node"]
            state = said["status"] if said else "EXPIRED"
            if state == "COMPLETED":
                return self._completed(said)
            if state == "FAILED":
                return self._failed(said)
            if state in ("CANCELED", "CANCELING", "EXPIRED"):
                raise ResultGone(f"A bulk operation for {self.object} is gone ({code_word(state)}).", CONTINUES)
            time.sleep(pause)
        raise SourceUnreachable(
            f"A bulk operation for {self.object} is still not done after {round(seconds)} seconds.", CONTINUES
        )

    def _completed(self, said: dict[str, Any]) -> Result:
        url = str(said.get("url") or "")
        if not url and int(said.get("objectCount") or 0):
            raise ResultGone(f"The result of a bulk operation for {self.object} is gone.", CONTINUES)
        return Result(url, int(said["fileSize"]) if said.get("fileSize") else None, True)

    def _failed(self, said: dict[str, Any]) -> Result:
        word = code_word(said.get("errorCode"))
        if word == "ACCESS_DENIED":
            raise denied(self.object, word)
        return Result(str(said.get("partialDataUrl") or ""), None, False)


def save(shop: Shop, result: Result, into: Path) -> None:
    """Save a result in a file."""
    if result.url:
        shop.download(result.url, into, _flaw(into, result.size))
    else:
        into.write_bytes(b"")


def _flaw(path: Path, size: int | None) -> Callable[[HttpAnswer], str]:
    """A flaw if the file is not as long as it should be, or not JSON."""

    def flaw(_: HttpAnswer) -> str:
        if size is not None and path.stat().st_size != size:
            return "sends a result of another length than it says"
        try:
            for _line in _lines(path):
                pass
        except ValueError:
            return "sends a result that is not JSON"
        return ""

    return flaw


def _lines(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            found = json.loads(line)
            if not isinstance(found, dict) or not found.get("id"):
                raise ValueError("a line without an id")
            yield found


def rows_in(path: Path, whole: bool) -> Iterator[Row]:
    """The rows of a file, with the entries of their connections; without `whole` all but the last one."""
    row: Row = {}
    for line in _lines(path):
        parent = line.pop("__parentId", None)
        if parent is None:
            if row:
                yield row
            row = line
        elif parent == row.get("id") and _type_of(line["id"]) in CONNECTIONS:
            row.setdefault(CONNECTIONS[_type_of(line["id"])], []).append(line)
        else:
            raise SourceBroken("Shopify sends a part of a row apart from its row.", "Pull again.")
    if row and whole:
        yield row


def last_stamp(path: Path) -> str:
    """When the last row of a file was changed, if all of its rows are in that order; else ""."""
    last = ""
    for line in _lines(path):
        if "__parentId" in line:
            continue
        if str(line.get("updatedAt") or "") < last:
            return ""
        last = str(line["updatedAt"])
    return last


def _type_of(id: str) -> str:
    """`gid://shopify/LineItem/12` is a LineItem."""
    return id.rpartition("/")[0].rpartition("/")[2]


def _pauses(seconds: float) -> Iterator[float]:
    pause, waited = FIRST_LOOK, 0.0
    while waited <= seconds:
        yield pause
        waited += pause
        pause = min(LONGEST_LOOK, pause * 2)
