"""A company whose graph is at a Gremlin server: what the server computes is what the run computed, and is written back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fullcircle.config.read import read_config
from fullcircle.demo import company
from fullcircle.desk import open_desk
from fullcircle.engine.base import Engine
from fullcircle.errors import ExitCode
from fullcircle.model.progress import Silent
from fullcircle.pipeline import live, run
from fullcircle.serve.cli.main import main
from tests.servers.gremlin import GremlinServer

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("gremlin")]
NOT_LIVE = {"rfm", "segment", "due", "why"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, gremlin_server: GremlinServer) -> Iterator[Path]:
    """A demo company of 150 people, run into the server."""
    gremlin_server.clear()
    config = company.make(tmp_path_factory.mktemp("live"), people=150)
    config.write_text(f'{config.read_text()}\n[graph]\nstore = "gremlin"\nurl = "{gremlin_server.url}"\n')
    with open_desk(read_config(config), Silent()) as desk:
        run(desk)
    yield config
    gremlin_server.clear()


@pytest.fixture
def ask(project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, Any]]:
    """Run a verb with --json: its exit code and what it printed."""

    def verb(*words: str) -> tuple[int, Any]:
        monkeypatch.setattr("sys.argv", ["fullcircle", *words, "--config", str(project), "--json"])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), json.loads(out or err.splitlines()[-1])

    return verb


def of_tables(project: Path, sql: str) -> list[tuple[Any, ...]]:
    with open_desk(read_config(project), Silent()) as desk:
        return desk.engine.rows(sql)


def test_related_live_is_what_the_run_found(project: Path, ask: Callable[..., tuple[int, Any]]) -> None:
    for (who,) in of_tables(project, "SELECT DISTINCT customer_id FROM insight_related ORDER BY 1 LIMIT 12"):
        code, found = ask("related", who, "--live")
        wanted = of_tables(
            project, f"SELECT related_id, score, shared, why FROM insight_related WHERE customer_id = '{who}' ORDER BY rank"
        )
        assert code == 0
        assert [(one["id"], round(one["score"], 2), one["shared"], one["why"]) for one in found] == wanted
        assert all(one["name"] for one in found)
        kept = ask("related", who, "--limit", "500")[1]
        assert {one["id"] for one in kept if "products" in one["kinds"]} == {one[0] for one in wanted}


def test_bought_together_live_is_what_the_run_found(project: Path, ask: Callable[..., tuple[int, Any]]) -> None:
    products = of_tables(project, "SELECT DISTINCT product_id FROM insight_bought_together ORDER BY 1 LIMIT 8")
    assert products
    for (product,) in products:
        live_rows, kept = ask("bought-together", product, "--live")[1], ask("bought-together", product)[1]
        assert live_rows == kept
        assert all(one["why"] and one["name"] for one in kept)


def test_habits_live_are_those_of_the_run(project: Path, ask: Callable[..., tuple[int, Any]]) -> None:
    for (who,) in of_tables(project, "SELECT customer_id FROM insight_habits ORDER BY orders DESC, 1 LIMIT 8"):
        kept, now = ask("habits", who)[1], ask("habits", who, "--live")[1]
        assert kept["segment"]
        assert {name: value for name, value in now.items() if name not in NOT_LIVE | {"unpaid"}} == {
            name: value for name, value in kept.items() if name not in NOT_LIVE | {"unpaid"}
        }


@pytest.mark.parametrize("insight", ["related", "bought_together"])
def test_all_is_written_back_and_changes_nothing_where_nothing_changed(project: Path, insight: str) -> None:
    with open_desk(read_config(project), Silent()) as desk:
        before = rows(desk.engine, insight)
        counts = live(desk, insight, 10)
        assert rows(desk.engine, insight) == before
        assert counts["written"] == counts["removed"] == 0
        assert counts["related" if insight == "related" else "bought together"] == len(before)
        desk.engine.run(f"DELETE FROM insight_{insight}")
        desk.engine.run(f"DELETE FROM edges_{'related_to' if insight == 'related' else 'bought_with'}")
        assert live(desk, insight, 10)["written"] == 0  # the store has them as they should be


def rows(engine: Engine, insight: str) -> list[tuple[Any, ...]]:
    return engine.rows(f"SELECT * FROM insight_{insight} ORDER BY ALL")


def test_a_product_is_found_by_words_and_several_are_asked_back(ask: Callable[..., tuple[int, Any]], project: Path) -> None:
    name = of_tables(project, "SELECT name FROM products JOIN insight_bought_together USING (product_id) ORDER BY 1 LIMIT 1")[0][
        0
    ]
    assert ask("bought-together", name.lower())[0] == 0
    code, said = ask("bought-together", "zzz nothing")
    assert code == ExitCode.FAILED
    assert "no product" in said["error"]["message"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["related"], "Nobody and nothing was named."),
        (["related", "--all"], "--all is for what the graph server computes."),
        (["related", "customer:a", "--live", "--all"], "One is asked for, or all."),
    ],
)
def test_what_does_not_go_together_is_said(ask: Callable[..., tuple[int, Any]], words: list[str], message: str) -> None:
    assert ask(*words)[1]["error"]["message"] == message
