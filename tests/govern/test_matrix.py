"""Role x class of fields x question x output: what a role does not see in full leaks nowhere.

The project has planted values (canaries) in every class; see conftest.py.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.csv
import pytest

from fullcircle.ask.query import QueryAnswer
from fullcircle.ask.reader import Reader, open_reader
from fullcircle.ask.tables import Answers, html_value
from fullcircle.config.read import read_config
from fullcircle.errors import Ambiguous, FullcircleError, NotAllowed, NotFound
from fullcircle.govern.log import ListLog
from fullcircle.govern.policy import ROLES, Policy
from fullcircle.govern.principal import Principal
from fullcircle.serve.cli import view
from fullcircle.serve.cli.output import as_json
from tests.govern.conftest import CANARIES

ADA = "record:crm:contacts:17"
KEY = "record:shop:people:ada.quillfeather@example.org"
OTHER = "record:shop:people:cleo.unbelow@example.org"
QUESTIONS: dict[str, Callable[[Reader], Any]] = {
    "show": lambda reader: reader.show(customer(reader)),
    "sources": lambda reader: reader.sources(customer(reader)),
    "search": lambda reader: reader.search(customer(reader)),
    "search an order": lambda reader: reader.search("order 7"),
    "of_nobody": lambda reader: reader.of_nobody("7"),
    "related": lambda reader: reader.related(customer(reader)),
    "habits": lambda reader: reader.habits(customer(reader)),
    "campaigns": lambda reader: reader.campaigns(),
    "segments": lambda reader: reader.segments(),
    "worth": lambda reader: reader.worth(customer(reader)),
    "path": lambda reader: reader.path(customer(reader), customer(reader, "crm:contacts:18")),
    "path to an order": lambda reader: reader.path("order:shop:orders:7", customer(reader)),
    "around": lambda reader: reader.around(customer(reader)),
    "around an order": lambda reader: reader.around("order:shop:orders:7", "PLACED:in"),
    "identifiers around": lambda reader: reader.around(customer(reader), "HAS_IDENTIFIER", limit=1),
    "decisions": lambda reader: reader.decisions(),
    "side_by_side": lambda reader: reader.side_by_side(ADA, "record:crm:contacts:18"),
    "why": lambda reader: reader.why(ADA, KEY),
    "why of two numbers": lambda reader: reader.why(ADA, "record:crm:contacts:18"),
    "why_not": lambda reader: reader.why_not(ADA, "record:crm:contacts:18"),
    "how": lambda reader: reader.how(customer(reader)),
    "review": lambda reader: reader.review(),
    "questions": lambda reader: reader.questions(),
    "threshold": lambda reader: reader.threshold(),
    "health": lambda reader: reader.health(),
    "model": lambda reader: reader.model(),
    "history": lambda reader: reader.history(customer(reader)),
    "look_up": lambda reader: reader.look_up({"full_name": "Ada Quillfeather"}),
    "query": lambda reader: reader.query("SELECT * FROM Customer"),
    "query of records": lambda reader: reader.query("SELECT * FROM Record"),
    "status": lambda reader: reader.status(),
}
EVERY_ROLE = (*ROLES, "viewer", "blind", "counter")  # blind and counter see not even what is plain
NAMES = ("ada quillfeather", "ada.quillfeather@example.org", "+41 44 333 44 55", KEY, "quillf", "Zurzach", "unbelow", "TAX88991")


def customer(reader: Reader, record: str = "crm:contacts:17") -> str:
    """The id of a customer, as one who sees all finds it."""
    return str(reader.store.neighbours(f"record:{record}", ["RESOLVES_TO"], "out", limit=1)[0].vertex.id)


@pytest.fixture
def policy(governed: Path) -> Policy:
    settings = read_config(governed)
    assert settings.govern
    return Policy(settings.govern, settings.folder)


def opened(governed: Path, role: str, log: ListLog | None = None) -> Reader:
    return open_reader(read_config(governed), Principal(f"os:{role}", frozenset({role})), log=log)


def outputs(answer: Any, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """The answer in every form that leaves."""
    capsys.readouterr()
    made = {"repr": repr(answer), "html": html_value(answer)}
    if isinstance(answer, Answers | QueryAnswer):
        table = answer.to_arrow()
        made["arrow"] = str(table.to_pylist())
        flat = table.select(
            [name for name in table.column_names if not str(table.schema.field(name).type).startswith(("list", "struct"))]
        )
        file = io.BytesIO()
        pyarrow.csv.write_csv(flat, file)
        made["csv"] = file.getvalue().decode()
        rows = answer.to_pylist()
    else:
        rows = answer.to_dict() if hasattr(answer, "to_dict") else answer
    as_json(rows)
    made["json"] = capsys.readouterr().out
    if type(answer).__name__ == "CustomerView":
        view.draw(answer)
    if type(answer).__name__ == "WhyAnswer":
        view.draw_why(answer)
    made["screen"] = capsys.readouterr().out
    return made


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_nothing_leaks(governed: Path, role: str, policy: Policy, capsys: pytest.CaptureFixture[str]) -> None:
    hidden = [one for one in CANARIES if policy.sight(Principal("os:x", frozenset({role}))).level(one) != "full"]
    leaks, answered = [], []
    with opened(governed, role) as reader:
        for name, ask in QUESTIONS.items():
            try:
                found = outputs(ask(reader), capsys)
                answered.append(name)
            except FullcircleError as error:
                found = {"error": json.dumps(error.as_json()).replace(KEY, "")}  # who asks typed it
            leaks += [
                (name, output, canary)
                for output, text in found.items()
                for one in hidden
                for canary in CANARIES[one]
                if canary in text.lower()
            ]
    assert leaks == []
    assert ("status" in answered) == (role not in ("blind", "counter"))


def test_the_canaries_are_there_for_who_sees_all(governed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answered = [ask for name, ask in QUESTIONS.items() if name != "worth"]  # of so few customers nothing is foreseen
    with opened(governed, "steward") as reader:
        text = "".join(text for ask in answered for text in outputs(ask(reader), capsys).values()).lower()
    assert [canary for several in CANARIES.values() for canary in several if canary not in text] == []


@pytest.mark.parametrize("role", ["marketer", "analyst"])
@pytest.mark.parametrize("words", NAMES)
def test_naming_by_what_is_hidden_finds_nobody_as_if_nothing_were_there(governed: Path, role: str, words: str) -> None:
    with opened(governed, role) as reader:
        assert list(reader.search(words)) == []
        assert reader.of_nobody(words) == []
        for ask in (reader.show, reader.related, reader.habits):
            with pytest.raises(NotFound) as there:
                ask(words)
            nothing = words.translate(str.maketrans("aeu", "iio"))
            with pytest.raises(NotFound) as not_there:
                ask(nothing)
            assert there.value.message.replace(words, "") == not_there.value.message.replace(nothing, "")


def test_an_agent_finds_by_contact_and_not_by_what_is_sensitive(governed: Path) -> None:
    with opened(governed, "agent") as reader:
        for words in NAMES:
            assert bool(reader.search(words)) == (words != "TAX88991"), words
        for words in ("044 333 44 55", "0443334455", "amselweg"):
            assert bool(reader.search(words)) == (words != "amselweg"), words  # streets are not searched
        with pytest.raises(NotAllowed, match="birth_date"):
            reader.look_up({"full_name": "Ada Quillfeather", "birth_date": "1984-07-23"})


def test_a_role_is_found_by_ids_and_numbers(governed: Path) -> None:
    with opened(governed, "marketer") as reader:
        assert reader.show("order 7").customer["id"] == customer(reader)
        assert reader.show("crm:contacts:17").customer["name"] == "A*** Q***"


def test_a_number_of_two_customers_asks_back_without_names(governed: Path) -> None:
    for role, named in (("marketer", False), ("agent", True)):
        with opened(governed, role) as reader, pytest.raises(Ambiguous) as raised:
            reader.show("3")  # a ticket of the one, an order of the other
        assert ("Quillfeather" in raised.value.hint) == named
        assert raised.value.hint.count("customer:") == 2


def test_levels_are_what_they_are_called(governed: Path) -> None:
    with opened(governed, "marketer") as reader:
        shown = reader.show("crm:contacts:17").to_dict()
        assert shown["customer"]["email"] == "a***@example.org"
        assert shown["customer"]["phone"] == "+41 ** *** ** 55"
        assert "birth_date" not in shown["customer"]
        assert not {"search", "gender"} & set(shown["customer"])
        assert {one["kind"]: one.get("value") for one in shown["identifiers"]}["tax"] is None
        assert [one["amount"] for one in shown["orders"]] == [5.0, 7319.37]
    with opened(governed, "analyst") as reader:
        one = reader.show("crm:contacts:17").to_dict()
        other = reader.show("crm:contacts:18").to_dict()
        assert one["customer"]["city"] == other["customer"]["city"]
        assert one["customer"]["city"].startswith("#")
        assert one["customer"]["email"] != other["customer"]["email"]
    with opened(governed, "agent") as reader:
        shown = reader.show("crm:contacts:17").to_dict()
        assert shown["customer"]["birth_date"] == "1984-**-**"
        assert "gender" not in shown["customer"]


def test_what_is_shown_is_noted_before_it_leaves(governed: Path) -> None:
    log = ListLog()
    with opened(governed, "marketer", log) as reader:
        who = customer(reader)
        reader.show(who)
        with pytest.raises(NotAllowed):
            reader.query("SELECT 1")
        with pytest.raises(NotFound):
            reader.show("quillfeather")
    shown, refused, failed = log.entries
    assert (shown.question, shown.outcome, shown.who.name) == ("show", "answered", "os:marketer")
    assert who in shown.customers
    assert {"email:partial", "amount", "name:partial"} <= set(shown.fields)
    assert not any(field.startswith("birth_date") for field in shown.fields)
    assert "marketer-asks" in shown.rule
    assert (refused.question, refused.outcome, refused.customers) == ("query", "refused", ())
    assert (failed.question, failed.outcome, failed.detail) == ("show", "failed", "not-found")
    text = repr(log.entries).lower()
    assert not any(canary in text for several in CANARIES.values() for canary in several)


def test_what_cannot_be_noted_is_not_answered(governed: Path) -> None:
    from fullcircle.errors import NotAudited

    class Full:
        def note(self, entry: object) -> None:
            raise OSError(28, "No space left on device")

    with open_reader(read_config(governed), Principal("os:s", frozenset({"steward"})), log=Full()) as reader:
        for ask in QUESTIONS.values():
            with pytest.raises(NotAudited):
                ask(reader)


def test_every_public_method_of_the_reader_goes_out_by_the_door() -> None:
    doors = {"close", "at"}  # `at` asks nothing: it gives the same reader at another door
    methods = {name for name, one in vars(Reader).items() if callable(one) and not name.startswith("_")}
    assert {name for name in methods - doors if not hasattr(getattr(Reader, name), "action")} == set()


def test_every_answer_says_what_is_in_it() -> None:
    import importlib
    import pkgutil

    import fullcircle.ask
    from fullcircle.ask.answer_classes import ANSWERS
    from fullcircle.ask.tables import ReaderAnswer

    for module in pkgutil.iter_modules(fullcircle.ask.__path__):
        importlib.import_module(f"fullcircle.ask.{module.name}")
    aside = {"DoctorCheck", "MoneyOfObject", "StageStatus", "RunStatus"}  # not an answer of the Reader, or in Status
    aside |= {"SourceState", "ObjectState"}  # rows of `sources`: counts and moments, nothing of customers
    aside |= {"AuditLine", "AuditReport", "AuditFinding", "AuditCheckpoint", "KeptPart"}  # their verbs ask the policy
    names = {one.__name__ for one in ReaderAnswer.__subclasses__()}
    assert names - set(ANSWERS) <= aside | {one for one in names if "Money" in one or "Counted" in one}


def test_every_field_of_an_answer_has_its_class() -> None:
    """A field that was forgotten is hidden from everybody, and drawn as if it had a value."""
    from dataclasses import fields

    from fullcircle.ask.answer_classes import ANSWERS, REST
    from fullcircle.ask.tables import ReaderAnswer

    forgotten = {
        f"{kind.__name__}.{one.name}"
        for kind in ReaderAnswer.__subclasses__()
        if REST not in (said := ANSWERS.get(kind.__name__, {REST: ""}))
        for one in fields(kind)
        if one.name not in said
    }
    assert forgotten == set()


def test_nobody_is_restricted_because_somebody_may_not_see_all(governed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for role in EVERY_ROLE:
        with opened(governed, role) as reader, contextlib.suppress(NotAllowed):
            shown = outputs(reader.show(customer(reader)), capsys)
            assert "restricted" not in (shown["json"] + shown["screen"]).lower(), role
