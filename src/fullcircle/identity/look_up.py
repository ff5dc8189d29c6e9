"""Finds the customer of one record at once, by the model of the last run and with its SQL, against what that run had.

The index is made once, in memory: the features of all records, the keys under which they meet, and the strong identifiers. A
record that is looked up goes through the statements of prepare.py alone, meets those with a key in common, and is weighed and
vetoed like any other pair. Nothing is learned from it and nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import log2

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine, literal
from fullcircle.engine.open import open_engine
from fullcircle.identity import links, model_store, prepare
from fullcircle.identity.block import BlockingRule, rules_for
from fullcircle.identity.explain import Fields, fill, refill, threshold_of
from fullcircle.identity.model import ELSE, ORGANISATION, ORGANISATIONS, PERSON, PERSONS, Comparison, MatchModel
from fullcircle.identity.prepare import WORK
from fullcircle.identity.score import FLOOR, kin_weight, name_dependence_sql
from fullcircle.identity.scripts import latin_rows
from fullcircle.model.identifiers import UNIQUE

# The engine makes a pattern of all letters of all scripts anew for each statement, which is most of the time of one record. For
# texts of ASCII letters the short pattern means the same.
ANY_LETTER = (r"[^\p{L}\p{N}]", "[^A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record of a customer that was compared with the one looked up."""

    customer_id: str
    record_id: str
    weight: float | None
    rule: str  # score, or identifier:<kind>
    veto: str | None
    linked: bool

    @property
    def strength(self) -> float:
        """Strong identifiers before weights."""
        return 1e6 if self.rule != links.SCORE else self.weight if self.weight is not None else -1e6


class LookUpIndex:
    """What a record is compared with. It shows the state of the tables when it was made."""

    def __init__(self, tables: Engine, book: Book, settings: IdentitySettings) -> None:
        self._settings, self._threshold = settings, threshold_of(settings)
        self._models = {kind: model_store.model_or_built_in(book, kind) for kind in (PERSON, ORGANISATION)}
        shared = model_store.load_shared(book)
        with prepare.scratch(tables):
            prepare.prepare(tables, settings.shared_limit, shared)
            used = ", ".join(name for name in tables.columns(f"{WORK}.features") if name in USED)
            self._features = tables.arrow(f"SELECT code, kind, {used} FROM {WORK}.features ORDER BY code").combine_chunks()
            self._keys, self._codes = _sorted_keys(tables)
            self._strong = self._strong_uses(tables)
        self._customers = tables.arrow(
            "SELECT r.record_id, m.customer_id FROM records r LEFT JOIN members m USING (record_id) ORDER BY r.record_id"
        ).combine_chunks()
        self._place = {record: code for code, record in enumerate(self._customers["record_id"].to_pylist())}
        self._engine = open_engine(None, memory="512MB", threads=1)
        self._replay = _Replay(self._engine, settings.shared_limit, shared)
        with self._engine.register("others_rows", self._features.slice(0, 0)):
            self._engine.run("CREATE TABLE others AS FROM others_rows")
        for kind, model in self._models.items():
            self._engine.run(f"PREPARE keys_of_{kind} AS {_keys_of(kind)}")
            self._engine.run(f"PREPARE weigh_{kind} AS {_weigh(model, self._features.column_names)}")

    def close(self) -> None:
        """Free the memory of the scratch engine."""
        self._engine.close()

    def known(self, record_id: str) -> str | None:
        """The customer of a record that the last run had."""
        code = self._place.get(record_id)
        return None if code is None else str(self._customers["customer_id"][code].as_py() or "") or None

    def candidates(self, record: Fields) -> list[Candidate]:
        """The records that share a key or a strong identifier with this one, the best first."""
        self._replay.features_of(record)
        kind = str(self._engine.value(f"SELECT kind FROM {WORK}.names"))
        strong = self._by_strong(kind)
        codes = sorted({*self._meeting(kind), *strong})
        codes = [code for code in codes if self._customers["customer_id"][code].as_py() is not None]
        if not codes:
            return []
        return sorted(self._compared(kind, codes, strong), key=lambda one: (-one.linked, -one.strength, one.record_id))

    def _meeting(self, kind: str) -> Iterator[int]:
        for key, cap in self._engine.rows(f"EXECUTE keys_of_{kind}"):
            low, high = (int(np.searchsorted(self._keys, np.uint64(key), side)) for side in ("left", "right"))
            yield from self._codes[low : min(high, low + cap)].tolist()

    def _by_strong(self, kind: str) -> dict[int, str]:
        """Code -> the kind of the strong identifier it shares."""
        rows = self._engine.rows(
            f"SELECT identifier_kind, value FROM {WORK}.identifier_uses WHERE state <> 'junk' ORDER BY ALL DESC"
        )
        found: dict[int, str] = {}
        for name, value in rows:
            codes = self._strong.get((kind, name, value), ())
            if len(codes) < links.STRONG_CAP:
                found |= dict.fromkeys(codes, name)
        return found

    def _strong_uses(self, tables: Engine) -> dict[tuple[str, str, str], list[int]]:
        kinds = ", ".join(literal(kind) for kind in self._settings.strong) or "NULL"
        rows = tables.rows(
            f"SELECT record_kind, identifier_kind, value, list(code) FROM {WORK}.identifier_uses "
            f"WHERE identifier_kind IN ({kinds}) AND state <> 'junk' GROUP BY ALL"
        )
        return {(kind, name, value): codes for kind, name, value, codes in rows}

    def _compared(self, kind: str, codes: Sequence[int], strong: Mapping[int, str]) -> Iterator[Candidate]:
        model = self._models[kind]
        with self._engine.register("others_rows", self._features.take(pa.array(codes))):
            self._engine.run("DELETE FROM others; INSERT INTO others SELECT * FROM others_rows")
            given, family = self._engine.rows(f"SELECT given, family FROM {WORK}.features")[0]
            given_class, family_class = (
                model.rarity.get(column, {}).get(name, model.unseen) for column, name in (("given", given), ("family", family))
            )
            rows = self._engine.rows(f"EXECUTE weigh_{kind}({given_class}, {family_class})")
        for code, weight, veto, unique_veto, shared_veto in rows:
            customer, record = (self._customers[name][code].as_py() for name in ("customer_id", "record_id"))
            name = strong.get(code)
            vetoes = [veto if weight >= FLOOR else None]
            if name:
                vetoes.append(unique_veto if name in UNIQUE else shared_veto)
            found = next((text for text in vetoes if text), None)
            linked = found is None and (bool(name) or weight >= self._threshold)
            yield Candidate(customer, record, weight, f"identifier:{name}" if name else links.SCORE, found, linked)


