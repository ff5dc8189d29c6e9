"""The maps that come with the connectors, for sources whose fields are always the same. Start at `maps_for`.

A [[map]] in the config for a source object replaces all default maps of that object.
"""

from __future__ import annotations

from collections.abc import Mapping

from fullcircle import registry
from fullcircle.config.sections import MapSettings, SourceSettings
from fullcircle.connectors.base import ProvidesMaps
from fullcircle.errors import FullcircleError


def maps_for(sources: Mapping[str, SourceSettings]) -> tuple[MapSettings, ...]:
    """The default maps of all sources that have some, in the order of the sources."""
    return tuple(entry for name, settings in sources.items() for entry in _maps_of(name, settings.connector))


def _maps_of(source: str, connector: str) -> list[MapSettings]:
    """The default maps of one source: none if its connector has none or cannot be loaded here.

    Maps are also needed where nothing is pulled, e.g. to work on rows that another machine has landed. A connector that is
    unknown or lacks its library is reported by the pull, which cannot work without it.
    """
    try:
        plugin = registry.load("connectors", connector)
    except (FullcircleError, ImportError):
        return []
    return plugin.default_maps(source) if isinstance(plugin, ProvidesMaps) else []
