"""A 0, -1 or `guest` in the column of customers' numbers is nobody's, where no list says whose it is. Nobody here exists."""

import pytest

from tests.mapping.test_links import fields, project, proposed

SHEET = """ORDER_ID,ORDER_DATE,CUSTOMER_ID,CUSTOMER_NAME,CUSTOMER_EMAIL,ORDER_TOTAL
701,2025-03-02,11,Mia Tarn,mia@tarn.example,10.00
702,2025-03-03,12,Lars Sund,lars@sund.example,20.00
703,2025-03-04,{0},Kira Born,kira@born.example,30.00
704,2025-03-05,{0},Ole Egge,ole@egge.example,40.00
705,2025-03-06,{0},,,50.00
"""


@pytest.mark.parametrize("value", ["0", "-1", "000", "guest", "NULL"])
def test_a_number_of_nobody_is_neither_a_key_nor_a_link(tmp_path, value):
    found = proposed(project(tmp_path, orders=SHEET.format(value)))["orders"]
    assert fields(found, "records")["key"] == {
        key: rule for key, rule in fields(found, "orders")["record_id"].items() if key != "ref"
    }
    assert f"NOT IN ('{value}')" in fields(found, "records")["key"]["sql"]
    assert any("nobody's number" in note for note in found["notes"])


def test_customers_counted_from_0_keep_their_0(tmp_path):
    sheet = "order_id,date,customer_id,customer name,total\n" + "".join(
        f"{n},2025-03-0{n},{n // 2},{('Mia Tarn', 'Lars Sund', 'Kira Born')[n // 2]},5.00\n" for n in range(1, 6)
    )
    assert fields(proposed(project(tmp_path, orders=sheet))["orders"], "records")["key"] == {"field": "customer_id"}
