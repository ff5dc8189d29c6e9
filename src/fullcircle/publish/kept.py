"""What a target was left with: the fingerprints of its rows, and where each one is, so that the target need not be read again.

They are in the engine, in a table for each published one in the schema `published`, and only good for the state of the target
that they were noted for (`basis`): a cache. Those that are missing or of another state are not used; then the target itself is
read. A publish that is killed before `note` leaves the target in a state that none are noted for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from fullcircle import __version__
from fullcircle.engine.base import Engine, literal
from fullcircle.publish import difference as diff

SCHEMA = "published"
STATE = f"{SCHEMA}.state"


@dataclass(frozen=True, slots=True)
class RowFile:
    """A file of a target, and a SELECT of its rows: the columns that are compared, and `place`, the row's number in the file."""

    file: str
    sql: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The fingerprints of the rows that one table of a target was left with."""

    engine: Engine
    name: str  # of the target and of its table

    @property
    def table(self) -> str:
        """The table with them: key, print, file, place."""
        return f"{SCHEMA}.rows_{sha256(self.name.encode()).hexdigest()[:16]}"

    def holds(self, basis: object) -> bool:
        """True if they are those of this state of the target."""
        if not self.engine.has(STATE) or not self.engine.has(self.table):
            return False
        found = self.engine.rows(f"SELECT basis FROM {STATE} WHERE name = {literal(self.name)}")
        return [_text(self.engine, basis)] == [row[0] for row in found]

    def note(self, basis: object, files: Sequence[RowFile], key: Sequence[str], names: Sequence[str], anew: bool) -> None:
        """Note the rows of these files: all the target has, or (not `anew`) those that came, while others went.

        What does not have the content of the new rows (diff.NEW) is not kept.
        """
        engine = self.engine
        with engine.transaction():
            engine.run(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}; CREATE TABLE IF NOT EXISTS {STATE} (name VARCHAR, basis VARCHAR)")
            engine.run(f"DELETE FROM {STATE} WHERE name = {literal(self.name)}")
            columns = "key UBIGINT, print UBIGINT, file VARCHAR, place BIGINT"
            if anew:
                engine.run(f"CREATE OR REPLACE TABLE {self.table} ({columns})")
            else:
                engine.run(f"DELETE FROM {self.table} WHERE print NOT IN (SELECT print FROM {diff.NEW})")
            for one in files:
                prints = diff.prints(one.sql, key, names, "place")
                engine.run(f"INSERT INTO {self.table} SELECT key, print, {literal(one.file)}, place FROM ({prints})")
            if diff.content(engine, self.table) == diff.content(engine, diff.NEW):
                engine.run(f"INSERT INTO {STATE} VALUES ({literal(self.name)}, {literal(_text(engine, basis))})")

    def gone(self) -> str:
        """A SELECT of the places (file, place) of rows that the new rows do not have."""
        return f"SELECT file, place FROM {self.table} WHERE print NOT IN (SELECT print FROM {diff.NEW})"


def _text(engine: Engine, basis: object) -> str:
    return sha256(repr((basis, __version__, engine.value("SELECT version()"))).encode()).hexdigest()
