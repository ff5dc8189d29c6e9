"""Requests to one Odoo database, by JSON-2 (Odoo 19 and later) or by the older JSON-RPC; what its errors mean, and its clock.

JSON-2 answers errors by HTTP status, with {"name": "odoo.exceptions.AccessError", "message"}; JSON-RPC with HTTP 200 and
{"error": {"data": {"name"}}}. Of these only the last word of the name is shown: a message may repeat values.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fullcircle.config.secrets import Secret
from fullcircle.connectors.http.answers import Ask, HttpAnswer, code_word, not_json
from fullcircle.connectors.http.client import Http, HttpLimits, Service
from fullcircle.errors import ObjectRefused, SourceBroken, SourceError, SourceRefused

NAME = "Odoo"
BUSY = {"SerializationFailure", "LockNotAvailable", "OperationalError", "ConcurrencyError"}
ABSENT = {"KeyError", "NotFound"}  # how a model that is not installed is answered


class Server:
    """One database. `clock` is the time of the server (UTC) in its last answer."""

    def __init__(self, address: str, database: str, limits: HttpLimits, user: str, key: Secret | None) -> None:
        self.http = Http(Service(NAME, address, _passes), limits)
        self.clock = datetime.now(UTC).replace(tzinfo=None)
        self._address, self._database, self._user, self._key = address, database, user, key
        self._uid: int | None = None

    @property
    def where(self) -> str:
        """How messages call the server."""
        return self.http.where

    def call(self, model: str, method: str, **named: Any) -> Any:
        """What a method of a model returns."""
        if self._key is None:
            headers = {"X-Odoo-Database": self._database}
            ask = Ask("POST", f"{self._address}/json/2/{model}/{method}", headers=headers, json=named, flaw=not_json)
            answer = self.http.ask(ask)
            self.clock = answer.clock
            if answer.status >= 300:
                raise self._error(answer, model)
            return answer.json()
        if self._uid is None:
            found = self._rpc("common", "authenticate", [self._database, self._user, self._key.reveal(), {}], model)
            if not found:
                raise SourceRefused(f"{self.where} does not accept the login.", "Check `database`, `user` and `key`.")
            self._uid = int(found)
        return self._rpc("object", "execute_kw", [self._database, self._uid, self._key.reveal(), model, method, [], named], model)

    def _rpc(self, service: str, method: str, args: list[Any], about: str) -> Any:
        body = {"jsonrpc": "2.0", "method": "call", "params": {"service": service, "method": method, "args": args}, "id": 1}
        answer = self.http.ask(Ask("POST", f"{self._address}/jsonrpc", json=body, flaw=_not_a_result))
        self.clock = answer.clock
        if answer.status >= 300 or answer.object().get("error"):
            raise self._error(answer, about)
        return answer.object()["result"]

    def close(self) -> None:
        """Close all connections."""
        self.http.close()

    def _error(self, answer: HttpAnswer, about: str) -> SourceError:
        name = error_of(answer)
        word = name or f"HTTP {answer.status}"
        if answer.status in (401,) or name == "AccessDenied":
            return SourceRefused(f"{self.where} does not accept the key.", "Was it deleted, or has it ended? Set the new `key`.")
        if name == "AccessError" or answer.status == 403:
            return ObjectRefused(f"The Odoo user may not read {about} ({word}).", "Give the user the right, or set `objects`.")
        if name in ABSENT or answer.status == 404:
            return ObjectRefused(f"{self.where} has no {about} ({word}).", "Is its module installed? Or set `objects`.")
        return SourceBroken(f"{self.where} cannot answer about {about} ({word}).", "The log of the server has more of it.")


def error_of(answer: HttpAnswer) -> str:
    """The word for the error in an answer; "" if there is none."""
    said: Mapping[str, Any] = answer.object()
    data = (said.get("error") or {}).get("data") if isinstance(said.get("error"), dict) else said
    name = (data or {}).get("name") if isinstance(data, dict) else None
    return code_word(str(name or "").rpartition(".")[2])


def _passes(answer: HttpAnswer) -> str:
    failed = answer.status >= 300 or answer.body[:400].find(b'"error"') >= 0
    return "is busy" if failed and error_of(answer) in BUSY else ""


def _not_a_result(answer: HttpAnswer) -> str:
    flaw = not_json(answer)
    return flaw or ("" if {"result", "error"} & {*answer.object()} else "does not answer with a result")
