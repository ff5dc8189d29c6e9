"""The reason of each offer in words: what weighed most in its score, and nothing that did not.

What is said holds for weeks: dates in place of "so many days ago", whole percents. So an offer of the same rank and reason is not
written again because a day went by, or another customer bought something.
"""

from __future__ import annotations

import pyarrow as pa

from fullcircle.insights.offers.moves import BUYERS, GOODS, HELD
from fullcircle.insights.tables import THE_DEAD

SCHEMA = pa.schema(
    {
        "customer": pa.int32(), "product": pa.int32(), "rank": pa.int32(), "score": pa.float64(), "part": pa.string(),
        "because": pa.int32(), "besides": pa.int32(), "near": pa.int32(), "nearest": pa.int32(),
    }
)  # fmt: skip
# To a tenth, small ones to one digit, as every score moves a little with every order; the rank is that of the whole score.
ROUNDED = """CASE WHEN abs(score) >= 0.1 THEN round(score, 1) WHEN abs(score) >= 0.01 THEN round(score, 2)
        ELSE round(score, 4) END"""
PERCENT = "CASE WHEN {0} < 0.01 THEN 'less than 1 %' ELSE printf('%.0f %%', 100 * {0}) END"
BESTSELLER = f"concat('A bestseller: bought by ', {PERCENT.format('share')}, ' of customers')"
OFTEN = """concat('Bought ', CASE WHEN times = 1 THEN 'once' ELSE times || ' times' END,
        CASE WHEN times > 2 AND every >= 1 THEN ', about every ' || CAST(round(every) AS INTEGER)
            || CASE WHEN round(every) = 1 THEN ' day' ELSE ' days' END ELSE '' END,
        CASE WHEN last IS NULL THEN '' WHEN times = 1 THEN ' on ' || last::DATE ELSE ', last on ' || last::DATE END, '.')"""
WHY = f"""CASE
    WHEN part IN ('own', 'often') THEN {OFTEN}
    WHEN part IN ('items', 'ridge') THEN
        concat('Because they bought ', a.name, CASE WHEN b.name IS NULL THEN '' ELSE ' and ' END, b.name, '.')
    WHEN part = 'near' THEN concat('Bought by ', near, ' of the ', nearest, ' customers with the most similar baskets.')
    WHEN part = 'kind' THEN concat('Bought by many in ', p.category, ', a category that they buy.')
    WHEN part = 'recent' THEN concat('A bestseller of late: in the newest fifth of the orders, ', {PERCENT.format("lately")},
        ' of the customers bought it.')
    WHEN part = 'filling' THEN {BESTSELLER} || '; nothing closer is known.'
    ELSE {BESTSELLER} || '.' END"""
TABLE = f"""
    SELECT customer_id, p.product_id AS product_id, rank, {ROUNDED} AS score, {WHY} AS why
    FROM advice JOIN {BUYERS} USING (customer) ANTI JOIN {THE_DEAD} USING (customer_id) JOIN {GOODS} p USING (product)
    JOIN shares ON shares.good = p.product
    LEFT JOIN (SELECT customer, product, times, last, date_diff('day', first, last) / greatest(times - 1, 1) AS every
        FROM {HELD} SEMI JOIN (SELECT customer, product FROM advice WHERE part IN ('own', 'often')) USING (customer, product))
        USING (customer, product)
    LEFT JOIN {GOODS} a ON because = a.product LEFT JOIN {GOODS} b ON besides = b.product
    ORDER BY customer, rank"""
