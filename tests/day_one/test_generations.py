"""Father and son of one name and one e-mail address, told apart by `ml.` and `st.`, `jun.` and `sen.`. Made-up people."""

from pathlib import Path

import pytest

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from tests.day_one.conftest import bring

PEOPLE = """
Given name,Family name,E-mail,Phone,Born
Jan,Dvorak {younger},jan@dvorak.example,+420 603 111 031,1999-05-12
Jan,Dvorak {elder},jan@dvorak.example,+420 603 111 032,1970-02-01
"""
ORDERS = """
Order,Date,Customer,E-mail,Total,Currency
R1,2025-01-02,Jan Dvorak {elder},jan@dvorak.example,1200,CZK
R2,2025-01-03,Jan Dvorak {younger},jan@dvorak.example,800,CZK
"""


@pytest.mark.parametrize(
    ("younger", "elder"), [("ml.", "st."), ("jun.", "sen."), ("mladší", "starší"), ("fils", "père"), ("hijo", "padre")]
)
def test_a_generation_apart(tmp_path: Path, younger: str, elder: str) -> None:
    files = {"customers.csv": PEOPLE, "orders.csv": ORDERS}
    bring(tmp_path, {name: text.format(younger=younger, elder=elder) for name, text in files.items()})
    with open_desk(read_config(tmp_path / "fullcircle.toml")) as desk:
        found = desk.engine.rows(
            "SELECT c.name, c.phone, o.key FROM customers c JOIN members USING (customer_id) "
            "JOIN orders o USING (record_id) ORDER BY o.key"
        )
    assert found == [("Jan Dvorak", "+420603111032", "R1"), ("Jan Dvorak", "+420603111031", "R2")]
