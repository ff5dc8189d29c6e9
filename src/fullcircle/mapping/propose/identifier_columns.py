"""Which columns hold a number that one person or company alone has: by their names, and never columns of money: `columns_for`.

`VAT` is the number of a company in one file and an amount in the next. An amount that is taken for a number makes strangers one,
so the values decide: an identifier has digits enough, is neither an amount nor a rate, and does not add up to another column.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from fullcircle.engine.base import Engine, literal, quoted
from fullcircle.mapping.propose.grain import number
from fullcircle.mapping.propose.guess import OF, is_somebody_else, is_staff
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import languages, spellings, words
from fullcircle.model.identifiers import STRONG, UNIQUE

NUMBER_WORDS = frozenset(("no", "nr", "num", "number", "nummer", "numero", "numer", "n", "cislo", "szam", "idnr", "id", "the"))
DECIMAL = r"[^\w]{0,3}([A-Za-złč$]{1,3}\.?\s?)?[-−–(]?\s?\d[\d.,'’\s]*[.,]\d{1,2}\)?-?\s?([A-Za-złč]{1,3}\.?|[^\w\s])?"
LEAST_DIGITS = 4  # of a number that a state gives; what has fewer is a rate, a yes or a sort
ENOUGH = 0.5  # of the filled values must be able to be such a number
MOST_MONEY, CLOSE = 8, 0.03


def columns_for(kind: str, left: Mapping[str, str]) -> list[tuple[str, str]]:
    """The columns (word -> column) that are called like an identifier of a kind, in the order of the words.

    Numbers that one alone has may also say whose they are: `NIP nabywcy`, `R.F.C. del cliente`.
    """
    found = [(word, left[word]) for word in words()["identifiers"][kind] if word in left]
    if kind in UNIQUE:
        named = {column for _, column in found}
        found += [(name, column) for name, column in left.items() if column not in named and _is_of_a_buyer(kind, name)]
    return found


def why_not(kind: str, sample: Sample, column: str, engine: Engine | None) -> str:
    """Why the values of a column cannot identify anybody; "" if they can."""
    facts = sample.facts.get(column)
    if kind not in STRONG or facts is None or not facts.filled or engine is None or not sample.table:
        return ""
    value = quoted(column)
    least = LEAST_DIGITS if kind in UNIQUE else 1
    amount = literal(DECIMAL)
    digits = f"length(regexp_replace({value}, '[^\\d]', '', 'g')) >= {least}"
    able, decimal, filled = engine.rows(
        f"SELECT count(*) FILTER ({digits}), count(*) FILTER (regexp_full_match({value}, {amount})), "
        f"count({value}) FROM {sample.table}"
    )[0]
    if decimal >= ENOUGH * filled:
        return "holds amounts of money or rates, which identify nobody"
    if able < ENOUGH * filled:
        return "holds no numbers that one person or company alone has"
    if facts.number >= 0.9 and _adds_up(engine, sample, column):
        return "is a part of a sum of money, which identifies nobody"
    return ""


def _adds_up(engine: Engine, sample: Sample, column: str) -> bool:
    """True if the column and another of money add up to a third: net, tax and gross."""
    money = [
        name for name, facts in sample.facts.items()
        if name != column and facts.number >= 0.9 and facts.date < ENOUGH and facts.filled >= ENOUGH * sample.rows
    ][:MOST_MONEY]  # fmt: skip
    own = number(column)
    sums = [
        f"count(*) FILTER (abs({number(a)} + {own} - {number(b)}) <= {CLOSE} AND {own} <> 0 AND {number(a)} <> 0)"
        for a in money for b in money if a != b
    ]  # fmt: skip
    if not sums:
        return False
    best = ", ".join(sums)
    return bool(
        engine.value(
            f"SELECT {f'greatest({best})' if len(sums) > 1 else best} >= greatest(2, 0.8 * count({own}) FILTER ({own} <> 0)) "
            f"FROM {sample.table}"
        )
    )


def _is_of_a_buyer(kind: str, name: str) -> bool:
    """True for the word of a kind with nothing around it but whose it is and words for `number`."""
    if is_staff(name) or is_somebody_else(name):
        return False
    parts = name.split("_")
    known = _squashed(kind)
    bare = [part for part in parts if part not in _buyers() and part not in OF]
    rest = [part for part in bare if part not in NUMBER_WORDS]
    return (
        bool(rest)
        and (len(rest) < len(parts) or all(len(part) == 1 for part in parts))
        and ("".join(rest) in known or "".join(bare) in known)
    )


@cache
def _squashed(kind: str) -> frozenset[str]:
    """The words of a kind without gaps: `R.F.C.` is the `rfc`."""
    return frozenset(word.replace("_", "") for word in words()["identifiers"][kind])


@cache
def _buyers() -> frozenset[str]:
    """Words for the customer of a row, in all languages, also as they end when something is theirs."""
    every = [*words()["prefixes"]["people"], *(word for one in languages().values() for word in one.lists.get("who", ()))]
    found = {form for word in every for form in spellings(word) if "_" not in form and len(form) > 3}
    return frozenset(found - {"business", "work", "address", "payment", "mail"})
