"""The stage `publish`: sends the tables to the targets. Start at `send`.

Every target receives the tables of `model.tables.PUBLISHED`, all `insight_*` tables, and every join of the config. The option
`tables` of a target selects some of them, or any other table of the engine. Publishing twice changes nothing the second time,
and a publish that was killed can simply be run again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fullcircle import registry
from fullcircle.config.sections import GovernSettings, PublishSettings, SourceSettings, TargetSettings
from fullcircle.connectors.erased_rows import ErasedRows
from fullcircle.engine.base import Engine, quoted
from fullcircle.errors import ConfigError, did_you_mean
from fullcircle.govern.mask_key import mask_key
from fullcircle.govern.policy import ALL, Policy, Sight
from fullcircle.govern.principal import Principal
from fullcircle.govern.restricted import views_to_send
from fullcircle.model.flat_views import FLAT_VIEWS
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Progress
from fullcircle.model.tables import PUBLISHED, TABLES
from fullcircle.publish.base import (
    ChecksTarget,
    DropsOlderContent,
    Examines,
    Heals,
    Outgoing,
    Sent,
    ServesRoles,
    Target,
    TargetContext,
)
from fullcircle.publish.by_role import ReadingRole, by_role, reading_roles
from fullcircle.publish.flat import flat_views
from fullcircle.publish.join import JoinPlaces, check_join, join
from fullcircle.publish.masked import masked

SQL = "postgres"  # the target that serves roles, and that of the own SQL server
REDSHIFT = "redshift"  # it gets the flat views, too
KEY_COLUMNS = 3  # a key is searched for among this many first columns


@dataclass(frozen=True, slots=True)
class Withheld:
    """What does not go to the targets."""

    restricted: Sequence[str] = ()  # rows of the people with these records
    erased: ErasedRows | None = None  # rows of a warehouse that are of erased people
    govern: GovernSettings | None = None  # what the role of a target does not see


NOTHING = Withheld()


def send(
    engine: Engine,
    settings: PublishSettings,
    config_folder: Path,
    home: Path,
    sources: Mapping[str, SourceSettings],
    progress: Progress,
    withheld: Withheld = NOTHING,
) -> list[Sent]:
    """Bring every target to the state of the engine's tables, but for what is withheld; `Sent.name` is `<target>.<table>`.

    Raises ConfigError for unknown targets, tables, or join columns, MissingExtra, Busy, DiskFull and PublishError.
    """
    sent: list[Sent] = []
    targets = targets_of(settings)
    readers = {name: readers_of(name, one, withheld.govern, config_folder) for name, one in targets.items()}
    wants_flat = any(map(gets_flat_views, targets.values()))
    no_views: dict[str, Outgoing] = {}
    with flat_views(engine, withheld.restricted) if wants_flat else nullcontext(no_views) as flat:
        places = JoinPlaces(sources, config_folder, home, settings.catalogs)
        everything = _going(engine, settings, places, progress, withheld.erased, flat)
        tables = [what.table.strip('"') for going in everything.values() for what in going]
        views = views_to_send(engine, withheld.restricted, tables)
        for name, going in everything.items():
            shape = _shape(engine, readers[name], sight_of(name, targets[name], withheld.govern, config_folder), home)
            with closing(_open(name, targets[name], config_folder, home)) as opened, _together(opened):
                for original in going:
                    progress.step(f"{name}: {original.name}", total=engine.count(original.table))
                    with shape(original, views.get(original.table.strip('"'), original.table)) as what:
                        if what is None:
                            continue
                        done = opened.send(engine, what)
                    progress.advance(done.rows)
                    sent.append(Sent(f"{name}.{done.name}", done.rows, done.inserted, done.changed, done.deleted))
    return sent


Shape = Callable[[Outgoing, str], AbstractContextManager[Outgoing | None]]


def _shape(engine: Engine, readers: Sequence[ReadingRole] | None, sight: Sight, home: Path) -> Shape:
    """How a table, or some of its rows, becomes what may be sent: masked for one role, or in the forms that several see."""
    key = mask_key(home) if readers is not None or not sight.whole else b""
    if readers is not None:
        return lambda what, rows: by_role(engine, what, rows, readers, key)
    return lambda what, rows: masked(engine, what, rows, sight, key)


def _together(opened: Target) -> AbstractContextManager[None]:
    return opened.together() if isinstance(opened, ServesRoles) else nullcontext()


def drop_older_content(
    engine: Engine, settings: PublishSettings, config_folder: Path, home: Path, progress: Progress
) -> dict[str, list[str]]:
    """Delete what targets keep of older content. Returns target -> tables there that are not sent any more, and stay as they are.

    A target that cannot do so is named with an empty list: what it does with older content is its own matter.
    """
    usual = [*_standing(engine), *(wanted.name for wanted in settings.joins)]
    left = {}
    for name, target in targets_of(settings).items():
        progress.step(f"{name}: deleting older content")
        with closing(_open(name, target, config_folder, home)) as opened:
            sent = list(target.tables) or usual
            left[name] = opened.drop_older_content(sent) if isinstance(opened, DropsOlderContent) else []
    return left


def sights(settings: PublishSettings, govern: GovernSettings | None, config_folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Target -> the levels of what it may have, for targets with roles: where they change, everything is sent again."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, one in targets_of(settings).items():
        readers = readers_of(name, one, govern, config_folder)
        for reader in readers or ():
            found[f"{name} {reader.name}"] = [
                *sorted(reader.sight.levels.items()),
                *((each, "may") for each in sorted(reader.actions)),
            ]
        if one.role and readers is None:
            found[name] = sorted(sight_of(name, one, govern, config_folder).levels.items())
    return found


def readers_of(name: str, target: TargetSettings, govern: GovernSettings | None, config_folder: Path) -> list[ReadingRole] | None:
    """The roles that read at a target that shows each login what its role may see; None for other targets."""
    if not serves_roles(target):
        return None
    named = target.options.get("roles") or ([target.role] if target.role else [])
    return reading_roles(name, [str(role) for role in named], govern, config_folder)


def sight_of(name: str, target: TargetSettings, govern: GovernSettings | None, config_folder: Path) -> Sight:
    """What a target may have; without a role everything. ConfigError for a role that there is not."""
    if not target.role:
        return ALL
    return Policy(govern or GovernSettings(), config_folder).sight(
        Principal(f"target:{name}", frozenset({target.role}), "publish")
    )


def planned(
    engine: Engine,
    settings: PublishSettings,
    config_folder: Path,
    home: Path,
    sources: Mapping[str, SourceSettings],
    progress: Progress,
) -> dict[str, int]:
    """How many tables and rows `send` would compare with the targets; nothing is sent. Raises ConfigError as `send` does."""
    no_views: dict[str, Outgoing] = {}
    wants_flat = any(map(gets_flat_views, targets_of(settings).values()))
    with flat_views(engine) if wants_flat else nullcontext(no_views) as flat:
        going = _going(engine, settings, JoinPlaces(sources, config_folder, home, settings.catalogs), progress, flat=flat)
        tables = [what.table for chosen in going.values() for what in chosen]
        return {"tables": len(tables), "rows": sum(engine.count(table) for table in tables)}


def check_options(settings: PublishSettings, sources: Mapping[str, SourceSettings], config_folder: Path, home: Path) -> None:
    """ConfigError, NotFound or MissingExtra for what in [publish] is known to be wrong before any work."""
    for wanted in settings.joins:
        check_join(wanted, JoinPlaces(sources, config_folder, home, settings.catalogs))
    known = {*TABLES, *FLAT_VIEWS, *(join.name for join in settings.joins)}
    known |= {f"insight_{name}" for name in registry.names("insights")}
    known |= {label.table for label in VERTICES.values()} | {label.table for label in EDGES.values()}
    for name, target in targets_of(settings).items():
        plugin = registry.load("publish", target.target)
        if isinstance(plugin, ChecksTarget):
            plugin.check_options(_context(name, target, config_folder, home))
        for table in target.tables:
            if table not in known and not table.startswith("insight_") and "." not in table:
                raise ConfigError(f'[publish.targets.{name}]: the table "{table}" does not exist.', did_you_mean(table, known))


def examine(settings: PublishSettings, config_folder: Path, home: Path) -> dict[str, str]:
    """Target -> why it cannot be written into, for the targets of which that is known before any work."""
    found = {}
    for name, target in targets_of(settings).items():
        plugin = registry.load("publish", target.target)
        if isinstance(plugin, Examines):
            found[name] = plugin.problem(_context(name, target, config_folder, home))
    return {name: problem for name, problem in found.items() if problem}


def sql_targets(settings: PublishSettings, config_folder: Path, home: Path) -> dict[str, TargetContext]:
    """The targets that show each login what its role may see, by name."""
    return contexts_of(settings, SQL, config_folder, home)


def contexts_of(settings: PublishSettings, plugin: str, config_folder: Path, home: Path) -> dict[str, TargetContext]:
    """The targets of a plugin, by name."""
    wanted = {name: one for name, one in targets_of(settings).items() if one.target == plugin}
    return {name: _context(name, one, config_folder, home) for name, one in wanted.items()}


def discard(settings: PublishSettings, name: str, config_folder: Path, home: Path) -> None:
    """Delete what is at a target, so that everything is published anew."""
    target = targets_of(settings)[name]
    plugin = registry.load("publish", target.target)
    if isinstance(plugin, Examines):
        plugin.discard(_context(name, target, config_folder, home))


def heal(settings: PublishSettings, name: str, config_folder: Path, home: Path) -> str:
    """Bring what is at a target in order without a loss, and say what was done; empty if that is not possible."""
    target = targets_of(settings)[name]
    plugin = registry.load("publish", target.target)
    return plugin.heal(_context(name, target, config_folder, home)) if isinstance(plugin, Heals) else ""


def _going(
    engine: Engine,
    settings: PublishSettings,
    places: JoinPlaces,
    progress: Progress,
    erased: ErasedRows | None = None,
    flat: Mapping[str, Outgoing] = MappingProxyType({}),
) -> dict[str, list[Outgoing]]:
    """Target -> the tables it gets; the tables of joins are made. A target for BI tools gets the flat views instead."""
    standing = _standing(engine)
    for wanted in settings.joins:
        if wanted.name in {**standing, **FLAT_VIEWS}:
            raise ConfigError(f'[[publish.joins]] "{wanted.name}" is the name of another table.', "Give the join its own name.")
    joins = {wanted.name: join(engine, wanted, places, progress, erased) for wanted in settings.joins}
    found = {}
    for name, target in targets_of(settings).items():
        usual = {**(flat if gets_flat_views(target) else standing), **joins}
        found[name] = _chosen(engine, name, target, usual, {**standing, **usual})
    return found


def serves_roles(target: TargetSettings) -> bool:
    """True for a target that shows each login what its role may see. No plugin is loaded to find that out: each run asks."""
    return target.target == SQL


def gets_flat_views(target: TargetSettings) -> bool:
    """True for a target that BI tools read: it gets the flat views, and of other tables only those that the config names."""
    return target.target in (SQL, REDSHIFT)


def targets_of(settings: PublishSettings) -> Mapping[str, TargetSettings]:
    """Those of the config, else the default; and the own SQL server, if there is one and the config does not name it."""
    found = dict(settings.targets or _default())
    if settings.sql and not any(one.target == SQL and not one.options.get("url") for one in found.values()):
        found["sql"] = TargetSettings(target=SQL)
    return found


def _default() -> dict[str, TargetSettings]:
    """The target if the config has none: Iceberg tables if pyiceberg is installed, else Parquet files."""
    target = "iceberg" if find_spec("pyiceberg") else "parquet"
    return {target: TargetSettings(target=target)}


def _standing(engine: Engine) -> dict[str, Outgoing]:
    going = {table.name: Outgoing(table.name, table.name, table.primary_key) for table in PUBLISHED if engine.has(table.name)}
    found = engine.rows(
        r"""SELECT table_name FROM information_schema.tables
            WHERE table_schema = 'main' AND table_name LIKE 'insight\_%' ESCAPE '\' ORDER BY table_name"""
    )
    return going | {name: Outgoing(name, name, _key(engine, name)) for (name,) in found}


