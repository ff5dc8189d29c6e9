"""A FAKE of Odoo's external API, with state, over real HTTP on loopback. It was written from the documentation by the author of the
connector: it proves that the connector does what we read there, not that a real database behaves so.

| shown here | documented in |
|---|---|
| POST /json/2/<model>/<method>, bearer key, X-Odoo-Database, named arguments, errors by HTTP status with `name` | odoo.com/documentation/19.0: "External JSON-2 API" |
| POST /jsonrpc, common.authenticate, object.execute_kw, errors with HTTP 200 | odoo.com/documentation/18.0: "External API" |
| fields_get, search, search_count, search_read with domain, limit, order; context active_test | the same; "ORM API": search_read |
| false for what is empty; a many2one as [id, name]; moments in UTC without a zone, to the second | the same |
| archived rows, which are not found without active_test = False | "ORM API": reserved field `active` |
| partners that are merged: the one is deleted, what points to it points to the other | "Contacts: Merge" |

Its time is its own, and goes on only by `tick`.
"""  # noqa: E501 - a table

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.faulty import FaultyServer, Reply, Request

SECRET = "anna@example.org"  # in messages of errors, which may repeat values
DATABASE = "teahouse"


def _types(**names: str) -> dict[str, str]:
    return {name: kind for kind, listed in names.items() for name in listed.split()}


ALWAYS = _types(integer="id", datetime="create_date write_date")
FIELDS: dict[str, dict[str, str]] = {
    "res.partner": _types(
        char="name company_name email phone mobile street street2 city zip vat website function ref lang", text="comment",
        selection="type", boolean="is_company active", many2one="parent_id state_id country_id", binary="image_128",
    ),
    "product.product": _types(char="name default_code", float="lst_price", many2one="categ_id currency_id", boolean="active"),
    "sale.order": _types(
        char="name", selection="state", datetime="date_order", monetary="amount_untaxed amount_total",
        many2one="partner_id currency_id",
    ),
    "sale.order.line": _types(
        many2one="order_id product_id", float="product_uom_qty price_unit discount", monetary="price_subtotal",
        selection="display_type state",
    ),
    "crm.lead": _types(
        char="name", selection="type", float="probability", monetary="expected_revenue", boolean="active", datetime="date_closed",
        many2one="partner_id stage_id company_currency",
    ),
}  # fmt: skip


class FakeOdoo(FaultyServer):
    """One database. Its rows are in `rows[model][id]`; what happened is made by the verbs below."""

    def __init__(self, clock: datetime = datetime(2026, 11, 30, 10)) -> None:
        self.clock = clock
        self.fields = {name: {**ALWAYS, **fields} for name, fields in FIELDS.items()}
        self.rows: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in FIELDS}
        self.denied: set[str] = set()
        self.absent: set[str] = set()  # models of modules that are not installed
        self.keys = 1
        self._numbers = itertools.count(101)
        super().__init__()

    @property
    def token(self) -> str:
        return f"odoo-{self.keys}"

    # -- what happens in the database ------------------------------------------------------------------------------------
    def tick(self, seconds: float = 60) -> None:
        self.clock += timedelta(seconds=seconds)

    def create(self, model: str, stamp: datetime | None = None, **values: Any) -> int:
        with self.lock:
            id = next(self._numbers)
            row: dict[str, Any] = {name: False for name in self.fields[model]}
            row |= {"id": id, "create_date": _text(self.clock)} | ({"active": True} if "active" in row else {})
            self.rows[model][id] = row
            self.write(model, id, stamp, **values)
            return id

    def write(self, model: str, id: int, stamp: datetime | None = None, **values: Any) -> None:
        with self.lock:
            self.rows[model][id].update(values, write_date=_text(stamp or self.clock))

    def unlink(self, model: str, id: int) -> None:
        del self.rows[model][id]

    def expire(self) -> None:
        self.keys += 1

    # -- the API -----------------------------------------------------------------------------------------------------------
    def answer(self, request: Request) -> Reply:
        match request.path.split("/")[1:]:
            case ["json", "2", model, method]:
                if request.headers.get("Authorization") != f"Bearer {self.token}":
                    return _failed(401, "werkzeug.exceptions.Unauthorized")
                if request.headers.get("X-Odoo-Database") != DATABASE:
                    return _failed(404, "werkzeug.exceptions.NotFound")
                return self._call(model, method, request.json())
            case ["jsonrpc"]:
                return self._rpc(request.json()["params"])
        return Reply(404, b"<html>not found</html>")

    def _rpc(self, params: Mapping[str, Any]) -> Reply:
        match params["service"], params["method"], params["args"]:
            case "common", "authenticate", [database, login, key, _]:
                right = (database, login, key) == (DATABASE, "admin", self.token)
                return Reply(body={"jsonrpc": "2.0", "id": 1, "result": 2 if right else False})
            case "object", "execute_kw", [_, _, key, model, method, [], named]:
                reply = _failed(403, "odoo.exceptions.AccessDenied") if key != self.token else self._call(model, method, named)
                if reply.status == 200:
                    return Reply(body={"jsonrpc": "2.0", "id": 1, "result": reply.body})
                return Reply(
                    body={"jsonrpc": "2.0", "id": 1, "error": {"code": 200, "message": "Odoo Server Error", "data": reply.body}}
                )
        return Reply(400, b"")

    def _call(self, model: str, method: str, named: Mapping[str, Any]) -> Reply:
        if model not in self.rows or model in self.absent:
            return _failed(404, "werkzeug.exceptions.NotFound")
        if model in self.denied:
            return _failed(403, "odoo.exceptions.AccessError")
        if method == "fields_get":
            return Reply(body={name: {"type": kind, "store": True} for name, kind in self.fields[model].items()})
        context = named.get("context") or {}
        rows = [row for row in self.rows[model].values() if row.get("active", True) or context.get("active_test") is False]
        found = [row for row in rows if all(_fits(row, *condition) for condition in named["domain"])]
        if method == "search_count":
            return Reply(body=len(found))
        page = sorted(found, key=lambda row: row["id"])[: named["limit"]]
        if method == "search":
            return Reply(body=[row["id"] for row in page])
        wrong = [name for name in named["fields"] if name not in self.fields[model]]
        if method != "search_read" or wrong:
            return _failed(422, "builtins.ValueError")
        return Reply(body=[{"id": row["id"], **{name: row[name] for name in named["fields"]}} for row in page])


def _fits(row: Mapping[str, Any], field: str, operator: str, value: Any) -> bool:
    found = row[field]
    return bool(found > value if operator == ">" else found >= value if operator == ">=" else found in value)


def _failed(status: int, name: str) -> Reply:
    return Reply(
        status, {"name": name, "message": f"It was not possible: {SECRET}", "arguments": [SECRET], "context": {}, "debug": SECRET}
    )


def _text(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat(sep=" ")
