"""The audit log: what an entry holds, that it is durable, and that nothing is shown that cannot be noted."""

import json
import multiprocessing
import os
import re
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from fullcircle.ask.audit import audit_entries, audit_export, audit_verify
from fullcircle.book.book import FILE_NAME, Book
from fullcircle.errors import AuditBroken, ConfigError, NotAudited
from fullcircle.govern import audit, audit_file
from fullcircle.govern.audit import AuditFile, open_audit
from fullcircle.govern.audit_file import AUDIT
from fullcircle.govern.audit_tree import NOTHING, Tree, chained, leaf, node
from fullcircle.govern.entry import AuditEntry
from fullcircle.govern.principal import Principal
from fullcircle.identity.ledger import Ledger
from tests.govern.audit_world import MARIA, entry, home_with, settings_of

DOCS = Path(__file__).parents[2] / "docs" / "how-to" / "audit.md"


# -- what is kept ------------------------------------------------------------------------------------------------------


def test_an_entry_says_who_saw_which_fields_of_whom_and_no_value(tmp_path: Path) -> None:
    settings = home_with(tmp_path, 2)
    newest, first = audit_entries(settings)
    assert (first.number, newest.number) == (1, 2)
    assert (newest.who, newest.roles, newest.door, newest.question) == ("os:maria", ("agent",), "cli", "show")
    assert (newest.fields, newest.rule, newest.outcome) == (("email:partial", "name"), "agent-reads", "answered")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", newest.at)
    assert len(newest.customers[0]) == 24
    assert newest.customers != first.customers
    assert b"customer:" not in b"".join(row[0] for row in _rows(settings.home, "SELECT CAST(json AS BLOB) FROM entry"))


def test_a_customer_keeps_its_pseudonym_and_is_found_by_it(tmp_path: Path) -> None:
    settings = home_with(tmp_path, 3)
    with open_audit(settings.home, settings) as log:
        log.note(entry(2, "export"))
        log.note(AuditEntry(MARIA, "search", "answered", tuple(f"customer:{number:016d}" for number in range(1, 1500))))
    found = audit_entries(settings, customer=f"customer:{2:016d}")
    assert [one.question for one in found] == ["search", "export", "show"]
    assert found[1].customers == found[2].customers
    assert len(found[0].customers) == 1499


def test_entries_of_merged_ids_are_found_by_the_id_of_today(tmp_path: Path) -> None:
    settings = home_with(tmp_path, 3)
    with closing(Book(settings.home / FILE_NAME)) as book:
        Ledger(book)
        one, two = (f"customer:{number:016d}" for number in (1, 2))
        book.write("INSERT INTO customer_id VALUES (?, 1, NULL, 'live'), (?, 2, ?, 'absorbed')", (one, two, one))
    assert [each.number for each in audit_entries(settings, customer=one)] == [2, 1]
    assert [each.number for each in audit_entries(settings, customer=two.removeprefix("customer:"))] == [2, 1]


def test_filters(tmp_path: Path) -> None:
    settings = home_with(tmp_path, 5)
    with open_audit(settings.home, settings) as log:
        log.note(AuditEntry(Principal("key:c360_4q2m", frozenset(), "rest", "key"), "search", "refused"))
    assert [one.question for one in audit_entries(settings, who="C360")] == ["search"]
    assert len(audit_entries(settings, question="show")) == 5
    assert len(audit_entries(settings, limit=2)) == 2
    assert len(audit_entries(settings, since="1h")) == 6
    assert len(audit_entries(settings, since="2999-01-01")) == 0
    assert len(audit_entries(settings, until="2020-01-01T00:00+02:00")) == 0
    with pytest.raises(ConfigError, match="--since yesterday is not a time"):
        audit_entries(settings, since="yesterday")


def test_texts_that_are_not_utf8_are_kept_readable(tmp_path: Path) -> None:
    settings = home_with(tmp_path)
    with open_audit(settings.home, settings) as log:
        log.note(AuditEntry(Principal("os:mar\udcefa", frozenset(), "cli"), "show", "answered", detail='"\n\x00 é 漢'))
    (found,) = audit_entries(settings)
    assert (found.who, found.detail) == ("os:mar\\udcefa", '"\n\x00 é 漢')
    assert audit_verify(settings).whole


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        settings = home_with(tmp_path, 1)
        with open_audit(settings.home, settings) as log:
            log.note(entry(1))
            files = [path for path in settings.home.iterdir() if path.name.startswith((AUDIT, "audit."))]
            assert len(files) >= 3
            assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    finally:
        os.umask(before)


