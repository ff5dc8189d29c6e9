"""Files that were joined, with the header of each; and lines of totals between the rows. Both are set aside, and say why."""

from __future__ import annotations

import pytest

from tests.connectors.test_workbooks import write_xlsx
from tests.connectors.town import Town


def test_a_header_inside_the_table_is_not_a_row(town: Town) -> None:
    town.put("people.csv", "id,First name,email\n1,Ada,ada@tal.example\nID, first name ,EMAIL\n2,Bo,bo@berg.example\n")
    town.pull()
    assert town.rows("people", "id") == [("1",), ("2",)]
    [reject] = town.rejects("people")
    assert reject["reason"] == "line 3 of people.csv is the header once more, inside the table"


@pytest.mark.parametrize("line", ["Subtotal,,,26.00,", 'Zwischensumme,,,"26,00 €",', ",Total:,,26,", "Итого,,2,26.00,"])
def test_a_line_of_totals_inside_the_table_is_not_an_order(town: Town, line: str) -> None:
    town.put("orders.csv", f"no,customer,lines,total,status\n1,7,1,12.50,paid\n2,7,1,13.50,paid\n{line}\n3,8,1,5,paid\n")
    town.pull()
    assert town.rows("orders", "no") == [("1",), ("2",), ("3",)]
    [reject] = town.rejects("orders")
    assert reject["reason"] == "line 4 of orders.csv is a line of totals inside the table"


@pytest.mark.parametrize(
    "line", ["4,Total,1,5,paid", "Total,8,1,5,paid", "4,Total Fina,,,", "4,,1,5,paid", "Total,Fina,,5,"]
)  # fmt: skip
def test_what_only_has_such_a_word_is_a_row(town: Town, line: str) -> None:
    town.put("orders.csv", f"no,customer,lines,total,status\n1,7,1,12.50,paid\n{line}\n3,8,1,5,paid\n")
    town.pull()
    assert len(town.rows("orders", "no")) == 3


def test_in_a_workbook_too(town: Town) -> None:
    rows = [
        ["no", "customer", "total"],
        [1, "Ada", 5],
        ["no", "customer", "total"],
        [2, "Bo", 6],
        ["Sum", None, 11],
        [3, "Cy", 1],
    ]
    write_xlsx(town.files / "orders.xlsx", {"One": rows})
    town.pull()
    assert town.rows("orders", "no") == [("1",), ("2",), ("3",)]
    assert len(town.rejects("orders")) == 2
