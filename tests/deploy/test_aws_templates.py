"""The CloudFormation templates: valid to AWS's own schemas (offline), and what they promise about safety is in them."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "deploy" / "aws"
TEMPLATES = ("neptune.yaml", "global-secondary.yaml")
REGIONS = ("us-east-1", "eu-central-1", "ap-northeast-1")
STORES = Path(__file__).parents[2] / "src" / "fullcircle" / "graph" / "stores"
# What the code itself says it needs: every action stands there by its name, for the error where it is missing.
NAMED = {
    action
    for path in (STORES / "neptune").glob("*.py")
    for action in re.findall(r'"((?:neptune-db|s3|rds):[A-Z]\w+)"', path.read_text())
}
READING = {"neptune-db:ReadDataViaQuery", "neptune-db:GetEngineStatus", "neptune-db:GetStreamRecords", "rds:DescribeDBClusters"}
# boto3 takes back the parts of an upload that failed; the bucket has a key of its own
BESIDE = {"s3:AbortMultipartUpload", "kms:GenerateDataKey", "kms:Decrypt"}


def template(name: str) -> dict[str, Any]:
    from cfnlint.decode import cfn_yaml  # half a second, for this file alone

    read: dict[str, Any] = cfn_yaml.load(str(FOLDER / name))
    return read


def of_type(name: str, type_: str) -> list[dict[str, Any]]:
    return [one["Properties"] for one in template(name)["Resources"].values() if one["Type"] == type_]


def statements(document: object) -> Iterator[dict[str, Any]]:
    """Every policy statement anywhere in a template."""
    if isinstance(document, dict):
        if "Effect" in document:
            yield document
        for value in document.values():
            yield from statements(value)
    elif isinstance(document, list):
        for value in document:
            yield from statements(value)


def allowed(policy: dict[str, Any]) -> set[str]:
    return {action for one in statements(policy) for action in listed(one["Action"])}


def listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("name", TEMPLATES)
def test_cfn_lint_has_nothing_to_say(name: str) -> None:
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--regions", *REGIONS, "--", str(FOLDER / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_cluster_is_encrypted_logged_and_backed_up(name: str) -> None:
    (cluster,) = of_type(name, "AWS::Neptune::DBCluster")
    assert cluster["StorageEncrypted"] is True and cluster["KmsKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}
    assert cluster["IamAuthEnabled"] is True
    assert cluster["DeletionProtection"] is True
    assert "audit" in cluster["EnableCloudwatchLogsExports"]
    assert cluster["BackupRetentionPeriod"] == {"Ref": "BackupDays"}
    (parameters,) = of_type(name, "AWS::Neptune::DBClusterParameterGroup")
    assert parameters["Parameters"]["neptune_streams"] == parameters["Parameters"]["neptune_enable_audit_log"] == "1"
    switches = {"audit": ("neptune_enable_audit_log", "1"), "slowquery": ("neptune_enable_slow_query_log", "info")}
    for log in cluster["EnableCloudwatchLogsExports"]:  # a log that is exported is also written
        switch, value = switches[log]
        assert parameters["Parameters"][switch] == value
    assert all("KmsKeyId" in log and "RetentionInDays" in log for log in of_type(name, "AWS::Logs::LogGroup"))
    assert of_type(name, "AWS::KMS::Key")[0]["EnableKeyRotation"] is True
    whole = template(name)["Resources"]
    assert whole["Cluster"]["DeletionPolicy"] == "Snapshot"
    assert whole["Key"]["DeletionPolicy"] == "Retain"


@pytest.mark.parametrize("name", TEMPLATES)
def test_nobody_reaches_it_from_outside(name: str) -> None:
    assert not any(instance.get("PubliclyAccessible") for instance in of_type(name, "AWS::Neptune::DBInstance"))
    groups = of_type(name, "AWS::EC2::SecurityGroup")
    rules = [rule for group in groups for rule in group.get("SecurityGroupIngress", [])]
    assert [set(rule) & {"CidrIp", "CidrIpv6", "SourcePrefixListId"} for rule in rules] == [set()]
    assert rules[0]["SourceSecurityGroupId"] == {"Ref": "ClientSecurityGroup"}
    assert rules[0]["FromPort"] == rules[0]["ToPort"] == 8182


@pytest.mark.parametrize("name", TEMPLATES)
def test_policies_allow_no_more_than_is_needed(name: str) -> None:
    resources = template(name)["Resources"]
    policies = {key: one for key, one in resources.items() if one["Type"] in ("AWS::IAM::ManagedPolicy", "AWS::IAM::Role")}
    assert policies
    for key, one in policies.items():
        for statement in statements(one):
            actions = listed(statement["Action"])
            assert not [action for action in actions if "*" in action], f"{key} allows everything of a service"
            assert statement.get("Resource") != "*"
            if any(action.startswith("neptune-db:") for action in actions):
                assert statement["Resource"]["Fn::Sub"].endswith(":${Cluster.ClusterResourceId}/*")
            if any(action.startswith("rds:") for action in actions):
                assert statement["Resource"]["Fn::Sub"].endswith(":cluster:${Cluster}")
    assert allowed(resources["ReadPolicy"]) == READING
    assert allowed(resources["SyncPolicy"]) == NAMED | BESIDE
    assert READING <= NAMED


@pytest.mark.parametrize("name", TEMPLATES)
def test_only_clusters_of_this_account_take_the_loader_role(name: str) -> None:
    (role,) = of_type(name, "AWS::IAM::Role")
    (trust,) = statements(role["AssumeRolePolicyDocument"])
    assert trust["Principal"] == {"Service": "rds.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_a_promoted_region_can_be_written_as_the_first_was() -> None:
    """What a sync needs is the same in both, but for the switch that leaves it out of the second."""
    first, second = (template(name) for name in TEMPLATES)
    for key in ("Bucket", "BucketPolicy", "LoaderRole", "SyncPolicy"):
        mine = {name: value for name, value in second["Resources"][key].items() if name != "Condition"}
        assert mine == first["Resources"][key], key
        assert second["Resources"][key]["Condition"] == "CanTakeOver"
    roles = first["Resources"]["Cluster"]["Properties"]["AssociatedRoles"]
    switch = second["Resources"]["Cluster"]["Properties"]["AssociatedRoles"]
    assert switch == {"Fn::If": ["CanTakeOver", roles, {"Ref": "AWS::NoValue"}]}
    assert second["Parameters"]["TakesOver"]["Default"] == "true"
    assert set(second["Outputs"]) == set(first["Outputs"])


def test_the_bucket_is_closed_and_speaks_tls_only() -> None:
    (bucket,) = of_type("neptune.yaml", "AWS::S3::Bucket")
    assert all(bucket["PublicAccessBlockConfiguration"].values()) and len(bucket["PublicAccessBlockConfiguration"]) == 4
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    (policy,) = of_type("neptune.yaml", "AWS::S3::BucketPolicy")
    (denied,) = statements(policy)
    assert denied["Effect"] == "Deny" and denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    (role,) = of_type("neptune.yaml", "AWS::IAM::Role")
    assert set().union(*(allowed(policy) for policy in role["Policies"])) == {"s3:ListBucket", "s3:GetObject", "kms:Decrypt"}


def test_outputs_are_the_keys_of_the_config() -> None:
    pytest.importorskip("gremlin_python", reason="the Neptune store needs it")
    from fullcircle.graph.stores.neptune.store import NeptuneOptions

    descriptions = [one["Description"] for one in template("neptune.yaml")["Outputs"].values()]
    named = [text.split(" in ")[0] for text in descriptions if text.endswith(" in [graph]")]
    assert sorted(named) == ["bucket", "endpoint", "loader_role", "reader"]
    assert set(named) <= set(NeptuneOptions.model_fields)


def test_the_second_region_joins_the_first() -> None:
    assert of_type("neptune.yaml", "AWS::Neptune::GlobalCluster")[0]["GlobalClusterIdentifier"] == {"Ref": "GlobalName"}
    assert of_type("global-secondary.yaml", "AWS::Neptune::DBCluster")[0]["GlobalClusterIdentifier"] == {"Ref": "GlobalName"}
    assert "DBClusterIdentifier" in of_type("global-secondary.yaml", "AWS::Neptune::DBInstance")[0]
