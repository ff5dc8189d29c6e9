"""Identity resolution: from records to customers with stable ids. This file runs the steps; each has a file of its own.

The same records, judgements and settings give the same customers, whatever the order of the rows. Records are never changed, so
withdrawing a judgement undoes its effect.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine, literal
from fullcircle.identity import golden, grouping, households, links, model_store, pairing, prepare
from fullcircle.identity.judgements import Judgements
from fullcircle.identity.ledger import Ledger
from fullcircle.identity.model import MatchModel
from fullcircle.identity.model_change import ModelChanges, measure_effect
from fullcircle.identity.model_choice import MadeChanges, ModelChoice, known_records, models_of, within
from fullcircle.identity.prepare import WORK
from fullcircle.model.progress import Progress, Silent
from fullcircle.model.tables import MEMBERS, PAIRS

# Log2 weight from which two records are one customer. It was measured, see docs/decisions/0005-match-threshold.md.
THRESHOLD = 2.0
CERTAIN_FIRST = "coalesce(min(rule) FILTER (weight IS NULL), min(rule))"  # SQL: the rule of a pair: one without a weight first
PAST_TENSE = {"create": "created", "absorb": "absorbed", "split": "split", "retire": "retired", "revive": "revived"}


def resolve(
    engine: Engine, book: Book, settings: IdentitySettings, progress: Progress | None = None, whole: bool = False
) -> dict[str, int]:
    """Make members, customers, provenance, pairs, households and household_members; returns counts for the report.

    Reads `records`, `identifiers` and `addresses`. The ids come from the ledger in the book, which is written before the tables:
    if a run is killed in between, the next run completes it. Must not be called inside a transaction of the engine, as the
    scratch is a second database. With `whole`, every pair is compared and every golden record made again, whatever has changed.
    """
    progress = progress or Silent()
    threshold = THRESHOLD if settings.threshold is None else settings.threshold
    judgements = Judgements(book).table()
    with prepare.scratch(engine):
        progress.step("comparing", engine.count("records"))
        prepare.prepare(engine, settings.shared_limit)
        paired = pairing.pair(engine, book, settings, threshold, progress, whole)
        choices = paired.choices
        progress.step("grouping")
        cut = _group(engine, judgements, settings, threshold, models_of(choices))
        changes = _changes(engine, book, settings, threshold, judgements, choices)
        cut = cut if changes.cut is None else changes.cut
        if cut:
            progress.say(
                f"{cut} groups of records were cut: they contained records that cannot be one customer, or were long chains."
            )
        progress.step("ids and golden records")
        with book.transaction():  # the weights and the ids that follow from them are kept together, or neither
            model_store.store(book, changes.models, prepare.shared_identifiers(engine), paired.sieves)
            changes.note(book, progress)
            events = Ledger(book).assign(engine)
        _write_members(engine)
        _write_pairs(engine)
        golden.make_golden(engine, settings.prefer_sources, whole)
        made = households.make_households(engine, settings.households)
    return {
        "records": engine.count("members"),
        "customers": engine.count("customers"),
        "compared": paired.compared,
        "pairs": engine.count("pairs"),
        "groups_cut": cut,
        "households": made,
        "weights_waiting": len(ModelChanges(book).waiting()),
        **{f"ids_{PAST_TENSE[event]}": count for event, count in sorted(events.items())},
    }


def _changes(
    engine: Engine, book: Book, settings: IdentitySettings, threshold: float, judgements: pa.Table, choices: Sequence[ModelChoice]
) -> MadeChanges:
    """Group by the other weights too, if there are any, and leave `groups` as it is to be."""
    new = {choice.in_force.kind for choice in choices if choice.candidate}
    if not new:
        return MadeChanges(choices, limit=settings.limits.weights)
    for table in ("groups", "scored"):
        engine.run(f"ALTER TABLE {WORK}.{table} RENAME TO {table}_before")
    cut = _group_again(engine, judgements, settings, threshold, choices, new)
    with engine.register("known_rows", known_records(book)):
        effects = {
            record_kind: measure_effect(engine, f"""
                SELECT record_id, k.customer_id, b.group_code AS old, g.group_code AS new
                FROM {WORK}.names n JOIN known_rows k USING (record_id) JOIN {WORK}.groups_before b USING (record_id)
                    JOIN {WORK}.groups g USING (record_id) WHERE n.kind = '{record_kind}'""")
            for record_kind in sorted(new)
        }  # fmt: skip
    used = {record_kind for record_kind, effect in effects.items() if within(effect, settings.limits)}
    if used != new:
        cut = _group_again(engine, judgements, settings, threshold, choices, used)
    return MadeChanges(choices, effects, used, cut, settings.limits.weights)


def _group_again(
    engine: Engine,
    judgements: pa.Table,
    settings: IdentitySettings,
    threshold: float,
    choices: Sequence[ModelChoice],
    new: Collection[str],
) -> int:
    """Make `groups` once more, by the other weights for these kinds of records."""
    for table in ("links", "cannot_link_judgements", "judged_together", "strong", "cannot_links"):
        engine.run(f"DROP TABLE IF EXISTS {WORK}.{table}")
    for table in ("accepted_links", "groups", "hopeful"):
        engine.run(f"DROP TABLE IF EXISTS {WORK}.{table}")
    kinds = ", ".join(literal(one) for one in sorted(new)) or "NULL"
    engine.run(f"""
        CREATE OR REPLACE TABLE {WORK}.scored AS
        FROM {WORK}.scored_new WHERE code_a IN (SELECT code FROM {WORK}.names WHERE kind IN ({kinds}))
        UNION ALL
        FROM {WORK}.scored_before WHERE code_a NOT IN (SELECT code FROM {WORK}.names WHERE kind IN ({kinds}))""")
    return _group(engine, judgements, settings, threshold, models_of(choices, new))


def _group(
    engine: Engine, judgements: pa.Table, settings: IdentitySettings, threshold: float, models: Sequence[MatchModel]
) -> int:
    """Make the links, and from them `groups` (record_id, code, group_code); returns how many groups were cut."""
    links.find_links(engine, settings, judgements, threshold)
    return grouping.group(engine, models, threshold)


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
            SELECT code, {CERTAIN_FIRST} AS rule, max(weight) AS weight FROM ends GROUP BY code)
        SELECT g.record_id, a.customer_id, b.weight, coalesce(b.rule, 'alone')
        FROM {WORK}.groups g JOIN {WORK}.assigned a USING (group_code) LEFT JOIN best b USING (code)
        ORDER BY g.code""")  # in the order of record ids


def _write_pairs(engine: Engine) -> None:
    """`pairs`: every pair found, with its weight, its strongest rule, whether it is linked, and its veto."""
    engine.run(PAIRS.ddl())
    engine.run(f"""
        INSERT INTO pairs
        WITH weighed AS (
            SELECT code_a, code_b, max(weight) AS weight, {CERTAIN_FIRST} AS rule,
                arg_min(veto, rule) FILTER (veto IS NOT NULL) AS veto
            FROM {WORK}.links GROUP BY code_a, code_b)
        SELECT a.record_id, b.record_id, t.weight, t.rule, f.code_a IS NOT NULL AND a.group_code = b.group_code,
            CASE WHEN j.code_a IS NOT NULL THEN 'judged to be apart' WHEN f.code_a IS NULL THEN t.veto END
        FROM weighed t JOIN {WORK}.groups a ON a.code = t.code_a JOIN {WORK}.groups b ON b.code = t.code_b
            LEFT JOIN {WORK}.accepted_links f ON f.code_a = t.code_a AND f.code_b = t.code_b
            LEFT JOIN {WORK}.cannot_link_judgements j ON j.code_a = t.code_a AND j.code_b = t.code_b
        ORDER BY t.code_a, t.code_b""")  # in the order of record ids
