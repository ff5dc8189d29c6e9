"""`fullcircle sql`: the door for BI tools, which read flat tables by JDBC, ODBC or psql."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.run import Quiet
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.steward.sql_door import DoorStatus

Door = Annotated[str, typer.Option("--target", help="Which publish target, where there are several.")]
Name = Annotated[str, typer.Argument(help="The login: of a person, or of a tool that a team shares.")]
room = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Tables for BI tools, by JDBC, ODBC or psql: serve, stop, status, users, user.",
)
user = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Who may log in: add, remove.")


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    command: Callable[..., None]
    for command in (serve, stop, status, drop, users):
        room.command(command.__name__)(command)
    user.command("add")(add)
    user.command("remove")(remove)
    room.add_typer(user, name="user")
    app.add_typer(room, name="sql")


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="A port to keep, instead of the first free one from 5460 on.")] = 0,
    anew: Annotated[bool, typer.Option("--anew", help="Delete the server with its logins first, and make it anew.")] = False,
    quiet: Quiet = False,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Run a PostgreSQL with the tables in it, until `sql stop`. From now on each run brings it up to date.

    It listens on this machine alone. Nobody may log in until `sql user add`.

    \b
    Examples:
      fullcircle sql serve
      fullcircle sql serve --port 5461
    """
    from fullcircle.config.read import load_config
    from fullcircle.serve.cli.progress import Bars
    from fullcircle.steward import sql_door

    settings = load_config(config)
    asker.enter(settings, "publish", "sql serve")
    with Bars(quiet or json) as bars:
        found = sql_door.serve(settings, bars, port, anew)
    if json:
        as_json(asdict(found))
        return
    say(
        f"The SQL door is open on this machine: port [bold]{found.port}[/], database [bold]{plain(found.database)}[/], schema bi."
    )
    say("Let somebody in: [bold]fullcircle sql user add NAME[/]. Close it: [bold]fullcircle sql stop[/].")


def stop(config: ConfigFile = None, json: AsJson = False) -> None:
    """Stop the server. Its tables stay, and runs go on to bring them up to date.

    \b
    Example:
      fullcircle sql stop
    """
    from fullcircle.config.read import load_config
    from fullcircle.steward import sql_door

    settings = load_config(config)
    asker.enter(settings, "publish", "sql stop")
    done = sql_door.stop(settings)
    as_json({"stopped": done}) if json else say("The SQL server has stopped." if done else "The SQL server did not run.")


def drop(config: ConfigFile = None, json: AsJson = False) -> None:
    """Stop the server and delete it, with its tables and logins. Where the config names it, the next run makes it anew.

    \b
    Example:
      fullcircle sql drop
    """
    from fullcircle.config.read import load_config
    from fullcircle.steward import sql_door

    settings = load_config(config)
    asker.enter(settings, "configure", "sql drop")
    done = sql_door.drop(settings)
    as_json({"dropped": done}) if json else say("The SQL server is deleted." if done else "There was no SQL server.")


def status(config: ConfigFile = None, json: AsJson = False) -> None:
    """Where the door is, whether it answers, and how to connect.

    \b
    Example:
      fullcircle sql status --json
    """
    from fullcircle.config.read import load_config
    from fullcircle.steward import sql_door

    settings = load_config(config)
    asker.enter(settings, "status", "sql status")
    found = sql_door.status(settings)
    if json:
        as_json([asdict(one) for one in found])
        return
    table(
        "SQL doors",
        [_row(one) for one in found],
        worth=("target", "state", "port", "logins"),
        empty="none; `fullcircle sql serve`",
    )
    for one in found:
        if one.own and one.running:
            say(f'psql "host={one.host} port={one.port} dbname={one.database} user=NAME"')
            say(f"jdbc:postgresql://{one.host}:{one.port}/{one.database}")


def _row(one: DoorStatus) -> dict[str, object]:
    state = "open" if one.running else one.problem or "stopped"
    return {
        "target": one.target,
        "state": state,
        "port": one.port or None,
        "database": one.database or None,
        "logins": one.logins,
    }


def users(door: Door = "", config: ConfigFile = None, json: AsJson = False) -> None:
    """Who may log in, with which role, and how many views they see.

    \b
    Example:
      fullcircle sql users
    """
    from fullcircle.config.read import load_config
    from fullcircle.steward import sql_door

    settings = load_config(config)
    asker.enter(settings, "configure", "sql users")
    rows = [asdict(one) for one in sql_door.all_logins(settings, door)]
    as_json(rows) if json else table("Logins", rows, empty="nobody; `fullcircle sql user add NAME`")


def add(
    name: Name,
    role: Annotated[str, typer.Option("--role", "-r", help="A role of the policy; without [govern] there is only one.")] = "",
    log: Annotated[
        bool, typer.Option("--log", help="Let the server write down each statement of this login, with its values.")
    ] = False,
    door: Door = "",
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Let somebody log in, and see what the role may see. The password is shown this once; again for a new one.

    \b
    Examples:
      fullcircle sql user add metabase --role analyst
      fullcircle sql user add maria --role agent
    """
    from fullcircle.config.read import load_config
    from fullcircle.steward import sql_door

    settings = load_config(config)
    asker.enter(settings, "configure", "sql user add")
    password = sql_door.add_login(settings, name, role, door, log)
    if json:
        as_json({"login": name, "password": password})
        return
    say(f"The password of [bold]{plain(name)}[/]; it is not shown again:")
    typer.echo(password)


def remove(name: Name, door: Door = "", config: ConfigFile = None, json: AsJson = False) -> None:
    """Let somebody log in no longer; who is logged in is logged out.

    \b
    Example:
      fullcircle sql user remove maria
    """
    from fullcircle.config.read import load_config
    from fullcircle.steward import sql_door

    settings = load_config(config)
    asker.enter(settings, "configure", "sql user remove")
    sql_door.remove_login(settings, name, door)
    as_json({"removed": name}) if json else say(f"{plain(name)} can no longer log in.")
