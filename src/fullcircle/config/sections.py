"""The sections of fullcircle.toml as immutable classes. Each key is explained beside it.

Environment values override the file: `FULLCIRCLE_GRAPH__STORE=memory` overrides `store` in `[graph]`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from fullcircle.model.identifiers import STRONG
from fullcircle.model.statuses import DealStatus, StatusWord

ENV_PREFIX = "FULLCIRCLE_"
Share = Annotated[float, Field(ge=0, le=1)]
CODE = re.compile("[A-Za-z]{3}")  # of a currency


class Settings(BaseModel):
    """The base of all sections: immutable, unknown keys are an error, and so is a number that is none (nan, inf)."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)


class OpenSettings(BaseModel):
    """A section with further keys that belong to a plugin. The plugin checks them itself."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    @property
    def options(self) -> dict[str, Any]:
        """The keys that belong to the plugin."""
        return dict(self.model_extra or {})


class ProjectSettings(Settings):
    """[project]."""

    name: str = "my-company"
    home: str = Field(".fullcircle", pattern=r"^[^\x00-\x1f]*$")  # the folder for all data, relative to the config file
    country: str = "US"  # ISO code: the country of phone numbers and addresses that name none


class EngineSettings(Settings):
    """[engine]."""

    memory: str = Field("2GB", pattern=r"^(?i:\d+(\.\d+)? ?([KMGT](i?B)?|bytes?|%))$")
    threads: int = Field(0, ge=0, le=1024)  # 0: all cores


class SourceSettings(OpenSettings):
    """[sources.<name>]."""

    connector: str
    # Of an object whose rows are compared with those that are still there: if more are gone, the pull stops and deletes none.
    sweep_share: Share = 0.3


class PullSettings(Settings):
    """[pull]."""

    at_once: int = Field(1, ge=1, le=64)  # sources that are waited for at the same time


class FieldRule(Settings):
    """How one canonical column is filled from a source object. A plain string in the config means `field`."""

    field: str = ""  # a column, or a dotted path into the raw record: "address.city", "emails[0]"
    fields: tuple[str, ...] = ()  # several, joined with `join`
    join: str = " "
    value: Any = None  # a constant
    sql: str = ""  # an expression over the landed columns, in DuckDB's dialect
    ref: str = ""  # the value is the key of a row in this object (of this source, or "source.object")
    by: str = ""  # with ref: the value is the "name" ("email", "organisation") of that row, which no other there has, not its key
    otherwise: str = ""  # with ref: SQL of the key of a row that this object itself makes, where the value is empty
    map: dict[str, str] = Field(default_factory=dict)  # value -> value; values not listed stay as they are


class MapSettings(Settings):
    """[[map]]: maps one source object to one canonical table. An object may have several maps."""

    source: str
    object: str
    to: str
    where: str = ""  # a condition on the landed columns that selects the rows of this map
    key: str = ""  # appended to the id: needed when several maps make rows of one table from the same landed row
    # A JSON array in the raw record, or "= " and SQL for one: a row per element, `field` is a path in it; "$." is the record.
    each: str = ""
    optional: bool = False  # True: not an error if the object was never pulled
    dates: Literal["", "day first", "month first", "year first"] = ""  # what 03/04/25 means, where its column does not show it
    staff: list[str] = Field(
        default_factory=list
    )  # columns that name staff ("Technician", "agents.email"): these are no customers
    zone: str = ""  # of times without one: "Europe/Berlin", "UTC+1"; without it they count as UTC
    fields: dict[str, FieldRule] = Field(default_factory=dict)


class StatusSettings(Settings):
    """[status]: the words of your sources for the status of an order, and for the outcome of a deal."""

    map: dict[str, StatusWord] = Field(default_factory=dict)  # word -> status; these go before the built-in ones
    deals: dict[str, DealStatus] = Field(default_factory=dict)  # the same for deals: stage -> open, won, lost or cancelled


class MoneySettings(Settings):
    """[money]: how amounts of several currencies become one. Without it they are never added."""

    base: str = ""  # the currency of all totals, e.g. "EUR"
    rates: dict[str, float] = Field(default_factory=dict)  # currency -> what one unit of it is worth in the base

    @model_validator(mode="after")
    def _rates_need_a_base(self) -> MoneySettings:
        if self.rates and not self.base.strip():
            raise ValueError('rates need a base: write base = "EUR" (or another currency)')
        odd = [name for name in (self.base, *self.rates) if name.strip() and not CODE.fullmatch(name.strip())]
        if odd:
            raise ValueError(f'{", ".join(odd)}: a currency is its three letters, such as "EUR"')
        bad = [name for name, rate in self.rates.items() if not 1e-6 <= rate <= 1e9]
        if bad:
            raise ValueError(f"the rate of {', '.join(bad)} must be between 0.000001 and 1000000000")
        return self


class RuleSettings(Settings):
    """[[quality.rules]]: rows that break the rule go to quarantine, or are only counted with action = "warn"."""

    table: str
    column: str = ""
    columns: tuple[str, ...] = ()
    rule: Literal["complete", "unique", "matches", "in_set", "range", "references"]
    pattern: str = ""
    values: tuple[str, ...] = ()
    min: float | str | None = None
    max: float | str | None = None
    to: str = ""  # for references: the table
    action: Literal["quarantine", "warn"] = "quarantine"


OnFail = Literal["warn", "quarantine", "stop"]


class RulesetSettings(Settings):
    """[[quality.rulesets]]: rules in DQDL, the language of AWS Glue, about one canonical table."""

    table: str
    file: str = ""  # with the rules; relative to the config file
    text: str = ""  # the rules themselves
    name: str = ""  # under which its history is kept; empty: the name of the file, or of the table
    on_fail: OnFail = "warn"  # only say so; set the rows aside that break a rule; or stop the run before anybody is resolved
    on_label: dict[str, OnFail] = Field(default_factory=dict)  # "severity=high" -> what is done for rules with this label
    composites: Literal["dataset", "row"] = "dataset"  # row: `(a) or (b)` is decided for each row

    @model_validator(mode="after")
    def _one_of_both(self) -> RulesetSettings:
        if bool(self.file) == bool(self.text):
            raise ValueError("a ruleset has either a file or a text")
        odd = [label for label in self.on_label if "=" not in label]
        if odd:
            raise ValueError(f'{odd[0]}: a label is its key and its value, such as "severity=high"')
        return self


class AlertSettings(Settings):
    """[[quality.alerts]]: who learns what the rulesets of a run found. The command line sends them when a run ends."""

    to: Literal["webhook", "email", "file"]
    when: Literal["failed", "always"] = "failed"  # failed: only if a rule did not pass
    url: str = ""  # of a webhook: https, and an address of the public internet
    secret: str = ""  # what signs it: env:NAME, file:PATH or aws:NAME
    path: str = ""  # of a file: a line of JSON is added for each run
    host: str = ""  # of a mail server
    port: int = Field(587, ge=1, le=65535)
    tls: bool = True  # STARTTLS; without it only a mail server of this machine is used
    user: str = ""
    password: str = ""  # a secret reference
    sender: str = ""
    recipients: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> AlertSettings:
        needed = {"webhook": ("url", "secret"), "email": ("host", "sender", "recipients"), "file": ("path",)}[self.to]
        lacking = [name for name in needed if not getattr(self, name)]
        if lacking:
            raise ValueError(f"an alert to {self.to} needs {' and '.join(lacking)}")
        if self.to == "email" and not self.tls and (self.host not in ("localhost", "127.0.0.1", "::1") or self.password):
            raise ValueError("without tls only a mail server of this machine is used, and no password is sent")
        return self


class QualitySettings(Settings):
    """[quality]."""

    defaults: bool = True  # also apply the built-in rules
    rules: tuple[RuleSettings, ...] = ()
    rulesets: tuple[RulesetSettings, ...] = ()
    alerts: tuple[AlertSettings, ...] = ()
    snapshots: bool = False  # each run keeps what every canonical table is like, and says what changed against the runs before
    built_in_rulesets: bool = False  # also check the rulesets that come with the product, one for each table; they only warn


class IdentityLimits(Settings):
    """[identity.limits]: a run beyond these is stopped before the graph. Shares are between 0 and 1."""

    smallest: int = Field(default=1000, ge=0)  # the shares are checked from this many customers on
    changed: Share = 0.2  # share of the customers whose records may be grouped otherwise than in the last good run
    mixed: Share = 0.05  # share of the persons with several records that `identity health` calls mixed
    singles: tuple[Share, Share] = (0.0, 1.0)  # the share of customers with only one record is between these
    biggest: int = Field(default=0, ge=0)  # records that one customer may have; 0: any number
    weights: Share = 0.05  # share of the customers that new match weights may regroup before a person has seen it


class IdentitySettings(Settings):
    """[identity]."""

    threshold: float | None = None  # match weight (log2) above which two records are one customer; None: the default
    train: Literal["auto", "always", "never"] = "auto"  # auto: learn the weights if there are enough records
    strong: tuple[str, ...] = STRONG  # kinds of identifiers that alone make two records one customer
    shared_limit: int = Field(
        default=4, ge=1
    )  # an identifier with more different names than this counts as shared: weak evidence
    prefer_sources: tuple[str, ...] = ()  # for golden values, best first; empty: the newest value wins
    households: bool = True
    limits: IdentityLimits = IdentityLimits()


class StoreSettings(OpenSettings):
    """[graph.others.<name>]: another graph store, to copy to or from."""

    store: str


class GraphSettings(OpenSettings):
    """[graph]."""

    store: str = "sqlite"
    others: dict[str, StoreSettings] = Field(default_factory=dict)


class InsightSettings(OpenSettings):
    """[insights]; `[insights.<name>]` has the options of one insight."""

    names: tuple[str, ...] = (
        "habits", "bought_together", "related", "next_product", "next_basket", "repurchase", "worth", "groups", "connected",
    )  # fmt: skip
    as_of: str = "newest"  # the day insights are computed for: newest (the newest order), today, or a date
    every: dict[str, str] = Field(default_factory=dict)  # insight -> how often it is computed at most: "30m", "12h", "1d"


class CatalogSettings(OpenSettings):
    """[publish.catalogs.<name>]: a catalog of Iceberg tables, with the properties that pyiceberg has for it."""

    type: str = ""  # sql, rest, glue, hive ...; empty: the lake that this project publishes, where it is in the home


class SegmentSettings(Settings):
    """[segments.<name>]: customers who fulfil all rules, as the table and the vertex of the segment."""

    rules: tuple[str, ...]  # conditions: "spent > 500 EUR", "segment in at risk, lapsed"
    audience: bool = True  # who refused offers, or died, is not in it


class JoinSettings(Settings):
    """[[publish.joins]]: join a table of a SQL source (a warehouse), or of a catalog of Iceberg tables, to the customers."""

    name: str
    source: str = ""  # a source with connector = "sql" ...
    catalog: str = ""  # ... or one of [publish.catalogs]
    table: str  # a table, "schema.table"; of a SQL source also a query
    on: str  # the column of that table
    object: str = ""  # ... which contains the keys of records of this object ("source.object")
    identifier: str = ""  # ... or contains identifiers of this kind (email, phone, tax ...)
    classes: dict[str, str] = Field(default_factory=dict)  # column -> who may see it: plain, contact, sensitive, financial, text


class TargetSettings(OpenSettings):
    """[publish.targets.<name>]."""

    target: str
    tables: tuple[str, ...] = ()  # empty: all
    role: str = ""  # the tables are masked for this role of the policy; empty: they are sent as they are


class WritebackSettings(Settings):
    """[writeback.<name>]: what of the 360 view is written into fields of a CRM."""

    source: str  # one of [sources]; it is written with the login of that source
    object: str  # "Contact", "contacts", "party.party": whose rows are records here
    fields: dict[str, str] = Field(min_length=1)  # field of the CRM -> what is written: "customer_id", "segments", "next_product"
    wins: Literal["crm", "fullcircle"] = "crm"  # whose value stays where somebody has changed in the CRM what was written
    # Of the values that were written before: if a run would empty more, it stops and writes nothing.
    clear_share: Share = 0.3


SQL_SERVER = "sql.json"  # in the home: where the own SQL server is; with it there is a target of its tables


class PublishSettings(Settings):
    """[publish]."""

    sql: bool = False  # publish into the own SQL server, too: also true once `fullcircle sql serve` has made it
    targets: dict[str, TargetSettings] = Field(default_factory=dict)
    joins: tuple[JoinSettings, ...] = ()
    catalogs: dict[str, CatalogSettings] = Field(default_factory=dict)


class SecuritySettings(Settings):
    """[security]: what of the home is encrypted. See docs/how-to/encryption.md."""

    encrypt: bool = False  # the book and the landed files
    key: str = ""  # of the key that wraps the keys of these: env:NAME, file:PATH or aws-kms:KEY


class GovernSettings(Settings):
    """[govern]: who may see what. Without this section one person sees all."""

    policy: str = ""  # a folder with rules of your own, *.cedar; they are added to those that come with the product
    roles: tuple[str, ...] = ()  # roles of your own, which only your rules give something to


class ConsentSettings(Settings):
    """[consent]: to whom offers are made. What a customer refused, as `show` says it, counts before all."""

    without: Literal["allow", "deny"] = "allow"  # offers to a customer of whom nobody says whether they agreed or refused
    purposes: tuple[str, ...] = ()  # channels and purposes, as `show` names them, that count for offers; empty: all of them


class AuditSettings(Settings):
    """[audit]: the log of what was shown to whom."""

    keep: bool = False  # also without [govern]; with it the log is always kept
    checkpoints: str = ""  # a folder for signed checkpoints, which belong elsewhere: they show a log that was cut
    key: str = ""  # the Ed25519 key that signs them, as PEM: env:, file: or aws:; without it one is made in the home


class OidcSettings(Settings):
    """[serve.oidc]: the company's login (OpenID Connect). Its access tokens open the API; people log in with it at the page."""

    issuer: str = Field(pattern=r"^https?://[^\s?#]+$")  # as its tokens say it: "https://login.example.org/realms/shop"
    audience: str = Field(min_length=1)  # what access tokens for this server are for
    client_id: str = ""  # of the page there; empty: the page has no such login
    client_secret: str = ""  # a secret reference; empty: a public client
    scope: str = "openid"  # what the page asks for
    algorithms: tuple[Literal["RS256", "ES256", "EdDSA"], ...] = Field(("RS256",), min_length=1)  # how tokens may be signed
    roles_claim: str = "roles"  # where a token says the roles; dots lead inside: "realm_access.roles"
    roles: dict[str, str] = Field(default_factory=dict)  # what it says there -> a role of this project

    @model_validator(mode="after")
    def _apart(self) -> OidcSettings:
        """A token that says who logged in must not open the API."""
        if self.client_id == self.audience:
            raise ValueError("[serve.oidc] audience is that of access tokens for the API, not the client_id of the page")
        return self


