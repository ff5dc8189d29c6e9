"""The SQL of looking up one record: the keys under which it meets others, and the levels of each comparison with them.

For one record the engine spends its time on making a statement ready, which grows with the length of the text, and not on the
rows. So what occurs several times in the conditions is computed once, and the weights are added up outside (`weights`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import log2

import numpy as np
import numpy.typing as npt

from fullcircle.engine.base import Engine, literal
from fullcircle.identity import links
from fullcircle.identity.block import NARROWER, BlockingRule, rules_for
from fullcircle.identity.model import ELSE, ORGANISATION, ORGANISATIONS, PERSON, PERSONS, Comparison, MatchModel, exact_levels
from fullcircle.identity.prepare import WORK

LONG = 40  # signs from which a condition that occurs twice is computed once
CLASSES = ("given_class", "family_class")
VETOES = (links.VETOES, links.UNIQUE_VETOES, links.SHARED_VETOES)
Keys = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.int64]


def _used() -> frozenset[str]:
    """The features that a comparison or a veto looks at."""
    texts = [text for one in (*PERSONS, *ORGANISATIONS) for text in (one.missing, *(level.when for level in one.levels))]
    texts += [condition for vetoes in VETOES for _, condition in vetoes]
    return frozenset(re.findall(r"\b([a-z_]+)_[lr]\b", " ".join(texts)))


USED = _used()


# -- keys --------------------------------------------------------------------------------------------------------------


def _keys(rule: BlockingRule, more: str) -> str:
    """SQL: the keys by a rule, as `key`, and `more`. It reads only the columns of the key, as no optimizer sees to that."""
    table = f"{WORK}.features WHERE kind = {literal(rule.record_kind)} AND place <= 2"
    source = f"(SELECT code, {rule.spread} FROM {table}) WHERE" if rule.spread else f"{table} AND"
    key = f"hash({literal(f'{rule.record_kind} {rule.name}')}, CAST({rule.key} AS VARCHAR)) AS key"
    return f"SELECT {key}, {more} FROM {source} ({rule.key}) IS NOT NULL"


def _narrower(record_kind: str, keys: str) -> str:
    """SQL: (key, code) for the keys (key, code) of a query together with one more feature, as in block.py."""
    more = ", ".join(NARROWER[record_kind])
    return f"""
        SELECT hash(key, place, item) AS key, code FROM (
            SELECT k.key, k.code, unnest([{more}]) AS item, generate_subscripts([{more}], 1) AS place
            FROM ({keys}) k JOIN {WORK}.features f USING (code)) WHERE item IS NOT NULL"""


def sorted_keys(tables: Engine) -> tuple[Keys, Codes]:
    """The keys of all records, sorted, and beside each the code of its record; keys of too many records narrower as well."""
    found: list[tuple[Keys, Codes]] = []
    for rule in (*rules_for(PERSON), *rules_for(ORGANISATION)):
        part = f"SELECT DISTINCT * FROM ({_keys(rule, 'code')})"
        rows = tables.arrow(part)
        found.append((rows["key"].to_numpy().astype(np.uint64), rows["code"].to_numpy().astype(np.int64)))
        wide = f"SELECT * FROM ({part}) QUALIFY count(*) OVER (PARTITION BY key) > {rule.cap}"
        distinct, sizes = np.unique(found[-1][0], return_counts=True)
        if distinct[sizes > rule.cap].size:
            rows = tables.arrow(_narrower(rule.record_kind, wide))
            found.append((rows["key"].to_numpy().astype(np.uint64), rows["code"].to_numpy().astype(np.int64)))
    keys, codes = (np.concatenate([part[place] for part in found]) for place in (0, 1))
    order = np.lexsort((codes, keys))
    return keys[order], codes[order]


def keys_of(kind: str) -> str:
    """SQL: (key, cap) of the record in `features`."""
    return " UNION ALL ".join(_keys(rule, f"{rule.cap} AS cap") for rule in rules_for(kind))


def narrower_keys_of(kind: str) -> str:
    """SQL: the narrower keys of the record in `features`, for the keys in `wide_keys`."""
    return _narrower(kind, f"SELECT w.key, f.code FROM {WORK}.wide_keys w CROSS JOIN {WORK}.features f")


# -- levels and weights ------------------------------------------------------------------------------------------------


def levels_of(model: MatchModel, names: Sequence[str]) -> str:
    """SQL: code, the vetoes, and the level of each comparison of the record in `features` with each of `others`.

    `others` says too how common the given and the family name of the record are: a statement with parameters would be made ready
    anew each time. Only the classes of equal names are compared, so those of the other record are not needed.
    """
    wanted = [links.veto_sql(one) for one in VETOES] + [_level(comparison) for comparison in model.comparisons]
    wanted, layers = hoisted(wanted)
    later = " ".join(wanted)
    for layer in reversed(layers):
        later += " ".join(text for _, text in layer)
    sides = [f"{side}.{name} AS {name}_{side}" for name in names for side in "lr" if _occurs(f"{name}_{side}", later)]
    sides += [f"r.{column} AS {column}_{side}" for column in CLASSES for side in "lr"]
    inner = f"SELECT r.code, {', '.join(sides)} FROM {WORK}.features l CROSS JOIN {WORK}.others r WHERE l.kind = r.kind"
    columns = [side.rpartition(" ")[2] for side in sides]
    for place, layer in enumerate(layers):  # each hands on only what is used later
        later = " ".join([*wanted, *(text for further in layers[place + 1 :] for _, text in further)])
        kept = [name for name in columns if _occurs(name, later)]
        inner = f"SELECT code, {', '.join([*kept, *(f'{text} AS {name}' for name, text in layer)])} FROM ({inner})"
        columns = [*kept, *(name for name, _ in layer)]
    return f"SELECT code, {', '.join(wanted)} FROM ({inner})"


def _occurs(name: str, text: str) -> bool:
    return re.search(rf"\b{name}\b", text) is not None


def _level(comparison: Comparison) -> str:
    cases = " ".join(f"WHEN {level.when} THEN {place}" for place, level in enumerate(comparison.levels) if level.when != ELSE)
    return f"CASE WHEN {comparison.missing} THEN -1 {cases} ELSE {len(comparison.levels) - 1} END"


def hoisted(texts: Sequence[str]) -> tuple[list[str], list[list[tuple[str, str]]]]:
    """The texts with names in place of what is long and occurs in them twice; and the layers (name, SQL) that compute it.

    What is in brackets, or a call of a function, is an expression of its own (except after IN). Layers use earlier names.
    """
    texts, parts = list(texts), dict[str, str]()
    while True:
        found: dict[str, int] = {}
        for text in (*texts, *parts.values()):
            for part in _bracketed(text):
                found[part] = found.get(part, 0) + 1
        several = [part for part, times in found.items() if times > 1 and len(part) >= LONG]
        if not several:
            break
        chosen, name = max(several, key=lambda one: (len(one), one)), f"part_{len(parts)}_"
        whole = re.compile(rf"(?<!\w){re.escape(chosen)}")  # not the end of another: `levenshtein(` of `damerau_levenshtein(`
        texts = [whole.sub(name, text) for text in texts]
        parts = {one: whole.sub(name, text) for one, text in parts.items()} | {name: chosen}
    layers: list[list[tuple[str, str]]] = []
    while parts:
        ready = [name for name, text in parts.items() if not any(other in text for other in parts)]
        layers.append([(name, parts.pop(name)) for name in ready])
    return texts, layers


def _bracketed(text: str) -> list[str]:
    """Every `(...)` and `name(...)` of an SQL text that is not the list of an IN."""
    found, opened, quoted = [], [], False
    for place, sign in enumerate(text):
        if sign == "'":
            quoted = not quoted
        elif sign == "(" and not quoted:
            opened.append(place)
        elif sign == ")" and not quoted:
            start = opened.pop()
            while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
                start -= 1
            part = text[start : place + 1]
            if not text[:start].endswith("IN ") and "lambda" not in part:
                found.append(part)
    return found


def weights(model: MatchModel, levels: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The match weight of each row of levels (-1: missing), as `score.score` has it."""
    strangers, kin = np.full(len(levels), model.prior), np.full(len(levels), model.kin_prior)
    for place, comparison in enumerate(model.comparisons):
        strangers += _weights_of(comparison, "u")[levels[:, place]]
        kin += _weights_of(comparison, "k")[levels[:, place]]
    if model.name_dependence:
        of = {comparison.name: levels[:, place] for place, comparison in enumerate(model.comparisons)}
        for row, given in zip(model.name_dependence, exact_levels(model, "given"), strict=True):
            for off, family in zip(row, exact_levels(model, "family"), strict=True):
                strangers -= off * ((of["given"] == given) & (of["family"] == family))
    found: npt.NDArray[np.float64] = -np.logaddexp2(-strangers, -kin)
    return found


def _weights_of(comparison: Comparison, side: str) -> npt.NDArray[np.float64]:
    """The weight of each level against strangers (u) or kin (k); the last, reached by -1, is 0."""
    return np.array([*(log2(level.m / getattr(level, side)) for level in comparison.levels), 0.0])
