"""Rulesets in Glue Data Quality: requests are those of its API (moto has none of it), and only what differs is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from fullcircle.errors import PublishError, TargetRefused
from fullcircle.publish import aws
from fullcircle.publish.glue_rulesets import name_of, upload
from fullcircle.quality.dqdl.check import read_ruleset
from fullcircle.quality.rulesets import TableRuleset
from fullcircle.serve.cli.main import app
from tests import small
from tests.servers.aws_calls import client_of, denied

ORDERS = TableRuleset(
    "strict", "orders", read_ruleset('Rules = [ RowCount > 0, ColumnValues "amount" >= 0 with threshold > 0.9 ]')
)


class GlueOf:
    """The tables and rulesets of one account."""

    def __init__(self, *tables: str) -> None:
        self.tables, self.rulesets, self.written = tables, dict[str, dict[str, Any]](), list[str]()
        self.client = client_of("glue", self.answer)

    def answer(self, operation: str, params: dict[str, Any]) -> dict[str, Any] | Exception:
        missing = ClientError({"Error": {"Code": "EntityNotFoundException", "Message": ""}}, operation)
        if operation == "GetTable":
            return {"Table": {"Name": params["Name"]}} if params["Name"] in self.tables else missing
        if operation == "GetDataQualityRuleset":
            return self.rulesets.get(params["Name"], missing)
        self.written.append(operation)
        self.rulesets.setdefault(params["Name"], {}).update(params)
        return {"Name": params["Name"]}


def results(glue: GlueOf, *rulesets: TableRuleset, only_look: bool = False) -> list[str]:
    return [one.result for one in upload(glue.client, rulesets, "shop", "lake", only_look)]


def test_only_what_differs_is_written_and_a_table_that_is_not_there_is_said() -> None:
    glue = GlueOf("orders")
    other = TableRuleset("strict", "tickets", ORDERS.ruleset)
    assert results(glue, ORDERS, only_look=True) == ["new"] and not glue.written
    assert results(glue, ORDERS, other) == ["new", "left out"]
    assert read_ruleset(glue.rulesets["shop.orders.strict"]["Ruleset"]) == ORDERS.ruleset, "the same rules"
    assert results(glue, ORDERS) == ["same"]
    assert glue.written == ["CreateDataQualityRuleset"]
    changed = TableRuleset("strict", "orders", read_ruleset("Rules = [ RowCount > 1 ]"))
    assert results(glue, changed) == results(glue, ORDERS) == ["changed"]
    assert glue.written[1:] == ["UpdateDataQualityRuleset"] * 2


def test_a_ruleset_of_another_table_or_of_too_much_text_is_refused() -> None:
    glue = GlueOf("orders")
    glue.rulesets["shop.orders.strict"] = {"TargetTable": {"DatabaseName": "other", "TableName": "orders"}}
    with pytest.raises(PublishError, match="about another table"):
        results(glue, ORDERS)
    long = TableRuleset("long", "orders", read_ruleset(f"Rules = [ {', '.join(['RowCount > 0'] * 4000)} ]"))
    with pytest.raises(PublishError, match="65,536 at most"):
        results(glue, long)
    assert len(name_of("x" * 300, ORDERS)) == 255
    with pytest.raises(TargetRefused, match="AWS allows no glue:GetTable"):
        upload(client_of("glue", lambda operation, _: denied(operation)), [ORDERS], "shop", "lake", False)


def test_the_verb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = '\n[publish.targets.aws]\ntarget = "iceberg"\ncatalog = "glue"\nwarehouse = "s3://a-bucket/x"\nnamespace = "lake"\n'
    file = small.make(tmp_path, lake)
    glue = GlueOf("orders", "records")
    monkeypatch.setattr(aws, "client", lambda *_: glue.client)
    words = ["quality", "upload", "--built-in", "--json", "--config", str(file)]
    found = json.loads(CliRunner().invoke(app, words).stdout)
    assert {one["table"] for one in found if one["result"] == "new"} == {"orders", "records"}
    assert set(glue.written) == {"CreateDataQualityRuleset"}
    assert CliRunner().invoke(app, ["quality", "upload", "--config", str(file)]).exit_code != 0
