"""The working screens, for every role: what may not be asked is refused and not linked, what is hidden is nowhere in the page."""

from __future__ import annotations

import re
from html import unescape

import pytest

from fullcircle.govern.policy import Policy
from fullcircle.govern.principal import Principal
from tests.govern.conftest import CANARIES
from tests.serve.conftest import EVERY_ROLE, Served
from tests.serve.web.stewards import SAME_SITE, fields, visitor

SEES_NO_PLAIN = ("blind", "counter")  # without sight of plain fields no question is answered


def screens(served: Served) -> dict[str, str]:
    """Address -> the action of the policy that it needs."""
    ada, ben = served.customer(), served.customer("crm:contacts:18")
    return {
        f"/explore?at={ada}": "path", f"/explore?at={ada}&to={ben}&pin={ben}": "path", f"/explore.svg?at={ada}": "path",
        f"/explore.csv?at={ada}": "path", f"/explore/list?at={ada}&group=HAS_IDENTIFIER": "path", "/explore": "path",
        f"/explore/list?at={ada}&group=RESOLVES_TO:in": "path", f"/explore/list?at={ada}&group=PLACED": "path",
        "/segments": "search", "/segments?field=orders&op=%3E&value=0": "search", "/review": "review", "/review/list": "review",
        "/decisions": "history", "/quality": "quality", "/runs": "runs", "/audit": "audit", "/access": "configure",
    }  # fmt: skip


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_each_screen_for_each_role(served: Served, role: str) -> None:
    policy = Policy(served.settings.govern, served.settings.folder)  # type: ignore[arg-type]
    who = Principal("key:x", frozenset({role}))
    hidden = [one for one in CANARIES if policy.sight(who).level(one) != "full"]
    one = visitor(served, role)
    linked = set(
        re.findall(r'<a href="(/[a-z]*)"', re.search(r"<nav.*?</nav>", one.get("/", follow_redirects=True).text, re.DOTALL)[0])
    )  # type: ignore[index]
    for address, action in screens(served).items():
        answer = one.get(address)
        page = unescape(answer.text).lower()
        assert [canary for kind in hidden for canary in CANARIES[kind] if canary in page] == [], address
        may = policy.ruling(who, action).allowed
        assert (f"/{re.split('[?./]', address[1:])[0]}" in linked) == may, address
        if not may:
            assert answer.status_code == 403, address
            assert "Not allowed" in answer.text
        elif role not in SEES_NO_PLAIN:
            assert answer.status_code == 200, (address, answer.text)


def test_who_saw_whom_is_in_the_log_and_the_log_is_verified(served: Served) -> None:
    visitor(served, "steward").get(f"/explore?at={served.customer()}")
    officer = visitor(served, "privacy_officer")
    page = officer.get(f"/audit?question=around&customer={served.customer()}").text
    assert "around" in page
    assert "steward" in page
    assert "No entry fits" in officer.get("/audit?who=nobody-of-this-name").text
    assert "verified" in officer.post("/audit/verify", data=fields(page, "/audit/verify"), headers=SAME_SITE).text


def test_segments_count_by_what_is_seen(served: Served) -> None:
    marketer = visitor(served, "marketer")
    refused = marketer.get("/segments?field=email&op=contains&value=quill")
    assert refused.status_code == 403
    assert "may not count by email" in refused.text
    wrong = marketer.get("/segments?field=nothing&op=%3D&value=1")
    assert wrong.status_code == 400
    assert "has no field" in wrong.text


def test_a_run_that_goes_on_is_shown_with_its_stages(apart: Served) -> None:
    from contextlib import closing

    from fullcircle.book.runs import RunLog
    from fullcircle.govern.home_keys import open_book

    one = visitor(apart, "admin")
    with closing(open_book(apart.settings)) as book:
        log = RunLog(book)
        number = log.begin()
        log.done("pull", "x", {"rows": 3}, 0.5)
        log.undo("conform")
        page = one.get("/runs").text
        assert f"Run {number} is going on" in page
        assert 'data-fresh="2"' in page
        assert page.index("done in 0.50 s") < page.index("at work since") < page.index("to come")
        log.end(number)
    assert "is going on" not in one.get("/runs").text
