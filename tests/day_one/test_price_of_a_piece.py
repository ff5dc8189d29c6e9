"""What is paid for the payment or for sending is not the price of a piece, whatever is beside it. Nobody here exists."""

from __future__ import annotations

import pytest

HEAD = (
    "[ORDER_NUMBER];[CURRENCY_ID];[ORDER_TOTAL];[CREATION_TIME];[{fee}];"
    "[CUSTOMER_EMAIL];[PRODUCT_CODE];[PRODUCT_TITLE];[PRODUCT_QUANTITY];[{price}]"
)
ROWS = """
O1;CZK;648.00;2026-01-05 08:10;0.00;jana.mak@posta.example;C-1;Tea 100 g;3;159.00
O1;CZK;648.00;2026-01-05 08:10;0.00;jana.mak@posta.example;S-9;Sieve;1;82.00
O2;CZK;348.00;2026-01-07 09:20;30.00;ota.buk@posta.example;C-1;Tea 100 g;2;159.00
O3;CZK;159.00;2026-01-09 10:30;0.00;eva.lan@posta.example;C-1;Tea 100 g;1;159.00
"""


@pytest.mark.parametrize(
    ("fee", "price"),
    [("PAYMENT_PRICE", "PRODUCT_PRICE"), ("SHIPMENT_PRICE", "PRICE"), ("CENA_DOPRAVY", "CENA"), ("VERSANDPREIS", "PREIS")],
)
def test_the_price_of_a_piece(suggested, fee, price):
    suggested({"objednavky.csv": HEAD.format(fee=fee, price=price) + ROWS})
    assert f'unit_price = "[{price}]"' in suggested.text
    assert 'currency = "[CURRENCY_ID]"' in suggested.text
