"""`fullcircle init`: writes a commented config, asks nothing it can guess."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(init)


def init(
    folder: Annotated[Path, typer.Argument(help="Where to write fullcircle.toml.")] = Path("."),
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing config.")] = False,
) -> None:
    """Write a commented fullcircle.toml; data files here, in data/ or up to two folders down become its sources.

    \b
    Examples:
      fullcircle init
      fullcircle init ~/customers
    """
    from fullcircle.config.first_country import country_of
    from fullcircle.config.found import files_of, look_around
    from fullcircle.config.read import FILE_NAME
    from fullcircle.config.starter import text_with
    from fullcircle.errors import ConfigError
    from fullcircle.mapping.reading.places import country_names
    from fullcircle.model.counting import counted
    from fullcircle.serve.cli.output import say
    from fullcircle.serve.cli.terminal import plain

    path = folder / FILE_NAME
    if path.exists() and not force:
        raise ConfigError(f"{path} exists already.", "Edit it, or overwrite it with --force.")
    folder.mkdir(parents=True, exist_ok=True)
    data = look_around(folder)
    there = [folder / place / name for place in data.folders.values() for name in files_of(folder / place)]
    country = country_of(there, country_names())
    path.write_text(text_with(folder, data, country), encoding="utf-8")
    say(plain(f"Wrote {path}."))
    if country.code:
        say(plain(f'country = "{country.code}": {country.why}. Phones and dates that name no country are read so.'))
        if country.currency and not data.databases:
            say(plain(f'[money] base = "{country.currency}": no file names another currency. Amounts that name none are in it.'))
    elif data.any:
        say(plain(f'country = "US", for {country.why}: set [project] country to that of most of your customers.'))
    for name, place in data.folders.items():
        files = files_of(folder / place)
        shown = ", ".join(files[:5]) + (f" and {len(files) - 5:,} more" if len(files) > 5 else "")
        them = "It is" if len(files) == 1 else "They are"
        say(plain(f"Found {place}/: {counted(len(files), 'file')} ({shown}). {them} the source `{name}`."))
    for name, place in data.databases.items():
        say(plain(f"Found the SQLite database {place}. It is the source `{name}`."))
    if data.left:
        more = f" and {data.more:,} more" if data.more else ""
        say(plain(f"Left: {', '.join(data.left)}{more}. Add a source for what is to be read."))
    if data.unread:
        kinds = ", ".join(data.unread)
        say(plain(f"No source reads {kinds}: export what is in them as CSV, .xlsx, JSON lines or Parquet, or unpack it."))
    if not data.any:
        say("No data was found here or up to two folders down.")
    then = (
        "`fullcircle map suggest --all --write`" if data.any else "fill in a source, then `fullcircle map suggest --all --write`"
    )
    say(f"Next: {then}, then `fullcircle map check` and `fullcircle run`.")
