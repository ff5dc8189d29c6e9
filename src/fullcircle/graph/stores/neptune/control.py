"""The control plane: a cluster's endpoints, port, login and roles, looked up by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, NoRegionError  # type: ignore[import-untyped, unused-ignore]

from fullcircle.errors import ConfigError, StoreError, StoreUnreachable
from fullcircle.graph.stores.aws_access import control_client
from fullcircle.graph.stores.neptune import faults

ACTION = "rds:DescribeDBClusters"  # Neptune's control plane comes under this name
NONE_SUCH = ("DBClusterNotFoundFault", "InvalidParameterValue")
ASLEEP = ("stopped", "stopping", "starting", "creating", "deleting")  # nobody answers at its endpoints


@dataclass(frozen=True, slots=True)
class Known:
    """What AWS knows of a cluster. `roles`: the ARNs of those that are attached and can be used."""

    writer: str
    reader: str
    port: int
    iam: bool
    roles: tuple[str, ...]


def look_up(name: str, region: str) -> Known:
    """A cluster by its identifier, in a region or else in that of the AWS settings. ConfigError where there is none."""
    try:
        client = control_client(region)
    except NoRegionError as error:
        raise ConfigError(
            f'In which region the cluster "{name}" is, is not known.', 'Write region = "..." into [graph].'
        ) from error
    where = f"AWS's control plane in {client.meta.region_name}"
    try:
        found = client.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
    except (ClientError, BotoCoreError) as error:
        if faults.code_of(error) not in NONE_SUCH:
            raise _told(error, where) from error
        found = []
    if not found:
        raise ConfigError(
            f'There is no Neptune cluster "{name}" in {client.meta.region_name}.', "Correct cluster or region in [graph]."
        )
    return _known(name, found[0])


def _known(name: str, found: dict[str, Any]) -> Known:
    if found.get("Engine") != "neptune":
        raise ConfigError(
            f'The cluster "{name}" is no Neptune cluster, its engine is {found.get("Engine", "?")}.',
            "Correct cluster in [graph].",
        )
    if found.get("Status") in ASLEEP:
        raise StoreUnreachable(
            f"The Neptune cluster {name} is {found['Status']}.",
            f"Wait until it is available, or start it: aws neptune start-db-cluster --db-cluster-identifier {name}",
        )
    roles = [role for role in found.get("AssociatedRoles", ()) if role.get("Status") == "ACTIVE"]
    return Known(
        writer=str(found["Endpoint"]),
        reader=str(found.get("ReaderEndpoint", "")),
        port=int(found.get("Port", 8182)),
        iam=bool(found.get("IAMDatabaseAuthenticationEnabled")),
        roles=tuple(str(role["RoleArn"]) for role in roles),
    )


def _told(error: Exception, where: str) -> StoreError:
    failure = faults.verdict(error, where, (ACTION,)).error
    if isinstance(failure, StoreUnreachable):
        return StoreUnreachable(
            f"{where} does not answer.",
            "A VPC without a way out needs a VPC endpoint for rds. Or write endpoint (and reader) into [graph], not cluster: "
            "then it is not asked.",
        )
    return failure
