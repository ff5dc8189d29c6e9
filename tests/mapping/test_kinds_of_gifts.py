"""Kinds of rows: a gift that comes again and its payments, and words that only say how a sum was made."""

from __future__ import annotations

import pytest

from fullcircle.mapping.propose.documents import is_paid_beside
from fullcircle.mapping.propose.field_names import without_tax
from fullcircle.mapping.propose.guess import named
from fullcircle.mapping.propose.mail_states import OF_MAIL
from fullcircle.mapping.propose.of_orders import is_of_orders
from fullcircle.mapping.propose.words import plain
from fullcircle.mapping.status import status_of


@pytest.mark.parametrize(
    ("kinds", "promised"),
    [
        (["Donation", "Recurring Donation", "Recurring Donation Payment"], ["Recurring Donation"]),
        (["Dauerspende", "Zahlung Dauerspende", "Spende"], ["Dauerspende"]),
        (["Invoice", "Invoice Payment"], []),  # the payment is left out, and not the invoice
        (["Order", "Order Payment"], []),
        (["Payment", "Payment received"], []),
    ],
)
def test_a_gift_whose_payments_are_rows_too_is_a_promise(kinds, promised):
    assert [kind for kind in kinds if is_paid_beside(kind, kinds)] == promised


def test_an_object_named_after_an_order_and_a_product_has_items():
    assert is_of_orders("oc_order_product") and is_of_orders("commande_produits") and not is_of_orders("shop_products")


@pytest.mark.parametrize("name", ["Credit Notes", "credit_memo", "acme_credit_notes", "CreditNote"])
def test_credit_notes_are_no_notes(name):
    assert named(name) == "orders"


def test_a_sum_with_the_tip_is_that_sum():
    assert without_tax(plain("Amount incl. tip")) == "amount" and without_tax(plain("Betrag inkl. Trinkgeld")) == "betrag"


@pytest.mark.parametrize(
    ("column", "of_mail"),
    [
        ("Person - Marketing status", True), ("Email permissions status", True), ("Newsletter-Status", True),
        ("Order status", False), ("Marketing source", False), ("Status", False),
    ],
)  # fmt: skip
def test_which_status_is_that_of_mail(column, of_mail):
    assert bool(OF_MAIL.search(plain(column))) is of_mail


def test_what_a_bank_has_not_collected_yet_is_awaited():
    for word in ("pending_submission", "pending_customer_approval"):
        assert status_of(word) == status_of("awaiting payment") is not None
    assert status_of("customer_approval_denied") == "cancelled"
