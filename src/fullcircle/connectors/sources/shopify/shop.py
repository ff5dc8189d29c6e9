"""Requests to one shop: the GraphQL Admin API, what its errors mean, its clock, and its limit of points.

An error may come with HTTP 200, as {"errors": [{"message", "extensions": {"code"}}]}. Of these only the code is shown: a message
may repeat values. Each query costs points, which come back with the seconds; one for which there are not enough is asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fullcircle.connectors.http.answers import Ask, HttpAnswer, code_word, not_json
from fullcircle.connectors.http.client import Http, HttpLimits, Service
from fullcircle.errors import ObjectRefused, SourceBroken, SourceError, SourceRefused

NAME = "Shopify"
BUSY = {"THROTTLED", "INTERNAL_SERVER_ERROR", "TIMEOUT"}


class Shop:
    """The API of one shop. `clock` is its time (UTC) in its last answer."""

    def __init__(self, address: str, limits: HttpLimits, version: str) -> None:
        self.http = Http(Service(NAME, address, _passes), limits)
        self.version = version
        self.clock = datetime.now(UTC).replace(tzinfo=None)
        self.points: tuple[int, int] | None = None  # that are left now, of how many
        self._address = f"{address}/admin/api/{version}/graphql.json"
        self._limits = limits
        self._stores: dict[str, Http] = {}  # where results are fetched: another server, which must not see the token

    @property
    def where(self) -> str:
        """How messages call the shop."""
        return self.http.where

    def query(self, text: str, about: str, **variables: Any) -> Mapping[str, Any]:
        """The data of an answer; `about` is the object that messages name."""
        body = {"query": text, "variables": variables}
        answer = self.http.ask(Ask("POST", self._address, json=body, flaw=_not_data))
        self.clock = answer.clock
        said = answer.object()
        status = ((said.get("extensions") or {}).get("cost") or {}).get("throttleStatus") or {}
        if "currentlyAvailable" in status and "maximumAvailable" in status:
            self.points = (int(status["currentlyAvailable"]), int(status["maximumAvailable"]))
        if answer.status >= 300 or said.get("errors"):
            raise self._error(answer, about)
        data: Mapping[str, Any] = said["data"]
        return data

    def download(self, url: str, into: Path, flaw: Callable[[HttpAnswer], str]) -> None:
        """Save what is at an address that Shopify gave."""
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.netloc}"
        store = self._stores.setdefault(place, Http(Service(f"{NAME}'s storage", place), self._limits))
        answer = store.ask(Ask("GET", url, into=into, flaw=flaw), login=False)
        if answer.status >= 300:
            raise ResultGone(f"{store.where} no longer has a result (HTTP {answer.status}).", "Pull again.")

    def close(self) -> None:
        """Close all connections."""
        for one in (self.http, *self._stores.values()):
            one.close()

    def _error(self, answer: HttpAnswer, about: str) -> SourceError:
        codes = codes_of(answer)
        word = next((code for code in codes if code), f"HTTP {answer.status}")
        if "ACCESS_DENIED" in codes:
            return denied(about, word)
        if answer.status in (402, 403, 423):
            return SourceRefused(
                f"{self.where} refuses to answer ({word}).", "Is the shop paused, or the app not installed there?"
            )
        if answer.status == 404:
            return SourceRefused(
                f"{self.where} is not there, or not in version {self.version}.", "Check `url` and `api_version`."
            )
        return SourceBroken(
            f"{self.where} cannot answer about {about} ({word}).", "Shopify documents this word. Check `api_version`."
        )


class ResultGone(SourceError):
    """A bulk operation or its result is no longer there."""


def denied(about: str, word: str) -> ObjectRefused:
    """The app may not read an object."""
    return ObjectRefused(
        f"The Shopify app may not read {about} ({word}).",
        f"Give it the scope read_{about}, and for people the access to protected customer data, or set `objects`.",
    )


def codes_of(answer: HttpAnswer) -> list[str]:
    """The codes of the errors in an answer; "" for one without."""
    errors = answer.object().get("errors")
    listed = errors if isinstance(errors, list) else []
    return [code_word((one.get("extensions") or {}).get("code")) for one in listed if isinstance(one, dict)]


def _passes(answer: HttpAnswer) -> str:
    return "is busy" if answer.body[:1] == b"{" and {*codes_of(answer)} & BUSY else ""


def _not_data(answer: HttpAnswer) -> str:
    flaw = not_json(answer)
    if flaw:
        return flaw
    said = answer.object()
    return "" if said.get("errors") or isinstance(said.get("data"), dict) else "does not answer with data"
