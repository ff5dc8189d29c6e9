"""The API answers with the same data as the command line, to every role; and pages, parts and tags of answers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from httpx import Response
from starlette.testclient import TestClient
from typer.main import get_command

from fullcircle.ask.reader import Reader
from fullcircle.ask.search_page import SearchFilter
from fullcircle.ask.tables import Answers
from fullcircle.ask.timeline import TimelineFilter
from fullcircle.errors import FullcircleError
from fullcircle.serve.cli.main import app
from fullcircle.serve.cli.output import json_text
from tests.serve.conftest import EVERY_ROLE, Served
from tests.serve.rest.requests import ADA, BEN, KEY, MORE, REQUESTS

Client = Callable[[str], TestClient]


READ: dict[str, Callable[[Reader], Any]] = {
    "show": lambda reader: reader.show(ADA),
    "show by an order": lambda reader: reader.show("order 7"),
    "show nobody": lambda reader: reader.show("record:crm:contacts:999"),
    "sources": lambda reader: reader.sources(ADA),
    "search": lambda reader: reader.search("quillfeather"),
    "search an order": lambda reader: reader.search("order 7"),
    "search in a city": lambda reader: reader.search_page("order 7", SearchFilter(city="Zurzach")).hits,
    "search and count": lambda reader: reader.search_page("order 7", SearchFilter(counts=True)),
    "timeline": lambda reader: reader.timeline(ADA),
    "timeline of some": lambda reader: reader.timeline(ADA, TimelineFilter(("order", "ticket"), since=date(2026, 3, 5))),
    "related": lambda reader: reader.related(ADA),
    "habits": lambda reader: reader.habits(ADA),
    "worth": lambda reader: reader.worth(ADA),
    "bought together": lambda reader: reader.bought_together("tea"),
    "path": lambda reader: reader.path(ADA, BEN),
    "why": lambda reader: reader.why(ADA, BEN),
    "why by a key": lambda reader: reader.why(ADA, KEY),
    "why not": lambda reader: reader.why_not(ADA, BEN),
    "how": lambda reader: reader.how(ADA),
    "history": lambda reader: reader.history(ADA),
    "decisions": lambda reader: reader.history(),
    "review": lambda reader: reader.review(),
    "quality": lambda reader: reader.quality(),
    "runs": lambda reader: reader.runs(),
    "status": lambda reader: reader.status(),
}


def _is_problem(got: Response, said: FullcircleError) -> None:
    problem = got.json()
    assert (problem["code"], problem["status"], problem["hint"]) == (said.code, said.status, said.hint)
    assert got.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_an_answer_is_that_of_python(served: Served, client: Client, role: str) -> None:
    with served.reader(role) as reader:
        for name, asked in REQUESTS.items():
            got = client(role).request(asked.method, asked.path, params=asked.params)
            try:
                said = READ[name](reader)
            except FullcircleError as error:
                _is_problem(got, error)
                continue
            assert got.status_code == 200, (name, got.text)
            found = got.json()[asked.part] if asked.part else got.json()
            assert found == json.loads(json_text(said.to_pylist() if isinstance(said, Answers) else said.to_dict())), name


def test_an_answer_is_that_of_the_command_line(served: Served, client: Client) -> None:
    command = get_command(app)
    for name in ("show", "search", "timeline of some", "why", "quality"):
        asked = REQUESTS[name]
        got = client("steward").get(asked.path, params=asked.params).json()
        words = ["--as", served.keys["steward"], *asked.verb, "--json", "--config", str(served.config)]
        assert (got[asked.part] if asked.part else got) == json.loads(CliRunner().invoke(command, words).stdout), name


def test_what_is_refused_to_some_is_answered_to_others(client: Client) -> None:
    answered = {
        role: {name for name, one in REQUESTS.items() if client(role).get(one.path, params=one.params).status_code == 200}
        for role in ("steward", "marketer", "admin", "blind")
    }
    assert {"show", "why", "review", "history", "how"} <= answered["steward"]
    assert "show" in answered["marketer"] and not {"why", "review", "history"} & answered["marketer"]
    assert answered["admin"] == {"quality", "runs", "status"}
    assert answered["blind"] == set()


def test_nobody_gets_an_answer_without_a_key(served: Served) -> None:
    for name, asked in {**REQUESTS, **MORE}.items():
        got = served.client().request(asked.method, asked.path, params=asked.params, json=asked.body)
        assert got.status_code in ((200,) if name == "description" else (404,) if name == "not there" else (401,)), name


# -- parts, expansion, tags ---------------------------------------------------------------------------------------------
def test_only_the_parts_that_were_asked_for(served: Served, client: Client) -> None:
    whole = client("steward").get(f"/v1/customers/{ADA}").json()
    some = client("steward").get(f"/v1/customers/{ADA}", params={"fields": "orders, agreed"}).json()
    assert some == {"customer": {"id": whole["customer"]["id"]}, "asked_id": ADA, "orders": whole["orders"], "agreed": {}}
    golden = client("steward").get(f"/v1/customers/{ADA}?fields=customer").json()
    assert golden == {"customer": whole["customer"], "asked_id": ADA}
    wrong = client("steward").get(f"/v1/customers/{ADA}?fields=order")
    assert wrong.status_code == 400
    assert wrong.json()["hint"] == 'Did you mean "orders"?'


@pytest.mark.parametrize("part", ["records", "identifiers", "products", "habits", "related", "may_like", "consents", "deals"])
def test_each_part_is_what_the_whole_has(company: Served, part: str) -> None:
    client = company.client("steward")
    for line in client_ids(company)[:6]:
        whole, some = (client.get(f"/v1/customers/{line}", params=one).json() for one in ({}, {"fields": part}))
        assert some.get(part) == whole.get(part)


def client_ids(served: Served) -> list[str]:
    with served.reader("privacy_officer") as reader:
        return [one["id"] for one in reader.customers().customers]


def test_the_offers_are_those_of_the_view(company: Served) -> None:
    client, some = company.client("marketer"), client_ids(company)
    offers = {one: client.get(f"/v1/customers/{one}/offers").json() for one in some[:40]}
    assert any(one["may_like"] for one in offers.values())
    for id, one in offers.items():
        assert one == client.get(f"/v1/customers/{id}?fields=may_like,may_buy").json()
        assert one["customer"] == {"id": id}


def test_everything_in_one_call(client: Client) -> None:
    ask = client("steward")
    found = ask.get(f"/v1/customers/{ADA}?expand=timeline,sources,history,how").json()
    for name in ("timeline", "sources", "history", "how"):
        assert found.pop(name) == ask.get(f"/v1/customers/{ADA}/{name}").json()
    assert found == ask.get(f"/v1/customers/{ADA}").json()
    assert ask.get(f"/v1/customers/{ADA}?expand=secrets").status_code == 400
    assert client("marketer").get(f"/v1/customers/{ADA}?expand=timeline,history").status_code == 403


def test_the_tag_is_of_what_is_seen(client: Client) -> None:
    first = client("steward").get(f"/v1/customers/{ADA}")
    tag = first.headers["etag"]
    assert tag.startswith('"')
    for said in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = client("steward").get(f"/v1/customers/{ADA}", headers={"if-none-match": said})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = client("marketer").get(f"/v1/customers/{ADA}", headers={"if-none-match": tag})
    assert other.status_code == 200
    assert other.headers["etag"] != tag
    assert client("steward").get(f"/v1/customers/{BEN}", headers={"if-none-match": tag}).status_code == 200


# -- pages ----------------------------------------------------------------------------------------------------------------
def follow(client: TestClient, address: str, part: str) -> list[object]:
    """All rows of all pages, by the links."""
    rows: list[object] = []
    while address:
        got = client.get(address)
        assert got.status_code == 200, got.text
        rows += got.json()[part]
        link = got.links.get("next", {}).get("url", "")
        assert bool(link) == bool(got.json()["next"])
        address = str(link)
    return rows


@pytest.mark.parametrize("role", ["steward", "marketer", "viewer"])
@pytest.mark.parametrize("record", [ADA, "order:shop:orders:7"])
def test_a_timeline_is_read_page_by_page(client: Client, role: str, record: str) -> None:
    whole = client(role).get(f"/v1/customers/{record}/timeline").json()["events"]
    assert len(whole) > 2
    assert follow(client(role), f"/v1/customers/{record}/timeline?limit=1", "events") == whole
    assert client(role).get(f"/v1/customers/{record}/timeline?after=abc").status_code == 400


def test_a_search_is_read_page_by_page_and_narrowed(company: Served) -> None:
    client = company.client("steward")
    whole = client.get("/v1/customers", params={"q": "a", "limit": 500, "counts": True}).json()
    assert len(whole["hits"]) > 10
    assert follow(client, "/v1/customers?q=a&limit=7", "hits") == whole["hits"]
    assert sum(whole["counts"]["kind"].values()) == len(whole["hits"])
    for source, number in whole["counts"]["source"].items():
        some = follow(client, f"/v1/customers?q=a&limit=9&source={source}", "hits")
        assert len(some) == number
        assert some == [one for one in whole["hits"] if source in one["sources"].split(", ")]
    kind, number = next(iter(whole["counts"]["kind"].items()))
    assert len(follow(client, f"/v1/customers?q=a&limit=50&kind={kind}", "hits")) == number
    city, number = next(iter(whole["counts"]["city"].items()))
    some = follow(client, f"/v1/customers?q=a&limit=9&city={quote(city)}", "hits")
    assert some == [one for one in whole["hits"] if one["city"] == city]
    assert len(some) == number
    with company.reader("steward") as reader:
        assert reader.search_page("a", SearchFilter(city=city), limit=500).to_dict()["hits"] == some
    other = client.get("/v1/customers?q=a&limit=7").json()["next"]
    assert client.get("/v1/customers", params={"q": "b", "after": other}).status_code == 400


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_cities_are_counted_only_for_who_sees_them(served: Served, role: str) -> None:
    """Whoever does not see cities in full learns from no count and no filter who lives where."""
    client, words = served.client(role), {"q": "order 7", "counts": True}
    got = client.get("/v1/customers", params=words)
    narrowed = [client.get("/v1/customers", params={**words, "city": city}) for city in ("Zurzach", "Nowhere")]
    if got.status_code == 403:  # they may not search at all
        assert [one.status_code for one in narrowed] == [403, 403]
        return
    hits = got.json()["hits"]
    if hits and hits[0].get("city") == "Zurzach":
        assert got.json()["counts"]["city"] == {"Zurzach": 1}
        assert [len(one.json()["hits"]) for one in narrowed] == [1, 0]
        return
    assert "city" not in got.json()["counts"]
    assert [one.status_code for one in narrowed] == [403, 403]
    assert narrowed[0].json() == narrowed[1].json()


# -- batch and export ----------------------------------------------------------------------------------------------------
def test_several_at_once_are_each_what_one_is(client: Client) -> None:
    ids = [ADA, BEN, "nobody at all", "3", ADA]
    found = client("steward").post("/v1/customers/batch", json={"ids": ids}).json()["answers"]
    assert [one["asked"] for one in found] == ids
    for one in found:
        alone = client("steward").get(f"/v1/customers/{one['asked']}")
        assert one["status"] == alone.status_code
        assert one.get("customer", one.get("problem")) == alone.json()
    some = client("steward").post("/v1/customers/batch", json={"ids": [ADA], "fields": ["orders"]}).json()
    assert some["answers"][0]["customer"] == client("steward").get(f"/v1/customers/{ADA}?fields=orders").json()
    for body in ({"ids": []}, {"ids": [ADA] * 101}, {"ids": ADA}, {"ids": [ADA], "feilds": []}, {"ids": ["\ud800"]}, [], "x"):
        assert client("steward").post("/v1/customers/batch", content=json.dumps(body)).status_code == 422
    assert client("admin").post("/v1/customers/batch", json={"ids": [ADA]}).status_code == 403


def test_an_export_has_everybody_once(company: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    from fullcircle.serve.rest import export

    monkeypatch.setattr(export, "ROWS", 7)
    got = company.client("privacy_officer").get("/v1/export/customers")
    assert got.headers["content-type"] == "application/x-ndjson"
    rows = [json.loads(line) for line in got.text.splitlines()]
    with company.reader("steward") as reader:
        ids = sorted(reader.store.scan("Customer", ["id"]).__next__().column("id").to_pylist())
        assert [one["id"] for one in rows] == ids
        assert rows[3] == json.loads(json.dumps(reader.show(ids[3]).to_dict()["customer"], default=lambda at: at.isoformat()))
    rest = company.client("privacy_officer").get("/v1/export/customers", params={"after": ids[-3]})
    assert [json.loads(line)["id"] for line in rest.text.splitlines()] == ids[-2:]
    for role in ("steward", "marketer", "admin"):
        assert company.client(role).get("/v1/export/customers").status_code == 403


def test_an_export_leaves_out_whom_nobody_may_use(apart: Served) -> None:
    from contextlib import closing

    from fullcircle.govern.home_keys import open_book
    from fullcircle.govern.restricted import Restricted

    before = apart.client("privacy_officer").get("/v1/export/customers").text.splitlines()
    with closing(open_book(apart.settings)) as book:
        Restricted(book).restrict([f"record:{ADA}"], "os:tests", "")
    after = apart.client("privacy_officer").get("/v1/export/customers").text.splitlines()
    assert len(after) == len(before) - 1
    assert not any(apart.customer(ADA) in line for line in after)


def test_an_export_ends_for_who_sees_little(served: Served) -> None:
    """What is after the last page is nothing, and no hash of nothing."""
    with served.reader("viewer") as reader:
        page = reader.customers()
    assert (len(page.customers) > 1, page.next) == (True, "")
    assert len(served.client("viewer").get("/v1/export/customers").text.splitlines()) == len(page.customers)


def test_an_export_is_cut_when_its_key_ends(apart: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import closing

    from fullcircle.govern.home_keys import open_book
    from fullcircle.govern.keys import ApiKeys
    from fullcircle.serve.http.asking import AskedBy
    from fullcircle.serve.rest import export

    page = export._page

    def last_page(ask: AskedBy, after: str) -> object:
        with closing(open_book(apart.settings)) as book:
            (key,) = [one for one in ApiKeys(book).list() if one.name == "privacy_officer" and one.state == "valid"]
            ApiKeys(book).revoke(key.id)
        return page(ask, after)

    monkeypatch.setattr(export, "ROWS", 2)
    monkeypatch.setattr(export, "_page", last_page)
    got = apart.client("privacy_officer").get("/v1/export/customers")  # over a network, the connection is cut here
    assert [len(got.text.splitlines()), got.status_code] == [2, 200]


HOLDS = """
import sys
from pathlib import Path
from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
with open_desk(read_config(Path(sys.argv[1]))):
    print("open", flush=True)
    sys.stdin.read()
