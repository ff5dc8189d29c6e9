"""A FAKE of the Dataverse Web API, with state, over real HTTP on loopback. It was written from Microsoft's documentation by the
author of the connector: it proves that the connector does what we read there, not that a real environment behaves so.

| shown here | documented in |
|---|---|
| client credentials at the directory, errors with AADSTS numbers; 401; 403 0x80072560 for who is not a user | "Microsoft identity platform and the OAuth 2.0 client credentials flow", "Use OAuth authentication with Dataverse" |
| EntityDefinitions with Attributes, Targets, DateTimeBehavior, IsValidODataAttribute, ChangeTrackingEnabled | "Query table definitions using the Web API" |
| `$select`, `$filter`, `$orderby`, `$count` (up to 5,000), odata.maxpagesize, `@odata.nextLink` | "Query data using the Web API", "Page results using OData" |
| labels and the tables of lookups, only if they are asked for by odata.include-annotations | "Request annotations", "Formatted values", "Lookup property data" |
| odata.track-changes, `@odata.deltaLink`, `$deletedEntity`, no `$filter` with it, organisation-wide read access, 7 days | "Use change tracking to synchronize data with external systems" |
| 0x80044352 "Version stamp associated with the client has expired. Please perform a full sync." | MicrosoftDocs/powerapps-docs issue 3845 (the text); Web service error codes: ExpiredVersionStamp |
| errors as {"error": {"code", "message"}}; 403 0x80040220; 400 0x80060888; 404 | "Compose HTTP requests and handle errors", "Web API client errors" |
| 429 with Retry-After and one of three codes | "Service protection API limits" |
| merged rows: inactive, `merged`, `masterid` | table reference: account, contact, lead, incident |

Its time is its own, and goes on only by `tick`. Not documented, and shown as the more difficult case: the rows of a page are those of
now, and a link to changes starts at the first page.
"""  # noqa: E501 - a table

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from tests.fakes.dataverse_schema import COLUMNS, column, columns_of, key_of, label, set_of
from tests.fakes.faulty import FaultyServer, Reply, Request

API = "/api/data/v9.2/"
TENANT = "example.org"
CHOICES = {"PicklistType", "StateType", "StatusType", "MultiSelectPicklistType"}
LOOKUPS = {"LookupType", "CustomerType", "OwnerType"}
LIMITS = {
    "requests": ("0x80072322", "Number of requests exceeded the limit of 6000 over time window of 300 seconds."),
    "time": ("0x80072321", "Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds."),
    "concurrent": ("0x80072326", "Number of concurrent requests exceeded the limit of 52."),
}


