"""`map check` says of which orders the lines do not add up, where the lines of these orders were all read."""

from __future__ import annotations

from pathlib import Path

import pytest

from fullcircle.ask.map_check import check_maps
from fullcircle.config.read import read_config

MAPS = """
[sources.files]
connector = "files"
path = "."
[[map]]
source = "files"
object = "orders"
to = "records"
fields = { key = "email", email = "email" }
[[map]]
source = "files"
object = "orders"
to = "orders"
fields = { key = "id", record_id = { field = "email", ref = "orders" }, ordered_at = "day", amount = "total" }
[[map]]
source = "files"
object = "lines"
to = "products"
fields = { key = "sku", name = "sku" }
[[map]]
source = "files"
object = "lines"
to = "order_lines"
[map.fields]
key = "id"
order_id = { field = "order", ref = "orders" }
product_id = { field = "sku", ref = "lines" }
amount = "COLUMN"
"""


def said(folder: Path, orders: list[int], column: str) -> dict[tuple[str, str], list[str]]:
    """What is said of sums; each number is a line of that order, whose two or more lines of 5.00 are its amount."""
    rows = [f"{n},{order},S{n % 3},5.00,0.10" for n, order in enumerate(orders)]
    (folder / "lines.csv").write_text("\n".join(["id,order,sku,price,fee", *rows]))
    made = [f"{one},2025-01-31,p{one}@a.example,{5 * orders.count(one)}.00" for one in dict.fromkeys(orders)]
    (folder / "orders.csv").write_text("\n".join(["id,day,email,total", *made]))
    (folder / "fullcircle.toml").write_text(MAPS.replace("COLUMN", column))
    found = check_maps(read_config(folder / "fullcircle.toml"))
    notes = {(one["object"], one["to"]): [note for note in one["notes"] if "add up" in note] for one in found}
    return {which: some for which, some in notes.items() if some}


GROUPED, SPREAD = [n // 3 for n in range(1_500)], [n % 500 for n in range(1_500)]


@pytest.mark.parametrize(
    ("orders", "column", "found"),
    [([1, 1, 2, 2], "fee", 1), ([1, 1, 2, 2], "price", 0), (GROUPED, "fee", 1), (GROUPED, "price", 0), (SPREAD, "price", 0)],
    ids=["fee", "price", "many fees", "many prices", "lines apart from one another"],
)
def test_sums_are_judged_where_all_lines_are_there(tmp_path, orders, column, found):
    assert [*said(tmp_path, orders, column)] == [("orders", "orders")] * found
