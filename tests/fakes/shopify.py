"""A FAKE of Shopify's GraphQL Admin API, with state, over real HTTP on loopback. It was written from the vendor's documentation by the
author of the connector: it proves that the connector does what we read there, not that a real shop behaves so.

| shown here | documented in |
|---|---|
| OAuth client credentials, a token for a day, its header | shopify.dev: "Using the client credentials grant" |
| errors with HTTP 200: THROTTLED with throttleStatus, ACCESS_DENIED | shopify.dev: "GraphQL Admin API rate limits"; community.shopify.com/t/254776 |
| bulkOperationRunQuery, node(id) of a BulkOperation, url, partialDataUrl, fileSize, objectCount, states, error codes | shopify.dev: "Perform bulk operations with the GraphQL Admin API", BulkOperation, BulkOperationErrorCode |
| five queries at once: userErrors with OPERATION_IN_PROGRESS; results are kept for seven days | the same; BulkOperationUserErrorCode |
| lines with __parentId, next to their row with groupObjects: true | shopify.dev/changelog: "bulk operations group objects default changed" |
| a connection within a list is refused, as in refunds | github.com/estuary/connectors/pull/4650 |
| customers are merged into one that is kept; the other id is gone, and no list says into which | shopify.dev: customerMerge |
| orders of 60 days without read_all_orders; scopes of the app | shopify.dev: "API access scopes" |
| MoneyBag with shop and presentment money; currentQuantity; isGiftCard; marketingState | shopify.dev: MoneyBag, LineItem, CustomerEmailAddress |

Its time is its own, and goes on only by `tick`.
"""  # noqa: E501 - a table

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from tests.fakes.faulty import FaultyServer, Reply, Request
from tests.fakes.shopify_schema import CONNECTIONS, SCHEMA, TYPE_NAMES, Selection, parsed

SECRET = "anna@example.org"  # in messages of errors, which may repeat values
KEPT = timedelta(days=7)
MOST_AT_ONCE = 5


