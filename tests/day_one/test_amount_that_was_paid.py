"""Of two totals the one that was paid or is owed is the amount: the values say it, and no sentence without proof."""

from decimal import Decimal

HEAD = (
    "id,client_email,client_name,date,status,total_net,total_gross,reduction,total_net_unreduced,total_gross_unreduced,currency"
)
ROWS = """
1,iris@example.de,Iris Fenn,2025-01-14,PAID,50.00,53.50,,50.00,53.50,EUR
2,otto@example.de,Otto Beck,2025-01-18,PAID,90.00,96.30,10%,100.00,107.00,EUR
3,uma@example.de,Uma Hall,2025-02-03,OPEN,40.00,42.80,,40.00,42.80,EUR
4,iris@example.de,Iris Fenn,2025-02-07,PAID,28.04,30.00,,28.04,30.00,EUR
5,otto@example.de,Otto Beck,2025-03-09,OVERDUE,93.46,100.00,,93.46,100.00,EUR
6,iris@example.de,Iris Fenn,2025-04-07,PAID,9.35,10.00,,9.35,10.00,EUR
7,uma@example.de,Uma Hall,2025-04-08,PAID,9.35,10.00,,9.35,10.00,EUR
8,otto@example.de,Otto Beck,2025-05-09,PAID,18.69,20.00,,18.69,20.00,EUR
9,iris@example.de,Iris Fenn,2025-05-17,PAID,9.35,10.00,,9.35,10.00,EUR
10,uma@example.de,Uma Hall,2025-05-18,PAID,9.35,10.00,,9.35,10.00,EUR
11,uma@example.de,Uma Hall,2025-05-21,PAID,9.35,10.00,,9.35,10.00,EUR
"""
STATES = {"3": ("20.00", "22.80"), "5": ("0.00", "100.00")}


def with_state(rows=ROWS, head=HEAD):
    lines = [line.split(",") for line in rows.strip().splitlines()]
    full = [",".join([*line, *STATES.get(line[0], (line[6], "0.00"))]) for line in lines]
    return "\n".join([f"{head},paid_amount,open_amount", *full]) + "\n"


def test_of_two_totals_that_is_the_amount_which_was_paid_or_is_owed(day_one):
    view = day_one({"invoices.csv": with_state()})
    assert view.orders["Otto Beck"]["2"] == Decimal("96.30"), view.text
    assert "total_gross_unreduced is" not in view.text
    assert view.unpaid == {"Uma Hall": {"EUR": Decimal("22.80")}, "Otto Beck": {"EUR": Decimal("100.00")}}


def test_the_values_decide_against_the_names(day_one):
    """`Total` is before a discount that no column has; what was paid and is owed says so."""
    head = HEAD.replace("total_gross_unreduced", "total").replace("total_gross", "to_settle").replace(",reduction,", ",note,")
    view = day_one({"invoices.csv": with_state(ROWS.replace("10%", "friend"), head)})
    assert view.orders["Otto Beck"]["2"] == Decimal("96.30"), view.text
    assert "to_settle is the amount: paid_amount and open_amount together are that in 11 of 11 rows" in view.text


def test_without_what_was_paid_the_name_decides(day_one):
    view = day_one({"invoices.csv": HEAD + ROWS})
    assert view.orders["Otto Beck"]["2"] == Decimal("96.30"), view.text
    assert "total_gross_unreduced is" not in view.text
