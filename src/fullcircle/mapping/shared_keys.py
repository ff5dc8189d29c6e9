"""Rows that one e-mail or phone makes one record, although their names are clearly of two people: reported, never silent.

A map that knows people by their e-mail alone joins a family before identity can look at it. See `report_shared`.
"""

from __future__ import annotations

from itertools import combinations

from fullcircle.engine.base import Engine
from fullcircle.mapping.reading.same_name import are_different, words_of_name
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress

NAMES = ("given_name", "family_name", "full_name")
MOST = 1_000  # ids that are looked at


def report_shared(engine: Engine, staged: str, progress: Progress) -> None:
    """Report the ids of staged records whose rows have one e-mail or phone as their key and clearly different names."""
    key = "lower(key) IN (lower(email), lower(phone))"
    rows = engine.rows(
        f"SELECT source, object, list(DISTINCT name ORDER BY name) FROM "
        f"(SELECT source, object, record_id, {words_of_name(NAMES)} AS name FROM {staged} WHERE {key}) WHERE name <> '' "
        f"GROUP BY source, object, record_id HAVING count(DISTINCT name) > 1 ORDER BY ALL LIMIT {MOST}"
    )
    found: dict[str, int] = {}
    for source, name, names in rows:
        if any(are_different(*two) for two in combinations(names[:20], 2)):
            found[f"{source}.{name}"] = found.get(f"{source}.{name}", 0) + 1
    for where, several in found.items():
        progress.say(
            f"records from {where}: {counted(several, 'e-mail or phone is', 'e-mails or phones are')} the key of rows with "
            "clearly different names, a family for instance: each became one record. `fullcircle map suggest` proposes a key "
            "with the name."
        )
