"""What errors of Neptune and of boto3 mean: which ones may pass, and one clear sentence for each of the others.

The server's text is not repeated, because it may contain values; only names of errors and of IAM actions are taken from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from botocore.exceptions import (  # type: ignore[import-untyped, unused-ignore]
    BotoCoreError,
    ClientError,
    ConnectionError,
    HTTPClientError,
    NoCredentialsError,
)
from gremlin_python.process.traversal import Bytecode

from fullcircle.errors import StoreError, StoreRefused, StoreUnreachable
from fullcircle.graph.stores.gremlin.connection import Message
from fullcircle.graph.stores.gremlin.retry import BROKEN
from fullcircle.graph.stores.transient import FOREVER, Verdict, said

ACTION = re.compile(r"(neptune-db|s3|rds):[A-Z]\w+")
READ, WRITE, DELETE = "neptune-db:ReadDataViaQuery", "neptune-db:WriteDataViaQuery", "neptune-db:DeleteDataViaQuery"
MERGES = {"mergeV", "mergeE", "addV", "addE"}
# Text of a refusal -> the reason, and what to do.
REASONS = (
    ("Credential should be scoped to a valid [Rr]egion", "the signature is for another region", "Correct region in [graph]."),
    (
        "Credential should be scoped to correct service",
        "the signature is for another service",
        "Check that endpoint is a Neptune cluster.",
    ),
    (
        "ExpiredToken|token included in the request is expired",
        "the AWS credentials have expired",
        "Log in again, then try again.",
    ),
    ("Signature expired|Signature not yet current", "the clock of this machine is wrong by minutes", "Set the clock by NTP."),
    (
        "token included in the request is invalid|InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId",
        "the AWS credentials are not valid",
        "Check AWS_PROFILE or the AWS_ACCESS_KEY_ID in use.",
    ),
    (
        "does not match the signature|SignatureDoesNotMatch|InvalidSignature",
        "the signature is wrong",
        "Check the secret key.",
    ),
    ("Missing ?Authentication ?Token", "it requires signed requests", "Set iam = true in [graph]."),
)


def actions_of(message: Message) -> tuple[str, ...]:
    """The IAM actions a Gremlin request needs."""
    steps = {step for step, *_ in message.step_instructions} if isinstance(message, Bytecode) else set()
    if steps & MERGES:
        return READ, WRITE, DELETE  # replacing a property also is a deletion
    return (READ, DELETE) if "drop" in steps else (READ,)


def refusal(text: str, where: str, actions: Sequence[str]) -> StoreRefused:
    """The error for a 403: the reason if the server gives one, else the action that is missing."""
    for words, what, hint in REASONS:
        if re.search(words, text):
            return StoreRefused(f"{where} refuses the request: {what}.", hint)
    named = ACTION.search(text)
    missing = named.group() if named else " or ".join(actions)
    return StoreRefused(
        f"{where} refuses the request: the IAM policy does not allow {missing}.",
        "Allow it in the policy of this user or role (a change takes up to ten minutes). All actions: docs/how-to/neptune.md.",
    )


def verdict(error: BaseException, where: str, actions: Sequence[str]) -> Verdict:
    """What an error of boto3 means."""
    if isinstance(error, ClientError):
        return _of_server(error, where, actions)
    if isinstance(error, NoCredentialsError):
        return Verdict(StoreRefused("No AWS credentials were found.", "Set AWS_PROFILE or the AWS_ variables."))
    if isinstance(error, HTTPClientError | ConnectionError):
        return Verdict(unreachable(where), FOREVER, 0.2, redial=True)
    if isinstance(error, BotoCoreError):
        return Verdict(
            StoreError(f"The request to {where} could not be made ({type(error).__name__}).", "Check the settings in [graph].")
        )
    return Verdict(unreachable(where), 2, 0.2, redial=True)


def unreachable(where: str) -> StoreUnreachable:
    """The error if the cluster does not answer."""
    return StoreUnreachable(
        f"{where} does not answer.",
        "Check endpoint and port in [graph]. Neptune answers only inside its VPC: check that this machine is in it, and that the "
        "security group lets it in.",
    )


def code_of(error: BaseException) -> str:
    """The name of a server's error; empty if it has none."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def _of_server(error: ClientError, where: str, actions: Sequence[str]) -> Verdict:
    text = f"{error} {error.response.get('Said', '')}"
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    passing = said(text, where)
    if passing is not None:
        return passing
    if any(sign in text for sign in BROKEN) or status in (502, 503, 504):
        return Verdict(unreachable(where), FOREVER, 0.5, redial=True)
    if status in (401, 403) or "AccessDenied" in text:
        return Verdict(refusal(text, where, actions))
    return Verdict(StoreError(f"{where} refused a request ({code_of(error) or status}).", "See its audit log for the reason."))