class _Replay:
    """The statements of `prepare`, for one record at a time: made once, then only their rows are replaced.

    To `prepare` it is an engine. It notes each table that is made from other tables; what is made from a list given to it
    (nicknames, shared identifiers) stays as it is.
    """

    def __init__(self, engine: Engine, shared_limit: int, shared: pa.Table) -> None:
        self._engine = engine
        self._made: dict[str, str] = {}
        self._given: set[str] = set()
        fill(engine, ({"record_id": "record:none"},))
        engine.run(f"ATTACH ':memory:' AS {WORK}")
        prepare.prepare(self, shared_limit, shared)  # type: ignore[arg-type]  # only what `prepare` uses of an engine
        # For one row, making a better plan takes longer than what it gains.
        engine.run("PRAGMA disable_optimizer")
        for number, (name, select) in enumerate(self._made.items()):
            engine.run(f"PREPARE make_{number} AS INSERT INTO {name} {select}")
            engine.run(f"PREPARE make_ascii_{number} AS INSERT INTO {name} {select.replace(*ANY_LETTER)}")

    def features_of(self, record: Fields) -> None:
        """Make the tables of the scratch for this record alone."""
        refill(self._engine, (record,))
        ascii_ = "ascii_" if str(record).isascii() else ""
        self._engine.run(f"DELETE FROM {WORK}.latin")
        if not ascii_:
            with self._engine.register("latin_rows", latin_rows(self._engine)):
                self._engine.run(f"INSERT INTO {WORK}.latin FROM latin_rows")
        self._engine.run(
            "; ".join(f"DELETE FROM {name}; EXECUTE make_{ascii_}{number}" for number, name in enumerate(self._made))
        )

    def run(self, sql: str) -> None:
        """Run a statement of `prepare`, and note it. Nothing is dropped: it is needed again."""
        if sql.lstrip().startswith("DROP TABLE"):
            return
        self._engine.run(sql)
        made = re.match(r"\s*CREATE TABLE (\S+) AS\s(.*)", sql, re.DOTALL)
        if made and not any(re.search(rf"\b{name}\b", sql) for name in self._given):
            self._made[made[1]] = made[2]

    def arrow(self, sql: str) -> pa.Table:
        """As of the engine."""
        return self._engine.arrow(sql)

    @contextmanager
    def register(self, name: str, table: pa.Table) -> Iterator[None]:
        """As of the engine."""
        self._given.add(name)
        with self._engine.register(name, table):
            yield


