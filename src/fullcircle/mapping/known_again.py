"""Erased people who come back in another spelling: (044) 333-44-55 for +41443334455. Only cleaned identifiers show that.

It is looked for before the tables are written, so nothing of such a row is in them.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.config.sections import MapSettings
from fullcircle.connectors.erased_rows import erased_rows, take_out
from fullcircle.connectors.landing import Landing
from fullcircle.engine.base import Engine, literal
from fullcircle.govern.suppressed import Suppressed
from fullcircle.govern.tokens import tokens_of_cells
from fullcircle.mapping.follow_erased import follow
from fullcircle.model.counting import counted
from fullcircle.model.identifiers import OF_RECORDS, UNIQUE_TO_ONE
from fullcircle.model.progress import Progress


class KnownAgain:
    """Looks for people on the list among the cleaned tables of `conform`."""

    def __init__(self, suppressed: Suppressed, landing: Landing, maps: Sequence[MapSettings], progress: Progress) -> None:
        self._suppressed, self._landing, self._maps, self._progress = suppressed, landing, maps, progress

    def taken_out(self, engine: Engine) -> bool:
        """True if there were some: their rows are on the list and taken out of the landed files, which are to be read again."""
        found = self._found(engine)
        if not found:
            return False
        for record, value in found:
            self._suppressed.add_beside(value, [("id", self._suppressed.digest(record), "")])
        before = self._landing.fingerprint()
        follow(engine, self._landing, self._maps, self._suppressed)
        with erased_rows(engine, self._suppressed) as erased:
            take_out(erased, self._landing, self._progress)
        self._suppressed.applied()
        records = counted(
            len(found), "record of erased people, known again by its", "records of erased people, known again by their"
        )
        gone = self._landing.fingerprint() != before
        done = "left out" if gone else "found, but not in a landed row: it stays"
        self._progress.say(f"{records} cleaned identifiers: {done}. Delete them in the source, too.")
        return gone

    def _found(self, engine: Engine) -> list[tuple[str, str]]:
        """(record, hash of an identifier) of the records with an identifier that is on the list."""
        kinds = ", ".join(map(literal, UNIQUE_TO_ONE))
        cells = " UNION ALL ".join(
            [
                f"SELECT record_id AS n, value AS cell FROM clean_identifiers WHERE kind IN ({kinds})",
                *(f"SELECT record_id, {kind} FROM clean_records" for kind in OF_RECORDS),
            ]
        )
        engine.run(
            f"CREATE OR REPLACE TEMP TABLE cleaned_tokens AS {tokens_of_cells(f'SELECT * FROM ({cells}) WHERE cell IS NOT NULL')}"
        )
        listed = ", ".join(map(literal, self._suppressed.digests("value")))
        digests = (
            f"SELECT token, {self._suppressed.digest_sql('token')} AS digest FROM (SELECT DISTINCT token FROM cleaned_tokens)"
        )
        found = engine.rows(
            f"SELECT n, min(digest) FROM cleaned_tokens JOIN ({digests}) USING (token) "
            f"WHERE n IS NOT NULL AND list_contains([{listed}]::VARCHAR[], digest) GROUP BY n ORDER BY n"
        )
        if found:
            _forget_numbers(engine, [str(record) for record, _ in found])
        engine.run("DROP TABLE cleaned_tokens")
        return [(str(record), str(value)) for record, value in found]


def _forget_numbers(engine: Engine, records: Sequence[str]) -> None:
    """Their phone numbers are remembered as cleaned."""
    if engine.has("clean_cache"):
        named = ", ".join(map(literal, records))
        known = " UNION ALL ".join(
            f"SELECT {column} AS x FROM {table} WHERE record_id IN ({named})"
            for column, table in (("value", "clean_identifiers"), ("phone", "clean_records"))
        )
        engine.run(f"DELETE FROM clean_cache WHERE clean IN (SELECT x FROM ({known}) WHERE x IS NOT NULL)")
