"""Consents on the rows of orders and tickets: of the person of the row, at the time of the row, the newest counts."""

from __future__ import annotations

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests.day_one.conftest import STAGES, bring, proposed, put

ORDERS = """
Order No,Order Date,Customer Name,Email,Total,Currency,buyer_accepts_marketing
1,2025-01-05,Uwe Brandhoff,fam@example.com,10.00,EUR,yes
2,2025-01-06,Silke Brandhoff,fam@example.com,20.00,EUR,no
3,2025-01-07,Ines Kolmar,ines@example.com,40.00,EUR,no
4,2025-03-08,Ines Kolmar,ines@example.com,80.00,EUR,yes
5,2025-02-09,Hugo Nies,hugo@example.com,160.00,EUR,
"""
BOOKINGS = """
Buchungsnummer;Buchungsdatum;Kundennr;Betrag;Währung;Newsletter
B1;05.01.2025;K1;10,00;EUR;ja
B2;06.02.2025;K1;20,00;EUR;nein
B3;07.01.2025;K2;40,00;EUR;ja
"""
CUSTOMERS = """
Kundennr;Vorname;Nachname;E-Mail;Einwilligung entzogen
K1;Rosa;Tamm;rosa@example.com;
K2;Bea;Voss;bea@example.com;08.03.2025
"""


def _given(folder, files):
    put(folder, files)
    with open_desk(read_config(proposed(folder))) as desk:
        run(desk, Choice(only=STAGES))
        rows = desk.engine.rows(
            'SELECT coalesce(c.name, c.email), t.purpose, t.granted, CAST(t."at" AS DATE)::VARCHAR FROM consents t '
            "JOIN members m ON m.record_id = t.record_id JOIN customers c ON c.customer_id = m.customer_id ORDER BY ALL"
        )
    return [tuple(row) for row in rows]


def test_the_newest_order_of_each_person_counts(tmp_path):
    assert _given(tmp_path, {"orders.csv": ORDERS}) == [
        ("Ines Kolmar", "accepts_marketing", True, "2025-03-08"),
        ("Silke Brandhoff", "accepts_marketing", False, "2025-01-06"),
        ("Uwe Brandhoff", "accepts_marketing", True, "2025-01-05"),
    ]


def test_on_the_rows_of_customers_in_a_list_and_a_consent_withdrawn_there(tmp_path):
    found = _given(tmp_path, {"kunden.csv": CUSTOMERS, "buchungen.csv": BOOKINGS})
    assert [row for row in found if row[1] == "newsletter"] == [
        ("Rosa Tamm", "newsletter", False, "2025-02-06")
    ]  # Bea took it back
    assert {row for row in found if row[1] != "newsletter"} == {
        ("Bea Voss", way, False, "2025-03-08") for way in ("email", "call", "sms", "post")
    }


HEADER = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Accepts Marketing,Currency,Subtotal,Total,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Source"
)
SHOPIFY = f"""
{HEADER}
#1,ines@example.com,paid,,fulfilled,yes,EUR,10.00,10.00,2025-01-05 10:00:00 +0100,1,Cup,10.00,C1,Ines Kolmar,web
#2,ines@example.com,paid,,fulfilled,no,EUR,10.00,10.00,2025-02-05 10:00:00 +0100,1,Cup,10.00,C1,Ines Kolmar,web
"""


def test_the_orders_of_a_known_shop(tmp_path):
    assert _given(tmp_path, {"orders_export.csv": SHOPIFY}) == [("Ines Kolmar", "email", False, "2025-02-05")]


def test_a_subscription_that_was_bought_is_no_consent(tmp_path):
    view = bring(tmp_path, {"orders.csv": ORDERS.replace("buyer_accepts_marketing", "Subscribed")})
    assert view.consents == {}


LIST = """
Email,Forename,Last name,Status,Consent type,Consent date,Consent expiration date,Unsubscribed,SMS-Marketing,BlockEmail,BlockMail
ida@example.com,Ida,Tamm,Subscribed,Express,2023-02-03,,,No,No,Yes
bo@example.com,Bo,Voss,Subscribed,Implied,2024-01-09,2026-01-09,,Yes,No,No
uma@example.com,Uma,Nies,Unsubscribed,Express,2022-10-11,,2026-03-10,No,No,No
"""


def test_a_consent_that_ends_is_none_and_a_block_on_letters_is_none_on_e_mail(tmp_path):
    found = _given(tmp_path, {"contacts.csv": LIST})
    of = {
        name: {(purpose, said) for who, purpose, said, _ in found if who == name} for name in ("Ida Tamm", "Bo Voss", "Uma Nies")
    }
    assert of["Bo Voss"] == set()  # it was allowed until a day
    assert of["Ida Tamm"] == {("email", True), ("post", False), ("sms_opt_in", False)}
    assert of["Uma Nies"] == {("email", False), ("sms_opt_in", False)}
    assert "LOOK: Consent expiration date: a consent that ends on a day" in (tmp_path / "fullcircle.toml").read_text()
