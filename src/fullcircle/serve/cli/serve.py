"""`fullcircle serve`: the REST API, the web page and the tools for AI assistants, until it is asked to stop."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.errors import MissingExtra
from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import ConfigFile, say
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.serve.http.app import Start


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(serve)


def serve(
    config: ConfigFile = None,
    host: Annotated[str, typer.Option(help="Listen here instead of where [serve] says.")] = "",
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Another port; 0: any that is free.")] = None,
) -> None:
    """Answer questions over HTTP: the REST API at /v1, the web page at /, tools for AI assistants at /mcp/.

    With [govern], everybody comes with an API key or the company's login. Without it, the address that is printed has a key in
    it, which is good until the server stops. Runs go on beside it; each is seen when it is finished.

    \b
    Examples:
      fullcircle serve
      fullcircle serve --port 9000
    """
    from fullcircle.config.read import load_config

    settings = load_config(config)
    try:
        from fullcircle.serve.http.server import run
        from fullcircle.serve.http.who import LOCAL
    except ImportError as error:
        raise MissingExtra("A server needs libraries that are not installed.", "Run: pip install 'fullcircle[serve]'") from error
    asker.enter(settings, "run", "serve")
    wanted = {name: value for name, value in (("host", host), ("port", port)) if value not in ("", None)}
    settings = settings.model_copy(update={"serve": settings.serve.model_copy(update=wanted)})
    key = "" if settings.govern is not None else f"{LOCAL}{secrets.token_urlsafe(24)}"
    run(settings, key, _ready)
    say("The server has stopped.")


def _ready(start: Start) -> None:
    say(f"The customer graph is served at [bold]{plain(start.origin)}/[/]")
    if start.local_key:
        say(f"This project has no policy, so one key opens everything: [bold]{plain(start.local_key)}[/]")
        say(f"In a browser: {plain(start.origin)}/login?key={plain(start.local_key)}")
    say("Ctrl-C stops it.")
