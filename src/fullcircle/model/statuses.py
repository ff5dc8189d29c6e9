"""The statuses of an order and of a deal, whatever word their source has for them, and which orders are not sales."""

from __future__ import annotations

from typing import Literal, get_args

OrderStatus = Literal["draft", "pending", "placed", "paid", "shipped", "cancelled", "returned", "refunded"]
STATUSES: tuple[str, ...] = get_args(OrderStatus)
UNPAID = "unpaid"  # what a word may mean besides: an order that is placed, and nothing of it was paid
StatusWord = Literal["draft", "pending", "placed", "unpaid", "paid", "shipped", "cancelled", "returned", "refunded"]
# A draft is not ordered yet; `pending` is ordered, but the payment, or somebody's consent, is still awaited.
GIVEN_BACK = ("returned", "refunded")  # an order of negative amount with one of these is a return or a credit note
NO_SALE = ("cancelled", "draft", "pending", *GIVEN_BACK)

# What became of a deal (an opportunity, a quotation): only what was won is money that came, or will.
DealStatus = Literal["open", "won", "lost", "cancelled"]
DEAL_STATUSES: tuple[str, ...] = get_args(DealStatus)
DEAL_KINDS = ("opportunity", "deal", "quotation", "quote", "lead")  # kinds of interactions that are deals
VISIT_KINDS = ("appointment", "visit")  # kinds that are no deals, whatever they cost and whatever became of them
