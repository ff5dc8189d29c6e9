"""Requests to one Zendesk account: the incremental exports, and what its errors mean.

Errors are {"error": "RecordNotFound", "description"}. Of these only the word is shown: a description may repeat values.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from fullcircle.connectors.http.answers import Ask, HttpAnswer, code_word, not_json
from fullcircle.connectors.http.client import Http, HttpLimits, Service
from fullcircle.errors import ObjectRefused, SourceBroken, SourceError, SourceRefused

NAME = "Zendesk"
WHOLE_PAGE = 1000  # of an export by time: a page with less is the last one
ALLOWED, LEFT = "x-rate-limit", "x-rate-limit-remaining"


class CursorGone(SourceError):
    """The account no longer knows where a cursor was."""


class Account:
    """The API of one account."""

    def __init__(self, address: str, limits: HttpLimits) -> None:
        self.http = Http(Service(NAME, address), limits)
        self.used: tuple[int, int] | None = None  # requests of this minute, and how many are allowed
        self._address = address

    @property
    def where(self) -> str:
        """How messages call the account."""
        return self.http.where

    def get(self, path: str, about: str, params: Mapping[str, str | int] | None = None, flaw: Flaw = not_json) -> Any:
        """Ask for JSON; `about` is the object that messages name."""
        answer = self.http.ask(Ask("GET", f"{self._address}/api/v2/{path}", params or {}, flaw=flaw))
        allowed, left = (answer.headers.get(name, "") for name in (ALLOWED, LEFT))
        if allowed.isdecimal() and left.isdecimal():
            self.used = (int(allowed) - int(left), int(allowed))
        if answer.status >= 300:
            raise self._error(answer, about, "cursor" in (params or {}))
        return answer.json()

    def listed(self, path: str, name: str, about: str) -> list[dict[str, Any]]:
        """All entries of a list that comes in pages."""
        found: list[dict[str, Any]] = []
        params: dict[str, str | int] = {"page[size]": 100}
        while True:
            page = self.get(path, about, params, not_entries(name))
            found += page[name]
            after = (page.get("meta") or {}).get("after_cursor")
            if not (page.get("meta") or {}).get("has_more") or not after:
                return found
            params = {"page[size]": 100, "page[after]": str(after)}

    def close(self) -> None:
        """Close all connections."""
        self.http.close()

    def _error(self, answer: HttpAnswer, about: str, by_cursor: bool) -> SourceError:
        said = answer.object().get("error")
        word = code_word(said.get("title") if isinstance(said, dict) else said) or f"HTTP {answer.status}"
        if by_cursor and answer.status in (400, 404, 410, 422):
            return CursorGone(f"{self.where} no longer knows where the last pull of {about} ended ({word}).", "Pull again.")
        if answer.status in (403, 404):
            return ObjectRefused(
                f"The Zendesk user may not export {about} ({word}).", "The token must be that of an admin; or set `objects`."
            )
        if answer.status == 401:
            return SourceRefused(f"{self.where} does not accept the token.", "Set a new `token`.")
        return SourceBroken(f"{self.where} cannot answer about {about} ({word}).", "Zendesk documents this word.")


Flaw = Callable[[HttpAnswer], str]


def not_entries(name: str) -> Flaw:
    """For `Ask.flaw`: the answer must have a list of this name, of objects."""

    def flaw(answer: HttpAnswer) -> str:
        wrong = not_json(answer)
        entries = None if wrong else answer.object().get(name)
        whole = isinstance(entries, list) and all(isinstance(one, dict) and one.get("id") is not None for one in entries)
        return wrong or ("" if whole else "does not answer with a list")

    return flaw


def basic(user: str) -> Callable[[str], Mapping[str, str]]:
    """The header of an API token, which goes with the address of its admin."""

    def header(token: str) -> Mapping[str, str]:
        return {"Authorization": "Basic " + base64.b64encode(f"{user}/token:{token}".encode()).decode()}

    return header
