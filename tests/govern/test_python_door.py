"""The Python door with API keys, and in a home that cannot be written to: every question, none answered that must not be."""

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from fullcircle.ask.reader import Reader, open_reader
from fullcircle.config.read import read_config
from fullcircle.errors import FullcircleError, NotAllowed
from fullcircle.govern.log import ListLog
from fullcircle.govern.principal import Principal
from fullcircle.govern.users import now
from fullcircle.steward.access import access
from tests.govern.test_matrix import QUESTIONS

ADMIN = Principal("os:admin", frozenset({"admin"}))


def _key(governed: Path, *scope: str, role: str = "steward") -> tuple[str, str]:
    """The id of a new key, and the key."""
    with access(read_config(governed), ADMIN) as lists:
        one, token = lists.make_key("a test", [role], 1, list(scope))
    return one.id, token


def _answered(reader: Reader) -> set[str]:
    """The actions of the questions that are answered; whatever else may be wrong with the others."""
    found = set()
    for name, ask in QUESTIONS.items():
        try:
            ask(reader)
        except NotAllowed:
            continue
        except FullcircleError:
            pass  # it was permitted, and found nothing
        found.add(name)
    return found


def _ends(governed: Path, id: str, how: str) -> None:
    with access(read_config(governed), ADMIN) as lists:
        if how == "revoked":
            lists.revoke_key(id)
        else:
            lists.keys._book.write("UPDATE govern_key SET expires_at = ? WHERE id = ?", [now(), id])


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_a_key_that_ended_opens_nothing(governed: Path, how: str) -> None:
    id, token = _key(governed)
    _ends(governed, id, how)
    with pytest.raises(NotAllowed, match=how):
        open_reader(read_config(governed), token)


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_a_key_that_ends_while_a_reader_is_open_is_refused_at_the_next_question(governed: Path, how: str) -> None:
    id, token = _key(governed)
    log = ListLog()
    with open_reader(read_config(governed), token, log=log) as reader:
        assert "status" in _answered(reader)
        _ends(governed, id, how)
        log.entries.clear()
        assert _answered(reader) == set()
        assert {one.outcome for one in log.entries} == {"refused"}
        assert len(log.entries) >= len(QUESTIONS)


def test_a_key_answers_only_what_it_is_for(governed: Path) -> None:
    _, everything = _key(governed)
    with open_reader(read_config(governed), everything, log=ListLog()) as reader:
        whole = _answered(reader)
        actions = {name: _action(name) for name in QUESTIONS}
    assert whole == set(QUESTIONS)
    for action in ("show", "status", "why", "look_up", "quality"):
        _, token = _key(governed, action)
        with open_reader(read_config(governed), token, log=ListLog()) as reader:
            assert _answered(reader) == {name for name, of in actions.items() if of == action}, action


def _action(question: str) -> str:
    method = {
        "search an order": "search", "path to an order": "path", "why of two numbers": "why", "query of records": "query",
        "around an order": "around", "identifiers around": "around",
    }.get(question, question)  # fmt: skip
    return str(getattr(Reader, method).action)


def test_a_scope_gives_nothing_that_the_role_has_not(governed: Path) -> None:
    _, token = _key(governed, "query", "show", role="marketer")
    with open_reader(read_config(governed), token, log=ListLog()) as reader:
        assert _answered(reader) == {name for name in QUESTIONS if _action(name) == "show"}


def test_in_a_home_that_cannot_be_written_to_nothing_is_answered_unlogged(governed: Path, tmp_path: Path) -> None:
    home = read_config(governed).home
    _, token = _key(governed)
    open_reader(read_config(governed), token).close()  # the log is begun
    mount = ["mount", "-t", "tmpfs", "tmpfs", str(home)]
    shutil.copytree(home, tmp_path / "kept")
    if os.geteuid() != 0 or subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("needs the right to mount a read-only disk")
    try:
        shutil.copytree(tmp_path / "kept", home, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", str(home)], check=True)
        answered = []
        with suppress(FullcircleError), open_reader(read_config(governed), token) as reader:
            for name, ask in QUESTIONS.items():
                with suppress(FullcircleError):
                    ask(reader)
                    answered.append(name)
        assert answered == []
    finally:
        subprocess.run(["umount", "-l", str(home)], check=True)
