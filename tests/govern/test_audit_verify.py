"""Whatever is done to the audit log is found, with its place: by the log itself, or by a checkpoint kept elsewhere."""

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from fullcircle.ask.audit import AuditReport, audit_begin, audit_checkpoint, audit_entries, audit_verify
from fullcircle.book.book import FILE_NAME, Book
from fullcircle.config.sections import AuditSettings, Config
from fullcircle.errors import AuditBroken, ConfigError
from fullcircle.govern.audit import open_audit
from fullcircle.govern.audit_anchor import LogAnchor, put_anchor
from fullcircle.govern.audit_checkpoint import Checkpoint, read_checkpoint
from fullcircle.govern.audit_file import AUDIT
from fullcircle.govern.audit_key import PublicKey, SigningKey, new_key
from fullcircle.govern.audit_tree import NOTHING, Tree, chained, leaf
from tests.govern.audit_world import MARIA, entry, home_with, tamper

SIZE = 50


@pytest.fixture
def project(tmp_path: Path) -> Config:
    return home_with(tmp_path, SIZE)


def places(report: AuditReport) -> list[int]:
    return [one.entry for one in report.findings]


def test_a_whole_log_is_whole(project: Config) -> None:
    report = audit_verify(project)
    assert (report.whole, report.entries, report.findings) == (True, SIZE, ())


@pytest.mark.parametrize("number", [1, 2, 17, SIZE])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET json = replace(json, 'os:maria', 'os:marie')",
        "UPDATE entry SET json = json || ' '",
        "UPDATE entry SET json = ''",
        "UPDATE entry SET json = CAST(x'ff00fe' AS TEXT)",
        "UPDATE entry SET head = zeroblob(32)",
        "UPDATE entry SET head = 'text'",
    ],
)
def test_a_flip_is_found_at_its_place(project: Config, number: int, change: str) -> None:
    tamper(project, f"{change} WHERE number = {number}")
    report = audit_verify(project)
    assert places(report) == [number]
    assert f"entry {number}" in report.findings[0].problem


@pytest.mark.parametrize("number", [1, 20, SIZE - 1])
def test_a_deletion_is_found_at_its_place(project: Config, number: int) -> None:
    tamper(project, f"DELETE FROM entry WHERE number = {number}")
    report = audit_verify(project)
    assert places(report) == [number]
    assert report.findings[0].problem == f"entry {number} is missing"


def test_several_gaps_are_found(project: Config) -> None:
    tamper(project, "DELETE FROM entry WHERE number IN (5, 6, 7, 30)")
    assert [one.problem for one in audit_verify(project).findings] == ["entries 5 to 7 are missing", "entry 30 is missing"]


@pytest.mark.parametrize("number", [1, 20, SIZE - 1])
def test_a_deletion_with_the_rest_moved_up_is_found_at_its_place(project: Config, number: int) -> None:
    tamper(
        project,
        f"DELETE FROM entry WHERE number = {number}",
        f"UPDATE entry SET number = -number WHERE number > {number}",
        "UPDATE entry SET number = -number - 1 WHERE number < 0",
        f"UPDATE log SET size = {SIZE - 1}",
    )
    report = audit_verify(project)
    assert places(report)[0] == number
    assert "taken out" in report.findings[0].problem


@pytest.mark.parametrize("number", [1, 20, SIZE - 1])
def test_a_swap_is_found_at_its_place(project: Config, number: int) -> None:
    tamper(
        project,
        f"UPDATE entry SET number = -1 WHERE number = {number}",
        f"UPDATE entry SET number = {number} WHERE number = {number + 1}",
        f"UPDATE entry SET number = {number + 1} WHERE number = -1",
    )
    assert places(audit_verify(project)) == [number, number + 1]


