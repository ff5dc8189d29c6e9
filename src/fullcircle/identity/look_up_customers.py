"""The customers that a look-up may find, and the groups of records in them that sure links make: as in grouping.py."""

from __future__ import annotations

import numpy as np

from fullcircle.engine.base import Engine
from fullcircle.identity.cluster import Codes, Links, components
from fullcircle.identity.grouping import MOST_COMPARED
from fullcircle.identity.prepare import WORK


class Customers:
    """The customer of each record, by its code. Made while the scratch of `prepare` is there."""

    def __init__(self, tables: Engine, sure_from: float) -> None:
        rows = tables.arrow(f"""
            SELECT r.record_id, m.customer_id, CAST(f.first_copy AS BIGINT) AS first_copy, hash(r.record_id) AS drawn
            FROM {WORK}.features f JOIN records r USING (record_id) LEFT JOIN members m USING (record_id) ORDER BY f.code""")
        self._records = rows["record_id"].combine_chunks()
        encoded = rows["customer_id"].combine_chunks().dictionary_encode()
        self._names = encoded.dictionary
        self._place: Codes = encoded.indices.fill_null(-1).to_numpy().astype(np.int64)
        self._first_copy: Codes = rows["first_copy"].to_numpy()
        self._home = _sure_groups(tables, len(rows), sure_from)
        # By group, and within each in the order in which grouping chooses those that speak for it.
        self._order: Codes = np.lexsort((np.arange(len(rows)), rows["drawn"].to_numpy(), self._home))
        self._ordered = self._home[self._order]
        self._code = {record: code for code, record in enumerate(self._records.to_pylist())}

    @property
    def bytes(self) -> int:
        """The memory it takes, about: of the ids of records twice, since they are looked up by text, too."""
        arrays = (self._place, self._first_copy, self._home, self._order, self._ordered)
        return int(sum(one.nbytes for one in arrays) + self._names.nbytes + 4 * self._records.nbytes)

    def of_record(self, record_id: str) -> str | None:
        """The customer of a record that the last run had."""
        code = self._code.get(record_id)
        return None if code is None else self.of(code)

    def of(self, code: int) -> str | None:
        """The customer of the record with this code; None if the last run did not have it."""
        place = int(self._place[code])
        return None if place < 0 else str(self._names[place].as_py())

    def record_of(self, code: int) -> str:
        """The id of the record with this code."""
        return str(self._records[code].as_py())

    def home_of(self, code: int) -> int:
        """The group of this record that sure links make."""
        return int(self._home[code])

    def speakers(self, home: int) -> list[int]:
        """The records that speak for a group: of those that are alike in everything one, and not too many."""
        low, high = (int(np.searchsorted(self._ordered, home, side)) for side in ("left", "right"))
        first = dict[int, int]()
        for one in self._order[low:high].tolist():
            first.setdefault(int(self._first_copy[one]), one)
        return sorted(list(first.values())[:MOST_COMPARED])


def _sure_groups(tables: Engine, size: int, sure_from: float) -> Codes:
    """For each record the smallest code of those that sure links of the last run join to it."""
    if not tables.has("pairs"):
        return np.arange(size, dtype=np.int64)
    rows = tables.arrow(f"""
        SELECT CAST(a.code AS BIGINT) AS a, CAST(b.code AS BIGINT) AS b
        FROM pairs p JOIN {WORK}.names a ON a.record_id = p.record_a JOIN {WORK}.names b ON b.record_id = p.record_b
        WHERE linked AND (weight IS NULL OR weight >= {sure_from} OR rule <> 'score')""")
    return components(size, Links(rows["a"].to_numpy(), rows["b"].to_numpy(), np.zeros(0)))
