"""`fullcircle lake athena`, on a project whose lake is on AWS. moto's Athena runs nothing: it answers what is put there."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from click.testing import Result
from typer.testing import CliRunner

from fullcircle.serve.cli.main import app
from tests import small
from tests.servers.moto import moto, only  # noqa: F401 - a fixture

ON_AWS = '\n[publish.targets.aws]\ntarget = "iceberg"\ncatalog = "glue"\nwarehouse = "s3://a-bucket/x"\nnamespace = "lake"\n'

TYPES = {"segment": "varchar", "n": "bigint"}


def typed(file: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["lake", "athena", *words, "--config", str(file)])


def test_statements_are_printed_without_aws(tmp_path: Path) -> None:
    file = small.make(tmp_path, ON_AWS)
    done = typed(file, "views", "--sql")
    assert done.exit_code == 0 and done.stdout.count("CREATE OR REPLACE VIEW") == 7
    assert "segments" in CliRunner().invoke(app, ["lake", "athena", "queries"]).stdout


def test_a_query_is_answered_with_what_it_took(tmp_path: Path, moto: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    file = small.make(tmp_path, ON_AWS + '[publish.athena]\noutput = "s3://a-bucket/results"\n')
    only(
        monkeypatch, AWS_ACCESS_KEY_ID="AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY="made-up", AWS_ENDPOINT_URL=moto,
        AWS_DEFAULT_REGION="eu-central-1",
    )  # fmt: skip
    described = {
        "CatalogName": "", "SchemaName": "", "TableName": "", "Precision": 1, "Scale": 1, "Nullable": "NULLABLE",
        "CaseSensitive": True,
    }  # fmt: skip
    columns = [{**described, "Name": name, "Label": name, "Type": type_} for name, type_ in TYPES.items()]
    rows = [{"Data": [{"VarCharValue": one} for one in row]} for row in (("segment", "n"), ("loyal", "3"))]
    queued = {
        "account_id": "123456789012", "region": "eu-central-1", "results": [{"rows": rows, "column_info": columns}],
    }  # fmt: skip
    body, kind = json.dumps(queued).encode(), {"Content-Type": "application/json"}
    urlopen(Request(f"{moto}/moto-api/static/athena/query-results", body, kind))
    found = json.loads(typed(file, "query", "segments", "--json").stdout)
    assert found["rows"][-1] == {"segment": "loyal", "n": 3}
    for words in (["query"], ["query", "segmnts"], ["query", "segments", "--sql", "SELECT 1"]):
        assert typed(file, *words).exit_code != 0


def test_an_external_schema_of_redshift_is_printed(tmp_path: Path) -> None:
    target = 'target = "redshift"\nworkgroup = "customer360"\nstaging = "s3://a-bucket/s"\ncopy_role = "default"\n'
    file = small.make(tmp_path, f"{ON_AWS}[publish.targets.bi]\n{target}")
    done = CliRunner().invoke(app, ["lake", "redshift", "schema", "raw", "--sql", "--config", str(file)])
    assert done.stdout == ("CREATE EXTERNAL SCHEMA IF NOT EXISTS \"raw\" FROM DATA CATALOG DATABASE 'lake' IAM_ROLE default;\n")


def test_a_project_without_a_lake_on_aws_says_how_to_have_one(tmp_path: Path) -> None:
    done = typed(small.make(tmp_path), "views", "--sql")
    assert done.exit_code != 0 and "no lake on AWS" in str(done.exception)
