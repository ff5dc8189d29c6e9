"""The statuses of an order, whatever word its source has for them, and which of them are not sales."""

from __future__ import annotations

from typing import Literal, get_args

OrderStatus = Literal["draft", "pending", "placed", "paid", "shipped", "cancelled", "returned", "refunded"]
STATUSES: tuple[str, ...] = get_args(OrderStatus)
# A draft is not ordered yet; `pending` is ordered, but the payment, or somebody's consent, is still awaited.
GIVEN_BACK = ("returned", "refunded")  # an order of negative amount with one of these is a return or a credit note
NO_SALE = ("cancelled", "draft", "pending", *GIVEN_BACK)
