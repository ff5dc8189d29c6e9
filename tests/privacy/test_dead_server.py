"""A graph server that does not answer: the erasure says so, stays open, and goes on when the server is back."""

from pathlib import Path

import pytest
import requests
from typer.testing import CliRunner

from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.errors import StoreUnreachable
from fullcircle.pipeline import run
from fullcircle.privacy.erase import erase, finish
from fullcircle.privacy.listed import any_open, erasures
from fullcircle.serve.cli.main import app
from fullcircle.steward.who import customer_named
from tests import small
from tests.servers.oxigraph import OxigraphServer, running_oxigraph_server

ADA = "crm:contacts:17"
TRACES = ("ada keller", "ada.keller@example.org", "41443334455")
EVERYTHING = "SELECT * { GRAPH ?g { ?s ?p ?o } }"
MAIN, COPY = "graph", "graph.others.copy"


def _project(folder: Path, server: OxigraphServer, section: str) -> Config:
    options = "".join(f'{name} = "{value}"\n' for name, value in server.options.items())
    more = f'\n[{section}]\nstore = "rdf"\npatience_seconds = 0.5\n{options}'
    settings = read_config(small.make(folder, more + small.PARQUET))
    with open_desk(settings) as desk:
        run(desk)
    if section == COPY:
        done = CliRunner().invoke(app, ["graph", "copy", "--to", "copy", "--config", str(folder / "fullcircle.toml")])
        assert done.exit_code == 0, done.output
    return settings


def _served(server: OxigraphServer) -> str:
    found = requests.get(f"{server.url}/query", {"query": f"{EVERYTHING}"}, headers={"Accept": "text/csv"}, timeout=30)
    found.raise_for_status()
    return found.text.lower()


def _traces(settings: Config) -> list[str]:
    files = [path for path in settings.home.rglob("*") if path.is_file()]
    return [path.name for path in files if any(trace.encode() in path.read_bytes().lower() for trace in TRACES)]


@pytest.mark.server
@pytest.mark.parametrize("section", [MAIN, COPY])
def test_a_server_that_is_dead_keeps_the_erasure_open(tmp_path: Path, section: str) -> None:
    with running_oxigraph_server(tmp_path / "data") as server:
        settings = _project(tmp_path / "project", server, section)
        assert "ada keller" in _served(server)
        server.kill()
        with pytest.raises(StoreUnreachable) as raised:
            erase(settings, [ADA], customer_named, "officer")
        assert "fullcircle erased resume" in raised.value.hint
        (one,) = erasures(settings)
        assert (one.state, list(settings.home.glob("certificates/*"))) == ("open", [])
        with open_desk(settings) as desk:
            landed = str([desk.engine.rows(desk.landing.every_sql(*which)) for which in desk.landing.objects()]).lower()
        assert not any(trace in landed for trace in TRACES)
        with pytest.raises(StoreUnreachable):
            finish(settings)
        assert any_open(settings)
        server.start()
        assert [made.erasure for made in finish(settings)] == [one.id]
        assert not any(trace in _served(server) for trace in TRACES)
        assert _traces(settings) == []
