"""Lists of money whose rows are not all sales: promises, refunds that are there twice, tips, drafts. Nobody here exists.

Four vendors in one folder, who do not meet: each has customers of its own.
"""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.day_one.conftest import View, bring

FILES = {
    "till.csv": """
Date,Transaction ID,Payment method,Type,Status,Description,Customer name,Customer email,Amount incl. tip,Tip,Fee,Payout,Refunded amount,Currency
14/01/2025 10:00,T1,Card,Sale,Successful,Lamp,Ada Fenn,ada@till.example,110.00,10.00,1.86,108.14,0.00,EUR
25/01/2025 10:00,T2,Card,Sale,Failed,Rug,Otto Beck,otto@till.example,50.00,0.00,0.00,0.00,0.00,EUR
26/01/2025 10:00,T3,Card,Sale,Successful,Rug,Otto Beck,otto@till.example,50.00,0.00,0.80,49.20,20.00,EUR
27/01/2025 10:00,T4,Card,Refund,Successful,Rug,Otto Beck,otto@till.example,-20.00,0.00,0.00,-20.00,0.00,EUR
""",
    "donors.csv": """
donor_id,first_name,last_name,email
D1,Iris,Holm,iris@give.example
D2,Jan,Reed,jan@give.example
D3,Kim,Lark,kim@give.example
""",
    "gifts.csv": """
gift_id,donor_id,record_type,gift_date,amount,total,gl_code,reference
G1,D1,G,01/14/2025,100.00,,ANN,
G2,D2,P,01/25/2025,0.00,1200.00,ANN,
G3,D2,G,02/25/2025,75.00,,ANN,
G4,D3,G,02/26/2025,500.00,,ANN,
""",
    "giving.csv": """
Transaction Number,Name,Email,Date,Type,Method,Fund,Amount,Is Refunded
5001,Lena Voss,lena@fund.example,01/14/2025,Donation,Check,General,41.00,False
5004,Milo Birk,milo@fund.example,02/26/2025,Recurring Donation,None,General,25.00,False
5005,Milo Birk,milo@fund.example,02/27/2025,Recurring Donation Payment,Credit Card,General,25.00,False
5006,Nora Falk,nora@fund.example,02/28/2025,Donation,Cash,General,70.00,True
""",
    "Реализация.csv": """
Дата;Номер;Контрагент;Email;Сумма;Валюта;Проведен
14.01.2024 10:00:00;УТ-000001;Иванова Анна;anna@sklad.example;1 200,00;RUB;Да
15.01.2024 10:00:00;УТ-000002;Петров Олег;oleg@sklad.example;500,00;RUB;Нет
16.01.2024 10:00:00;УТ-000003;Иванова Анна;anna@sklad.example;70,00;RUB;Да
""",
}


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    return bring(tmp_path_factory.mktemp("money"), FILES)


def spent(view: View, *emails: str) -> dict[str, Decimal]:
    whose = {name: next(iter(found & {*emails}), "") for name, found in view.emails.items()}
    return {whose[name]: sum(sums.values(), Decimal(0)) for name, sums in view.spent.items() if whose[name]}


def test_a_tip_is_paid_too_and_what_came_back_in_a_row_of_its_own_came_back_once(view):
    assert spent(view, "ada@till.example", "otto@till.example") == {
        "ada@till.example": Decimal(110),  # and not what was paid out
        "otto@till.example": Decimal(30),
    }


def test_a_total_that_few_rows_have_is_not_the_amount(view):
    found = spent(view, "iris@give.example", "jan@give.example", "kim@give.example")
    assert found == {"iris@give.example": 100, "jan@give.example": 75, "kim@give.example": 500}
    assert "amount is the amount: total is empty in most rows" in view.text


def test_a_gift_that_comes_again_counts_by_its_payments(view):
    found = spent(view, "lena@fund.example", "milo@fund.example", "nora@fund.example")
    assert {who: sum_ for who, sum_ in found.items() if sum_} == {"lena@fund.example": 41, "milo@fund.example": 25}


def test_a_paper_that_is_not_in_the_books_is_a_draft(view):
    assert view.statuses["УТ-000002"] == "draft" and view.statuses["УТ-000001"] != "draft"
    assert spent(view, "anna@sklad.example", "oleg@sklad.example") == {"anna@sklad.example": 1270}
