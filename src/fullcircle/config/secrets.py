"""Secrets: the config file contains only references (`env:NAME` or `file:PATH`). The values print as ***."""

from __future__ import annotations

import os
import re
from pathlib import Path

from fullcircle.errors import ConfigError


class Secret:
    """A secret value that prints as ***; call `reveal()` where it is used."""

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself: pass it on, but do not keep, print or log it."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__


def secret(reference: str, what: str, folder: Path = Path(".")) -> Secret:
    """Read the secret that a reference (`env:NAME` or `file:PATH`) points to. Anything else is an error.

    `what` names the secret in messages; a relative PATH starts at `folder`.
    """
    scheme, _, rest = reference.partition(":")
    if scheme == "env" and rest:
        if rest not in os.environ:
            raise ConfigError(
                f"{what} is read from the environment variable {rest}, which is not set.", f"Set it: export {rest}=..."
            )
        return Secret(os.environ[rest])
    if scheme == "file" and rest:
        try:
            return Secret((folder / rest).read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(
                f"{what} is read from the file {rest}, which cannot be read.", "Check the path and the file's permissions."
            ) from error
    raise ConfigError(
        f"{what} is in plain text in the config file.",
        "Put it into an environment variable and write env:NAME, or into a file of its own and write file:PATH.",
    )


PASSWORD_IN_URL = re.compile(r"://[^/@:]*:[^@/]+@")


def url(value: str, what: str, folder: Path = Path(".")) -> Secret:
    """A URL by reference, as for `secret`, or in plain text if it contains no password."""
    if value.startswith(("env:", "file:")):
        return secret(value, what, folder)
    if PASSWORD_IN_URL.search(value):
        raise ConfigError(
            f"{what} contains a password in plain text.",
            "Put the whole URL into an environment variable and write env:NAME.",
        )
    return Secret(value)
