"""The state of a project can be asked before there is a graph: it is then that one wants to know how the run ended."""

from fullcircle.ask.reader import open_reader
from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from fullcircle.stage import Choice
from tests import small


def test_runs_and_stages_are_shown_before_there_is_a_graph(tmp_path):
    settings = read_config(small.make(tmp_path))
    with open_desk(settings) as desk:
        run(desk, Choice(only=("pull", "conform")))
    with open_reader(settings) as reader:
        found = reader.status()
    assert found.graph == {}
    assert [one.stage for one in found.stages] == ["pull", "conform"]
    assert [one.state for one in found.runs] == ["finished"]
