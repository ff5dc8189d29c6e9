"""Whether products are beside one another in numbered columns: `Item 1`, `Item 2`. wide.py reads them."""

from __future__ import annotations

import re
from collections.abc import Collection

from fullcircle.mapping.propose.words import plain

FIRST = re.compile(r"(?<!\d)1(?!\d)")


def are_numbered(fields: Collection[str], product: str) -> bool:
    """True if there is a second product beside this one on the row: `Item 2` beside `Item 1`."""
    second = plain(FIRST.sub("2", product, count=1)) if FIRST.search(product) else ""
    return bool(second) and second in {plain(one) for one in fields}
