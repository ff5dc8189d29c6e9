"""`fullcircle map`: propose a mapping, look at what it makes, explain a column."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.map_written import draw_written
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.terminal import plain


def group() -> typer.Typer:
    """The verbs of `map`."""
    verbs = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="Field mappings: get one proposed, look at what it makes, explain it."
    )
    verbs.command("suggest")(suggest)
    verbs.command("check")(check)
    verbs.command("explain")(explain)
    return verbs


def suggest(
    source: Annotated[str, typer.Argument(help="The source's name in the config.")] = "",
    every: Annotated[bool, typer.Option("--all", help="All sources together, so that links between them are found.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Write the proposal into the config, in place of an earlier one.")
    ] = False,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Look at the fields and some rows of sources and propose their [[map]] sections, to read and correct.

    \b
    Examples:
      fullcircle map suggest shop >> fullcircle.toml
      fullcircle map suggest --all --write
    """
    from fullcircle.ask import suggest as asked
    from fullcircle.config.read import find_config, load_config
    from fullcircle.errors import ConfigError

    settings = load_config(config)
    asker.enter(settings, "configure", "map suggest")
    if bool(source) == every:
        known = ", ".join(settings.sources) or "none"
        raise ConfigError("Name one source, or all of them with --all.", f"Sources of the config: {known}.")
    if every and not settings.sources:
        raise ConfigError(
            "The config names no source: there is nothing to propose a mapping for.",
            'Add a [sources.<name>] section; for files: connector = "files" and path = "data".',
        )
    sources = asked.to_suggest(settings) if every else [source]
    if write:
        path = config or find_config()
        written = asked.write(settings, sources, path)
        if json:
            as_json({"config": str(path), "written": written.sources, "proposed": written.proposed})
        else:
            draw_written(written, path)
            for once in asked.counted_once(path.read_text(encoding="utf-8")):
                say(plain(f"! {once}"))
        return
    if json:
        as_json(asked.suggest_data(settings, sources))
        return
    text = "\n".join(text for _, text in asked.texts(settings, sources) if text)
    typer.echo(text)
    if not text.strip():
        say("Nothing to propose: the source has no objects.")


def check(config: ConfigFile = None, json: AsJson = False) -> None:
    """Look at what the maps make of the first 1,000 rows of each object: filled columns, failures, dangling links.

    Nothing is landed or written. The exit code is 0 also if there is something to look at.

    \b
    Example:
      fullcircle map check --json
    """
    from fullcircle.ask.map_check import check_maps
    from fullcircle.config.read import load_config

    settings = load_config(config)
    asker.enter(settings, "configure", "map check")
    found = check_maps(settings)
    if json:
        as_json(found)
        return
    rows = [
        {
            "object": f"{one['source']}.{one['object']}", "to": one["to"], "rows": one["rows_read"], "made": one["rows_made"],
            "filled": ", ".join(f"{name} {_share(count, one['rows_made'])}" for name, count in one["filled"].items()),
        }
        for one in found
    ]  # fmt: skip
    table("What the maps make of the first rows", rows, worth=("object", "to", "made", "rows", "filled"), empty="no map")
    for one in found:
        for note in one["notes"]:
            say(plain(f"! {one['source']}.{one['object']} to {one['to']}: {note}"))


def _share(count: int, of: int) -> str:
    return f"{100 * count // of} %" if of else "-"


def explain(
    column: Annotated[str, typer.Argument(help="A column (`email`, `records.email`) or a field of a source.")],
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Say which field a column comes from, why, and what shapes its values have (never the values).

    \b
    Example:
      fullcircle map explain orders.record_id
    """
    from fullcircle.ask.map_explain import explain as explained
    from fullcircle.config.read import load_config

    settings = load_config(config)
    asker.enter(settings, "configure", "map explain")
    found = explained(settings, column)
    if json:
        as_json(found)
        return
    for one in found:
        _print_outcome(one)


def _print_outcome(one: dict[str, Any]) -> None:
    say(plain(f"{one['column']} <- {one['source']}.{one['object']}: {one['from']}"))
    say(plain(f"  why: {one['why']}"))
    for name, seen in one["shapes"].items():
        if seen:
            say(plain(f"  shapes of {name}: " + ", ".join(f"{shape} ({count:,})" for shape, count in seen)))
