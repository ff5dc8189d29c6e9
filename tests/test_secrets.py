"""Secrets by reference: from the environment, a file, and AWS Secrets Manager (moto's)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from moto import mock_aws

from fullcircle.config import aws_secrets
from fullcircle.config.secrets import secret, url
from fullcircle.errors import ConfigError, MissingExtra, SourceUnreachable

WORD = "hunter2"


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of a Secrets Manager that is empty."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "eu-central-1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield boto3.client("secretsmanager", region_name="eu-central-1")


def test_a_secret_by_name_by_arn_and_by_a_key_of_its_json(manager: Any) -> None:
    made = manager.create_secret(Name="prod/crm@eu", SecretString=f" {WORD}\n")
    manager.create_secret(Name="db", SecretString=json.dumps({"password": WORD, "port": 5432, "more": {}}))
    manager.create_secret(Name="binary", SecretBinary=WORD.encode())
    for reference in ("aws:prod/crm@eu", f"aws:{made['ARN']}", "aws:db#password", "aws:binary"):
        found = secret(reference, "The password of [graph]")
        assert found.reveal() == WORD
        assert WORD not in f"{found} {found!r}"
    assert secret("aws:db#port", "it").reveal() == "5432"
    manager.create_secret(Name="url", SecretString=f"postgresql://me:{WORD}@127.0.0.1/shop")
    assert url("aws:url", "The url").reveal().startswith("postgresql://me")


def test_the_region_of_an_arn_goes_before_that_of_the_machine(manager: Any) -> None:
    elsewhere = boto3.client("secretsmanager", region_name="us-west-2").create_secret(Name="far", SecretString=WORD)
    assert secret(f"aws:{elsewhere['ARN']}", "it").reveal() == WORD
    with pytest.raises(ConfigError, match="does not exist"):
        secret("aws:far", "it")


def test_a_rotated_secret_is_used_at_once(manager: Any) -> None:
    manager.create_secret(Name="db", SecretString="old")
    assert secret("aws:db", "it").reveal() == "old"
    manager.put_secret_value(SecretId="db", SecretString="new")
    assert secret("aws:db", "it").reveal() == "new"


def test_what_is_wrong_is_said_without_values(manager: Any) -> None:
    manager.create_secret(Name="plain", SecretString=WORD)
    manager.create_secret(Name="json", SecretString=json.dumps({"a": WORD, "b": [WORD]}))
    manager.create_secret(Name="odd", SecretBinary=b"\xff\xfe")
    manager.create_secret(Name="gone", SecretString=WORD)
    manager.delete_secret(SecretId="gone")
    for reference, said in {
        "aws:nothing": "which does not exist or was deleted", "aws:gone": "which does not exist or was deleted",
        "aws:plain#password": "not a JSON object", "aws:json#c": 'no text under the key "c"', "aws:json#b": "no text under",
        "aws:odd": "not a text", "aws:": "in plain text", "aws:a b": "in plain text", "aws:x://y": "in plain text",
        "aws:x#": "in plain text", "aws:plain#a#b": "in plain text",
    }.items():  # fmt: skip
        with pytest.raises(ConfigError, match=said) as caught:
            secret(reference, "The password")
        assert WORD not in caught.value.message + caught.value.hint


def _answers(error: Exception) -> object:
    class Client:
        def get_secret_value(self, **_: str) -> None:
            raise error

    return lambda _: Client()


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetSecretValue"), ConfigError, "may not read"),
        (ClientError({"Error": {"Code": "ThrottlingException"}}, "GetSecretValue"), SourceUnreachable, "too busy"),
        (ClientError({"Error": {"Code": "UnrecognizedClientException"}}, "GetSecretValue"), ConfigError, "refuses"),
        (EndpointConnectionError(endpoint_url="https://example.org"), SourceUnreachable, "does not answer"),
        (NoCredentialsError(), ConfigError, "cannot be asked"),
    ],
)
def test_aws_refuses_or_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, error: Exception, kind: type[Exception], said: str
) -> None:
    monkeypatch.setattr(aws_secrets, "_client", _answers(error))
    with pytest.raises(kind, match=said) as caught:
        secret("aws:db", "The password")
    assert getattr(caught.value, "retry", False) == (kind is SourceUnreachable)


def test_without_a_region_it_says_so(manager: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(ConfigError, match="NoRegionError") as caught:
        secret("aws:db", "The password")
    assert "AWS_REGION" in caught.value.hint


def test_without_boto3_it_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    monkeypatch.delitem(sys.modules, "fullcircle.config.aws_secrets", raising=False)
    with pytest.raises(MissingExtra, match="boto3"):
        secret("aws:db", "The password")


def test_environment_and_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PASSWORD", WORD)
    (tmp_path / "it").write_text(f"{WORD}\n")
    assert secret("env:CRM_PASSWORD", "it").reveal() == secret("file:it", "it", tmp_path).reveal() == WORD
    with pytest.raises(ConfigError, match="in plain text") as caught:
        secret(WORD, "The password")
    assert "aws:NAME" in caught.value.hint
