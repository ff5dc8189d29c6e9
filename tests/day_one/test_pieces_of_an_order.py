"""Rows of one order whose price and kind differ are its lines: tickets by their tariff, articles by a bare name."""

from decimal import Decimal

TICKETS = """
Order reference;Order date;Status;Participant;Payer name;Payer email;Means of payment;Ticket number;{kind};{sum}
8101;01/03/2025 11:05;Paid;Iris Fenn;Iris Fenn;iris@example.com;Card;900100;Adult;15.00
8101;01/03/2025 11:05;Paid;Zoe Fenn;Iris Fenn;iris@example.com;Card;900101;Child;8.00
8102;14/03/2025 09:40;Paid;Otto Beck;Otto Beck;otto@example.com;Card;900102;Adult;15.00
8102;14/03/2025 09:40;Paid;Ada Beck;Otto Beck;otto@example.com;Card;900103;Child;8.00
8102;14/03/2025 09:40;Paid;Ben Beck;Otto Beck;otto@example.com;Card;900104;Child;8.00
8103;15/03/2025 10:00;Paid;Uma Hall;Uma Hall;uma@example.com;Card;900105;Adult;15.00
8104;25/03/2025 10:00;Paid;Rosa Vela;Rosa Vela;rosa@example.com;Card;900106;Adult;15.00
"""
ARTICLES = """
orderID;ordernumber;ordertime;status;customer_email;customer_name;orderdetailsID;articleordernumber;name;price;quantity
51;2101;2025-01-09 08:14:55;completed;iris@example.com;Iris Fenn;3001;KA-1;Espresso;24.90;2
51;2101;2025-01-09 08:14:55;completed;iris@example.com;Iris Fenn;3002;ZB-2;Cup;9.00;1
52;2102;2025-02-11 19:01:10;completed;otto@example.com;Otto Beck;3003;KA-2;Filter;11.50;1
53;2103;2025-02-15 20:20:20;completed;uma@example.com;Uma Hall;3004;KA-1;Espresso;24.90;1
53;2103;2025-02-15 20:20:20;completed;uma@example.com;Uma Hall;3005;ZB-2;Cup;9.00;2
53;2103;2025-02-15 20:20:20;completed;uma@example.com;Uma Hall;3006;KA-2;Filter;11.50;1
"""


def spent(view):
    return {who: sum(each.values()) for who, each in view.spent.items()}


def test_tickets_are_the_lines_of_their_order(day_one):
    view = day_one({"tickets_sold.csv": TICKETS.format(kind="Tariff", sum="Tariff amount")})
    assert spent(view) == {
        "Iris Fenn": Decimal(23), "Otto Beck": Decimal(31), "Uma Hall": Decimal(15), "Rosa Vela": Decimal(15)
    }, view.text  # fmt: skip
    assert view.lines == {"8101": 2, "8102": 3, "8103": 1, "8104": 1}
    assert view.products == {"Adult", "Child"} and 'key = "Ticket number"' in view.text


def test_articles_by_the_number_that_a_shop_gives_them(day_one):
    view = day_one({"orders_export.csv": ARTICLES})
    assert spent(view) == {"Iris Fenn": Decimal("58.80"), "Otto Beck": Decimal("11.50"), "Uma Hall": Decimal("54.40")}, view.text
    assert view.products == {"Espresso", "Cup", "Filter"}


def test_a_bare_name_beside_a_quantity_and_a_price_is_what_was_bought(day_one):
    view = day_one({"orders_export.csv": ARTICLES.replace("articleordernumber", "wnr")})
    assert spent(view) == {"Iris Fenn": Decimal("58.80"), "Otto Beck": Decimal("11.50"), "Uma Hall": Decimal("54.40")}, view.text
    assert view.products == {"Espresso", "Cup", "Filter"}
