"""Groups around means (k-means), and how apart they are. Only this file of the groups imports SciPy.

The silhouette is the simplified one: (b - a) / max(a, b), with a the distance to the own mean and b that to the next (Hruschka,
de Castro and Campello, "Evolutionary algorithms for clustering gene-expression data", ICDM 2004). It costs no pairs of customers.
"""

from __future__ import annotations

import warnings

import numpy as np
from scipy.cluster.vq import kmeans2

from fullcircle.insights.history import Floats, Ints

STEPS = 40
HARDLY = 1.02  # so much worse, as a factor of the squared distances


def fit(numbers: Floats, many: int, seed: int, tries: int = 1, start: Floats | None = None) -> Floats:
    """The means of so many groups: those of the best of several beginnings, or of a given one that is hardly worse."""
    found: list[tuple[float, Floats]] = []
    for one in range(tries):
        found.append(_from(numbers, many, np.random.default_rng(seed + one)))
    best = min(found, key=lambda pair: pair[0])
    if start is not None:
        stayed = _from(numbers, start, np.random.default_rng(seed))
        return stayed[1] if stayed[0] <= HARDLY * best[0] else best[1]
    return best[1]


def _from(numbers: Floats, start: int | Floats, random: np.random.Generator) -> tuple[float, Floats]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a group that lost all its members keeps its mean
        way = "++" if isinstance(start, int) else "matrix"
        means, _ = kmeans2(numbers, start, iter=STEPS, minit=way, rng=random)
    return float(distances(numbers, means).min(axis=1).sum()), means


def distances(numbers: Floats, means: Floats) -> Floats:
    """Squared distances: a row for each customer, a column for each mean."""
    squares: Floats = (numbers**2).sum(axis=1)[:, None] - 2 * numbers @ means.T + (means**2).sum(axis=1)[None, :]
    return np.maximum(squares, 0.0)


def nearest(numbers: Floats, means: Floats) -> Ints:
    """The group of each customer."""
    found: Ints = distances(numbers, means).argmin(axis=1).astype(np.int32)
    return found


def silhouette(numbers: Floats, means: Floats) -> float:
    """The mean over customers, from -1 to 1."""
    near = np.sqrt(np.sort(distances(numbers, means), axis=1)[:, :2])
    return float(((near[:, 1] - near[:, 0]) / np.maximum(near[:, 1], 1e-12)).mean())
