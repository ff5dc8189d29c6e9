"""Data that would like to be a script, a formula or a command is text on the page, and addresses cannot be led astray."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.pipeline import run
from tests import small
from tests.serve.conftest import Served, serve
from tests.serve.web.conftest import browser

SCRIPT = "<script>alert(1)</script>"
IMAGE = "\"'><img src=x onerror=alert(2)>"
TEMPLATE = "{{ visit.session.token }}{% for one in ''.__class__.__mro__ %}"
ESCAPE = "\x1b[2J\u202eevil"
FORMULA = "=cmd|'/C calc'!A0"
FILES = {
    "crm/contacts.csv": (
        "id,name,email,phone\n"
        f'1,"Ada {SCRIPT}","ada@example.org",+41443334455\n'
        f'"2<b>","Ben {IMAGE.replace(chr(34), chr(34) * 2)}","ben@example.org",\n'
        f'3,"{TEMPLATE}",cleo@example.org,\n'
        f'4,"Dan {ESCAPE}",dan@example.org,\n'
        f'5,"{FORMULA}",eve@example.org,\n'
    ),
    "shop/people.csv": f'id,name,email\n4,"Ada {SCRIPT}","ada@example.org"\n5,Cleo Ito,cleo@example.org\n',
    "shop/orders.csv": '"id",person,day,amount\n7,4,2026-03-02,19.90\n"8""><i>",4,2026-03-09,5\n',
}
OURS = {"form", "input", "button", "a", "script", "img", "svg", "b", "i"}


class Tags(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.scripts: list[str] = []
        self.handlers: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        names = dict(attrs)
        self.handlers += [name for name in names if name.startswith("on") or name == "style"]
        if tag == "script":
            self.scripts.append(names.get("src") or "inline")
        self.links += [value for name, value in attrs if name in ("href", "action", "src") and value]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    config = small.make(tmp_path_factory.mktemp("hostile"), files=FILES)
    with open_desk(read_config(config)) as desk:
        run(desk)
    with closing(serve(config)) as one:
        yield one


def addresses(hostile: Served) -> list[str]:
    with hostile.reader("steward") as reader:
        ids = sorted(next(reader.store.scan("Customer", ["id"])).column("id").to_pylist())
    found = [f"/customers/{id}{end}" for id in ids for end in ("", "/timeline", "/related", "/how", "/history", "/privacy")]
    pairs = f"a={quote('record:crm:contacts:1')}&b={quote('record:crm:contacts:2<b>')}"
    return [*found, f"/why?{pairs}", f"/why-not?{pairs}", f"/path?a={ids[0]}&b={ids[1]}"]


def test_what_is_in_the_data_is_text(hostile: Served) -> None:
    one = browser(hostile, hostile.keys["steward"])
    for address in addresses(hostile):
        answer = one.get(address)
        assert answer.status_code in (200, 404), address
        _is_harmless(answer.text, address)
        assert "\x1b" not in answer.text and "\u202e" not in answer.text, address


@pytest.mark.parametrize("typed", [SCRIPT, IMAGE, TEMPLATE, ESCAPE, FORMULA, "javascript:alert(1)", "a" * 900, "%00", "\x00"])
@pytest.mark.parametrize(
    "form", ["/?q={}", "/customers/{}", "/path?a={}&b={}", "/why?a={}&b={}", "/together?of={}", "/login?to={}"]
)
def test_what_is_typed_is_text(hostile: Served, form: str, typed: str) -> None:
    one = browser(hostile, hostile.keys["steward"])
    answer = one.get(form.replace("{}", quote(typed, safe="")))
    assert answer.status_code in (200, 404, 409, 422), answer.text
    _is_harmless(answer.text, form)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/?q=ada&after=not-a-place", 400), ("/?q=ada&source='; DROP TABLE x", 200), ("/path?a=1&b=2&hops=99", 422),
        ("/customers/{}/timeline?kind=nothing", 404), ("/customers/{}/timeline?since=yesterday", 400),
        ("/customers/{}/timeline?after=%00", 400), ("/customers/{}/people?after=bm90aGluZw", 400),
        ("/customers/{}/people?after=WzEsMiwzXQ", 400), ("/erased/..%2F..%2Fetc%2Fpasswd", 404),
        ("/static/..%2f..%2flogin.py", 404), ("/static/../login.py", 404),
    ],
)  # fmt: skip
def test_a_wrong_address_is_a_page_that_says_so(hostile: Served, address: str, status: int) -> None:
    one = browser(hostile, hostile.keys["privacy_officer"])
    answer = one.get(address.replace("{}", hostile.customer("crm:contacts:1")))
    assert answer.status_code == status, answer.text
    if not address.startswith("/static"):
        assert answer.headers["content-type"].startswith("text/html")
        assert "Traceback" not in answer.text


def _is_harmless(page: str, address: str) -> None:
    found = Tags(page)
    assert set(found.scripts) == {"/static/page.js"}, address
    assert found.handlers == [], address
    assert "img" not in found.tags and "b" not in found.tags and "i" not in found.tags, address
    assert all(link.startswith(("/", "#", "data:,")) and not link.startswith("//") for link in found.links), address
    assert not re.search(r"c360_[A-Za-z0-9_-]{20}", page), address
