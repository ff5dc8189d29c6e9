"""A cluster named in [graph] by its identifier alone: the control plane is moto's, the cluster itself fake_neptune.py."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
import pytest
from botocore.exceptions import ClientError

from fullcircle.book.book import Book
from fullcircle.engine.base import Engine
from fullcircle.errors import ConfigError, StoreRefused, StoreUnreachable
from fullcircle.graph.base import StoreContext
from fullcircle.graph.digest import digest
from fullcircle.graph.stores.neptune import control
from fullcircle.graph.stores.neptune.store import Neptune
from fullcircle.graph.sync import sync
from fullcircle.model.graph import EDGES, VERTICES
from fullcircle.model.progress import Silent
from tests.servers.fake_neptune import REGION, ROLE, FakeNeptune, left
from tests.servers.gremlin import free_port

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("neptune")]
EVERY = [*VERTICES, *EDGES]
Dial = Callable[..., Neptune]


def kept() -> Any:
    """What moto keeps."""
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.rds.models import rds_backends  # takes a second to import

    return rds_backends[DEFAULT_ACCOUNT_ID][REGION]


@pytest.fixture
def plane(aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client for moto's control plane, empty."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_NEPTUNE", os.environ["AWS_ENDPOINT_URL_S3"])
    kept().reset()
    yield boto3.client("neptune", region_name=REGION)
    kept().reset()


def found(plane: Any, port: int, *roles: str, iam: bool = False) -> None:
    """Make the cluster `customers`."""
    plane.create_db_cluster(DBClusterIdentifier="customers", Engine="neptune", Port=port)
    for place, role in enumerate(roles):
        feature = {"FeatureName": f"f{place}"} if place else {}  # moto wants another for each
        plane.add_role_to_db_cluster(DBClusterIdentifier="customers", RoleArn=role, **feature)
    kept().clusters["customers"].iam_auth = iam  # moto takes it of Aurora only


@pytest.fixture
def dial(monkeypatch: pytest.MonkeyPatch) -> Iterator[Dial]:
    """Opens the store; names in moto's zone lead to this machine."""
    opened: list[Neptune] = []
    real = socket.getaddrinfo

    def resolve(host: Any, *more: Any, **named: Any) -> Any:
        return real("127.0.0.1" if str(host).endswith(".rds.amazonaws.com") else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    def make(read_only: bool = False, **given: object) -> Neptune:
        own = {"cluster": "customers", "region": REGION, "tls": False, "workers": 2, "patience_seconds": 5, "poll_seconds": 0.05}
        opened.append(Neptune(StoreContext(Path(), {**own, **given}, read_only)))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


def test_everything_is_looked_up(plane: Any) -> None:
    found(plane, 9999, ROLE, iam=True)
    known = control.look_up("customers", REGION)
    assert known.writer.startswith("customers.cluster-")
    assert known.reader.startswith("customers.cluster-ro-")
    assert (known.port, known.iam, known.roles) == (9999, True, (ROLE,))


def test_a_name_is_enough_to_read_and_write(neptune: FakeNeptune, plane: Any, dial: Dial) -> None:
    found(plane, neptune.port)
    writer, reader = dial(), dial(read_only=True)
    writer.prepare()
    assert reader.count()["Customer"] == 0
    assert writer._cluster.host != reader._cluster.host
    assert "cluster-ro-" in reader._cluster.host
    assert "Authorization" not in neptune.proxy.headers[0]


def test_requests_are_signed_where_the_cluster_wants_that(neptune: FakeNeptune, plane: Any, dial: Dial) -> None:
    found(plane, neptune.port, iam=True)
    dial().prepare()
    assert f"/{REGION}/neptune-db/aws4_request" in neptune.proxy.headers[0]["Authorization"]


def test_the_one_attached_role_loads(
    neptune: FakeNeptune, plane: Any, dial: Dial, aws: str, engine: Engine, book: Book, clean: str
) -> None:
    found(plane, neptune.port, ROLE)
    store = dial(bucket=f"s3://{aws}/graph", bulk_from=1)
    sync(engine, store, book, EVERY, Silent())
    assert {job.given["iamRoleArn"] for job in neptune.jobs.values()} == {ROLE}
    assert digest(store) == clean


@pytest.mark.parametrize("roles", [(), ("arn:aws:iam::123456789012:role/other",)])
def test_a_role_that_is_not_attached_is_told_before_anything_is_laid_down(
    neptune: FakeNeptune, plane: Any, dial: Dial, aws: str, engine: Engine, book: Book, roles: tuple[str, ...]
) -> None:
    found(plane, neptune.port, *roles)
    store = dial(bucket=f"s3://{aws}/graph", bulk_from=1, loader_role=ROLE)
    with pytest.raises(ConfigError, match=r"loader_role .* is not attached to the cluster customers") as raised:
        sync(engine, store, book, EVERY, Silent())
    assert "add-role-to-db-cluster" in raised.value.hint
    assert not left(aws)
    assert not neptune.called("/loader")
    with pytest.raises(ConfigError, match="not attached"):
        store.bulk_load([], Silent())


def test_which_of_several_roles_is_not_guessed(neptune: FakeNeptune, plane: Any, dial: Dial, aws: str) -> None:
    found(plane, neptune.port, ROLE, "arn:aws:iam::123456789012:role/export")
    with pytest.raises(ConfigError, match="2 roles") as raised:
        dial(bucket=f"s3://{aws}/graph")
    assert "loader_role" in raised.value.hint
    assert dial(read_only=True, bucket=f"s3://{aws}/graph").count()["Customer"] == 0


# -- one clear error each ------------------------------------------------------------------------------------------------


def test_no_such_cluster(plane: Any) -> None:
    found(plane, 8182)
    with pytest.raises(ConfigError, match=f'{REGION} has no Neptune cluster "customer"'):
        control.look_up("customer", REGION)
    with pytest.raises(ConfigError, match='us-east-1 has no Neptune cluster "customers"'):
        control.look_up("customers", "us-east-1")


def test_a_cluster_of_another_sort(plane: Any) -> None:
    rds = boto3.client("rds", region_name=REGION, endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"])
    rds.create_db_cluster(DBClusterIdentifier="shop", Engine="aurora-mysql", MasterUsername="me", MasterUserPassword="made-up-1")
    with pytest.raises(ConfigError, match="aurora-mysql"):
        control.look_up("shop", REGION)


def test_a_cluster_that_is_stopped(plane: Any) -> None:
    found(plane, 8182)
    kept().clusters["customers"].status = "stopped"
    with pytest.raises(StoreUnreachable, match="customers is stopped") as raised:
        control.look_up("customers", REGION)
    assert "start-db-cluster" in raised.value.hint


@pytest.mark.parametrize(
    ("code", "said", "expected"),
    [
        ("AccessDenied", "User: arn:aws:sts::1:x is not authorized to perform: rds:DescribeDBClusters", "rds:DescribeDBClusters"),
        ("AccessDenied", "no", "rds:DescribeDBClusters"),
        ("ExpiredToken", "The security token included in the request is expired", "have expired"),
        ("InvalidClientTokenId", "The security token included in the request is invalid.", "not valid"),
    ],
)
def test_a_refusal_says_why(plane: Any, code: str, said: str, expected: str) -> None:
    given = {"Error": {"Code": code, "Message": said}, "ResponseMetadata": {"HTTPStatusCode": 403}}
    with (
        mock.patch("botocore.client.BaseClient._make_api_call", side_effect=ClientError(given, "DescribeDBClusters")),
        pytest.raises(StoreRefused, match=expected) as error,
    ):
        control.look_up("customers", REGION)
    assert "arn:aws" not in error.value.message


def test_nobody_there(plane: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_NEPTUNE", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(StoreUnreachable, match="control plane") as raised:
        control.look_up("customers", REGION)
    assert "VPC endpoint" in raised.value.hint
    assert "endpoint" in raised.value.hint


def test_no_credentials_and_no_region(plane: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="region"):
        control.look_up("customers", "")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(StoreRefused, match="No AWS credentials"):
        control.look_up("customers", REGION)


@pytest.mark.parametrize("given", [{"endpoint": "x"}, {"reader": "x"}, {"port": 8182}, {"iam": False}, {"cluster": ""}])
def test_either_the_name_or_the_endpoints(plane: Any, dial: Dial, given: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="cluster"):
        dial(**given)
