"""The keys of [sources.<name>] with connector = "odoo"."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from fullcircle.config.sections import Settings


class OdooOptions(Settings):
    """The key is an API key of a user. The older protocol also needs the user's login."""

    url: str  # https://<company>.odoo.com
    database: str
    key: str  # env:NAME, file:PATH or aws:NAME
    protocol: Literal["json-2", "json-rpc"] = "json-2"  # json-2: Odoo 19 and later
    user: str = ""  # the login, for json-rpc
    objects: tuple[str, ...] = ()
    page_rows: int = Field(1000, ge=1, le=10_000)
    overlap_seconds: int = Field(900, ge=60)  # the longest time until a change that was begun is committed
    sweep_hours: float = Field(24, ge=0)  # how often all ids are compared: of what is deleted, Odoo says nothing
    timeout_seconds: float = Field(120, gt=0)  # for one request; a large answer has more
    tries: int = Field(5, ge=1, le=10)  # for one request

    @model_validator(mode="after")
    def _user_for_rpc(self) -> OdooOptions:
        if self.protocol == "json-rpc" and not self.user:
            raise ValueError('protocol = "json-rpc" needs user, the login of the key\'s owner')
        return self
