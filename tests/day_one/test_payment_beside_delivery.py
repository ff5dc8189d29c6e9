"""Two states of an order, of its delivery and of its payment: both are read, and the payment decides what is owed."""

from decimal import Decimal

import pytest

ROWS = """
orderID;ordertime;customer_email;customer_name;{state};{paid};currency;invoice_amount
1;2025-01-09 08:14:55;iris@example.de;Iris Fenn;Komplett abgeschlossen;Komplett bezahlt;EUR;62,70
2;2025-01-10 08:14:55;iris@example.de;Iris Fenn;Storniert / Abgelehnt;Vorgang wurde abgebrochen;EUR;28,80
3;2025-01-11 08:14:55;otto@example.de;Otto Beck;Komplett ausgeliefert;Wiedergutschrift;EUR;28,80
4;2025-01-12 08:14:55;otto@example.de;Otto Beck;Komplett ausgeliefert;1. Mahnung;EUR;15,40
5;2025-01-13 08:14:55;uma@example.de;Uma Hall;Offen;Offen;EUR;39,90
6;2025-01-14 08:14:55;uma@example.de;Uma Hall;Komplett ausgeliefert;Komplett bezahlt;EUR;10,00
7;2025-01-15 08:14:55;rosa@example.de;Rosa Vela;Komplett ausgeliefert;Teilweise bezahlt;EUR;78,60
8;2025-01-16 08:14:55;rosa@example.de;Rosa Vela;Komplett ausgeliefert;Komplett bezahlt;EUR;40,30
"""


@pytest.mark.parametrize(("state", "paid"), [("status_description", "cleared_description"), ("Status", "Zahlungsstatus")])
def test_the_payment_decides_what_is_owed(day_one, state, paid):
    view = day_one({"bestellungen.csv": ROWS.format(state=state, paid=paid)})
    assert view.statuses["2"] == "cancelled" and view.statuses["3"] == "refunded", view.text
    owed = {who: sum(each.values()) for who, each in view.unpaid.items()}
    assert owed == {"Otto Beck": Decimal("15.40"), "Uma Hall": Decimal("39.90")}, view.text
    assert view.spent["Iris Fenn"] == {"EUR": Decimal("62.70")}
    assert any("paid in part" in one for one in view.said), view.said
