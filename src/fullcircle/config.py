"""One fullcircle.toml, read once at the door into frozen settings; environment values override it.

`FULLCIRCLE_GRAPH__STORE=memory` overrides `store` in `[graph]`. A wrong key or type is told with its place and the
nearest right key. Secrets stand in the file by reference only: `env:NAME` or `file:PATH`.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from fullcircle.errors import ConfigError

FILE_NAME = "fullcircle.toml"
ENV_PREFIX = "FULLCIRCLE_"


class Settings(BaseModel):
    """What all sections have in common: frozen, and no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class OpenSettings(BaseModel):
    """A section whose further keys belong to a plugin, which checks them itself."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    @property
    def options(self) -> dict[str, Any]:
        """The keys that belong to the plugin."""
        return dict(self.model_extra or {})


class ProjectSettings(Settings):
    """[project]."""

    name: str = "my-company"
    home: str = ".fullcircle"  # where everything is kept, relative to the config file
    country: str = "US"  # ISO code: how phone numbers and addresses without a country are read


class EngineSettings(Settings):
    """[engine]."""

    memory: str = "2GB"
    threads: int = 0  # 0: all cores


class SourceSettings(OpenSettings):
    """[sources.<name>]."""

    connector: str


class FieldRule(Settings):
    """How one canonical column comes from a source object. A plain string in the config means `field`."""

    field: str = ""  # a column, or a dotted path into the raw record: "address.city", "emails[0]"
    fields: tuple[str, ...] = ()  # several, joined with `join`
    join: str = " "
    value: Any = None  # a constant
    sql: str = ""  # an expression over the landed columns, in DuckDB's dialect
    ref: str = ""  # the value is the key of a row in this object (of this source, or "source.object")
    map: dict[str, str] = Field(default_factory=dict)  # value -> value; what is not listed stays as it is


class MapSettings(Settings):
    """[[map]]: one source object to one canonical table. An object may be mapped several times."""

    source: str
    object: str
    to: str
    where: str = ""  # a condition on the landed columns: which rows this mapping takes
    key: str = ""  # tells rows apart when several maps make rows of one table from the same landed row (appended to the id)
    each: str = ""  # a JSON array in the raw record: a row for each element, in which `field` is then a path; "$." is the record
    optional: bool = False  # True: it is no error when the object was never pulled
    fields: dict[str, FieldRule] = Field(default_factory=dict)


class RuleSettings(Settings):
    """[[quality.rules]]: rows that break it go to quarantine (or are only counted, with action = "warn")."""

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


class QualitySettings(Settings):
    """[quality]."""

    defaults: bool = True  # also apply the built-in rules
    rules: tuple[RuleSettings, ...] = ()


class IdentitySettings(Settings):
    """[identity]."""

    threshold: float | None = None  # match weight (log2) above which two records are one customer; None: built in
    train: Literal["auto", "always", "never"] = "auto"  # auto: learn weights when there are records enough
    strong: tuple[str, ...] = ("loyalty", "tax", "passport", "licence", "national", "external")
    shared_limit: int = 4  # an identifier with more different names than this is shared and says little
    prefer_sources: tuple[str, ...] = ()  # for golden values, best first; empty: newest wins
    households: bool = True


class StoreSettings(OpenSettings):
    """[graph.others.<name>]: a second graph store, to copy to or from."""

    store: str


class GraphSettings(OpenSettings):
    """[graph]."""

    store: str = "ladybug"
    others: dict[str, StoreSettings] = Field(default_factory=dict)


class InsightSettings(OpenSettings):
    """[insights]; `[insights.<name>]` holds the options of one."""

    names: tuple[str, ...] = ("habits", "bought_together", "related", "next_product")
    as_of: str = "newest"  # newest: the newest order; today; or a date


class JoinSettings(Settings):
    """[[publish.joins]]: bring a table of a SQL source (a warehouse) together with the customers."""

    name: str
    source: str  # a source with connector = "sql"
    table: str
    on: str  # the column of that table
    object: str = ""  # ... holds the keys of records of this object ("source.object")
    identifier: str = ""  # ... or holds identifiers of this kind (email, phone, tax ...)


class TargetSettings(OpenSettings):
    """[publish.targets.<name>]."""

    target: str
    tables: tuple[str, ...] = ()  # empty: all


class PublishSettings(Settings):
    """[publish]."""

    targets: dict[str, TargetSettings] = Field(default_factory=dict)
    joins: tuple[JoinSettings, ...] = ()


class Config(BaseSettings):
    """The whole file; environment values come before it."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix=ENV_PREFIX, env_nested_delimiter="__")

    project: ProjectSettings = ProjectSettings()
    engine: EngineSettings = EngineSettings()
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    map: tuple[MapSettings, ...] = ()
    quality: QualitySettings = QualitySettings()
    identity: IdentitySettings = IdentitySettings()
    graph: GraphSettings = GraphSettings()
    insights: InsightSettings = InsightSettings()
    publish: PublishSettings = PublishSettings()
    folder: Path = Field(default=Path("."), exclude=True)  # where the file stands; not a key of the file

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then what stood in the file; nothing else is read."""
        return env_settings, init_settings

    @property
    def home(self) -> Path:
        """Where everything is kept."""
        return (self.folder / self.project.home).resolve()


def find(start: Path | None = None) -> Path:
    """The config file in this folder or the nearest one above it."""
    named = os.environ.get(f"{ENV_PREFIX}CONFIG")
    if named:
        return Path(named)
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    raise ConfigError(
        f"There is no {FILE_NAME} in {start} or above it.",
        "`fullcircle init` writes one; `fullcircle demo` shows the whole way on a made-up company; `--config FILE` names one.",
    )


def load(named: Path | None) -> Config:
    """The settings of the config file that was named, else of the nearest one: how every front door opens."""
    return read(named or find())


def read(path: Path) -> Config:
    """Read and check the config file; environment values override it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(f"The config file {path} does not exist.", "`fullcircle init` writes one.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The config file {path} cannot be read: {error}.", "It must be a UTF-8 text file.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.", "Mend that line and try again.") from error
    _spread_fields(data)
    if "folder" in data:
        data["folder "] = data.pop("folder")  # not a key of the file: told as unknown
    try:
        return parse(Config, {**data, "folder": path.parent.resolve()}, str(path))
    except SettingsError as error:
        raise ConfigError(f"An environment variable {ENV_PREFIX}... cannot be read: {error}.", "Unset or correct it.") from error


