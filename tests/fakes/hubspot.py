"""A FAKE of HubSpot's CRM API, with state, over real HTTP on loopback. It was written from the vendor's documentation by the author of
the connector: it proves that the connector does what we read there, not that a real portal behaves so.

| shown here | documented in |
|---|---|
| Bearer tokens, 401 INVALID_AUTHENTICATION, 403 MISSING_SCOPES with requiredGranularScopes | developers.hubspot.com: "Private apps", "Scopes"; github.com/PostHog/posthog/issues/53339 has an answer |
| dated paths (/crm/objects/2026-03/...) and v3/v4 | "API reference", "Legacy API reference" |
| properties of an object; properties that are asked for and do not exist are ignored | "Properties: Read all properties"; "Contacts: Retrieve" |
| lists by `after`, at most 100, `archived=true` for the recycle bin, from which rows go after 90 days | "Contacts: Retrieve all"; knowledge base: "Restore deleted records" |
| search: filters, one sort, at most 200 rows a page and 10,000 in all (400 beyond), 3,000 characters, results some moments late | "Search the CRM": "Limits"; github.com/estuary/connectors/issues/2100 has rows that share a time stamp |
| batch/read: at most 100, 207 with OBJECT_NOT_FOUND; an id that was merged gives the row it was merged into | "Contacts: Read a batch"; knowledge base: "Merge records" |
| batch/update: at most 100, 207 with OBJECT_NOT_FOUND for rows that are not there; a wrong value or property refuses all (400); "" empties | "Contacts: Update a batch of contacts"; "Properties": modificationMetadata |
| merges: a new id (or the older way: the first one's id), hs_merged_object_ids | "Merge two contacts"; github.com/amp-labs/connectors/pull/3487 |
| associations for many rows, with types, and paging for each row | "Associations: batch/read" |
| 429 with policyName TEN_SECONDLY_ROLLING, SECONDLY, DAILY; X-HubSpot-RateLimit-*, not at searches | "API usage guidelines" |
| deletes for privacy (GDPR): gone, and in no list | "Contacts: Permanently delete a contact" |

Its time is its own, and goes on only by `tick`. `window`, `page_rows` and `links_page` are smaller in tests than HubSpot's.
"""  # noqa: E501 - a table

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.faulty import FaultyServer, Reply, Request
from tests.fakes.hubspot_schema import LINK_TYPES, TEXTS, described, pipelines_of, properties_of, stamp_of

VERSIONS = ("2026-03", "2025-09")
KEPT = timedelta(days=90)
LONGEST_SEARCH, LONGEST_ADDRESS = 3000, 16_000
SECRET = "anna@example.org"  # in messages of errors, which may repeat values


