"""Finds, reads and checks the config file. A wrong key or type is reported with its location and the valid keys."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_settings import SettingsError

from fullcircle.config.sections import ENV_PREFIX, SQL_SERVER, Config
from fullcircle.errors import ConfigError, did_you_mean

FILE_NAME = "fullcircle.toml"
SQLITE = "sqlite:///"


def find_config(start: Path | None = None) -> Path:
    """The config file in this folder or the nearest one above it."""
    named = os.environ.get(f"{ENV_PREFIX}CONFIG")
    if named:
        return Path(named)
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    raise ConfigError(
        f"No {FILE_NAME} was found in {start} or in a folder above it.",
        "Create one with `fullcircle init`, name one, or try `fullcircle demo`: a complete example with a fictitious company.",
    )


def load_config(named: Path | None) -> Config:
    """The settings of the named config file, else of the nearest one. Every front end starts with this."""
    return read_config(named or find_config())


def read_config(path: Path) -> Config:
    """Read and check the config file; environment values override it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(
            f"The config file {path} does not exist.", "Check the path, or create one with `fullcircle init`."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The config file {path} cannot be read: {error}.", "It must be a UTF-8 text file.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.", "Correct that line and try again.") from error
    _refuse_other_rules()
    _spread_fields(data)
    if "folder" in data:
        data["folder "] = data.pop("folder")  # not a key of the file: so it is reported as unknown
    try:
        config = parse(Config, {**data, "folder": path.parent.resolve()}, str(path))
    except SettingsError as error:
        raise ConfigError(f"An environment variable {ENV_PREFIX}... is not valid: {error}.", "Correct or unset it.") from error
    _refuse_twins(config, path)
    if (config.home / SQL_SERVER).is_file():  # what holds people's data is kept up to date, and reached by an erasure
        config = config.model_copy(update={"publish": config.publish.model_copy(update={"sql": True})})
    return config


def _refuse_other_rules() -> None:
    """ConfigError for a policy in the environment: everybody can set a variable, and would choose the rules for themselves."""
    for name, value in os.environ.items():
        section = name.upper().removeprefix(ENV_PREFIX) if name.upper().startswith(ENV_PREFIX) else ""
        named = section.endswith(("__ROLE", "__ROLES")) or "__CLASSES" in section
        masks = section.startswith("PUBLISH") and (named or any(f'"{key}"' in value for key in ("role", "roles", "classes")))
        if section.startswith("GOVERN") or masks:
            raise ConfigError(
                f"The environment variable {name} would change who may see what.",
                "Unset it: [govern], roles of publish targets and classes of joins are read from the config file alone.",
            )


def _refuse_twins(config: Config, path: Path) -> None:
    """ConfigError if two sources read the same folder or database with the same options: all of it would count twice."""
    seen: dict[str, str] = {}
    for name, source in config.sources.items():
        options = dict(source.model_extra or {})
        place, url = options.get("path"), str(options.get("url") or "")
        if isinstance(place, str):
            options["path"] = os.path.normpath(config.folder / place)
        elif url.startswith(SQLITE):
            options["url"] = os.path.normpath(config.folder / url.removeprefix(SQLITE))
        elif not url:
            continue
        twin = seen.setdefault(f"{source.connector} {sorted(options.items(), key=str)}", name)
        if twin != name:
            raise ConfigError(
                f"{path}: the sources {twin} and {name} read the same data, and all of it would count twice.",
                f"Remove [sources.{twin}] or [sources.{name}], and the maps of that one.",
            )


def _spread_fields(data: dict[str, Any]) -> None:
    """`email = "mail"` in [map.fields] is short for `email = { field = "mail" }`."""
    for entry in data.get("map", []) if isinstance(data.get("map"), list) else []:
        fields = entry.get("fields") if isinstance(entry, dict) else None
        if isinstance(fields, dict):
            entry["fields"] = {name: {"field": rule} if isinstance(rule, str) else rule for name, rule in fields.items()}


SettingsClass = TypeVar("SettingsClass", bound=BaseModel)


def parse(model: type[SettingsClass], data: dict[str, Any], where: str) -> SettingsClass:
    """Check `data` against a settings class. The error names the key and its section, and suggests the closest valid key.

    Plugins use it for their own options: `parse(SqlOptions, context.options, "[sources.crm]")`.
    """
    try:
        return model(**data)
    except ValidationError as error:
        first = error.errors()[0]
        if not first["loc"]:  # of several keys together
            said = first["msg"].removeprefix("Value error, ")
            raise ConfigError(f"{where}: {said}.", "Correct the values and try again.") from error
        place = _place(first["loc"])
        key = str(first["loc"][-1])
        if first["type"] == "extra_forbidden":
            hint = did_you_mean(key, _known_keys(model, first["loc"][:-1]))
            raise ConfigError(f'{where}: unknown key "{key}"{_inside(place, where)}.', hint) from error
        if first["type"] == "missing":
            raise ConfigError(f'{where}: the key "{key}" is missing{_inside(place, where)}.', f"Add it: {key} = ...") from error
        raise ConfigError(f"{where}: {place} is wrong: {first['msg']}.", "Correct the value and try again.") from error


def _inside(place: str, where: str) -> str:
    section = place.rpartition(".")[0]
    return f" in {section}" if section else "" if where.startswith("[") else " in the top level"


def _place(loc: tuple[int | str, ...]) -> str:
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that are valid at a location: follow the annotations along the path."""
    kind: Any = model
    for part in loc:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = kind.model_fields[str(part)].annotation
        else:  # dict[str, X] or tuple[X, ...]
            inner = [arg for arg in get_args(kind) if isinstance(arg, type) and issubclass(arg, BaseModel)]
            kind = inner[0] if inner else kind
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return []
    return sorted({field.alias or name for name, field in kind.model_fields.items()} - {"folder"})
