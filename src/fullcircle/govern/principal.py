"""Who asks, and through which door: what the policy decides by, and what the audit log keeps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """A person or a program that asks. `via` says how it is known: by the operating system, or by an API key."""

    name: str  # "os:maria", "key:c360_4q2m"
    roles: frozenset[str]
    door: str = "python"  # "cli", "python", "rest", "web", "mcp", "sql"
    via: str = "os"
    scope: frozenset[str] = frozenset()  # the only actions that a key is for; empty: all that the roles may
