"""The command line with a policy: users, keys, `--as`; and no verb, as text or as JSON, shows what a role does not see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fullcircle.book.book import Book
from fullcircle.config.read import read_config
from fullcircle.errors import ConfigError, FullcircleError, HomeBroken, NotAllowed, NotFound
from fullcircle.govern.policy import Policy
from fullcircle.govern.principal import Principal
from fullcircle.govern.users import Users
from fullcircle.home.folder import BOOK
from fullcircle.serve.cli import asker
from fullcircle.serve.cli.main import app
from fullcircle.steward.access import access, first_user
from tests import small
from tests.govern.conftest import CANARIES, os_user
from tests.govern.test_matrix import EVERY_ROLE, KEY

NUMBER = "crm:contacts:17"
VERBS = (
    ["show", NUMBER], ["show", "--sources", NUMBER], ["search", "order 7"], ["search", "quillfeather"], ["show", "quillfeather"],
    ["related", NUMBER], ["habits", NUMBER], ["worth", NUMBER], ["segments"], ["path", NUMBER, "crm:contacts:18"],
    ["why", NUMBER, KEY],
    ["why", NUMBER, "crm:contacts:18"], ["why-not", NUMBER, "crm:contacts:18"], ["how", NUMBER], ["history", NUMBER], ["review"],
    ["query", "SELECT * FROM Customer"], ["status"], ["identity", "health"], ["identity", "model"], ["identity", "threshold"],
    ["graph", "changes"], ["graph", "copy", "--to", "embedded", "--dry-run"], ["map", "check"],
    ["merge", NUMBER, KEY, "--dry-run"], ["roles", "list"], ["roles", "show", "agent"], ["users", "list"], ["keys", "list"],
    ["policy", "test"], ["landing", "compact"],
)  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_else_asks() -> Iterator[None]:
    yield
    asker.ask_as("")


def typed(governed: Path, *words: str, token: str = "") -> str:
    """What a command prints; its error is raised."""
    done = CliRunner().invoke(app, [*(["--as", token] if token else []), *words, "--config", str(governed)])
    if isinstance(done.exception, FullcircleError):
        raise done.exception
    assert done.exception is None or isinstance(done.exception, SystemExit), (words, done.exception)
    return done.output


def key_of(governed: Path, role: str) -> str:
    admin = Principal("os:admin", frozenset({"admin"}))
    with access(read_config(governed), admin) as lists:
        return lists.make_key("a test", [role], 1)[1]


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_no_verb_shows_what_a_role_does_not_see(governed: Path, role: str) -> None:
    settings = read_config(governed)
    assert settings.govern
    sight = Policy(settings.govern, settings.folder).sight(Principal("os:x", frozenset({role})))
    token = key_of(governed, role)
    hidden = [canary for one, several in CANARIES.items() if sight.level(one) != "full" for canary in several]
    for verb in VERBS:
        for more in ([], ["--json"]):
            try:
                text = typed(governed, *verb, *more, token=token)
            except FullcircleError as error:
                text = json.dumps(error.as_json())
            said = (
                text.lower().replace(" ".join(verb), "").replace("quillfeather", "" if "quillfeather" in verb else "quillfeather")
            )
            said = said.replace(KEY, "") if KEY in verb else said
            assert [canary for canary in hidden if canary in said] == [], (verb, more)
            assert token not in text


def test_an_export_of_the_graph_is_for_who_sees_all(governed: Path, tmp_path: Path) -> None:
    for role in EVERY_ROLE:
        folder = tmp_path / role
        try:
            typed(governed, "graph", "export", str(folder), token=key_of(governed, role))
        except NotAllowed:
            assert not folder.exists()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name in EVERY_ROLE) == ["privacy_officer"]


def test_who_is_not_listed_sees_nothing_and_the_owner_begins(governed: Path) -> None:
    with pytest.raises(NotAllowed) as raised:
        typed(governed, "status")
    assert "users add --first" in raised.value.hint
    assert typed(governed, "users", "add", "--first").strip() == f"{os_user()}: admin"
    assert "Customer" in typed(governed, "status")
    with pytest.raises(NotAllowed):
        typed(governed, "show", NUMBER)
    with pytest.raises(NotAllowed, match="has users already"):
        typed(governed, "users", "add", "--first")
    typed(governed, "users", "add", os_user(), "--role", "admin", "--role", "agent")
    assert "Quillfeather" in typed(governed, "show", NUMBER)


def test_no_variable_of_the_environment_makes_somebody_another(governed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with access(read_config(governed), Principal("os:admin", frozenset({"admin"}))) as lists:
        lists.add_user("boss", ["admin", "steward"])
    for name in ("USER", "LOGNAME", "USERNAME", "SUDO_USER", "LNAME"):
        monkeypatch.setenv(name, "boss")
    with pytest.raises(NotAllowed, match=f"os:{os_user()} has no role"):
        typed(governed, "status")


def test_no_variable_of_the_environment_changes_the_rules(governed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FULLCIRCLE_GOVERN__POLICY", "/somewhere")
    with pytest.raises(ConfigError, match="FULLCIRCLE_GOVERN__POLICY"):
        typed(governed, "status")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FULLCIRCLE_PUBLISH__TARGETS__LAKE__ROLE", "steward"),
        ("fullcircle_publish__targets__lake__role", "steward"),
        ("FULLCIRCLE_PUBLISH__TARGETS__LAKE", '{"target": "parquet", "role": "steward"}'),
    ],
)
def test_no_variable_of_the_environment_changes_for_whom_tables_are_published(
    governed: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=name):
        typed(governed, "status")


def test_a_decision_is_kept_under_the_one_who_asked(governed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "LOGNAME"):
        monkeypatch.setenv(name, "boss")
    token = key_of(governed, "steward")
    pair = ("never", NUMBER, "crm:contacts:18", "--later", "--json")
    plain = json.loads(typed(governed, *pair, token=token))["by"]
    claimed = json.loads(typed(governed, *pair, "--actor", "boss", token=token))["by"]
    assert plain.startswith("key:")
    assert claimed == f"boss ({plain})"


def test_a_key_is_shown_once_and_kept_as_a_hash(governed: Path) -> None:
    first_user(read_config(governed))
    made = json.loads(typed(governed, "keys", "make", "till", "--role", "agent", "--json"))
    token = made.pop("key")
    assert token.startswith("c360_")
    listed = typed(governed, "keys", "list", "--json")
    assert token not in listed
    assert json.loads(listed)[0]["state"] == "valid"
    home = read_config(governed).home
    assert not any(token.encode() in path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert "Quillfeather" in typed(governed, "show", NUMBER, token=token)
    asker.ask_as("")
    typed(governed, "keys", "revoke", made["id"])
    with pytest.raises(NotAllowed, match="revoked"):
        typed(governed, "show", NUMBER, token=token)
    with pytest.raises(NotFound):
        asker.ask_as("")
        typed(governed, "keys", "revoke", "nothing")


def test_a_key_ends_and_is_only_for_its_actions(governed: Path) -> None:
    settings = read_config(governed)
    with access(settings, Principal("os:admin", frozenset({"admin"}))) as lists:
        one, only = lists.make_key("search", ["agent"], 1, ["search"])
        _, past = lists.make_key("past", ["agent"], 1)
        lists.keys._book.write("UPDATE govern_key SET expires_at = '2020-01-01T00:00:00+00:00' WHERE id <> ?", [one.id])
    assert "Quillfeather" in typed(governed, "search", "quillfeather", token=only)
    with pytest.raises(NotAllowed):
        typed(governed, "show", NUMBER, token=only)
    for wrong in (past, "c360_nothing", "nothing"):
        with pytest.raises(NotAllowed, match="not valid") as raised:
            typed(governed, "search", "quillfeather", token=wrong)
        assert wrong not in f"{raised.value.message} {raised.value.hint}"


def test_a_damaged_book_is_left_to_the_verb_only_without_a_policy(governed: Path) -> None:
    book = read_config(governed).home / BOOK
    book.write_bytes(b"not a database" * 1000)
    with pytest.raises(FullcircleError, match="damaged"):
        asker.enter(read_config(governed), "run", "run")
    governed.write_text(governed.read_text().partition("\n[govern]")[0])
    asker.enter(read_config(governed), "run", "run")


def test_a_key_without_a_policy_is_an_error(project: Path) -> None:
    with pytest.raises(ConfigError, match=r"no section \[govern\]"):
        typed(project, "status", token="c360_x")


def test_to_take_the_section_out_does_not_open_everything(governed: Path) -> None:
    first_user(read_config(governed))
    governed.write_text(governed.read_text().partition("\n[govern]")[0])
    with pytest.raises(ConfigError, match="has users and roles"):
        typed(governed, "show", NUMBER)
    with pytest.raises(ConfigError, match="has users and roles"):
        typed(governed, "run")


def test_the_last_who_may_change_the_list_stays_on_it(governed: Path) -> None:
    first_user(read_config(governed))
    typed(governed, "users", "add", "maria", "--role", "agent")
    for words in (("users", "remove", os_user()), ("users", "add", os_user(), "--role", "agent")):
        with pytest.raises(ConfigError, match="Nobody"):
            typed(governed, *words)
    typed(governed, "users", "remove", "maria")
    typed(governed, "users", "remove", os_user())
    book = Book(read_config(governed).home / BOOK, read_only=True)
    assert Users(book).list() == []
    book.close()


def test_a_mistake_in_a_rule_shows_nothing(governed: Path) -> None:
    first_user(read_config(governed), roles=("admin", "steward"))
    assert "Quillfeather" in typed(governed, "show", NUMBER)
    (governed.parent / "policy" / "mine.cedar").write_text('forbid(principal, action == Action::"shwo", resource);')
    for verb in VERBS:
        if verb[0] not in ("policy", "roles"):
            with pytest.raises(ConfigError, match=r"mine.cedar, line 1"):
                typed(governed, *verb)


def test_the_policy_is_explained_and_tested(governed: Path) -> None:
    assert "marketer-sees-a-part-of-contact" in typed(governed, "policy", "explain", "marketer", "Customer.email", "--json")
    assert "refused" in typed(governed, "policy", "explain", "marketer", "query")
    expected = (
        '[[expect]]\nrole = "agent"\nmay = ["show"]\nmay_not = ["query"]\nsees = { contact = "full", "orders.amount" = "full" }\n'
    )
    file = governed.parent / "policy" / "mine.test.toml"
    file.write_text(expected)
    assert json.loads(typed(governed, "policy", "test", "--json")) == {"own_rules": 4, "expectations": 4, "unmet": []}
    file.write_text(expected.replace('contact = "full"', 'contact = "absent"'))
    (unmet,) = json.loads(typed(governed, "policy", "test", "--json"))["unmet"]
    assert (unmet["what"], unmet["found"], unmet["rules"]) == ("contact", "full", ["agent-sees-contact-money-and-text"])
    with pytest.raises(NotFound):
        typed(governed, "policy", "explain", "agent", "shoe_size")
    with pytest.raises(ConfigError):
        typed(governed, "policy", "explain", "agnt", "email")


def test_doctor_says_whether_there_is_a_policy(project: Path, governed: Path) -> None:
    assert "whoever can read the home sees all" in typed(project, "doctor", "--json")
    assert "no users: nothing is shown" in typed(governed, "doctor", "--json")
    first_user(read_config(governed))
    assert "1 user" in typed(governed, "doctor", "--json")


def test_users_may_be_listed_before_the_first_run(tmp_path: Path) -> None:
    file = small.make(tmp_path / "project", "\n[govern]\n")
    assert typed(file, "users", "add", "--first").strip() == f"{os_user()}: admin"
    typed(file, "keys", "make", "till", "--role", "agent")
    typed(file, "run", "--quiet")
    assert "Customer" in typed(file, "status")


def test_users_in_a_new_book_do_not_hide_that_the_old_one_is_lost(tmp_path: Path) -> None:
    file = small.make(tmp_path / "project", "\n[govern]\n")
    typed(file, "users", "add", "--first")
    typed(file, "run", "--quiet")
    for path in read_config(file).home.glob(f"{BOOK}*"):
        path.unlink()
    typed(file, "users", "add", "--first")
    with pytest.raises(HomeBroken, match="a run has been here"):
        typed(file, "run", "--quiet")
    typed(file, "run", "--quiet", "--new-book")
    assert "Customer" in typed(file, "status")  # the users stay
