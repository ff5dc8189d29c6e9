"""What is usual for a metric, by its values before: limits that single odd values do not move."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

DEVIATIONS = 3.5  # typical deviations from the median that are still usual
PER_MAD = 1.4826  # a standard deviation of normal values, in median absolute deviations
LEAST = 0.02  # of the median: what never changed may change by so much, and what is whole by one


def robust_limits(before: Sequence[float]) -> tuple[float, float]:
    """The least and the most that is usual. `before` has at least one value."""
    middle = statistics.median(before)
    typical = PER_MAD * statistics.median(abs(value - middle) for value in before)
    whole = all(value == int(value) for value in before)
    share = max(DEVIATIONS * typical, abs(middle) * LEAST, 1.0 if whole and max(map(abs, before)) > 1 else 0.0)
    return middle - share, middle + share
