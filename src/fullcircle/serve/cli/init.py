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
    """Write a commented fullcircle.toml; data files in the folder (or in data/) become the first source.

    \b
    Examples:
      fullcircle init
      fullcircle init ~/customers
    """
    from fullcircle.config.read import FILE_NAME
    from fullcircle.config.starter import starter
    from fullcircle.errors import ConfigError

    path = folder / FILE_NAME
    if path.exists() and not force:
        raise ConfigError(f"{path} exists already.", "Edit it, or overwrite it with --force.")
    folder.mkdir(parents=True, exist_ok=True)
    text, has_data = starter(folder)
    path.write_text(text, encoding="utf-8")
    typer.echo(f"Wrote {path}.")
    then = (
        "`fullcircle map suggest --all --write`" if has_data else "fill in a source, then `fullcircle map suggest --all --write`"
    )
    typer.echo(f"Next: {then}, then `fullcircle map check` and `fullcircle run`.")
