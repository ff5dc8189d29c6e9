"""Tables as the stages before leave them: what the flat views must get right (returns, debts, currencies, gaps)."""

from __future__ import annotations

from fullcircle.engine.base import Engine
from fullcircle.model.flat_views import SEGMENTS
from fullcircle.model.tables import TABLES

ROWS = """
INSERT INTO customers (customer_id, kind, name, given_name, email, household_id, records, sources, first_seen) VALUES
    ('customer:a', 'person', 'Ada Keller', 'Ada', 'ada@example.org', 'household:1', 2,
        ['shop', 'crm'], TIMESTAMP '2026-01-02 03:04:05'),
    ('customer:b', 'person', 'Ben O''Neil', 'Ben', NULL, 'household:1', 1, ['crm'], NULL),
    ('customer:c', 'organisation', 'Cleo & Co', NULL, 'c@example.com', NULL, 1, [], NULL);
INSERT INTO members (record_id, customer_id) VALUES
    ('record:crm:p:1', 'customer:a'), ('record:shop:p:1', 'customer:a'),
    ('record:crm:p:2', 'customer:b'), ('record:crm:p:3', 'customer:c');
INSERT INTO orders (order_id, record_id, ordered_at, status, channel, number, source) VALUES
    ('order:1', 'record:crm:p:1', TIMESTAMP '2026-02-01 10:00:00', 'paid', 'web', 'A-1', 'shop'),
    ('order:2', 'record:shop:p:1', TIMESTAMP '2026-02-03', 'returned', 'web', NULL, 'shop'),
    ('order:3', 'record:crm:p:2', TIMESTAMP '2026-03-01', 'paid', 'store', NULL, 'shop'),
    ('order:4', 'record:crm:p:2', NULL, 'paid', NULL, NULL, 'shop'),
    ('order:5', 'record:crm:p:3', TIMESTAMP '2026-03-04', 'cancelled', 'web', NULL, 'crm'),
    ('order:6', 'record:crm:p:9', TIMESTAMP '2026-03-04', 'paid', 'web', NULL, 'crm');
CREATE TABLE placed_orders (customer_id VARCHAR, order_id VARCHAR, ordered_at TIMESTAMP, channel VARCHAR, status VARCHAR,
    amount DECIMAL(18,4), currency VARCHAR, rate DECIMAL(20,10), unpaid DECIMAL(18,4),
    gives_back BOOLEAN, back BOOLEAN, sale BOOLEAN);
INSERT INTO placed_orders VALUES
    ('customer:a', 'order:1', TIMESTAMP '2026-02-01 10:00:00', 'web', 'paid', 100.10, 'EUR', 1, 30, false, false, true),
    ('customer:a', 'order:2', TIMESTAMP '2026-02-03', 'web', 'returned', 20, 'EUR', 1, NULL, true, true, false),
    ('customer:b', 'order:3', TIMESTAMP '2026-03-01', 'store', 'paid', 7.5, 'EUR', 1, NULL, false, false, true),
    ('customer:b', 'order:4', NULL, NULL, 'paid', 8.25, NULL, 1, 1, false, false, true),
    ('customer:c', 'order:5', TIMESTAMP '2026-03-04', 'web', 'cancelled', 9, 'EUR', 1, NULL, false, false, false);
INSERT INTO order_lines (line_id, order_id, product_id) VALUES
    ('line:1', 'order:1', 'product:1'), ('line:2', 'order:1', 'product:2');
INSERT INTO products (product_id, name, sku, category) VALUES ('product:1', 'Tea', 'T1', 'drinks');
INSERT INTO purchases (customer_id, product_id, times, quantity, amount, "first", "last", currency) VALUES
    ('customer:a', 'product:1', 1, 2, 60.5, TIMESTAMP '2026-02-01', TIMESTAMP '2026-02-01', 'EUR'),
    ('customer:a', 'product:2', 1, 1, 39.6, TIMESTAMP '2026-02-01', TIMESTAMP '2026-02-01', 'EUR');
INSERT INTO tickets (ticket_id, record_id, opened_at, status, subject, channel, source) VALUES
    ('ticket:1', 'record:crm:p:1', TIMESTAMP '2026-02-05', 'open', 'Where is it?', 'email', 'support'),
    ('ticket:2', 'record:crm:p:9', TIMESTAMP '2026-02-05', 'open', 'Of nobody', 'email', 'support');
INSERT INTO interactions (interaction_id, record_id, "at", kind, text, amount, currency, status, source) VALUES
    ('interaction:1', 'record:crm:p:1', TIMESTAMP '2026-02-06', 'deal', 'Big one', 1000, 'EUR', 'won', 'crm');
INSERT INTO participants (participant_id, interaction_id, record_id) VALUES
    ('participant:1', 'interaction:1', 'record:shop:p:1'), ('participant:2', 'interaction:1', 'record:crm:p:3');
INSERT INTO consents (consent_id, record_id, purpose, granted, "at", source) VALUES
    ('consent:1', 'record:crm:p:1', 'email', true, TIMESTAMP '2026-01-01', 'crm'),
    ('consent:2', 'record:crm:p:2', 'sms', false, NULL, 'crm');
INSERT INTO customer_consents (customer_id, purpose, agreed) VALUES
    ('customer:a', 'sms', true), ('customer:a', 'email', true), ('customer:a', 'call', false), ('customer:b', 'sms', false);
INSERT INTO households (household_id, name, city) VALUES ('household:1', 'Keller', 'Amberton'), ('household:2', 'Nobody', NULL);
INSERT INTO household_members VALUES ('customer:a', 'household:1'), ('customer:b', 'household:1');
INSERT INTO insight_habits (customer_id, segment, rfm, orders, due, why) VALUES
    ('customer:a', 'loyal', '5-5', 1, true, 'often'), ('customer:b', 'new', '11-', 2, false, NULL);
INSERT INTO quality_results VALUES
    ('r1', 'orders', NULL, 'references', 'warn', 6, 1), ('r2', 'records', 'email', 'complete', 'warn', 4, 1);
"""


def make_tables(engine: Engine) -> None:
    """Make and fill them."""
    for table in TABLES.values():
        engine.run(table.ddl())
    columns = ", ".join(f'"{one.name}" {one.sql_type}' for one in SEGMENTS.columns)
    engine.run(f"CREATE TABLE insight_habits ({columns}); {ROWS}")
