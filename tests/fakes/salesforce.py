"""A FAKE of Salesforce's APIs, with state, over real HTTP on loopback. It was written from the vendor's documentation by the author of
the connector: it proves that the connector does what we read there, not that a real org behaves so.

| shown here | documented in |
|---|---|
| client credentials and JWT bearer logins, their errors, `instance_url` | "OAuth 2.0 Client Credentials Flow", "OAuth 2.0 JWT Bearer Flow" |
| the list of API versions; 401 INVALID_SESSION_ID; errors as a list of message and errorCode | REST API Developer Guide: "Versions", "Status Codes and Error Responses" |
| describe, with calculated fields and what a user may not see | "sObject Describe", "Describe Global" |
| query and queryAll with nextRecordsUrl, deleted and archived rows | "Query", "QueryAll" |
| deleted rows by time, at most 15 days back, earliestDateAvailable, latestDateCovered, EXCEEDED_ID_LIMIT | "sObject Get Deleted", SOAP API: "getDeleted()" |
| merged rows: deleted, with MasterRecordId | Object Reference: "Account", "Contact", "Lead" |
| query jobs, states, locators that stay, Sforce-NumberOfRecords, 409 for another version | Bulk API 2.0: "Query", "Get Results for a Query Job" |
| collections: rows by id (null for one that is not there), updates of up to 200 rows, each by itself, SaveResults in order | REST API Developer Guide: "sObject Collections", "Get Multiple Records with Fewer Round-Trips", "Update Multiple Records" |
| fields that may not be edited (`updateable`), texts that are too long, numbers rounded to the scale, boxes that are never empty, picklists in their own order | "sObject Describe", "Field Types", "Status Codes and Error Responses" |
| Sforce-Limit-Info; REQUEST_LIMIT_EXCEEDED of a day and of requests at once | "API Limits and Monitoring Your API Usage", "Limit Info Header" |

Its time is its own, and goes on only by `tick`. Whether later pages of a job repeat the header is not agreed upon: `repeat_header`.
"""  # noqa: E501 - a table

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.faulty import FaultyServer, Reply, Request
from tests.fakes.salesforce_schema import FIELDS, PREFIXES, field, fields_of
from tests.fakes.soql import Malformed, Query, parsed

VERSIONS = ("31.0", "62.0", "66.0", "67.0")
DAY = timedelta(days=1)
LOGGED = timedelta(days=15)


