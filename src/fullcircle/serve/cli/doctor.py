"""`fullcircle doctor`: is everything there that a run needs, and if not, what to do."""

from __future__ import annotations

import typer

from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, table


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command()(doctor)


def doctor(config: ConfigFile = None, json: AsJson = False) -> None:
    """Check the config, the sources, the graph, the libraries and the disk; says what to do about what is wrong.

    The exit code is 1 if anything is wrong.
    """
    from fullcircle.ask.doctor import doctor as ask

    checks = ask(config)
    if json:
        as_json(checks.to_pylist())
    else:
        rows = [{"": "ok" if one.ok else "WRONG", "what": one.what, "found": one.found, "do": one.do} for one in checks]
        table("Doctor", rows)
    if not all(one.ok for one in checks):
        raise typer.Exit(1)
