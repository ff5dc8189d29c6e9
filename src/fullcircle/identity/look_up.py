"""Finds the customer of one record at once, by the model of the last run and with its SQL, against what that run had.

The index is made once, in memory: the features of all records, the keys under which they meet, and the strong identifiers. A
record that is looked up gets the features that prepare.py would make of it, meets those with a key in common, and is weighed and
vetoed like any other pair. A link near the threshold is a question about all records of the customer, as in grouping.py. Nothing
is learned from it and nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine, literal
from fullcircle.engine.open import open_engine
from fullcircle.identity import grouping, links, model_store, prepare
from fullcircle.identity.cluster import Codes
from fullcircle.identity.explain import Fields, fill, refill, threshold_of
from fullcircle.identity.look_up_customers import Customers
from fullcircle.identity.look_up_sql import CLASSES, USED, keys_of, levels_of, narrower_keys_of, sorted_keys, weights
from fullcircle.identity.model import ORGANISATION, PERSON
from fullcircle.identity.one_record import OneRecord, features_of, signs_of
from fullcircle.identity.prepare import WORK
from fullcircle.identity.score import FLOOR
from fullcircle.identity.scripts import latin_rows
from fullcircle.model.identifiers import UNIQUE

RENEWED = 300  # look-ups after which the scratch engine is opened anew: it becomes slower with each, by a half after so many
NARROW = 200  # records of one narrower key that are looked at


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record of a customer that was compared with the one looked up."""

    customer_id: str
    record_id: str
    weight: float | None
    rule: str  # score, or identifier:<kind>
    veto: str | None
    linked: bool  # whether the record looked up and this one are one customer, by what all records of that customer say
    mean: float | None = None  # of the weights of all records of the customer, where the best of them is near the threshold

    @property
    def strength(self) -> float:
        """Strong identifiers before weights."""
        return 1e6 if self.rule != links.SCORE else self.weight if self.weight is not None else -1e6


def _worth(one: Candidate) -> tuple[bool, float, float, str]:
    """The best first: what is linked, surely or by its mean."""
    return not one.linked, -one.strength if one.mean is None or not one.linked else -one.mean, -one.strength, one.record_id


@dataclass(frozen=True, slots=True)
class Compared:
    """What a record was compared with, the best first; and how many more share a key with it that too many have."""

    candidates: tuple[Candidate, ...]
    not_compared: int


