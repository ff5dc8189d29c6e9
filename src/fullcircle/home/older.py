"""Gives tables that an older version made the columns and tables that came to the model later, empty. See `bring_up`.

The next run that conforms fills them: the shape of the model is part of the fingerprint of that stage. Until then, a stage that
is asked for alone (`run --only graph`) finds what it reads.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, quoted
from fullcircle.model.tables import CONFORMED, CUSTOMER_ORDERS, CUSTOMERS

SCHEMAS = ("conformed", "main")


def bring_up(engine: Engine) -> None:
    """Add what the canonical tables lack, where there are such tables at all."""
    there: dict[tuple[str, str], set[str]] = {}
    for schema, table, column in engine.rows(
        "SELECT table_schema, table_name, column_name FROM information_schema.columns WHERE table_schema IN ('conformed', 'main')"
    ):
        there.setdefault((schema, table), set()).add(column)
    for schema in SCHEMAS:
        if (schema, "records") not in there:
            continue
        made = {table.name: table for table in (CUSTOMERS, CUSTOMER_ORDERS) if (schema, table.name) in there}
        for name, table in {**CONFORMED, **made}.items():
            columns = there.get((schema, name))
            if columns is None:
                engine.run(table.ddl(f"{schema}.{quoted(name)}"))
                continue
            for column in table.columns:
                if column.name not in columns:
                    engine.run(f"ALTER TABLE {schema}.{quoted(name)} ADD COLUMN {quoted(column.name)} {column.sql_type}")
