"""Reads the incremental exports: of tickets and users by a cursor that Zendesk keeps, of organizations by time.

A cursor is where the last page ended, whatever time stamps the rows have: no row that shares one is lost. An export by time
begins again with the second in which the last page ended. Both show what was deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fullcircle.connectors.sources.zendesk.account import WHOLE_PAGE, Account, not_entries
from fullcircle.connectors.sources.zendesk.described import SIDELOADS
from fullcircle.errors import SourceBroken

BY_TIME = {"organizations"}


@dataclass(frozen=True, slots=True)
class ExportPage:
    """Some rows, where the export goes on after them ({"cursor"} or {"start_time"}), and whether it has come to its end."""

    rows: list[dict[str, Any]]
    after: dict[str, Any]
    last: bool


def pages(account: Account, name: str, after: Mapping[str, Any], per_page: int) -> Iterator[ExportPage]:
    """The export of an object from there."""
    kind = "" if name in BY_TIME else "/cursor"
    sideloads = {"include": SIDELOADS[name]} if name in SIDELOADS else {}
    while True:
        params = {**after, **sideloads, "per_page": per_page}
        said = account.get(f"incremental/{name}{kind}.json", name, params, not_entries(name))
        page = _by_time(account, name, said, after) if name in BY_TIME else _by_cursor(account, name, said, after)
        yield page
        if page.last:
            return
        after = page.after


def _by_cursor(account: Account, name: str, said: Mapping[str, Any], before: Mapping[str, Any]) -> ExportPage:
    cursor, last = said.get("after_cursor"), bool(said.get("end_of_stream"))
    if not cursor or (not last and cursor == before.get("cursor")):
        if last and not said[name]:
            return ExportPage([], dict(before), True)  # nothing yet: the next pull asks the same
        raise SourceBroken(f"{account.where} does not say where its export of {name} goes on.", "Pull again.")
    return ExportPage(said[name], {"cursor": str(cursor)}, last)


def _by_time(account: Account, name: str, said: Mapping[str, Any], before: Mapping[str, Any]) -> ExportPage:
    end, rows = said.get("end_time"), said[name]
    last = bool(said.get("end_of_stream", len(rows) < WHOLE_PAGE))
    if end is None:
        return ExportPage(rows, dict(before), True)
    if not last and int(end) == before.get("start_time"):
        raise SourceBroken(f"{account.where} repeats a page of {name}: too many of them changed in one second.", "Pull again.")
    return ExportPage(rows, {"start_time": int(end)}, last)
