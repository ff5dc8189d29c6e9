"""Words for the stage of a deal. Rows with a stage and a sum are deals, whatever their file is called. See `is_of_deals`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from fullcircle.mapping.propose.words import spellings, words


def is_of_deals(names: Collection[str], interactions: Mapping[str, str]) -> bool:
    """True for rows with a stage and a sum: those are deals, whatever the file is called."""
    return not _stages().isdisjoint(names) and "amount" in interactions


@cache
def _stages() -> frozenset[str]:
    return frozenset(form for word in words()["stages"]["words"] for form in spellings(word))
