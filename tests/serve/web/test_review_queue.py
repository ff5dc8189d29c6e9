"""The review queue: what is decided there sticks through a run, can be taken back, and is decided by one steward at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fullcircle.ask.decisions import DecisionTaken
from fullcircle.desk import open_desk
from fullcircle.serve.web import deciding
from fullcircle.steward.apply import apply
from tests.serve.conftest import Served
from tests.serve.web.stewards import SAME_SITE, fields, finished, made, question, send, visitor


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with closing(made(tmp_path_factory.mktemp("stewards"))) as one:
        yield one


@pytest.fixture
def project(original: Served, tmp_path: Path) -> Iterator[Served]:
    """A copy to decide in."""
    with closing(original.copied(tmp_path / "project")) as one:
        yield one


def decided(served: Served) -> list[DecisionTaken]:
    with served.reader("steward") as reader:
        return list(reader.decisions())


def test_a_walk_through_the_queue(project: Served) -> None:
    steward = visitor(project, "steward")
    page = steward.get("/review").text
    assert question(page) == "crm:contacts:20 shop:people:5"
    for text in ("c.ito@example.com", "cleo@example.org", "2026-03-10", "Cleo Ito", "≠"):
        assert text in page
    assert send(steward, page, "/review/decide", choice="never", reason="two people").headers["location"] == "/review"

    second = steward.get("/review").text
    assert question(second) == "shop:people:6 shop:people:7"
    assert "1 decision is noted" in second
    skipped = send(steward, second, "/review/decide", choice="skip").headers["location"]
    assert "Everything else was skipped" in steward.get(skipped).text

    assert [(one.verb, one.reason, one.waiting) for one in decided(project)] == [("never", "two people", True)]
    apply(project.settings)
    after = steward.get("/review").text
    assert question(after) == "shop:people:6 shop:people:7"  # the first one does not come back
    assert [one.waiting for one in decided(project)] == [False]

    assert "Undo (u)" in after
    assert send(steward, after, "/decide", act="note").headers["location"] == "/review"
    apply(project.settings)
    assert question(steward.get("/review").text) == "crm:contacts:20 shop:people:5"


def test_one_customer_sticks_and_is_taken_back_from_the_list(project: Served) -> None:
    steward = visitor(project, "steward")
    send(steward, steward.get("/review").text, "/review/decide", choice="one")
    assert question(steward.get("/review").text) == "shop:people:6 shop:people:7"
    apply(project.settings)
    with project.reader("steward") as reader:
        assert reader.show("cleo@example.org").customer["id"] == reader.show("c.ito@example.com").customer["id"]
    assert question(steward.get("/review").text) == "shop:people:6 shop:people:7"
    send(steward, steward.get("/decisions").text, "/decide", act="note")
    assert "not applied yet" in steward.get("/decisions").text
    apply(project.settings)
    with project.reader("steward") as reader:
        assert reader.show("cleo@example.org").customer["id"] != reader.show("c.ito@example.com").customer["id"]


def test_the_second_of_two_stewards_learns_that_it_was_decided(project: Served) -> None:
    first, second = visitor(project, "steward"), visitor(project, "second")
    page, same = first.get("/review").text, second.get("/review").text
    assert send(first, page, "/review/decide", choice="never").status_code == 303
    late = send(second, same, "/review/decide", choice="one")
    assert late.status_code == 409
    assert "decided about these records" in late.text
    assert [one.verb for one in decided(project)] == ["never"]


def test_many_at_once_are_one_decision_each(project: Served) -> None:
    steward = visitor(project, "steward")
    page = steward.get("/review/list").text
    keys = [part.split('"')[0] for part in page.split('name="item" value="')[1:]]
    assert len(keys) == 2
    answer = send(steward, page, "/review/decide-many", choice="never", item=[*keys, "gone"])
    assert answer.text.count("is noted.") == 2
    assert "not in the queue any more" in answer.text
    assert [one.verb for one in decided(project)] == ["never", "never"]
    assert "Nothing is contested" in steward.get("/review").text


def test_blind_says_nothing_of_the_score(project: Served) -> None:
    steward = visitor(project, "steward")
    for address in ("/review", "/review/list"):
        assert "+0.24" in steward.get(address).text
        blind = steward.get(f"{address}?blind=1").text
        assert "+0.24" not in blind
        assert "weight" not in blind.lower()
        assert "What the model compared" not in blind
    kept = send(steward, steward.get("/review?blind=1").text, "/review/decide", choice="skip").headers["location"]
    assert "blind=1" in kept


def test_before_and_after_are_shown_and_nothing_is_changed(project: Served) -> None:
    steward = visitor(project, "steward")
    begun = send(steward, steward.get("/review").text, "/review/decide", choice="try-one")
    page = finished(steward, begun.headers["location"])
    assert "Nothing was changed" in page
    assert page.index("Before") < page.index("After")
    assert decided(project) == []
    assert visitor(project, "second").get(begun.headers["location"]).status_code == 404  # it is of who began it

    assert send(steward, page, "/decide", act="note").headers["location"] == "/review"
    assert [one.verb for one in decided(project)] == ["merge"]
    applied = send(steward, steward.get("/decisions").text, "/decisions/apply").headers["location"]
    assert "All decisions are applied" in finished(steward, applied)
    assert [one.waiting for one in decided(project)] == [False]


def test_beside_a_run_the_page_says_so_and_notes_nothing(project: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "TRY_SECONDS", 0.0)
    steward = visitor(project, "steward")
    page = steward.get("/review").text
    with open_desk(project.settings):
        for answer in (steward.get("/review"), send(steward, page, "/review/decide", choice="never"), steward.get("/quality")):
            assert answer.status_code == 503
            assert "using the tables" in answer.text
        assert steward.get("/decisions").status_code == 200
        assert steward.get("/explore?at=cleo@example.org").status_code == 200
    assert decided(project) == []


def test_merge_split_and_never_from_a_customer(project: Served) -> None:
    steward = visitor(project, "steward")
    with project.reader("steward") as reader:
        ada = reader.show("ada.keller@example.org").customer["id"]
    page = steward.get(f"/decide?customer={ada}").text
    split = fields(page, "/decide")
    assert steward.post("/decide", data={**split, "name": [*split["name"], "record:shop:people:7"], "act": "note"},
                        headers=SAME_SITE).status_code == 303  # fmt: skip
    late = steward.post("/decide", data={**split, "name": [ada, "record:shop:people:4"], "act": "note"}, headers=SAME_SITE)
    assert late.status_code == 409  # the page was drawn before the first one
    key = split["form_key"]
    never = {"form_key": key, "verb": "never", "name": ["record:crm:contacts:18", "record:crm:contacts:19"], "act": "note"}
    assert steward.post("/decide", data=never, headers=SAME_SITE).status_code == 303
    assert [one.verb for one in decided(project)] == ["never", "split"]
    alone = steward.post("/decide", data={"form_key": key, "verb": "merge", "name": [ada, " "], "act": "note"}, headers=SAME_SITE)
    assert alone.status_code == 400


@pytest.mark.parametrize("action", ["/review/decide", "/review/decide-many", "/decide", "/decisions/apply", "/audit/verify"])
def test_a_form_of_another_site_is_refused(project: Served, action: str) -> None:
    steward = visitor(project, "steward" if "audit" not in action else "admin")
    data = {
        "item": "x",
        "choice": "never",
        "verb": "never",
        "name": ["record:crm:contacts:18", "record:crm:contacts:19"],
        "act": "note",
    }
    key = fields(steward.get("/runs").text, "/logout")["form_key"][0]
    assert steward.post(action, data=data, headers=SAME_SITE).status_code == 403
    assert steward.post(action, data={**data, "form_key": "guessed"}, headers=SAME_SITE).status_code == 403
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert steward.post(action, data={**data, "form_key": key}, headers=foreign).status_code == 403
    assert decided(project) == []


def test_who_sees_a_part_may_look_and_is_offered_no_choice(project: Served) -> None:
    viewer = visitor(project, "viewer")
    for address in ("/review", "/review/list", "/decisions"):
        page = viewer.get(address)
        assert page.status_code == 200
        assert "ito" not in page.text.lower()
        assert 'action="/review' not in page.text
        assert 'action="/deci' not in page.text


@pytest.mark.parametrize("role", ["agent", "marketer", "analyst", "admin", "viewer"])
def test_who_may_not_decide_or_does_not_see_all_cannot(project: Served, role: str) -> None:
    one = visitor(project, role)
    key = fields(one.get("/").text if role not in ("admin",) else one.get("/runs").text, "/logout")["form_key"][0]
    data = {"form_key": key, "verb": "never", "name": ["record:crm:contacts:18", "record:crm:contacts:19"], "act": "note"}
    assert one.post("/decide", data=data, headers=SAME_SITE).status_code == 403
    assert one.get("/decide?customer=ada.keller@example.org").status_code == 403
    assert one.get("/errands/1").status_code == 403
    assert decided(project) == []
