"""Access to AWS, and what it says. Only this file of the room imports boto3.

Credentials are those that boto3 finds: environment, profile, role.

Every operation that this room asks AWS for is in OPERATIONS, with the action that a policy has to allow for it: errors name it,
and deploy/aws/lake.yaml allows these and no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3  # type: ignore[import-untyped, unused-ignore]
from botocore.exceptions import (  # type: ignore[import-untyped, unused-ignore]
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    HTTPClientError,
)

from fullcircle.errors import FullcircleError, PublishError, TargetRefused, TargetUnreachable

OPERATIONS: dict[str, dict[str, str]] = {  # service -> operation -> the action of a policy, where it has another name
    "glue": {
        "CreateDatabase": "", "GetDatabase": "", "GetTable": "", "GetTables": "", "CreateTable": "", "UpdateTable": "",
        "GetDataQualityRuleset": "", "CreateDataQualityRuleset": "", "UpdateDataQualityRuleset": "",
    },
    "s3": {
        "ListObjectsV2": "ListBucket", "HeadObject": "GetObject", "GetObject": "", "PutObject": "", "DeleteObject": "",
        "DeleteObjects": "DeleteObject", "CreateMultipartUpload": "PutObject", "UploadPart": "PutObject",
        "CompleteMultipartUpload": "PutObject",
    },
    "lakeformation": {"CreateLFTag": "", "AddLFTagsToResource": ""},
    "athena": {"StartQueryExecution": "", "GetQueryExecution": "", "GetQueryResults": "", "StopQueryExecution": ""},
    "redshift-data": {
        "BatchExecuteStatement": "", "ExecuteStatement": "", "DescribeStatement": "", "GetStatementResult": "",
        "CancelStatement": "",
    },
}  # fmt: skip
BY_ARROW = re.compile(r"AWS Error (?P<code>ACCESS_DENIED|NO_SUCH_BUCKET|NETWORK_CONNECTION) during (?P<what>\w+) operation")
NOT_ALLOWED = re.compile(r"not authorized to perform:? (?P<action>[a-z0-9-]+:[A-Za-z]+)")  # the rest of the text may have names
PARAMETER = re.compile(r"parameter:? (\w+)")
DENIED = {"AccessDenied", "AccessDeniedException", "AccessDeniedFault", "UnauthorizedOperation", "403", "Forbidden"}
LOGIN = {"ExpiredToken", "ExpiredTokenException", "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"}
CREDENTIALS = (
    "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run on a machine that has a role; after `aws sso login` "
    "AWS_PROFILE is enough."
)


def session(region: str = "") -> Any:
    """The user's session, in this region or that of the AWS settings."""
    return boto3.Session(region_name=region or None)


def client(service: str, region: str = "") -> Any:
    """A client of one service."""
    return session(region).client(service)


@contextmanager
def translated(doing: str, hint: str) -> Iterator[None]:
    """Raise what AWS refuses inside the `with` block as an error of ours. `doing`: "asking Athena failed"."""
    try:
        yield
    except FullcircleError:
        raise
    except (ClientError, BotoCoreError) as error:
        raise refusal(error, doing, hint) from error


def refusal(error: Exception, doing: str, hint: str, no_bucket: str = "Make it, or correct its name.") -> FullcircleError:
    """What AWS says, as one sentence: which permission is missing, that a login has ended, that nothing answers."""
    code, action = said(error)
    if code in DENIED:
        return TargetRefused(f"{doing}: AWS allows no {action}.", f"Give the role or user the action {action} on it.")
    if code in LOGIN or code == "NoCredentials":
        return TargetRefused(f"{doing}: AWS knows no valid login ({code}).", CREDENTIALS)
    if code == "NoRegion":
        return PublishError(f"{doing}: no region of AWS is set.", "Set `region`, or AWS_DEFAULT_REGION.")
    if code == "ParamValidation":
        names = ", ".join(sorted(set(PARAMETER.findall(str(error))))) or "a parameter"
        return PublishError(f"{doing}: {names} has a value that AWS cannot have.", "Correct it in the config.")
    if code in {"NoSuchBucket", "404"}:
        return PublishError(f"{doing}: the bucket does not exist.", no_bucket)
    if code == "unreachable":
        return TargetUnreachable(f"{doing}: AWS does not answer.", "See that this machine reaches AWS, then try again.")
    return PublishError(f"{doing}: {code or type(error).__name__}.", hint)


def said(error: Exception) -> tuple[str, str]:
    """The code of AWS in an error or in what caused it, and the action that it is about, as a policy names it."""
    each: BaseException | None = error
    while each is not None:
        if isinstance(each, ClientError):
            named = NOT_ALLOWED.search(str(each.response.get("Error", {}).get("Message", "")))
            return str(each.response.get("Error", {}).get("Code", "")), named["action"] if named else action_of(
                each.operation_name
            )
        if isinstance(each, EndpointConnectionError | HTTPClientError):
            return "unreachable", ""
        if isinstance(each, BotoCoreError):
            return type(each).__name__.removesuffix("Error"), ""
        if found := BY_ARROW.search(str(each)):
            code = {"ACCESS_DENIED": "AccessDenied", "NO_SUCH_BUCKET": "NoSuchBucket", "NETWORK_CONNECTION": "unreachable"}
            return code[found["code"]], action_of(found["what"])
        each = each.__cause__ or each.__context__
    return "", ""


def action_of(operation: str) -> str:
    """The action of a policy that an operation needs: s3:GetObject."""
    for service, operations in OPERATIONS.items():
        if operation in operations:
            return f"{service}:{operations[operation] or operation}"
    in_s3 = any(word in operation for word in ("Object", "Bucket", "Upload"))
    return f"{'s3' if in_s3 else 'glue'}:{'ListBucket' if operation in ('HeadBucket', 'ListObjects') else operation}"


def actions() -> set[str]:
    """Every action that a policy has to allow for what this room does."""
    return {f"{service}:{name or operation}" for service, each in OPERATIONS.items() for operation, name in each.items()}
