"""The keys of [sources.<name>] with connector = "zendesk"."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from fullcircle.config.sections import Settings


class ZendeskOptions(Settings):
    """Either the token of an OAuth client, or an API token with the e-mail address of its admin."""

    url: str  # https://<company>.zendesk.com
    token: str  # env:NAME, file:PATH or aws:NAME
    user: str = ""  # the admin's e-mail address, for an API token
    objects: tuple[str, ...] = ()
    start: date = date(2000, 1, 1)  # what changed before that is not read
    timeout_seconds: float = Field(120, gt=0)  # for one request; a large answer has more
    tries: int = Field(7, ge=1, le=10)  # for one request: together they wait longer than the minute of the limit
