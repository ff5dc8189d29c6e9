"""How many examples a property test draws, and from which seed.

    @settings(max_examples=examples(5, soak=50))

draws 5 examples in every run and 50 in a soak: what is slow for one example keeps its full number for the soak. Likewise

    @pytest.mark.parametrize("at", some_of(range(1, 11), usual=3))

takes 3 of the ten in every run (the first, the last, one between) and all ten in a soak.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest
from hypothesis import settings

Value = TypeVar("Value")

FACTOR = 5  # times the usual number of examples in a soak, where the test names no number


def profile() -> str:
    """The profile asked for in the environment: `ci` (the usual one) or `soak`."""
    return os.environ.get("FULLCIRCLE_PROFILE") or os.environ.get("HYPOTHESIS_PROFILE") or "ci"


def examples(usual: int, soak: int = 0) -> int:
    """The number of examples: `usual`, or in a soak `soak` (at least `usual` times the factor)."""
    return max(soak, usual * FACTOR) if profile() == "soak" else usual


def spread(values: Sequence[Value], usual: int) -> list[Value]:
    """So many of the values, evenly spread from the first to the last; in a soak all."""
    if profile() == "soak" or usual >= len(values):
        return list(values)
    return [values[round(at * (len(values) - 1) / max(usual - 1, 1))] for at in range(usual)]


def some_of(values: Sequence[object], usual: int) -> list[object]:
    """Parameters of a slow test: so many in a run, all in a soak, which then counts the test among the properties."""
    marks = [pytest.mark.property] if profile() == "soak" else []
    return [
        pytest.param(*value, marks=marks) if isinstance(value, tuple) else pytest.param(value, marks=marks)
        for value in spread(values, usual)
    ]


def load_profile() -> None:
    """Register the profiles and take the one asked for."""
    settings.register_profile("ci", derandomize=True, database=None, deadline=None, print_blob=True, max_examples=100)
    settings.register_profile("soak", database=None, deadline=None, print_blob=True, max_examples=examples(100))
    settings.load_profile(profile())
