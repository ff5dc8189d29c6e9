"""Objects that are named after what is bought, within an order: `order_product`, `commande_produits`. See `is_of_orders`."""

from __future__ import annotations

from fullcircle.mapping.propose.words import plain, singular, words


def is_of_orders(object_name: str) -> bool:
    """True if a word for an order is before the last word of the name: its rows are items of orders, and no list of products."""
    *before, _ = plain(object_name).split("_")
    return any(singular(word) & {*words()["tables"]["orders"]} for word in before)
