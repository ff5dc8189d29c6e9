"""The currency of orders where no header is a plain word for it: `original_currency` beside `accounting_currency`.

Of sums in two currencies, the one that the customer was asked for goes with its own currency. Start at `with_currency`.
"""

from __future__ import annotations

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import LOOK

ENDINGS = ("_currency", "_currency_code", "_ccy")
SUMS = ("amount", "total", "total_amount", "value", "price")
THEIRS = ("original", "customer", "transaction", "invoice", "presentment", "order", "document")  # not that of the books


def with_currency(engine: Engine | None, sample: Sample, columns: dict[str, str]) -> list[str]:
    """Add the currency to the columns of the orders, with the sum that is in it; sentences for the reader."""
    stems = _stems(sample)
    if engine is None or not sample.table or "currency" in columns or "amount" not in columns or not stems:
        return []
    names = [*stems.values()]
    differ = " OR ".join(f"{quoted(name)} IS DISTINCT FROM {quoted(names[0])}" for name in names[1:]) or "false"
    if not engine.value(f"SELECT count(*) FILTER ({differ}) FROM {sample.table}"):
        columns["currency"] = names[0]
        return []
    pairs = {stem: found for stem in stems if (found := _sum_of(sample, stem))}
    own = next((stem for stem, found in pairs.items() if found == columns["amount"]), "")
    theirs = next((stem for stem in THEIRS if stem in pairs), own)
    if not theirs or {"paid", "unpaid"} & columns.keys():
        return [f"{LOOK}{', '.join(names)} differ, and which of them {columns['amount']} is in is not known: no currency is read"]
    columns |= {"amount": pairs[theirs], "currency": stems[theirs]}
    return [f"{pairs[theirs]}: the sum in {stems[theirs]}, in which the customer was asked for it"]


def _stems(sample: Sample) -> dict[str, str]:
    """What stands before a word for a currency -> the column, where it has codes of three letters in every row."""
    found = {}
    for name, facts in sample.facts.items():
        ending = next((one for one in ENDINGS if plain(name).endswith(one)), "")
        if ending and facts.longest == 3 and facts.filled == sample.rows and not facts.number:
            found[plain(name).removesuffix(ending)] = name
    return found


def _sum_of(sample: Sample, stem: str) -> str:
    known = {f"{stem}_{one}" for one in SUMS}
    return next((name for name, facts in sample.facts.items() if plain(name) in known and facts.number == 1), "")