class FakeHubSpot(FaultyServer):
    """One portal. Its rows are in `rows[object][id]`; what happened is made by the verbs below."""

    def __init__(self, clock: datetime = datetime(2026, 11, 30, 10)) -> None:
        self.clock = clock
        self.properties = {name: properties_of(name) for name in TEXTS}
        self.pipelines = {name: pipelines_of(name) for name in TEXTS}
        self.rows: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in TEXTS}
        self.into: dict[str, str] = {}  # id of a row that was merged -> that of the other
        self.links: dict[tuple[str, str], dict[str, dict[str, bool]]] = {}  # (from, to) -> id -> id -> is it the primary one?
        self.denied: set[str] = set()
        self.read_only: set[str] = set()  # objects that the token may not change
        self.saves = 0  # rows that were to be changed
        self.token = "pat-eu1-1"
        self.page_rows, self.window, self.links_page, self.lag = 200, 10_000, 500, timedelta(0)
        self.busy: list[str] = []  # policies of the next 429s
        self.in_ten_seconds: int | None = None  # how many requests are left there
        self.used, self.allowed = 0, 1_000_000
        self._numbers = itertools.count(101)
        super().__init__()

    # -- what happens in the portal --------------------------------------------------------------------------------------
    def tick(self, seconds: float = 60) -> None:
        self.clock += timedelta(seconds=seconds)

    def create(self, object: str, stamp: datetime | None = None, **values: Any) -> str:
        """A new row; with `stamp` it has this time stamp, and is there only now."""
        with self.lock:
            id = str(next(self._numbers))
            self.rows[object][id] = {"id": id, "values": {"hs_object_id": id, "createdate": _text(self.clock)}, "seen": []}
            self.update(object, id, stamp, **values)
            return id

    def update(self, object: str, id: str, stamp: datetime | None = None, **values: Any) -> None:
        with self.lock:
            row = self.rows[object][id]
            texts = {name: _value(value) for name, value in values.items()}
            row["values"].update(texts, **{stamp_of(object): _text(stamp or self.clock)})
            row["seen"].append((self.clock, _milliseconds(stamp or self.clock)))

    def archive(self, object: str, id: str) -> None:
        self.rows[object][id].update(archived=self.clock)

    def restore(self, object: str, id: str) -> None:
        del self.rows[object][id]["archived"]
        self.update(object, id)

    def delete_for_good(self, object: str, id: str) -> None:
        del self.rows[object][id]

    def merge(self, object: str, loser: str, winner: str, new_id: bool = True) -> str:
        """The row of both: a new one, or as it was in former years the winner."""
        with self.lock:
            gone = {loser: self.rows[object].pop(loser)}
            into = winner
            if new_id:
                gone[winner] = self.rows[object].pop(winner)
                into = self.create(object, **gone[winner]["values"])
                self.rows[object][into]["values"]["hs_object_id"] = into
            before = [self.rows[object][into], *gone.values()]
            merged = {*gone, *(id for one in before for id in (one["values"].get("hs_merged_object_ids") or "").split(";") if id)}
            self.into |= {id: into for id in merged}
            self.update(object, into, hs_merged_object_ids=";".join(sorted(merged - {into})))
            return into

    def link(self, object: str, id: str, to: str, other: str, primary: bool = False) -> None:
        with self.lock:
            self.links.setdefault((object, to), {}).setdefault(id, {})[other] = primary
            self.links.setdefault((to, object), {}).setdefault(other, {})[id] = False

    def add_property(self, object: str, name: str, kind: str, label: str = "") -> None:
        self.properties[object][name] = described(name, kind, label)

    def drop_property(self, object: str, name: str) -> None:
        del self.properties[object][name]

    def expire(self) -> None:
        """The token is exchanged for another one."""
        self.token = f"pat-eu1-{int(self.token.rpartition('-')[2]) + 1}"

    # -- the API -----------------------------------------------------------------------------------------------------------
    def answer(self, request: Request) -> Reply:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return _error(401, "INVALID_AUTHENTICATION")
        if self.busy:
            return _limited(self.busy.pop(0))
        if self.used >= self.allowed:
            return _limited("DAILY")
        if self.in_ten_seconds == 0:
            self.in_ten_seconds = None  # ten seconds later
            return _limited("TEN_SECONDLY_ROLLING")
        self.used += 1
        reply = self._resource(request)
        if not request.path.endswith("/search"):
            reply.headers |= {"X-HubSpot-RateLimit-Daily": str(self.allowed)}
            reply.headers |= {"X-HubSpot-RateLimit-Daily-Remaining": str(self.allowed - self.used)}
            if self.in_ten_seconds is not None:
                self.in_ten_seconds -= 1
                reply.headers |= {"X-HubSpot-RateLimit-Remaining": str(self.in_ten_seconds)}
                reply.headers |= {"X-HubSpot-RateLimit-Interval-Milliseconds": "10000"}
        return reply

    def _resource(self, request: Request) -> Reply:
        match request.path.split("/")[1:]:
            case ["crm", what, version, object, *rest] if version in VERSIONS:
                return self._of(request, what, object, rest)
            case ["crm", "v3", what, object, *rest] if what != "associations":
                return self._of(request, what, object, rest)
            case ["crm", "v4", "associations", object, *rest]:
                return self._of(request, "associations", object, rest)
        return _error(404, "OBJECT_NOT_FOUND")

    def _of(self, request: Request, what: str, object: str, rest: list[str]) -> Reply:
        if object not in self.rows:
            return _error(404, "OBJECT_NOT_FOUND")
        refused = {object, *(rest[:1] if what == "associations" else [])} & self.denied
        if refused:
            return _missing_scope(refused.pop())
        if what in ("properties", "pipelines"):
            listed = self.properties[object].values() if what == "properties" else self.pipelines[object]
            return Reply(body={"results": list(listed)})
        if what == "associations":
            return self._links(object, rest[0], request.json()["inputs"])
        match rest:
            case []:
                return self._list(object, request.params)
            case ["search"]:
                return self._search(object, request.json(), len(request.body))
            case ["batch", "read"]:
                return self._read(object, request.json())
            case ["batch", "update"]:
                return self._write(object, request.json()["inputs"])
        return _error(404, "OBJECT_NOT_FOUND")

    def _json(self, object: str, row: Mapping[str, Any], asked: Iterable[str]) -> dict[str, Any]:
        values, always = row["values"], ("createdate", stamp_of(object), "hs_object_id")
        names = [name for name in dict.fromkeys([*asked, *always]) if name in self.properties[object]]
        found = {"id": row["id"], "properties": {name: values.get(name) for name in names}, "archived": "archived" in row}
        found |= {"createdAt": values["createdate"], "updatedAt": values[stamp_of(object)]}
        return found | ({"archivedAt": _text(row["archived"])} if "archived" in row else {})

    def _list(self, object: str, params: Mapping[str, str]) -> Reply:
        limit, after = int(params.get("limit", "10")), int(params.get("after", "0"))
        asked = params.get("properties", "").split(",")
        if limit > 100 or len(params.get("properties", "")) > LONGEST_ADDRESS:
            return _error(400, "VALIDATION_ERROR")
        wanted = params.get("archived") == "true"
        there = [row for row in self.rows[object].values() if ("archived" in row) == wanted and int(row["id"]) > after]
        kept = [row for row in there if not wanted or self.clock - row["archived"] < KEPT]
        kept.sort(key=lambda row: int(row["id"]))
        page = kept[: min(limit, self.page_rows)]
        following = page[-1]["id"] if len(page) < len(kept) else ""
        return Reply(body={"results": [self._json(object, row, asked) for row in page], **_paging(following)})

    def _search(self, object: str, body: Mapping[str, Any], size: int) -> Reply:
        limit, after = int(body.get("limit", 10)), int(body.get("after", 0))
        end = after + min(limit, self.page_rows)
        if limit > 200 or size > LONGEST_SEARCH or end > self.window:
            return _error(400, "VALIDATION_ERROR")
        found, indexed = [], self.clock - self.lag
        for row in self.rows[object].values():
            stamps = [stamp for at, stamp in row["seen"] if at <= indexed]
            if stamps and row.get("archived", datetime.max) > indexed:  # as the index has it, which is late
                found.append({stamp_of(object): stamps[-1], "hs_object_id": int(row["id"]), "row": row})
        filters = [one for group in body["filterGroups"] for one in group["filters"]]
        kept = [one for one in found if all(FILTERS[by["operator"]](one[by["propertyName"]], int(by["value"])) for by in filters)]
        for sort in body.get("sorts") or [{"propertyName": "hs_object_id"}]:
            kept.sort(key=lambda one: one[sort["propertyName"]])
        rows = []
        for one in kept[after:end]:
            answer = self._json(object, one["row"], body["properties"])
            answer["properties"][stamp_of(object)] = _text(datetime.fromtimestamp(one[stamp_of(object)] / 1000, UTC))
            rows.append(answer)
        return Reply(body={"total": len(kept), "results": rows, **_paging(str(end) if end < len(kept) else "")})

    def _read(self, object: str, body: Mapping[str, Any]) -> Reply:
        asked = [str(one["id"]) for one in body["inputs"]]
        if len(asked) > 100:
            return _error(400, "VALIDATION_ERROR")
        ids = dict.fromkeys(self._merged(id) for id in asked)
        there = [self.rows[object][id] for id in ids if id in self.rows[object] and "archived" not in self.rows[object][id]]
        missing = [id for id in ids if id not in {row["id"] for row in there}]
        rows = [self._json(object, row, body["properties"]) for row in there]
        return Reply(207 if missing else 200, {"status": "COMPLETE", "results": rows, **_not_found(missing)})

    def _write(self, object: str, inputs: list[dict[str, Any]]) -> Reply:
        if object in self.read_only:
            return _missing_scope(object, "write")
        if len(inputs) > 100 or not all(
            self._fits(object, name, text) for one in inputs for name, text in one["properties"].items()
        ):
            return _error(400, "VALIDATION_ERROR")
        self.saves += len(inputs)
        there = [one for one in inputs if one["id"] in self.rows[object] and "archived" not in self.rows[object][one["id"]]]
        for one in there:
            self.update(object, one["id"], **{name: text or None for name, text in one["properties"].items()})
        missing = [one["id"] for one in inputs if one not in there]
        rows = [self._json(object, self.rows[object][one["id"]], one["properties"]) for one in there]
        return Reply(207 if missing else 200, {"status": "COMPLETE", "results": rows, **_not_found(missing)})

    def _fits(self, object: str, name: str, text: str) -> bool:
        about = self.properties[object].get(name)
        if about is None or (about.get("modificationMetadata") or {}).get("readOnlyValue"):
            return False
        if about["type"] == "number" and text:
            return text.replace(".", "", 1).lstrip("-").isdigit()
        return about["type"] != "bool" or text in ("", "true", "false")

    def _merged(self, id: str) -> str:
        while id in self.into:
            id = self.into[id]
        return id

    def _links(self, object: str, to: str, inputs: list[dict[str, str]]) -> Reply:
        if len(inputs) > 1000:
            return _error(400, "VALIDATION_ERROR")
        results, missing = [], []
        plain, first = LINK_TYPES.get((object, to), (900, 0))
        for one in inputs:
            links = self.links.get((object, to), {}).get(one["id"], {})
            start = int(one.get("after", 0))
            end = start + self.links_page
            kinds = {other: [plain, *([first] if primary else [])] for other, primary in links.items()}
            listed = [
                {
                    "toObjectId": int(other),
                    "associationTypes": [{"category": "HUBSPOT_DEFINED", "typeId": kind} for kind in kinds[other]],
                }
                for other in list(links)[start:end]
            ]
            if listed:
                results.append({"from": {"id": one["id"]}, "to": listed, **_paging(str(end) if end < len(links) else "")})
            else:
                missing.append(one["id"])
        return Reply(207 if missing else 200, {"status": "COMPLETE", "results": results, **_not_found(missing)})


