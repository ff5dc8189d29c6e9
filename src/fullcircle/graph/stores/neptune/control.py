"""The control plane: looks up a cluster's endpoints, port, login and roles by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, NoRegionError  # type: ignore[import-untyped, unused-ignore]

from fullcircle.errors import ConfigError, StoreError, StoreUnreachable
from fullcircle.graph.stores.aws_access import control_client
from fullcircle.graph.stores.neptune import faults

ACTION = "rds:DescribeDBClusters"  # Neptune's control plane uses the actions of RDS
NONE_SUCH = ("DBClusterNotFoundFault", "InvalidParameterValue")
ASLEEP = ("stopped", "stopping", "starting", "creating", "deleting")  # its endpoints do not answer


@dataclass(frozen=True, slots=True)
class Known:
    """What AWS knows about a cluster. `roles`: the ARNs of the roles that are attached and active."""

    writer: str
    reader: str
    port: int
    iam: bool
    roles: tuple[str, ...]


def look_up(name: str, region: str) -> Known:
    """A cluster by its identifier, in a region, by default that of the AWS settings. ConfigError if there is none."""
    try:
        client = control_client(region)
    except NoRegionError as error:
        raise ConfigError(f'The region of the cluster "{name}" is not known.', 'Set region = "..." in [graph].') from error
    where = f"AWS's control plane in {client.meta.region_name}"
    try:
        found = client.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
    except (ClientError, BotoCoreError) as error:
        if faults.code_of(error) not in NONE_SUCH:
            raise _explained(error, where) from error
        found = []
    if not found:
        raise ConfigError(
            f'The region {client.meta.region_name} has no Neptune cluster "{name}".', "Correct cluster or region in [graph]."
        )
    return _known(name, found[0])


def _known(name: str, found: dict[str, Any]) -> Known:
    if found.get("Engine") != "neptune":
        raise ConfigError(
            f'The cluster "{name}" is not a Neptune cluster; its engine is {found.get("Engine", "?")}.',
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


def _explained(error: Exception, where: str) -> StoreError:
    failure = faults.verdict(error, where, (ACTION,)).error
    if isinstance(failure, StoreUnreachable):
        return StoreUnreachable(
            f"{where} does not answer.",
            "In a VPC without internet access, create a VPC endpoint for rds. Or set endpoint (and reader) in [graph] instead of "
            "cluster: then nothing has to be looked up.",
        )
    return failure
