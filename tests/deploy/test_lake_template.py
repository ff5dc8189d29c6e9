"""The template of the lake: valid to AWS's own schemas, closed, and its roles may do what the code does, and nothing else."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import botocore.session
import pyiceberg.catalog.glue
import pytest
from botocore import xform_name

import fullcircle.publish
from fullcircle.config.sections import AthenaSettings
from fullcircle.model.field_classes import CLASSES
from fullcircle.publish.aws import OPERATIONS, actions
from fullcircle.publish.targets.iceberg.ground import IcebergOptions
from fullcircle.publish.targets.redshift.options import RedshiftOptions
from tests.deploy.test_aws_templates import FOLDER, REGIONS, allowed, listed, of_type, statements, template

NAME = "lake.yaml"
# What is needed beside the operations of the code: parts of uploads that failed, the bucket's key, and what Athena and the Data
# API ask for on behalf of who asks them.
BESIDE = {
    "s3:AbortMultipartUpload", "s3:GetBucketLocation", "kms:GenerateDataKey", "kms:Decrypt", "lakeformation:GetDataAccess",
    "redshift-serverless:GetCredentials",
}  # fmt: skip
WITHOUT_RESOURCES = {  # AWS takes no resource for these
    "lakeformation:CreateLFTag", "lakeformation:AddLFTagsToResource", "lakeformation:GetDataAccess",
    "redshift-data:DescribeStatement", "redshift-data:GetStatementResult", "redshift-data:CancelStatement",
}  # fmt: skip
READING = {"glue:GetDatabase", "glue:GetTable", "glue:GetTables", "s3:ListBucket", "s3:GetObject"}


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    found: dict[str, Any] = template(NAME)["Resources"]
    return found


def test_the_list_of_operations_is_what_the_code_calls() -> None:
    """Calls of clients, by their names in the room; what the catalog's library and S3's transfers call is listed, too."""
    text = "\n".join(path.read_text() for path in Path(fullcircle.publish.__file__).parent.rglob("*.py"))
    library = inspect.getsource(pyiceberg.catalog.glue)
    session = botocore.session.get_session()
    for service, operations in OPERATIONS.items():
        names = session.get_service_model(service).operation_names
        called = {name for name in names if re.search(rf"[.\"]{xform_name(name)}\b", text)}
        of_others = {name for other, theirs in OPERATIONS.items() if other != service for name in theirs}
        called -= of_others - set(operations) | {"UpdateSchema", "ListTables"}  # methods of the library, too
        assert called <= set(operations), service
        rest = set(operations) - called
        if service == "glue":
            rest = {name for name in rest if f".{xform_name(name)}(" not in library}
        assert not rest or service == "s3", f"{service}: nothing calls {rest}"


def test_cfn_lint_has_nothing_to_say() -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--regions", *REGIONS, "--", str(FOLDER / NAME)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_writer_may_do_what_the_code_does_and_nothing_else(resources: dict[str, Any]) -> None:
    writes, asks, tags = (allowed(resources[name]) for name in ("WriterPolicy", "AskerPolicy", "TagPolicy"))
    assert writes | asks | tags == actions() | BESIDE
    mine = {f"athena:{operation}" for operation in OPERATIONS["athena"]}
    assert asks == mine | READING | {"s3:PutObject"} | BESIDE - {"redshift-serverless:GetCredentials"}
    assert allowed(resources["CopyRole"]["Properties"]["Policies"]) == READING | {"kms:Decrypt"}


def test_no_policy_is_wider_than_it_can_be(resources: dict[str, Any]) -> None:
    for key in ("WriterPolicy", "AskerPolicy", "TagPolicy", "CopyRole"):
        for one in statements(resources[key]):
            found = set(listed(one["Action"]))
            assert not [action for action in found if "*" in action]
            assert one.get("Resource") != "*" or found <= WITHOUT_RESOURCES, key
    (trust,) = statements(resources["CopyRole"]["Properties"]["AssumeRolePolicyDocument"])
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    puts = [one for one in statements(resources["AskerPolicy"]) if "s3:PutObject" in listed(one["Action"])]
    assert [one["Resource"] for one in puts] == [{"Fn::Sub": "${Bucket.Arn}/results/*"}], "who asks writes results alone"


def test_the_bucket_is_encrypted_closed_and_forgets_all_but_the_lake(resources: dict[str, Any]) -> None:
    bucket = resources["Bucket"]["Properties"]
    assert all(bucket["PublicAccessBlockConfiguration"].values()) and len(bucket["PublicAccessBlockConfiguration"]) == 4
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    (tls,) = statements(resources["BucketPolicy"])
    assert tls["Effect"] == "Deny" and tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    expiring = {one.get("Prefix") for one in bucket["LifecycleConfiguration"]["Rules"] if "ExpirationInDays" in one}
    assert expiring == {"staging/", "results/"}
    assert "VersioningConfiguration" not in bucket, "an erasure would leave older versions"
    assert all(resources[name]["DeletionPolicy"] == "Retain" for name in ("Bucket", "Key", "RedshiftNamespace"))


def test_athena_and_redshift_have_limits_and_nobody_reaches_redshift_from_outside(resources: dict[str, Any]) -> None:
    athena = resources["WorkGroup"]["Properties"]["WorkGroupConfiguration"]
    assert athena["EnforceWorkGroupConfiguration"] is True and "BytesScannedCutoffPerQuery" in athena
    assert athena["ResultConfiguration"]["EncryptionConfiguration"]["EncryptionOption"] == "SSE_KMS"
    redshift = resources["RedshiftWorkgroup"]["Properties"]
    assert redshift["PubliclyAccessible"] is False and "MaxCapacity" in redshift
    assert {"ParameterKey": "require_ssl", "ParameterValue": "true"} in redshift["ConfigParameters"]
    assert resources["RedshiftNamespace"]["Properties"]["ManageAdminPassword"] is True
    (tag,) = of_type(NAME, "AWS::LakeFormation::Tag")
    assert tag["TagValues"] == sorted(CLASSES)


def test_outputs_are_the_keys_of_the_config() -> None:
    sections = {"publish.targets.aws": IcebergOptions, "publish.athena": AthenaSettings, "publish.targets.bi": RedshiftOptions}
    named = [one["Description"].split(" in [") for one in template(NAME)["Outputs"].values() if " in [" in one["Description"]]
    assert len(named) == 7
    for key, section in named:
        assert key in sections[section.rstrip("]")].model_fields
