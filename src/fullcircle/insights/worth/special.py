"""Functions of mathematics, and the search for the least value. Only this file of the room imports these parts of SciPy.

They are imported when they are called: a project with too few customers pays nothing for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from fullcircle.insights.history import Floats

BOUND = 9.0  # of each logarithm: a number beyond e^9 is the same as none


def lgamma(values: npt.ArrayLike) -> Floats:
    """The logarithm of the gamma function."""
    from scipy.special import gammaln

    found: Floats = gammaln(values)
    return found


def digamma(values: npt.ArrayLike) -> Floats:
    """Its derivative."""
    from scipy.special import digamma as function

    found: Floats = function(values)
    return found


def least(function: Callable[[Floats], tuple[float, Floats]], starts: Sequence[Floats]) -> Floats:
    """Where a function is least, which returns its slopes, too: the best of searches (L-BFGS-B) that begin at several places."""
    from scipy.optimize import minimize

    found = [
        minimize(function, start, method="L-BFGS-B", jac=True, bounds=[(-BOUND, BOUND)] * len(start), options={"maxiter": 200})
        for start in starts
    ]
    best = min((one for one in found if np.isfinite(one.fun)), key=lambda one: float(one.fun), default=found[0])
    where: Floats = np.round(best.x, 4)  # what lies below is the machine's
    return where
