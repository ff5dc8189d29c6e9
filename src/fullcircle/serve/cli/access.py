"""`fullcircle users`, `roles`, `keys`: who may ask. `fullcircle policy` is in policy.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.terminal import plain

Role = Annotated[list[str], typer.Option("--role", "-r", help="A role, as `fullcircle roles list` has them (may be repeated).")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    rooms: tuple[tuple[str, str, dict[str, Callable[..., None]]], ...] = (
        ("users", "Who may ask, by the user of the operating system.", {"add": add, "remove": remove, "list": users}),
        ("roles", "What the roles may do, and see.", {"list": roles, "show": show}),
        ("keys", "API keys: for programs, and for people at other doors.", {"make": make, "list": keys, "revoke": revoke}),
    )
    for name, help_, verbs in rooms:
        room = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=help_)
        for verb, command in verbs.items():
            room.command(verb)(command)
        app.add_typer(room, name=name)


def add(
    name: Annotated[str, typer.Argument(help="A user of the operating system; with --first you, if nobody is named.")] = "",
    role: Role = [],  # noqa: B006 - typer makes a new list
    first: Annotated[
        bool, typer.Option("--first", help="Begin, as the owner of the home, while there are no users: with the role admin.")
    ] = False,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """List a user with roles, in place of those that they had.

    \b
    Examples:
      fullcircle users add --first
      fullcircle users add maria --role agent
      fullcircle users add jo --role analyst --role marketer
    """
    from fullcircle.config.read import load_config
    from fullcircle.errors import ConfigError
    from fullcircle.steward.access import ADMIN, access, first_user

    settings = load_config(config)
    if first:
        added = first_user(settings, name, role or [ADMIN], asker.DOOR)
    elif not name:
        raise ConfigError("Nobody was named.", "Name a user, like `fullcircle users add maria --role agent`.")
    else:
        with access(settings, asker.asking(), asker.DOOR) as lists:
            added = lists.add_user(name, role)
    if json:
        as_json(asdict(added))
    else:
        say(f"[bold]{plain(added.name)}[/]: {plain(', '.join(added.roles))}")


def remove(name: Annotated[str, typer.Argument(help="The user.")], config: ConfigFile = None, json: AsJson = False) -> None:
    """Take a user off the list: from now on nothing is shown to them.

    \b
    Example:
      fullcircle users remove maria
    """
    from fullcircle.config.read import load_config
    from fullcircle.steward.access import access

    with access(load_config(config), asker.asking(), asker.DOOR) as lists:
        lists.remove_user(name)
    if json:
        as_json({"removed": name})
    else:
        say(f"{plain(name)} is no longer a user.")


def users(config: ConfigFile = None, json: AsJson = False) -> None:
    """The users and their roles.

    \b
    Example:
      fullcircle users list --json
    """
    from fullcircle.config.read import load_config
    from fullcircle.steward.access import access

    settings = load_config(config)
    asker.enter(settings, "configure", "users list")
    with access(settings, asker.asking(), asker.DOOR) as lists:
        rows = [asdict(one) for one in lists.users.list()]
    if json:
        as_json(rows)
    else:
        table(
            "Users", [{**row, "roles": ", ".join(row["roles"])} for row in rows], empty="nobody; `fullcircle users add --first`"
        )


def roles(config: ConfigFile = None, json: AsJson = False) -> None:
    """The roles, and at which level each sees the classes of fields.

    \b
    Example:
      fullcircle roles list
    """
    from fullcircle.govern.policy import ROLES
    from fullcircle.govern.principal import Principal
    from fullcircle.model.field_classes import CLASSES
    from fullcircle.serve.cli.policy import read_policy

    policy = read_policy(config)
    rows = []
    for role in policy.roles:
        sight = policy.sight(Principal("os:", frozenset({role}), asker.DOOR))
        rows.append({"role": role, **{one: sight.level(one) for one in CLASSES}, "meaning": ROLES.get(role, "of this project")})
    if json:
        as_json(rows)
    else:
        table("Roles", rows, worth=("role", *CLASSES))


def show(role: Annotated[str, typer.Argument(help="The role.")], config: ConfigFile = None, json: AsJson = False) -> None:
    """What one role may do and see, and by which rules.

    \b
    Example:
      fullcircle roles show agent
    """
    from fullcircle.govern.explain import explain
    from fullcircle.govern.policy import ACTIONS
    from fullcircle.model.field_classes import CLASSES
    from fullcircle.serve.cli.policy import draw, read_policy

    policy = read_policy(config)
    found = [one for what in (*CLASSES, *ACTIONS) for one in explain(policy, role, what, asker.DOOR)]
    if json:
        as_json([asdict(one) for one in found])
    else:
        draw(f"The role {role}", found)


def make(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    role: Role = [],  # noqa: B006 - typer makes a new list
    days: Annotated[int, typer.Option(min=1, max=3650, help="For how many days it is valid.")] = 90,
    only: Annotated[list[str] | None, typer.Option(help="An action it is for, such as search (may be repeated).")] = None,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Make an API key. It is shown this once, and kept only as a hash.

    \b
    Examples:
      fullcircle keys make "till of the shop" --role agent --only search --only show
      FULLCIRCLE_TOKEN=c360_... fullcircle search keller
    """
    from fullcircle.config.read import load_config
    from fullcircle.steward.access import access

    with access(load_config(config), asker.asking(), asker.DOOR) as lists:
        key, token = lists.make_key(name, role, days, only or ())
    if json:
        as_json({**asdict(key), "key": token})
        return
    say(f"The key {plain(key.id)}, valid until {plain(key.expires_at[:10])}; it is not shown again:")
    typer.echo(token)


def keys(config: ConfigFile = None, json: AsJson = False) -> None:
    """The API keys, without their secrets: what for, which roles, until when.

    \b
    Example:
      fullcircle keys list
    """
    from fullcircle.config.read import load_config
    from fullcircle.steward.access import access

    settings = load_config(config)
    asker.enter(settings, "configure", "keys list")
    with access(settings, asker.asking(), asker.DOOR) as lists:
        found = lists.keys.list()
    if json:
        as_json([{**asdict(one), "state": one.state} for one in found])
        return
    rows = [
        {
            "id": one.id, "name": one.name, "state": one.state, "roles": ", ".join(one.roles),
            "only": ", ".join(one.scope) or None, "until": one.expires_at[:10], "made by": one.made_by,
        }
        for one in found
    ]  # fmt: skip
    table("Keys", rows, worth=("id", "name", "state", "roles"), empty="none was made yet")


def revoke(
    id: Annotated[str, typer.Argument(help="The key's id, as `keys list` has it.")],
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """End a key: from now on it opens nothing.

    \b
    Example:
      fullcircle keys revoke 3f9a01bc
    """
    from fullcircle.config.read import load_config
    from fullcircle.steward.access import access

    with access(load_config(config), asker.asking(), asker.DOOR) as lists:
        found = lists.revoke_key(id)
    if json:
        as_json({**asdict(found), "state": found.state})
    else:
        say(f"The key {plain(found.id)} ({plain(found.name)}) is revoked.")
