"""Requests to one HubSpot portal: the addresses of a version, what its errors mean, its clock, and its three limits.

Limits: requests in ten seconds and in a day, of which the answers say how many are left, and searches in a second. Errors are
{"category", "message", "errors"}. Of these only the category and the names of scopes are shown: a message may repeat values.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from fullcircle.connectors.http.answers import Ask, HttpAnswer, code_word, not_json
from fullcircle.connectors.http.client import CONTINUES, Http, HttpLimits, Service
from fullcircle.connectors.writing import RowsRefused
from fullcircle.errors import ObjectRefused, SourceError, SourceRefused, SourceUnreachable

NAME = "HubSpot"
LEFT, INTERVAL = "x-hubspot-ratelimit-remaining", "x-hubspot-ratelimit-interval-milliseconds"
DAY, DAY_LEFT = "x-hubspot-ratelimit-daily", "x-hubspot-ratelimit-daily-remaining"
SCOPE = re.compile(r"[a-z0-9_.\-]{3,80}")
LONGEST_PAUSE = 60.0  # seconds that an answer may make us wait for new requests
# Beyond what all APIs have in common: a row that is locked for a moment, a portal that is moving, and those of its proxy.
BUSY = {423, 477, 520, 521, 522, 523, 524}
IS_NAME = re.compile(r"[A-Za-z0-9_\-]{1,100}")


class ValueRefused(SourceError):
    """HubSpot does not take what was sent."""

    def __init__(self, where: str, about: str, word: str) -> None:
        super().__init__(f"{where} cannot answer about {about} ({word}).", "HubSpot documents this word.")
        self.word = word


class Portal:
    """The API of one portal. `clock` is its time (UTC) in its last answer."""

    def __init__(self, address: str, limits: HttpLimits, version: str, api_share: float, searches: float) -> None:
        self.http = Http(Service(NAME, address, self._passes), limits)
        self.version = version
        self.clock = datetime.now(UTC).replace(tzinfo=None)
        self.used: tuple[int, int] | None = None  # requests of this day, and how many are allowed
        self._address, self._api_share, self._gap = address, api_share, 1 / searches
        self._searched, self._pause = 0.0, 0.0

    @property
    def where(self) -> str:
        """How messages call the portal."""
        return self.http.where

    # -- addresses -------------------------------------------------------------------------------------------------------
    def objects(self, object: str, rest: str = "") -> str:
        """The path of the rows of an object, or of `rest` below it."""
        return self._path("objects", object) + rest

    def described(self, what: str, object: str) -> str:
        """The path of the `properties` or `pipelines` of an object."""
        return self._path(what, object)

    def links(self, object: str, to: str) -> str:
        """The path by which the associations of many rows are read."""
        base = "/crm/v4/associations" if self.version == "v3" else f"/crm/associations/{self.version}"
        return f"{base}/{object}/{to}/batch/read"

    def _path(self, what: str, object: str) -> str:
        return f"/crm/v3/{what}/{object}" if self.version == "v3" else f"/crm/{what}/{self.version}/{object}"

    # -- requests ----------------------------------------------------------------------------------------------------------
    def get(self, path: str, about: str, params: Mapping[str, str | int] | None = None, flaw: Flaw = not_json) -> Any:
        """Ask for JSON; `about` is the object that messages name."""
        return self._send(Ask("GET", self._address + path, params or {}, flaw=flaw), about)

    def post(self, path: str, body: Mapping[str, Any], about: str, flaw: Flaw = not_json) -> Any:
        """Ask for JSON, with what is asked in the body."""
        return self._send(Ask("POST", self._address + path, json=dict(body), flaw=flaw), about)

    def change(self, path: str, body: Mapping[str, Any], about: str) -> Mapping[str, Any]:
        """Write what is in the body. RowsRefused where a value of it does not fit, so that none was written."""
        try:
            said = self._send(Ask("POST", self._address + path, json=dict(body), flaw=not_json, writes=True), about)
        except ValueRefused as error:
            hint = "Compare the types and the options of the properties with what is written."
            raise RowsRefused(f"{self.where} does not take a value for {about} ({error.word}).", hint, error.word) from None
        return said if isinstance(said, dict) else {}

    def search(self, object: str, body: Mapping[str, Any]) -> Any:
        """Ask for the rows of a search, not faster than is allowed."""
        wait = self._searched + self._gap - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self._searched = time.monotonic()
        return self.post(self.objects(object, "/search"), body, object, not_found_rows)

    def close(self) -> None:
        """Close all connections."""
        self.http.close()

    def _send(self, ask: Ask, about: str) -> Any:
        self._check_usage()
        if self._pause:
            time.sleep(self._pause)
        answer = self.http.ask(ask)
        self.clock = answer.clock
        self._note_limits(answer)
        if answer.status >= 300:
            raise self._error(answer, about)
        return answer.json()

    # -- limits and errors -------------------------------------------------------------------------------------------------
    def _note_limits(self, answer: HttpAnswer) -> None:
        left, interval = _number(answer, LEFT), _number(answer, INTERVAL)
        used_up = left is not None and left < 1
        self._pause = min(LONGEST_PAUSE, (interval if interval is not None else 10_000) / 1000) if used_up else 0.0
        day, day_left = _number(answer, DAY), _number(answer, DAY_LEFT)
        if day and day_left is not None:
            self.used = (day - day_left, day)

    def _check_usage(self) -> None:
        if self.used is None or self.used[0] < self._api_share * self.used[1]:
            return
        raise SourceUnreachable(
            f"{self.used[0]} of the {self.used[1]} requests that {self.where} allows in a day are used. This pull stops here, so "
            f"that the rest is left to others (api_share = {self._api_share:g}).",
            f"A new day begins at midnight by the portal's time zone. {CONTINUES}",
        )

    def _passes(self, answer: HttpAnswer) -> str:
        """Too many requests in some seconds pass by themselves. SourceUnreachable for too many in a day."""
        if answer.status == 429 and "DAILY" in str(_said(answer).get("policyName", "")).upper():
            raise SourceUnreachable(
                f"{self.where} allows no more requests today.",
                f"A new day begins at midnight by the portal's time zone. {CONTINUES}",
            )
        return f"responds with HTTP {answer.status}" if answer.status in BUSY else ""

    def _error(self, answer: HttpAnswer, about: str) -> SourceError:
        said = _said(answer)
        word = code_word(said.get("category")) or f"HTTP {answer.status}"
        if answer.status == 403 and about:
            scopes = _scopes(said)
            hint = f"Give its private app the scope {' or '.join(scopes)}" if scopes else f"Let its private app read {about}"
            return ObjectRefused(f"The HubSpot token may not read {about} ({word}).", f"{hint}, or set `objects`.")
        if answer.status == 404 and about:
            return ObjectRefused(f"{self.where} has no {about} ({word}).", "Check `objects` and `api_version`.")
        if answer.status == 400:
            return ValueRefused(self.where, about, word)
        if answer.status == 403:
            return SourceRefused(f"{self.where} refuses to answer ({word}).", "Check the scopes of the private app.")
        return SourceError(f"{self.where} cannot answer about {about} ({word}).", "HubSpot documents this word.")


Flaw = Callable[[HttpAnswer], str]


def not_a_list(*names: str) -> Flaw:
    """For `Ask.flaw`: the answer must be a list, and each entry of it must have these names."""

    def flaw(answer: HttpAnswer) -> str:
        wrong = not_json(answer)
        said = None if wrong else answer.json()
        entries = said.get("results") if isinstance(said, dict) else None
        whole = isinstance(entries, list) and all(isinstance(one, dict) and {*names} <= {*one} for one in entries)
        return wrong or ("" if whole else "does not answer with a list")

    return flaw


def not_rows(answer: HttpAnswer) -> str:
    """For `Ask.flaw`: the answer must be rows with ids."""
    flaw = not_json(answer)
    if flaw:
        return flaw
    said = answer.json()
    rows = said.get("results") if isinstance(said, dict) else None
    whole = isinstance(rows, list) and all(isinstance(row, dict) and row.get("id") and _object(row, "properties") for row in rows)
    return "" if whole else "does not answer with rows"


def not_found_rows(answer: HttpAnswer) -> str:
    """For `Ask.flaw`: what a search found must be rows, and not none where it says that there are some."""
    flaw = not_rows(answer)
    if flaw:
        return flaw
    said = answer.json()
    whole = isinstance(said.get("total"), int) and (said["results"] or not said["total"])
    return "" if whole else "sends fewer rows than it says"


def _object(row: Mapping[str, Any], name: str) -> bool:
    return isinstance(row.get(name), dict)


def _said(answer: HttpAnswer) -> Mapping[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _scopes(said: Mapping[str, Any]) -> list[str]:
    """The scopes that an error names as missing."""
    errors = [one for one in said.get("errors") or () if isinstance(one, dict)]
    contexts = [one["context"] for one in errors if _object(one, "context")]
    named = [word for one in contexts for key in ("requiredGranularScopes", "requiredScopes") for word in one.get(key) or ()]
    return [word for word in named if isinstance(word, str) and SCOPE.fullmatch(word)]


def _number(answer: HttpAnswer, header: str) -> int | None:
    text = answer.headers.get(header, "")
    return int(text) if text.isdecimal() else None
