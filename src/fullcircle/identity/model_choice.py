"""Which match weights a run uses: those in force, or others that it made since the records have changed. See model_change.py."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from fullcircle.book.book import Book
from fullcircle.config.sections import IdentityLimits, IdentitySettings
from fullcircle.engine.base import Engine
from fullcircle.identity import model_store
from fullcircle.identity import train as learning
from fullcircle.identity.model import MatchModel, with_rarity
from fullcircle.identity.model_change import ModelChange, ModelChanges, ModelEffect, unnamed
from fullcircle.identity.prepare import WORK, name_classes
from fullcircle.identity.score import columns_of
from fullcircle.model.progress import Progress


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """The weights for one kind of records: those in force, and others that may follow them."""

    in_force: MatchModel
    candidate: MatchModel | None = None
    why: str = ""
    before: MatchModel | None = None  # what the weights in force follow, if they do so without being compared with it
    fits: bool = True  # no others are wanted


def in_force(engine: Engine, book: Book, record_kind: str, settings: IdentitySettings) -> MatchModel | None:
    """The weights of the last run, if they fit: then no others are looked for."""
    before = model_store.load_model(book, record_kind)
    if before is None or not learning.fits(engine, before, settings.train):
        return None
    return with_rarity(before, *name_classes(engine, record_kind))


def choose(engine: Engine, book: Book, record_kind: str, settings: IdentitySettings, progress: Progress) -> ModelChoice:
    """The weights of the last run while they fit, and what was learned if they do not. Needs `candidates`.

    What waits, and what a person did not want, is not proposed again. While few customers are known, and where the weights of
    before cannot be used any more, the new ones are in force at once.
    """
    if fitting := in_force(engine, book, record_kind, settings):
        return ModelChoice(fitting)
    before, last = model_store.load_model(book, record_kind), ModelChanges(book).last(record_kind)
    if before is None:
        return ModelChoice(learning.model_for(engine, record_kind, settings.train, progress))
    now = with_rarity(before, *name_classes(engine, record_kind))
    pending = last if last and last.state in ("waiting", "kept") else None
    if pending and learning.fits(engine, pending.model, settings.train):
        made = with_rarity(pending.model, now.rarity, now.unseen)
    else:
        made = learning.model_for(engine, record_kind, settings.train, progress)
    if same_weights(made, before):
        return ModelChoice(made)
    why = f"learned from {made.trained_on:,} records" if made.trained_on else f"built in, for {made.records:,} records"
    if not _usable(engine, before):
        return ModelChoice(made, None, f"{why}; those of before compare fields that this version does not have", now)
    known = pending is not None and same_weights(made, pending.model)
    if pending and known and pending.state == "kept":
        return ModelChoice(now, fits=False)
    if known_customers(book) < settings.limits.smallest:
        return ModelChoice(made, None, why, now)
    if pending and known and not _allowed(pending, settings.limits):
        return ModelChoice(now, fits=False)
    return ModelChoice(now, made, why, fits=False)


def _allowed(change: ModelChange, limits: IdentityLimits) -> bool:
    """Whether what waits may be used by limits that were changed since."""
    return change.effect is not None and within(change.effect, limits)


def _usable(engine: Engine, model: MatchModel) -> bool:
    """Whether weights of an earlier version can be used by this one: it still has every column that they compare."""
    columns = {*engine.columns(f"{WORK}.features"), "given_class", "family_class"}
    return columns_of(model) <= columns


def within(effect: ModelEffect, limits: IdentityLimits) -> bool:
    """Whether weights with this effect may be used without asking a person."""
    return effect.customers < limits.smallest or effect.share <= limits.weights


def same_weights(one: MatchModel, other: MatchModel) -> bool:
    """Whether two models weigh every pair alike. Which names are common is counted anew in every run; that does not count."""
    plain = [unnamed(replace(each, records=0, trained_on=0, basis="")) for each in (one, other)]
    return plain[0] == plain[1]


def models_of(choices: Sequence[ModelChoice], new: Collection[str] = ()) -> list[MatchModel]:
    """The weights in force, but the others for these kinds of records."""
    return [one.candidate if one.candidate and one.in_force.kind in new else one.in_force for one in choices]


def known_customers(book: Book) -> int:
    """How many customers have an id that is in use."""
    if not book.read("SELECT 1 FROM sqlite_master WHERE name = 'customer_id'"):
        return 0
    return int(book.read("SELECT count(*) FROM customer_id WHERE state = 'live'")[0][0])


def known_records(book: Book) -> pa.Table:
    """The records that have a customer, and its id: record_id, customer_id."""
    rows = book.read(
        "SELECT r.record_id, coalesce(i.into_id, r.customer_id) FROM customer_record r JOIN customer_id i ON i.id = r.customer_id"
    )
    names = ("record_id", "customer_id")
    return pa.table({name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(names)})


@dataclass(frozen=True, slots=True)
class MadeChanges:
    """What a run decided about the weights: those it used, the effects it measured, and which kinds of records changed."""

    choices: Sequence[ModelChoice]
    effects: dict[str, ModelEffect] = field(default_factory=dict)
    used: Collection[str] = ()  # the kinds of records whose candidates were used
    cut: int | None = None  # how many groups were cut, if the records were grouped again
    limit: float = 0.0

    @property
    def models(self) -> list[MatchModel]:
        """The weights that were used."""
        return models_of(self.choices, self.used)

    def note(self, book: Book, progress: Progress) -> None:
        """Write the changes into the book, and say what became of them. Joins the caller's transaction."""
        changes = ModelChanges(book)
        for choice in self.choices:
            record_kind = choice.in_force.kind
            effect, last = self.effects.get(record_kind), changes.last(record_kind)
            if choice.before:
                changes.note(choice.in_force, choice.before, choice.why, None, "applied")
                progress.say(f"{record_kind}: match weights changed, {choice.why}.")
            elif choice.candidate and effect and record_kind in self.used:
                changes.note(choice.candidate, choice.in_force, choice.why, effect, "applied")
                progress.say(f"{record_kind}: match weights changed, {choice.why}: {effect} have other records now.")
            elif choice.candidate and effect:
                changes.note(choice.candidate, choice.in_force, choice.why, effect, "waiting")
                progress.say(f"{record_kind}: {_waiting(effect, self.limit)}")
            elif last and last.state == "waiting" and choice.fits:
                changes.drop_waiting(record_kind)
            elif last and last.state == "waiting" and last.effect:
                progress.say(f"{record_kind}: {_waiting(last.effect, self.limit)}")


def _waiting(effect: ModelEffect, limit: float) -> str:
    return (
        f"new match weights wait for you, since they would change {effect} (limit {limit:.1%}); the old ones are still used. "
        "`fullcircle identity model` shows what would change, `fullcircle identity model apply` uses them."
    )
