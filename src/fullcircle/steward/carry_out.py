"""Carries out what a person decided: note it in the book, run the stages from `resolve` on, and show before and after.

A dry run does the same on a throw-away copy, so what it shows is what would happen. `later` only notes the decision: the next
run applies it. Why the effect comes at once: docs/decisions/0009-a-decision-takes-effect-at-once.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from fullcircle import pipeline
from fullcircle.book.book import Book
from fullcircle.config.sections import Config
from fullcircle.desk import Desk, open_desk
from fullcircle.errors import FullcircleError, NotFound
from fullcircle.graph.tables.build import build
from fullcircle.identity.decisions import Decision, Decisions
from fullcircle.model.progress import Progress
from fullcircle.stage import EVERYTHING, Choice, run_stage
from fullcircle.steward.portrait import Portrait, portraits
from fullcircle.steward.propose import Proposals
from fullcircle.steward.wish import PlannedDecision, Wish, plan

SHOWN = 20  # customers in an effect
BEFORE = "steward_before"
When = Literal["now", "later", "dry run"]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision did, or in a dry run would do."""

    verb: str
    decision: int  # its number, for `undo`; in a dry run the number it would get
    by: str
    reason: str
    when: When
    judgements: int  # how many pairs of records it is about
    before: tuple[Portrait, ...]  # the customers of the records it is about
    after: tuple[Portrait, ...] = ()  # ... and what they are afterwards; empty if it is applied later
    others: int = 0  # how many further customers change, since other changes were waiting
    unmet: tuple[str, ...] = ()  # what the decision asked for and did not get


class Noting(Protocol):
    """What goes into the transaction in which a decision is noted."""

    def before(self, book: Book, records: tuple[str, ...]) -> None:
        """Before it is noted; an error here means that nothing is."""
        ...

    def noted(self, book: Book, effect: Effect) -> None:
        """It is noted, and not yet applied."""
        ...


def carry_out(
    settings: Config,
    wish: Wish,
    by: str,
    reason: str = "",
    when: When = "now",
    progress: Progress | None = None,
    noting: Noting | None = None,
) -> Effect:
    """Carry out a wish; nothing is noted if it cannot be, or contradicts what applies (Contradiction)."""
    with open_desk(settings, progress, dry_run=when == "dry run") as desk:
        if desk.log.last("resolve") is None:
            raise NotFound("It is not known yet who is who.", "Run `fullcircle run` first.")
        made = plan(desk.engine, desk.book, wish)
        before = portraits(desk.engine, _customers_of(desk, made.records))
        with desk.book.transaction():
            if noting:
                noting.before(desk.book, made.records)
            decision = _note(desk, wish, made, by, reason)
            effect = Effect(wish.verb, decision.id, by, reason, when, len(decision.pairs), before[:SHOWN])
            if noting:
                noting.noted(desk.book, effect)
        return effect if when == "later" else _applied(desk, effect, made)


def complete(settings: Config, effect: Effect, progress: Progress | None = None) -> Effect:
    """Go on with a decision that is noted, where applying it was interrupted. It may be done any number of times."""
    with open_desk(settings, progress) as desk:
        decision = Decisions(desk.book).get(effect.decision)
        pairs = () if effect.verb == "undo" else decision.pairs
        return _applied(desk, effect, PlannedDecision(pairs, tuple(decision.records)))


def _applied(desk: Desk, effect: Effect, made: PlannedDecision) -> Effect:
    """Apply what is noted, and say what became of it."""
    desk.engine.run(f"CREATE OR REPLACE TEMP TABLE {BEFORE} AS SELECT record_id, customer_id FROM members")
    try:
        _apply(desk)
    except FullcircleError as error:
        if effect.when == "now":
            error.hint = f"{error.hint} The decision {effect.decision} is noted; `fullcircle run` applies it.".strip()
        raise
    changed = desk.engine.rows(f"""
        SELECT b.record_id, b.customer_id, m.customer_id FROM {BEFORE} b FULL JOIN members m USING (record_id)
        WHERE b.customer_id IS DISTINCT FROM m.customer_id ORDER BY ALL""")
    now = _customers_of(desk, made.records)
    about = {id for record, *pair in changed if record in set(made.records) for id in pair}
    others = {id for _, *pair in changed for id in pair if id} - about - set(now)
    after = portraits(desk.engine, now[:SHOWN])
    return replace(effect, after=after, others=len(others), unmet=_unmet(desk, made))


def _note(desk: Desk, wish: Wish, made: PlannedDecision, by: str, reason: str) -> Decision:
    decisions = Decisions(desk.book)
    if wish.verb == "undo":
        return decisions.undo(int(wish.names[0]), by, reason)
    with desk.book.transaction():
        decision = decisions.take(wish.verb, made.pairs, by, reason)
        Proposals(desk.book).end_about(made.records, decision.id, by)
    return decision


def _apply(desk: Desk) -> None:
    """Run what depends on a judgement. In a dry run only what the effect is shown from: no store and no target is needed."""
    if not desk.dry_run:
        pipeline.run(desk, Choice(first="resolve"))
        return
    resolve = next(stage for stage in pipeline.STAGES if stage.name == "resolve")
    run_stage(desk, EVERYTHING, resolve)
    build(desk.engine, desk.progress, desk.config.money, desk.config.project.country)


def _customers_of(desk: Desk, records: Iterable[str]) -> list[str]:
    rows = desk.engine.rows(
        "SELECT DISTINCT customer_id FROM members WHERE list_contains($ids, record_id) ORDER BY customer_id",
        {"ids": list(records)},
    )
    return [row[0] for row in rows]


def _unmet(desk: Desk, made: PlannedDecision) -> tuple[str, ...]:
    """Pairs that are not as they were judged to be; none is expected, so whatever there is is reported."""
    of = dict(
        desk.engine.rows(
            "SELECT record_id, customer_id FROM members WHERE list_contains($ids, record_id)", {"ids": list(made.records)}
        )
    )
    wrong = [
        f"{a} and {b} are {'not ' if kind == 'together' else ''}one customer" for kind, a, b in made.pairs
        if (of.get(a) == of.get(b)) != (kind == "together")
    ]  # fmt: skip
    return tuple(wrong[:SHOWN])
