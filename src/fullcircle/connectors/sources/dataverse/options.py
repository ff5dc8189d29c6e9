"""The keys of [sources.<name>] with connector = "dataverse"."""

from __future__ import annotations

from pydantic import Field

from fullcircle.config.sections import Settings


class DataverseOptions(Settings):
    """The login is that of an app registration (client credentials), which is an application user of the environment."""

    url: str  # of the environment: https://example.crm.dynamics.com
    tenant: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")  # the directory: its id, or its domain
    client_id: str  # of the app registration; env:NAME, file:PATH, or as it is
    client_secret: str  # env:NAME, file:PATH or aws:NAME
    authority: str = "https://login.microsoftonline.com"  # of a national cloud: its own
    api_version: str = Field("9.2", pattern=r"^\d+\.\d+$")
    objects: tuple[str, ...] = ()
    page_rows: int = Field(2000, ge=1, le=5000)  # rows in one answer
    overlap_seconds: int = Field(600, ge=60)  # of tables without change tracking: from a time stamp to its commit
    timeout_seconds: float = Field(120, gt=0)  # for one request; a large answer has more
    tries: int = Field(5, ge=1, le=10)  # for one request
