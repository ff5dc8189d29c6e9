"""Finds the candidate pairs of each kind of records and weighs them: those of records that changed (pair_scope.py), or all."""

from __future__ import annotations

from dataclasses import dataclass, field

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentitySettings
from fullcircle.engine.base import Engine
from fullcircle.identity import block, model_store, pair_scope, score, sieve
from fullcircle.identity.model import ORGANISATION, PERSON, MatchModel
from fullcircle.identity.model_choice import ModelChoice, choose, in_force
from fullcircle.identity.prepare import WORK
from fullcircle.identity.sieve import Sieve
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress


@dataclass(slots=True)
class Paired:
    """What was compared, and by which weights."""

    compared: int = 0  # pairs, in this run
    choices: list[ModelChoice] = field(default_factory=list)  # one for each kind of records
    sieves: list[Sieve] = field(default_factory=list)


def pair(
    engine: Engine, book: Book, settings: IdentitySettings, threshold: float, progress: Progress, whole: bool = False
) -> Paired:
    """Score the candidate pairs of each kind of records into `scored`, by other weights that may follow into `scored_new`."""
    paired = Paired()
    for name in ("scored", "scored_new"):
        engine.run(f"CREATE TABLE {WORK}.{name} (code_a INTEGER, code_b INTEGER, weight DOUBLE)")
    for record_kind in (PERSON, ORGANISATION):
        if whole or not _again(engine, book, record_kind, settings, progress, paired):
            _all(engine, book, record_kind, settings, threshold, progress, paired)
        _add(engine, threshold)
        engine.run(f"DROP TABLE {WORK}.candidates")
        pair_scope.end(engine)
    return paired


def _again(engine: Engine, book: Book, record_kind: str, settings: IdentitySettings, progress: Progress, paired: Paired) -> bool:
    """Make `weighed` by comparing only what changed. False if everything is to be compared."""
    model, known = in_force(engine, book, record_kind, settings), model_store.load_sieve(book, record_kind)
    if not model or not known or not known.fits(model, block.records_of(engine, record_kind)):
        return False
    if not pair_scope.begin(engine, model, known):
        return False
    sieve.sieve(engine, known.worthless)
    compared = engine.count(f"{WORK}.candidates")
    score.compare_anew(engine, model, "candidates", score.LEVELS)
    score.score(engine, model, "candidates", "weighed")
    engine.run(f"CREATE TABLE {WORK}.weighed_again AS FROM {WORK}.weighed")
    pair_scope.weights(engine, record_kind)
    progress.say(f"{record_kind}: {counted(engine.count(pair_scope.AGAIN), 'record')} compared again.")
    pair_scope.keep_some(engine, record_kind)
    paired.compared += compared
    paired.choices.append(ModelChoice(model))
    paired.sieves.append(known)
    return True


def _all(
    engine: Engine,
    book: Book,
    record_kind: str,
    settings: IdentitySettings,
    threshold: float,
    progress: Progress,
    paired: Paired,
) -> None:
    """Make `weighed` by comparing all pairs; and add those by other weights that may follow to `scored_new`."""
    pair_scope.end(engine)
    pair_scope.forget(engine, record_kind)
    found = block.block(engine, record_kind, progress)
    choice = choose(engine, book, record_kind, settings, progress)
    model, keep = choice.in_force, found >= pair_scope.MANY and not choice.candidate
    if keep:
        caps = pair_scope.keep_all(engine, model)
    block.drop(engine)
    used = _sieve_for(engine, book, model)
    left_out = sieve.sieve(engine, used.worthless)
    if left_out:
        progress.say(f"{record_kind}: {left_out} of them only share keys that a sample shows to bring nobody together.")
    if choice.candidate:
        _weigh(engine, choice.candidate)
        _add(engine, threshold, "_new")
    _weigh(engine, model)
    if keep:
        pair_scope.keep_weights(engine, model, used, caps)
    paired.compared += found - left_out
    paired.choices.append(choice)
    paired.sieves.append(used)


def _sieve_for(engine: Engine, book: Book, model: MatchModel) -> Sieve:
    """What is not compared: as found with these weights, or found now."""
    known, records = model_store.load_sieve(book, model.kind), block.records_of(engine, model.kind)
    return known if known and known.fits(model, records) else sieve.find(engine, model, records)


def _weigh(engine: Engine, model: MatchModel) -> None:
    """Make `weighed`: the candidates that weigh enough, with their weights by a model."""
    if engine.count(f"{WORK}.candidates"):
        score.score(engine, model, "candidates", "weighed")
    else:
        engine.run(f"CREATE OR REPLACE TABLE {WORK}.weighed (code_a INTEGER, code_b INTEGER, weight DOUBLE)")


def _add(engine: Engine, threshold: float, new: str = "") -> None:
    """Add the pairs of `weighed` to `scored`."""
    engine.run(f"INSERT INTO {WORK}.scored{new} SELECT code_a, code_b, weight FROM {WORK}.weighed")
    _copies(engine, threshold, new)
    engine.run(f"DROP TABLE {WORK}.weighed")


def _copies(engine: Engine, threshold: float, new: str) -> None:
    """Add the further copies of records that are alike in every feature; only the first two have been compared.

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
        INSERT INTO {WORK}.scored{new}
        SELECT first_copy, code, weight FROM {WORK}.alike WHERE place > 2 AND weight IS NOT NULL
        UNION ALL
        SELECT least(a.code, b.other), greatest(a.code, b.other), b.weight
        FROM {WORK}.alike a JOIN (
            SELECT code_a AS code, code_b AS other, weight FROM {WORK}.weighed
            UNION ALL SELECT code_b, code_a, weight FROM {WORK}.weighed) b ON b.code = a.first_copy
            JOIN {WORK}.features o ON o.code = b.other AND o.first_copy <> a.first_copy AND o.place = 1
        WHERE a.place > 2 AND coalesce(a.weight, -99) < {threshold} AND b.weight >= {threshold}""")
    engine.run(f"DROP TABLE {WORK}.alike")
