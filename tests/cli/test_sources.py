"""`fullcircle sources`: how they are, whether they answer, what is in them, and a new one; `pull` goes on beside a dead one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from fullcircle.config.add_source import section, value_of
from fullcircle.config.read import read_config
from fullcircle.errors import ConfigError, FullcircleError, NotFound, SourcesFailed
from fullcircle.serve.cli.main import app


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two sources: files, and a folder that is gone."""
    for name in ("data", "more"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "people.csv").write_text(f"id,name,email\n1,Ann Reed,{name}@example.org\n")
    file = tmp_path / "fullcircle.toml"
    file.write_text(
        '# ours\n[project]\nhome = "home"\n[sources.crm]\nconnector = "files"\npath = "data"\n'
        '[sources.shop]\nconnector = "files"\npath = "gone"\n'
    )
    return file


def asked(project: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "-c", str(project)])


def answer(project: Path, *words: str) -> Any:
    return json.loads(asked(project, *words, "--json").stdout)


def test_sources_that_answer_and_not(project: Path) -> None:
    assert [(one["source"], one["pulled_at"]) for one in answer(project, "sources", "list")] == [("crm", ""), ("shop", "")]
    ended = asked(project, "pull", "-q", "--json")
    assert isinstance(ended.exception, SourcesFailed)
    assert ended.exception.exit_code == 3
    assert json.loads(ended.stdout)[0]["counts"] == {"rows": 1, "deleted": 0, "rejected": 0, "objects": 1, "failed_sources": 1}
    crm, shop = answer(project, "sources", "list")
    assert (crm["objects"], crm["landed_rows"], crm["error"], bool(crm["pulled_at"])) == (1, 1, "", True)
    assert ("does not exist" in shop["error"], shop["pulled_at"]) == (True, "")
    [people] = answer(project, "sources", "show", "crm")
    assert (people["object"], people["last_rows"], people["reads_anew"]) == ("people", 1, False)
    tested = asked(project, "sources", "test", "--json")
    assert (tested.exit_code, [one["ok"] for one in json.loads(tested.stdout)]) == (1, [True, False])
    assert [one["object"] for one in answer(project, "sources", "fields", "crm")] == ["people"]
    assert [one["field"] for one in answer(project, "sources", "fields", "crm", "people")] == ["id", "name", "email"]
    assert isinstance(asked(project, "sources", "show", "crn").exception, NotFound)


def test_a_new_source_is_tested_and_written(project: Path) -> None:
    before = project.read_text()
    for wrong in (
        ["crm", "--set", "path=more"],
        ["EU", "--set", "path=more"],
        ["eu", "--set", "path=nowhere"],
        ["eu", "--set", "path"],
    ):
        assert isinstance(asked(project, "sources", "add", *wrong, "--connector", "files").exception, FullcircleError)
    same = asked(project, "sources", "add", "eu", "--connector", "files", "--set", "path=data")
    assert isinstance(same.exception, ConfigError)
    assert "read the same data" in same.exception.message
    assert project.read_text() == before
    assert sorted(one.name for one in project.parent.iterdir()) == ["data", "fullcircle.toml", "more"]
    assert asked(project, "sources", "add", "eu", "--connector", "files", "--set", "path=more").exit_code == 0
    assert project.read_text().startswith(before)
    assert read_config(project).sources["eu"].options == {"path": "more"}


def test_options_are_written_as_they_are_meant() -> None:
    assert [value_of(text) for text in ("12", "true", '["a"]', "env:X", "2026-01-01", "")] == [
        12,
        True,
        ["a"],
        "env:X",
        "2026-01-01",
        "",
    ]
    assert section("crm", "files", {"path": 'a"b\\c', "n": 1, "on": True, "objects": ["x"]}) == (
        '[sources.crm]\nconnector = "files"\npath = "a\\"b\\\\c"\nn = 1\non = true\nobjects = ["x"]\n'
    )


def test_an_object_is_of_a_source(project: Path) -> None:
    assert isinstance(asked(project, "pull", "-q", "--object", "people").exception, ConfigError)
    assert isinstance(asked(project, "pull", "-q", "--full", "--since", "2026-01-01").exception, ConfigError)
    for words in (["--source", "crm", "--object", "people"], ["--object", "crm.people"]):
        assert asked(project, "pull", "-q", *words).exit_code == 0
