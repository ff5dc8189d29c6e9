"""The screens in the page's head, each under the action of the policy that it needs. Whoever may not take it is not shown it."""

from __future__ import annotations

from urllib.parse import quote

from fullcircle.govern.door import Door

GROUPS = (
    (
        "Find",
        (("/", "Search", "search"), ("/explore", "Explorer", "path"), ("/path", "Path", "path"), ("/why", "Compare", "why")),
    ),
    ("Decide", (("/review", "Review", "review"), ("/decisions", "Decisions", "history"))),
    ("Insights", (("/segments", "Segments", "search"), ("/together", "Bought together", "bought_together"))),
    ("Data", (("/quality", "Quality", "quality"), ("/runs", "Runs", "runs"))),
    ("Control", (("/audit", "Audit", "audit"), ("/erased", "Erasures", "erase"), ("/access", "Access", "configure"))),
)
Links = tuple[tuple[str, str], ...]  # addresses with names
OF_CUSTOMER = (
    ("", "Profile", "show"),
    ("/timeline", "Timeline", "timeline"),
    ("/people", "People", "show"),
    ("/related", "Related", "related"),
    ("/how", "Why one", "how"),
    ("/history", "History", "history"),
    ("/privacy", "Privacy", "show"),
)

BESIDE_CUSTOMER = (("/explore?at=", "Explorer", "path"), ("/decide?customer=", "Merge or split", "decide"))
SHOWS_ALL = ("decide",)  # before and after show every field


def screens_of(door: Door) -> tuple[tuple[str, Links], ...]:
    """The groups of screens, each with its name, as far as they may be opened."""
    groups = ((group, tuple(one[:2] for one in screens if permits(door, one[2]))) for group, screens in GROUPS)
    return tuple((group, links) for group, links in groups if links)


def screens_of_customer(door: Door, id: str) -> Links:
    """The screens of one customer: addresses with names."""
    start = f"/customers/{quote(id)}"
    own = [(f"{start}{end}", name) for end, name, action in OF_CUSTOMER if permits(door, action)]
    beside = [(f"{screen}{quote(id)}", name) for screen, name, action in BESIDE_CUSTOMER if _opens(door, action)]
    return (*own, *beside)


def _opens(door: Door, action: str) -> bool:
    return permits(door, action) and (door.mask.whole or action not in SHOWS_ALL)


def permits(door: Door, action: str) -> bool:
    """True where the policy permits this action, or there is no policy."""
    return door.policy is None or door.policy.ruling(door.who, action).allowed
