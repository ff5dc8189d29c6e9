"""Decides about new match weights: `apply` puts them in force and runs the stages from `resolve` on, `keep` stays with the old.

`keep` after new weights were applied goes back to those of before. A dry run does the same on a throw-away copy, so what it shows
is counted on the records as they are now. If it is interrupted, the next run completes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from fullcircle import pipeline
from fullcircle.config.sections import Config
from fullcircle.desk import Desk, open_desk
from fullcircle.errors import FullcircleError, NotFound
from fullcircle.identity.model_change import ModelChange, ModelChanges, ModelEffect, measure_effect
from fullcircle.model.progress import Progress
from fullcircle.stage import EVERYTHING, Choice, run_stage

BEFORE, NAMES = "steward_before", "steward_names"
ModelVerb = Literal["apply", "keep"]


@dataclass(frozen=True, slots=True)
class ModelDecision:
    """What became of new match weights, or in a dry run would."""

    verb: ModelVerb
    dry_run: bool
    changes: tuple[int, ...]  # the numbers of the changes
    why: tuple[str, ...]
    effect: ModelEffect | None = None  # on the customers as they were; none if the weights in force stay
    names: dict[str, str] = field(default_factory=dict)  # golden names, as they were, of the customers in its examples


def decide_model(
    settings: Config, verb: ModelVerb, by: str, dry_run: bool = False, progress: Progress | None = None
) -> ModelDecision:
    """Apply the new weights, or keep the old ones. NotFound if there is nothing to decide."""
    with open_desk(settings, progress, dry_run=dry_run) as desk:
        changes = ModelChanges(desk.book)
        about = _about(changes, verb)
        made = ModelDecision(verb, dry_run, tuple(one.number for one in about), tuple(one.why for one in about))
        stays = verb == "keep" and all(one.state == "waiting" for one in about)
        changes.decide(about, verb == "apply", by)
        if stays:
            return made
        desk.engine.run(f"CREATE OR REPLACE TEMP TABLE {BEFORE} AS SELECT record_id, customer_id FROM members")
        desk.engine.run(f"CREATE OR REPLACE TEMP TABLE {NAMES} AS SELECT customer_id, coalesce(name, '') AS name FROM customers")
        _run(desk)
        effect = measure_effect(
            desk.engine,
            f"SELECT record_id, b.customer_id, b.customer_id AS old, m.customer_id AS new FROM {BEFORE} b JOIN members m "
            "USING (record_id)",
        )
        ids = {"ids": [id for example in effect.examples for id in example.customers]}
        names = dict(desk.engine.rows(f"SELECT customer_id, name FROM {NAMES} WHERE list_contains($ids, customer_id)", ids))
        return replace(made, effect=effect, names=names)


def _about(changes: ModelChanges, verb: ModelVerb) -> list[ModelChange]:
    """The changes that a decision is about: those that wait; else the last ones, to use them after all, or to go back."""
    last = changes.last_ones()
    waiting = [one for one in last if one.state == "waiting"]
    other = ("kept",) if verb == "apply" else ("applied", "confirmed")
    found = waiting or [one for one in last if one.state in other]
    if not found:
        stay = verb == "keep" and any(one.state == "kept" for one in last)
        what = "The old match weights are in use already." if stay else "No new match weights wait."
        raise NotFound(what, "`fullcircle identity model` shows those in use.")
    return found


def _run(desk: Desk) -> None:
    """Run what depends on the weights. In a dry run only what the effect is counted from: no store and no target is needed."""
    if desk.dry_run:
        run_stage(desk, EVERYTHING, next(stage for stage in pipeline.STAGES if stage.name == "resolve"))
        return
    try:
        pipeline.run(desk, Choice(first="resolve"))
    except FullcircleError as error:
        error.hint = f"{error.hint} The decision is noted; `fullcircle run` applies it.".strip()
        raise
