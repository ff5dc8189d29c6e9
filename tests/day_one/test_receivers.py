"""Who receives an order need not be who ordered it: no phone and no e-mail of the receiver becomes one of the customer."""

import pytest

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.mapping.propose.several import is_receiver
from fullcircle.mapping.propose.suggest import suggest


def proposed(header):
    fields = tuple(FoundField(name) for name in header.split(","))
    return suggest("files", "files", [FoundObject("orders", (), fields)])


@pytest.mark.parametrize(
    "column", ["Recipient phone", "Ship To Phone", "Delivery phone", "Telefone para a entrega", "Liefer Telefon"]
)
def test_a_phone_of_the_receiver_is_not_the_customers(column):
    text = proposed(f"Order number,Order date,Total,Buyer email,Buyer name,Buyer phone,{column}")
    assert 'phone = "Buyer phone"' in text
    assert f'value = "{column}"' not in text


def test_the_further_phone_of_the_customer_stays():
    text = proposed("Order number,Order date,Total,Buyer email,Buyer name,Buyer phone,Buyer mobile phone,Ship To Phone")
    assert 'value = "Buyer mobile phone"' in text
    assert "Ship To Phone" not in text.split("# not used")[0]


def test_a_profile_does_not_take_it_either():
    header = "Order Number,Order Status,Order Date,First Name (Billing),Last Name (Billing),Email (Billing),Phone (Billing)"
    text = proposed(f"{header},Phone (Shipping),Payment Method Title,Order Total Amount,SKU,Item #,Item Name,Quantity,Item Cost")
    assert "WooCommerce" in text
    assert 'value = "Phone (Shipping)"' not in text


def test_which_columns_are_of_a_receiver():
    assert is_receiver("Consignee phone") and is_receiver("shipping_email")
    assert not is_receiver("Buyer Phone") and not is_receiver("phone")
