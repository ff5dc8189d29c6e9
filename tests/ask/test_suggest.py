"""A mapping proposed from what a source really has."""

import tomllib
from pathlib import Path

import pytest

from fullcircle.ask.suggest import suggest_map
from fullcircle.config.read import read_config
from fullcircle.errors import NotFound


def test_a_source_is_opened_and_its_objects_are_recognised(project: Path) -> None:
    proposed = tomllib.loads(suggest_map(read_config(project), "crm"))
    assert [(one["object"], one["to"]) for one in proposed["map"]][:1] == [("contacts", "records")]


def test_an_unknown_source_names_the_known_ones(project: Path) -> None:
    with pytest.raises(NotFound) as raised:
        suggest_map(read_config(project), "till")
    assert raised.value.hint == "Sources of the config: crm, shop."
