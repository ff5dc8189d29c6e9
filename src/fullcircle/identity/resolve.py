"""Identity resolution: from records to customers with stable ids. This file runs the steps; each has a file of its own.

The same records, judgements and settings give the same customers, whatever the order of the rows. Records are never changed, so
withdrawing a judgement undoes its effect.
"""

from __future__ import annotations

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine
from fullcircle.identity import block, golden, grouping, households, links, model_store, prepare, score, train
from fullcircle.identity.judgements import Judgements
from fullcircle.identity.ledger import Ledger
from fullcircle.identity.model import ORGANISATION, PERSON, MatchModel
from fullcircle.identity.prepare import WORK
from fullcircle.model.progress import Progress, Silent
from fullcircle.model.tables import MEMBERS, PAIRS

# Log2 weight from which two records are one customer. It was measured, see docs/decisions/0005-match-threshold.md.
THRESHOLD = 2.0
LOWEST = -20.0  # weights below it are as if nothing was compared
PAST_TENSE = {"create": "created", "absorb": "absorbed", "split": "split", "retire": "retired", "revive": "revived"}


def resolve(engine: Engine, book: Book, settings: IdentitySettings, progress: Progress | None = None) -> dict[str, int]:
    """Make members, customers, provenance, pairs, households and household_members; returns counts for the report.

    Reads `records`, `identifiers` and `addresses`. The ids come from the ledger in the book, which is written before the tables:
    if a run is killed in between, the next run completes it. Must not be called inside a transaction of the engine, as the
    scratch is a second database.
    """
    progress = progress or Silent()
    threshold = THRESHOLD if settings.threshold is None else settings.threshold
    with prepare.scratch(engine):
        progress.step("comparing", engine.count("records"))
        prepare.prepare(engine, settings.shared_limit)
        compared, models = _score(engine, book, settings, threshold, progress)
        model_store.store(book, models, prepare.shared_identifiers(engine))
        links.find_links(engine, settings, Judgements(book).table(), threshold)
        progress.step("grouping")
        cut = grouping.group(engine, models, threshold)
        if cut:
            progress.say(
                f"{cut} groups of records were cut: they contained records that cannot be one customer, or were long chains."
            )
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
        **{f"ids_{PAST_TENSE[event]}": count for event, count in sorted(events.items())},
    }


def _score(
    engine: Engine, book: Book, settings: IdentitySettings, threshold: float, progress: Progress
) -> tuple[int, list[MatchModel]]:
    """Score the candidate pairs of each kind of records into `scored`; returns the number of pairs compared, and the models."""
    compared, models = 0, []
    for table in ("scored", "all_scored"):
        engine.run(f"CREATE TABLE {WORK}.{table} (code_a INTEGER, code_b INTEGER, weight DOUBLE)")
    for record_kind in (PERSON, ORGANISATION):
        compared += block.block(engine, record_kind, progress)
        model = train.model_for(engine, record_kind, settings.train, progress, model_store.load_model(book, record_kind))
        score.score(engine, model, "candidates", "weighed", LOWEST)
        engine.run(f"INSERT INTO {WORK}.all_scored SELECT code_a, code_b, weight FROM {WORK}.weighed")
        engine.run(f"DELETE FROM {WORK}.weighed WHERE weight < {score.FLOOR}")
        engine.run(f"INSERT INTO {WORK}.scored SELECT code_a, code_b, weight FROM {WORK}.weighed")
        _copies(engine, threshold)
        engine.run(f"DROP TABLE {WORK}.candidates; DROP TABLE {WORK}.weighed")
        models.append(model)
    return compared, models


def _copies(engine: Engine, threshold: float) -> None:
    """Add to `scored` the further copies of records that are alike in every feature; only the first two have been compared.

    The weight of the first two is that of all. Copies of which that weight links none (a bare name, say) are each linked to what
    the first one is linked to.
    """
    engine.run(f"""
        CREATE TABLE {WORK}.alike AS
        SELECT f.code, f.first_copy, f.place, w.weight FROM {WORK}.features f
            JOIN {WORK}.features s ON s.first_copy = f.first_copy AND s.place = 2
            LEFT JOIN {WORK}.weighed w ON w.code_a = f.first_copy AND w.code_b = s.code
        WHERE f.place > 1""")
    engine.run(f"""
        INSERT INTO {WORK}.scored
        SELECT first_copy, code, weight FROM {WORK}.alike WHERE place > 2 AND weight IS NOT NULL
        UNION ALL
        SELECT least(a.code, b.other), greatest(a.code, b.other), b.weight
        FROM {WORK}.alike a JOIN (
            SELECT code_a AS code, code_b AS other, weight FROM {WORK}.weighed
            UNION ALL SELECT code_b, code_a, weight FROM {WORK}.weighed) b ON b.code = a.first_copy
            JOIN {WORK}.features o ON o.code = b.other AND o.first_copy <> a.first_copy AND o.place = 1
        WHERE a.place > 2 AND coalesce(a.weight, -99) < {threshold} AND b.weight >= {threshold}""")
    engine.run(f"DROP TABLE {WORK}.alike")


def _write_members(engine: Engine) -> None:
    """`members`: the customer of each record, with the rule and weight of its strongest link inside the group."""
    engine.run(MEMBERS.ddl())
    engine.run(f"""
        INSERT INTO members
        WITH ends AS (
            SELECT unnest([l.code_a, l.code_b]) AS code, l.weight, l.rule, f.strength
            FROM {WORK}.links l JOIN {WORK}.accepted_links f USING (code_a, code_b)
                JOIN {WORK}.groups a ON a.code = l.code_a
                JOIN {WORK}.groups b ON b.code = l.code_b AND b.group_code = a.group_code
            WHERE l.veto IS NULL),
        best AS (
            SELECT code, arg_min(rule, (weight IS NOT NULL, rule, -coalesce(weight, 0))) AS rule, max(weight) AS weight
            FROM ends GROUP BY code)
        SELECT g.record_id, a.customer_id, b.weight, coalesce(b.rule, 'alone')
        FROM {WORK}.groups g JOIN {WORK}.assigned a USING (group_code) LEFT JOIN best b USING (code)
        ORDER BY g.record_id""")


def _write_pairs(engine: Engine) -> None:
    """`pairs`: every pair found, with its weight, its strongest rule, whether it is linked, and its veto."""
    engine.run(PAIRS.ddl())
    engine.run(f"""
        INSERT INTO pairs
        WITH weighed AS (
            SELECT code_a, code_b, max(weight) AS weight, arg_min(rule, (weight IS NOT NULL, rule)) AS rule,
                arg_min(veto, (veto IS NULL, rule)) AS veto
            FROM {WORK}.links GROUP BY code_a, code_b)
        SELECT a.record_id, b.record_id, t.weight, t.rule, f.code_a IS NOT NULL AND ga.group_code = gb.group_code,
            CASE WHEN j.code_a IS NOT NULL THEN 'judged to be apart' WHEN f.code_a IS NULL THEN t.veto END
        FROM weighed t JOIN {WORK}.names a ON a.code = t.code_a JOIN {WORK}.names b ON b.code = t.code_b
            JOIN {WORK}.groups ga ON ga.code = t.code_a JOIN {WORK}.groups gb ON gb.code = t.code_b
            LEFT JOIN {WORK}.accepted_links f ON f.code_a = t.code_a AND f.code_b = t.code_b
            LEFT JOIN {WORK}.cannot_link_judgements j ON j.code_a = t.code_a AND j.code_b = t.code_b
        ORDER BY a.record_id, b.record_id""")
