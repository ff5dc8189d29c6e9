"""What the fields of a CRM should have: one row for each record of the object and each field. Start at `fill_wanted`."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from fullcircle.config.sections import ConsentSettings
from fullcircle.engine.base import Engine, literal
from fullcircle.insights.consent import NO_OFFERS, know_the_refusing
from fullcircle.insights.tables import THE_DEAD, know_the_dead
from fullcircle.model.progress import Progress
from fullcircle.writeback.facts import check_known, text_of_fact
from fullcircle.writeback.plan import WritebackPlan

WANTED = "writeback_wanted"  # key, record_id, customer_id, field, value


def fill_wanted(
    engine: Engine, plan: WritebackPlan, restricted: Sequence[str], consent: ConsentSettings, progress: Progress
) -> int:
    """Make the temporary table WANTED, and return its number of records.

    People whose data may not be used are not in it: nothing of theirs is written, and nothing is emptied. An offer to somebody
    who refused offers, or died, is empty.
    """
    know_the_dead(engine)
    if any(fact.offers for _, fact in plan.fields):
        know_the_refusing(engine, consent, progress)
    with engine.register("restricted_list", pa.table({"record_id": pa.array(list(restricted), pa.string())})):
        engine.run(f"""
            CREATE OR REPLACE TEMP TABLE writeback_rows AS
            WITH apart AS (SELECT DISTINCT customer_id FROM members SEMI JOIN restricted_list USING (record_id))
            SELECT substr(record_id, {len(plan.prefix) + 1}) AS key, record_id, customer_id FROM members ANTI JOIN apart USING (customer_id)
            WHERE starts_with(record_id, {literal(plan.prefix)})""")  # noqa: E501 - SQL
    engine.run(
        f"CREATE OR REPLACE TEMP TABLE {WANTED} "
        "(key VARCHAR, record_id VARCHAR, customer_id VARCHAR, field VARCHAR, value VARCHAR)"
    )
    for field, fact in plan.fields:
        check_known(engine, fact)
        engine.run(f"CREATE OR REPLACE TEMP TABLE writeback_fact AS {fact.sql}")
        if fact.offers:
            engine.run(f"DELETE FROM writeback_fact WHERE customer_id IN (SELECT customer_id FROM {NO_OFFERS})")
            engine.run(f"DELETE FROM writeback_fact WHERE customer_id IN (SELECT customer_id FROM {THE_DEAD})")
        empty = literal(field.empty)
        engine.run(
            f"INSERT INTO {WANTED} SELECT key, record_id, customer_id, {literal(field.name)}, "
            f"coalesce({text_of_fact(fact, field)}, {empty}) FROM writeback_rows LEFT JOIN writeback_fact USING (customer_id)"
        )
    return engine.count("writeback_rows")
