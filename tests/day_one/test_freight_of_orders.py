# ruff: noqa: E501
"""Freight on each line of an order, what was paid of it, and the letters of its state: quotes owe nothing, debts stay."""

from decimal import Decimal

SALES = """
Co./Last Name	First Name	Email	Invoice No.	Date	Item Number	Quantity	Description	Price	Total	Inc-Tax Total	Tax Amount	Freight Amount	Inc-Tax Freight Amount	Sale Status	Amount Paid	Record ID
Fenn	Iris	iris@example.com	101	14/1/2025	MASS	1	Massage	$100.00	$100.00	$110.00	$10.00	$0.00	$0.00	I	$132.00	1
Fenn	Iris	iris@example.com	101	14/1/2025	BALM	1	Balm	$20.00	$20.00	$22.00	$2.00	$0.00	$0.00	I	$132.00	2
Beck	Otto	otto@example.com	102	23/2/2025	FOAM	1	Roller	$36.00	$36.00	$39.60	$3.60	$10.00	$11.00	I	$50.60	3
Hall	Uma	uma@example.com	103	24/2/2025	MASS	1	Massage	$60.00	$60.00	$66.00	$6.00	$0.00	$0.00	I	$0.00	4
Vela	Rosa	rosa@example.com	104	25/2/2025	BALM	2	Balm	$20.00	$40.00	$44.00	$4.00	$10.00	$11.00	I	$99.00	5
Vela	Rosa	rosa@example.com	104	25/2/2025	FOAM	1	Roller	$40.00	$40.00	$44.00	$4.00	$10.00	$11.00	I	$99.00	6
Hall	Uma	uma@example.com	105	26/2/2025	FOAM	1	Roller	$40.00	$40.00	$44.00	$4.00	$0.00	$0.00	Q	$0.00	7
"""
HISTORY = """
Date,Receipt Number,Line Type,Customer Code,Customer Name,Quantity,Subtotal,Sales Tax,Discount,Total,Paid,Details,Register,User,Status,Sku
2025-05-14 11:11:00,1005,Sale,IRIS-1,Iris Fenn,12,79.27,7.13,0.00,86.40,0.00,12 X Wood,Main,Kim,ONACCOUNT,
2025-05-14 11:11:00,1005,Sale Line,IRIS-1,Iris Fenn,12,79.27,7.13,0.00,86.40,,Wood,Main,Kim,ONACCOUNT,WOOD
2025-06-09 13:45:00,1008,Sale,OTTO-1,Otto Beck,1,41.28,3.72,0.00,45.00,20.00,1 X Birdhouse,Main,Kim,LAYBY,
2025-06-09 13:45:00,1008,Sale Line,OTTO-1,Otto Beck,1,41.28,3.72,0.00,45.00,,Birdhouse,Main,Kim,LAYBY,BIRD
2025-06-09 13:45:00,1008,Payment,OTTO-1,Otto Beck,,,,,,20.00,Card,Main,Kim,LAYBY,
2025-06-10 13:45:00,1009,Sale,OTTO-1,Otto Beck,1,10.00,1.00,0.00,11.00,11.00,1 X Wood,Main,Kim,CLOSED,
2025-06-10 13:45:00,1009,Sale Line,OTTO-1,Otto Beck,1,10.00,1.00,0.00,11.00,,Wood,Main,Kim,CLOSED,WOOD
"""


def sums(found):
    return {who: sum(each.values()) for who, each in found.items() if sum(each.values())}


def test_freight_counts_once_and_what_was_not_paid_is_owed(day_one):
    view = day_one({"ITEMSALE.TXT": SALES})
    assert sums(view.spent) == {"Iris Fenn": Decimal(132), "Otto Beck": Decimal("50.60"), "Rosa Vela": Decimal(99)}, view.text
    assert sums(view.unpaid) == {"Uma Hall": Decimal(66)}, view.text
    assert view.statuses["105"] == "draft"


def test_freight_without_proof_is_said(suggested):
    lines = [line.split("\t") for line in SALES.strip().splitlines()]
    paid = lines[0].index("Amount Paid")
    suggested({"ITEMSALE.TXT": "\n".join("\t".join(line[:paid] + line[paid + 1 :]) for line in lines) + "\n"})
    assert "# LOOK: Inc-Tax Freight Amount (22.00 in 2 orders) is in no line and in no amount" in suggested.text


def test_a_word_that_is_not_known_is_said_where_the_amount_is_the_sum_of_lines(suggested):
    suggested({"ITEMSALE.TXT": SALES.replace("\tQ\t", "\tZ\t")})
    assert "LOOK: Sale Status: what I (325.60 in 6 rows), Z (44.00 in 1 row) mean is not known" in suggested.text, suggested.text


def test_what_is_on_account_is_owed_and_of_a_layby_what_was_not_paid(day_one):
    view = day_one({"sales-history.csv": HISTORY})
    assert sums(view.unpaid) == {"Iris Fenn": Decimal("86.40"), "Otto Beck": Decimal(25)}, view.text
    assert sums(view.spent) == {"Otto Beck": Decimal(31)}


HEAD = "Date,Receipt ID,Customer Email,Item,Qty,Gross Sales,Discounts,Net Sales,Tax"
ROWS = (
    "2025-01-02,R1,iris@example.com,Cup,1,10.00,-1.00,9.00,0.81",
    "2025-01-02,R1,iris@example.com,Pot,1,20.00,0.00,20.00,1.80",
    "2025-01-03,R2,otto@example.com,Cup,2,20.00,0.00,20.00,1.80",
    "2025-01-04,R3,uma@example.com,Pot,1,20.00,-2.00,18.00,1.62",
)
PAID = {"iris@example.com": Decimal("31.61"), "otto@example.com": Decimal("21.80"), "uma@example.com": Decimal("19.62")}


def items(head, rows):
    return {"items.csv": "\n".join([head, *rows]) + "\n"}


def of_mails(view):
    return {next(iter(view.emails[name])): sum_ for name, sum_ in sums(view.spent).items()}


def test_tax_of_each_item_beside_a_net_amount_is_added(day_one):
    view = day_one(items(HEAD, ROWS))
    assert of_mails(view) == PAID, view.text
    assert "Net Sales is net: Tax of each item are added" in view.text and "is in no amount" not in view.text


def test_tax_and_tip_of_each_item_where_only_a_net_amount_is_there(day_one):
    rows = [
        ",".join([*row.split(",")[:5], *row.split(",")[7:], tip])
        for row, tip in zip(ROWS, ("1.00", "0.50", "0.00", ""), strict=True)
    ]
    view = day_one(items("Date,Receipt ID,Customer Email,Item,Qty,Net Sales,Tax,Tip", rows))
    assert of_mails(view) == {**PAID, "iris@example.com": Decimal("33.11")}, view.text


def test_tax_that_may_be_of_the_whole_order_is_said(suggested):
    rows = [row.replace("9.00,0.81", "9.00,2.61").replace("20.00,1.80", "20.00,2.61") for row in ROWS[:2]]
    suggested(items(HEAD, [*rows, *ROWS[2:]]))
    assert "LOOK: Tax (8.64 together) is in no amount: Net Sales is without it" in suggested.text, suggested.text