def _spread_fields(data: dict[str, Any]) -> None:
    """`email = "mail"` in [map.fields] is short for `email = { field = "mail" }`."""
    for entry in data.get("map", []) if isinstance(data.get("map"), list) else []:
        fields = entry.get("fields") if isinstance(entry, dict) else None
        if isinstance(fields, dict):
            entry["fields"] = {name: {"field": rule} if isinstance(rule, str) else rule for name, rule in fields.items()}


Model = TypeVar("Model", bound=BaseModel)


def parse(model: type[Model], data: dict[str, Any], where: str) -> Model:
    """Check `data` against a settings class; the error names the key, its place and the nearest right key.

    Plugins use it for their own options: `parse(SqlOptions, surroundings.options, "[sources.crm]")`.
    """
    try:
        return model(**data)
    except ValidationError as error:
        first = error.errors()[0]
        place = _place(first["loc"])
        key = str(first["loc"][-1])
        if first["type"] == "extra_forbidden":
            known = _known_keys(model, first["loc"][:-1])
            near = difflib.get_close_matches(key, known, 1)
            guess = f'Did you mean "{near[0]}"?' if near else f"Known here: {', '.join(known)}."
            raise ConfigError(f'{where}: unknown key "{key}" in {place.rpartition(".")[0] or "the top level"}.', guess) from error
        if first["type"] == "missing":
            raise ConfigError(
                f'{where}: the key "{key}" is missing in {place.rpartition(".")[0] or "the top level"}.', "Add it."
            ) from error
        raise ConfigError(f"{where}: {place} is wrong: {first['msg']}.", "Correct the value and try again.") from error


def _place(loc: tuple[int | str, ...]) -> str:
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys allowed at a place: walk the annotations along the path."""
    kind: Any = model
    for part in loc:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = kind.model_fields[str(part)].annotation
        else:  # dict[str, X] or tuple[X, ...]
            inner = [arg for arg in get_args(kind) if isinstance(arg, type) and issubclass(arg, BaseModel)]
            kind = inner[0] if inner else kind
    return sorted(set(kind.model_fields) - {"folder"}) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


class Secret:
    """A secret value that prints as ***; `reveal()` gives it where it is used."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself: pass it on, do not keep or print it."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__


def secret(reference: str, what: str, folder: Path = Path(".")) -> Secret:
    """Fetch a secret named by reference: `env:NAME` or `file:PATH`; anything else is refused."""
    scheme, _, rest = reference.partition(":")
    if scheme == "env" and rest:
        if rest not in os.environ:
            raise ConfigError(f"{what} is in the environment variable {rest}, which is not set.", f"export {rest}=...")
        return Secret(os.environ[rest])
    if scheme == "file" and rest:
        try:
            return Secret((folder / rest).read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"{what} is in the file {rest}, which cannot be read.", "Check the path and its permissions."
            ) from error
    raise ConfigError(
        f"{what} stands in the config file itself.",
        "Put it into the environment and write env:NAME, or into a file and write file:PATH.",
    )


PASSWORD_IN_URL = re.compile(r"://[^/@:]*:[^@/]+@")


def url(value: str, what: str, folder: Path = Path(".")) -> Secret:
    """A URL that may hold a password: by reference, or in clear if it holds none."""
    if value.startswith(("env:", "file:")):
        return secret(value, what, folder)
    if PASSWORD_IN_URL.search(value):
        raise ConfigError(
            f"{what} holds a password in the config file.", "Put the whole URL into the environment and write env:NAME."
        )
    return Secret(value)
