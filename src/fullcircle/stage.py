"""One stage of the pipeline: what it is, and whether it must run or can be skipped. pipeline.py lists the stages.

A stage depends only on the stage before it and its settings. When all its output is durable, it is recorded as done, with a
fingerprint of its input; if the fingerprint is the same at the next run, the stage is skipped.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from fullcircle import __version__
from fullcircle.errors import NotFound

if TYPE_CHECKING:
    from fullcircle.desk import Desk

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """The options of a run, as the user gave them."""

    only: Sequence[str] = ()  # stages to run; empty: all
    sources: Sequence[str] = ()  # sources, or `source.object`s, to pull; empty: all
    again: bool = False  # run every stage, even if nothing changed
    verify: bool = False  # compare with the actual content of the graph, not with what was last written
    rebuild_graph: bool = False  # delete the embedded graph first
    accept: bool = False  # go on although who is who breaks a limit of the config
    first: str = ""  # the stage to begin with; what the stages before it made is used as it is
    anew: bool = False  # pull these from the start; what was pulled before no longer counts
    since: datetime | None = None  # pull again what changed since then
    at_once: int = 0  # sources that are pulled at the same time; 0: as the config says

    @property
    def forces(self) -> bool:
        """True if no stage may be skipped."""
        return bool(self.only) or self.again or self.verify or self.rebuild_graph


EVERYTHING = Choice()


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the pipeline."""

    name: str
    meaning: str  # one sentence, for help
    depends_on: str  # the stage whose output it reads; empty for the first one, which is never skipped
    run: Callable[[Desk, Choice], Counts]  # runs the stage; the counts are shown to the user
    settings: Callable[
        [Desk], list[object]
    ]  # what else its result depends on, apart from that output and the version of the code
    ended: Callable[[Desk], None] | None = None  # what goes into the transaction in which it is recorded as done


@dataclass(frozen=True, slots=True)
class Done:
    """The outcome of one stage. `skipped`: nothing had changed; the counts are those of the last run."""

    stage: str
    counts: Counts
    seconds: float
    skipped: bool = False


def run_stage(desk: Desk, choice: Choice, stage: Stage) -> Done:
    """Run a stage, or skip it if it was finished with the same input."""
    desk.progress.stage(stage.name)
    started = time.perf_counter()
    input_fingerprint = fingerprint(desk, stage)
    last = desk.log.last(stage.name)
    if stage.depends_on and last and last.fingerprint == input_fingerprint and not choice.forces:
        desk.log.skipped(stage.name, last.counts)
        return Done(stage.name, last.counts, time.perf_counter() - started, skipped=True)
    desk.log.undo(stage.name)
    counts = stage.run(desk, choice)
    seconds = time.perf_counter() - started
    print_ = fingerprint(desk, stage)
    with desk.book.transaction():
        desk.log.done(stage.name, print_, counts, seconds)
        if stage.ended:
            stage.ended(desk)
    return Done(stage.name, counts, seconds)


def fingerprint(desk: Desk, stage: Stage) -> str:
    """The fingerprint of a stage's input: the stage before it, its own settings and the version of the code."""
    before = desk.log.last(stage.depends_on) if stage.depends_on else None
    if stage.depends_on and before is None:
        raise NotFound(
            f"The stage {stage.name} needs the stage {stage.depends_on}, which has not been run yet.",
            "Run `fullcircle run`: it runs all stages in order.",
        )
    text = repr([__version__, before.fingerprint if before else "", stage.settings(desk)])
    return hashlib.sha256(text.encode()).hexdigest()
