"""Reads the rows of queries, as tables of text: a few by pages of JSON, many by a bulk job. Start at `QueryReader.rows`.

Whoever reads gets each table with where a reading could go on after it, and may be interrupted at any of them.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa

from fullcircle.connectors.sources.salesforce import bulk
from fullcircle.connectors.sources.salesforce.bulk import Job, NotForBulk
from fullcircle.connectors.sources.salesforce.described import STAMP, select
from fullcircle.connectors.sources.salesforce.options import SalesforceOptions
from fullcircle.connectors.sources.salesforce.org import Org
from fullcircle.connectors.sources.salesforce.position import literal_of
from fullcircle.connectors.sources.salesforce.rows import texts_of

LONGEST_QUERY = 12_000  # characters of a query in an address, once it is written there; longer ones are for bulk jobs
SECONDS = len("2026-11-30T10:00:00.000")  # of a time stamp, without its zone, which is UTC


@dataclass(frozen=True, slots=True)
class QueryPart:
    """Some rows, and where a reading goes on after them."""

    texts: pa.Table
    reading: dict[str, Any]


class QueryReader:
    """Reads from one org."""

    def __init__(self, org: Org, options: SalesforceOptions, sleep: Callable[[float], None] = time.sleep) -> None:
        self._org, self._options, self._sleep = org, options, sleep

    def rows(self, object: str, fields: Sequence[str], where: str = "") -> Iterator[pa.Table]:
        """All rows, also archived and deleted ones, of a query that is not continued when it is interrupted."""
        job = ""
        for part in self.changes(object, fields, where, {}, large=False):
            job = part.reading.get("job", "")
            yield part.texts
        if job:
            self.forget(object, job)

    def changes(
        self, object: str, fields: Sequence[str], where: str, reading: dict[str, Any], large: bool
    ) -> Iterator[QueryPart]:
        """The rows, from where `reading` says. `large`: there are probably many."""
        if "job" in reading:
            yield from self._job(Job(self._org, object, reading["job"]), fields, reading)
            return
        begun = "after" in reading
        where = _rest(where, reading["after"]) if begun else where
        soql = select(fields, object, where, STAMP if STAMP in fields else "")  # in the order of changes: see `after`
        page = None if (large and not begun) or not _fits(soql) else self._org.page("queryAll", object, {"q": soql})
        if page is None or int(page["totalSize"]) >= self._options.bulk_from:
            try:
                job = Job.begun(self._org, object, select(fields, object, where))
            except NotForBulk:
                page = page or self._org.page("queryAll", object, {"q": soql})
            else:
                yield from self._job(job, fields, {"job": job.id, "locator": "", "rows": 0, "header": []})
                return
        yield from self._pages(object, fields, page, reading)

    def forget(self, object: str, job: str) -> None:
        """The result of a bulk job is not needed any more, because what was read of it is durable."""
        Job(self._org, object, job).forget()

    def count(self, object: str, where: str = "") -> int:
        """How many rows there are, without deleted ones unless the condition asks for them."""
        soql = select(["count()"], object, where)
        return int(self._org.get("query", object, {"q": soql}).json()["totalSize"])

    # -- a few: pages of JSON --------------------------------------------------------------------------------------------
    def _pages(self, object: str, fields: Sequence[str], page: Any, reading: dict[str, Any]) -> Iterator[QueryPart]:
        """This page of rows and all after it."""
        while True:
            table = texts_of(object, fields, page["records"])
            last = table[STAMP][-1].as_py() if STAMP in fields and table.num_rows else None
            yield QueryPart(table, {"after": last[:SECONDS]} if last else reading)
            if page["done"]:
                return
            page = self._org.page(str(page["nextRecordsUrl"]), object)

    # -- many: bulk jobs ---------------------------------------------------------------------------------------------------
    def _job(self, job: Job, fields: Sequence[str], reading: dict[str, Any]) -> Iterator[QueryPart]:
        yield QueryPart(texts_of(job.object, fields, []), reading)  # from here on the job is known, if this is interrupted
        job.wait(self._options.bulk_wait_seconds, self._sleep)
        locator, skip, header = reading["locator"], reading["rows"], reading["header"]
        with tempfile.TemporaryDirectory(prefix="fullcircle-") as folder:
            path = Path(folder) / "page.csv"
            while True:
                following = job.save(locator, self._options.bulk_page_rows, path, header or fields)
                header, done = bulk.known_header(path, fields, header), skip
                for table in bulk.texts(path, header, skip):
                    done += table.num_rows
                    here = {"job": job.id, "locator": locator, "rows": done, "header": header}
                    yield QueryPart(table.select(list(fields)), here)
                if not following:
                    break
                locator, skip = following, 0


def _fits(soql: str) -> bool:
    return len(quote(soql)) <= LONGEST_QUERY


def _rest(where: str, after: str) -> str:
    """What is left of a reading that was interrupted: the rows from the time stamp of the last one on."""
    rest = f"{STAMP} >= {literal_of(after)}"
    return f"({where}) AND {rest}" if where else rest
