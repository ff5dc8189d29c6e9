"""`fullcircle quality upload`: the rulesets, sent to AWS Glue Data Quality."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, table


def register(room: typer.Typer) -> None:
    """Add the verb."""
    room.command("upload")(upload)


def upload(
    ruleset: Annotated[
        Path | None, typer.Option("--ruleset", "-r", help="A file with rules; otherwise those of the config.")
    ] = None,
    of: Annotated[str, typer.Option("--table", "-t", help="Only rulesets of this table.", show_default=False)] = "",
    built_in: Annotated[bool, typer.Option("--built-in", help="Those that come with the product, too.")] = False,
    only_look: Annotated[bool, typer.Option("--dry-run", help="Only say what would be sent.")] = False,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Send rulesets to AWS Glue Data Quality, for the tables of the lake there. What is the same there is not sent again.

    \b
    Examples:
      fullcircle quality upload --dry-run
      fullcircle quality upload --built-in --table orders
    """
    from fullcircle.ask.quality_tables import ruleset_of
    from fullcircle.config.read import load_config
    from fullcircle.config.sections import QualitySettings
    from fullcircle.errors import ConfigError, MissingExtra
    from fullcircle.publish.athena.open import database_of, lake_on_aws
    from fullcircle.quality.rulesets import table_rulesets

    settings = load_config(config)
    asker.enter(settings, "publish", "quality upload", whole=bool(ruleset or settings.quality.rulesets))
    if ruleset:
        found = [ruleset_of(ruleset, of)]
        if not found[0].table:
            raise ConfigError("It is not said which table the rules are about.", "Say it: --table orders.")
    else:
        wanted = settings.quality.model_copy(update={"built_in_rulesets": True}) if built_in else settings.quality
        assert isinstance(wanted, QualitySettings)
        found = [one for one in table_rulesets(wanted, settings.folder) if of in ("", one.table)]
    if not found:
        raise ConfigError("There is no ruleset to send.", "Name a file: --ruleset orders.dqdl; or --built-in.")
    target = lake_on_aws(settings.publish, settings.publish.athena.target)[1]
    try:
        from fullcircle.publish import aws, glue_rulesets
    except ImportError as error:
        raise MissingExtra("Glue needs boto3, which is not installed.", "pip install 'fullcircle[glue]'") from error
    client = aws.client("glue", str(target.options.get("region", "")))
    sent = glue_rulesets.upload(client, found, settings.project.name, database_of(target), only_look)
    rows = [asdict(one) for one in sent]
    as_json(rows) if json else table("Rulesets in Glue", rows, worth=("name", "table", "rules", "result"))
