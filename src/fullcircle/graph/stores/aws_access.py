"""Who we are for AWS: credentials, signatures (SigV4, service neptune-db) and boto3 clients. Secrets never leave this file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3  # type: ignore[import-untyped, unused-ignore]
from botocore import UNSIGNED  # type: ignore[import-untyped, unused-ignore]
from botocore.auth import SigV4Auth  # type: ignore[import-untyped, unused-ignore]
from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped, unused-ignore]
from botocore.config import Config  # type: ignore[import-untyped, unused-ignore]
from botocore.exceptions import BotoCoreError  # type: ignore[import-untyped, unused-ignore]

from fullcircle.errors import ConfigError, StoreRefused

SERVICE = "neptune-db"
HOST_OF_REGION = re.compile(r"\.([a-z]{2}(?:-[a-z]+)+-\d)\.neptune\.")


def region_of(host: str, given: str) -> str:
    """The region to sign for: the one in the host's name, else the one given. ConfigError where they differ."""
    found = HOST_OF_REGION.search(host)
    named = found[1] if found else ""
    if given and named and given != named:
        raise ConfigError(
            f'The region of [graph] is "{given}", but the endpoint is in {named}.', "Correct region, or leave it out."
        )
    return given or named or str(boto3.Session().region_name or "")


def control_client(region: str) -> Any:
    """A boto3 client for the control plane of a region; none given: that of the AWS settings."""
    how = Config(connect_timeout=10, read_timeout=30, retries={"mode": "standard"})
    return boto3.Session().client("neptune", region_name=region or None, config=how)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a cluster answers. `iam`: requests are signed; `tls` False is for tests on loopback."""

    host: str
    port: int = 8182
    region: str = ""
    iam: bool = True
    tls: bool = True
    timeout: float = 120.0  # seconds a request may take

    @property
    def http(self) -> str:
        """The root of the HTTP interfaces."""
        return f"http{'s' if self.tls else ''}://{self.host}:{self.port}"

    @property
    def websocket(self) -> str:
        """Where Gremlin is spoken."""
        return f"ws{'s' if self.tls else ''}://{self.host}:{self.port}/gremlin"


class Access:
    """Signs what goes to a cluster. Credentials are those boto3 finds: environment, profile, container or instance role."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._session = boto3.Session()
        if cluster.iam and not cluster.region:
            raise ConfigError(f"The region of {cluster.host} is not known.", 'Write region = "..." into [graph].')

    def headers(self, method: str, url: str, body: bytes = b"", given: Mapping[str, str] | None = None) -> dict[str, str]:
        """The headers of a request, signed at this moment where the cluster wants that. StoreRefused without credentials."""
        if not self.cluster.iam:
            return dict(given or {})
        request = AWSRequest(method, url, data=body, headers=dict(given or {}))
        SigV4Auth(self._credentials(), SERVICE, self.cluster.region).add_auth(request)
        signed = dict(request.headers.items())
        return {**signed, "Host": url.split("/")[2]}

    def _credentials(self) -> Any:
        """The credentials as they are now; roles are renewed by boto3 before they expire."""
        try:
            found = self._session.get_credentials()
            frozen = found.get_frozen_credentials() if found else None
        except BotoCoreError as error:
            raise StoreRefused(
                f"The AWS credentials cannot be renewed ({type(error).__name__}).", "Log in again (aws sso login), then repeat."
            ) from error
        if frozen is None:
            raise StoreRefused(
                f"There are no AWS credentials to sign with, and {self.cluster.host} wants signatures.",
                "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role is given; "
                "iam = false in [graph] if the cluster does not use IAM.",
            )
        return frozen

    def data_client(self) -> Any:
        """A boto3 client for the cluster's HTTP interfaces; it does not try again, we do (data.py)."""
        how = Config(
            connect_timeout=10, read_timeout=self.cluster.timeout + 15, retries={"total_max_attempts": 1},
            signature_version=None if self.cluster.iam else UNSIGNED,
        )  # fmt: skip
        client = self._client("neptunedata", config=how, endpoint_url=self.cluster.http)
        client.meta.events.register("before-parse.neptunedata", _with_words)
        return client

    def s3_client(self) -> Any:
        """A boto3 client for S3."""
        return self._client("s3", config=Config(retries={"mode": "standard", "total_max_attempts": 5}))

    def _client(self, service: str, **options: Any) -> Any:
        return self._session.client(service, region_name=self.cluster.region or "us-east-1", **options)


def _with_words(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    """Keep what the cluster says in an error: boto3 drops the words of errors that its model does not list (AccessDenied)."""
    if response_dict["status_code"] >= 400:
        customized_response_dict["Said"] = response_dict["body"].decode(errors="replace")
