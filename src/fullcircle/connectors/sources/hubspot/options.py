"""The keys of [sources.<name>] with connector = "hubspot"."""

from __future__ import annotations

from pydantic import Field

from fullcircle.config.sections import Settings, Share


class HubspotOptions(Settings):
    """The token is that of a private app, or a service key."""

    token: str  # env:NAME, file:PATH or aws:NAME
    url: str = "https://api.hubapi.com"
    api_version: str = Field("2026-03", pattern=r"^(20\d\d-(0[1-9]|1[0-2])|v3)$")
    objects: tuple[str, ...] = ()
    currency: str = Field("", pattern=r"^([A-Z]{3})?$")  # of portals with one currency, whose deals name none
    overlap_seconds: int = Field(900, ge=60)  # the longest time until a search finds what was changed
    sweep_hours: float = Field(24, ge=0)  # how often all ids are compared: of what is deleted for good, HubSpot says nothing
    read_again_days: int = Field(30, ge=1)  # how often all rows are read: some changes of links do not date their rows
    searches_per_second: float = Field(4, gt=0)
    api_share: Share = 0.9  # of the requests of a day: the pull stops when so much is used
    timeout_seconds: float = Field(120, gt=0)  # for one request; a large answer has more
    tries: int = Field(7, ge=1, le=10)  # for one request: together they wait longer than the ten seconds of the limit
