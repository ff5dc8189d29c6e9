"""`fullcircle mcp`: the tools for an AI assistant on this machine, on stdin and stdout."""

from __future__ import annotations

import typer

from fullcircle.errors import MissingExtra
from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import ConfigFile


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(mcp)


def mcp(config: ConfigFile = None) -> None:
    """Answer an AI assistant on stdin and stdout (Model Context Protocol), until it hangs up. The assistant starts this itself.

    It asks as the user of the operating system, or as whoever has the API key of --as or FULLCIRCLE_TOKEN: everything is
    masked and noted as for them. See docs/how-to/assistants.md.

    \b
    Example:
      fullcircle mcp --config fullcircle.toml
    """
    from fullcircle.config.read import load_config

    settings = load_config(config)
    try:
        from fullcircle.serve.mcp.stdio import run
    except ImportError as error:
        raise MissingExtra(
            "Tools for assistants need libraries that are not installed.", "pip install 'fullcircle[serve]'"
        ) from error
    run(settings, asker.asking())