"""


# -- what is no answer ------------------------------------------------------------------------------------------------------
def test_whatever_is_wrong_with_a_request_is_a_problem(client: Client) -> None:
    ask = client("steward")
    for method, address, status in (
        ("GET", "/v1/nowhere", 404), ("DELETE", f"/v1/customers/{ADA}", 405), ("PATCH", "/v1/status", 405),
        ("GET", "/v1/customers", 422), ("GET", "/v1/customers?q=a&limit=0", 422), ("GET", "/v1/customers?q=%00", 422),
        ("GET", "/v1/customers/", 422), ("GET", f"/v1/customers/{ADA}?feilds=orders", 422), ("GET", "/v1/status?limit=3", 422),
        ("GET", f"/v1/customers/{ADA}/timeline?since=yesterday", 400), ("GET", f"/v1/customers/{ADA}/timeline?kind=wish", 404),
    ):  # fmt: skip
        got = ask.request(method, address)
        assert got.status_code == status, (address, got.text)
        assert got.headers["content-type"] == "application/problem+json"
        assert {"type", "title", "status", "detail", "code"} <= set(got.json())
    assert ask.get(f"/v1/customers/{ADA}?feilds=orders").json()["detail"].endswith('Did you mean "fields"?')
    assert "allow" in ask.delete("/v1/status").headers


def test_head_is_get_without_its_content(client: Client) -> None:
    for address in (f"/v1/customers/{ADA}", "/v1/status", "/v1/customers/nobody at all", "/health"):
        whole, head = client("steward").get(address), client("steward").head(address)
        assert (head.status_code, head.content) == (whole.status_code, b"")
        for name in ("content-type", "content-length", "etag"):
            assert head.headers.get(name) == whole.headers.get(name)


def test_beside_a_run_it_asks_to_come_again(apart: Served) -> None:
    ask = apart.client("steward")
    assert ask.get("/v1/review").status_code == 200
    run = subprocess.Popen([sys.executable, "-c", HOLDS, str(apart.config)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert run.stdout is not None and run.stdout.readline() == b"open\n"
        for address in ("/v1/review", "/v1/quality", f"/v1/customers/{ADA}/how"):
            got = ask.get(address)
            assert (got.status_code, got.json()["code"]) == (503, "busy"), address
            assert int(got.headers["retry-after"]) > 0
        assert ask.get(f"/v1/customers/{ADA}").status_code == 200
    finally:
        run.communicate()


def test_measures_have_routes_and_no_customers(served: Served, client: Client) -> None:
    client("steward").get(f"/v1/customers/{ADA}")
    client("steward").get("/v1/customers/quillfeather/nowhere")
    client("steward").get("/quillfeather")
    got = client("admin").get("/metrics")
    assert got.headers["content-type"].startswith("text/plain")
    assert 'fullcircle_requests_total{method="GET",route="/v1/customers/{which}",status="200"}' in got.text
    assert 'route="elsewhere"' in got.text
    assert "quillfeather" not in got.text and "contacts" not in got.text
    assert client("blind").get("/metrics").status_code in (200, 403)
    assert served.client().get("/metrics").status_code == 401
