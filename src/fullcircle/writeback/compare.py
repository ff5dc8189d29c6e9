"""What is to be done with each field of each row: what is wanted, what the CRM has, and what we wrote last, side by side.

same      nothing: the CRM has what is wanted, or what it made of it when it was saved
agrees    the CRM has what is wanted, and we did not write it: from now on it counts as ours
write     it is empty, or still as we wrote it, and something else is wanted
conflict  somebody else has changed it, or filled it before we ever wrote it; [writeback.<name>] wins says whose value stays
left      nothing is wanted, and what is there is not ours
gone      the row is not in the CRM any more
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from fullcircle.connectors.writing import Texts, WritableField
from fullcircle.engine.base import Engine, literal
from fullcircle.errors import ConfigError
from fullcircle.writeback.wanted import WANTED

CHECKED_FROM = 100  # values that were written before, below which any share of them may be emptied
DECIDE = """
WITH known AS (
    SELECT key, field, last, last ->> 0 AS value, last ->> 1 AS shown FROM writeback_ours),
side_by_side AS (
    SELECT w.key, w.field, w.record_id, w.customer_id, w.value AS wanted, n.current, n.key IS NOT NULL AS there,
        k.last, k.value AS last_value, k.shown, k.key IS NOT NULL AS ours, {empty} AS empty
    FROM {wanted} w SEMI JOIN writeback_asked USING (key)
    LEFT JOIN writeback_now n ON n.key = w.key AND n.field = w.field
    LEFT JOIN known k ON k.key = w.key AND k.field = w.field)
SELECT key, field, record_id, customer_id, current, wanted, last, CASE
    WHEN NOT there THEN 'gone'
    WHEN current IS NOT DISTINCT FROM wanted THEN CASE
        WHEN ours AND (last_value, shown) IS NOT DISTINCT FROM (wanted, wanted) THEN 'same'
        WHEN wanted IS NOT DISTINCT FROM empty AND NOT ours THEN 'same'
        ELSE 'agrees' END
    WHEN ours AND shown IS NOT DISTINCT FROM current THEN
        CASE WHEN last_value IS NOT DISTINCT FROM wanted THEN 'same' ELSE 'write' END
    WHEN NOT ours AND wanted IS NOT DISTINCT FROM empty THEN 'left'
    WHEN NOT ours AND current IS NOT DISTINCT FROM empty THEN 'write'
    ELSE 'conflict' END AS what
FROM side_by_side ORDER BY key, field
"""


def compare(
    engine: Engine, keys: Sequence[str], now: Mapping[str, Texts], ours: pa.Table, fields: Mapping[str, WritableField]
) -> pa.Table:
    """Each field of these rows with `what` is to be done: key, field, record_id, customer_id, current, wanted, last, what.

    `now`: the rows as the CRM has them; `ours`: what we wrote last into them.
    """
    cells = [(key, field, value) for key, row in now.items() for field, value in row.items()]
    current = {name: pa.array([one[at] for one in cells], pa.string()) for at, name in enumerate(("key", "field", "current"))}
    boxes = {name: field.empty for name, field in fields.items() if field.empty is not None}
    cases = " ".join(f"WHEN {literal(name)} THEN {literal(empty)}" for name, empty in boxes.items())
    empty = f"CASE w.field {cases} END" if boxes else "CAST(NULL AS VARCHAR)"
    with (
        engine.register("writeback_now", pa.table(current)),
        engine.register("writeback_asked", pa.table({"key": pa.array(list(keys), pa.string())})),
        engine.register("writeback_ours", ours),
    ):
        return engine.arrow(DECIDE.format(wanted=WANTED, empty=empty))


def check_share_emptied(engine: Engine, ours: pa.Table, share: float, name: str) -> None:
    """ConfigError if so many values would be emptied that an insight that failed is more likely than what is so."""
    with engine.register("writeback_ours", ours):
        known, emptied = engine.rows(f"""
            SELECT count(*), count(*) FILTER (w.value IS NULL) FROM writeback_ours o JOIN {WANTED} w USING (key, field)
            WHERE o.last ->> 0 IS NOT NULL""")[0]
    if known >= CHECKED_FROM and emptied > share * known:
        raise ConfigError(
            f"[writeback.{name}]: {emptied} of {known} values that were written before would be emptied. Nothing was written.",
            "Look whether the insights of the last run are whole. If they are, set clear_share = 1 in "
            f"[writeback.{name}] for one run.",
        )
