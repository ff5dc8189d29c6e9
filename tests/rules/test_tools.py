"""The tools around the tests: what `make quick` chooses, how `make soak` ends, and where examples come from."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests import quick, soak
from tests.properties import examples, profile

THERE = [
    "tests/rules/test_shape.py", "tests/graph/test_sync.py", "tests/graph/exchange/test_nquads.py", "tests/cli/test_cli.py",
    "tests/test_config.py", "tests/engine/test_duckdb.py", "tests/deploy/test_aws_templates.py",
]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "chosen"),
    [
        (["src/fullcircle/graph/sync.py"], ["tests/graph", "tests/rules"]),
        (["src/fullcircle/graph/sync.py", "tests/graph/test_sync.py"], ["tests/graph", "tests/rules"]),
        (["tests/graph/test_sync.py"], ["tests/graph/test_sync.py", "tests/rules"]),
        (["tests/graph/test_gone.py", "tests/cli/test_cli.py"], ["tests/cli/test_cli.py", "tests/rules"]),
        (["tests/graph/village.py"], ["tests/graph", "tests/rules"]),
        (
            ["src/fullcircle/serve/cli/run.py", "src/fullcircle/config/file.py"],
            ["tests/cli", "tests/rules", "tests/test_config.py"],
        ),
        (["deploy/aws/template.yaml"], ["tests/deploy", "tests/rules"]),
        (["README.md"], ["tests/engine", "tests/rules", "tests/test_config.py"]),
        ([], ["tests/engine", "tests/rules", "tests/test_config.py"]),
    ],
)
def test_what_a_change_touches(changed: list[str], chosen: list[str]) -> None:
    found = quick.tests_for(changed, THERE)
    assert (found[0], sorted(found)) == (quick.ALWAYS, chosen)


def test_every_room_has_tests() -> None:
    there = [path.as_posix() for path in Path("tests").rglob("*.py")]
    for room in Path("src/fullcircle").iterdir():
        if not room.name.startswith("_"):
            inside = room / "any.py" if room.is_dir() else room
            assert len(quick.tests_for([inside.as_posix()], there)) > 1, room


def test_a_soak_goes_on_until_the_time_is_over(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter([0.0, 30.0, 59.0, 61.0])
    given: list[list[str]] = []
    assert soak.soak(1, ["tests/graph"], lambda words, _: given.append(words) or 0, lambda: next(times)) == 0  # type: ignore[func-returns-value]
    seeds = re.findall(r"seed (\d+)", capsys.readouterr().out)
    assert len(set(seeds)) == len(given) == 3
    assert all(f"--hypothesis-seed={seed}" in words for seed, words in zip(seeds, given, strict=True))


def test_a_failed_soak_names_the_command_that_repeats_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert soak.soak(1, ["tests/graph"], lambda *_: 1) == 1
    said = capsys.readouterr().out
    seed = re.findall(r"seed (\d+)", said)[0]
    assert f"FULLCIRCLE_PROFILE=soak .venv/bin/python -m pytest -m property -x --hypothesis-seed={seed} tests/graph" in said


def test_a_soak_draws_more_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FULLCIRCLE_PROFILE", "HYPOTHESIS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    assert (profile(), examples(3, soak=50), examples(100)) == ("ci", 3, 100)
    monkeypatch.setenv("HYPOTHESIS_PROFILE", "soak")
    assert (profile(), examples(3, soak=50), examples(100)) == ("soak", 50, 500)


def test_no_test_draws_examples_of_its_own_seed() -> None:
    """The profile decides; a test names only how many, through tests/properties.py."""
    for path in Path("tests").rglob("test_*.py"):
        found = re.search(r"settings\([^)]*(derandomize|database)=|max_examples=\d|@seed\(", path.read_text())
        assert found is None or path == Path("tests/rules/test_tools.py"), f"{path}: {found}"


@pytest.mark.xdist_group("together")
def test_groups_of_tests_stay_together(request: pytest.FixtureRequest) -> None:
    """Where several processes share the tests, those of a group have its name behind theirs; else each would make its world."""
    if "PYTEST_XDIST_WORKER" in os.environ and request.config.getoption("loadgroup"):
        assert request.node.nodeid.endswith("@together")
    assert request.node.get_closest_marker("xdist_group").args == ("together",)
