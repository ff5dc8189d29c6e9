"""Finds wrong options of the stages that come last before the first one works. See `check_settings`."""

from __future__ import annotations

import hashlib

from fullcircle import __version__
from fullcircle.config.sections import Config
from fullcircle.engine.base import Engine
from fullcircle.graph.open import check_options as check_graph_options
from fullcircle.home.seen import Seen
from fullcircle.insights.compute import check_options as check_insight_options
from fullcircle.publish.send import check_options as check_publish_options
from fullcircle.quality.rules import rules_for


def check_settings(settings: Config, engine: Engine, seen: Seen) -> None:
    """Raise ConfigError, NotFound or MissingExtra for wrong options of [quality], [graph], [insights] and [publish].

    What was right in the last run is not looked at again: to load all the plugins takes longer than a run that changes nothing.
    """
    rules_for(engine, settings.quality)
    parts = [settings.graph, settings.insights, settings.publish, settings.sources, settings.folder, settings.home]
    now = hashlib.sha256(repr([__version__, *parts]).encode()).hexdigest()
    if seen.options == now:
        return
    check_graph_options(settings)
    check_insight_options(settings.insights, settings.segments)
    check_publish_options(settings.publish, settings.sources, settings.folder, settings.home)
    seen.options = now
