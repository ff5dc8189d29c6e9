"""The files of the made-up company: the shop's CSV and Parquet exports, the JSON lines of support desk and social media."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from fullcircle.engine.base import Engine

CUSTOMERS_SQL = """
SELECT printf('S-%07d', seq) AS customer_id,
       CASE WHEN name_slip = 'turned' THEN family || ', ' || given ELSE concat_ws(' ', given, family) END AS name,
       email, phone, street, city, postcode,
       CASE country WHEN 'US' THEN 'United States' ELSE 'United Kingdom' END AS country, CAST(birth AS VARCHAR) AS birthday,
       CASE WHEN d % 10 < 6 THEN loyalty END AS loyalty_card, strftime(created, '%Y-%m-%d %H:%M:%S') AS registered_at,
       strftime(changed, '%Y-%m-%d %H:%M:%S') AS updated_at
FROM seen WHERE channel = 'shop' ORDER BY seq
"""
PRODUCTS_SQL = """
SELECT sku, name, category, brand, printf('%d.%02d', price // 100, price % 100) AS price FROM products ORDER BY number
"""
ORDERS_SQL = """
SELECT printf('O-%08d', number + 1) AS order_id, printf('S-%07d', account) AS customer_id,
       strftime(placed, '%Y-%m-%d %H:%M:%S') AS ordered_at, status, channel, 'USD' AS currency,
       printf('%d.%02d', cents // 100, cents % 100) AS total
FROM orders WHERE year(placed) = {year} ORDER BY number
"""
LINES_SQL = """
SELECT printf('O-%08d', l."order" + 1) AS order_id, CAST(line AS INTEGER) AS line_no, sku,
       CAST(quantity AS INTEGER) AS quantity, CAST(l.price / CAST(100 AS DECIMAL(5, 0)) AS DECIMAL(10, 2)) AS unit_price,
       CAST(percent / 100.0 AS DECIMAL(4, 2)) AS discount,
       CAST(l.cents AS DECIMAL(14, 0)) * CAST(0.01 AS DECIMAL(3, 2)) AS line_total
FROM lines l JOIN orders o ON o.number = l."order" JOIN products p ON p.number = l.product
WHERE year(o.placed) = {year} ORDER BY l."order", line
"""
TICKETS_SQL = """
SELECT CAST(to_json({{
    id: printf('T-%07d', seq), opened_at: strftime(created, '%Y-%m-%dT%H:%M:%SZ'),
    closed_at: CASE WHEN d % 9 > 0 THEN strftime(created + INTERVAL (3600 + d % 500000) SECOND, '%Y-%m-%dT%H:%M:%SZ') END,
    status: CASE WHEN d % 9 > 0 THEN 'closed' ELSE 'open' END,
    subject: pick(['Where is my order?', 'Wrong item in the box', 'Refund please', 'Cannot log in', 'Question about a product',
                   'Item arrived broken', 'Change of address', 'Invoice needed'], d // 3),
    priority: pick(['normal', 'normal', 'low', 'high'], d // 11), channel: pick(['email', 'chat', 'phone'], d // 5),
    requester: {{name: concat_ws(' ', given, family), email: email, phone: phone}}}}) AS VARCHAR) AS line
FROM seen WHERE channel = 'support' ORDER BY seq
"""
MENTIONS_SQL = """
SELECT CAST(to_json({{
    id: printf('M-%07d', seq), posted_at: strftime(created, '%Y-%m-%dT%H:%M:%SZ'), network: pick(['chirper', 'snapbook'], person),
    author: {{handle: coalesce(handle, 'user_' || person), display_name: CASE WHEN d % 12 = 0 THEN given ELSE
              concat_ws(' ', given, family) END, email: email}},
    text: pick(['Love my new order!', 'Still waiting for my parcel', 'Great service today', 'Not happy with the quality',
                'Anyone tried their coffee?', 'Five stars from me', 'Why is the site down again?'], d // 3),
    sentiment: pick(['positive', 'negative', 'positive', 'negative', 'neutral', 'positive', 'negative'], d // 3)}})
    AS VARCHAR) AS line
FROM seen WHERE channel = 'social' ORDER BY seq
"""
# What exports look like after somebody opened them in an office program, or the disk was full for a moment.
BROKEN_CUSTOMERS = b"S-9000001,cut off\nS-9000002,one,comma,too,many,in,this,row,of,the,export,really,far,too,many\n"
BROKEN_ORDERS = b"O-90000001\nO-90000002,S-0000001,the day after,complete,web,USD,not money\n"
BROKEN_JSON = b'{"id": "T-9000001", "opened_at": "2026-0'


def write_shop(engine: Engine, folder: Path, years: range) -> None:
    """Write customers.csv, products.csv, and for each year orders-YYYY.csv and order_lines-YYYY.parquet."""
    write_csv(engine, CUSTOMERS_SQL, folder / "customers.csv", BROKEN_CUSTOMERS)
    write_csv(engine, PRODUCTS_SQL, folder / "products.csv")
    for year in years:
        write_csv(engine, ORDERS_SQL.format(year=year), folder / f"orders-{year}.csv", BROKEN_ORDERS if year == 2025 else b"")
        write_parquet(engine, LINES_SQL.format(year=year), folder / f"order_lines-{year}.parquet")


def write_support(engine: Engine, folder: Path) -> None:
    """Write tickets.jsonl, its last line cut off."""
    write_lines(engine, TICKETS_SQL.format(), folder / "tickets.jsonl", BROKEN_JSON)


def write_social(engine: Engine, folder: Path) -> None:
    """Write mentions.jsonl."""
    write_lines(engine, MENTIONS_SQL.format(), folder / "mentions.jsonl")


def write_csv(engine: Engine, sql: str, path: Path, broken: bytes = b"") -> None:
    """Write a result as CSV, with broken rows after the first tenth of its first batch."""
    with path.open("wb") as file:
        for place, batch in enumerate(engine.batches(sql)):
            if place:
                _csv(batch, file, header=False)
                continue
            first = max(1, batch.num_rows // 10)
            _csv(batch.slice(0, first), file, header=True)
            file.write(broken)
            _csv(batch.slice(first), file, header=False)


def write_parquet(engine: Engine, sql: str, path: Path) -> None:
    """Write a result as Parquet, in its order."""
    with engine.batches(sql) as reader, pq.ParquetWriter(path, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)


def write_lines(engine: Engine, sql: str, path: Path, broken: bytes = b"") -> None:
    """Write a one-column result as lines of text."""
    with path.open("wb") as file:
        for text in _texts(engine, sql):
            file.write(text)
        file.write(broken)


def _texts(engine: Engine, sql: str) -> Iterator[bytes]:
    for batch in engine.batches(sql):
        lines = pa.ListArray.from_arrays([0, batch.num_rows], batch.column(0))
        yield pc.binary_join(lines, "\n")[0].as_py().encode() + b"\n"


def _csv(batch: pa.RecordBatch, file: BinaryIO, header: bool) -> None:
    options = pyarrow.csv.WriteOptions(include_header=header, quoting_style="needed", quoting_header="none")
    pyarrow.csv.write_csv(pa.Table.from_batches([batch]), file, options)
