"""Orders of which more was paid, or is owed, than they come to: they count with their amount, and that is said."""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.mapping.corrections import LOST
from fullcircle.mapping.worth import CENT, by_object
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress

SALES = f"FROM staged_orders WHERE amount > 0 AND coalesce(status, '') NOT IN ({LOST})"
MORE_PAID = "greatest(coalesce(paid - amount, 0), coalesce(-unpaid, 0))"
MORE_OWED = "greatest(coalesce(unpaid - amount, 0), coalesce(-paid, 0))"


def report_odd_payments(engine: Engine, progress: Progress) -> None:
    """Say of which staged orders the sums that were paid, or are owed, go beyond the amount."""
    for more, what in ((MORE_PAID, "was paid"), (MORE_OWED, "is owed")):
        for name, number, sum_ in by_object(engine, more, f"{SALES} AND {more} > {CENT}"):
            progress.say(
                f"{name}: of {counted(number, 'order')} more {what} than the amount ({sum_} more). "
                f"{'It counts' if number == 1 else 'Each counts'} with its amount: what is beyond it is neither spent nor owed."
            )
