"""Where the things of a picture are: forces that push all apart and pull neighbours together, from a start that follows the ids.

The same graph gives the same picture, on every machine and at every visit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

STEPS = 120
APART = 1.0  # the distance at which two things are at rest
Places = NDArray[np.float64]


def placed(ids: Sequence[str], edges: Sequence[tuple[int, int]]) -> Places:
    """A place (x, y) for each thing; the first one is the middle. Distances of neighbours are about 1."""
    count = len(ids)
    places = _start(ids)
    if count < 2:
        return places
    ends = np.array(edges, dtype=np.intp).reshape(-1, 2)
    for step in range(STEPS):
        away = places[:, None, :] - places[None, :, :]
        squares = np.maximum((away**2).sum(axis=2), 1e-4)
        push = (away * (APART**2 / squares)[:, :, None]).sum(axis=1)
        between = places[ends[:, 0]] - places[ends[:, 1]]
        pull = between * np.sqrt((between**2).sum(axis=1, keepdims=True)) / APART
        force = push - 0.05 * places
        np.subtract.at(force, ends[:, 0], pull)
        np.add.at(force, ends[:, 1], pull)
        size = np.maximum(np.sqrt((force**2).sum(axis=1, keepdims=True)), 1e-9)
        places = places + force / size * np.minimum(size, 0.6 * (1 - step / STEPS))
        places = places - places[0]
    return np.round(places, 3)


def _start(ids: Sequence[str]) -> Places:
    """On a spiral in their order, each turned a little by its id."""
    order = np.arange(len(ids), dtype=np.float64)
    turns = np.array([int.from_bytes(hashlib.sha256(id.encode()).digest()[:2], "big") / 65536 for id in ids], dtype=np.float64)
    angle = order * 2.399963 + turns * 0.3
    radius = 0.6 * np.sqrt(order)
    return np.stack((radius * np.cos(angle), radius * np.sin(angle)), axis=1)