def test_an_exchange_of_far_entries_is_found_at_both_places(project: Config) -> None:
    tamper(
        project,
        "UPDATE entry SET number = -1 WHERE number = 10",
        "UPDATE entry SET number = 10 WHERE number = 40",
        "UPDATE entry SET number = 40 WHERE number = -1",
    )
    assert places(audit_verify(project)) == [10, 40]


@pytest.mark.parametrize("number", [1, 20, SIZE])
def test_an_insertion_is_found_at_its_place(project: Config, number: int) -> None:
    tamper(
        project,
        f"UPDATE entry SET number = -number - 1 WHERE number >= {number}",
        "UPDATE entry SET number = -number WHERE number < 0",
        f"INSERT INTO entry SELECT {number}, json, head FROM entry WHERE number = {number + 1}",
        f"UPDATE log SET size = {SIZE + 1}",
    )
    found = places(audit_verify(project))
    assert found
    assert found[0] in (number, number + 1)


def test_an_entry_put_in_before_the_first_is_found(project: Config) -> None:
    tamper(project, "INSERT INTO entry SELECT -3, json, head FROM entry WHERE number = 1")
    assert places(audit_verify(project)) == [-3]


@pytest.mark.parametrize("left", [0, 1, 20, SIZE - 1])
def test_a_cut_tail_is_found_by_the_size_of_the_log(project: Config, left: int) -> None:
    tamper(project, f"DELETE FROM entry WHERE number > {left}")
    report = audit_verify(project)
    assert places(report) == [left + 1]
    assert "missing" in report.findings[0].problem
    with pytest.raises(AuditBroken):
        open_audit(project.home, project)


@pytest.mark.parametrize("left", [0, 1, 20, SIZE - 1])
def test_a_tail_cut_with_care_is_found_by_a_checkpoint(project: Config, left: int, tmp_path: Path) -> None:
    kept = tmp_path / "elsewhere"
    kept.write_text(audit_checkpoint(project).checkpoint)
    written_anew(project, left)
    assert audit_verify(project).whole  # a chain alone does not show it
    report = audit_verify(project, [kept])
    assert places(report) == [left + 1]
    assert f"the tail was cut after entry {left}" in report.findings[0].problem


def test_a_tail_cut_with_care_is_found_by_the_book(project: Config) -> None:
    with closing(Book(project.home / FILE_NAME)) as book, open_audit(project.home, project) as log:
        put_anchor(book, LogAnchor(log.state().origin, SIZE, log.state().head))
    written_anew(project, 20)
    assert places(audit_verify(project)) == [21]
    with pytest.raises(AuditBroken, match="was cut, or an older one was put back: after entry 20, 30 entries are missing"):
        open_audit(project.home, project)


def test_a_log_written_anew_is_found_between_two_checkpoints(project: Config, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "1.checkpoint").write_text(audit_checkpoint(project).checkpoint)
    with open_audit(project.home, project) as log:
        log.note_many([entry(number) for number in range(20)])
    (kept / "2.checkpoint").write_text(audit_checkpoint(project).checkpoint)
    tamper(project, "UPDATE entry SET json = replace(json, 'os:maria', 'os:marie') WHERE number = 55")
    written_anew(project, 70)
    report = audit_verify(project, [kept])
    assert report.checkpoints == 1
    assert places(report) == [51]
    assert f"an entry between 51 and {SIZE + 20} was changed" in report.findings[0].problem


def written_anew(project: Config, size: int) -> None:
    """What somebody does who knows how the log works: all hashes fit again."""
    with closing(sqlite3.connect(project.home / AUDIT)) as db:
        texts = [row[0] for row in db.execute("SELECT json FROM entry WHERE number <= ? ORDER BY number", (size,))]
    tree, head, statements = Tree(), NOTHING, [f"DELETE FROM entry WHERE number > {size}"]
    for number, text in enumerate(texts, 1):
        head = chained(head, leaf(text.encode()))
        tree.add(leaf(text.encode()))
        statements.append(f"UPDATE entry SET head = x'{head.hex()}' WHERE number = {number}")
    tamper(project, *statements, f"UPDATE log SET size = {size}, head = x'{head.hex()}', peaks = x'{tree.packed.hex()}'")