class LookUpIndex:
    """What a record is compared with. It shows the state of the tables when it was made."""

    def __init__(self, tables: Engine, book: Book, settings: IdentitySettings) -> None:
        self._settings, self._threshold = settings, threshold_of(settings)
        self._models = {kind: model_store.model_or_built_in(book, kind) for kind in (PERSON, ORGANISATION)}
        self._shared = model_store.load_shared(book)
        with prepare.scratch(tables):
            prepare.prepare(tables, settings.shared_limit, self._shared)
            used = ", ".join(name for name in tables.columns(f"{WORK}.features") if name in USED)
            self._features = tables.arrow(f"SELECT code, kind, {used} FROM {WORK}.features ORDER BY code").combine_chunks()
            self._customers = Customers(tables, self._threshold + grouping.SURE)
            self._keys, self._codes = sorted_keys(tables)
            self._strong = self._strong_uses(tables)
        self._open()

    def _open(self) -> None:
        """Open the scratch engine, with the statements that each look-up carries out."""
        self._engine, self._used = open_engine(None, memory="512MB", threads=1), 0
        self._replay = _Replay(self._engine, self._settings.shared_limit, self._shared)
        with self._engine.register("others_rows", _with_classes(self._features.slice(0, 0), [0 for _ in CLASSES])):
            self._engine.run(f"CREATE TABLE {WORK}.others AS FROM others_rows; CREATE TABLE {WORK}.wide_keys (key UBIGINT)")
        for kind, model in self._models.items():
            self._engine.run(f"PREPARE keys_of_{kind} AS {keys_of(kind)}")
            self._engine.run(f"PREPARE narrower_keys_of_{kind} AS {narrower_keys_of(kind)}")
            self._engine.run(f"PREPARE levels_of_{kind} AS {levels_of(model, self._features.column_names)}")

    def close(self) -> None:
        """Free the memory of the scratch engine."""
        self._engine.close()

    @property
    def bytes(self) -> int:
        """The memory of what is compared with, about: features, keys, codes and customers; the scratch engine comes on top."""
        return int(self._features.nbytes + self._keys.nbytes + self._codes.nbytes + self._customers.bytes)

    def known(self, record_id: str) -> str | None:
        """The customer of a record that the last run had."""
        return self._customers.of_record(record_id)

    def compare(self, record: Fields) -> Compared:
        """Compare with the records that share a key or a strong identifier with this one, and say who it is."""
        if self._used >= RENEWED:
            self._engine.close()
            self._open()
        self._used += 1
        with self._replay.features_of(record) as one:
            kind = str(one.features["kind"])
            strong = self._by_strong(kind, one)
            near, wide = self._meeting(kind)
            codes = sorted(code for code in {*near, *strong} if self._customers.of(code) is not None)
            found = self._weighed(one, codes, strong)
            judged = self._judged(one, found)
        return Compared(tuple(sorted(judged, key=_worth)), self._how_many_more(wide, codes))

    def _how_many_more(self, wide: Codes, codes: Sequence[int]) -> int:
        """How many records share a wide key and are not among these: ticked off, as sorting them takes longer than all else."""
        if not wide.size:
            return 0
        ticked = np.zeros(len(self._features), np.bool_)
        ticked[wide] = True
        ticked[np.array(codes, np.int64)] = False
        return int(np.count_nonzero(ticked))

    def _judged(self, one: OneRecord, found: Mapping[int, Candidate]) -> list[Candidate]:
        """The candidates as `grouping` would join them: what is sure first, else by what all records of a group say."""
        kind, customers = str(one.features["kind"]), self._customers
        apart = {each.customer_id for each in found.values() if each.veto}
        open_ones = {code: each for code, each in found.items() if each.customer_id not in apart}
        sure_from = self._threshold + (grouping.SURE if kind == PERSON else 0.0)
        hope = grouping.hope(self._models[kind], self._threshold) if kind == PERSON else sure_from
        sure = {each.customer_id for each in open_ones.values() if each.strength >= sure_from}
        near = {customers.home_of(code) for code, each in open_ones.items() if each.strength >= hope and not sure}
        means = self._means(one, found, {home: customers.speakers(home) for home in near})
        fitting = {home for home, (mean, wanted) in means.items() if mean >= wanted}
        joined = sure or {str(customers.of(home)) for home in fitting}
        return [
            replace(
                each,
                linked=each.customer_id in joined and not each.veto and each.strength >= hope,
                mean=means.get(customers.home_of(code), (None,))[0],
            )
            for code, each in found.items()
        ]

    def _means(
        self, one: OneRecord, found: Mapping[int, Candidate], groups: Mapping[int, list[int]]
    ) -> dict[int, tuple[float, float]]:
        """For each of these groups: the mean of the weights of its records, as grouping takes it, and what it must be."""
        further = sorted({code for codes in groups.values() for code in codes} - found.keys())
        weighed = {**found, **self._weighed(one, further, {})}
        needed = grouping.needed(self._models[str(one.features["kind"])], self._threshold)
        means = {}
        for home, codes in groups.items():
            said = [weighed[code].weight or 0.0 for code in codes if code in weighed]
            mean = float(np.clip(said, -grouping.SPREAD, grouping.SPREAD).mean())
            means[home] = (mean, self._threshold if len(codes) == 1 else needed)
        return means

    def _meeting(self, kind: str) -> tuple[set[int], Codes]:
        """The codes of the records that share a key; of a key that too many share, those that share a narrower one, and all."""
        near, wide, all_wide = set[int](), list[int](), [np.zeros(0, np.int64)]
        for key, cap in set(self._engine.rows(f"EXECUTE keys_of_{kind}")):
            codes = self._sharing(key)
            if len(codes) <= cap:
                near.update(codes.tolist())
            else:
                wide.append(key)
                all_wide.append(codes)
        if wide:
            self._engine.run(f"INSERT INTO {WORK}.wide_keys VALUES {', '.join(f'({key})' for key in wide)}")
            for key, _ in set(self._engine.rows(f"EXECUTE narrower_keys_of_{kind}")):
                near.update(self._sharing(key)[:NARROW].tolist())
        return near, np.concatenate(all_wide)

    def _sharing(self, key: int) -> Codes:
        low, high = (int(np.searchsorted(self._keys, np.uint64(key), side)) for side in ("left", "right"))
        return self._codes[low:high]

    def _by_strong(self, kind: str, one: OneRecord) -> dict[int, str]:
        """Code -> the kind of the strong identifier it shares."""
        found: dict[int, str] = {}
        for name, value in sorted(one.identifiers, reverse=True):
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

    def _weighed(self, one: OneRecord, codes: Sequence[int], strong: Mapping[int, str]) -> dict[int, Candidate]:
        """Each of these records weighed against this one; linked as the pair alone would be."""
        if not codes:
            return {}
        kind = str(one.features["kind"])
        model = self._models[kind]
        names = {column: one.features.get(column) or "" for column in ("given", "family")}
        classes = [model.rarity.get(column, {}).get(name, model.unseen) for column, name in names.items()]
        with self._engine.register("others_rows", _with_classes(self._features.take(pa.array(codes)), classes)):
            self._engine.run(f"DELETE FROM {WORK}.others; INSERT INTO {WORK}.others FROM others_rows")
        rows = self._engine.rows(f"EXECUTE levels_of_{kind}")
        weight = weights(model, np.array([row[4:] for row in rows], np.int64).reshape(len(rows), len(model.comparisons)))
        found = {}
        for (code, veto, unique_veto, shared_veto, *_), weighed in zip(rows, weight.tolist(), strict=True):
            name = strong.get(code)
            vetoes = [veto if weighed >= FLOOR else None]
            if name:
                vetoes.append(unique_veto if name in UNIQUE else shared_veto)
            said = next((text for text in vetoes if text), None)
            linked = said is None and (bool(name) or weighed >= self._threshold)
            rule = f"identifier:{name}" if name else links.SCORE
            customer = str(self._customers.of(code))
            found[code] = Candidate(customer, self._customers.record_of(code), weighed, rule, said, linked)
        return found


