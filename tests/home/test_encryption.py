"""An encrypted home answers as a plain one; nothing in its book or landed files is in clear; keys are lost, wrong, changed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import fullcircle
from fullcircle.config.read import read_config
from fullcircle.config.sections import Config
from fullcircle.connectors.landing import Landing
from fullcircle.desk import open_desk
from fullcircle.errors import Busy, ConfigError, NotFound
from fullcircle.govern.home_keys import keyring
from fullcircle.govern.kek import LocalKey, key_encryption_key, new_key
from fullcircle.home.folder import BOOK, LANDING
from fullcircle.model.progress import Silent
from fullcircle.pipeline import run
from fullcircle.privacy import encrypting
from fullcircle.privacy.erase import erase
from fullcircle.privacy.export import export
from fullcircle.steward.who import customer_named
from tests import small

ON = '\n[security]\nencrypt = true\nkey = "env:HOME_KEY"\n'
OFF = '\n[security]\nencrypt = false\nkey = "env:HOME_KEY"\n'
CLEAR = (b"Keller", b"ada.keller@example.org", b"contacts.csv", b"SQLite format")  # values, file names, the format itself


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME_KEY", new_key())


def write(folder: Path, security: str) -> Config:
    """The small project with this [security]; its data stay as they are."""
    file = folder / "fullcircle.toml"
    text = file.read_text() if file.exists() else small.make(folder).read_text()
    file.write_text(text.partition("\n[security]")[0] + security)
    return read_config(file)


def done(settings: Config) -> dict[str, object]:
    """Run it, and what is known of Ada afterwards."""
    with open_desk(settings) as desk:
        run(desk)
    return shown(settings)


def shown(settings: Config) -> dict[str, object]:
    with fullcircle.open(settings.folder / "fullcircle.toml") as reader:
        found = reader.show("crm:contacts:17").to_dict()
    return {name: value for name, value in found.items() if name in ("records", "identifiers", "orders")}


def in_clear(home: Path) -> list[str]:
    """The files of the book and the landed files that hold something in clear."""
    files = [*home.glob(f"{BOOK}*"), *(home / LANDING).rglob("*.parquet")]
    return sorted(path.name for path in files if any(word in path.read_bytes() for word in CLEAR))


def test_an_encrypted_home_answers_as_a_plain_one_and_holds_nothing_in_clear(tmp_path: Path) -> None:
    plain, sealed = write(tmp_path / "plain", ""), write(tmp_path / "sealed", ON)
    assert done(plain) == done(sealed)
    assert in_clear(plain.home)
    assert in_clear(sealed.home) == []
    assert (sealed.home / "keys.json").stat().st_mode & 0o077 == 0


def test_a_home_is_encrypted_and_decrypted_and_no_stage_runs_again(tmp_path: Path) -> None:
    settings = write(tmp_path, "")
    before = done(settings)
    settings = write(tmp_path, ON)
    with pytest.raises(ConfigError, match="is not encrypted yet"):
        done(settings)
    assert encrypting.apply(settings, Silent(), dry_run=True) == encrypting.AppliedSecurity(True, True, 3)
    assert in_clear(settings.home)
    assert encrypting.apply(settings, Silent()) == encrypting.AppliedSecurity(True, True, 3)
    assert in_clear(settings.home) == []
    assert encrypting.apply(settings, Silent()) == encrypting.AppliedSecurity(True, False, 0)
    with open_desk(settings) as desk:
        assert [one.stage for one in run(desk) if not one.skipped] == ["pull"]
    assert shown(settings) == before
    settings = write(tmp_path, OFF)
    with pytest.raises(ConfigError, match="encrypt is off"):
        shown(settings)
    encrypting.apply(settings, Silent())
    assert len(in_clear(settings.home)) == 3  # the orders name nobody
    assert done(write(tmp_path, "")) == before


def test_small_files_of_both_forms_are_merged_and_their_rows_stay(tmp_path: Path) -> None:
    settings = write(tmp_path, "")
    done(settings)
    small.change(tmp_path, 1)
    settings = write(tmp_path, "")
    expected = done(settings)
    settings = write(tmp_path, ON)
    encrypting.apply(settings, Silent())
    with open_desk(settings) as desk:
        landing: Landing = desk.landing
        rows = landing.engine.rows(f"SELECT _key FROM ({landing.current_sql('crm', 'contacts')}) ORDER BY 1")
        fingerprint = landing.fingerprint()
        files = landing.listed("crm", "contacts")
        if len(files) > 1:
            landing.merge("crm", "contacts", files)
        assert landing.engine.rows(f"SELECT _key FROM ({landing.current_sql('crm', 'contacts')}) ORDER BY 1") == rows
        assert landing.fingerprint() == fingerprint
    assert done(settings) == expected


def test_the_book_in_use_is_left_as_it_is(tmp_path: Path) -> None:
    settings = write(tmp_path, "")
    done(settings)
    # In a process of its own: Python's SQLite and SQLCipher are two libraries, and in one process do not see each other's locks.
    text = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute('SELECT * FROM run').fetchone(); print(1, flush=True)"
    )
    command = [sys.executable, "-c", f"{text}; input()", str(settings.home / BOOK)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as reader:
        assert reader.stdout
        reader.stdout.readline()
        with pytest.raises(Busy):
            encrypting.apply(write(tmp_path, ON), Silent())
        reader.communicate(b"\n")
    assert done(write(tmp_path, ""))["records"]


@pytest.mark.parametrize("reached", ["draft", "book", "first file"])
def test_killed_while_encrypting_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reached: str) -> None:
    settings = write(tmp_path, "")
    before = done(settings)
    settings = write(tmp_path, ON)
    with monkeypatch.context() as broken:
        if reached == "draft":
            broken.setattr(encrypting.os, "replace", _killed)
        elif reached == "book":
            broken.setattr(Landing, "change_form", _killed)
        else:
            change_form = Landing.change_form
            broken.setattr(Landing, "change_form", lambda *these: change_form(*these) if "contacts" in these else _killed())
        with pytest.raises(KeyboardInterrupt):
            encrypting.apply(settings, Silent())
    encrypting.apply(settings, Silent())
    assert in_clear(settings.home) == []
    assert done(settings) == before


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_dry_run_writes_no_keys(tmp_path: Path) -> None:
    settings = write(tmp_path, ON)
    with open_desk(settings, dry_run=True) as desk:
        run(desk)
    assert not settings.home.exists()


def test_another_key_a_changed_and_a_lost_file_of_keys_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = write(tmp_path, ON)
    before = done(settings)
    keys = settings.home / "keys.json"
    kept, right = keys.read_text(), new_key()
    with monkeypatch.context() as other:
        other.setenv("HOME_KEY", right)
        with pytest.raises(ConfigError, match="wrapped with another key"):
            shown(settings)
    changed = json.loads(kept)
    changed["keys"]["book"], changed["keys"]["landing:crm"] = changed["keys"]["landing:crm"], changed["keys"]["book"]
    keys.write_text(json.dumps(changed))
    with pytest.raises(ConfigError, match="was changed or cut"):
        shown(settings)
    keys.unlink()
    with pytest.raises(ConfigError, match='has no data key "book"'):
        done(settings)
    keys.write_text("{")
    with pytest.raises(ConfigError, match="cannot be read as a file of keys"):
        shown(settings)
    keys.write_text(kept)
    assert done(settings) == before


def test_a_book_of_other_keys_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    settings = write(tmp_path / "a", ON)
    done(settings)
    other = write(tmp_path / "b", ON)
    done(other)
    shutil.copy(other.home / BOOK, settings.home / BOOK)
    with pytest.raises(ConfigError, match="encrypted with another key"):
        done(settings)


def test_the_key_is_changed_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = write(tmp_path, ON)
    before = done(settings)
    monkeypatch.setenv("NEXT_KEY", new_key())
    next_key = key_encryption_key("env:NEXT_KEY", tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr("fullcircle.book.kept_file.os.replace", _killed)
        with pytest.raises(KeyboardInterrupt):
            encrypting.rotate(settings, next_key)
    assert shown(settings) == before
    assert encrypting.rotate(settings, next_key) == 3  # the book and two sources
    with pytest.raises(ConfigError, match="wrapped with another key"):
        shown(settings)
    assert done(write(tmp_path, ON.replace("HOME_KEY", "NEXT_KEY"))) == before


@pytest.mark.parametrize("text", ["", "short", "x" * 44, "bm90IGxvbmcgZW5vdWdo"])
def test_a_key_that_is_none_is_refused_and_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("HOME_KEY", text)
    with pytest.raises(ConfigError) as error:
        keyring(write(tmp_path, ON))
    assert "32 bytes" in error.value.message
    assert not text or text not in error.value.message + error.value.hint


def test_without_a_home_there_is_nothing_to_apply(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        encrypting.apply(write(tmp_path, ON), Silent())
    with pytest.raises(ConfigError, match="no key is named"):
        keyring(write(tmp_path, "\n[security]\nencrypt = true\n"))


def test_a_key_wraps_for_one_name_only() -> None:
    key = LocalKey(bytes(range(32)))
    wrapped = key.wrap("book", b"k" * 32)
    assert key.unwrap("book", wrapped) == b"k" * 32
    with pytest.raises(ConfigError):
        key.unwrap("landing:crm", wrapped)
    assert key.wrap("book", b"k" * 32) != wrapped


def test_somebody_is_erased_from_an_encrypted_home_and_exported_before(tmp_path: Path) -> None:
    settings = write(tmp_path, ON)
    done(settings)
    written = export(settings, "crm:contacts:17", customer_named, tmp_path / "request")
    assert "ada.keller@example.org" in written.json_file.read_text()
    shutil.rmtree(tmp_path / "request")
    erase(settings, ["crm:contacts:17"], customer_named, "officer")
    with open_desk(settings) as desk:
        landing = desk.landing
        rows = desk.engine.rows(f"SELECT _raw FROM ({landing.every_sql('crm', 'contacts')})")
        assert len(rows) == 3
        assert not any("Ada Keller" in row[0] for row in rows)
        assert all(path.name.endswith(".encrypted.parquet") for path in landing.files("crm", "contacts"))
    with pytest.raises(NotFound):
        shown(settings)
