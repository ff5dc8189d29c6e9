"""The screens in the page's head, each under the action of the policy that it needs. Whoever may not take it is not shown it."""

from __future__ import annotations

from urllib.parse import quote

from fullcircle.govern.door import Door

SCREENS = (
    ("/", "Search", "search"),
    ("/path", "Path", "path"),
    ("/together", "Bought together", "bought_together"),
    ("/why", "Compare", "why"),
    ("/erased", "Erasures", "erase"),
)
OF_CUSTOMER = (
    ("", "Profile", "show"),
    ("/timeline", "Timeline", "timeline"),
    ("/people", "People", "show"),
    ("/related", "Related", "related"),
    ("/how", "Why one", "how"),
    ("/history", "History", "history"),
    ("/privacy", "Privacy", "show"),
)


def screens_of(door: Door) -> tuple[tuple[str, str], ...]:
    """Addresses with names."""
    return tuple((address, name) for address, name, action in SCREENS if permits(door, action))


def screens_of_customer(door: Door, id: str) -> tuple[tuple[str, str], ...]:
    """The screens of one customer: addresses with names."""
    start = f"/customers/{quote(id)}"
    return tuple((f"{start}{end}", name) for end, name, action in OF_CUSTOMER if permits(door, action))


def permits(door: Door, action: str) -> bool:
    """True where the policy permits this action, or there is no policy."""
    return door.policy is None or door.policy.ruling(door.who, action).allowed