def _with_classes(others: pa.Table, classes: Sequence[int]) -> pa.Table:
    """Records, and beside each how common the given and the family name of the one looked up are."""
    for name, number in zip(CLASSES, classes, strict=True):
        others = others.append_column(name, pa.array(np.full(len(others), number, np.int32)))
    return others


class _Replay:
    """The features of one record at a time, as `prepare` makes them, in the table where a run has those of all.

    Python makes them of most records. For the others the statements of `prepare` are made once, then only carried out. To
    `prepare` this is an engine. It notes each table that is made from other tables; what is made from a list given to it
    (nicknames, shared identifiers) stays as it is.
    """

    def __init__(self, engine: Engine, shared_limit: int, shared: pa.Table) -> None:
        self._engine = engine
        self._made: dict[str, str] = {}
        self._given: set[str] = set()
        engine.run(f"ATTACH ':memory:' AS {WORK}; USE {WORK}")  # all of it in one database, as a transaction needs
        fill(engine, ())
        prepare.prepare(self, shared_limit, shared)  # type: ignore[arg-type]  # only what `prepare` uses of an engine
        # For one row, making a better plan takes longer than what it gains.
        engine.run("PRAGMA disable_optimizer")
        for number, (name, select) in enumerate(self._made.items()):
            engine.run(f"PREPARE make_{number} AS INSERT INTO {name} {select}")
        self._schema = engine.arrow(f"FROM {WORK}.features").schema
        self._shared = dict(zip(*(shared[name].to_pylist() for name in ("fingerprint", "state")), strict=True))
        self._signs = signs_of(engine)
        self._nicknames = dict(engine.rows(f"SELECT name, roots FROM {WORK}.nicknames"))

    @contextmanager
    def features_of(self, record: Fields) -> Iterator[OneRecord]:
        """Inside, the scratch has this record alone.

        Afterwards the transaction is taken back: rows that are deleted instead would make every look-up slower than the last.
        """
        self._engine.run("BEGIN")
        try:
            yield self._by_python(record) or self._by_sql(record)
        finally:
            self._engine.run("ROLLBACK")

    def _by_python(self, record: Fields) -> OneRecord | None:
        found = features_of(record, self._shared, self._nicknames, self._signs)
        if found:
            row = pa.Table.from_pylist([{"code": 0, "record_id": record["record_id"], **found.features}], self._schema)
            with self._engine.register("one_row", row):
                self._engine.run(f"INSERT INTO {WORK}.features FROM one_row")
        return found

    def _by_sql(self, record: Fields) -> OneRecord:
        refill(self._engine, (record,))
        with self._engine.register("latin_rows", latin_rows(self._engine)):
            self._engine.run(f"INSERT INTO {WORK}.latin FROM latin_rows")
        self._engine.run("; ".join(f"EXECUTE make_{number}" for number in range(len(self._made))))
        uses = self._engine.rows(f"SELECT identifier_kind, value FROM {WORK}.identifier_uses WHERE state <> 'junk'")
        return OneRecord(self._engine.arrow(f"SELECT kind, given, family FROM {WORK}.features").to_pylist()[0], uses)

    def run(self, sql: str) -> None:
        """Run a statement of `prepare`, and note it. No table is dropped, nor a view put in its place: it is needed again."""
        if sql.lstrip().startswith(("DROP TABLE", "CREATE VIEW")):
            return
        self._engine.run(sql)
        made = re.match(r"\s*CREATE TABLE (\S+) AS\s(.*)", sql, re.DOTALL)
        if made and not any(re.search(rf"\b{name}\b", sql) for name in self._given):
            self._made[made[1]] = made[2]

    def arrow(self, sql: str) -> pa.Table:
        """As of the engine."""
        return self._engine.arrow(sql)

    def count(self, table: str) -> int:
        """As of the engine."""
        return self._engine.count(table)

    @contextmanager
    def register(self, name: str, table: pa.Table) -> Iterator[None]:
        """As of the engine."""
        self._given.add(name)
        with self._engine.register(name, table):
            yield
