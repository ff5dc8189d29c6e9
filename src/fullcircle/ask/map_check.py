"""What the maps of the config would make of the first rows of each object; nothing is landed or written."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from fullcircle.ask.unsaid import unsaid
from fullcircle.config.sections import Config
from fullcircle.engine.open import open_engine
from fullcircle.errors import ConfigError
from fullcircle.mapping.look import FIRST, Looked, look
from fullcircle.model.counting import counted
from fullcircle.pipeline import all_maps


def check_maps(settings: Config) -> list[dict[str, Any]]:
    """One entry for each map: rows read and made, filled columns, failed conversions, references to nothing."""
    maps = all_maps(settings)
    if not maps:
        raise ConfigError("The config has no [[map]] yet.", "Write one with `fullcircle map suggest --all --write`.")
    with closing(open_engine(memory="1GB")) as engine:
        looked = look(engine, dict(settings.sources), settings.folder, maps, settings.project.country, unsaid)
        return [_as_data(one) for one in looked]


def _as_data(one: Looked) -> dict[str, Any]:
    return {
        "source": one.source,
        "object": one.object,
        "to": one.to,
        "rows_read": one.rows,
        "rows_made": one.made,
        "filled": one.filled,
        "failed": one.failed,
        "dangling": {name: {"rows": lost, "of": of} for name, (lost, of) in one.dangling.items() if lost},
        "notes": _reported(one),
    }


def _reported(one: Looked) -> list[str]:
    """What a person should look at."""
    reported = [f"{counted(count, 'row')} to quarantine: {reason}" for reason, count in one.failed.items()]
    reported += [
        f"{name} has no value in any row" for name, count in one.filled.items() if one.made and not count and name != "same_as"
    ]
    more = "" if one.whole else f" (only the first {FIRST:,} rows of each object were read)"
    reported += [
        f"{lost:,} of {of:,} values of {name} point to nothing{more}" for name, (lost, of) in one.dangling.items() if lost
    ]
    reported += [*one.notes, *one.said]
    return reported if one.made or not one.rows else [f"none of the {one.rows:,} rows made one of {one.to}", *reported]