class FakeSalesforce(FaultyServer):
    """One org. Its rows are in `rows[object][id]`; what happened is made by the verbs below."""

    def __init__(self, clock: datetime = datetime(2026, 11, 30, 10)) -> None:
        self.clock = clock
        self.fields = {name: fields_of(name) for name in FIELDS}
        self.rows: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in FIELDS}
        self.log: dict[str, list[tuple[datetime, str]]] = {name: [] for name in FIELDS}
        self.log_begins = clock - 30 * DAY
        self.hidden: set[str] = set()  # objects that the user does not see at all
        self.denied: dict[str, str] = {}  # object -> code of the error for its rows
        self.not_logged: set[str] = set()
        self.read_only: set[str] = set()  # objects whose rows the user may not change
        self.saves = 0  # rows that a collection wanted to change
        self.tokens: set[str] = set()
        self.secret, self.logins = "s3cret", 0
        self.used, self.allowed, self.busy = 0, 100_000, 0
        self.page_rows, self.repeat_header, self.looks = 2000, True, 1
        self.jobs: dict[str, dict[str, Any]] = {}
        self.results: dict[str, list[dict[str, Any]]] = {}  # by locator of a query
        self._numbers = itertools.count(1)
        super().__init__()

    # -- what happens in the org ---------------------------------------------------------------------------------------
    def tick(self, seconds: float = 60) -> None:
        self.clock += timedelta(seconds=seconds)

    def create(self, object: str, stamp: datetime | None = None, **values: Any) -> str:
        """A new row; with `stamp` it was begun then, and commits only now."""
        with self.lock:
            id = f"{PREFIXES[object]}{next(self._numbers):012d}AAA"
            now = _text(stamp or self.clock)
            flags = {name: False for name, about in self.fields[object].items() if about["type"] == "boolean"}
            self.rows[object][id] = {
                **flags, "Id": id, "CreatedDate": now, "LastModifiedDate": now, "SystemModstamp": now,
                "OwnerId": "005000000000001AAA", **values,
            }  # fmt: skip
            return id

    def update(self, object: str, id: str, stamp: datetime | None = None, **values: Any) -> None:
        with self.lock:
            self.rows[object][id].update(values, SystemModstamp=_text(stamp or self.clock))

    def delete(self, object: str, id: str, silently: bool = False, **values: Any) -> None:
        """To the recycle bin; `silently`: without a new time stamp, as what goes with its parent."""
        with self.lock:
            self.rows[object][id].update(values, IsDeleted=True)
            if not silently:
                self.rows[object][id]["SystemModstamp"] = _text(self.clock)
            self.log[object].append((self.clock, id))

    def undelete(self, object: str, id: str) -> None:
        self.update(object, id, IsDeleted=False)

    def merge(self, object: str, loser: str, winner: str) -> None:
        self.delete(object, loser, MasterRecordId=winner)
        self.update(object, winner)

    def empty_bin(self, object: str) -> None:
        """What was deleted is physically gone."""
        with self.lock:
            self.rows[object] = {id: row for id, row in self.rows[object].items() if not row["IsDeleted"]}

    def purge_log(self) -> None:
        with self.lock:
            self.log = {name: [] for name in self.log}
            self.log_begins = self.clock

    def add_field(self, object: str, name: str, kind: str, **more: Any) -> None:
        self.fields[object][name] = field(name, kind, **more)

    def drop_field(self, object: str, name: str) -> None:
        del self.fields[object][name]

    def expire(self) -> None:
        self.tokens.clear()

    # -- the API -----------------------------------------------------------------------------------------------------------
    def answer(self, request: Request) -> Reply:
        if request.path == "/services/oauth2/token":
            return self._token(request)
        if request.path == "/services/data/":
            return Reply(body=[{"label": f"v{one}", "url": f"/services/data/v{one}", "version": one} for one in VERSIONS])
        if (request.headers.get("Authorization") or "").removeprefix("Bearer ") not in self.tokens:
            return _error(401, "INVALID_SESSION_ID")
        if self.busy:
            self.busy -= 1
            return _error(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.")
        if self.used >= self.allowed:
            return _error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        self.used += 1
        reply = self._resource(request)
        reply.headers["Sforce-Limit-Info"] = f"api-usage={self.used}/{self.allowed}"
        return reply

    def _token(self, request: Request) -> Reply:
        form = dict(pair.split("=", 1) for pair in request.body.decode().split("&"))
        good = form.get("client_secret") == self.secret or form.get("assertion", "").count(".") == 2
        if not good:
            return Reply(400, {"error": "invalid_client", "error_description": "invalid client credentials"})
        self.logins += 1
        token = f"00D!{self.logins}"
        self.tokens.add(token)
        return Reply(body={"access_token": token, "instance_url": self.url, "token_type": "Bearer", "id": f"{self.url}/id/1/2"})

    def _resource(self, request: Request) -> Reply:
        _, _, _, version, *path = request.path.split("/")
        match path:
            case ["sobjects"]:
                seen = [name for name in self.fields if name not in self.hidden]
                return Reply(body={"sobjects": [{"name": name, "queryable": True} for name in seen]})
            case ["sobjects", object, "describe"]:
                return self._describe(object)
            case ["sobjects", object, "deleted", ""]:
                return self._deleted(object, request.params)
            case ["query" | "queryAll" as which] if "q" in request.params:
                return self._query(request.params["q"], which == "queryAll", f"/services/data/{version}/{which}")
            case ["query" | "queryAll", locator]:
                if locator not in self.results:
                    return _error(400, "INVALID_QUERY_LOCATOR")
                return self._page(locator, f"/services/data/{version}/{path[0]}")
            case ["composite", "sobjects", object] if request.method == "POST":
                return self._retrieve(object, request.json())
            case ["composite", "sobjects"] if request.method == "PATCH":
                return self._collection(request.json())
            case ["jobs", "query", *rest]:
                return self._jobs(request, version.removeprefix("v"), rest)
        return _error(404, "NOT_FOUND")

    def _describe(self, object: str) -> Reply:
        if object not in self.fields or object in self.hidden:
            return _error(404, "NOT_FOUND", "The requested resource does not exist")
        fields = list(self.fields[object].values())
        about = {"queryable": True, "updateable": object not in self.read_only, "replicateable": object not in self.not_logged}
        return Reply(body={"name": object, **about, "fields": fields})

    # -- collections -------------------------------------------------------------------------------------------------------
    def _retrieve(self, object: str, body: Mapping[str, Any]) -> Reply:
        if len(body["ids"]) > 2000 or not {*body["fields"]} <= {*self.fields[object]}:
            return _error(400, "INVALID_FIELD")
        rows = [self.rows[object].get(id) for id in body["ids"]]
        kept = [row if row and not row["IsDeleted"] else None for row in rows]
        return Reply(body=[row and {name: self._json(object, name, row.get(name)) for name in body["fields"]} for row in kept])

    def _collection(self, body: Mapping[str, Any]) -> Reply:
        if len(body["records"]) > 200:
            return _error(400, "INVALID_BATCH_SIZE")
        return Reply(body=[self._saved(dict(one)) for one in body["records"]])

    def _saved(self, one: dict[str, Any]) -> dict[str, Any]:
        object, id = one.pop("attributes")["type"], one.pop("id")
        self.saves += 1
        row = self.rows[object].get(id)
        code = "" if row and not row["IsDeleted"] else "ENTITY_IS_DELETED"
        for name, value in one.items():
            about = self.fields[object].get(name, {})
            if not about or not about.get("updateable", True):
                code = "INVALID_FIELD_FOR_INSERT_UPDATE"
            elif isinstance(value, str) and len(value) > about.get("length", 255):
                code = "STRING_TOO_LONG"
            elif about["type"] == "double" and value is not None:
                one[name] = round(value, about.get("scale", 2))
            elif about["type"] == "multipicklist" and value:
                one[name] = ";".join(sorted(value.split(";"), reverse=True))  # in an order of its own
            elif about["type"] == "string" and value == "":
                one[name] = None
        if code:
            return {"success": False, "errors": [{"statusCode": code, "message": "anna@example.org", "fields": []}]}
        self.update(object, id, **one, LastModifiedDate=_text(self.clock))
        return {"id": id, "success": True, "errors": []}

    def _deleted(self, object: str, params: Mapping[str, str]) -> Reply:
        start, end = (datetime.fromisoformat(params[name]).replace(tzinfo=None) for name in ("start", "end"))
        if end - start < timedelta(minutes=1) or self.clock - start > LOGGED:
            return _error(400, "INVALID_REPLICATION_DATE")
        found = [(at, id) for at, id in self.log[object] if start <= at < end]
        return Reply(
            body={
                "deletedRecords": [{"id": id, "deletedDate": _zoned(_text(at))} for at, id in found],
                "earliestDateAvailable": _zoned(_text(self.log_begins)),
                "latestDateCovered": _zoned(_text(min(end, self.clock))),
            }
        )

    # -- queries -----------------------------------------------------------------------------------------------------------
    def _selected(self, text: str, all: bool) -> tuple[Query, list[dict[str, Any]]] | Reply:
        try:
            query = parsed(text)
        except Malformed:
            return _error(400, "MALFORMED_QUERY")
        if query.object not in self.fields or query.object in self.hidden:
            return _error(400, "INVALID_TYPE", f"sObject type '{query.object}' is not supported.")
        if query.object in self.denied:
            return _error(403, self.denied[query.object])
        asked = [*query.named, *(query.fields if query.fields != ["count()"] else [])]
        if not {*asked} <= {*self.fields[query.object]}:
            return _error(400, "INVALID_FIELD", "No such column")
        rows = [row for row in self.rows[query.object].values() if query.where(row) and (all or not row["IsDeleted"])]
        rows.sort(key=lambda row: row[query.order] if query.order else row["Id"])
        return query, rows

    def _query(self, text: str, all: bool, base: str) -> Reply:
        found = self._selected(text, all)
        if isinstance(found, Reply):
            return found
        query, rows = found
        if query.fields == ["count()"]:
            return Reply(body={"totalSize": len(rows), "done": True, "records": []})
        locator = f"01g{next(self._numbers)}"
        kind = {"attributes": {"type": query.object}}
        listed = [{**kind, **{name: self._json(query.object, name, row.get(name)) for name in query.fields}} for row in rows]
        self.results[f"{locator}-0"] = listed
        for start in range(self.page_rows, len(listed), self.page_rows):
            self.results[f"{locator}-{start}"] = listed
        return self._page(f"{locator}-0", base)

    def _page(self, locator: str, base: str) -> Reply:
        rows, start = self.results[locator], int(locator.rpartition("-")[2])
        end = start + self.page_rows
        body: dict[str, Any] = {"totalSize": len(rows), "done": end >= len(rows), "records": rows[start:end]}
        if not body["done"]:
            body["nextRecordsUrl"] = f"{base}/{locator.rpartition('-')[0]}-{end}"
        return Reply(body=body)

    def _json(self, object: str, name: str, value: Any) -> Any:
        return _zoned(value) if value and self.fields[object][name]["type"] == "datetime" else value

    # -- bulk jobs -----------------------------------------------------------------------------------------------------------
    def _jobs(self, request: Request, version: str, rest: list[str]) -> Reply:
        if request.method == "POST":
            asked = request.json()
            found = self._selected(asked["query"], asked["operation"] == "queryAll")
            if isinstance(found, Reply):
                return found
            id = f"750{next(self._numbers):012d}AAA"
            self.jobs[id] = {"query": found[0], "rows": [dict(row) for row in found[1]], "looks": self.looks, "version": version}
            return Reply(body={"id": id, "state": "UploadComplete", "operation": asked["operation"]})
        job = self.jobs.get(rest[0])
        if job is None:
            return _error(404, "NOT_FOUND")
        if request.method == "DELETE":
            del self.jobs[rest[0]]
            return Reply(204)
        if rest[1:] == ["results"]:
            return self._results(job, request.params, version)
        job["looks"] -= 1
        return Reply(body={"id": rest[0], "state": "InProgress" if job["looks"] >= 0 else "JobComplete"})

    def _results(self, job: dict[str, Any], params: Mapping[str, str], version: str) -> Reply:
        if job["version"] != version:
            return _error(409, "API_ERROR")
        start = int(params.get("locator", "0"))
        end = start + int(params.get("maxRecords", "50000"))
        query, rows = job["query"], job["rows"][start:end]
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
        if start == 0 or self.repeat_header:
            writer.writerow(query.fields)
        writer.writerows([self._cell(query.object, name, row.get(name)) for name in query.fields] for row in rows)
        locator = str(end) if end < len(job["rows"]) else "null"
        return Reply(200, text.getvalue().encode(), {"Sforce-Locator": locator, "Sforce-NumberOfRecords": str(len(rows))})

    def _cell(self, object: str, name: str, value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return "" if value is None else str(value).lower()
        return f"{value}Z" if name in self.fields[object] and self.fields[object][name]["type"] == "datetime" else value


def _error(status: int, code: str, message: str = "It was not possible: anna@example.org") -> Reply:
    """An error as Salesforce has it; its message may repeat values, so it must not be shown."""
    return Reply(status, [{"message": message, "errorCode": code}])


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _zoned(text: str) -> str:
    return f"{text}+0000"
