"""Says which SQL of the maps failed when it met the rows: `CAST(x AS INTEGER)` where x is a text, an aggregate among columns.

Such SQL passes the checks before the run, which look at no rows. The engine's own text may hold a value, so it is not repeated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fullcircle.engine.base import Engine
from fullcircle.errors import ConfigError, EngineFull, FullcircleError
from fullcircle.mapping.staging import rows_of
from fullcircle.mapping.trial import SMALLER, greedy
from fullcircle.mapping.validate import CheckedMap, where


@contextmanager
def named_where_it_fails(engine: Engine, maps: Sequence[CheckedMap]) -> Iterator[None]:
    """Turn an error of the engine into a ConfigError that names the map and its SQL, if one of them is the reason."""
    try:
        yield
    except EngineFull as full:
        if those := [f"{where(each.settings)}, {what}" for each in maps for what, _ in greedy(each.settings)]:
            raise ConfigError(
                f"The table engine reached its memory limit. SQL that can make values of any size: {'; '.join(those[:5])}.",
                f"{SMALLER} If it is right, raise `memory` in [engine].",
            ) from full
        raise
    except FullcircleError:
        raise
    except Exception as error:  # the engine's own
        for each in maps:
            for what, sql in _texts(each):
                _try(engine, each, what, sql)
        raise error


def _texts(map_: CheckedMap) -> list[tuple[str, str]]:
    fields = map_.settings.fields.items()
    found = [("where", map_.settings.where)] if map_.settings.where else []
    found += [(f"the sql of {name}", rule.sql) for name, rule in fields if rule.sql]
    return found + [(f"the otherwise of {name}", rule.otherwise) for name, rule in fields if rule.otherwise]


def _try(engine: Engine, map_: CheckedMap, what: str, sql: str) -> None:
    """Compute the SQL for all rows; ConfigError if that fails."""
    try:
        engine.rows(f"SELECT max(hash(x)) FROM (SELECT ({sql}) AS x, _key FROM {rows_of(map_)})")
    except FullcircleError:
        raise
    except Exception as error:
        raise ConfigError(
            f"{where(map_.settings)}: {what} failed on a row ({type(error).__name__}).",
            "Write it so that every row has a value or none: TRY_CAST instead of CAST, and no aggregate such as max().",
        ) from None