def test_sql_does_not_change_or_delete_entries_by_accident(tmp_path: Path) -> None:
    settings = home_with(tmp_path, 2)
    with closing(sqlite3.connect(settings.home / AUDIT)) as db:
        for statement in ("DELETE FROM entry", "UPDATE entry SET json = ''"):
            with pytest.raises(sqlite3.IntegrityError, match="only appended to"):
                db.execute(statement)


# -- who is forgotten --------------------------------------------------------------------------------------------------


def test_a_forgotten_customer_is_in_no_byte_of_the_log_and_the_log_stays_whole(tmp_path: Path) -> None:
    settings = home_with(tmp_path, 200)
    erased = [f"customer:{number:016d}" for number in range(50, 60)]
    with open_audit(settings.home, settings) as log:
        assert log.forget([*erased, "customer:never"]) == 10
        assert log.forget(erased) == 0
        seen = b"".join(path.read_bytes() for path in settings.home.glob(f"{AUDIT}*"))
        assert not [id for id in erased if id.encode() in seen]
        assert f"customer:{49:016d}".encode() in seen
        log.note(entry(50))
    assert audit_verify(settings).whole
    assert [one.number for one in audit_entries(settings, customer=erased[0])] == [201]


# -- the hashes --------------------------------------------------------------------------------------------------------


def test_the_tree_is_that_of_rfc_6962() -> None:
    """The test vectors that the implementations of Certificate Transparency share."""
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    roots = {
        0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    tree = Tree()
    for size in range(9):
        if size in roots:
            assert tree.root.hex() == roots[size]
        if size < 8:
            tree.add(leaf(bytes.fromhex(leaves[size])))
    assert Tree.read(tree.size, tree.packed) == tree


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 100, 255])
def test_the_growing_tree_is_the_one_built_at_once(size: int) -> None:
    leaves = [leaf(str(number).encode()) for number in range(size)]
    tree = Tree()
    for each in leaves:
        tree.add(each)
    assert tree.root == _root(leaves)


def _root(leaves: list[bytes]) -> bytes:
    """As RFC 6962 defines it."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node(_root(leaves[:half]), _root(leaves[half:]))


def test_an_export_is_verified_by_the_program_of_the_docs(tmp_path: Path) -> None:
    settings = home_with(tmp_path, 300)
    file = tmp_path / "audit.ndjson"
    assert audit_export(settings, file) == 300
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = file.read_bytes().splitlines()
    head = NOTHING
    for line in lines[:-1]:
        found = json.loads(line)
        raw = line[len(b'{"entry":') : line.index(b',"leaf":')]
        assert json.loads(raw) == found["entry"]
        head = chained(head, sha256(b"\x00" + raw).digest())
        assert found["head"] == head.hex()
    program = re.search(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert program
    (tmp_path / "verify.py").write_text(program[1])
    good = subprocess.run([sys.executable, tmp_path / "verify.py", file], capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout) == (0, "300 entries, whole\n"), good.stderr
    for bad in (
        lines[:100] + lines[101:],
        [*lines[:9], lines[9].replace(b"maria", b"marie"), *lines[10:]],
        lines[:-2] + lines[-1:],
    ):
        file.write_bytes(b"\n".join(bad) + b"\n")
        assert subprocess.run([sys.executable, tmp_path / "verify.py", file], capture_output=True, check=False).returncode


# -- many at once ------------------------------------------------------------------------------------------------------


def _append(home: str, who: int, many: int) -> None:
    settings = settings_of(Path(home).parent)
    with open_audit(settings.home, settings) as log:
        for number in range(many):
            log.note(entry(who * 1000 + number % 7))


def test_processes_and_threads_append_at_once(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    settings.home.mkdir()  # no log yet: they also begin it at once
    processes = [
        multiprocessing.get_context("spawn").Process(target=_append, args=(str(settings.home), who, 60)) for who in (1, 2)
    ]
    for one in processes:
        one.start()
    with open_audit(settings.home, settings) as log:
        threads = [threading.Thread(target=lambda: [log.note(entry(3000 + number)) for number in range(40)]) for _ in range(6)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    for one in processes:
        one.join()
        assert one.exitcode == 0
    report = audit_verify(settings)
    assert (report.whole, report.entries) == (True, 2 * 60 + 6 * 40)


def test_threads_that_come_together_are_all_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is told that an entry is kept finds it, however the threads are switched."""
    settings = home_with(tmp_path)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with open_audit(settings.home, settings) as log:
            monkeypatch.setattr(log, "_append", lambda entries: kept.extend(one.detail for one in entries))
            kept = list[str]()

            def work(who: int) -> None:
                for number in range(2000):
                    log.note(AuditEntry(MARIA, "show", "answered", detail=f"{who} {number}"))

            threads = [threading.Thread(target=work, args=(who,)) for who in range(8)]
            for one in threads:
                one.start()
            for one in threads:
                one.join()
    finally:
        sys.setswitchinterval(before)
    assert sorted(kept) == sorted(f"{who} {number}" for who in range(8) for number in range(2000))


