"""Gives the outcome of deals the same words in all sources (those of data/deals.toml). Start at `read_deals`.

Deals are the interactions of an object in which there are opportunities, quotations or other rows with an amount. The source's
word stays beside it, in `status_raw`. A word that is not known stays as it is and is reported: such a deal is neither won nor
lost.
The work is done once for each distinct word. The status of a call or a visit stays as its source has it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

import pyarrow as pa

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.shipped import shipped
from fullcircle.mapping.status import asked, listed, plain
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.statuses import DEAL_KINDS, DEAL_STATUSES, VISIT_KINDS

NO_DEALS = ("payment", "invoice", "sale", "refund", "donation", *VISIT_KINDS)  # they have an amount too
DEALS = f"""SELECT DISTINCT source, object FROM staged_interactions WHERE lower(kind) IN ({", ".join(map(literal, DEAL_KINDS))})
    OR (amount IS NOT NULL AND coalesce(lower(kind), '') NOT IN ({", ".join(map(literal, NO_DEALS))}))"""


def read_deals(engine: Engine, own: Mapping[str, str], progress: Progress) -> None:
    """Replace the status of the staged deals by one of DEAL_STATUSES, and keep the source's word in status_raw."""
    found = engine.rows(
        f"SELECT status, count(*), count(amount) FROM staged_interactions SEMI JOIN ({DEALS}) USING (source, object) "
        "WHERE status IS NOT NULL GROUP BY status ORDER BY 2 DESC, 1"
    )
    mine = {plain(word): meaning for word, meaning in own.items()}
    meanings = [outcome_of(word, mine) for word, _, _ in found]
    known = pa.table({"word": pa.array([each[0] for each in found], pa.string()), "means": pa.array(meanings, pa.string())})
    with engine.register("known_outcomes", known):
        engine.run(
            "CREATE OR REPLACE TEMP TABLE staged_interactions AS SELECT i.* REPLACE (coalesce(k.means, i.status) AS status, "
            "coalesce(i.status_raw, i.status) AS status_raw) FROM staged_interactions i "
            f"LEFT JOIN ({DEALS}) d ON d.source = i.source AND d.object = i.object "
            "LEFT JOIN known_outcomes k ON k.word = i.status AND d.source IS NOT NULL"
        )
    _report(
        [(word, rows, worth) for (word, rows, worth), meaning in zip(found, meanings, strict=True) if meaning is None], progress
    )
    _report_without(engine, progress)


def _report_without(engine: Engine, progress: Progress) -> None:
    """Deals whose map says nothing of their outcome: what was lost looks like what was won."""
    worth = engine.rows(
        f"SELECT source || '.' || object, count(amount) FROM staged_interactions SEMI JOIN ({DEALS}) USING (source, object) "
        "GROUP BY 1 HAVING count(status) = 0 AND count(amount) > 0 ORDER BY 1"
    )
    for name, deals in worth:
        progress.say(
            f"interactions.status: {counted(deals, 'deal')} of {name} with an amount and no status: nothing says which were won. "
            "Map the stage to status; `fullcircle map suggest` proposes it where it finds one."
        )


def outcome_of(word: str, own: Mapping[str, str] | None = None) -> str | None:
    """One of DEAL_STATUSES for a source's word, or None if it is not known. `own` are further words, in their plain form."""
    text = plain(word)
    known = {**_words()[0], **(own or {})}
    if text in known or not text:
        return known.get(text)
    inside = _inside(text.split(), known)
    doubtful = any(f" {each} " in f" {text} " for each in _words()[1])
    if inside <= {"open"}:
        return "open" if inside else None
    if doubtful or len(inside - {"open"}) > 1:
        return None
    return (inside - {"open"}).pop()


def _inside(parts: list[str], known: Mapping[str, str]) -> set[str]:
    """The meanings of the longest known words in a text, each part read once."""
    found, place = set(), 0
    while place < len(parts) < 20:
        end = next((end for end in range(len(parts), place, -1) if " ".join(parts[place:end]) in known), place)
        if end > place:
            found.add(known[" ".join(parts[place:end])])
        place = max(end, place + 1)
    return found


@cache
def _words() -> tuple[dict[str, str], frozenset[str]]:
    """The known words with their meaning, and those that make a stage doubtful."""
    data = tomllib.loads(shipped("deals.toml"))
    return {plain(word): meaning for meaning in DEAL_STATUSES for word in data[meaning]}, frozenset(map(plain, data["doubt"]))


def _report(unknown: list[tuple[str, int, int]], progress: Progress) -> None:
    """Only where money depends on it: the stages of deals with an amount."""
    unknown = [one for one in unknown if one[2]]
    if not unknown:
        return
    deals = sum(rows for _, rows, _ in unknown)
    kept = "It was kept as it is, and counts" if deals == 1 else "They were kept as they are, and count"
    progress.say(
        f"interactions.status: {counted(deals, 'deal has', 'deals have')} a status that is not known: "
        f"{listed([(word, rows) for word, rows, _ in unknown])}. {kept} neither as won nor as lost. Say what each word means in "
        f"[status] deals = {{ {asked([word for word, _, _ in unknown])} }}: "
        '"open" (it may still be won), "won" (its amount is money that came, or will), "lost" or '
        '"cancelled" (nothing came of it).'
    )
