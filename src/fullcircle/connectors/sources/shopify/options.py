"""The keys of [sources.<name>] with connector = "shopify"."""

from __future__ import annotations

from pydantic import Field, model_validator

from fullcircle.config.sections import Settings


class ShopifyOptions(Settings):
    """Either a token, or the client id and secret of an app of the Dev Dashboard."""

    url: str  # https://<shop>.myshopify.com
    token: str = ""  # env:NAME, file:PATH or aws:NAME
    client_id: str = ""
    client_secret: str = ""  # env:NAME, file:PATH or aws:NAME
    api_version: str = Field("2026-07", pattern=r"^20\d\d-(01|04|07|10)$")
    objects: tuple[str, ...] = ()
    overlap_seconds: int = Field(900, ge=60)  # the longest time until a search finds what was changed
    sweep_hours: float = Field(24, ge=0)  # how often all ids are compared: of what is deleted, Shopify says nothing
    read_again_days: int = Field(7, ge=1)  # how often all rows are read: a merge of customers may not date their orders
    bulk_wait_seconds: float = Field(3600, gt=0)  # how long a bulk operation is waited for
    timeout_seconds: float = Field(120, gt=0)  # for one request; a large answer has more
    tries: int = Field(5, ge=1, le=10)  # for one request

    @model_validator(mode="after")
    def _one_way(self) -> ShopifyOptions:
        if bool(self.token) == bool(self.client_id and self.client_secret):
            raise ValueError("write either token, or client_id and client_secret")
        if self.api_version < "2025-07":
            raise ValueError("api_version must be 2025-07 or later")
        return self
