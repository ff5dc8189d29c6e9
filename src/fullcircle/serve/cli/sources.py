"""`fullcircle sources`: how the sources are, whether they answer, what is in them, and a new one."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fullcircle.config.sections import Config

SourceName = Annotated[str, typer.Argument(help="A source of the config.")]
# What a connector cannot do without, to be asked for.
NEEDED = {
    "salesforce": ("url", "client_id", "client_secret"), "hubspot": ("token",), "zendesk": ("url", "token"), "files": ("path",),
    "dataverse": ("url", "tenant", "client_id", "client_secret"), "shopify": ("url", "client_id", "client_secret"),
    "sql": ("url",), "odoo": ("url", "database", "key"), "tryton": ("url", "user", "password"),
}  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the group."""
    room = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The sources: list, test, look inside, add.")
    room.command("list")(list_)
    room.command("show")(show)
    room.command("test")(try_)
    room.command("fields")(fields)
    room.command("add")(add)
    app.add_typer(room, name="sources")


def list_(config: ConfigFile = None, json: AsJson = False) -> None:
    """When each source was last read to its end, what is landed of it, and why it could not be read since.

    It asks nothing of the sources.
    """
    from fullcircle.ask.source_states import source_states
    from fullcircle.config.read import load_config
    from fullcircle.serve.cli.terminal import plain

    settings = load_config(config)
    asker.enter(settings, "status", "sources list")
    found = source_states(settings).to_pylist()
    if json:
        as_json(found)
        return
    table("Sources", [{key: row[key] for key in row if key != "error"} for row in found], empty="the config names none")
    for row in found:
        if row["error"]:
            say(plain(f"{row['source']} could not be read on {row['failed_at']} (UTC): {row['error']}"))


def show(source: SourceName, config: ConfigFile = None, json: AsJson = False) -> None:
    """The objects of a source that were pulled: rows, when, and how far (the cursor; as JSON only)."""
    from fullcircle.ask.source_states import object_states
    from fullcircle.config.read import load_config

    settings = load_config(config)
    asker.enter(settings, "status", "sources show")
    found = object_states(settings, source).to_pylist()
    if json:
        as_json(found)
    else:
        table(
            source,
            [{name: value for name, value in row.items() if name != "cursor"} for row in found],
            empty="nothing was pulled",
        )


def try_(
    source: Annotated[list[str] | None, typer.Argument(help="Sources of the config; none: all of them.")] = None,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Log in to sources and say what is there: objects, rows, what the user may not read, what is left of a quota.

    Exit code 1 if one does not answer well; the others are tested all the same.
    """
    from fullcircle.config.read import load_config
    from fullcircle.errors import FullcircleError

    settings = load_config(config)
    asker.enter(settings, "run", "sources test")
    rows: list[dict[str, Any]] = []
    for name in source or settings.sources:
        try:
            rows.append({"source": name, "ok": True, "found": _tested(settings, name), "do": ""})
        except FullcircleError as error:
            rows.append({"source": name, "ok": False, "found": [error.message], "do": error.hint})
    if json:
        as_json(rows)
    else:
        table("Sources", [{**row, "ok": "ok" if row["ok"] else "WRONG", "found": "; ".join(row["found"])} for row in rows])
    if not all(row["ok"] for row in rows):
        raise typer.Exit(1)


def fields(
    source: SourceName,
    object: Annotated[str, typer.Argument(help="An object of it; without one, the objects are listed.")] = "",
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """What can be pulled from a source: its objects with their rows and keys, or the fields of one. It asks the source."""
    from fullcircle.config.read import load_config
    from fullcircle.errors import NotFound, did_you_mean

    settings = load_config(config)
    asker.enter(settings, "run", "sources fields")
    with closing(_opened(settings, source)) as connector:
        found = connector.discover()
    if not object:
        rows = [
            {"object": one.name, "rows": one.rows, "fields": len(one.fields), "key": ", ".join(one.key), "changes by": one.cursor}
            for one in found
        ]
    else:
        named = [one for one in found if one.name == object]
        if not named:
            raise NotFound(f'The source "{source}" has no object "{object}".', did_you_mean(object, [one.name for one in found]))
        rows = [{"field": one.name, "type": one.type} for one in named[0].fields]
    if json:
        as_json(rows)
    else:
        table(f"{source}.{object}" if object else source, rows, empty="nothing is there")


def add(
    name: Annotated[str, typer.Argument(help="How the source is to be called: crm, shop ...")],
    connector: Annotated[str, typer.Option(help="hubspot, salesforce, shopify, sql, files ... (asked for without it)")] = "",
    option: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="An option of the connector (may be repeated).")
    ] = None,
    untested: Annotated[bool, typer.Option("--untested", help="Write it without testing the connection.")] = False,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Test the connection to a new source and write it into the config; what is not given is asked for.

    A secret is not written: name where it is, env:NAME or file:PATH.

    \b
    Examples:
      fullcircle sources add crm --connector hubspot --set token=env:HUBSPOT_TOKEN
      fullcircle sources add shop
    """
    from fullcircle.config.add_source import append, check_name, section, value_of
    from fullcircle.config.read import load_config
    from fullcircle.config.sections import SourceSettings
    from fullcircle.errors import ConfigError
    from fullcircle.serve.cli.terminal import plain

    settings = load_config(config)
    asker.enter(settings, "configure", "sources add")
    check_name(settings, name)
    wrong = [one for one in option or () if "=" not in one]
    if wrong:
        raise ConfigError(f'"{wrong[0]}" is not KEY=VALUE.', "Write --set token=env:NAME.")
    given = {key.strip(): value_of(value.strip()) for key, _, value in (one.partition("=") for one in option or ())}
    connector = connector or _asked("Connector")
    for key in NEEDED.get(connector, ()):
        if key not in given and not ("token" in given and key.startswith("client")):
            given[key] = value_of(_asked(key))
    extended = settings.model_copy(update={"sources": {**settings.sources, name: SourceSettings(connector=connector, **given)}})
    found = [] if untested else _tested(extended, name)
    path = append(settings, config, section(name, connector, given))
    if json:
        as_json({"source": name, "config": str(path), "found": found})
        return
    for line in found:
        say(plain(line))
    say(plain(f"Wrote [sources.{name}] into {path}. `fullcircle pull --source {name}` reads it."))


def _asked(what: str) -> str:
    from fullcircle.errors import ConfigError

    if not sys.stdin.isatty():
        raise ConfigError(f"{what} is missing.", "Give it with --connector or --set KEY=VALUE.")
    return str(typer.prompt(what, err=True)).strip()


def _opened(settings: Config, name: str) -> Any:
    from fullcircle.connectors.pull import open_source
    from fullcircle.errors import NotFound, did_you_mean

    if name not in settings.sources:
        raise NotFound(f'The config has no source "{name}".', did_you_mean(name, settings.sources))
    return open_source(name, settings.sources[name], settings.folder, settings.project.country)


def _tested(settings: Config, name: str) -> Sequence[str]:
    with closing(_opened(settings, name)) as connector:
        found: list[str] = connector.check()
    return found
