"""Who reads the tables keeps writers out until the last of them has ended: also readers of one process among themselves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.errors import Busy
from fullcircle.home.tables_file import tables_for_reading
from tests import small

OPENS = "import sys; from pathlib import Path; from fullcircle.config.read import read_config\n"
OPENS += "from fullcircle.desk import open_desk\nwith open_desk(read_config(Path(sys.argv[1]))): print('opened')"


def another_run(file: Path) -> str:
    return subprocess.run([sys.executable, "-c", OPENS, str(file)], capture_output=True, text=True, check=False).stdout.strip()


def test_a_reader_that_ends_does_not_let_a_writer_in_beside_another_reader(tmp_path: Path) -> None:
    file = small.make(tmp_path)
    settings = read_config(file)
    with open_desk(settings) as desk:
        desk.engine.run("CREATE TABLE t AS SELECT 1 AS a")
    with tables_for_reading(settings) as first:
        with tables_for_reading(settings):
            pass  # it ends, and with it this process's lock of the library
        assert another_run(file) == ""
        assert first.value("SELECT a FROM t") == 1
        with pytest.raises(Busy), open_desk(settings):  # in the same process neither
            pass
        with open_desk(settings, dry_run=True) as copy:  # that only reads
            assert copy.engine.value("SELECT a FROM t") == 1
    assert another_run(file) == "opened"


def test_a_run_is_alone_in_its_process_too(tmp_path: Path) -> None:
    settings = read_config(small.make(tmp_path))
    with open_desk(settings):
        for blocked in (tables_for_reading(settings), open_desk(settings), open_desk(settings, dry_run=True)):
            with pytest.raises(Busy), blocked:
                pass
