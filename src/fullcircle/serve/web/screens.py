"""The screens in the page's head, each under the action of the policy that it needs. Whoever may not take it is not shown it."""

from __future__ import annotations

from fullcircle.govern.door import Door

SCREENS = (("/", "Search", "search"),)


def screens_of(door: Door) -> tuple[tuple[str, str], ...]:
    """Addresses with names."""
    return tuple((address, name) for address, name, action in SCREENS if _may(door, action))


def _may(door: Door, action: str) -> bool:
    return door.policy is None or door.policy.ruling(door.who, action).allowed
