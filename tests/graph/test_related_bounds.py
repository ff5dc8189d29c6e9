"""Related customers by bounds are those of the tables: for any small world, nobody who belongs to the best is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.engine.base import Engine
from fullcircle.engine.duckdb import DuckDB
from fullcircle.graph.stores.gremlin import analysis, related
from fullcircle.graph.stores.gremlin.related import BoughtProduct
from fullcircle.graph.tables import live
from fullcircle.insights.answers.related import Related
from tests.insights import taste
from tests.insights.conftest import AS_OF, Shop
from tests.insights.test_related import customers
from tests.properties import examples


class FromTables:
    """What a graph server would say of these purchases; what was asked is counted."""

    def __init__(self, engine: Engine) -> None:
        live.prepare(engine, "order_lines")
        self._totals = engine.arrow(live.TOTAL).to_pylist()[0]
        self._tastes = dict(engine.rows("SELECT customer_id, taste FROM customer_tastes"))
        self._held: dict[str, set[BoughtProduct]] = {}
        self._buyers: dict[str, list[str]] = {}
        sql = """SELECT customer_id, product_id, buyers, name
            FROM purchases JOIN product_buyers USING (product_id) JOIN products USING (product_id)"""
        for who, product, buyers, name in engine.rows(sql):
            self._held.setdefault(who, set()).add(BoughtProduct(buyers, product, name))
            self._buyers.setdefault(product, []).append(who)
        self.most_baskets = 0

    def everything(self) -> Mapping[str, Any]:
        return self._totals

    def own(self, customer: str) -> Iterable[BoughtProduct]:
        return self._held[customer]

    def buyers(self, products: Sequence[str]) -> Mapping[str, Iterable[str]]:
        return {product: self._buyers[product] for product in products}

    def tastes(self, customers: Sequence[str]) -> Mapping[str, float]:
        return {who: self._tastes[who] for who in customers}

    def baskets(self, customers: Sequence[str]) -> Mapping[str, Mapping[int, Sequence[str]]]:
        self.most_baskets = max(self.most_baskets, len(customers))
        found: dict[str, dict[int, list[str]]] = {who: {} for who in customers}
        for who in customers:
            for one in self._held[who]:
                found[who].setdefault(one.buyers, []).append(one.product)
        return found


def same(engine: Engine, asked: Iterable[str], **options: float) -> FromTables:
    """Assert that the answers for these customers are those of the tables."""
    from fullcircle.insights.base import InsightContext
    from fullcircle.model.progress import Silent

    Related().compute(InsightContext(engine, AS_OF, Silent(), options))
    purchases = FromTables(engine)
    k, max_buyers, damping = (options.get(name, default) for name, default in (("k", 10), ("max_buyers", 1000), ("damping", 2.0)))
    for who in asked:
        sql = f"SELECT related_id, rank, score, shared, why FROM insight_related WHERE customer_id = '{who}' ORDER BY rank"
        found = related.related(purchases, who, int(k), int(max_buyers), damping)
        rows = [(one["related_id"], one["rank"], round(one["score"], 2), one["shared"], one["why"]) for one in found]
        assert rows == engine.rows(sql), (who, options)
    return purchases


baskets = st.lists(st.sets(st.sampled_from("ABCDEFGHIJ"), min_size=1, max_size=7), min_size=2, max_size=40)


@given(
    held=baskets,
    few=st.integers(1, 6),
    k=st.integers(1, 4),
    max_buyers=st.sampled_from([2, 3, 6, 1000]),
    damping=st.sampled_from([0, 0.5, 2.0, 10.0]),
)
@settings(max_examples=examples(60), deadline=None)
def test_any_small_world(held: list[set[str]], few: int, k: int, max_buyers: int, damping: float) -> None:
    shop = Shop(customers(**{f"c{n:02}": " ".join(sorted(some)) for n, some in enumerate(held)}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(related, "FEW", few)
        same(shop.engine, [f"customer:c{n:02}" for n in range(len(held))], k=k, max_buyers=max_buyers, damping=damping)
    shop.engine.close()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_shop_where_few_are_asked_for_what_they_bought(seed: int) -> None:
    engine = DuckDB(threads=2)
    taste.plant(engine, customers=600, products=150, orders=2500, seed=seed)
    purchases = same(
        engine, [who for (who,) in engine.rows("SELECT DISTINCT customer_id FROM purchases ORDER BY hash(customer_id) LIMIT 60")]
    )
    assert purchases.most_baskets <= 60
    engine.close()


def test_without_bounds_everybody_is_possible() -> None:
    engine = DuckDB(threads=2)
    taste.plant(engine, customers=60, products=30, orders=200)
    purchases = FromTables(engine)
    wanted = related.related(purchases, "customer:00000001", 5, 1000, 2.0)
    purchases._totals |= {"taste_low": 0, "taste_high": 0}  # as in a graph that an older version wrote
    assert wanted == related.related(purchases, "customer:00000001", 5, 1000, 2.0)
    engine.close()


def test_a_purchase_whose_id_has_another_form_is_read_by_its_customer() -> None:
    asked: list[str] = []

    def ask(message: Any) -> list[Any]:
        asked.append(str(message))
        by_edge = {"product:a": ["purchased:customer:x>product:a"], "product:b": ["edge-17", "purchased:customer:y>product:b"]}
        return [by_edge if "inE" in str(message) else {"product:b": ["customer:z", "customer:y"]}]

    found = analysis._AskedPurchases(ask).buyers(["product:a", "product:b"])
    assert found == {"product:a": ["customer:x"], "product:b": ["customer:z", "customer:y"]}
    assert len(asked) == 2
    assert "product:a" not in asked[1]
