"""Logging in and out at the page, and what other sites cannot do with it."""

from __future__ import annotations

from contextlib import closing

import pytest

from fullcircle.govern.home_keys import open_book
from fullcircle.govern.keys import ApiKeys
from tests.serve.conftest import ORIGIN, Served
from tests.serve.web.conftest import Visitor, browser, form_key


def test_who_is_not_logged_in_is_asked_to_and_comes_back(served: Served) -> None:
    one = browser(served)
    answer = one.get("/customers/customer:x/timeline?kind=order")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?to=/customers/customer%3Ax/timeline%3Fkind%3Dorder"
    back = one.post("/login", data={"key": served.keys["agent"], "to": "/path?a=1"})
    assert (back.status_code, back.headers["location"]) == (303, "/path?a=1")


def test_a_wrong_key_opens_nothing_and_is_not_repeated(served: Served) -> None:
    answer = browser(served).post("/login", data={"key": "c360_wrong-key"})
    assert answer.status_code == 401
    assert "not valid" in answer.text
    assert "c360_wrong-key" not in answer.text and "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "to",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "http:evil.example",
     "/\t/evil.example", "/\r\nset-cookie: a=b", " //evil.example", "///evil.example", "evil.example"],
)  # fmt: skip
def test_login_leads_to_no_other_site(served: Served, to: str) -> None:
    answer = browser(served).post("/login", data={"key": served.keys["agent"], "to": to})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert f'value="{to}"' not in browser(served).get("/login", params={"to": to}).text


def test_the_cookie_is_for_this_site_alone_and_not_for_scripts(served: Served) -> None:
    cookie = browser(served).post("/login", data={"key": served.keys["agent"]}).headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie
    assert served.keys["agent"].lower() not in cookie


def test_logging_out_ends_it(served: Served) -> None:
    one = browser(served, served.keys["steward"])
    cookie = dict(one.cookies)
    answer = one.post("/logout", data={"form_key": form_key(one.get("/").text)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    again = browser(served)
    again.cookies.update(cookie)  # somebody kept it
    assert again.get("/").status_code == 303


def test_a_key_that_is_revoked_is_out_at_once(apart: Served) -> None:
    with closing(open_book(apart.settings)) as book:
        made, token = ApiKeys(book).make("short", ["steward"], "os:tests", 1)
    one = browser(apart, token)
    assert one.get("/").status_code == 200
    with closing(open_book(apart.settings)) as book:
        ApiKeys(book).revoke(made.id)
    answer = one.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?to=/")


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "null"}],
)
def test_a_form_of_another_site_changes_nothing(visitor: Visitor, headers: dict[str, str]) -> None:
    one = visitor("privacy_officer")
    key = form_key(one.get("/").text)
    for address in ("/logout", "/customers/customer:x/restrict", "/customers/customer:x/erase", "/customers/customer:x/export"):
        answer = one.post(address, data={"form_key": key}, headers=headers)
        assert answer.status_code == 403, address
    assert one.post("/login", data={"key": "c360_x"}, headers=headers).status_code == 403
    assert one.get("/").status_code == 200  # still logged in


@pytest.mark.parametrize("key", ["", "wrong", "ü"])
def test_a_form_without_its_key_changes_nothing(visitor: Visitor, served: Served, key: str) -> None:
    one, ada = visitor("privacy_officer"), served.customer()
    for end in ("restrict", "lift", "erase", "export"):
        answer = one.post(f"/customers/{ada}/{end}", data={"form_key": key, "typed": ada}, headers={"origin": ORIGIN})
        assert answer.status_code == 403, end
    assert one.get(f"/customers/{ada}").status_code == 200


def test_the_key_of_another_login_is_none(served: Served) -> None:
    mine, theirs = (browser(served, served.keys[role]) for role in ("steward", "agent"))
    answer = mine.post("/logout", data={"form_key": form_key(theirs.get("/").text)})
    assert answer.status_code == 403


def test_every_page_is_safe_to_open(served: Served) -> None:
    one = browser(served, served.keys["steward"])
    for address in ("/", "/login", "/customers/nobody-at-all", "/static/page.css", "/no-such-page"):
        headers = one.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, address
        assert "unsafe" not in policy
        assert headers["x-frame-options"] == "DENY" and headers["x-content-type-options"] == "nosniff"
    assert one.get("/").headers["cache-control"] == "no-store"
