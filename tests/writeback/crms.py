"""The CRMs into which the tests write back: two fakes, and a real Tryton with a module that has the fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest
import requests

from fullcircle.connectors.http.answers import Ask, HttpAnswer
from fullcircle.connectors.http.client import Http
from fullcircle.connectors.sources.hubspot.source import PLUGIN as HUBSPOT
from fullcircle.connectors.sources.salesforce.source import PLUGIN as SALESFORCE
from fullcircle.connectors.sources.tryton.rpc import Rpc
from fullcircle.connectors.sources.tryton.source import PLUGIN as TRYTON
from tests.connectors.hubspot_world import Portal
from tests.fakes.faulty import FaultyServer
from tests.fakes.salesforce import FakeSalesforce
from tests.servers.tryton import TrytonServer

FACTS = {"id": "customer_id", "groups": "segments", "value": "worth", "vip": "in_segment:vips", "last": "last_order"}


class Killed(BaseException):
    """The process ends, wherever it is."""


class Crm(Protocol):
    """A CRM with people. Its verbs do what somebody there does."""

    plugin: Any
    connector: str
    object: str
    logs_in_quickly: bool  # else one login is for a whole test
    names: dict[str, str]  # what the tests call a field -> its name here

    def options(self) -> dict[str, Any]: ...
    def make(self, name: str) -> str: ...
    def value(self, key: str, field: str) -> str | None:
        """As text: numbers and lists as they are there."""
        ...

    def change(self, key: str, field: str, value: Any) -> None: ...
    def remove(self, key: str) -> None: ...
    def close_field(self, field: str) -> None:
        """The user may no longer write it."""
        ...

    def refuse_long_texts(self) -> None: ...
    def saves(self) -> int:
        """How many rows were to be changed by what was sent."""
        ...

    def ends(self, ways: Sequence[str]) -> Sequence[tuple[int, str]]:
        """At which requests, and how, a run is ended in tests."""
        ...

    def ends_at(self, request: int, how: str, monkeypatch: pytest.MonkeyPatch) -> AbstractContextManager[None]:
        """At this request from 0 the process is killed before it or after it, or its answer is lost (only this one's)."""
        ...


class _Fake:
    """What both fakes have."""

    server: FaultyServer
    logs_in_quickly = True
    requests = 8  # of a run that writes in two requests

    def ends(self, ways: Sequence[str]) -> Sequence[tuple[int, str]]:
        return [(number, how) for number in range(self.requests) for how in ways]

    @contextmanager
    def ends_at(self, request: int, how: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        sent = iter(range(1_000_000))
        real = Http._send

        def until(self: Http, ask: Ask) -> HttpAnswer:
            number = next(sent)
            if number == request and how == "killed before":
                raise Killed
            answer = real(self, ask)
            if number == request and how == "killed after":
                raise Killed
            if number == request and how == "lost":
                raise httpx.ReadError("gone")
            return answer

        with monkeypatch.context() as patch:
            patch.setattr(Http, "_send", until)
            yield


class SalesforceCrm(_Fake):
    plugin, connector, object = SALESFORCE, "salesforce", "Contact"

    def __init__(self) -> None:
        self.names = {
            "id": "Fullcircle__c",
            "groups": "Segments__c",
            "value": "Worth__c",
            "vip": "Vip__c",
            "last": "Last_Order__c",
        }
        self.server = FakeSalesforce(datetime(2026, 11, 30, 10))
        kinds = {"id": "string", "groups": "multipicklist", "value": "double", "vip": "boolean", "last": "date"}
        for word, kind in kinds.items():
            self.server.add_field("Contact", self.names[word], kind, updateable=True, length=255, scale=2)

    def options(self) -> dict[str, Any]:
        return {"url": self.server.url, "client_id": "3MVG", "client_secret": "env:SF_SECRET"}

    def make(self, name: str) -> str:
        return self.server.create("Contact", LastName=name)

    def value(self, key: str, field: str) -> str | None:
        found = self.server.rows["Contact"][key].get(self.names[field])
        if field == "vip":
            return str(bool(found)).lower()
        return None if found is None else f"{found:g}" if isinstance(found, float) else str(found)

    def change(self, key: str, field: str, value: Any) -> None:
        self.server.tick(1)
        self.server.update("Contact", key, **{self.names[field]: value})

    def remove(self, key: str) -> None:
        self.server.delete("Contact", key)

    def close_field(self, field: str) -> None:
        self.server.fields["Contact"][self.names[field]]["updateable"] = False

    def refuse_long_texts(self) -> None:
        self.server.fields["Contact"][self.names["id"]]["length"] = 30

    def saves(self) -> int:
        return self.server.saves


class HubspotCrm(_Fake):
    plugin, connector, object = HUBSPOT, "hubspot", "contacts"

    def __init__(self) -> None:
        self.names = {"id": "fullcircle_id", "groups": "segments", "value": "worth", "vip": "vip", "last": "last_order"}
        self.server = Portal(datetime(2026, 11, 30, 10))
        kinds = {"id": "string", "groups": "enumeration", "value": "number", "vip": "bool", "last": "date"}
        for word, kind in kinds.items():
            self.server.add_property("contacts", self.names[word], kind)
        self.server.properties["contacts"]["segments"]["fieldType"] = "checkbox"

    def options(self) -> dict[str, Any]:
        return {"url": self.server.url, "token": f"file:{self.server.path}"}

    def make(self, name: str) -> str:
        return self.server.create("contacts", lastname=name)

    def value(self, key: str, field: str) -> str | None:
        found: str | None = self.server.rows["contacts"][key]["values"].get(self.names[field])
        return found

    def change(self, key: str, field: str, value: Any) -> None:
        self.server.tick(1)
        self.server.update("contacts", key, **{self.names[field]: value})

    def remove(self, key: str) -> None:
        self.server.archive("contacts", key)

    def close_field(self, field: str) -> None:
        self.server.properties["contacts"][self.names[field]]["modificationMetadata"] = {"readOnlyValue": True}

    def refuse_long_texts(self) -> None:
        fits = self.server._fits
        self.server._fits = lambda o, n, t: fits(o, n, t) and (n != "fullcircle_id" or len(t) <= 30)  # type: ignore[method-assign]

    def saves(self) -> int:
        return self.server.saves


MODULE = {
    "fc_fields/__init__.py": """
from trytond.pool import Pool
from . import party
def register():
    Pool.register(party.Party, module="fc_fields", type_="model")
""",
    "fc_fields/tryton.cfg": "[tryton]\nversion=8.2.0\ndepends:\n    ir\n    party\n",
    "fc_fields/party.py": """
from trytond.model import ModelView, fields
from trytond.pool import PoolMeta
class Party(metaclass=PoolMeta):
    __name__ = "party.party"
    fc_id = fields.Char("fullcircle", size=100)
    fc_segments = fields.Char("Segments")
    fc_worth = fields.Numeric("Worth", digits=(16, 2))
    fc_vip = fields.Boolean("VIP")
    fc_last = fields.Date("Last order")
""",
    "fc_fields-8.2.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: fc_fields\nVersion: 8.2.0\n",
    "fc_fields-8.2.0.dist-info/entry_points.txt": "[trytond.modules]\nfc_fields = fc_fields\n",
}


def write_module(folder: Path) -> Path:
    for name, text in MODULE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


class TrytonCrm:
    plugin, connector, object = TRYTON, "tryton", "party.party"
    logs_in_quickly = False

    def __init__(self, server: TrytonServer) -> None:
        self.server = server
        self.names = {"id": "fc_id", "groups": "fc_segments", "value": "fc_worth", "vip": "fc_vip", "last": "fc_last"}

    def options(self) -> dict[str, Any]:
        return {"url": self.server.url, "user": self.server.user, "password": "env:TRYTON_PASSWORD", "tries": 2}

    def make(self, name: str) -> str:
        return str(self.server.rpc("model.party.party.create", [{"name": name, "addresses": []}])[0])

    def value(self, key: str, field: str) -> str | None:
        found = self.server.rpc("model.party.party.read", [int(key)], [self.names[field]])[0][self.names[field]]
        if field == "vip":
            return str(bool(found)).lower()
        if isinstance(found, dict):
            found = found.get("decimal") or f"{found['year']}-{found['month']:02d}-{found['day']:02d}"
        return found or None

    def change(self, key: str, field: str, value: Any) -> None:
        self.server.rpc("model.party.party.write", [int(key)], {self.names[field]: value})

    def remove(self, key: str) -> None:
        self.server.rpc("model.party.party.delete", [int(key)])

    def close_field(self, field: str) -> None:
        raise NotImplementedError

    def refuse_long_texts(self) -> None:
        raise NotImplementedError

    def saves(self) -> int:
        """Tryton does not count; the date of a row says as much."""
        found = self.server.rpc("model.party.party.search_count", [["write_date", "!=", None]])
        dates = self.server.rpc("model.party.party.search_read", [["fc_id", "!=", None]], 0, None, None, ["write_date"])
        return hash((found, str(sorted(str(one) for one in dates))))

    def ends(self, ways: Sequence[str]) -> Sequence[tuple[int, str]]:
        write = 4  # after what the fields are, who may write them, and what the rows have
        return [*((write, how) for how in ways), (write + 1, "killed before")]

    @contextmanager
    def ends_at(self, request: int, how: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        sent = iter(range(1_000_000))
        real = Rpc._send

        def until(self: Rpc, place: str, method: str, params: tuple[Any, ...]) -> requests.Response:
            number = next(sent)
            if number == request and how == "killed before":
                raise Killed
            answer = real(self, place, method, params)
            if number == request and how == "killed after":
                raise Killed
            if number == request and how == "lost":
                raise requests.ConnectionError("gone")
            return answer

        with monkeypatch.context() as patch:
            patch.setattr(Rpc, "_send", until)
            yield
