"""Which [[map]] sections could a source have: opens it, looks at its objects and fields, proposes."""

from __future__ import annotations

from fullcircle.config.sections import Config
from fullcircle.connectors.pull import open_source
from fullcircle.errors import NotFound
from fullcircle.mapping.suggest import suggest


def suggest_map(settings: Config, source: str) -> str:
    """TOML text with the proposed sections, to be read and corrected; empty where the source has no objects."""
    if source not in settings.sources:
        sources = ", ".join(settings.sources) or "none"
        raise NotFound(f'The config has no source "{source}".', f"Sources of the config: {sources}.")
    setting = settings.sources[source]
    connector = open_source(source, setting, settings.folder)
    try:
        return suggest(source, setting.connector, connector.discover())
    finally:
        connector.close()
