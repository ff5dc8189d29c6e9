"""What the last runs did, stage by stage, and how good the data was in each."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fullcircle.ask.reader import open_reader
from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import STAGES, run
from fullcircle.serve.cli.main import app
from tests import small


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a row in quarantine, run, run again without a change, and once more with one."""
    file = small.make(tmp_path_factory.mktemp("runs"))
    settings = read_config(file)
    orders = file.parent / "shop" / "orders.csv"
    orders.write_text(orders.read_text() + small.BAD)
    for again in range(3):
        with open_desk(settings) as desk:
            run(desk)
        if again == 1:
            small.change(file.parent, 4)
    return file


def test_runs_have_their_stages(project: Path) -> None:
    with open_reader(read_config(project)) as reader:
        last, second, first = reader.runs()
        assert len(reader.runs(1)) == 1
    names = [stage.name for stage in STAGES]
    for one in (last, second, first):
        assert [stage.stage for stage in one.stages] == names
        assert one.state == "finished"
        assert one.seconds is not None
    assert {stage.state for stage in first.stages} == {"done"}
    assert [stage.state for stage in second.stages] == ["done"] + ["skipped"] * (len(names) - 1)
    assert last.stages[1].state == "done"
    assert first.stages[0].counts["rows"] > 0


def test_quality_says_what_rules_found_and_what_waits(project: Path) -> None:
    with open_reader(read_config(project)) as reader:
        found = reader.quality()
    assert found.quarantined == sum(one.rows for one in found.quarantine) == 1
    (group,) = found.quarantine
    assert (group.source, group.object) == ("shop", "orders")
    assert "a lot" not in json.dumps(found.to_dict())
    assert [one.run for one in found.history] == [3, 1]
    assert found.history[0].rows > found.history[1].rows
    unique = next(one for one in found.results if one.kind == "unique" and one.table == "records")
    assert (unique.failed, unique.passed) == (0, 1.0)


def test_the_verbs(project: Path) -> None:
    runner = CliRunner()
    shown = runner.invoke(app, ["runs", "--config", str(project)])
    assert "3 runs" in shown.output
    assert len(json.loads(runner.invoke(app, ["runs", "--config", str(project), "--json", "--limit", "2"]).output)) == 2
    assert "Quarantine: 1 row" in runner.invoke(app, ["quality", "--config", str(project)]).output
    assert json.loads(runner.invoke(app, ["quality", "--config", str(project), "--json"]).output)["quarantined"] == 1
    line = runner.invoke(app, ["timeline", "ada.keller@example.org", "--config", str(project), "--limit", "2"]).output
    assert "--after" in line
    whole = json.loads(runner.invoke(app, ["timeline", "shop:people:4", "--config", str(project), "--json"]).output)
    assert {one["kind"] for one in whole["events"]} == {"order", "identity"}
