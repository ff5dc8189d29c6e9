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


def open_audit(settings: Config) -> AuditLog:
    """The audit log of a project: kept where there is a policy, or [audit] keep is on."""
    if settings.govern is None and not settings.audit.keep:
        return NullLog()
    from fullcircle.govern import audit

    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return audit.open_audit(settings.home, settings)
