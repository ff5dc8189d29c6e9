"""The amount of an order inside an object in a cell: `totals: {"grandTotal": {"amount": "14.00", "currency": "EUR"}}`.

Only where no column has the amount: without it the sum of the items would count, from which postage and discounts are missing.
See `with_amount_inside`.
"""

from __future__ import annotations

from collections.abc import Collection

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.guess import plain, words
from fullcircle.mapping.propose.nested import Leaf, leaves_of, of_json, plain_root, text_at
from fullcircle.mapping.propose.planner import ProposedMap
from fullcircle.mapping.propose.sample import Sample

VALUES = ("amount", "value", "gross", "brutto")  # what a sum is called within its own object
CURRENCIES = ("currency", "currency_code", "currency_iso", "code")
WHOLE = (
    "grand_total",
    "order_total",
    "total_price",
    "total_amount",
    "total_gross",
    "gross_total",
    "total_paid",
    "total",
    "gross",
)


def with_amount_inside(engine: Engine | None, sample: Sample, orders: ProposedMap, used: Collection[str]) -> tuple[str, str]:
    """Read the amount, and its currency, that is inside a column of JSON: that column and a line, twice "" without one."""
    if engine is None or not sample.table or "amount" in orders.fields:
        return "", ""
    columns = [name for name in of_json(engine, sample) if name not in used]
    leaves = [leaf for name in columns for leaf in leaves_of(engine, sample, name) if not leaf.within]
    able = sorted((rank, leaf.field) for leaf in leaves if (rank := _rank(leaf)) >= 0 and _are_sums(engine, sample, leaf))
    if not able or (len(able) > 1 and able[0][0] == able[1][0]):
        return "", ""
    found = able[0][1]
    orders.fields["amount"] = {"sql": text_at(found)}
    beside = found.rpartition(".")[0]
    code = next((one.field for one in leaves if one.field.rpartition(".")[0] == beside and plain(one.path) in CURRENCIES), "")
    code = code or next((one.field for one in leaves if plain(one.path.rpartition(".")[2]) in CURRENCIES[:3]), "")
    if code and "currency" not in orders.fields:
        orders.fields["currency"] = {"sql": text_at(code)}
    return plain_root(found), f"{found}: the amount of the order, inside of {plain_root(found)}"


def _rank(leaf: Leaf) -> int:
    """How surely a value is the whole sum of an order, 0 the most; -1 if it is none."""
    parts = [plain(one) for one in leaf.field.split(".")]
    names = [one for one in parts[1:] if one not in VALUES] or parts[:1]
    if names[-1] in WHOLE:
        return WHOLE.index(names[-1])
    known = words()["columns"]["orders"]["amount"]
    return len(WHOLE) if len(names) == 1 and parts[-1] in VALUES and names[-1] in known else -1


def _are_sums(engine: Engine, sample: Sample, leaf: Leaf) -> bool:
    """True for numbers in nearly every row."""
    fits = f"count(*) FILTER (TRY_CAST({text_at(leaf.field)} AS DOUBLE) IS NOT NULL) >= 0.9 * count(*)"
    return bool(engine.value(f"SELECT {fits} FROM {sample.table}"))
