"""Where a server cannot run, its tests are skipped, and the end of the run says so and why."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from unittest import mock

import pytest

from tests.servers import gremlin

ROOT = Path(__file__).parents[2]


def test_the_reasons_stand_at_the_end_of_a_run(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        "import pytest\ndef test_it():\n    pytest.skip('NOT TESTED against a server')\ndef test_that():\n    assert False\n"
    )
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "NOT TESTED against a server" in done.stdout, done.stdout + done.stderr
    assert "FAILED test_one.py::test_that" in done.stdout, "failures are still listed, too"


@pytest.mark.parametrize("error", [subprocess.TimeoutExpired("mvn", 900), OSError("no memory")])
def test_a_maven_that_hangs_or_does_not_start_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(gremlin.MUST_RUN, raising=False)
    with mock.patch("shutil.which", return_value="/usr/bin/it"), mock.patch("subprocess.run", side_effect=error):
        reason = gremlin.why_not()
        assert "Maven" in reason
        with pytest.raises(pytest.skip.Exception, match="NOT TESTED"), gremlin.running_gremlin_server():
            pass
        monkeypatch.setenv(gremlin.MUST_RUN, "1")
        with pytest.raises(pytest.fail.Exception, match="NOT TESTED"), gremlin.running_gremlin_server():
            pass
