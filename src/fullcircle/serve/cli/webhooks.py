"""`fullcircle webhooks`: addresses that learn what changed, from the running server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.config.sections import Config
    from fullcircle.serve.hooks.hooks import Webhooks

Id = Annotated[str, typer.Argument(help="The webhook, as `fullcircle webhooks list` names it.")]
room = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Addresses that learn what changed: add, list, remove, dead, retry."
)


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    room.command("add")(add)
    room.command("list")(show)
    room.command("remove")(remove)
    room.command("dead")(dead)
    room.command("retry")(retry)
    app.add_typer(room, name="webhooks")


def add(
    url: Annotated[str, typer.Argument(help="Where to send it: https, and an address of the public internet.")],
    secret: Annotated[str, typer.Option(help="What signs it: env:NAME, file:PATH or aws:NAME.")],
    role: Annotated[str, typer.Option(help="With [govern]: what it shows is masked for this role, which must see history.")] = "",
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Send what changes from now on to an address, signed: ids of customers and what happened to them. The server does it.

    \b
    Examples:
      fullcircle webhooks add https://hooks.example.org/c360 --secret env:HOOK_SECRET --role agent
    """
    from fullcircle.config.read import load_config
    from fullcircle.config.secrets import secret as read_secret
    from fullcircle.errors import ConfigError
    from fullcircle.govern.principal import Principal
    from fullcircle.serve.hooks.address import check

    settings = load_config(config)
    asked = asker.enter(settings, "configure", "webhooks add")
    check(url, settings.serve.loopback_webhooks)
    read_secret(secret, "The secret of the webhook", settings.folder)
    if (
        asked.policy is not None
        and not asked.policy.ruling(Principal("webhook", frozenset([role]), "webhook"), "history").allowed
    ):
        raise ConfigError(f'The role "{role}" may not see history.', "Name one that may: --role agent.")
    with _opened(settings) as hooks:
        made = hooks.add(url, secret, role, asker.decides(asked))
    if json:
        as_json(asdict(made))
    else:
        say(f"[bold]{made.id}[/]: {plain(made.url)} learns what changes from now on, while `fullcircle serve` runs.")


def show(config: ConfigFile = None, json: AsJson = False) -> None:
    """List the webhooks, how far each is, and the problem of its last attempt.

    \b
    Examples:
      fullcircle webhooks list
    """
    with _reading(config, "webhooks list") as hooks:
        rows = [asdict(one) for one in hooks.all()]
    if json:
        as_json(rows)
        return
    shown = [{name: row[name] for name in ("id", "url", "role", "reached", "attempts", "problem")} for row in rows]
    table("Webhooks", shown, worth=("id", "url", "reached", "problem"), empty="none")


def remove(id: Id, config: ConfigFile = None) -> None:
    """Send nothing to it any more.

    \b
    Examples:
      fullcircle webhooks remove hook-3f9a01bc
    """
    with _reading(config, "webhooks remove") as hooks:
        hooks.remove(id)
    say(f"{plain(id)} is removed.")


def dead(
    id: Annotated[str, typer.Argument(help="Of this webhook alone.")] = "", config: ConfigFile = None, json: AsJson = False
) -> None:
    """List the deliveries that were given up after many attempts.

    \b
    Examples:
      fullcircle webhooks dead
    """
    with _reading(config, "webhooks dead") as hooks:
        rows = [asdict(one) for one in hooks.dead(id)]
    as_json(rows) if json else table("Given up", rows, worth=("hook", "first", "last", "problem"), empty="none")


def retry(id: Id, config: ConfigFile = None) -> None:
    """Try again what was given up, with the numbers that the deliveries had.

    \b
    Examples:
      fullcircle webhooks retry hook-3f9a01bc
    """
    with _reading(config, "webhooks retry") as hooks:
        number = hooks.retry(id)
    say(f"{number:,} {'delivery is' if number == 1 else 'deliveries are'} tried again.")


@contextmanager
def _reading(config: object, verb: str) -> Iterator[Webhooks]:
    from fullcircle.config.read import load_config

    settings = load_config(config)  # type: ignore[arg-type]
    asker.enter(settings, "configure", verb)
    with _opened(settings) as hooks:
        yield hooks


@contextmanager
def _opened(settings: Config) -> Iterator[Webhooks]:
    from fullcircle.govern.home_keys import open_book
    from fullcircle.home.folder import private
    from fullcircle.serve.hooks.hooks import Webhooks

    with private(), closing(open_book(settings)) as book:
        yield Webhooks(book)
