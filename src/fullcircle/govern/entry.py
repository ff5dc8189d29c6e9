"""What one answer showed, as the audit log keeps it. There are no values in it, and customers only by pseudonym."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from fullcircle.govern.principal import Principal

Outcome = Literal["answered", "refused", "failed"]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One question and what was shown for it. `customers` are ids: the log stores pseudonyms of them, never the ids."""

    who: Principal
    question: str  # "show", "search", "merge", "export" ...
    outcome: Outcome
    customers: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()  # names of what was shown, sorted; masked ones with their level: "email:partial"
    rule: str = ""  # the ids of the policies that decided
    detail: str = ""  # no values: a count, a label, a reason


class AuditLog(Protocol):
    """Where entries are kept."""

    def note(self, entry: AuditEntry) -> None:
        """Append one entry. It is durable when this returns; an error means that the answer must not be given."""
        ...
