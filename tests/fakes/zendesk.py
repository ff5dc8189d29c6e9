"""A FAKE of Zendesk's Support API, with state, over real HTTP on loopback. It was written from the vendor's documentation by the author
of the connector: it proves that the connector does what we read there, not that a real account behaves so.

| shown here | documented in |
|---|---|
| cursor exports of tickets and users: start_time, after_cursor, end_of_stream, per_page up to 1000 | developer.zendesk.com: "Incremental Exports", "Using the Incremental Export API" |
| what changed within the last minute is left out; start_time must be a minute old | the same |
| time-based export of organizations: end_time, count, next_page; what shares its second comes again | the same: "Time-based incremental exports", "Excluding duplicate items" |
| deleted tickets with status deleted, deleted users with active false, deleted organizations with deleted_at | the same: "Excluding deleted tickets"; "Users"; "Organizations" |
| users that were merged are as deleted, and do not say into whom | "Users: Merge End Users" |
| metric_sets beside tickets; satisfaction_rating with score and comment | "Side-Loading"; "Tickets": JSON format |
| custom fields: user_fields, organization_fields by key, ticket_fields by id | "User Fields", "Organization Fields", "Ticket Fields" |
| admins only: 403; 401 for a wrong token; Basic `address/token:...` and Bearer | "Security and authentication" |

Its time is its own, and goes on only by `tick`. `page_rows` is smaller in tests than Zendesk's.
"""  # noqa: E501 - a table

from __future__ import annotations

import base64
import itertools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.faulty import FaultyServer, Reply, Request

OBJECTS = ("organizations", "users", "tickets")
CUSTOM = {"organization_fields": "organizations", "user_fields": "users", "ticket_fields": "tickets"}
SECRET = "anna@example.org"  # in messages of errors, which may repeat values
SETTLED = timedelta(minutes=1)


