"""A lake on AWS: files in S3, and the tables in Glue's Data Catalog, where Athena, Redshift, EMR and others find them.

Credentials are those that boto3 finds: environment, profile (also a login by SSO), container or instance role. Only this file
of the target talks to AWS itself; the library does the rest. A commit is safe against other writers: Glue takes a new version of
a table only from who read the version before.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq
from botocore.exceptions import ClientError  # type: ignore[import-untyped, unused-ignore]
from pyiceberg.catalog import Catalog
from pyiceberg.catalog.glue import GlueCatalog
from pyiceberg.table import Table

from fullcircle.engine.base import Engine, quoted
from fullcircle.errors import ConfigError, FullcircleError, PublishError
from fullcircle.model.field_classes import CLASSES
from fullcircle.publish import aws
from fullcircle.publish.targets.iceberg.ground import IcebergOptions, numbered

PLACE = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[^?#]*))?")
DATABASE = re.compile(r"[a-z0-9_]{1,255}")
AT_ONCE = 1_000  # keys that S3 deletes in one request


@dataclass(frozen=True, slots=True)
class GlueLake:
    """See `ground.Ground`."""

    options: IcebergOptions

    @staticmethod
    def check(options: IcebergOptions, where: str) -> None:
        """ConfigError for options that cannot be meant."""
        if not PLACE.fullmatch(options.warehouse):
            raise ConfigError(
                f'{where}: warehouse is "{options.warehouse}", and not a place in S3.',
                'Write warehouse = "s3://your-bucket/customer360".',
            )
        if not DATABASE.fullmatch(options.namespace):
            raise ConfigError(
                f'{where}: Glue has no database "{options.namespace}".',
                "Use small letters, digits and _ in `namespace`, as Athena knows no others.",
            )
        if options.path:
            raise ConfigError(f"{where}: path is for a lake in a folder.", "With Glue, `warehouse` says where the tables go.")

    @property
    def name(self) -> str:
        """As messages name it."""
        return f"{self.options.namespace} in Glue ({self.options.warehouse})"

    def open(self) -> Catalog:
        """The catalog."""
        return GlueCatalog("fullcircle", client=self._client("glue", **self._account()), **self._properties())

    @contextmanager
    def reading(self, engine: Engine, table: Table, files: Sequence[str]) -> Iterator[dict[str, str]]:
        """See `ground.Ground`: each file is streamed to the engine, which has no access to S3 of its own."""
        with ExitStack() as opened:
            names = {}
            for number, file in enumerate(files):
                source = opened.enter_context(table.io.new_input(file).open())
                rows = pq.ParquetFile(source)
                name = f"lake_file_{number}"
                reader = numbered(rows.iter_batches(), rows.schema_arrow)
                opened.enter_context(engine.register(name, reader))
                names[file] = quoted(name)
            yield names

    def sweep(self, table: Table, before: set[str], now: set[str], young_seconds: float) -> int:
        """See `ground.Ground`. Only below the warehouse of the config: what another has put elsewhere is not ours to delete."""
        if not table.location().startswith(f"{self.options.warehouse.rstrip('/')}/"):
            return 0
        bucket, _, prefix = table.location().removeprefix("s3://").partition("/")
        s3, old = self._client("s3"), time.time() - young_seconds
        goes = []
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{prefix.rstrip('/')}/"):
            for one in page.get("Contents", ()):
                location = f"s3://{bucket}/{one['Key']}"
                if location not in now and (location in before or one["LastModified"].timestamp() < old):
                    goes.append({"Key": one["Key"]})
        for at in range(0, len(goes), AT_ONCE):
            answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": goes[at : at + AT_ONCE], "Quiet": True})
            if refused := answer.get("Errors"):
                raise ClientError({"Error": {"Code": refused[0].get("Code", ""), "Message": ""}}, "DeleteObject")
        return len(goes)

    def classify(self, table: Table, classes: Mapping[str, str]) -> None:
        """Tag the columns in Lake Formation, which then grants by class: all but `contact`, say. Without `lf_tag` nothing."""
        if not (tag := self.options.lf_tag):
            return
        lake, (database, name) = self._client("lakeformation"), table.name()[-2:]
        denied: ClientError | None = None
        try:
            lake.create_lf_tag(TagKey=tag, TagValues=sorted(CLASSES))
        except ClientError as error:
            if error.response["Error"]["Code"] in aws.DENIED:
                denied = error  # it matters only if nobody else has made the tag
            elif error.response["Error"]["Code"] not in {"AlreadyExistsException", "InvalidInputException"}:
                raise
        for one in sorted(set(classes.values())):
            columns = [column for column, its in classes.items() if its == one]
            resource = {"TableWithColumns": {"DatabaseName": database, "Name": name, "ColumnNames": columns}}
            try:
                answer = lake.add_lf_tags_to_resource(Resource=resource, LFTags=[{"TagKey": tag, "TagValues": [one]}])
            except ClientError as error:
                raise denied if denied and error.response["Error"]["Code"] == "EntityNotFoundException" else error from error
            if refused := answer.get("Failures"):
                code = refused[0].get("Error", {}).get("ErrorCode", "")
                raise ClientError({"Error": {"Code": code, "Message": ""}}, "AddLFTagsToResource")

    def refusal(self, error: Exception, what: str) -> FullcircleError:
        """What AWS says, as one sentence: which permission is missing, that a login has ended, that nothing answers."""
        doing = f"Publishing {what} to {self.name} failed"
        again = "Publish again; what is there can be read as it was."
        return aws.refusal(error, doing, again, "Make it, or correct `warehouse`.")

    def _account(self) -> dict[str, str]:
        return {"account": self.options.catalog_id} if self.options.catalog_id else {}

    def _client(self, service: str, account: str = "") -> Any:
        client = self._session().client(service)
        if account:
            client.meta.events.register("provide-client-params.glue", lambda params, **_: {**params, "CatalogId": account})
        return client

    def _session(self) -> Any:
        return aws.session(self.options.region)

    def _properties(self) -> dict[str, str]:
        """What the library needs to reach the files. Its own way of finding credentials is not boto3's, so they are given."""
        session = self._session()
        found = session.get_credentials()
        if found is None:
            raise PublishError(f"Nothing was published to {self.name}: no AWS credentials were found.", aws.CREDENTIALS)
        login = found.get_frozen_credentials()
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        given = {
            "warehouse": self.options.warehouse.rstrip("/"), "py-io-impl": "pyiceberg.io.pyarrow.PyArrowFileIO",
            "s3.access-key-id": login.access_key, "s3.secret-access-key": login.secret_key, "s3.session-token": login.token,
            "s3.region": session.region_name, "s3.endpoint": endpoint,
            "s3.server-side-encryption": "aws:kms" if self.options.kms_key else None, "s3.sse-kms-key-id": self.options.kms_key,
        }  # fmt: skip
        return {name: value for name, value in given.items() if value}
