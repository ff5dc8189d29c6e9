"""The currency of orders that is only a number, whose code is in a table of its own: `id_currency` and `currency.iso_code`.

Without it, sums in several currencies would be added up. A number that the table does not have stays as it is, and is reported.
Start at `with_currency_codes`; status_lookups.py does the same for a status.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import Proposed, ProposedMap
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.values_of import values_of

CURRENCY = re.compile(
    r"(^|_)(currency|currencies|curr|wahrung(en)?|waehrung(en)?|devises?|monnaies?|monedas?|divisas?|valut[ae]n?|valutor|moedas?|walut[ay]|mena|meny"
    r"|penznem\w*|para_birimi|валют[аы]|通貨|货币|幣別|통화)(_|$)"
)
NO_CURRENCY = re.compile(r"(^|_)(rate|value|factor|kurs|symbol|date|count)(_|$)")
MOST_ROWS = 400  # of a table of currencies
ENOUGH = 0.8  # of the different numbers of a column must be in it
CODE = "[A-Z]{3}"


def with_currency_codes(engine: Engine, made: Sequence[Proposed]) -> None:
    """Give orders and deals whose currency is a number the code that a table without any other use has for it."""
    tables = [one for one in made if not one.maps and one.sample.table and CURRENCY.search(plain(one.sample.name))]
    tables = [one for one in tables if 0 < one.sample.rows <= MOST_ROWS]
    for one in made if tables else ():
        for map_ in (each for each in one.maps if each.to in {"orders", "interactions"} and "amount" in each.fields):
            for column in _numbers(one.sample, map_):
                if _say(engine, one, map_, column, tables):
                    break


def _numbers(sample: Sample, map_: ProposedMap) -> list[str]:
    """The columns that may hold the number of a currency; none where its code is known."""
    said = str(map_.fields.get("currency", {}).get("field", ""))
    if "currency" in map_.fields and not _is_number(sample, said):
        return []
    names = [said] if said else [each.name for each in sample.found.fields]
    return [
        name for name in names
        if _is_number(sample, name) and CURRENCY.search(plain(name)) and not NO_CURRENCY.search(plain(name))
    ]  # fmt: skip


def _is_number(sample: Sample, name: str) -> bool:
    facts = sample.facts.get(name)
    return bool(facts and facts.filled and facts.whole == 1 and facts.longest <= 4)


def _say(engine: Engine, one: Proposed, map_: ProposedMap, column: str, tables: Sequence[Proposed]) -> bool:
    found = {*values_of(engine, one.sample, column)}
    for table in tables:
        codes = _codes(engine, table.sample, found)
        if codes:
            map_.fields["currency"] = {"field": column, "map": codes}
            there = f"{len(codes):,} of {len(found):,} values of {one.sample.name}.{column} have a code in {table.sample.name}"
            one.evidence.append(f"{there}, which is the currency")
            one.left = [name for name in one.left if name != column]
            table.notes[:] = [f"its codes are the currencies of {one.sample.name}"]
            return True
    return False


def _codes(engine: Engine, sample: Sample, found: set[str]) -> dict[str, str]:
    """The code for each number that is used; {} where the table does not have them."""
    keys = [name for name in sample.facts if _is_number(sample, name) and sample.unique(name)]
    for text in (name for name, facts in sample.facts.items() if facts.filled and facts.longest == 3 and not facts.number):
        if engine.value(f"SELECT bool_and(regexp_full_match({text_of(text)}, '{CODE}')) FROM {sample.table}"):
            for key in keys:
                rows = engine.rows(f"SELECT {text_of(key)}, {text_of(text)} FROM {sample.table} ORDER BY rowid")
                codes = {str(number): str(code) for number, code in rows if number and code and str(number) in found}
                if codes and len(codes) >= ENOUGH * len(found - {"0"}):
                    return codes
    return {}
