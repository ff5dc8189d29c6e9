"""Wrong options of the stages that come last are found before the first one works."""

from __future__ import annotations

import pytest

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.errors import ConfigError, FullcircleError
from tests import small

WRONG = {
    "[insights.habits]\nmin_order = 3\n": r'\[insights.habits\]: unknown key "min_order"',
    "[insights.next_product]\nk = 0\n": r"\[insights.next_product\]: k is wrong",
    '[insights]\nas_of = "yesterday"\n': 'as_of = "yesterday" is not a date',
    '[insights]\nnames = ["habit"]\n': '"habit" does not exist',
    "[insights.habbits]\nmin_orders = 3\n": 'Unknown key "habbits"',
    '[publish.targets.lake]\ntarget = "iceberg"\nkeep_snapshot = 3\n': 'unknown key "keep_snapshot"',
    '[publish.targets.out]\ntarget = "parquet"\nfolder = "x"\n': 'unknown key "folder"',
    '[publish.targets.out]\ntarget = "parket"\n': '"parket" does not exist',
    '[publish.targets.out]\ntarget = "parquet"\ntables = ["custmers"]\n': 'the table "custmers" does not exist',
    '[[publish.joins]]\nname = "j"\nsource = "dwh"\ntable = "t"\non = "c"\nidentifier = "email"\n': '"dwh" is not a source',
    '[[quality.rules]]\ntable = "orders"\ncolumn = "amuont"\nrule = "complete"\n': 'has no column "amuont"',
}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_options_stop_before_work(tmp_path, text):
    config = small.make(tmp_path)
    config.write_text(f"{config.read_text()}\n{text}")
    with pytest.raises(FullcircleError, match=WRONG[text]), open_desk(read_config(config)):
        pass


@pytest.mark.parametrize("tables", [["customers"], ["insight_habits"], ["vertices_customer"], ["records"], ["spend"]])
def test_tables_that_will_be_there_pass(tmp_path, tables):
    config = small.make(tmp_path)
    target = f'[publish.targets.out]\ntarget = "parquet"\ntables = {tables}\n'.replace("'", '"')
    join = '[sources.dwh]\nconnector = "sql"\nurl = "sqlite:///w.db"\n[[publish.joins]]\nname = "spend"\nsource = "dwh"\n'
    config.write_text(f'{config.read_text()}\n{target}\n{join}table = "t"\non = "c"\nidentifier = "email"\n')
    with open_desk(read_config(config)) as desk:
        assert desk.config.publish.targets["out"].tables == tuple(tables)


def test_a_wrong_option_is_a_config_error(tmp_path):
    config = small.make(tmp_path)
    config.write_text(f"{config.read_text()}\n[insights.related]\nk = -1\n")
    with pytest.raises(ConfigError), open_desk(read_config(config)):
        pass


def test_what_was_right_is_not_looked_at_again_but_what_was_changed_is(tmp_path, monkeypatch):
    config = small.make(tmp_path, "\n[insights.habits]\nmin_orders = 3\n")
    with open_desk(read_config(config)):
        pass
    looked = []
    monkeypatch.setattr("fullcircle.home.options.check_insight_options", looked.append)
    with open_desk(read_config(config)):
        pass
    assert not looked
    monkeypatch.undo()
    config.write_text(config.read_text().replace("min_orders", "min_order"))
    for _ in range(2):
        with pytest.raises(ConfigError, match="min_order"), open_desk(read_config(config)):
            pass
