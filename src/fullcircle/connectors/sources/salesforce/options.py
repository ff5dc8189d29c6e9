"""The keys of [sources.<name>] with connector = "salesforce"."""

from __future__ import annotations

from pydantic import Field, model_validator

from fullcircle.config.sections import Settings, Share


class SalesforceOptions(Settings):
    """The login is one of two: `client_secret` (client credentials), or `user` with `private_key` (JWT bearer)."""

    url: str  # the My Domain of the org: https://example.my.salesforce.com
    client_id: str  # of the External Client App: its consumer key; env:NAME, file:PATH, or as it is
    client_secret: str = ""  # env:NAME, file:PATH or aws:NAME
    user: str = ""
    private_key: str = ""  # in PEM: env:NAME, file:PATH or aws:NAME
    audience: str = "https://login.salesforce.com"  # of a sandbox: https://test.salesforce.com
    api_version: str = Field("66.0", pattern=r"^\d{2}\.0$")
    objects: tuple[str, ...] = ()
    currency: str = Field("", pattern=r"^([A-Z]{3})?$")  # of orgs with one currency, whose rows name none
    formulas: bool = False  # also pull fields that are computed: their changes do not show that a row has changed
    bulk_from: int = Field(20_000, ge=1)  # rows from which changes are read by a bulk job
    bulk_page_rows: int = Field(250_000, ge=1)  # rows in one answer of a bulk job
    bulk_wait_seconds: float = Field(3600, gt=0)  # for the result of a bulk job
    overlap_seconds: int = Field(600, ge=60)  # the longest time that a transaction takes from its time stamp to its commit
    api_share: Share = 0.9  # of the org's API requests in 24 hours: the pull stops when others and it have used so much
    timeout_seconds: float = Field(120, gt=0)  # for one request; a large answer has more
    tries: int = Field(5, ge=1, le=10)  # for one request

    @model_validator(mode="after")
    def _one_login(self) -> SalesforceOptions:
        by_key = bool(self.user and self.private_key)
        if bool(self.client_secret) == by_key or bool(self.user) != bool(self.private_key):
            raise ValueError("the login is either client_secret, or user and private_key")
        return self