class FakeDataverse(FaultyServer):
    """One environment. Its rows are in `rows[table][id]`; what happened is made by the verbs below."""

    def __init__(self, clock: datetime = datetime(2026, 11, 30, 10)) -> None:
        self.clock = clock
        self.columns = {name: columns_of(name) for name in COLUMNS}
        self.rows: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in COLUMNS}
        self.removed: list[tuple[int, str, str]] = []  # version, table, id
        self.untracked: set[str] = {"transactioncurrency"}
        self.denied: set[str] = set()  # tables that the user may not read
        self.partly: dict[str, set[str]] = {}  # table -> the only rows that the user may read, which is not enough for tracking
        self.missing: set[str] = set()  # tables that there are not
        self.is_member = True
        self.limits: list[str] = []  # of the next requests: keys of LIMITS
        self.days = 7  # ExpireChangeTrackingInDays
        self.most_rows = 5000
        self.annotated = True
        self.secret, self.tokens, self.logins = "s3cret", set[str](), 0
        self._version, self._ids = itertools.count(900_000), itertools.count(1)
        super().__init__()
        self.euro = self.create("transactioncurrency", isocurrencycode="EUR", currencyname="Euro")
        self.dollar = self.create("transactioncurrency", isocurrencycode="USD", currencyname="US Dollar")

    # -- what happens in the environment ---------------------------------------------------------------------------------
    def tick(self, seconds: float = 60) -> None:
        self.clock += timedelta(seconds=seconds)

    def create(self, table: str, **values: Any) -> str:
        """A new row. A lookup is given as an id, or as (table, id)."""
        with self.lock:
            id = str(uuid.UUID(int=next(self._ids) << 64 | 0x8000000000000000))
            start = {"createdon": _text(self.clock), "statecode": 0, "statuscode": 1}
            self.rows[table][id] = {key: value for key, value in start.items() if key in self.columns[table]}
            self.rows[table][id][key_of(table)] = id
            self._write(table, id, values)
            return id

    def update(self, table: str, id: str, **values: Any) -> None:
        with self.lock:
            self._write(table, id, values)

    def _write(self, table: str, id: str, values: Mapping[str, Any]) -> None:
        row = self.rows[table][id]
        for name, value in values.items():
            about = self.columns[table].get(name)
            if about and about["AttributeTypeName"]["Value"] in LOOKUPS:
                to, key = value if isinstance(value, tuple) else (about["Targets"][0], value)
                row[f"_{name}_value"], row[f"_{name}_value "] = key, to
            else:
                row[name] = value
        row |= {"modifiedon": values.get("modifiedon", _text(self.clock)), "version": next(self._version)}

    def delete(self, table: str, id: str) -> dict[str, Any]:
        with self.lock:
            self.removed.append((next(self._version), table, id))
            return self.rows[table].pop(id)

    def restore(self, table: str, row: dict[str, Any]) -> None:
        """A deleted row is there again, with its id."""
        with self.lock:
            self.rows[table][row[key_of(table)]] = row
            self._write(table, row[key_of(table)], {})

    def merge(self, table: str, loser: str, winner: str) -> None:
        self.update(table, loser, merged=True, masterid=winner, statecode=1, statuscode=2)
        self.update(table, winner)

    def add_column(self, table: str, name: str, kind: str) -> None:
        self.columns[table][name] = column(name, kind)

    def drop_column(self, table: str, name: str) -> None:
        del self.columns[table][name]

    def expire(self) -> None:
        self.tokens.clear()

    # -- the API -----------------------------------------------------------------------------------------------------------
    def answer(self, request: Request) -> Reply:
        if request.path == f"/{TENANT}/oauth2/v2.0/token":
            return self._token(request)
        if (request.headers.get("Authorization") or "").removeprefix("Bearer ") not in self.tokens:
            return Reply(401, b"")
        if not self.is_member:
            return _error(403, "0x80072560", "The user is not a member of the organization.")
        if self.limits:
            return Reply(429, _error(429, *LIMITS[self.limits.pop(0)]).body, {"Retry-After": "0"})
        if not request.path.startswith(API):
            return _error(404, "0x8006088a")
        resource = request.path.removeprefix(API)
        if resource.startswith("EntityDefinitions"):
            return self._definitions(resource, request.params)
        tables = {set_of(name): name for name in self.columns if name not in self.missing}
        if resource not in tables:
            return _error(404, "0x8006088a", f"Resource not found for the segment '{resource}'.")
        return self._query(tables[resource], request)

    def _token(self, request: Request) -> Reply:
        form = dict(pair.split("=", 1) for pair in request.body.decode().split("&"))
        if form.get("client_secret") != self.secret or form.get("grant_type") != "client_credentials":
            about = "AADSTS7000215: Invalid client secret provided. anna@example.org"
            return Reply(401, {"error": "invalid_client", "error_description": about, "error_codes": [7000215]})
        if form.get("scope") != quote(f"{self.url}/.default", safe=""):
            return Reply(400, {"error": "invalid_resource", "error_codes": [500011]})
        self.logins += 1
        self.tokens.add(f"token-{self.logins}")
        return Reply(body={"token_type": "Bearer", "expires_in": 3599, "access_token": f"token-{self.logins}"})

    def _definitions(self, resource: str, params: Mapping[str, str]) -> Reply:
        if resource == "EntityDefinitions":
            asked = re.findall(r"LogicalName eq '(\w+)'", params["$filter"])
            there = [name for name in self.columns if name in asked and name not in self.missing]
            return Reply(body={"value": [{"LogicalName": name, "MetadataId": "0"} for name in there]})
        form = r"EntityDefinitions\(LogicalName='(\w+)'\)(?:/Attributes/Microsoft\.Dynamics\.CRM\.(\w+))?"
        found = re.fullmatch(form, resource)
        table = found[1] if found else ""
        if not found or table not in self.columns or table in self.missing:
            return _error(404, "0x80060888", "Entity does not exist")
        about = list(self.columns[table].values())
        if found[2] == "LookupAttributeMetadata":
            lookups = [one for one in about if one["AttributeTypeName"]["Value"] in LOOKUPS]
            return Reply(body={"value": [{"LogicalName": one["LogicalName"], "Targets": one["Targets"]} for one in lookups]})
        if found[2] == "DateTimeAttributeMetadata":
            moments = [one for one in about if one["AttributeTypeName"]["Value"] == "DateTimeType"]
            names = ("LogicalName", "DateTimeBehavior")
            return Reply(body={"value": [{name: one[name] for name in names} for one in moments]})
        names = ("LogicalName", "AttributeTypeName", "IsValidForRead", "IsValidODataAttribute")
        body = {
            "LogicalName": table, "EntitySetName": set_of(table), "PrimaryIdAttribute": key_of(table),
            "ChangeTrackingEnabled": table not in self.untracked,
            "Attributes": [{name: one[name] for name in names} for one in about],
        }  # fmt: skip
        return Reply(body=body)

    # -- queries -----------------------------------------------------------------------------------------------------------
    def _query(self, table: str, request: Request) -> Reply:
        params, prefer = request.params, request.headers.get("Prefer") or ""
        track = "odata.track-changes" in prefer
        if table in self.denied or (table in self.partly and (track or "$deltatoken" in params)):
            return _error(403, "0x80040220", f"Principal user (Id=1, anna@example.org) is missing prvRead{table} privilege")
        select = params.get("$select", "").split(",")
        unknown = {*select} - self._properties(table)
        if unknown:
            return _error(400, "0x80060888", f"Could not find a property named '{unknown.pop()}'")
        if track and {"$filter", "$orderby", "$expand", "$top"} & {*params}:
            return _error(400, "0x80060888", "The query parameter isn't supported when Change Tracking is enabled.")
        size = min(int(found[1]) if (found := re.search(r"odata\.maxpagesize=(\d+)", prefer)) else 5000, self.most_rows)
        notes = self.annotated and "odata.include-annotations" in prefer
        state = self._state(params, track)
        if state == "expired":
            message = "Version stamp associated with the client has expired. Please perform a full sync."
            return _error(400, "0x80044352", message)
        if state:
            return self._tracked(table, params, state, size, notes)
        return self._plain(table, params, size, notes)

    def _plain(self, table: str, params: Mapping[str, str], size: int, notes: bool) -> Reply:
        def place(row: Mapping[str, Any]) -> list[str]:
            return [row[params.get("$orderby", key_of(table))], row[key_of(table)]]

        rows = sorted(self._filtered(table, params.get("$filter", "")), key=place)
        counted = min(len(rows), 5000)
        if "$skiptoken" in params:  # behind the last row of the page before
            rows = [row for row in rows if place(row) > params["$skiptoken"].split("~")]
        page = rows[: min(size, int(params.get("$top", size)))]
        body: dict[str, Any] = {"value": [self._json(table, row, params["$select"].split(","), notes) for row in page]}
        if "$count" in params:
            body["@odata.count"] = counted
        if page and len(page) < len(rows) and "$top" not in params:
            body["@odata.nextLink"] = self._link(table, {**params, "$skiptoken": "~".join(place(page[-1]))})
        return Reply(body=body)

    def _properties(self, table: str) -> set[str]:
        found = {""}
        for name, about in self.columns[table].items():
            if about["IsValidODataAttribute"]:
                found.add(f"_{name}_value" if about["AttributeTypeName"]["Value"] in LOOKUPS else name)
        return found

    def _filtered(self, table: str, condition: str) -> Iterable[dict[str, Any]]:
        rows = self._seen(table)
        if since := re.fullmatch(r"modifiedon ge (\S+)", condition):
            return [row for row in rows if row["modifiedon"] >= since[1]]
        if condition:
            ids = re.findall(r"\w+ eq ([0-9a-f-]{36})", condition)
            assert condition == " or ".join(f"{key_of(table)} eq {id}" for id in ids), condition
            return [row for row in rows if row[key_of(table)] in ids]
        return rows

    def _seen(self, table: str) -> list[dict[str, Any]]:
        """The rows that the user may read."""
        return [row for id, row in self.rows[table].items() if table not in self.partly or id in self.partly[table]]

    # -- tracked changes -----------------------------------------------------------------------------------------------------
    def _state(self, params: Mapping[str, str], track: bool) -> list[str] | str:
        """Where a tracked query goes on: the version that its changes start at, that of its first page, and the last row's."""
        if "$deltatoken" in params:
            version, _, stamp = params["$deltatoken"].partition("!")
            old = self.clock - datetime.strptime(stamp, "%m/%d/%Y %H:%M:%S") > timedelta(days=self.days)
            return "expired" if old else [version, self._stamp(), version, "0"]
        if "!" in params.get("$skiptoken", ""):
            return params["$skiptoken"].split("|")
        return ["0", self._stamp(), "0", "0"] if track else ""

    def _stamp(self) -> str:
        return f"{next(self._version)}!{self.clock:%m/%d/%Y %H:%M:%S}"

    def _tracked(self, table: str, params: Mapping[str, str], state: list[str], size: int, notes: bool) -> Reply:
        base, stamp, last, last_gone = state
        select = params["$select"].split(",")
        rows = sorted((row for row in self._seen(table) if row["version"] > int(last)), key=lambda row: row["version"])
        gone = [(version, id) for version, name, id in self.removed if name == table and version > max(int(base), int(last_gone))]
        page, gone = rows[:size], gone if int(base) else []
        gone_page = gone[: size - len(page)]
        context = f"{self.url}{API}$metadata#{set_of(table)}/$deletedEntity"
        entries = [self._json(table, row, select, notes) for row in page]
        entries += [{"@odata.context": context, "id": id, "reason": "deleted"} for _, id in gone_page]
        body: dict[str, Any] = {"value": entries}
        kept = {"$select": params["$select"]}
        if len(page) + len(gone_page) < len(rows) + len(gone):
            last = str(page[-1]["version"]) if page else last
            last_gone = str(gone_page[-1][0]) if gone_page else last_gone
            body["@odata.nextLink"] = self._link(table, {**kept, "$skiptoken": "|".join((base, stamp, last, last_gone))})
        else:
            body["@odata.deltaLink"] = self._link(table, {**kept, "$deltatoken": stamp})
        return Reply(body=body)

    def _link(self, table: str, params: Mapping[str, str]) -> str:
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in params.items())
        return f"{self.url}{API}{set_of(table)}?{query}"

    def _json(self, table: str, row: Mapping[str, Any], select: list[str], notes: bool) -> dict[str, Any]:
        found: dict[str, Any] = {"@odata.etag": f'W/"{row["version"]}"'}
        for name, about in self.columns[table].items():
            kind = about["AttributeTypeName"]["Value"]
            property = f"_{name}_value" if kind in LOOKUPS else name
            if property not in select and name != key_of(table):
                continue
            value = row.get(property)
            found[property] = value
            if notes and value is not None and kind in CHOICES:
                found[f"{property}@OData.Community.Display.V1.FormattedValue"] = label(table, name, value)
            if notes and value is not None and kind in LOOKUPS:
                found[f"{property}@Microsoft.Dynamics.CRM.lookuplogicalname"] = row[f"{property} "]
                found[f"{property}@OData.Community.Display.V1.FormattedValue"] = "a name"
        return found


def _error(status: int, code: str, message: str = "It was not possible: anna@example.org") -> Reply:
    """An error as Dataverse has it; its message may repeat values, so it must not be shown."""
    return Reply(status, {"error": {"code": code, "message": message}})


def _text(moment: datetime) -> str:
    return f"{moment.isoformat(timespec='seconds')}Z"
