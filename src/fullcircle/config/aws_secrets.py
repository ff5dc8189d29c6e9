"""Secrets in AWS Secrets Manager, by boto3: `aws:NAME`, `aws:NAME#KEY` for one value of a JSON secret; NAME may be the ARN."""

from __future__ import annotations

import json
import re
from typing import Any

import boto3  # type: ignore[import-untyped, unused-ignore]
from botocore.config import Config  # type: ignore[import-untyped, unused-ignore]
from botocore.exceptions import (  # type: ignore[import-untyped, unused-ignore]
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    HTTPClientError,
)

from fullcircle.errors import ConfigError, FullcircleError, SourceUnreachable

REGION = re.compile(r"arn:[a-z-]+:secretsmanager:([a-z0-9-]+):")
CREDENTIALS = (
    "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run on a machine that has a role. The region is that of "
    "AWS_REGION or of the profile, or of the ARN."
)
PASSES = {"ThrottlingException", "InternalServiceError", "InternalServiceErrorException", "ServiceUnavailableException"}


def value_of(name: str, key: str, what: str) -> str:
    """The value of a secret; `key`: of this key of its JSON. ConfigError, or SourceUnreachable if AWS does not answer."""
    try:
        found = _client(name).get_secret_value(SecretId=name)
    except ClientError as error:
        raise _refused(error, name, what) from None
    except (EndpointConnectionError, HTTPClientError):
        raise SourceUnreachable(
            f"{what} is in AWS Secrets Manager, which does not answer.", "See that this machine reaches AWS, then try again."
        ) from None
    except BotoCoreError as error:
        raise ConfigError(
            f"{what} is in AWS Secrets Manager, which cannot be asked ({type(error).__name__}).", CREDENTIALS
        ) from None
    text = found.get("SecretString")
    if text is None:
        try:
            text = found["SecretBinary"].decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            raise ConfigError(f"The AWS secret {name} is not a text.", "Store it as a text.") from None
    return _of_key(str(text), name, key) if key else str(text).strip()


def _client(name: str) -> Any:
    arn = REGION.match(name)
    how = Config(connect_timeout=10, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 3})
    return boto3.Session().client("secretsmanager", region_name=arn[1] if arn else None, config=how)


def _of_key(text: str, name: str, key: str) -> str:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ConfigError(
            f"The AWS secret {name} is not a JSON object, so it has no keys.", f"Write aws:{name} for its whole text."
        )
    if not isinstance(found.get(key), str | int | float):
        raise ConfigError(f'The AWS secret {name} has no text under the key "{key}".', f"Its keys: {', '.join(sorted(found))}.")
    return str(found[key])


def _refused(error: ClientError, name: str, what: str) -> FullcircleError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    if code in PASSES:
        return SourceUnreachable(f"{what} is in AWS Secrets Manager, which is too busy to answer.", "Try again in a while.")
    if code in ("ResourceNotFoundException", "InvalidRequestException"):
        return ConfigError(
            f"{what} is the AWS secret {name}, which does not exist or was deleted.",
            "Check its name and the region (AWS_REGION), or write its ARN.",
        )
    if "AccessDenied" in code or code == "DecryptionFailure":
        return ConfigError(
            f"{what} is the AWS secret {name}, which these credentials may not read.",
            "Allow them secretsmanager:GetSecretValue on it, and kms:Decrypt on its key.",
        )
    return ConfigError(f"{what} is the AWS secret {name}, which AWS refuses ({code}).", CREDENTIALS)
