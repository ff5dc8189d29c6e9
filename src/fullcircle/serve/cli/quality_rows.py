"""`fullcircle quality quarantine / release`: the rows that wait, one by one, and letting some of them pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fullcircle.model.counting import counted
from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.config.sections import Config

Rule = Annotated[str, typer.Option(help="Only rows of this rule, by its id.")]
Source = Annotated[str, typer.Option(help="Only rows of this source.")]
Object = Annotated[str, typer.Option("--object", help="Only rows of this object.", show_default=False)]
Key = Annotated[str, typer.Option(help="Only the row with this key.")]


def register(room: typer.Typer) -> None:
    """Add the verbs."""
    room.command("quarantine")(quarantine)
    room.command("release")(release)


def quarantine(
    rule: Rule = "",
    source: Source = "",
    object_: Object = "",
    key: Key = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many rows.")] = 50,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """The rows that wait in quarantine, one by one, as they came. It is for roles that see every class of fields.

    Correct them at the source: the next run reads them again.

    \b
    Examples:
      fullcircle quality quarantine --source shop
      fullcircle quality quarantine --rule orders.Rule_1 --json
    """
    from fullcircle.config.read import load_config

    settings = load_config(config)
    asker.enter(settings, "quality", "quality quarantine", whole=True)
    rows = _rows(settings, rule, source, object_, key, limit)
    if json:
        as_json(rows)
    else:
        names = ("source", "object", "key", "rule", "reason", "raw")
        table("Quarantine", rows, columns=names, worth=("source", "object", "key", "rule", "reason"), empty="no such row")


def release(
    rule: Annotated[str, typer.Option(help="The rule that the rows break, by its id.")],
    reason: Annotated[str, typer.Option(help="Why they may pass.")],
    source: Source = "",
    object_: Object = "",
    key: Key = "",
    take_back: Annotated[bool, typer.Option("--take-back", help="The rule holds for these rows again.")] = False,
    config: ConfigFile = None,
) -> None:
    """Let rows pass that break a rule of the config; the next run takes them in. The rule holds for all other rows.

    \b
    Examples:
      fullcircle quality release --rule orders.Rule_1 --source shop --object orders --key 4711 --reason "checked by phone"
      fullcircle quality release --rule orders.Rule_1 --reason "" --take-back
    """
    from contextlib import closing

    from fullcircle.config.read import load_config
    from fullcircle.errors import NotFound
    from fullcircle.govern.home_keys import open_book
    from fullcircle.home.folder import private
    from fullcircle.quality.releases import Releases

    settings = load_config(config)
    asked = asker.enter(settings, "decide", "quality release", whole=True)
    with private(), closing(open_book(settings)) as book:
        releases = Releases(book)
        if take_back:
            given = [(one.source, one.object, one.key, one.rule) for one in releases.all()]
            chosen = [one for one in given if one[3] == rule and _fits(one, source, object_, key)]
        else:
            waiting = _rows(settings, rule, source, object_, key, 100_000)
            _may_be_released(settings, rule)
            chosen = [(one["source"], one["object"], one["key"], one["rule"]) for one in waiting]
        if not chosen:
            raise NotFound(f"No row of the rule {rule} is there.", "`fullcircle quality quarantine` lists what waits.")
        releases.take_back(chosen) if take_back else releases.add(chosen, reason, asker.decides(asked))
    done = "held by the rule again" if take_back else "released"
    say(f"{counted(len(chosen), 'row is', 'rows are')} {done}: {plain('`fullcircle run`')} takes this in.")


def _fits(row: tuple[str, str, str, str], source: str, object_: str, key: str) -> bool:
    return all(wanted in ("", there) for wanted, there in zip((source, object_, key), row[:3], strict=True))


def _may_be_released(settings: Config, rule: str) -> None:
    from fullcircle.errors import ConfigError
    from fullcircle.quality.rules import built_in_ids

    if rule in built_in_ids(settings.quality):
        raise ConfigError(f"The rule {rule} is a built-in one: its rows could not be used.", "Correct them at the source.")


def _rows(settings: Config, rule: str, source: str, object_: str, key: str, limit: int) -> list[dict[str, Any]]:
    from fullcircle.ask.quality_tables import quarantined_rows

    return quarantined_rows(settings, {"rule": rule, "source": source, "object": object_, "key": key}, limit)
