"""`fullcircle policy`: check the rules, and explain what they decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.model.counting import counted
from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table

if TYPE_CHECKING:
    from fullcircle.govern.explain import PolicyAnswer
    from fullcircle.govern.policy import Policy


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    room = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The rules of who may see what: check and explain them.")
    room.command("test")(check)
    room.command("explain")(explain)
    app.add_typer(room, name="policy")


def read_policy(config: Path | None) -> Policy:
    """The rules of a project, checked; of one without [govern] those that come with the product."""
    from fullcircle.config.read import load_config
    from fullcircle.config.sections import GovernSettings
    from fullcircle.govern.policy import Policy

    settings = load_config(config)
    return Policy(settings.govern or GovernSettings(), settings.folder)


def check(config: ConfigFile = None, json: AsJson = False) -> None:
    """Check all rules, and what the files *.test.toml beside them expect. The exit code is 1 if an expectation is not met.

    \b
    Example:
      fullcircle policy test
    """
    from fullcircle.config.read import load_config
    from fullcircle.govern.explain import check as checked
    from fullcircle.govern.policy import policy_folder

    policy = read_policy(config)
    settings = load_config(config)
    number, unmet = checked(policy, policy_folder(settings.govern, settings.folder) if settings.govern else None)
    if json:
        as_json({"own_rules": policy.own, "expectations": number, "unmet": [asdict(one) for one in unmet]})
    else:
        own = counted(policy.own, "rule of your own", "rules of your own")
        say(f"All rules fit the schema ({own}). {counted(number, 'expectation')}, {len(unmet)} not met.")
        if unmet:
            table("Not met", [{**asdict(one), "rules": ", ".join(one.rules) or "no rule permits it"} for one in unmet])
    if unmet:
        raise typer.Exit(1)


def explain(
    role: Annotated[str, typer.Argument(help="A role.")],
    what: Annotated[
        str, typer.Argument(help="A field (email, Customer.email, orders.amount), a class (contact) or an action (show).")
    ],
    door: Annotated[str, typer.Option(help="The door: cli, python, rest, web, mcp.")] = asker.DOOR,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """At which level a role sees a field, or whether it may do something, and the rules that decide.

    \b
    Examples:
      fullcircle policy explain agent birth_date
      fullcircle policy explain marketer Customer.email
      fullcircle policy explain analyst query
    """
    from fullcircle.govern.explain import explain as explained

    found = explained(read_policy(config), role, what, door)
    if json:
        as_json([asdict(one) for one in found])
    else:
        draw(f"{role}: {what}", found)


def draw(title: str, found: Sequence[PolicyAnswer]) -> None:
    """Print what the policy decides."""
    rows = [
        {"what": one.what, "class": one.field_class or "action", "level": one.level, "rules": ", ".join(one.rules) or None}
        for one in found
    ]
    table(title, rows, worth=("what", "level", "class", "rules"))