def _source(rule: BlockingRule) -> str:
    return (
        f"SELECT code{', ' + rule.spread if rule.spread else ', *'} FROM {WORK}.features WHERE kind = {literal(rule.record_kind)}"
    )


def _key(rule: BlockingRule) -> str:
    return f"hash({literal(f'{rule.record_kind} {rule.name}')}, CAST({rule.key} AS VARCHAR))"


def _sorted_keys(tables: Engine) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """The keys of all records, sorted, and beside each the code of its record."""
    parts = [
        f"SELECT DISTINCT {_key(rule)} AS key, code FROM ({_source(rule)}) WHERE ({rule.key}) IS NOT NULL"
        for kind in (PERSON, ORGANISATION) for rule in rules_for(kind)
    ]  # fmt: skip
    found = [tables.arrow(part) for part in parts]
    keys = np.concatenate([part["key"].to_numpy() for part in found]).astype(np.uint64)
    codes = np.concatenate([part["code"].to_numpy() for part in found]).astype(np.int64)
    order = np.lexsort((codes, keys))
    return keys[order], codes[order]


def _keys_of(kind: str) -> str:
    selects = [
        f"SELECT {_key(rule)} AS key, {rule.cap} AS cap FROM ({_source(rule)}) WHERE ({rule.key}) IS NOT NULL"
        for rule in rules_for(kind)
    ]
    return f"SELECT DISTINCT key, cap FROM ({' UNION ALL '.join(selects)})"


def _weigh(model: MatchModel, names: Sequence[str]) -> str:
    """SQL: code, weight and vetoes of the record in `features` against each of `others`.

    Its parameters are how common the given and the family name of the record are. Only the classes of equal names are compared,
    so those of the other record are not needed.
    """
    sides = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in names if name in USED)
    for place, column in enumerate(("given", "family"), 1):
        sides += f", ${place}::INTEGER AS {column}_class_l, ${place}::INTEGER AS {column}_class_r"
    levels = ", ".join(f"{_level(comparison)} AS level_{comparison.name}" for comparison in model.comparisons)
    strangers = [repr(model.prior)]
    for comparison in model.comparisons:
        cases = " ".join(f"WHEN {place} THEN {log2(one.m / one.u)!r}" for place, one in enumerate(comparison.levels))
        strangers.append(f"CASE level_{comparison.name} {cases} ELSE 0 END")
    vetoes = (links.VETOES, links.UNIQUE_VETOES, links.SHARED_VETOES)
    said = ", ".join(f"{links.veto_sql(one)} AS veto_{place}" for place, one in enumerate(vetoes))
    return f"""
        SELECT code, -log2(pow(2.0, -s) + pow(2.0, -k)), veto_0, veto_1, veto_2 FROM (
            SELECT *, {" + ".join(strangers)} - {name_dependence_sql(model)} AS s, {kin_weight(model)} AS k FROM (
                SELECT code, {levels}, {said} FROM (
                    SELECT r.code, {sides} FROM {WORK}.features l CROSS JOIN others r WHERE l.kind = r.kind)))"""


def _level(comparison: Comparison) -> str:
    cases = " ".join(f"WHEN {level.when} THEN {place}" for place, level in enumerate(comparison.levels) if level.when != ELSE)
    return f"CASE WHEN {comparison.missing} THEN NULL {cases} ELSE {len(comparison.levels) - 1} END"


def _used() -> frozenset[str]:
    """The features that a comparison or a veto looks at."""
    comparisons = (*PERSONS, *ORGANISATIONS)
    texts = [text for one in comparisons for text in (one.missing, *(level.when for level in one.levels))]
    texts += [condition for _, condition in (*links.VETOES, *links.UNIQUE_VETOES, *links.SHARED_VETOES)]
    return frozenset(re.findall(r"\b([a-z_]+)_[lr]\b", " ".join(texts)))


USED = _used()
