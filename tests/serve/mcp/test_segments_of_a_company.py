"""Segments of a company with products, tickets and consents: each count is that of the tables themselves."""

from __future__ import annotations

from fullcircle.home.tables_file import tables_for_reading
from tests.serve.conftest import Served
from tests.serve.mcp.talking import data_of, over_http


def test_a_count_is_that_of_the_tables(company: Served) -> None:
    with tables_for_reading(company.settings) as tables:
        name, buyers = tables.rows(
            "SELECT p.name, count(DISTINCT customer_id) FROM purchases JOIN products p USING (product_id) "
            "GROUP BY 1 ORDER BY 2 DESC, 1"
        )[0]
        purpose, agreed = tables.rows(
            "SELECT purpose, count(*) FROM customer_consents WHERE agreed GROUP BY 1 ORDER BY 2 DESC, 1"
        )[0]
        category, fans = tables.rows(
            "SELECT x, count(*) FROM (SELECT unnest(CAST(CAST(categories AS JSON) AS VARCHAR[])) AS x FROM insight_habits) "
            "GROUP BY 1 ORDER BY 2 DESC, 1"
        )[0]
        asking = tables.value("SELECT count(DISTINCT source) FROM edges_raised")
        spent = "SELECT currency, count(*) FROM insight_habits WHERE amount > 0 GROUP BY 1 ORDER BY 2 DESC"
        currency, payers = tables.rows(spent)[0]
    counts = {
        f"bought = {name}": buyers,
        f"consent.{purpose} = yes": agreed,
        f"category = {category}": fans,
        "tickets > 0": asking,
    }
    if currency:
        counts[f"currency = {currency}"] = payers
    with company.reader("steward") as reader:
        assert {one: reader.segment([one]).size for one in counts} == counts
        together = reader.segment(list(counts)).size
        assert together is not None
        assert together <= min(counts.values())
    (found,) = over_http(
        company.settings, {"m": company.keys["marketer"]}, [("segment_size", {"conditions": [f"bought = {name}"]})]
    ).values()
    data = data_of(found[0])
    assert data["size"] == (buyers if buyers >= 5 else None)
    assert len(data["sample"]) == (5 if buyers >= 5 else 0)
