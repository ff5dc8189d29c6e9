"""Requests to one Dataverse environment: pages of rows and their links, what errors mean, and its clock.

An error is {"error": {"code", "message"}}. Of it only the code is shown: a message may repeat values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from fullcircle.connectors.http.answers import Ask, HttpAnswer, code_word, not_json
from fullcircle.connectors.http.client import CONTINUES, Http
from fullcircle.errors import ConfigError, ObjectRefused, SourceBroken, SourceChanged, SourceError, SourceRefused

ODATA = {
    "Accept": "application/json",
    "OData-Version": "4.0",
    "OData-MaxVersion": "4.0",
    "If-None-Match": "null",
}
UNCACHED = {"Consistency": "Strong"}  # a column that was just made, or a permission just given, counts
LABEL = "OData.Community.Display.V1.FormattedValue"
POINTS_TO = "Microsoft.Dynamics.CRM.lookuplogicalname"
EXPIRED = "0x80044352"  # ExpiredVersionStamp
NO_COLUMN = "0x80060888"
NO_MEMBER = "0x80072560"  # the app is not a user of the environment
GONE = (400, 404, 410)  # what a link that is no longer valid may be answered with


class ColumnGone(SourceChanged):
    """A query names a column that the table does not have, or no longer has."""


class LinkExpired(SourceError):
    """A link of an earlier answer is no longer valid: the query must be asked again from the start."""


@dataclass(frozen=True, slots=True)
class DataversePage:
    """One answer with rows: those that there are, the ids of those that are gone, and the links to what follows."""

    rows: list[Mapping[str, Any]]
    gone: list[str]
    next: str  # the next page; "" after the last
    delta: str  # what will have changed from now on; "" but on the last page of a query that tracks changes


class DataverseApi:
    """The Web API of one environment. `clock` is its time (UTC) in its last answer."""

    def __init__(self, http: Http, version: str, page_rows: int) -> None:
        self._http, self._version, self._page_rows = http, version, page_rows
        self.clock = datetime.now(UTC).replace(tzinfo=None)

    @property
    def where(self) -> str:
        """How messages call the environment."""
        return self._http.where

    def get(self, path: str, about: str, params: Mapping[str, str | int] | None = None) -> Any:
        """Ask for something that is not rows; `about` is the table that messages name."""
        answer = self._http.ask(Ask("GET", self._address(path), params or {}, {**ODATA, **UNCACHED}, flaw=not_json))
        return self._good(answer, about).json()

    def query(self, path: str, about: str, params: Mapping[str, str | int], track: bool = False, most: int = 0) -> DataversePage:
        """The first page of a query, of `most` rows; with `track` the last page will have a link to later changes."""
        return self._page(Ask("GET", self._address(path), params, self._headers(track, most), flaw=_not_a_page), about)

    def follow(self, link: str, about: str, track: bool = False, most: int = 0) -> DataversePage:
        """The page of a link; `track` and `most` as for its first page. LinkExpired if it is no longer valid."""
        ask = Ask("GET", self._http.service.address + link, {}, self._headers(track, most), flaw=_not_a_page)
        return self._page(ask, about, by_link=True)

    # -- the form of requests and answers ------------------------------------------------------------------------------
    def _address(self, path: str) -> str:
        return f"{self._http.service.address}/api/data/v{self._version}/{path}"

    def _headers(self, track: bool, most: int) -> Mapping[str, str]:
        wishes = [f'odata.include-annotations="{LABEL},{POINTS_TO}"', f"odata.maxpagesize={most or self._page_rows}"]
        return {**ODATA, "Prefer": ",".join(wishes + ["odata.track-changes"] * track)}

    def _page(self, ask: Ask, about: str, by_link: bool = False) -> DataversePage:
        body = self._good(self._http.ask(ask), about, by_link).json(str)
        entries = body["value"]
        removed = [_is_removed(entry) for entry in entries]
        return DataversePage(
            [entry for entry, gone in zip(entries, removed, strict=True) if not gone],
            [_id(entry) for entry, gone in zip(entries, removed, strict=True) if gone],
            self._own(body.get("@odata.nextLink")),
            self._own(body.get("@odata.deltaLink")),
        )

    def _own(self, link: Any) -> str:
        """A link without its server: it is asked of ours, whichever it names, as our login is for no other."""
        if not link:
            return ""
        parts = urlsplit(str(link))
        if not parts.path.startswith("/api/data/"):
            raise SourceBroken(f"{self.where} answers with a link that is not one of its Web API.", "Check `url`.")
        return parts._replace(scheme="", netloc="").geturl()

    # -- errors --------------------------------------------------------------------------------------------------------
    def _good(self, answer: HttpAnswer, about: str, by_link: bool = False) -> HttpAnswer:
        self.clock = answer.clock
        if answer.status < 300:
            return answer
        code = _code(answer)
        shown = code or f"HTTP {answer.status}"
        if code == EXPIRED or (by_link and answer.status in GONE):
            raise LinkExpired(f"{self.where} no longer accepts a link to rows of {about} ({shown}).", CONTINUES)
        if answer.status in (401, 403) and code == NO_MEMBER:
            raise SourceRefused(
                f"{self.where} does not know the app as a user ({shown}).",
                "Make an application user for `client_id` in the environment, with a security role.",
            )
        if answer.status == 403 and not about:
            raise SourceRefused(
                f"The application user may not use {self.where} ({shown}).", "Give it a security role in the environment."
            )
        if answer.status == 403:
            hint = f"Let its security role read {about}, or set `objects`."
            raise ObjectRefused(f"The application user may not read {about} ({shown}).", hint)
        if code == NO_COLUMN and answer.status == 400:
            raise ColumnGone(f"{self.where} no longer has a column of {about}.", "Run the same command again.")
        if answer.status == 404 and not about:
            raise ConfigError(f"{self.where} does not have the Web API {self._version}.", "Check `url` and `api_version`.")
        if answer.status == 404:
            raise ObjectRefused(f"{self.where} has no table {about}.", "Correct `objects`: they are logical names.")
        raise SourceError(f"{self.where} cannot answer about {about or 'itself'} ({shown}).", "Microsoft documents this code.")


def _is_removed(entry: Mapping[str, Any]) -> bool:
    return str(entry.get("@odata.context", "")).endswith("/$deletedEntity") or ("reason" in entry and "id" in entry)


def _id(entry: Mapping[str, Any]) -> str:
    return str(entry["id"]).rpartition("(")[2].strip("(){}").lower()  # an id, or an address that ends with it


def _code(answer: HttpAnswer) -> str:
    try:
        said = answer.json()
    except ValueError:
        return ""
    error = said.get("error") if isinstance(said, dict) else None
    return code_word(error.get("code")).lower() if isinstance(error, dict) else ""


def _not_a_page(answer: HttpAnswer) -> str:
    flaw = not_json(answer)
    if flaw:
        return flaw
    page = answer.json()
    return "" if isinstance(page, dict) and isinstance(page.get("value"), list) else "does not answer with rows"