KILLED = """
import sys
from pathlib import Path
from fullcircle.govern.audit import open_audit
from tests.govern.audit_world import entry, settings_of
settings = settings_of(Path(sys.argv[1]))
with open_audit(settings.home, settings) as log:
    for number in range(100000):
        log.note(entry(number))
        print(number, flush=True)
"""


def test_killed_while_it_appends_no_acknowledged_entry_is_lost(tmp_path: Path) -> None:
    settings = home_with(tmp_path)
    before = 0
    for wanted in (1, 7, 40, 150):
        work = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert work.stdout
        said = 0
        for _ in work.stdout:
            said += 1
            if said == wanted:
                work.kill()
        work.wait()
        work.stdout.close()
        report = audit_verify(settings)
        assert report.whole, report.findings
        assert report.entries in (before + said, before + said + 1)
        before = report.entries


# -- nothing is shown that cannot be noted -----------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", tmp_path], check=False).returncode:
        pytest.skip("needs the right to mount a small disk (tmpfs)")
    yield tmp_path
    subprocess.run(["umount", "-l", tmp_path], check=True)


def test_on_a_full_disk_it_is_refused_and_goes_on_when_there_is_space(small_disk: Path) -> None:
    settings = home_with(small_disk, 10)
    noted = 10
    with open_audit(settings.home, settings) as log:
        (small_disk / "fill").write_bytes(bytes(2_200_000))
        with pytest.raises(NotAudited, match="the disk is full") as caught:
            for _ in range(100_000):
                log.note(entry(noted))
                noted += 1
        assert "Free some space" in caught.value.hint
        with pytest.raises(NotAudited):
            log.note_many([entry(number) for number in range(5000)])
        (small_disk / "fill").unlink()
        log.note(entry(1))
    report = audit_verify(settings)
    assert report.whole
    assert report.entries == noted + 1


def test_a_failed_write_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = home_with(tmp_path, 1)
    with open_audit(settings.home, settings) as log:
        for message in ("database or disk is full", "disk I/O error", "attempt to write a readonly database"):
            with monkeypatch.context() as fault:
                fault.setattr(audit, "state_now", lambda *_, text=message: _raise(sqlite3.OperationalError(text)))
                with pytest.raises(NotAudited):
                    log.note(entry(2))
        log.note(entry(2))
    assert audit_verify(settings).entries == 2


def _raise(error: Exception) -> None:
    raise error


def test_a_locked_log_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = home_with(tmp_path, 1)
    monkeypatch.setattr(audit_file, "WAIT", 0.1)
    with closing(sqlite3.connect(settings.home / AUDIT, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with open_audit(settings.home, settings) as log, pytest.raises(NotAudited, match="Another process") as caught:
            log.note(entry(1))
    assert caught.value.retry


def test_a_home_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "nowhere")
    with pytest.raises(NotAudited):
        open_audit(settings.home, settings)
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode:
        pytest.skip("needs the right to mount a read-only disk")
    try:
        with pytest.raises(NotAudited, match="read-only"):
            open_audit(tmp_path, settings_of(tmp_path))
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True)


def test_a_log_that_is_exchanged_while_it_is_open_is_refused(tmp_path: Path) -> None:
    settings = home_with(tmp_path, 3)
    with open_audit(settings.home, settings) as log:
        (settings.home / AUDIT).rename(settings.home / "elsewhere")
        with pytest.raises(NotAudited, match="moved away or exchanged"):
            log.note(entry(1))
        with pytest.raises(NotAudited):
            log.note(entry(1))


