"""The options of the target, and what they must be."""

from __future__ import annotations

import re
from typing import Any

from pydantic import Field

from fullcircle.config.read import parse
from fullcircle.config.sections import Settings
from fullcircle.errors import ConfigError
from fullcircle.publish.base import TargetContext

PLACE = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[^?#'\\\x00-\x20]*))?")
ROLE = re.compile(r"default|arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")


class RedshiftOptions(Settings):
    """[publish.targets.<name>] with target = "redshift"."""

    workgroup: str = ""  # of Redshift Serverless ...
    cluster: str = ""  # ... or a cluster, with db_user or secret
    db_user: str = ""
    secret: str = ""  # the ARN of a secret of Secrets Manager with user and password; else IAM says who it is
    database: str = "dev"
    schema_: str = Field("bi", alias="schema", pattern=r"^[a-z][a-z0-9_]{0,40}$")
    staging: str  # where files wait for COPY, as s3://bucket/prefix
    copy_role: str  # the ARN of the role by which Redshift reads them, or "default"
    region: str = ""  # default: that of the AWS settings
    timeout_seconds: int = Field(3600, gt=0)  # then a statement is cancelled

    def place(self) -> tuple[str, str]:
        """The bucket and the prefix of `staging`, which ends with / unless it is empty."""
        found = PLACE.fullmatch(self.staging)
        prefix = (found["prefix"] or "").strip("/") if found else ""
        return (found["bucket"] if found else "", f"{prefix}/" if prefix else "")

    def login(self) -> dict[str, Any]:
        """What the Data API needs to know about where to run a statement, and as whom."""
        found = {
            "WorkgroupName": self.workgroup, "ClusterIdentifier": self.cluster, "DbUser": self.db_user, "SecretArn": self.secret,
            "Database": self.database,
        }  # fmt: skip
        return {name: value for name, value in found.items() if value}


def options_of(context: TargetContext) -> RedshiftOptions:
    """The options of a target, checked."""
    where = f"[publish.targets.{context.name}]"
    options = parse(RedshiftOptions, context.options, where)
    if bool(options.workgroup) == bool(options.cluster):
        raise ConfigError(f"{where} names a workgroup or a cluster.", "Set workgroup for Redshift Serverless, else cluster.")
    if options.cluster and bool(options.db_user) == bool(options.secret):
        raise ConfigError(f"{where}: a cluster wants a user.", "Set db_user, or secret with the ARN of a secret.")
    if options.workgroup and options.db_user:
        raise ConfigError(f"{where}: db_user is for a cluster.", "With a workgroup IAM says who it is, or set secret.")
    if not PLACE.fullmatch(options.staging):
        raise ConfigError(
            f'{where}: staging is "{options.staging}", and not a place in S3.', 'Write staging = "s3://your-bucket/staging".'
        )
    if not ROLE.fullmatch(options.copy_role):
        raise ConfigError(
            f'{where}: copy_role is "{options.copy_role}", and not the ARN of a role.',
            'Write copy_role = "arn:aws:iam::123456789012:role/...", or "default".',
        )
    return options
