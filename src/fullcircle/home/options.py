"""Finds wrong options of the stages that come last before the first one works. See `check_settings`."""

from __future__ import annotations

from fullcircle.config.sections import Config
from fullcircle.engine.base import Engine
from fullcircle.graph.open import check_options as check_graph_options
from fullcircle.insights.compute import check_options as check_insight_options
from fullcircle.publish.send import check_options as check_publish_options
from fullcircle.quality.rules import rules_for


def check_settings(settings: Config, engine: Engine) -> None:
    """Raise ConfigError, NotFound or MissingExtra for wrong options of [quality], [graph], [insights] and [publish]."""
    rules_for(engine, settings.quality)
    check_graph_options(settings)
    check_insight_options(settings.insights)
    check_publish_options(settings.publish, settings.sources, settings.folder, settings.home)
