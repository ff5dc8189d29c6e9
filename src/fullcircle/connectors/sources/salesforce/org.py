"""Requests to one Salesforce org: its API version, what its errors mean, its clock, and how much of its API is used up.

Errors are a list of {"message", "errorCode"}. Of these only the code is shown: a message may repeat values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fullcircle.connectors.http.answers import Ask, HttpAnswer, code_word, not_json
from fullcircle.connectors.http.client import CONTINUES, Http, HttpLimits, Service
from fullcircle.connectors.sources.salesforce.login import SalesforceLogin
from fullcircle.errors import ConfigError, ObjectRefused, SourceChanged, SourceError, SourceRefused, SourceUnreachable

NAME = "Salesforce"
USAGE = re.compile(r"(?:^|[\s;,])api-usage=(\d+)/(\d+)")
LIMIT = "REQUEST_LIMIT_EXCEEDED"
# Codes that concern one object only: it does not exist for this user, or may not be read.
OF_OBJECT = {
    "INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS_OR_READONLY", "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", "INVALID_TYPE",
    "INVALID_TYPE_FOR_OPERATION", "NOT_FOUND", "INVALID_SOBJECT", "INVALIDENTITY",
}  # fmt: skip
LOST = {"INVALID_QUERY_LOCATOR", "INVALID_LOCATOR", "INVALIDJOB", "ENTITY_IS_DELETED"}
NO_API = {"API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED", "FUNCTIONALITY_NOT_ENABLED", "FEATURENOTENABLED"}


class FieldsGone(SourceChanged):
    """A query names a field that the object does not have, or no longer has for this user."""


class LocatorGone(SourceError):
    """The place in a result, or the result, is no longer kept: the query must be asked again."""


class LogTooShort(SourceError):
    """The log of deletes does not reach back so far, or is too long to be read."""


class Org:
    """The API of one org. `clock` is its time (UTC) in its last answer."""

    def __init__(self, login: SalesforceLogin, limits: HttpLimits, version: str, api_share: float) -> None:
        self._login, self._limits = login, limits
        self.version = version
        self._api_share = api_share
        self._http: Http | None = None
        self.clock = datetime.now(UTC).replace(tzinfo=None)
        self.used: tuple[int, int] | None = None  # requests of the last 24 hours, and how many are allowed

    @property
    def where(self) -> str:
        """How messages call the org."""
        return self._opened().where

    def get(self, path: str, about: str, params: Mapping[str, str | int] | None = None) -> HttpAnswer:
        """Ask for a resource of the API version, in JSON; `about` is the object that messages name."""
        return self.send(Ask("GET", self.address(path), params or {}, flaw=not_json), about)

    def page(self, path: str, about: str, params: Mapping[str, str | int] | None = None) -> Any:
        """A page of the rows of a query, with its numbers as text."""
        answer = self.send(Ask("GET", self.address(path), params or {}, flaw=_not_a_page), about)
        return answer.json(str)

    def post(self, path: str, body: Mapping[str, Any], about: str) -> Any:
        """Send JSON, and return what is answered."""
        return self.send(Ask("POST", self.address(path), json=dict(body), flaw=not_json), about).json()

    def download(
        self, path: str, about: str, params: Mapping[str, str | int], into: Path, flaw: Callable[[HttpAnswer], str]
    ) -> HttpAnswer:
        """Save a body in a file."""
        headers = {"Accept": "text/csv"}
        return self.send(Ask("GET", self.address(path), params, headers, into=into, flaw=flaw), about)

    def delete(self, path: str, about: str) -> None:
        """Remove something that this connector has made."""
        self.send(Ask("DELETE", self.address(path)), about)

    def address(self, path: str) -> str:
        """The address of a path of the API version, or of one that an answer has named whole (/services/...)."""
        self._opened()
        base = self._login.instance
        return base + path if path.startswith("/services/") else f"{base}/services/data/v{self.version}/{path}"

    def send(self, ask: Ask, about: str) -> HttpAnswer:
        """A good answer. The error for any other says what it means for `about`."""
        self._check_usage()
        answer = self._opened().ask(ask)
        self.clock = answer.clock
        found = USAGE.search(answer.headers.get("sforce-limit-info", ""))
        self.used = (int(found[1]), int(found[2])) if found else self.used
        if answer.status >= 300:
            raise self._error(answer, about)
        return answer

    def close(self) -> None:
        """Close all connections."""
        if self._http is not None:
            self._http.close()

    # -- opening -------------------------------------------------------------------------------------------------------
    def _opened(self) -> Http:
        if self._http is None:
            self._login.headers()
            self._http = Http(Service(NAME, self._login.instance, _passes), self._limits)
            self._http.login = self._login
            self._check_version(self._http)
        return self._http

    def _check_version(self, http: Http) -> None:
        answer = http.ask(Ask("GET", f"{self._login.instance}/services/data/", flaw=not_json))
        listed = answer.json() if answer.status == 200 else None
        there = [str(one.get("version")) for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        if self.version not in there:
            self._http = None
            offered = f"It has {there[0]} to {there[-1]}." if there else "It does not say which versions it has."
            raise ConfigError(f"{http.where} does not have the API version {self.version}.", f"Set `api_version`. {offered}")

    # -- limits and errors ---------------------------------------------------------------------------------------------
    def _check_usage(self) -> None:
        if self.used is None or self.used[0] < self._api_share * self.used[1]:
            return
        raise SourceUnreachable(
            f"{self.used[0]} of the {self.used[1]} API requests that {self.where} allows in 24 hours are used. This pull stops "
            f"here, so that the rest is left to others (api_share = {self._api_share:g}).",
            CONTINUES,
        )

    def _error(self, answer: HttpAnswer, about: str) -> SourceError | ConfigError:
        codes = error_codes(answer)
        code = codes[0] if codes else f"HTTP {answer.status}"
        if LIMIT in codes:  # not the one for requests at the same time: that passes
            return SourceUnreachable(f"{self.where} allows no more API requests in these 24 hours.", CONTINUES)
        if NO_API & {*codes}:
            return SourceRefused(
                f"{self.where} does not allow its API ({code}).",
                "The edition of the org, or the profile of the user, must allow it.",
            )
        if answer.status == 410:
            return ConfigError(f"{self.where} no longer has the API version {self.version}.", "Set a newer `api_version`.")
        if OF_OBJECT & {*codes} and about:
            return ObjectRefused(f"The Salesforce user may not read {about} ({code}).", f"Let it read {about}, or set `objects`.")
        if "INVALID_FIELD" in codes:
            return FieldsGone(f"{self.where} no longer has a field of {about}.", "Run the same command again.")
        if LOST & {*codes} or answer.status == 409:  # 409: a job of another API version
            return LocatorGone(f"{self.where} no longer keeps a result of {about}.", CONTINUES)
        if {"EXCEEDED_ID_LIMIT", "INVALID_REPLICATION_DATE"} & {*codes}:
            return LogTooShort(f"{self.where} has no log of deletes that reaches back far enough.", "")
        if answer.status in (401, 403):
            return SourceRefused(f"{self.where} refuses to answer about {about} ({code}).", "Check the permissions of the user.")
        return SourceError(f"{self.where} cannot answer about {about} ({code}).", "Salesforce documents this code.")


def error_codes(answer: HttpAnswer) -> list[str]:
    """The codes of an error, as far as they may be shown."""
    return [code for one in _errors(answer) if (code := code_word(one.get("errorCode")).upper())]


def _errors(answer: HttpAnswer) -> list[Mapping[str, Any]]:
    try:
        said = answer.json()
    except ValueError:
        return []
    return [one for one in (said if isinstance(said, list) else [said]) if isinstance(one, dict)]


def _passes(answer: HttpAnswer) -> str:
    """Too many requests at the same time pass by themselves; too many in a day do not."""
    if answer.status != 403:
        return ""
    for one in _errors(answer):
        if one.get("errorCode") == LIMIT and "TotalRequests" not in str(one.get("message", "")):
            return "has too many requests at the same time"
    return ""


def _not_a_page(answer: HttpAnswer) -> str:
    flaw = not_json(answer)
    if flaw:
        return flaw
    page = answer.json()
    whole = isinstance(page, dict) and isinstance(page.get("records"), list) and "done" in page
    return "" if whole else "does not answer with rows"