class ServeSettings(Settings):
    """`fullcircle serve`: the REST API, the web page and the tools for AI assistants."""

    host: str = "127.0.0.1"
    port: int = Field(8360, ge=0, le=65535)  # 0: any that is free
    origin: str = Field(
        "", pattern=r"^(https?://[^/\s]+/?)?$"
    )  # where browsers find it, behind a proxy: "https://c360.example.org"
    certificate: str = ""  # a file in PEM: with its key the server speaks https
    key: str = ""
    per_minute: int = Field(600, ge=0)  # requests of one asker; 0: as many as they like
    threads: int = Field(4, ge=1)  # that answer; more of them only take the processor from each other
    at_once: int = Field(32, ge=1)  # requests that are answered at the same time; more are asked to come again
    body_bytes: int = Field(1_000_000, ge=1_000)  # of a request
    loopback_webhooks: bool = False  # webhooks may lead to this machine, also by http: to try them out
    request_log: bool = True  # a line for each request on stderr, without queries, ids and names
    oidc: OidcSettings | None = None  # the company's login
    proposals: bool = False  # assistants may propose merges and splits, which wait in the review queue


class Config(BaseSettings):
    """The whole file; environment values override it."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix=ENV_PREFIX, env_nested_delimiter="__")

    project: ProjectSettings = ProjectSettings()
    engine: EngineSettings = EngineSettings()
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    pull: PullSettings = PullSettings()
    map: tuple[MapSettings, ...] = ()
    status: StatusSettings = StatusSettings()
    money: MoneySettings = MoneySettings()
    quality: QualitySettings = QualitySettings()
    identity: IdentitySettings = IdentitySettings()
    graph: GraphSettings = GraphSettings()
    insights: InsightSettings = InsightSettings()
    segments: dict[str, SegmentSettings] = Field(default_factory=dict)
    publish: PublishSettings = PublishSettings()
    writeback: dict[str, WritebackSettings] = Field(default_factory=dict)
    security: SecuritySettings = SecuritySettings()
    govern: GovernSettings | None = None
    consent: ConsentSettings = ConsentSettings()
    audit: AuditSettings = AuditSettings()
    serve: ServeSettings = ServeSettings()
    folder: Path = Field(default=Path("."), exclude=True)  # the folder the file is in; not a key of the file

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then the file; nothing else is read."""
        return env_settings, init_settings

    @property
    def home(self) -> Path:
        """The folder for all data."""
        return (self.folder / self.project.home).resolve()
