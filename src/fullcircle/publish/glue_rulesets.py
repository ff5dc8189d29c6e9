"""Sends the rulesets of quality to AWS Glue Data Quality: the same DQDL, about tables of the lake; only differences are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from botocore.exceptions import ClientError  # type: ignore[import-untyped, unused-ignore]

from fullcircle.errors import PublishError
from fullcircle.publish import aws
from fullcircle.quality.dqdl.text import ruleset_text
from fullcircle.quality.rulesets import TableRuleset

LONGEST_NAME, LONGEST_TEXT = 255, 65_536  # characters
DESCRIPTION = "Sent by fullcircle, which replaces it: change it there."
AGAIN = "Upload again; only what differs is written."


@dataclass(frozen=True, slots=True)
class UploadedRuleset:
    """What became of one ruleset. `left out`: the lake has no such table."""

    name: str
    table: str
    rules: int
    result: Literal["new", "changed", "same", "left out"]


def upload(client: Any, rulesets: Sequence[TableRuleset], project: str, database: str, only_look: bool) -> list[UploadedRuleset]:
    """Bring Glue to these rulesets; `only_look`: say what would be done. `client` is boto3's of glue."""
    with aws.translated("Sending rulesets to Glue failed", AGAIN):
        return [_bring(client, one, name_of(project, one), database, only_look) for one in rulesets]


def name_of(project: str, one: TableRuleset) -> str:
    """Its name in Glue, which is one of the whole account and region."""
    name = f"{project}.{one.table}.{one.name}"
    if len(name) <= LONGEST_NAME:
        return name
    return f"{name[: LONGEST_NAME - 17]}-{sha256(name.encode()).hexdigest()[:16]}"


def _bring(client: Any, one: TableRuleset, name: str, database: str, only_look: bool) -> UploadedRuleset:
    text, rules = ruleset_text(one.ruleset), len(one.ruleset.rules or ())
    if len(text) > LONGEST_TEXT:
        raise PublishError(
            f"The ruleset {one.name} has {len(text):,} characters; Glue takes {LONGEST_TEXT:,} at most.", "Make two of it."
        )
    if _missing(client.get_table, DatabaseName=database, Name=one.table) is None:
        return UploadedRuleset(name, one.table, rules, "left out")
    there = _missing(client.get_data_quality_ruleset, Name=name)
    if there is None:
        if not only_look:
            about = {"DatabaseName": database, "TableName": one.table}
            client.create_data_quality_ruleset(Name=name, Ruleset=text, Description=DESCRIPTION, TargetTable=about)
        return UploadedRuleset(name, one.table, rules, "new")
    about = there.get("TargetTable", {})
    if (about.get("DatabaseName"), about.get("TableName")) != (database, one.table):
        raise PublishError(
            f'The ruleset "{name}" in Glue is about another table than {database}.{one.table}.',
            "Delete it there, or give the project another name: a ruleset keeps its table.",
        )
    if there.get("Ruleset") == text:
        return UploadedRuleset(name, one.table, rules, "same")
    if not only_look:
        client.update_data_quality_ruleset(Name=name, Ruleset=text, Description=DESCRIPTION)
    return UploadedRuleset(name, one.table, rules, "changed")


def _missing(ask: Any, **about: str) -> dict[str, Any] | None:
    """The answer, or None if AWS has no such thing."""
    try:
        answer: dict[str, Any] = ask(**about)
    except ClientError as error:
        if error.response["Error"]["Code"] == "EntityNotFoundException":
            return None
        raise
    return answer
