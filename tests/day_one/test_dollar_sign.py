"""A currency column that holds only `$`: which dollar it is says the country of the project. Made-up people."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.day_one.conftest import proposed, put, run_in

ORDERS = """
Order,Name,Email,Date,Total,Currency
1001,Ada Kell,ada@kell.example,2026-01-05,100.00,$
1002,Bo Lind,bo@lind.example,2026-01-06,80.00,$
"""


@pytest.mark.parametrize(
    ("country", "code"), [("US", "USD"), ("CA", "CAD"), ("AU", "AUD"), ("SG", "SGD"), ("HK", "HKD"), ("MX", "MXN"), ("NZ", "NZD")]
)
def test_it_is_that_of_the_country_and_that_is_said(tmp_path, country, code):
    view = _view(tmp_path, country)
    assert view.spent["Ada Kell"] == {code: Decimal(100)}
    assert any(f"2 rows have only the sign $; it is read as {code}" in said for said in view.said), view.said


def test_elsewhere_it_is_kept_and_that_is_said(tmp_path):
    view = _view(tmp_path, "DE")
    assert view.spent["Ada Kell"] == {"$": Decimal(100)}
    assert any("which dollar that is, is not known in a project of DE" in said for said in view.said), view.said


def test_beside_the_code_of_the_country_it_may_be_another_dollar(tmp_path):
    view = _view(tmp_path, "CA", ORDERS.replace("80.00,$", "80.00,CAD"))
    assert (view.spent["Ada Kell"], view.spent["Bo Lind"]) == ({"$": Decimal(100)}, {"CAD": Decimal(80)})


def _view(folder, country, orders=ORDERS):
    put(folder, {"orders.csv": orders})
    config = proposed(folder)
    text = config.read_text(encoding="utf-8")
    before, _, after = text.partition('country = "')
    config.write_text(f'{before}country = "{country}"{after.partition(chr(34))[2]}', encoding="utf-8")
    return run_in(config)
