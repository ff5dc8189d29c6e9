"""What customers spent, from landed rows: conform, and the tables that insights read, with one customer for each record."""

from decimal import Decimal

from fullcircle.config.sections import MoneySettings, StatusSettings
from fullcircle.graph.tables import trade
from fullcircle.graph.tables.money import find_currencies
from fullcircle.mapping.conform import conform
from fullcircle.model.tables import CONFORMED
from tests.mapping.test_conform import map_of


def spent(engine, landing, progress, maps=None, fields=None, statuses=None, names=None):
    """Customer key -> (spent, unpaid), of the orders of the source `books`."""
    fields = {"record_id": {"field": "who", "ref": "people"}, "amount": "total", "status": "state", **(fields or {})}
    landing.put("books", "people", [{"id": key, "name": (names or {}).get(key, f"Iris {key}")} for key in ("1", "2", "3")])
    people = map_of("books", "people", "records", {"full_name": "name"})
    words = StatusSettings(map=statuses or {})
    conform(engine, landing, [people, *(maps or [map_of("books", "invoices", "orders", fields)])], "DE", progress, words)
    for name in CONFORMED:
        engine.run(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM conformed.{name}")
    engine.run(
        "CREATE OR REPLACE TABLE members AS SELECT record_id, 'customer:' || key AS customer_id FROM records; "
        "CREATE OR REPLACE TABLE customers AS SELECT customer_id FROM members"
    )
    find_currencies(engine, progress, MoneySettings())
    trade.prepare(engine, progress)
    trade.drop_temporary(engine)
    return {
        customer.removeprefix("customer:"): (Decimal(str(paid)), Decimal(str(owed)))
        for customer, paid, owed in engine.rows(
            "SELECT customer_id, round(sum(amount), 2), round(sum(unpaid), 2) FROM ("
            "SELECT customer_id, amount - coalesce(unpaid, 0) AS amount, coalesce(unpaid, 0) AS unpaid FROM customer_orders "
            "UNION ALL SELECT customer_id, amount, 0 FROM customer_returns) GROUP BY 1"
        )
    }
