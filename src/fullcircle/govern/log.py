"""Where what was shown is noted. `open_audit` says which log a project has."""

from __future__ import annotations

from fullcircle.config.sections import Config
from fullcircle.govern.entry import AuditEntry, AuditLog


class NullLog:
    """Keeps nothing: a project without an audit log, or a test."""

    def note(self, entry: AuditEntry) -> None:
        """Nothing is kept."""


class ListLog:
    """Keeps the entries in memory, for tests and dry runs."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []

    def note(self, entry: AuditEntry) -> None:
        """Keep it at the end of the list."""
        self.entries.append(entry)


def open_audit(settings: Config) -> AuditLog:  # noqa: ARG001 - the one place that says which log a project has
    """The audit log of a project. THE place to change when the log itself is there."""
    return NullLog()