@pytest.mark.parametrize("change", ["size = 49", "size = 51", "head = zeroblob(32)", "peaks = zeroblob(64)", "peaks = x''"])
def test_a_changed_end_of_the_log_is_found(project: Config, change: str) -> None:
    tamper(project, f"UPDATE log SET {change}")
    assert not audit_verify(project).whole


@hypothesis_settings(deadline=None)
@given(st.data())
def test_any_damaged_byte_and_any_cut_is_found_or_does_no_harm(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """What is not part of an entry (unused space of a page) may change without harm: the entries are the same then."""
    project = home_with(tmp_path_factory.mktemp("bytes"), SIZE)
    file = project.home / AUDIT
    good = [one.to_dict() for one in audit_entries(project, limit=1000)]
    whole = bytearray(file.read_bytes())
    place = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        whole[place] ^= data.draw(st.integers(1, 255))
    else:
        del whole[place:]
    file.write_bytes(whole)
    report = audit_verify(project)
    if report.whole:
        assert [one.to_dict() for one in audit_entries(project, limit=1000)] == good


# -- checkpoints -------------------------------------------------------------------------------------------------------


def test_a_checkpoint_has_the_form_of_c2sp(project: Config) -> None:
    found = audit_checkpoint(project)
    origin, size, root, empty, signature, end = found.checkpoint.split("\n")
    assert re.fullmatch(r"my-company/audit/[0-9a-f]{8}", origin)
    assert (size, empty, end) == (str(SIZE), "", "")
    assert len(root) == 44
    assert signature.startswith(f"\u2014 {origin} ")
    read = read_checkpoint(found.checkpoint, "it")
    assert read.is_signed_by([PublicKey.read(found.public_key)])
    assert (project.home / "audit.key").stat().st_mode & 0o777 == 0o600


def test_the_hash_of_a_key_and_its_line_are_those_of_signed_notes() -> None:
    """The key of the documentation of golang.org/x/mod/sumdb/note."""
    line = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    key = PublicKey.read(line)
    assert str(key) == line
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    signature = "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    assert key.signed(text, signature)
    assert not key.signed(f"{text}x", signature)
    assert not key.signed(text, signature.replace("PeterNeumann", "PeterNewmann"))


def test_checkpoints_are_kept_in_the_folder_and_found_there(tmp_path: Path) -> None:
    project = home_with(tmp_path, 5, AuditSettings(checkpoints="kept"))
    first = audit_checkpoint(project)
    assert first.file
    assert Path(first.file).read_text() == first.checkpoint
    with open_audit(project.home, project) as log:
        log.note(entry(1))
    audit_checkpoint(project)
    audit_checkpoint(project)  # again: the same
    assert len(list((tmp_path / "kept").iterdir())) == 2
    report = audit_verify(project)
    assert (report.whole, report.checkpoints) == (True, 2)
    written_anew(project, 5)
    assert places(audit_verify(project)) == [6]


def test_a_checkpoint_that_contradicts_the_one_kept_is_not_written(tmp_path: Path) -> None:
    project = home_with(tmp_path, 5, AuditSettings(checkpoints="kept"))
    file = Path(audit_checkpoint(project).file or "")
    good = file.read_text()
    tamper(project, "UPDATE entry SET json = replace(json, 'os:maria', 'os:marie') WHERE number = 2")
    written_anew(project, 5)
    with pytest.raises(AuditBroken, match="was another one when it had 5 entries"):
        audit_checkpoint(project)
    assert file.read_text() == good


def test_a_forged_checkpoint_is_not_believed(project: Config, tmp_path: Path) -> None:
    origin = audit_verify(project).origin
    forged = Checkpoint(origin, 9, bytes(32)).signed(SigningKey(origin, new_key(), "it"))
    (tmp_path / "forged").write_text(forged)
    report = audit_verify(project, [tmp_path / "forged"])
    assert not report.whole
    assert "is not signed by this key" in report.findings[0].problem


def test_a_checkpoint_of_another_log_says_so(project: Config, tmp_path: Path) -> None:
    other = home_with(tmp_path / "other", 3)
    (tmp_path / "theirs").write_text(audit_checkpoint(other).checkpoint)
    assert "of another log" in audit_verify(project, [tmp_path / "theirs"]).findings[0].problem


@pytest.mark.parametrize(
    "text", ["", "a\n1\n", "a\n1\nqINS\n\n\u2014 a b\n", "\n\n\n", "a\n-1\n" + "A" * 43 + "=\n\n\u2014 a b\n"]
)
def test_what_is_not_a_checkpoint_says_so(project: Config, tmp_path: Path, text: str) -> None:
    (tmp_path / "it").write_text(text)
    with pytest.raises(ConfigError, match="is not a checkpoint"):
        audit_verify(project, [tmp_path / "it"])
    with pytest.raises(ConfigError, match="cannot be read"):
        audit_verify(project, [tmp_path / "nowhere"])


def test_an_own_key_signs_and_old_ones_are_still_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = home_with(tmp_path, 5)
    old = audit_checkpoint(project)
    (tmp_path / "old").write_text(old.checkpoint)
    monkeypatch.setenv("AUDIT_KEY", new_key().decode())
    project = home_with(tmp_path, 0, AuditSettings(key="env:AUDIT_KEY"))
    new = audit_checkpoint(project)
    assert new.public_key != old.public_key
    assert not audit_verify(project, [tmp_path / "old"]).whole
    assert audit_verify(project, [tmp_path / "old"], [old.public_key]).whole
    with pytest.raises(ConfigError, match="not a public key"):
        audit_verify(project, [tmp_path / "old"], [old.public_key[:-9]])
    monkeypatch.setenv("AUDIT_KEY", "hunter2")
    with pytest.raises(ConfigError, match="not a private key") as caught:
        audit_checkpoint(project)
    assert "hunter2" not in str(caught.value)


# -- begun anew --------------------------------------------------------------------------------------------------------


def test_a_lost_log_is_begun_anew_on_purpose_and_says_so(project: Config) -> None:
    os.unlink(project.home / AUDIT)
    with pytest.raises(AuditBroken):
        open_audit(project.home, project)
    assert audit_begin(project, MARIA) == ""
    (first,) = audit_entries(project)
    assert (first.who, first.question) == ("os:maria", "audit begin")
    assert "was lost" in first.detail
    with open_audit(project.home, project) as log:
        log.note(entry(1))
    assert audit_verify(project).whole


def test_an_older_book_that_knows_the_lost_log_is_believed(project: Config) -> None:
    older = (project.home / FILE_NAME).read_bytes()
    os.unlink(project.home / AUDIT)
    audit_begin(project, MARIA)
    (project.home / FILE_NAME).write_bytes(older)
    with open_audit(project.home, project) as log:
        log.note(entry(1))
    assert audit_verify(project).whole


def test_a_book_of_another_log_is_named(project: Config) -> None:
    with closing(Book(project.home / FILE_NAME)) as book:
        put_anchor(book, LogAnchor("other/audit/1", 3, NOTHING))
    assert "the book speaks of another log" in audit_verify(project).findings[0].problem


def test_a_damaged_log_is_set_aside(project: Config) -> None:
    tamper(project, "DELETE FROM entry WHERE number = 7")
    aside = audit_begin(project, MARIA)
    assert Path(aside).exists()
    assert "damaged" in Path(aside).name
    assert audit_verify(project).entries == 1


def test_a_whole_log_is_not_begun_anew(project: Config, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is whole"):
        audit_begin(project, MARIA)
    with pytest.raises(ConfigError, match="No audit log"):
        audit_begin(Config(folder=tmp_path / "other"), MARIA)
