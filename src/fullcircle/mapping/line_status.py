"""The status of order lines, where items have one each, in the same words as that of orders. See `read_line_statuses`."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from fullcircle.engine.base import Engine
from fullcircle.mapping.status import plain, status_of
from fullcircle.model.statuses import UNPAID


def read_line_statuses(engine: Engine, own: Mapping[str, str]) -> None:
    """Replace the status of the staged lines by one of STATUSES; a word that is not known stays, and its line was bought."""
    found = [
        word for (word,) in engine.rows("SELECT DISTINCT status FROM staged_order_lines WHERE status IS NOT NULL ORDER BY 1")
    ]
    if not found:
        return
    mine = {plain(word): meaning for word, meaning in own.items()}
    means = [status_of(word, mine) for word in found]
    known = pa.table(
        {
            "word": pa.array(found, pa.string()),
            "means": pa.array(["placed" if each == UNPAID else each for each in means], pa.string()),
        }
    )
    with engine.register("known_statuses", known):
        engine.run(
            "UPDATE staged_order_lines SET status = k.means FROM known_statuses k "
            "WHERE k.word = staged_order_lines.status AND k.means IS NOT NULL"
        )


def was_kept(lost: str, status: str = "status") -> str:
    """SQL: an item was neither cancelled nor given back, by its status; `lost` lists those that are.

    A line below zero is not one that was given back, it is what gives back.
    """
    return f"(coalesce({status}, '') NOT IN ({lost}) OR coalesce(quantity, 0) < 0 OR coalesce(amount, 0) < 0)"