def test_another_log_put_in_its_place_is_refused_again_and_again(tmp_path: Path) -> None:
    settings, other = home_with(tmp_path, 3), home_with(tmp_path / "other", 3)
    with open_audit(settings.home, settings) as log:
        for beside in ("-wal", "-shm"):  # what belongs to the old one goes with it, as docs/how-to/audit.md says
            (settings.home / f"{AUDIT}{beside}").unlink(missing_ok=True)
        (other.home / AUDIT).rename(settings.home / AUDIT)
        for _ in range(3):
            with pytest.raises(NotAudited):
                log.note(entry(1))


def test_an_interrupted_append_is_not_taken_for_noted_by_who_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = home_with(tmp_path)
    refused, began, go_on = list[NotAudited](), threading.Event(), threading.Event()

    def interrupted(_: object) -> None:
        began.set()
        go_on.wait(10)
        raise KeyboardInterrupt

    def waits() -> None:
        try:
            log.note(entry(2))
        except NotAudited as error:
            refused.append(error)

    with open_audit(settings.home, settings) as log:
        monkeypatch.setattr(log, "_append", interrupted)
        waiting = _Waits(log)
        first = threading.Thread(target=waiting.interrupted)
        first.start()
        began.wait(10)
        second = threading.Thread(target=waits)
        second.start()
        monkeypatch.undo()
        go_on.set()
        first.join()
        second.join()
    assert waiting.seen == ["KeyboardInterrupt"]
    assert audit_verify(settings).entries + len(refused) == 1


class _Waits:
    def __init__(self, log: AuditFile) -> None:
        self.log, self.seen = log, list[str]()

    def interrupted(self) -> None:
        try:
            self.log.note(entry(1))
        except BaseException as error:
            self.seen.append(type(error).__name__)


FORKING = """
import os, sys
from pathlib import Path
from fullcircle.govern.audit import open_audit
from tests.govern.audit_world import entry, settings_of
settings = settings_of(Path(sys.argv[1]))
log = open_audit(settings.home, settings)
log.note(entry(1))
child = os.fork()
for number in range(20):
    log.note(entry(number))
if not child:
    os._exit(0)
sys.exit(os.waitpid(child, 0)[1])
"""


def test_a_forked_process_uses_a_connection_of_its_own(tmp_path: Path) -> None:
    settings = home_with(tmp_path, 1)
    # In a process of its own: this one has threads, which a fork does not take along.
    command = [sys.executable, "-c", FORKING, str(tmp_path)]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2])
    report = audit_verify(settings)
    assert (report.whole, report.entries) == (True, 42)


# -- a log that is lost ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("left", ["book", "file", "both"])
def test_a_lost_log_is_never_begun_anew_by_itself(tmp_path: Path, left: str) -> None:
    settings = home_with(tmp_path, 3)
    for path in settings.home.glob(f"{AUDIT}*"):
        path.unlink()
    if left == "book":
        (settings.home / "audit.begun").unlink()
    if left == "file":
        (settings.home / FILE_NAME).unlink()
    for question in (
        lambda: open_audit(settings.home, settings),
        lambda: audit_entries(settings),
        lambda: audit_verify(settings),
    ):
        with pytest.raises(AuditBroken, match="is missing, but one was kept here") as caught:
            question()
        assert "audit begin" in caught.value.hint
    assert not (settings.home / AUDIT).exists()


@pytest.mark.parametrize("content", [b"", b"garbage" * 5000, b"SQLite format 3\x00" + bytes(5000)])
def test_a_file_that_is_not_a_log_is_never_used(tmp_path: Path, content: bytes) -> None:
    settings = home_with(tmp_path, 3)
    for path in settings.home.glob(f"{AUDIT}*"):
        path.unlink()
    (settings.home / AUDIT).write_bytes(content)
    with pytest.raises(AuditBroken):
        open_audit(settings.home, settings)
    report = audit_verify(settings)
    assert not report.whole
    assert (settings.home / AUDIT).read_bytes() == content


def test_the_log_of_another_home_is_not_taken_for_this_one(tmp_path: Path) -> None:
    one, other = home_with(tmp_path / "one", 3), home_with(tmp_path / "other", 30)
    (one.home / AUDIT).write_bytes((other.home / AUDIT).read_bytes())
    with pytest.raises(AuditBroken, match="another one"):
        open_audit(one.home, one)


def _rows(home: Path, sql: str) -> list[tuple[bytes, ...]]:
    with closing(AuditFile(home / AUDIT)), closing(sqlite3.connect(home / AUDIT)) as db:
        return db.execute(sql).fetchall()
