"""Secrets: the file holds references only (`env:NAME` or `file:PATH`); their values print as ***."""

from __future__ import annotations

import os
import re
from pathlib import Path

from fullcircle.errors import ConfigError


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
