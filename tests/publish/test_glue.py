"""A lake on AWS, on moto: what the catalog says of columns, what is left in the bucket, other writers, and what AWS refuses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from pyiceberg.table import DataScan

from fullcircle.engine.base import Engine
from fullcircle.errors import ConfigError, PublishError
from fullcircle.publish.base import Outgoing, Sent, TargetContext
from fullcircle.publish.targets.iceberg.glue import GlueLake
from fullcircle.publish.targets.iceberg.ground import IcebergOptions
from fullcircle.publish.targets.iceberg.target import Iceberg
from tests.publish.conftest import same
from tests.servers.aws_calls import client_of, denied

CUSTOMERS = Outgoing("customers", "customers", ("customer_id",))


@pytest.fixture
def lake(on_aws: dict[str, str], tmp_path: Path) -> Iterator[Iceberg]:
    opened = Iceberg(TargetContext("lake", tmp_path, {**on_aws, "keep_snapshots": 2, "lf_tag": "personal"}))
    yield opened
    opened.close()


def keys(lake: Iceberg) -> set[str]:
    bucket = lake.options.warehouse.split("/")[2]
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {f"s3://{bucket}/{one['Key']}" for page in pages for one in page.get("Contents", ())}


def test_glue_says_of_each_column_what_is_in_it(engine: Engine, lake: Iceberg) -> None:
    lake.send(engine, CUSTOMERS)
    found = boto3.client("glue").get_table(DatabaseName=lake.options.namespace, Name="customers")["Table"]
    said = {one["Name"]: one.get("Comment", "").partition(":")[0] for one in found["StorageDescriptor"]["Columns"]}
    assert said == {
        "customer_id": "plain", "name": "contact", "email": "contact", "birth_date": "sensitive", "records": "plain",
        "sources": "plain", "first_seen": "plain", "spent": "unclassified", "loyal": "unclassified",
    }  # fmt: skip
    where = {"TableWithColumns": {"DatabaseName": lake.options.namespace, "Name": "customers", "ColumnNames": ["name"]}}
    tagged = boto3.client("lakeformation").get_resource_lf_tags(Resource=where)["LFTagsOnColumns"]
    tags = {one["Name"]: [tag["TagValues"] for tag in one["LFTags"]] for one in tagged}
    assert tags["name"] == [["contact"]]
    engine.run("ALTER TABLE customers ADD COLUMN phone VARCHAR")
    lake.send(engine, CUSTOMERS)
    found = boto3.client("glue").get_table(DatabaseName=lake.options.namespace, Name="customers")["Table"]
    assert {one["Name"]: one["Comment"] for one in found["StorageDescriptor"]["Columns"]}["phone"].startswith("contact")


def test_a_tag_that_an_administrator_made_is_used(engine: Engine, lake: Iceberg, monkeypatch: pytest.MonkeyPatch) -> None:
    there = [True]

    def answer(operation: str, params: dict[str, Any]) -> Any:
        if operation == "CreateLFTag":
            return denied(operation)
        return {} if there[0] else ClientError({"Error": {"Code": "EntityNotFoundException"}}, operation)

    real = GlueLake._client
    tags = client_of("lakeformation", answer)
    monkeypatch.setattr(
        GlueLake, "_client", lambda self, name, **more: tags if name == "lakeformation" else real(self, name, **more)
    )
    assert lake.send(engine, CUSTOMERS).inserted == 1000
    there[0] = False
    engine.run("ALTER TABLE customers ADD COLUMN phone VARCHAR")
    with pytest.raises(PublishError, match="AWS allows no lakeformation:CreateLFTag"):
        lake.send(engine, CUSTOMERS)


def test_a_small_change_reads_and_rewrites_nothing_and_nothing_is_left_behind(
    engine: Engine, lake: Iceberg, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.send(engine, CUSTOMERS)
    first = {key for key in keys(lake) if key.endswith(".parquet")}
    with monkeypatch.context() as patched:
        patched.setattr(DataScan, "to_arrow_batch_reader", lambda _: pytest.fail("the table was read"))
        for day in range(4):
            engine.run(f"UPDATE customers SET name = 'Bea {day}' WHERE records = {day}")
            assert lake.send(engine, CUSTOMERS) == Sent("customers", 1000, changed=1)
    assert first <= keys(lake)
    same(engine, lake, "customers")
    lake.drop_older_content(["customers"])
    assert len(lake.catalog.load_table(f"{lake.options.namespace}.customers").snapshots()) == 1
    assert len([key for key in keys(lake) if key.endswith(".parquet")]) == 1
    assert not first & keys(lake)
    same(engine, lake, "customers")


def test_what_another_writer_did_in_between_is_not_lost_and_the_engine_wins(
    engine: Engine, lake: Iceberg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.send(engine, CUSTOMERS)
    other = Iceberg(TargetContext("lake", tmp_path, {**lake.options.model_dump(exclude_none=True)}))
    send, first = Iceberg._send, []

    def between(self: Any, engine: Engine, what: Outgoing) -> Sent:
        if not first:
            first.append(True)
            table = other.catalog.load_table(f"{lake.options.namespace}.customers")
            real = lake.catalog.commit_table

            def late(*given: Any) -> Any:
                monkeypatch.setattr(lake.catalog, "commit_table", real)
                table.delete("records < 5")
                return real(*given)

            monkeypatch.setattr(lake.catalog, "commit_table", late)
        return send(self, engine, what)

    monkeypatch.setattr(Iceberg, "_send", between)
    engine.run("UPDATE customers SET name = 'Bea' WHERE records = 7")
    sent = lake.send(engine, CUSTOMERS)
    assert (sent.rows, sent.inserted, sent.changed) == (1000, 5, 1)
    same(engine, lake, "customers")
    other.close()


def test_a_bucket_that_is_not_there(engine: Engine, on_aws: dict[str, str], tmp_path: Path) -> None:
    lake = Iceberg(TargetContext("lake", tmp_path, {**on_aws, "warehouse": "s3://nobody-made-this/x"}))
    with pytest.raises(PublishError, match="the bucket does not exist"):
        lake.send(engine, CUSTOMERS)
    lake.close()


def test_without_a_login(on_aws: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(PublishError, match="no AWS credentials were found"):
        Iceberg(TargetContext("lake", tmp_path, dict(on_aws)))


def _refused(code: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "who@example.org may not"}}, operation)


def _by_arrow(code: str, operation: str) -> OSError:
    return OSError(f"When writing key 'x' in bucket 'b': AWS Error {code} during {operation} operation: who@example.org")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (_refused("AccessDeniedException", "UpdateTable"), "AWS allows no glue:UpdateTable."),
        (_refused("AccessDenied", "DeleteObjects"), "AWS allows no s3:DeleteObject."),
        (_refused("AccessDenied", "ListObjectsV2"), "AWS allows no s3:ListBucket."),
        (_refused("AccessDeniedException", "AddLFTagsToResource"), "AWS allows no lakeformation:AddLFTagsToResource."),
        (_by_arrow("ACCESS_DENIED", "CreateMultipartUpload"), "AWS allows no s3:PutObject."),
        (_by_arrow("ACCESS_DENIED", "HeadObject"), "AWS allows no s3:GetObject."),
        (_by_arrow("NO_SUCH_BUCKET", "PutObject"), "the bucket does not exist."),
        (_refused("ExpiredTokenException", "GetTable"), "AWS knows no valid login (ExpiredTokenException)."),
        (EndpointConnectionError(endpoint_url="https://s3.example.org"), "AWS does not answer."),
        (_refused("ThrottlingException", "GetTable"), "ThrottlingException."),
        (ValueError("who@example.org"), "ValueError."),
    ],
)
def test_what_aws_refuses_is_one_sentence_with_the_action_that_is_missing(error: Exception, said: str) -> None:
    outer = RuntimeError("who@example.org")
    outer.__cause__ = error if not isinstance(error, ValueError) else None
    refusal = GlueLake(IcebergOptions(warehouse="s3://a-bucket/x", catalog="glue")).refusal(
        outer if outer.__cause__ else error, "customers"
    )
    assert said in refusal.message
    assert refusal.hint
    assert "who@" not in refusal.message + refusal.hint


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"warehouse": "/data/lake"}, "not a place in S3"),
        ({"warehouse": ""}, "not a place in S3"),
        ({"namespace": "Customer-360"}, 'Glue has no database "Customer-360"'),
        ({"path": Path("/data/lake")}, "path is for a lake in a folder"),
        ({"catalog": "hive"}, 'catalog is "hive"'),
        ({"catalog": ""}, 'catalog is ""'),
    ],
)
def test_options_that_cannot_be_meant_stop_before_any_work(wrong: dict[str, Any], said: str, tmp_path: Path) -> None:
    given = {"catalog": "glue", "warehouse": "s3://a-bucket/x", "namespace": "customer360", **wrong}
    with pytest.raises(ConfigError, match=said):
        Iceberg.check_options(TargetContext("lake", tmp_path, given))
