"""Every screen for every role: what may not be seen is nowhere in the page, what may not be asked is refused as a page."""

from __future__ import annotations

import re
from html import unescape

import pytest

from fullcircle.govern.policy import Policy
from fullcircle.govern.principal import Principal
from tests.govern.conftest import CANARIES
from tests.serve.conftest import EVERY_ROLE, Served
from tests.serve.web.conftest import Visitor

SEES_NO_PLAIN = ("blind", "counter")  # without sight of plain fields no question is answered
Screens = dict[str, tuple[str, str]]
FOUND_OR_NOT = (200, 404)  # what is named by a masked key is not found, as if it were not there


@pytest.fixture(scope="module")
def policy(served: Served) -> Policy:
    settings = served.settings
    assert settings.govern
    return Policy(settings.govern, settings.folder)


def may(policy: Policy, role: str, action: str) -> bool:
    return policy.ruling(Principal("key:x", frozenset({role})), action).allowed


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_nothing_hidden_leaks_and_what_is_refused_is_a_page(
    visitor: Visitor, screens: Screens, policy: Policy, role: str
) -> None:
    hidden = [one for one in CANARIES if policy.sight(Principal("key:x", frozenset({role}))).level(one) != "full"]
    one = visitor(role)
    for name, (address, action) in screens.items():
        answer = one.get(address)
        page = unescape(answer.text)
        for typed in re.findall(r"[?&](?:q|a|b|of)=([^&]+)", address):
            page = page.replace(unescape(typed), "").replace("record:shop:people:ada.quillfeather@example.org", "")
        leaks = [canary for kind in hidden for canary in CANARIES[kind] if canary in page.lower()]
        assert leaks == [], (role, name)
        assert answer.headers["content-type"].startswith("text/html"), (role, name)
        if not may(policy, role, action) or (role in SEES_NO_PLAIN and action != "erase"):
            assert answer.status_code == 403, (role, name)
            assert "Not allowed" in answer.text, (role, name)
        else:
            assert answer.status_code in FOUND_OR_NOT, (role, name, answer.status_code)


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_only_screens_that_open_are_linked(visitor: Visitor, screens: Screens, role: str) -> None:
    one = visitor(role)
    ada = screens["profile"][0]
    linked = {link for page in ("/", ada) for link in re.findall(r'<a [^>]*href="(/[^"#?]*)"', one.get(page).text)}
    if role in SEES_NO_PLAIN:
        return
    for link in sorted(linked - {"/"}):  # who has no screen at all is refused there, too
        assert one.get(unescape(link)).status_code != 403, (role, link)


@pytest.mark.parametrize(
    ("role", "looks"), [("marketer", "in part"), ("analyst", "as a code"), ("viewer", "hidden"), ("agent", "in part")]
)
def test_what_is_masked_says_so_in_words(visitor: Visitor, screens: Screens, role: str, looks: str) -> None:
    page = visitor(role).get(screens["profile"][0]).text
    values = re.findall(r'<span class="masked">(.*?)</span>', page)
    assert any(looks in value for value in values)
    assert "Seen as" in page


def test_who_sees_all_sees_no_mask(visitor: Visitor, screens: Screens) -> None:
    page = visitor("steward").get(screens["profile"][0]).text
    assert 'class="masked"' not in page
    assert "Ada Quillfeather" in page


def test_who_may_not_search_begins_with_what_they_may_open(visitor: Visitor) -> None:
    answer = visitor("admin").get("/")
    assert (answer.status_code, answer.headers.get("location", "")) in [(403, "")] or answer.status_code == 303


def test_a_problem_page_keeps_the_head(visitor: Visitor) -> None:
    answer = visitor("steward").get("/customers/customer:0000000000000000")
    assert answer.status_code == 404
    assert "Log out" in answer.text and "Not found" in answer.text


def test_numbers_lead_to_customers_and_say_how(visitor: Visitor, served: Served) -> None:
    page = visitor("steward").get("/?q=order 8").text
    assert served.customer() in unescape(page).replace("%3A", ":")
    assert "order:shop:orders:8" in page