def _key(engine: Engine, table: str) -> tuple[str, ...]:
    """The smallest number of first columns that is unique and not null; none if three columns are not."""
    columns = list(engine.columns(table))[:KEY_COLUMNS]
    for width in range(1, len(columns) + 1):
        key = tuple(columns[:width])
        names = ", ".join(map(quoted, key))
        nulls = " OR ".join(f"{quoted(name)} IS NULL" for name in key)
        sql = f"SELECT count(*) = count(DISTINCT ({names})) AND NOT coalesce(bool_or({nulls}), false) FROM {quoted(table)}"
        if engine.value(sql):
            return key
    return ()


def _chosen(
    engine: Engine, name: str, target: TargetSettings, usual: dict[str, Outgoing], there: dict[str, Outgoing]
) -> list[Outgoing]:
    if not target.tables:
        return list(usual.values())
    chosen = []
    for table in target.tables:
        if table in there:
            chosen.append(there[table])
        elif engine.has(table):
            chosen.append(Outgoing(table, table, _key(engine, table)))
        else:
            raise ConfigError(f'[publish.targets.{name}]: the table "{table}" does not exist.', did_you_mean(table, there))
    return chosen


def targets_in_home(settings: PublishSettings, config_folder: Path) -> list[str]:
    """The targets that write files into the home."""
    named = named_places(settings, config_folder)
    return [name for name, one in targets_of(settings).items() if name not in named and not gets_flat_views(one)]


def named_places(settings: PublishSettings, config_folder: Path) -> dict[str, Path]:
    """Target -> the folder that the config names for it; targets without one write into the home."""
    contexts = {name: _context(name, target, config_folder, config_folder) for name, target in targets_of(settings).items()}
    return {name: one.options["path"] for name, one in contexts.items() if isinstance(one.options.get("path"), Path)}


def _open(name: str, target: TargetSettings, config_folder: Path, home: Path) -> Target:
    opened: Target = registry.load("publish", target.target)(_context(name, target, config_folder, home))
    return opened


def _context(name: str, target: TargetSettings, config_folder: Path, home: Path) -> TargetContext:
    options: dict[str, Any] = target.options
    if isinstance(options.get("path"), str):
        options["path"] = (config_folder / Path(options["path"]).expanduser()).resolve()
    return TargetContext(name, home, options, config_folder)