FILTERS: dict[str, Callable[[int, int], bool]] = {
    "GTE": lambda value, than: value >= than, "GT": lambda value, than: value > than, "EQ": lambda value, than: value == than,
}  # fmt: skip


def _paging(after: str) -> dict[str, Any]:
    return {"paging": {"next": {"after": after, "link": "?"}}} if after else {}


def _not_found(ids: list[str]) -> dict[str, Any]:
    errors = [{"status": "error", "category": "OBJECT_NOT_FOUND", "message": SECRET, "context": {"ids": ids}}]
    return {"numErrors": 1, "errors": errors} if ids else {}


def _error(status: int, category: str, **more: Any) -> Reply:
    return Reply(status, {"status": "error", "category": category, "message": f"It was not possible: {SECRET}", **more})


def _missing_scope(object: str, right: str = "read") -> Reply:
    context = {"requiredGranularScopes": [f"crm.objects.{object}.{right}"]}
    return _error(403, "MISSING_SCOPES", errors=[{"message": "One or more scopes are required.", "context": context}])


def _limited(policy: str) -> Reply:
    return _error(429, "RATE_LIMITS", errorType="RATE_LIMIT", policyName=policy)


def _value(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else str(value)


def _text(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _milliseconds(moment: datetime) -> int:
    return round(moment.replace(tzinfo=UTC).timestamp() * 1000)
