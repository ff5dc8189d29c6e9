"""The other way into Redshift: nothing is copied; an external schema shows the tables of the lake, as Glue's catalog has them."""

from __future__ import annotations

from fullcircle.engine.base import literal, quoted
from fullcircle.publish import aws
from fullcircle.publish.base import TargetContext
from fullcircle.publish.targets.redshift.data_api import DataApi, SqlStep
from fullcircle.publish.targets.redshift.options import options_of


def external_schema(context: TargetContext, database: str, schema: str) -> str:
    """The statement that makes the schema, over a database of Glue; the role of COPY reads its files."""
    options = options_of(context)
    by = "default" if options.copy_role == "default" else literal(options.copy_role)
    return f"CREATE EXTERNAL SCHEMA IF NOT EXISTS {quoted(schema)} FROM DATA CATALOG DATABASE {literal(database)} IAM_ROLE {by}"


def make_external_schema(context: TargetContext, database: str, schema: str) -> None:
    """Make it."""
    options = options_of(context)
    with aws.translated("Opening Redshift failed", "Try again."):
        api = DataApi(aws.client("redshift-data", options.region), options)
    api.run_alone(SqlStep(f"making the external schema {schema}", external_schema(context, database, schema)))
