"""Who is who: from records to customers with ids that stay. The stage's story; each step has a file of its own.

The same records, judgements and settings give the same customers, whatever the order of the rows; records are never
consumed, so taking a judgement back undoes what it did.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine
from fullcircle.identity import block, cluster, golden, households, links, prepare, score, train
from fullcircle.identity import model_store as memory
from fullcircle.identity.judgements import Judgements
from fullcircle.identity.ledger import Ledger
from fullcircle.identity.model import ORGANISATION, PERSON, MatchModel
from fullcircle.identity.prepare import WORK
from fullcircle.model.progress import Progress, Silent
from fullcircle.model.tables import MEMBERS, PAIRS

# Log2 weight above which two records are one customer; measured, see docs/decisions/0005-match-threshold.md.
THRESHOLD = 2.0
DONE = {"create": "created", "absorb": "absorbed", "split": "split", "retire": "retired", "revive": "revived"}


def resolve(engine: Engine, book: Book, settings: IdentitySettings, progress: Progress | None = None) -> dict[str, int]:
    """Make members, customers, provenance, pairs, households and household_members; returns counts to tell.

    Reads `records`, `identifiers` and `addresses`. Ids come from the ledger in the book, which is written before the tables,
    so a run that was killed in between is mended by running again. Must not run inside a transaction of the engine: the
    scratch is a second database.
    """
    progress = progress or Silent()
    threshold = THRESHOLD if settings.threshold is None else settings.threshold
    with prepare.scratch(engine):
        progress.step("comparing", engine.count("records"))
        prepare.prepare(engine, settings.shared_limit)
        compared, models = _score(engine, book, settings, progress)
        memory.remember(book, models, prepare.shared_marks(engine))
        links.find_links(engine, settings, Judgements(book).table(), threshold)
        progress.step("grouping")
        cut = _group(engine)
        if cut:
            progress.say(f"{cut} groups of records were cut: they held records that cannot be one customer, or were long chains.")
        progress.step("ids and golden records")
        events = Ledger(book).assign(engine)
        _write_members(engine)
        _write_pairs(engine)
        golden.make_golden(engine, settings.prefer_sources)
        made = households.make_households(engine, settings.households)
    return {
        "records": engine.count("members"),
        "customers": engine.count("customers"),
        "compared": compared,
        "pairs": engine.count("pairs"),
        "groups_cut": cut,
        "households": made,
        **{f"ids_{DONE[event]}": count for event, count in sorted(events.items())},
    }


def _score(engine: Engine, book: Book, settings: IdentitySettings, progress: Progress) -> tuple[int, list[MatchModel]]:
    """Score the candidate pairs of each kind into `scored`; returns how many pairs were compared, and the models."""
    compared, models = 0, []
    engine.run(f"CREATE TABLE {WORK}.scored (code_a INTEGER, code_b INTEGER, weight DOUBLE)")
    for kind in (PERSON, ORGANISATION):
        compared += block.block(engine, kind, progress)
        model = train.model_for(engine, kind, settings.train, progress, memory.kept(book, kind))
        score.score(engine, model, "candidates", "weighed")
        engine.run(f"INSERT INTO {WORK}.scored SELECT code_a, code_b, weight FROM {WORK}.weighed")
        engine.run(f"DROP TABLE {WORK}.candidates; DROP TABLE {WORK}.weighed")
        models.append(model)
    return compared, models


def _group(engine: Engine) -> int:
    """`groups` (record_id, code, label) from the accepted_links links; returns how many groups had to be cut."""
    size = engine.count(f"{WORK}.names")
    accepted_links = _arrays(engine, f"SELECT code_a, code_b, strength FROM {WORK}.accepted_links ORDER BY code_a, code_b")
    apart = _arrays(engine, f"SELECT code_a, code_b FROM {WORK}.cannot_links ORDER BY code_a, code_b")
    found = cluster.Links(
        accepted_links[0].astype(np.int64), accepted_links[1].astype(np.int64), accepted_links[2].astype(np.float64)
    )
    labels, cut = cluster.cluster(size, found, (apart[0].astype(np.int64), apart[1].astype(np.int64)))
    with engine.register("group_labels", pa.table({"code": np.arange(size, dtype=np.int64), "label": labels})):
        engine.run(f"""
            CREATE TABLE {WORK}.groups AS
            SELECT n.record_id, n.code, CAST(g.label AS INTEGER) AS label FROM {WORK}.names n JOIN group_labels g USING (code)""")
    return cut


def _arrays(engine: Engine, sql: str) -> list[np.ndarray]:
    return [column.to_numpy() for column in engine.arrow(sql).columns]


def _write_members(engine: Engine) -> None:
    """`members`: each record's customer, with the rule and weight of its strongest link inside the group."""
    engine.run(MEMBERS.ddl())
    engine.run(f"""
        INSERT INTO members
        WITH ends AS (
            SELECT unnest([l.code_a, l.code_b]) AS code, l.weight, l.rule, f.strength
            FROM {WORK}.links l JOIN {WORK}.accepted_links f USING (code_a, code_b)
                JOIN {WORK}.groups a ON a.code = l.code_a JOIN {WORK}.groups b ON b.code = l.code_b AND b.label = a.label
            WHERE l.veto IS NULL),
        best AS (
            SELECT code, arg_min(rule, (weight IS NOT NULL, rule, -coalesce(weight, 0))) AS rule, max(weight) AS weight
            FROM ends GROUP BY code)
        SELECT g.record_id, a.customer_id, b.weight, coalesce(b.rule, 'alone')
        FROM {WORK}.groups g JOIN {WORK}.assigned a USING (label) LEFT JOIN best b USING (code)
        ORDER BY g.record_id""")


def _write_pairs(engine: Engine) -> None:
    """`pairs`: all reasons that were found, strongest rule first where a pair has several."""
    engine.run(PAIRS.ddl())
    engine.run(f"""
        INSERT INTO pairs
        WITH weighed AS (
            SELECT code_a, code_b, max(weight) AS weight, arg_min(rule, (weight IS NOT NULL, rule)) AS rule,
                arg_min(veto, (veto IS NULL, rule)) AS veto
            FROM {WORK}.links GROUP BY code_a, code_b)
        SELECT a.record_id, b.record_id, t.weight, t.rule, f.code_a IS NOT NULL AND ga.label = gb.label,
            CASE WHEN j.code_a IS NOT NULL THEN 'judged to be apart' WHEN f.code_a IS NULL THEN t.veto END
        FROM weighed t JOIN {WORK}.names a ON a.code = t.code_a JOIN {WORK}.names b ON b.code = t.code_b
            JOIN {WORK}.groups ga ON ga.code = t.code_a JOIN {WORK}.groups gb ON gb.code = t.code_b
            LEFT JOIN {WORK}.accepted_links f ON f.code_a = t.code_a AND f.code_b = t.code_b
            LEFT JOIN {WORK}.cannot_link_judgements j ON j.code_a = t.code_a AND j.code_b = t.code_b
        ORDER BY a.record_id, b.record_id""")
