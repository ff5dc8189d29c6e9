"""Reads the rows of a portal: all by lists, changed ones by searches. Start at `RowReader.changed`.

A search finds ids only; the rows are then read by id. So a search that lags behind gives no old rows, and the limit of the
length of a search is kept whatever the number of properties. No search is paged: each begins with the time stamp of the last
row of the one before. So none comes near the 10,000 rows that HubSpot finds at most, and a row that changes meanwhile makes
no other one slip through between two pages. Where a whole page shares one time stamp, the searches go on by id within it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from fullcircle.connectors.sources.hubspot.described import MERGED, HubspotObject, stamp_of
from fullcircle.connectors.sources.hubspot.portal import Portal, not_rows
from fullcircle.connectors.sources.hubspot.position import moment_of
from fullcircle.errors import SourceBroken, SourceError

LISTED, FOUND, READ = 100, 200, 100  # rows in one answer
LONGEST_LIST = 6_000  # characters of the names of properties in an address
LONGEST_BODY = 60_000  # and in a body
ID = "hs_object_id"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowPart:
    """Some rows, the ids of rows that are no longer there, and where a reading goes on after them."""

    rows: list[Row]
    gone: list[str]
    reading: dict[str, Any] = field(default_factory=dict)


class RowReader:
    """Reads from one portal."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal

    # -- all rows ----------------------------------------------------------------------------------------------------------
    def listed(self, object: HubspotObject, reading: Mapping[str, Any]) -> Iterator[RowPart]:
        """All rows that are not in the recycle bin, in the order of their ids, from where `reading` says."""
        names = ",".join(object.asked)
        whole = len(quote(names)) <= LONGEST_LIST
        for rows, after in self._pages(object.name, names if whole else ID, reading.get("after", "")):
            read = RowPart(rows, []) if whole else self.read(object, [row["id"] for row in rows])
            yield RowPart(read.rows, read.gone, {"after": after})

    def ids(self, object: str) -> Iterator[list[str]]:
        """The ids of all rows that are not in the recycle bin."""
        for rows, _ in self._pages(object, ID, ""):
            yield [str(row["id"]) for row in rows]

    def archived(self, object: str, since: int) -> list[str]:
        """The ids of what went to the recycle bin since then, with what had been merged into it."""
        found: dict[str, None] = {}
        for rows, _ in self._pages(object, ",".join((ID, *MERGED)), "", archived="true"):
            new = [row for row in rows if (moment_of(row.get("archivedAt")) or since) >= since]
            found |= dict.fromkeys(id for row in new for id in (str(row["id"]), *losers_of(row)))
        return list(found)

    def _pages(self, object: str, names: str, after: str, archived: str = "false") -> Iterator[tuple[list[Row], str]]:
        while True:
            params: dict[str, str | int] = {
                "limit": LISTED,
                "archived": archived,
                "properties": names,
                **({"after": after} if after else {}),
            }
            page = self._portal.get(self._portal.objects(object), object, params, not_rows)
            following = _following(page)
            if following == after and following:
                raise SourceBroken(f"{self._portal.where} repeats a page of {object}.", "Pull again.")
            yield page["results"], following or after
            if not following:
                return
            after = following

    # -- changed rows --------------------------------------------------------------------------------------------------------
    def changed(self, object: HubspotObject, since: int, reading: Mapping[str, Any]) -> Iterator[RowPart]:
        """The rows that changed since then, in that order, from where `reading` says."""
        start, within = int(reading.get("from", since)), reading.get("within")
        seen: set[str] = set()
        while True:
            page = self._found(object, start, within)
            ids = [str(row["id"]) for row in page["results"]]
            stamps = [self._stamp(object, row) for row in page["results"]]
            more, last = bool(_following(page)), stamps[-1] if stamps else start
            if within is None and [start, *stamps] != sorted([start, *stamps]):
                raise SourceBroken(f"{self._portal.where} does not sort what it finds of {object.name}.", "Pull again.")
            done = within is None and not more
            if within is not None:
                start, within = (start, ids[-1]) if more and ids else (start + 1, None)
            elif more and last == start:
                within = "0"
            else:
                start = last
            part = self.read(object, [id for id in ids if id not in seen])
            yield RowPart(part.rows, part.gone, {"from": start} if within is None else {"from": start, "within": within})
            if done:
                return
            seen = {*ids}

    def _found(self, object: HubspotObject, start: int, within: str | None) -> Any:
        if within is None:
            filters, order = [_filter(object.stamp, "GTE", str(start))], object.stamp
        else:
            filters, order = [_filter(object.stamp, "EQ", str(start)), _filter(ID, "GT", within)], ID
        sorts = [{"propertyName": order, "direction": "ASCENDING"}]
        body = {"filterGroups": [{"filters": filters}], "sorts": sorts, "properties": [object.stamp], "limit": FOUND}
        return self._portal.search(object.name, body)

    def _stamp(self, object: HubspotObject, row: Row) -> int:
        found = moment_of(row["properties"].get(object.stamp))
        if found is None:
            raise SourceBroken(f"{self._portal.where} returned a row of {object.name} without {object.stamp}.", "Pull again.")
        return found

    def count(self, object: str) -> int:
        """How many rows there are, without those in the recycle bin."""
        return int(self._portal.search(object, {"filterGroups": [], "properties": [stamp_of(object)], "limit": 1})["total"])

    # -- rows by id ------------------------------------------------------------------------------------------------------------
    def read(self, object: HubspotObject, ids: Sequence[str]) -> RowPart:
        """The rows with these ids as they are now. For one that was merged, HubSpot answers with what it was merged into."""
        rows = [row for start in range(0, len(ids), READ) for row in self._read(object, ids[start : start + READ])]
        found = {str(row["id"]): row for row in rows}
        there = {*found, *(loser for row in found.values() for loser in losers_of(row))}
        return RowPart(list(found.values()), [id for id in ids if id not in there])

    def _read(self, object: HubspotObject, ids: Sequence[str]) -> list[Row]:
        """The rows whose properties are all there: one that goes between two requests is as good as gone."""
        inputs = [{"id": id} for id in ids]
        found: dict[str, dict[str, Any]] = {}
        for number, names in enumerate(_parts(object.asked)):
            body = {"properties": names, "inputs": inputs}
            answer = self._portal.post(self._portal.objects(object.name, "/batch/read"), body, object.name, not_rows)
            check_errors(self._portal, answer, object.name)
            part = {str(row["id"]): dict(row["properties"]) for row in answer["results"]}
            found = part if number == 0 else {id: {**found[id], **part[id]} for id in found if id in part}
        return [{"id": id, "properties": properties} for id, properties in found.items()]


