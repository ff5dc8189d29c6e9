"""The statuses of an order, whatever word its source has for them, and which of them are not sales."""

from __future__ import annotations

from typing import Literal, get_args

OrderStatus = Literal["draft", "placed", "paid", "shipped", "cancelled", "returned", "refunded"]
STATUSES: tuple[str, ...] = get_args(OrderStatus)
GIVEN_BACK = ("returned", "refunded")  # an order of negative amount with one of these is a return or a credit note
NO_SALE = ("cancelled", "draft", *GIVEN_BACK)
