"""Writes a new source into the config file, at its end: what is in it stays as it is, comments too."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fullcircle.config.read import FILE_NAME, read_config
from fullcircle.config.sections import Config
from fullcircle.errors import ConfigError, FullcircleError

IS_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def value_of(text: str) -> Any:
    """An option as it was typed: a number, true, false or a list as TOML writes them; anything else is text."""
    try:
        found = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return found if isinstance(found, (int, float, bool, list)) else text


def check_name(settings: Config, name: str) -> None:
    """ConfigError for a name that a new source cannot have."""
    if not IS_NAME.fullmatch(name):
        raise ConfigError(f'"{name}" cannot be the name of a source.', "Use small letters, digits and _: crm, shop_eu.")
    if name in settings.sources:
        raise ConfigError(f'The config has a source "{name}" already.', "Choose another name, or edit the file.")


def section(name: str, connector: str, options: Mapping[str, Any]) -> str:
    """The text of the section."""
    lines = [f"[sources.{name}]", f'connector = "{connector}"']
    return "\n".join([*lines, *(f"{key} = {_written(value)}" for key, value in options.items())]) + "\n"


def append(settings: Config, file: Path | None, text: str) -> Path:
    """Write a section at the end of the config file, which is the old or the new one if this is killed.

    ConfigError, and the file as it was, if it could not be read with this section.
    """
    path = file if file and file.is_file() else settings.folder / FILE_NAME
    before = path.read_text(encoding="utf-8")
    made = path.with_name(f".{path.name}.new")
    made.write_text(f"{before.rstrip()}\n\n{text}", encoding="utf-8")
    made.chmod(path.stat().st_mode)
    try:
        read_config(made)
    except FullcircleError as error:
        made.unlink()
        raise ConfigError(error.message.replace(str(made), str(path)), "The file was left as it was.") from None
    os.replace(made, path)
    return path


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, (int, float)):
        return str(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    if any(ord(letter) < 32 for letter in escaped):
        raise ConfigError("A value for the config holds a line break or another control character.", "Leave it out.")
    return f'"{escaped}"'
