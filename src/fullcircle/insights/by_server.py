"""Insights that the graph server computes itself, at the moment of the question, with the options of the config."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fullcircle.config.sections import Config
from fullcircle.errors import ConfigError
from fullcircle.graph.base import GraphStore, RunsInsights
from fullcircle.graph.tables.live import MOST_LINES


def computing(store: GraphStore, name: str) -> RunsInsights:
    """The store, if it computes insights; ConfigError if it does not."""
    if isinstance(store, RunsInsights):
        return store
    raise ConfigError(
        f"The graph store {name} does not compute insights itself.",
        "Leave out --live: the answers of the last run are in the graph. Stores that do: gremlin, neptune.",
    )


def related_options(settings: Config) -> Mapping[str, Any]:
    """What `RunsInsights.related_customers` takes, but for the number of answers."""
    from fullcircle.config.read import parse
    from fullcircle.insights.answers.related import RelatedOptions

    given = parse(RelatedOptions, _of(settings, "related"), "[insights.related]")
    return {"max_buyers": given.max_buyers, "damping": given.damping}


def together_options(settings: Config) -> Mapping[str, Any]:
    """What `RunsInsights.bought_together_with` takes, but for the number of answers."""
    from fullcircle.config.read import parse
    from fullcircle.insights.answers.bought_together import BoughtTogetherOptions

    given = parse(BoughtTogetherOptions, _of(settings, "bought_together"), "[insights.bought_together]")
    if given.max_lines != MOST_LINES:
        raise ConfigError(
            f"[insights.bought_together] max_lines is {given.max_lines}, but what the graph keeps for live answers counts orders "
            f"of up to {MOST_LINES} products: the answers would differ.",
            "Leave out --live, or max_lines.",
        )
    return {"min_together": given.min_together}


def habits_options(settings: Config) -> Mapping[str, Any]:
    """What `RunsInsights.habits_of` takes."""
    from fullcircle.config.read import parse
    from fullcircle.insights.answers.habits import HabitsOptions

    return {"min_orders": parse(HabitsOptions, _of(settings, "habits"), "[insights.habits]").min_orders}


def _of(settings: Config, insight: str) -> dict[str, Any]:
    return dict(settings.insights.options.get(insight, {}))