class FakeShopify(FaultyServer):
    """One shop. Its rows are in `rows[object][number]`; what happened is made by the verbs below."""

    def __init__(self, clock: datetime = datetime(2026, 11, 30, 10)) -> None:
        self.clock = clock
        self.schema = {name: dict(fields) for name, fields in SCHEMA.items()}
        self.rows: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in TYPE_NAMES}
        self.scopes = {"read_customers", "read_orders", "read_all_orders", "read_products"}
        self.protected: set[str] = set()  # objects of which the app may not see people, whatever its scopes
        self.tokens = 1
        self.jobs: dict[str, dict[str, Any]] = {}
        self.looks = 0  # how often an operation is still RUNNING
        self.failing: list[tuple[str, int]] = []  # of the next operations: error code, and lines that were read before
        self.throttled = 0  # how many of the next queries
        self._numbers = itertools.count(101)
        super().__init__()

    # -- what happens in the shop ----------------------------------------------------------------------------------------
    def tick(self, seconds: float = 60) -> None:
        self.clock += timedelta(seconds=seconds)

    def create(self, object: str, stamp: datetime | None = None, **values: Any) -> str:
        with self.lock:
            number = str(next(self._numbers))
            row = {"id": f"gid://shopify/{TYPE_NAMES[object]}/{number}", "createdAt": _text(self.clock)}
            self.rows[object][number] = row
            self.update(object, number, stamp, **values)
            return number

    def update(self, object: str, number: str, stamp: datetime | None = None, **values: Any) -> None:
        with self.lock:
            for name in {*values} & {"lineItems", "variants", "refunds"}:
                kind = {"lineItems": "LineItem", "variants": "ProductVariant", "refunds": "Refund"}[name]
                for entry in values[name]:
                    entry.setdefault("id", f"gid://shopify/{kind}/{next(self._numbers)}")
            self.rows[object][number].update(values, updatedAt=_text(stamp or self.clock))

    def delete(self, object: str, number: str) -> None:
        del self.rows[object][number]

    def merge(self, loser: str, winner: str) -> None:
        """All that is the one's becomes the other's."""
        gone = self.rows["customers"].pop(loser)["id"]
        kept = self.rows["customers"][winner]["id"]
        self.update("customers", winner)
        for order in self.rows["orders"].values():
            if (order.get("customer") or {}).get("id") == gone:
                order["customer"] = {"id": kept}  # without a new date, as far as is known

    def expire(self) -> None:
        self.tokens += 1

    # -- the API -----------------------------------------------------------------------------------------------------------
    def answer(self, request: Request) -> Reply:
        if request.path == "/admin/oauth/access_token":
            form = parse_qs(request.body.decode())
            if form.get("client_secret") != ["s3cret"] or form.get("grant_type") != ["client_credentials"]:
                return Reply(400, {"error": "invalid_request", "error_description": SECRET})
            return Reply(body={"access_token": f"shpat_{self.tokens}", "scope": ",".join(self.scopes), "expires_in": 86399})
        if request.path.startswith("/results/"):
            if "X-Shopify-Access-Token" in request.headers:
                return Reply(400, {"error": "the storage must not see the token"})
            return self._result(request.path.rpartition("/")[2])
        if not re.fullmatch(r"/admin/api/20\d\d-\d\d/graphql.json", request.path):
            return Reply(404, {"errors": "Not Found"})
        if request.headers.get("X-Shopify-Access-Token") != f"shpat_{self.tokens}":
            return Reply(401, {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"})
        if self.throttled:
            self.throttled -= 1
            return _error("THROTTLED")
        body = request.json()
        return self._query(body["query"], body.get("variables") or {})

    def _query(self, text: str, variables: Mapping[str, Any]) -> Reply:
        if "bulkOperationRunQuery" in text:
            return self._begin(variables["query"], "groupObjects: true" in text)
        if "BulkOperation" in text:
            return _data({"node": self._look(variables["id"])})
        if "currentAppInstallation" in text:
            name = re.search(r'__type\(name: "(\w+)"\)', text)
            fields = self.schema[name.group(1)] if name else {}
            listed = [{"name": key, "type": {"name": kind, "ofType": None}} for key, kind in fields.items()]
            scopes = [{"handle": scope} for scope in sorted(self.scopes)]
            shop = {"name": "Teahouse", "currencyCode": "EUR"}
            return _data({"shop": shop, "currentAppInstallation": {"accessScopes": scopes}, "__type": {"fields": listed}})
        counted = re.search(r"(\w+)Count", text)
        if counted:
            return _data({counted.group(0): {"count": len(self.rows[counted.group(1)]), "precision": "EXACT"}})
        return _error("undefinedField")

    # -- bulk operations -----------------------------------------------------------------------------------------------------
    def _begin(self, query: str, grouped: bool) -> Reply:
        [(object, arguments, node)] = parsed(query)
        [(_, _, edges)] = node
        [(_, _, selection)] = edges
        wrong = _wrong(self.schema, TYPE_NAMES[object], selection)
        if wrong or not grouped:
            return _user_error("INVALID", wrong)
        running = [one for one in self.jobs.values() if one["status"] in ("CREATED", "RUNNING")]
        if len(running) >= MOST_AT_ONCE:
            return _user_error("OPERATION_IN_PROGRESS", "")
        id = f"gid://shopify/BulkOperation/{next(self._numbers)}"
        job = {
            "status": "CREATED",
            "object": object,
            "looks": self.looks,
            "at": self.clock,
            "asked": arguments,
            "selection": selection,
        }
        job["failing"] = self.failing.pop(0) if self.failing else None
        self.jobs[id] = job
        return _data({"bulkOperationRunQuery": {"bulkOperation": {"id": id, "status": "CREATED"}, "userErrors": []}})

    def _look(self, id: str) -> dict[str, Any] | None:
        job = self.jobs.get(id)
        if job is None or self.clock - job["at"] > KEPT:
            return None
        if job["looks"] > 0:
            job["looks"] -= 1
            job["status"] = "RUNNING"
        elif job["status"] in ("CREATED", "RUNNING"):
            self._carry_out(job)
        number = id.rpartition("/")[2]
        url = f"{self.url}/results/{number}" if job.get("lines") else None
        size = str(sum(len(line) + 1 for line in job.get("lines") or ()))
        found = {
            "id": id,
            "status": job["status"],
            "errorCode": job.get("error"),
            "objectCount": str(len(job.get("lines") or ())),
        }
        whole = job["status"] == "COMPLETED"
        return found | {
            "url": url if whole else None,
            "fileSize": size if url else None,
            "partialDataUrl": None if whole else url,
        }

    def _carry_out(self, job: dict[str, Any]) -> None:
        object = job["object"]
        needed = {f"read_{object}", *(["read_customers"] if any(name == "customer" for name, _, _ in job["selection"]) else [])}
        if object in self.protected or needed - self.scopes:
            job |= {"status": "FAILED", "error": "ACCESS_DENIED"}
            return
        rows = [row for row in self._visible(object) if _matches(row, job["asked"].get("query", ""))]
        key = "updatedAt" if job["asked"].get("sortKey") == "UPDATED_AT" else "id"
        rows.sort(key=lambda row: (row[key], len(row["id"]), row["id"]))
        job["lines"] = [json.dumps(line).encode() for row in rows for line in _lines(row, job["selection"])]
        job["status"] = "COMPLETED"
        if job["failing"]:
            error, read = job["failing"]
            job |= {"status": "FAILED", "error": error, "lines": job["lines"][:read]}

    def _visible(self, object: str) -> list[dict[str, Any]]:
        rows = list(self.rows[object].values())
        if object != "orders" or "read_all_orders" in self.scopes:
            return rows
        oldest = _text(self.clock - timedelta(days=60))
        return [row for row in rows if row["createdAt"] >= oldest]

    def _result(self, number: str) -> Reply:
        job = self.jobs.get(f"gid://shopify/BulkOperation/{number}")
        if job is None or self.clock - job["at"] > KEPT:
            return Reply(404, b"<Error/>")
        return Reply(body=b"".join(line + b"\n" for line in job["lines"]))


def _lines(row: dict[str, Any], selection: Selection) -> list[dict[str, Any]]:
    plain = [(name, arguments, inner) for name, arguments, inner in selection if name not in CONNECTIONS]
    lines = [_chosen(row, plain)]
    for name, _, edges in selection:
        if name in CONNECTIONS:
            inner = edges[0][2][0][2]
            lines += [{**_chosen(entry, inner), "__parentId": row["id"]} for entry in row.get(name) or ()]
    return lines


def _chosen(value: Any, selection: Selection) -> Any:
    if isinstance(value, list):
        return [_chosen(one, selection) for one in value]
    if not selection or value is None:
        return value
    return {name: _chosen(value.get(name), inner) for name, _, inner in selection}


def _wrong(schema: Mapping[str, Mapping[str, str]], type_name: str, selection: Selection, in_list: bool = False) -> str:
    """What is wrong with a selection: a field that there is not, or a connection within a list."""
    for name, _, inner in selection:
        kind = schema[type_name].get(name)
        if kind is None:
            return f"Field '{name}' doesn't exist on type '{type_name}'"
        if name in CONNECTIONS and in_list:
            return "Queries that contain a connection field within a list field aren't supported"
        entries = inner[0][2][0][2] if name in CONNECTIONS else inner
        if kind.strip("[]") in schema:
            wrong = _wrong(schema, kind.strip("[]"), entries, in_list or kind.startswith("["))
            if wrong:
                return wrong
    return ""


def _matches(row: Mapping[str, Any], query: str) -> bool:
    since = re.search(r"updated_at:>='([^']+)'", query)
    ids = re.findall(r"id:(\d+)", query)
    number = row["id"].rpartition("/")[2]
    return (not since or row["updatedAt"] >= since.group(1)) and (not ids or number in ids)


def _text(moment: datetime) -> str:
    return f"{moment.replace(microsecond=0).isoformat()}Z"


def _data(data: Mapping[str, Any]) -> Reply:
    status = {"maximumAvailable": 2000.0, "currentlyAvailable": 1990, "restoreRate": 100.0}
    return Reply(body={"data": data, "extensions": {"cost": {"requestedQueryCost": 10, "throttleStatus": status}}})


def _error(code: str) -> Reply:
    return Reply(body={"errors": [{"message": f"Throttled {SECRET}", "extensions": {"code": code}}]})


def _user_error(code: str, message: str) -> Reply:
    errors = [{"code": code, "field": ["query"], "message": f"{message} {SECRET}"}]
    return _data({"bulkOperationRunQuery": {"bulkOperation": None, "userErrors": errors}})
