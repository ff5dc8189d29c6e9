"""Passwords in URLs: whatever a URL looks like, no message repeats them, and the config file may not contain them."""

import traceback
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fullcircle.config import secrets
from fullcircle.connectors.base import SourceContext
from fullcircle.connectors.sources.sql.source import Sql
from fullcircle.connectors.sources.tryton.source import Tryton
from fullcircle.errors import ConfigError, FullcircleError
from fullcircle.graph.base import StoreContext
from fullcircle.graph.stores.gremlin.store import Gremlin
from fullcircle.graph.stores.rdf.store import Rdf
from tests.properties import examples

WORD = "hunter"  # every password below is made of this word and of characters that are special in URLs
PASSWORDS = st.lists(st.text("@/#?%:;&=[]+ .\\'\"é1", max_size=3), min_size=1, max_size=3).map(
    lambda between: WORD + "".join(f"{one}{WORD}" for one in between)
)
FORMS = (
    "{scheme}://me:{raw}@127.0.0.1:1/shop", "{scheme}://me:{quoted}@127.0.0.1:1/shop", "{scheme}://:{raw}@127.0.0.1:1/shop",
    "{scheme}://127.0.0.1:1/shop?password={raw}", "{scheme}://127.0.0.1:1/shop?user=me&sslpassword={quoted}",
    "{scheme}://127.0.0.1:1/shop?PWD={quoted}", "{scheme}://127.0.0.1:1/shop?p%61ssword={quoted}",
    "{scheme}://127.0.0.1:{raw}/shop", "{scheme}://me:{raw}", "{scheme}://me:{raw}@127.0.0.1:port/shop",
    "{scheme}://127.0.0.1:1/shop;password={raw}", "{scheme}:///?odbc_connect=DRIVER%3DX%3BPWD%3D{quoted}",
    "host=127.0.0.1 port=1 user=me password={raw}", "me:{raw}@127.0.0.1/shop", "{scheme}:me:{raw}@127.0.0.1",
    "{scheme}://me:{raw}@me@127.0.0.1:1/shop", " {scheme}://me:{raw}@127.0.0.1:1/shop?a=b@c#d ", "me/{raw}@//127.0.0.1:1/shop",
)  # fmt: skip
NO_HOST = ("{scheme}://127.0.0.1:{raw}/shop", "{scheme}://me:{raw}")
URLS = st.tuples(
    st.sampled_from(FORMS),
    PASSWORDS,
    st.sampled_from(["postgresql", "postgres", "postgresql+psycopg", "sqlite", "mysql", "http", "ws", "wss", "https"]),
)


def made(form: tuple[str, str, str]) -> str:
    # me:one@two is a password and a host, and nobody can know better.
    raw = form[1] if form[0] not in NO_HOST else form[1].replace("@", "")
    return form[0].format(scheme=form[2], raw=raw, quoted=quote(form[1], safe=""))


def opened(kind: str, url: str) -> None:
    """Open what reads this URL, and use it."""
    if kind == "sql":
        Sql(SourceContext("s", Path(), options={"url": url})).close()
    elif kind == "tryton":
        Tryton(SourceContext("s", Path(), options={"url": url, "user": "me", "password": "env:OTHER", "tries": 1})).check()
    elif kind == "gremlin":
        Gremlin(StoreContext(Path(), {"url": url, "workers": 1, "patience_seconds": 0.0})).prepare()
    else:
        Rdf(StoreContext(Path(), {"endpoint": url, "patience_seconds": 0.0})).prepare()


@settings(max_examples=examples(300), deadline=None)
@given(URLS)
@example((FORMS[0], "hunter@hunter", "postgresql"))
@example((FORMS[0], "hunter/hunter", "postgresql"))
@example((FORMS[0], "hunter?hunter", "ws"))
@example((FORMS[0], "hunter#hunter", "http"))
def test_what_is_shown_of_a_url_has_nothing_of_the_password(form: tuple[str, str, str]) -> None:
    assert WORD not in secrets.shown(made(form))


@settings(max_examples=examples(300), deadline=None)
@given(URLS)
def test_a_password_in_the_config_file_is_refused_in_every_form(form: tuple[str, str, str]) -> None:
    for value in (made(form), f"env:{made(form)}", f"file:{made(form)}"):
        with pytest.raises(ConfigError) as raised:
            secrets.url(value, "[sources.s] url")
        assert WORD not in "".join(traceback.format_exception(raised.value))


@settings(max_examples=examples(60, soak=2000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(URLS, st.sampled_from(["sql", "tryton", "gremlin", "rdf"]))
@example((FORMS[7], "hunter", "postgresql"), "sql")
@example((FORMS[7], "hunter", "http"), "rdf")
@example((FORMS[7], "hunter", "ws"), "gremlin")
@example((FORMS[0], "hunter@hunter", "postgresql"), "sql")
@example((FORMS[1], "hunter", "http"), "tryton")
@example((FORMS[1], "hunter", "ws"), "gremlin")
def test_no_error_of_anything_that_opens_a_url_repeats_the_password(
    monkeypatch: pytest.MonkeyPatch, form: tuple[str, str, str], kind: str
) -> None:
    monkeypatch.setenv("PLACE", made(form).replace("\x00", ""))
    monkeypatch.setenv("OTHER", "x")
    with pytest.raises(FullcircleError) as raised:
        opened(kind, "env:PLACE")
    assert WORD not in "".join(traceback.format_exception(raised.value)) + raised.value.hint


@pytest.mark.parametrize(
    "url",
    ["sqlite:///shop.db", "sqlite:////data/a@b/shop.db", "postgresql://reader@db.example.org:5432/shop?sslmode=require",
     "postgresql://db/shop?passfile=/run/pass&sslkey=key.pem", "ws://[::1]:8182/gremlin", "https://example.org/sparql"],
)  # fmt: skip
def test_urls_without_a_password_may_stand_in_the_config_file(url: str) -> None:
    assert secrets.url(url, "url").reveal() == url
    assert secrets.shown(url).startswith(url.partition("://")[0])


def test_host_and_path_are_shown() -> None:
    assert (
        secrets.shown("postgresql://me:hunter2@db.example.org:5432/shop?sslmode=require")
        == "postgresql://db.example.org:5432/shop"
    )
    assert secrets.shown("ws://me:hun%40ter@[::1]:8182/gremlin") == "ws://[::1]:8182/gremlin"


@pytest.mark.parametrize("place", ["http://host:port/db", "ws://host:port/gremlin", "http://host:70000/db"])
def test_a_port_that_is_no_number_is_said(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLACE", place)
    with pytest.raises(ConfigError, match="port is not a number"):
        secrets.web_url("env:PLACE", "The url", ("http", "ws"), "http://host:1/db")


def test_a_password_with_a_slash_works_where_the_database_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from fullcircle.connectors.sources.sql import database

    monkeypatch.setattr(database.sa, "create_engine", lambda url, **_: (_ for _ in ()).throw(AssertionError(url.password)))
    monkeypatch.setenv("PLACE", "postgresql://me:a/b#c?d@host/shop")
    parsed: Any = database._parsed("postgresql://me:a/b#c?d@host/shop", "url")
    assert (parsed.password, parsed.host) == ("a/b#c?d", "host")
