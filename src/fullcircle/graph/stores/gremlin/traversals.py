"""The traversals of the live insights, over the graph as it is now. analysis.py combines their results.

They use steps of TinkerPop 3.7 only. Neptune runs everything after a step that is not native outside its engine, so there is no
math() (analysis.py computes), and coalesce() and max() come last. No lambda, no inject, no algorithm that needs a graph computer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gremlin_python.process.graph_traversal import GraphTraversal, __
from gremlin_python.process.traversal import Bytecode, Order, P, T

from fullcircle.graph.stores.gremlin.reading import bytecode, g
from fullcircle.graph.tables.live import MOST_LINES, TOTALS
from fullcircle.graph.tables.trade import NO_SALE
from fullcircle.model.statuses import GIVEN_BACK

# -- purchase counts ----------------------------------------------------------------------------------------------------


def purchase_counts(limit: int) -> Bytecode:
    """Products by how often they were bought: product_id, buyers (customers), times (orders)."""
    counted = (
        g.V()
        .has_label("Product")
        .where(__.in_e("PURCHASED"))
        .project("product_id", "buyers", "times")
        .by(T.id)
        .by(__.in_e("PURCHASED").count())
        .by(__.in_e("PURCHASED").values("times").sum_())
    )
    return bytecode(counted.order().by("times", Order.desc).by("product_id").limit(limit))


# -- strongly related customers -----------------------------------------------------------------------------------------


def totals() -> Bytecode:
    """The vertex that the sync keeps: what all purchases add up to."""
    return bytecode(g.V(TOTALS).element_map("customers", "sales", "baskets", "rarity2", "newest", "taste_low", "taste_high"))


def buyers(products: Sequence[str]) -> Bytecode:
    """For each of these products, who bought it."""
    return bytecode(g.V(*products).group().by(T.id).by(__.in_("PURCHASED").id_().fold()))


def purchases_of(products: Sequence[str]) -> Bytecode:
    """For each of these products, the ids of its PURCHASED edges: less than half the work of `buyers`, as no customer is read."""
    return bytecode(g.V(*products).group().by(T.id).by(__.in_e("PURCHASED").id_().fold()))


def tastes(customers: Sequence[str]) -> Bytecode:
    """For each of these customers: about the sum of the squared rarities of what they bought, which the sync keeps."""
    return bytecode(g.V(*customers).has("taste").group().by(T.id).by(__.values("taste")))


def bought(customer: str) -> Bytecode:
    """What a customer bought: product, its name and its number of buyers."""
    held = g.V(customer).out("PURCHASED").has("buyers").project("product", "name", "buyers")
    return bytecode(held.by(T.id).by(__.coalesce(__.values("name"), __.values("sku"), __.id_())).by("buyers"))


def baskets(customers: Sequence[str]) -> Bytecode:
    """What each of these customers bought: the products of each number of buyers."""
    held = __.out("PURCHASED").has("buyers").group().by("buyers").by(T.id)
    return bytecode(g.V(*customers).group().by(T.id).by(held))


# -- products bought together -------------------------------------------------------------------------------------------


def is_basket() -> GraphTraversal:
    """A filter on orders: a known customer placed it, it became a sale, and it has no more products than a basket has."""
    held = __.out_e("CONTAINS").not_(given_back()).count().is_(P.between(1, MOST_LINES + 1))
    return __.and_(__.in_e("PLACED"), __.has("ordered_at"), __.not_(lost()), __.not_(__.has("amount", P.lt(0))), held)


def lost() -> GraphTraversal:
    """From an order: its status, if it has one that is not a sale."""
    return __.values("status").trim().to_lower().is_(P.within(*NO_SALE))


def is_return() -> GraphTraversal:
    """A filter on orders of negative amount: those that were neither cancelled nor only planned."""
    return __.or_(__.not_(__.has("status")), __.values("status").trim().to_lower().is_(P.within(*GIVEN_BACK)))


def given_back() -> GraphTraversal:
    """From a CONTAINS: itself, if the product was returned with this order and not bought."""
    return __.has("quantity", P.lte(0))


def together_with(product: str) -> Bytecode:
    """By customer: in how many of their orders each product occurs together with this one, itself among them."""
    orders = g.V(product).in_e("CONTAINS").not_(given_back()).out_v().where(is_basket())
    held = __.out_e("CONTAINS").not_(given_back()).in_v().group_count().by(T.id)
    return bytecode(orders.group().by(__.in_("PLACED").id_()).by(held))


def basket_counts(customers: Sequence[str]) -> Bytecode:
    """How many baskets each of these customers has."""
    return bytecode(g.V(*customers).group().by(T.id).by(__.out("PLACED").where(is_basket()).count()))


def sold(products: Sequence[str]) -> Bytecode:
    """In how many orders each of these products occurs, which the sync keeps with their weight, and its name."""
    return bytecode(g.V(*products).has("sales").element_map("sales", "baskets", "name", "sku"))


# -- buying habits ------------------------------------------------------------------------------------------------------


def orders_of(customer: str) -> Bytecode:
    """The orders a customer placed: when, for how much, over which channel."""
    sold = __.and_(__.has("ordered_at"), __.not_(lost()), __.not_(__.has("amount", P.lt(0))))
    return bytecode(g.V(customer).out("PLACED").where(sold).element_map("ordered_at", "amount", "unpaid", "currency", "channel"))


def returns_of(customer: str) -> Bytecode:
    """What a customer gave back in an order of its own: its amounts are below zero."""
    returned = g.V(customer).out("PLACED").has("ordered_at").has("amount", P.lt(0)).where(is_return())
    return bytecode(returned.element_map("ordered_at", "amount", "unpaid", "currency"))


def categories_of(customer: str, until: datetime) -> Bytecode:
    """What a customer bought: category, times and amount with its currency, one row per product."""
    known = g.V(customer).out_e("PURCHASED").has("first", P.lte(until))
    bought = known.project("category", "times", "amount", "currency", "amounts")
    return bytecode(
        bought.by(__.coalesce(__.in_v().values("category"), __.constant("")))
        .by(__.values("times"))
        .by(__.coalesce(__.values("amount"), __.constant(0.0)))
        .by(__.coalesce(__.values("currency"), __.constant("")))
        .by(__.coalesce(__.values("amounts"), __.constant("")))
    )
