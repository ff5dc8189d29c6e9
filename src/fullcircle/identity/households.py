"""Households: persons with the same family name, street and postcode (or city, if the postcode is missing).

A household's id is a hash of these three, so it stays the same while they do. Two to eight customers make a household; more
than that is an office, a school or a placeholder address.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.identity.fold import fold, fold_street
from fullcircle.model.tables import HOUSEHOLD_MEMBERS, HOUSEHOLDS

SMALLEST, BIGGEST = 2, 8


def make_households(engine: Engine, wanted: bool) -> int:
    """Make `households` and `household_members`, set `household_id` in `customers`, and return the number of households."""
    engine.run(HOUSEHOLDS.ddl())
    engine.run(HOUSEHOLD_MEMBERS.ddl())
    if not wanted:
        engine.run("UPDATE customers SET household_id = NULL WHERE household_id IS NOT NULL")
        return 0
    key = (
        f"{fold('family_name')} || '|' || {fold_street('street')} || '|' || replace({fold('coalesce(postcode, city)')}, ' ', '')"
    )
    engine.run(f"""
        INSERT INTO household_members
        WITH keyed AS (SELECT customer_id, {key} AS key FROM customers WHERE kind = 'person')
        SELECT customer_id, 'household:' || left(md5(key), 16)
        FROM keyed WHERE key IN (
            SELECT key FROM keyed WHERE key IS NOT NULL GROUP BY key HAVING count(*) BETWEEN {SMALLEST} AND {BIGGEST})
        ORDER BY customer_id""")
    engine.run("""
        INSERT INTO households
        SELECT m.household_id, arg_min(family_name, customer_id), arg_min(street, customer_id), arg_min(city, customer_id),
            arg_min(postcode, customer_id)
        FROM household_members m JOIN customers USING (customer_id) GROUP BY m.household_id ORDER BY m.household_id""")
    engine.run("""
        UPDATE customers SET household_id = other.household_id FROM (
            SELECT c.customer_id, m.household_id FROM customers c LEFT JOIN household_members m USING (customer_id)
            WHERE c.household_id IS DISTINCT FROM m.household_id) other
        WHERE other.customer_id = customers.customer_id""")
    return engine.count("households")
