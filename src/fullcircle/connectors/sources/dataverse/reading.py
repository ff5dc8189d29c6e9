"""Reads the rows of tables page by page: all, what has changed, by id, or only the ids. Start at `TableReader.changes`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from fullcircle.connectors.sources.dataverse.api import ColumnGone, DataverseApi, DataversePage
from fullcircle.connectors.sources.dataverse.described import STAMP, DataverseTable
from fullcircle.connectors.sources.dataverse.position import DataversePosition
from fullcircle.errors import ObjectRefused

COUNTED = 5000  # the API does not count further
LARGEST_PAGE = 5000  # for ids, which are small
IDS = 50  # looked up in one request: its address must not be too long


class TableReader:
    """Reads from one environment."""

    def __init__(self, api: DataverseApi) -> None:
        self._api = api

    def changes(self, table: DataverseTable, position: DataversePosition) -> Iterator[DataversePage]:
        """What has changed since the position, or all rows; each page moves the position behind itself."""
        if position.tracked:
            yield from self._tracked(table, position)
        else:
            yield from self._stamped(table, position)

    def _tracked(self, table: DataverseTable, position: DataversePosition) -> Iterator[DataversePage]:
        following = position.reading.get("next", "")
        if following or position.link:
            page = self._api.follow(following or position.link, table.name, track=bool(following))
        else:
            page = self._api.query(table.set, table.name, {"$select": ",".join(table.asked)}, track=True)
        while page.next:
            position.reading = {"next": page.next}
            yield page
            page = self._api.follow(page.next, table.name, track=True)
        if not page.delta and not position.link:  # has been seen of older versions
            position.tracked, position.refused = False, True
        position.link, position.reading = page.delta or position.link, {}
        yield page

    def _stamped(self, table: DataverseTable, position: DataversePosition) -> Iterator[DataversePage]:
        params: dict[str, str | int] = {"$select": ",".join(table.asked)}
        start = position.reading.get("after") or position.since
        if table.stamped:
            params["$orderby"] = STAMP
            params |= {"$filter": f"{STAMP} ge {start}"} if start else {}
        for page in self._pages(table, params, position.reading.get("next", "")):
            last = page.rows[-1].get(STAMP) if page.rows else position.reading.get("after")
            position.reading = ({"after": last} if last else {}) | ({"next": page.next} if page.next else {})
            yield page

    def _pages(
        self, table: DataverseTable, params: dict[str, str | int], link: str = "", most: int = 0
    ) -> Iterator[DataversePage]:
        page = self._api.follow(link, table.name) if link else self._api.query(table.set, table.name, params, most=most)
        yield page
        while page.next:
            page = self._api.follow(page.next, table.name, most=most)
            yield page

    def ids(self, table: DataverseTable) -> Iterator[pa.Array]:
        """The ids of all rows."""
        for page in self._pages(table, {"$select": table.key}, most=LARGEST_PAGE):
            yield pa.array([str(row[table.key]) for row in page.rows], pa.string())

    def found(self, table: DataverseTable, keys: Sequence[str]) -> Iterator[DataversePage]:
        """The rows with these ids, as they are now."""
        for start in range(0, len(keys), IDS):
            any_of = " or ".join(f"{table.key} eq {key}" for key in keys[start : start + IDS])
            yield from self._pages(table, {"$select": ",".join(table.asked), "$filter": any_of})

    def count(self, table: DataverseTable) -> int:
        """How many rows there are; COUNTED if they are as many or more."""
        params: dict[str, str | int] = {"$select": table.key, "$count": "true", "$top": 1}
        return int(self._api.get(table.set, table.name, params).get("@odata.count", 0))

    def currencies(self) -> dict[str, str]:
        """The currencies of the environment: id -> code, e.g. EUR. Without them if the user may not read them."""
        try:
            rows = self._api.get("transactioncurrencies", "transactioncurrency", {"$select": "isocurrencycode"})["value"]
        except (ObjectRefused, ColumnGone):
            return {}
        return {str(row["transactioncurrencyid"]): str(row["isocurrencycode"]) for row in rows if row.get("isocurrencycode")}


def names_in(listed: Any) -> set[str]:
    """The logical names of a list of definitions."""
    return {str(one["LogicalName"]) for one in listed["value"]}
