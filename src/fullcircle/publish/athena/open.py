"""Which lake Athena asks: that of the config, with Glue as its catalog."""

from __future__ import annotations

from fullcircle.config.sections import PublishSettings, TargetSettings
from fullcircle.errors import ConfigError, MissingExtra, did_you_mean
from fullcircle.publish.athena.ask import Athena

LIKE_THIS = 'A lake on AWS has target = "iceberg" and catalog = "glue": docs/how-to/athena.md.'


def open_athena(settings: PublishSettings, ending: str = "") -> Athena:
    """Athena, to ask the lake of the config; `ending`: another database beside that of the lake. ConfigError without one."""
    _, target = lake_on_aws(settings, settings.athena.target)
    try:
        from fullcircle.publish import aws
    except ImportError as error:
        raise MissingExtra("Athena needs boto3, which is not installed.", "pip install 'fullcircle[glue]'") from error
    with aws.translated("Asking Athena failed", "Ask again."):
        client = aws.client("athena", str(target.options.get("region", "")))
    return Athena(client, settings.athena, f"{database_of(target)}{ending}")


def lake_on_aws(settings: PublishSettings, name: str = "") -> tuple[str, TargetSettings]:
    """The target of that name, or the only one, whose tables are in Glue's catalog. ConfigError if there is none."""
    found = {
        each: one
        for each, one in settings.targets.items()
        if one.target == "iceberg" and one.options.get("catalog") == "glue" and name in ("", each)
    }
    if not found:
        about = f'"{name}" is not a lake on AWS.' if name else "This project has no lake on AWS."
        raise ConfigError(about, did_you_mean(name, settings.targets) if name and name not in settings.targets else LIKE_THIS)
    if len(found) > 1:
        raise ConfigError(f"There are several lakes on AWS: {', '.join(found)}.", "Say which: target in [publish.athena].")
    return next(iter(found.items()))


def database_of(target: TargetSettings) -> str:
    """The database of a lake in Glue."""
    return str(target.options.get("namespace") or "fullcircle")
