"""The error of a ruleset, with its place."""

from __future__ import annotations

from fullcircle.errors import ConfigError
from fullcircle.quality.dqdl.tree import TextPlace


class RulesetError(ConfigError):
    """A ruleset cannot be read, or a rule of it makes no sense; the message says where."""

    code = "ruleset"

    def __init__(self, message: str, hint: str = "", place: TextPlace | None = None) -> None:
        super().__init__(f"Line {place.line}, column {place.column}: {message}" if place else message, hint)
        self.place = place
