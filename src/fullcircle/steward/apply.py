"""Applies the decisions that are noted: runs the stages from `resolve` on, with what the stages before made, as it is."""

from __future__ import annotations

from fullcircle import pipeline
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.errors import NotFound
from fullcircle.model.progress import Progress
from fullcircle.stage import Choice


def apply(settings: Config, progress: Progress | None = None) -> None:
    """Bring customers, graph, insights and targets up to what people decided. Busy beside a run."""
    with open_desk(settings, progress) as desk:
        if desk.log.last("resolve") is None:
            raise NotFound("It is not known yet who is who.", "Run `fullcircle run` first.")
        pipeline.run(desk, Choice(first="resolve"))