def losers_of(row: Row) -> list[str]:
    """The ids of the rows that were merged into this one: "11;12", or of contacts also "11:1700000000000;12:...".."""
    texts = [row["properties"].get(name) or "" for name in MERGED]
    ids = [one.partition(":")[0].strip() for text in texts for one in str(text).split(";")]
    return [id for id in dict.fromkeys(ids) if id and id != str(row["id"])]


def check_errors(portal: Portal, answer: Mapping[str, Any], about: str) -> None:
    """SourceError if a part of what was asked failed, other than by not being there."""
    failed = [one for one in answer.get("errors") or () if not _is_absence(one)]
    if failed:
        raise SourceError(f"{portal.where} answers only in part about {about}.", "Run the same command again later.")


def _is_absence(error: Mapping[str, Any]) -> bool:
    return error.get("category") == "OBJECT_NOT_FOUND" or "NO_ASSOCIATIONS_FOUND" in str(error.get("subCategory"))


def _following(page: Mapping[str, Any]) -> str:
    following = (page.get("paging") or {}).get("next") or {}
    return str(following.get("after") or "")


def _filter(name: str, operator: str, value: str) -> dict[str, str]:
    return {"propertyName": name, "operator": operator, "value": value}


def _parts(names: Sequence[str]) -> Iterator[list[str]]:
    """The names in parts that are not too long for one request."""
    part: list[str] = []
    size = 0
    for name in names:
        if part and size + len(name) > LONGEST_BODY:
            yield part
            part, size = [], 0
        part.append(name)
        size += len(name) + 3
    yield part
