"""How many examples a property test draws, and from which seed.

    @settings(max_examples=examples(5, soak=50))

draws 5 examples in every run and 50 in a soak: what is slow for one example keeps its full number for the soak.
"""

from __future__ import annotations

import os

from hypothesis import settings

FACTOR = 5  # times the usual number of examples in a soak, where the test names no number


def profile() -> str:
    """The profile asked for in the environment: `ci` (the usual one) or `soak`."""
    return os.environ.get("FULLCIRCLE_PROFILE") or os.environ.get("HYPOTHESIS_PROFILE") or "ci"


def examples(usual: int, soak: int = 0) -> int:
    """The number of examples: `usual`, or in a soak `soak` (at least `usual` times the factor)."""
    return max(soak, usual * FACTOR) if profile() == "soak" else usual


def load_profile() -> None:
    """Register the profiles and take the one asked for."""
    settings.register_profile("ci", derandomize=True, database=None, deadline=None, print_blob=True, max_examples=100)
    settings.register_profile("soak", database=None, deadline=None, print_blob=True, max_examples=examples(100))
    settings.load_profile(profile())
