"""Features in the form in which many pairs are compared: a list becomes one or two numbers, hashes of its values.

Nearly every record has one e-mail address and one phone. To carry lists through a join of millions of pairs took half of the
time of comparing them. Two lists have a value in common if one of two numbers equals one of the other two; only records with
more than two values take the list along. Where few pairs are compared this is not worth making, and nothing is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from hashlib import sha256

from fullcircle.engine.base import Engine
from fullcircle.identity.prepare import WORK

MANY = 20_000  # pairs, from which it is worth making,
EACH = 1.0  # if there are so many for each record
_ANY = re.compile(r"list_has_any\(([a-z_]+)_([lr]), \1_[lr]\)")
_THERE = r"\b{}_[lr] IS (?:NOT )?NULL\b"


class Slim:
    """The table that takes the place of `features` for one model, and how conditions are written for it."""

    def __init__(self, table: str, lengths: dict[str, int], taken_along: Collection[str], empty: dict[str, str]) -> None:
        self.table = table
        self._lengths, self._taken_along = lengths, taken_along
        self._empty = empty  # features that no record has, and their types: nothing of them is looked up

    def rewritten(self, text: str) -> str:
        """A condition over lists as one over their numbers."""
        text = _ANY.sub(lambda found: self._common(found[1]) if found[1] in self._lengths else found[0], text)
        for name in self._lengths:
            if name not in self._taken_along:
                text = re.sub(rf"\b{name}_([lr]) IS ((?:NOT )?NULL)\b", rf"{name}_one_\1 IS \2", text)
        return text

    def columns(self, name: str, side: str) -> list[str]:
        """SQL: the columns that take the place of a feature of one side of a pair."""
        wanted = [(name, name)]
        if name in self._lengths:
            wanted = _columns(name, self._lengths[name], name in self._taken_along)
        if name in self._empty:
            types = {f"{name}_one": "UBIGINT", name: self._empty[name]}
            return [f"CAST(NULL AS {types[column]}) AS {column}_{side}" for column, _ in wanted]
        return [f"{side}.{column} AS {column}_{side}" for column, _ in wanted]

    def _common(self, name: str) -> str:
        """SQL: whether two lists have a value in common; null if one of them is. A list of one has its number twice."""
        ends = ("one",) if self._lengths[name] < 2 else ("one", "other")
        alike = " OR ".join(f"{name}_{a}_l = {name}_{b}_r" for a in ends for b in ends)
        if self._lengths[name] <= 2:
            return f"({alike})"
        return (
            f"CASE WHEN {name}_all_l IS NULL AND {name}_all_r IS NULL THEN {alike} "
            f"ELSE list_has_any(coalesce({name}_all_l, [{name}_one_l, {name}_other_l]), "
            f"coalesce({name}_all_r, [{name}_one_r, {name}_other_r])) END"
        )


def is_worth(engine: Engine, pairs: str) -> bool:
    """Whether so many pairs are compared that this saves more than making it of all records costs."""
    compared = engine.count(f"{WORK}.{pairs}")
    return compared >= MANY and compared >= EACH * engine.count(f"{WORK}.features")


def slim(engine: Engine, columns: Sequence[str], texts: Sequence[str]) -> Slim:
    """Make the table for these features, unless it is there; `texts` are all conditions over them."""
    types = engine.columns(f"{WORK}.features")
    lists = [name for name in columns if types[name].endswith("[]")]
    whole = " ".join(texts)
    taken_along = {name for name in lists if _used_otherwise(name, whole)}
    table = f"slim_{sha256(repr((sorted(columns), sorted(taken_along))).encode()).hexdigest()[:8]}"
    if not engine.has(f"{WORK}.{table}_counts"):
        counted = [
            f"count({name}) AS there_{place}, {f'coalesce(max(len({name})), 0)' if name in lists else 0} AS most_{place}"
            for place, name in enumerate(columns)
        ]
        engine.run(f"CREATE TABLE {WORK}.{table}_counts AS SELECT {', '.join(counted)} FROM {WORK}.features")
    found = engine.rows(f"FROM {WORK}.{table}_counts")[0]
    empty = {name: types[name] for name, there in zip(columns, found[::2], strict=True) if not there}
    lengths = {name: int(most) for name, most in zip(columns, found[1::2], strict=True) if name in lists}
    made_of = Slim(table, lengths, taken_along, empty)
    if not engine.has(f"{WORK}.{table}"):
        made = [
            f"{sql} AS {column}"
            for name in columns
            if name not in empty
            for column, sql in (_columns(name, lengths[name], name in taken_along) if name in lists else ((name, name),))
        ]
        engine.run(f"CREATE TABLE {WORK}.{table} AS SELECT {', '.join(['code', *made])} FROM {WORK}.features")
    return made_of


def _used_otherwise(name: str, text: str) -> bool:
    """Whether a list is used for anything but what two records have in common of it, or whether it is there."""
    uses = len(re.findall(rf"\b{name}_[lr]\b", text))
    common = sum(2 for found in _ANY.finditer(text) if found[1] == name)
    return uses > common + len(re.findall(_THERE.format(name), text))


def _columns(name: str, length: int, taken_along: bool) -> list[tuple[str, str]]:
    """What takes the place of a list of at most so many values: column and SQL."""
    # An empty list has nothing in common with another empty one.
    none = f"WHEN {name} IS NULL THEN NULL WHEN len({name}) = 0 THEN hash('nothing', code)"
    made = [(f"{name}_one", f"CASE {none} ELSE hash({name}[1]) END")]
    if length > 1:
        made.append((f"{name}_other", f"CASE {none} ELSE hash(coalesce({name}[2], {name}[1])) END"))
    if length > 2:
        made.append((f"{name}_all", f"CASE WHEN len({name}) > 2 THEN list_transform({name}, lambda v: hash(v)) END"))
    return [*made, (name, name)] if taken_along else made
