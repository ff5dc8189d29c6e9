"""A run looks whether the audit log is there and in order, before it works, and the verbs of the command line."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from fullcircle.ask.audit import audit_begin, audit_verify
from fullcircle.book.book import FILE_NAME, Book
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.errors import AuditBroken
from fullcircle.govern.audit import open_audit
from fullcircle.govern.audit_anchor import anchor_in
from fullcircle.govern.audit_file import AUDIT
from fullcircle.home.folder import made
from tests.govern.audit_world import MARIA, entry, tamper
from tests.small import make

COMMAND = [sys.executable, "-m", "fullcircle.serve.cli.main"]


@pytest.fixture
def project(tmp_path: Path) -> Config:
    settings = read_config(make(tmp_path, '\n[audit]\ncheckpoints = "kept"\n'))
    with open_desk(settings):
        pass
    note(settings, 10)
    return settings


def note(settings: Config, entries: int) -> None:
    with open_audit(settings.home, settings) as log:
        log.note_many([entry(number) for number in range(entries)])


def begin_a_run(settings: Config) -> None:
    with open_desk(settings):
        pass


def test_a_run_notes_in_the_book_how_far_the_log_goes_and_keeps_a_checkpoint(project: Config) -> None:
    begin_a_run(project)
    note(project, 5)
    begin_a_run(project)
    begin_a_run(project)
    with closing(Book(project.home / FILE_NAME, read_only=True)) as book:
        anchor = anchor_in(book)
    assert anchor
    assert anchor.size == 15
    kept = sorted(path.name.rpartition("-")[2] for path in (project.folder / "kept").iterdir())
    assert kept == ["000000000010.checkpoint", "000000000015.checkpoint"]


def test_a_dry_run_keeps_nothing(project: Config) -> None:
    with open_desk(project, dry_run=True):
        pass
    assert not (project.folder / "kept").exists()


def test_a_run_stops_when_the_log_is_lost(project: Config) -> None:
    (project.home / AUDIT).unlink()
    with pytest.raises(AuditBroken, match="is missing, but one was kept here"):
        begin_a_run(project)
    assert not (project.home / AUDIT).exists()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("DELETE FROM entry WHERE number > 12", "was cut"),
        ("DELETE FROM entry WHERE number = 14", "entry 14 is missing"),
        ("UPDATE entry SET json = replace(json, 'maria', 'marie') WHERE number = 14", "entry 14 was changed"),
        ("UPDATE log SET origin = 'other'", "another one"),
        ("UPDATE entry SET head = zeroblob(32) WHERE number = 10", "was changed at entry 10"),
        ("DROP TABLE entry", "is not an audit log"),
    ],
)
def test_a_run_stops_when_what_came_since_the_last_one_is_not_in_order(project: Config, damage: str, said: str) -> None:
    begin_a_run(project)
    note(project, 5)
    tamper(project, damage)
    with pytest.raises(AuditBroken, match=said):
        begin_a_run(project)


def test_an_older_log_that_was_put_back_is_noticed(project: Config) -> None:
    before = (project.home / AUDIT).read_bytes()
    note(project, 5)
    begin_a_run(project)
    (project.home / AUDIT).write_bytes(before)
    with pytest.raises(AuditBroken, match="an older one was put back: after entry 10, 5 entries are missing"):
        begin_a_run(project)


def test_a_run_goes_on_with_a_log_begun_anew_and_an_older_book(project: Config) -> None:
    begin_a_run(project)
    older = (project.home / FILE_NAME).read_bytes()
    (project.home / AUDIT).unlink()
    audit_begin(project, MARIA)
    begin_a_run(project)
    (project.home / FILE_NAME).write_bytes(older)
    note(project, 20)
    begin_a_run(project)
    assert audit_verify(project).whole


def test_a_home_with_an_audit_log_alone_is_a_home(tmp_path: Path) -> None:
    (tmp_path / AUDIT).touch()
    (tmp_path / "notes.txt").touch()
    assert made(tmp_path) == tmp_path


def shell(settings: Config, *words: str) -> subprocess.CompletedProcess[str]:
    file = str(settings.folder / "fullcircle.toml")
    return subprocess.run([*COMMAND, "audit", *words, "--config", file], capture_output=True, text=True, check=False)


def test_the_verbs(project: Config) -> None:
    shown = shell(project, "show", "--limit", "3", "--json")
    assert [one["number"] for one in json.loads(shown.stdout)] == [10, 9, 8]
    assert "os:maria" in shell(project, "show").stdout
    whole = shell(project, "verify")
    assert (whole.returncode, whole.stdout.split(" ")[:3]) == (0, ["whole:", "10", "entries"])
    signed = shell(project, "checkpoint").stdout
    assert signed.split("\n")[1] == "10"
    key = shell(project, "checkpoint", "--public-key").stdout.strip()
    (project.folder / "signed").write_text(signed)
    assert shell(project, "verify", "--checkpoint", str(project.folder / "signed"), "--public-key", key).returncode == 0
    assert "10 entries are in" in shell(project, "export", str(project.folder / "all.ndjson")).stdout
    assert shell(project, "begin").returncode == 2
    tamper(project, "DELETE FROM entry WHERE number = 4")
    broken = shell(project, "verify")
    assert broken.returncode == 1
    assert "NOT WHOLE: 9 entries" in broken.stdout
    assert "entry 4 is missing" in broken.stdout
    assert json.loads(shell(project, "verify", "--json").stdout)["findings"][0] == {"entry": 4, "problem": "entry 4 is missing"}
    assert "damaged-" in shell(project, "begin").stdout
    assert "audit begin" in shell(project, "show").stdout


def test_without_a_log_the_verbs_say_so(tmp_path: Path) -> None:
    settings = read_config(make(tmp_path))
    found = shell(settings, "show")
    assert found.returncode == 1
    assert "No audit log was begun" in found.stderr
