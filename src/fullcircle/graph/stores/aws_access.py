"""Access to AWS: credentials, signatures (SigV4, service neptune-db) and boto3 clients. Secrets never leave this file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3  # type: ignore[import-untyped, unused-ignore]
import botocore.session  # type: ignore[import-untyped, unused-ignore]
from botocore import UNSIGNED  # type: ignore[import-untyped, unused-ignore]
from botocore.auth import SigV4Auth  # type: ignore[import-untyped, unused-ignore]
from botocore.awsrequest import AWSRequest  # type: ignore[import-untyped, unused-ignore]
from botocore.config import Config  # type: ignore[import-untyped, unused-ignore]
from botocore.exceptions import BotoCoreError  # type: ignore[import-untyped, unused-ignore]
from botocore.loaders import create_loader  # type: ignore[import-untyped, unused-ignore]

from fullcircle.errors import ConfigError, StoreRefused

SERVICE = "neptune-db"
HOST_OF_REGION = re.compile(r"\.([a-z]{2}(?:-[a-z]+)+-\d)\.neptune\.")


MODELS = create_loader()  # the descriptions of AWS's services; reading one takes 80 ms, and each session would read its own


def session() -> Any:
    """A boto3 session of its own, for credentials that may have changed, that shares the descriptions of services."""
    inner = botocore.session.get_session()
    inner.register_component("data_loader", MODELS)
    return boto3.Session(botocore_session=inner)


def region_of(host: str, given: str) -> str:
    """The region to sign for: the one in the host's name, else the one given. ConfigError if they differ."""
    found = HOST_OF_REGION.search(host)
    named = found[1] if found else ""
    if given and named and given != named:
        raise ConfigError(f'The region of [graph] is "{given}", but the endpoint is in {named}.', "Correct region, or remove it.")
    return given or named or str(session().region_name or "")


def control_client(region: str) -> Any:
    """A boto3 client for the control plane of a region, by default the region of the AWS settings."""
    how = Config(connect_timeout=10, read_timeout=30, retries={"mode": "standard"})
    return session().client("neptune", region_name=region or None, config=how)


@dataclass(frozen=True, slots=True)
class Cluster:
    """The address of a cluster. `iam`: requests are signed. `tls` is False only in tests on loopback."""

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
        """The address for Gremlin."""
        return f"ws{'s' if self.tls else ''}://{self.host}:{self.port}/gremlin"


class Access:
    """Signs requests to a cluster, with the credentials that boto3 finds: environment, profile, container or instance role."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._session = session()
        if cluster.iam and not cluster.region:
            raise ConfigError(f"The region of {cluster.host} is not known.", 'Set region = "..." in [graph].')

    def headers(self, method: str, url: str, body: bytes = b"", given: Mapping[str, str] | None = None) -> dict[str, str]:
        """The headers of a request, with a fresh signature if the cluster requires one. StoreRefused without credentials."""
        if not self.cluster.iam:
            return dict(given or {})
        request = AWSRequest(method, url, data=body, headers=dict(given or {}))
        SigV4Auth(self._credentials(), SERVICE, self.cluster.region).add_auth(request)
        signed = dict(request.headers.items())
        return {**signed, "Host": url.split("/")[2]}

    def _credentials(self) -> Any:
        """The current credentials; boto3 renews those of roles before they expire."""
        try:
            found = self._session.get_credentials()
            frozen = found.get_frozen_credentials() if found else None
        except BotoCoreError as error:
            raise StoreRefused(
                f"The AWS credentials cannot be renewed ({type(error).__name__}).",
                "Log in again (aws sso login), then try again.",
            ) from error
        if frozen is None:
            raise StoreRefused(
                f"No AWS credentials were found, and {self.cluster.host} requires signed requests.",
                "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run on a machine that has a role. "
                "If the cluster does not use IAM, set iam = false in [graph].",
            )
        return frozen

    def data_client(self) -> Any:
        """A boto3 client for the cluster's HTTP interfaces. It does not retry: neptune/data.py does."""
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
    """Keep the text of the cluster's errors: boto3 drops it for errors that its model does not list (AccessDenied)."""
    if response_dict["status_code"] >= 400:
        customized_response_dict["Said"] = response_dict["body"].decode(errors="replace")
