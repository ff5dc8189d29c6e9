"""Of two columns of one record, one denies and the other does not: the denial counts. See `deny_first`.

`Do not email = yes` beside `Newsletter = yes` is a no: writing to somebody who said no is worse than not writing.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress


def deny_first(engine: Engine, progress: Progress) -> None:
    """Take away consents that another row of the same record denies, unless they are known to be newer than the denial."""
    granted = """staged_consents WHERE granted AND EXISTS (
        SELECT 1 FROM staged_consents d WHERE d.record_id = staged_consents.record_id AND d.granted = false
            AND lower(d.purpose) = lower(staged_consents.purpose) AND coalesce(d."at" >= staged_consents."at", true))"""
    if found := engine.value(f"SELECT count(*) FROM {granted}"):
        engine.run(f"DELETE FROM {granted}")
        progress.say(
            f"consents: {counted(found, 'consent is', 'consents are')} denied by another column of the same record, and not "
            "known to be newer: the denial counts."
        )