class FakeZendesk(FaultyServer):
    """One account. Its rows are in `rows[object][id]`; what happened is made by the verbs below."""

    def __init__(self, clock: datetime = datetime(2026, 11, 30, 10)) -> None:
        self.clock = clock
        self.rows: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in OBJECTS}
        self.changed: dict[str, dict[str, tuple[datetime, int]]] = {name: {} for name in OBJECTS}  # when, and in which order
        self.fields: dict[str, list[dict[str, Any]]] = {name: [] for name in CUSTOM}
        self.denied: set[str] = set()
        self.forgotten = False  # the cursors of before are no longer known
        self.tokens, self.page_rows = 1, 1000
        self._numbers = itertools.count(101)
        self._order = itertools.count(1)
        super().__init__()

    # -- what happens in the account -------------------------------------------------------------------------------------
    def tick(self, seconds: float = 60) -> None:
        self.clock += timedelta(seconds=seconds)

    def create(self, object: str, stamp: datetime | None = None, **values: Any) -> str:
        with self.lock:
            id = str(next(self._numbers))
            self.rows[object][id] = {
                "id": int(id),
                "created_at": _text(self.clock),
                **({"active": True} if object == "users" else {}),
            }
            self.update(object, id, stamp, **values)
            return id

    def update(self, object: str, id: str, stamp: datetime | None = None, **values: Any) -> None:
        with self.lock:
            self.rows[object][id].update(values, updated_at=_text(stamp or self.clock))
            self.changed[object][id] = (self.clock, next(self._order))

    def delete(self, object: str, id: str) -> None:
        gone = {"tickets": {"status": "deleted"}, "users": {"active": False}, "organizations": {"deleted_at": _text(self.clock)}}
        self.update(object, id, **gone[object])

    def add_field(self, where: str, key: str, kind: str) -> None:
        self.fields[where] = [one for one in self.fields[where] if one["key"] != key]
        self.fields[where].append({"id": next(self._numbers), "key": key, "type": kind, "active": True})

    def expire(self) -> None:
        self.tokens += 1

    @property
    def token(self) -> str:
        return f"zd-{self.tokens}"

    # -- the API -----------------------------------------------------------------------------------------------------------
    def answer(self, request: Request) -> Reply:
        basic = base64.b64encode(f"admin@example.org/token:{self.token}".encode()).decode()
        if request.headers.get("Authorization") not in (f"Bearer {self.token}", f"Basic {basic}"):
            return Reply(401, {"error": "Couldn't authenticate you"})
        match request.path.removeprefix("/api/v2/").removesuffix(".json").split("/"):
            case [name] if name in CUSTOM:
                return self._allowed(CUSTOM[name]) or self._listed(name, request.params)
            case [name, "count"] if name in OBJECTS:
                return self._allowed(name) or Reply(
                    body={"count": {"value": len(self.alive(name)), "refreshed_at": _text(self.clock)}}
                )
            case ["incremental", name, "cursor"] if name in ("tickets", "users"):
                return self._allowed(name) or self._by_cursor(name, request.params)
            case ["incremental", "organizations"]:
                return self._allowed("organizations") or self._by_time(request.params)
        return Reply(404, {"error": "InvalidEndpoint", "description": f"Not found {SECRET}"})

    def _allowed(self, name: str) -> Reply | None:
        return (
            Reply(403, {"error": {"title": "Forbidden", "message": f"You do not have access {SECRET}"}})
            if name in self.denied
            else None
        )

    def _listed(self, name: str, params: Mapping[str, str]) -> Reply:
        start = int(params.get("page[after]", "0"))
        end = start + min(int(params["page[size]"]), self.page_rows)
        more = end < len(self.fields[name])
        return Reply(
            body={name: self.fields[name][start:end], "meta": {"has_more": more, "after_cursor": str(end) if more else None}}
        )

    def alive(self, name: str) -> list[dict[str, Any]]:
        return [
            row
            for row in self.rows[name].values()
            if row.get("status") != "deleted" and row.get("active") is not False and not row.get("deleted_at")
        ]

    def _settled(self, name: str) -> list[tuple[datetime, int, str]]:
        """What changed until a minute ago, in the order of the changes."""
        listed = sorted((at, order, id) for id, (at, order) in self.changed[name].items())
        return [one for one in listed if one[0] <= self.clock - SETTLED]

    def _by_cursor(self, name: str, params: Mapping[str, str]) -> Reply:
        listed = self._settled(name)
        if "cursor" in params:
            if self.forgotten:
                self.forgotten = False
                return Reply(422, {"error": "InvalidCursor", "description": SECRET})
            after = int(params["cursor"].removeprefix("c"))
            listed = [one for one in listed if one[1] > after]
        else:
            after, start = 0, datetime.fromtimestamp(int(params["start_time"]), UTC).replace(tzinfo=None)
            if start > self.clock - SETTLED:
                return Reply(400, {"error": "StartTimeTooRecent", "description": SECRET})
            listed = [one for one in listed if one[0] >= start]
        page = listed[: min(int(params.get("per_page", "1000")), self.page_rows)]
        rows = [self._json(name, id, params.get("include", "")) for _, _, id in page]
        cursor = f"c{page[-1][1] if page else after}"
        return Reply(body={name: rows, "after_cursor": cursor, "end_of_stream": len(page) == len(listed)})

    def _by_time(self, params: Mapping[str, str]) -> Reply:
        start = datetime.fromtimestamp(int(params["start_time"]), UTC).replace(tzinfo=None)
        listed = [one for one in self._settled("organizations") if one[0] >= start]
        size = self.page_rows
        while size < len(listed) and listed[size - 1][0] in (start, listed[size][0]):
            size += 1  # a page does not end within a second, nor with the one in which it began
        page = listed[:size]
        end = int(page[-1][0].replace(tzinfo=UTC).timestamp()) if page else None
        rows = [self._json("organizations", id, "") for _, _, id in page]
        more = {"end_time": end, "count": len(rows), "end_of_stream": len(page) == len(listed), "next_page": None}
        return Reply(body={"organizations": rows, **more})

    def _json(self, name: str, id: str, include: str) -> dict[str, Any]:
        row = dict(self.rows[name][id])
        solved = row.pop("solved_at", None)
        return row | ({"metric_set": {"solved_at": solved}} if include == "metric_sets" else {})


def _text(moment: datetime) -> str:
    return f"{moment.replace(microsecond=0).isoformat()}Z"
