"""A made-up village in the engine's tables, small enough to know by heart: for building and syncing the graph.

Ann has two records (shop and crm), Bob one, and Cy has a record that bought nothing. Ann and Bob live together; Ann works for
the mill. Ann bought bread twice (one order without an amount), Bob cancelled his only order. One order has no known record.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.model.tables import CONFORMED, CUSTOMERS, MEMBERS, PROVENANCE

ANN, BOB, CY = "customer:ann", "customer:bob", "customer:cy"
ORIGIN = "'shop', 'o', 'k', NULL"


def found(engine: Engine) -> None:
    """Make all the tables that graph/tables/build.py reads."""
    for table in (*CONFORMED.values(), MEMBERS, CUSTOMERS, PROVENANCE):
        engine.run(table.ddl())
    engine.run("""
        CREATE OR REPLACE TABLE households (household_id VARCHAR, name VARCHAR, street VARCHAR, city VARCHAR, postcode VARCHAR);
        CREATE OR REPLACE TABLE household_members (customer_id VARCHAR, household_id VARCHAR);
        INSERT INTO households VALUES ('household:1', 'Miller', '1 Lane', 'Ham', '1');
        INSERT INTO household_members VALUES ('customer:ann', 'household:1'), ('customer:bob', 'household:1'),
            ('customer:gone', 'household:1')""")
    engine.run(f"""
        INSERT INTO records (record_id, kind, full_name, email, account_id, source, object, key, updated_at) VALUES
            ('record:shop:c:1', 'person', 'Ann Miller', 'ann@example.org', NULL, 'shop', 'c', '1', TIMESTAMP '2024-01-01'),
            ('record:crm:p:7', 'person', 'Anna Miller', NULL, 'account:crm:a:1', 'crm', 'p', '7', NULL),
            ('record:shop:c:2', 'person', 'Bob Miller', NULL, NULL, 'shop', 'c', '2', NULL),
            ('record:shop:c:3', 'person', 'Cy "the\nNUL {chr(1)}"', NULL, 'account:crm:a:404', 'shop', 'c', '3', NULL);
        UPDATE records SET full_name = full_name || chr(0) || '!' WHERE record_id = 'record:shop:c:3';
        INSERT INTO members VALUES ('record:shop:c:1', '{ANN}', 12.5, 'identifier:email'),
            ('record:crm:p:7', '{ANN}', 12.5, 'score'),
            ('record:shop:c:2', '{BOB}', NULL, 'alone'), ('record:shop:c:3', '{CY}', NULL, 'alone');
        INSERT INTO customers (customer_id, kind, name, full_name, email, records, sources, account_id) VALUES
            ('{ANN}', 'person', 'Ann Miller', 'Ann Miller', 'ann@example.org', 2, ['shop', 'crm'], 'account:crm:a:1'),
            ('{BOB}', 'person', 'Bob Miller', 'Bob Miller', NULL, 1, ['shop'], NULL),
            ('{CY}', 'person', 'Cy', 'Cy', NULL, 1, ['shop'], NULL);
        INSERT INTO provenance VALUES
            ('{ANN}', 'full_name', 'Ann Miller', 'record:shop:c:1', true, 'newest "of" two'),
            ('{ANN}', 'full_name', 'Anna Miller', 'record:crm:p:7', false, NULL),
            ('{ANN}', 'email', 'ann@example.org', 'record:shop:c:1', true, NULL),
            ('{BOB}', 'full_name', 'Bob Miller', 'record:shop:c:2', true, 'only');
        INSERT INTO identifiers VALUES
            ('i1', 'record:shop:c:1', 'email', 'ann@example.org', NULL, {ORIGIN}),
            ('i2', 'record:crm:p:7', 'email', 'ann@example.org', NULL, {ORIGIN}),
            ('i3', 'record:shop:c:2', 'email', 'ann@example.org', NULL, {ORIGIN}),
            ('i4', 'record:shop:c:2', 'phone', '+4930', NULL, {ORIGIN}),
            ('i5', 'record:nobody', 'phone', '+4931', NULL, {ORIGIN});
        INSERT INTO accounts VALUES ('account:crm:a:1', 'The Mill', NULL, NULL, NULL, 'crm', 'a', '1', NULL);
        INSERT INTO products (product_id, name, sku, category, brand, price, source, object, key, updated_at) VALUES
            ('product:shop:p:1', 'Bread', 'b1', 'Baked  Goods!', NULL, 2.5000, 'shop', 'p', '1', NULL),
            ('product:shop:p:2', 'Cake', 'b2', 'baked goods', NULL, NULL, 'shop', 'p', '2', NULL),
            ('product:shop:p:3', 'Egg', 'b3', '???', NULL, NULL, 'shop', 'p', '3', NULL),
            ('product:shop:p:4', 'Ham', 'b4', 'Épicerie 食品', NULL, NULL, 'shop', 'p', '4', NULL);
        INSERT INTO orders (order_id, record_id, ordered_at, status, channel, currency, amount, status_raw, source, object, key,
            updated_at) VALUES
            ('order:shop:o:1', 'record:shop:c:1',
                TIMESTAMP '2024-02-01 10:00', 'done', 'web', 'EUR', 10.0000, NULL, 'shop', 'o', '1', NULL),
            ('order:shop:o:2', 'record:crm:p:7',
                TIMESTAMP '2024-03-01', NULL, NULL, 'EUR', NULL, NULL, 'shop', 'o', '2', NULL),
            ('order:shop:o:3', 'record:shop:c:2',
                TIMESTAMP '2024-03-02', ' Cancelled', 'web', 'EUR', 99, ' Cancelled', 'shop', 'o', '3', NULL),
            ('order:shop:o:4', NULL,
                TIMESTAMP '2024-03-03', 'done', 'web', 'EUR', 1, NULL, 'shop', 'o', '4', NULL);
        INSERT INTO order_lines VALUES
            ('l1', 'order:shop:o:1', 'product:shop:p:1', 2, 2.5, 0, 5, NULL, NULL, {ORIGIN}),
            ('l2', 'order:shop:o:1', 'product:shop:p:1', 1, 2.5, 0, 2.5, NULL, NULL, {ORIGIN}),
            ('l3', 'order:shop:o:1', 'product:shop:p:2', 1, 2.5, 0, 2.5, NULL, NULL, {ORIGIN}),
            ('l4', 'order:shop:o:2', 'product:shop:p:1', 1, 0.1, 0, 0.1, NULL, NULL, {ORIGIN}),
            ('l5', 'order:shop:o:2', 'product:shop:p:404', 1, 0.2, 0, 0.2, NULL, NULL, {ORIGIN}),
            ('l6', 'order:shop:o:3', 'product:shop:p:3', 1, 99, 0, 99, NULL, NULL, {ORIGIN}),
            ('l7', 'order:shop:o:404', 'product:shop:p:3', 1, 99, 0, 99, NULL, NULL, {ORIGIN});
        INSERT INTO tickets VALUES ('ticket:crm:t:1', 'record:crm:p:7', TIMESTAMP '2024-04-01', NULL, 'open', 'Stale', NULL, NULL,
            NULL, 'crm', 't', '1', NULL), ('ticket:crm:t:2', NULL, NULL, NULL, 'open', 'Who?', NULL, NULL, NULL, 'crm', 't', '2',
            NULL);
        INSERT INTO interactions VALUES ('interaction:crm:i:1', 'record:shop:c:3', TIMESTAMP '2024-05-01', 'call', 'phone',
            'Hello', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'crm', 'i', '1', NULL)""")
