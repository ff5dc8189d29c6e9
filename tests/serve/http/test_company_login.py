"""The company's login: which tokens open the API, and logging in at the page. The provider is a fake (issuer_fake.py)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey
from pydantic import ValidationError
from starlette.testclient import TestClient

from fullcircle.config.read import read_config
from fullcircle.config.sections import OidcSettings
from fullcircle.errors import ConfigError
from fullcircle.govern.audit_read import AuditFilter, matching
from fullcircle.serve.http import company as company_module
from fullcircle.serve.http.app import Start, make_app
from fullcircle.serve.http.company import CompanyLogin
from fullcircle.serve.http.issuer import Issuer, LoginUnreachable
from fullcircle.serve.http.server import check
from fullcircle.serve.http.who import Unknown
from tests.serve.conftest import ORIGIN, Served
from tests.serve.http.issuer_fake import AUDIENCE, CLIENT, SECRET, FakeIssuer

SECTION = """
[serve.oidc]
issuer = "{address}"
audience = "{audience}"
client_id = "{client}"
client_secret = "file:secret.txt"
roles = {{ sales = "marketer", keepers = "steward" }}
"""


@pytest.fixture(scope="module")
def issuer() -> Iterator[FakeIssuer]:
    one = FakeIssuer()
    yield one
    one.close()


@pytest.fixture(scope="module")
def project(served: Served, issuer: FakeIssuer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    config = served.copied(tmp_path_factory.mktemp("login") / "project").config
    (config.parent / "secret.txt").write_text(SECRET)
    config.write_text(config.read_text() + SECTION.format(address=issuer.address, audience=AUDIENCE, client=CLIENT))
    return config


@pytest.fixture(scope="module")
def client(project: Path) -> Iterator[TestClient]:
    app = make_app(read_config(project), Start(ORIGIN))
    with TestClient(app, ORIGIN, raise_server_exceptions=False, follow_redirects=False) as one:
        yield one


def ask(client: TestClient, token: str) -> httpx.Response:
    found: httpx.Response = client.get("/v1/customers/crm:contacts:17", headers={"authorization": f"Bearer {token}"})
    return found


def test_a_good_token_opens_what_its_roles_may(client: TestClient, issuer: FakeIssuer, project: Path) -> None:
    answer = ask(client, issuer.token())
    assert answer.status_code == 200
    assert answer.json()["customer"]["name"] == "A*** Q***"  # sales are marketers
    assert ask(client, issuer.token(roles="keepers other")).json()["customer"]["name"] == "Ada Quillfeather"
    assert ask(client, issuer.token(roles=["other"])).status_code == 403
    assert ask(client, issuer.token(roles=None)).status_code == 403
    entry = matching(read_config(project).home / "audit.sqlite", AuditFilter(who="login:u-1", limit=1))[0]
    assert (entry["who"], entry["door"]) == ("login:u-1", "rest")


def test_bad_tokens_open_nothing(client: TestClient, issuer: FakeIssuer) -> None:
    now = int(time.time())
    head, body, signature = issuer.token().split(".")
    other = RSAKey.generate_key(2048)
    bad = {
        "no signature": issuer.unsigned(),
        "key confusion": issuer.confused(),
        "another key": issuer.token(other),
        "a key that nobody has": issuer.token(other, {"kid": "unknown"}),
        "an algorithm that is not accepted": issuer.token(header={"alg": "RS384"}),
        "key in the header": issuer.token(other, {"jwk": other.as_dict(private=False), "kid": "x"}),
        "changed": f"{head}.{body[:-4]}AAAA.{signature}",
        "cut": f"{head}.{body}.",
        "ended": issuer.token(exp=now - 60),
        "without an end": issuer.token(exp=None),
        "an end that is no time": issuer.token(exp=str(now + 300)),
        "of the future": issuer.token(nbf=now + 120),
        "made in the future": issuer.token(iat=now + 120),
        "without a beginning": issuer.token(iat=None),
        "another audience": issuer.token(aud="somebody-else"),
        "no audience": issuer.token(aud=None),
        "another issuer": issuer.token(iss="https://login.example.org"),
        "nobody's": issuer.token(sub=None),
        "an ID token": issuer.token(aud=CLIENT, nonce="n"),
        "an ID token for both": issuer.token(aud=[CLIENT, AUDIENCE], nonce="n"),
        "a logout token": issuer.token(header={"typ": "logout+jwt"}),
        "too long": issuer.token(more="x" * 20_000),
        "no token": "eyJ.eyJ.eyJ",
        "not even that": "..",
    }
    answers = {name: ask(client, token) for name, token in bad.items()}
    assert {name: one.status_code for name, one in answers.items() if one.status_code != 401} == {}
    assert all("www-authenticate" in one.headers for one in answers.values())
    assert not any(issuer.address in one.text or "Traceback" in one.text for one in answers.values())


def test_clocks_may_differ_by_seconds(client: TestClient, issuer: FakeIssuer) -> None:
    now = int(time.time())
    for claims in ({"exp": now - 5}, {"nbf": now + 20}, {"iat": now + 20}, {"aud": ["else", AUDIENCE]}):
        assert ask(client, issuer.token(**claims)).status_code == 200, claims


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
def test_algorithms_are_those_of_the_settings_alone(algorithm: str) -> None:
    one = FakeIssuer()
    try:
        one.new_key(algorithm)
        settings = OidcSettings(issuer=one.address, audience=AUDIENCE)
        with pytest.raises(Unknown):
            CompanyLogin(settings).of_access_token(one.token())
        open_for_it = settings.model_copy(update={"algorithms": (algorithm,)})
        found = CompanyLogin(open_for_it).of_access_token(one.token())
        assert found
        assert found.name == "login:u-1"
    finally:
        one.close()


def test_keys_are_read_again_when_a_new_one_comes_once_a_minute() -> None:
    one, clock = FakeIssuer(), [1000.0]
    try:
        issuer = Issuer(one.address, lambda: clock[0])
        login = CompanyLogin(OidcSettings(issuer=one.address, audience=AUDIENCE), issuer)
        assert login.of_access_token(one.token())
        old = one.token()
        one.new_key("RS256")
        for _ in range(5):
            with pytest.raises(Unknown):
                login.of_access_token(one.token())  # asked a moment ago
        assert one.asked["/keys"] == 1
        clock[0] += 61
        assert login.of_access_token(one.token())
        with pytest.raises(Unknown):
            login.of_access_token(old)  # its key is published no more
        for _ in range(20):
            with pytest.raises(Unknown):
                login.of_access_token(one.token(header={"kid": "made-up"}))
        assert one.asked["/keys"] == 2
    finally:
        one.close()
    clock[0] += 700  # the keys are old, and the provider is gone: they are used on for an hour
    assert login.of_access_token(one.token())
    clock[0] += 3600
    with pytest.raises(LoginUnreachable):
        login.of_access_token(one.token())


def test_a_provider_that_is_gone_is_said_and_not_taken_for_a_bad_token(project: Path) -> None:
    settings = read_config(project)
    assert settings.serve.oidc
    gone = settings.serve.oidc.model_copy(update={"issuer": "http://127.0.0.1:9"})
    app = make_app(settings.model_copy(update={"serve": settings.serve.model_copy(update={"oidc": gone})}), Start(ORIGIN))
    with TestClient(app, ORIGIN, raise_server_exceptions=False) as client:
        answer = ask(client, "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA")
    assert answer.status_code == 503
    assert "retry-after" in answer.headers


def test_dots_lead_into_claims() -> None:
    assert company_module._at({"realm_access": {"roles": ["a", 3, "b"]}}, ["realm_access", "roles"]) == ["a", "b"]
    assert company_module._at({"realm_access": "x"}, ["realm_access", "roles"]) == []


# -- the page ----------------------------------------------------------------------------------------------------------------


def begin(client: TestClient, to: str = "/?q=order+7") -> httpx.Response:
    client.cookies.clear()
    answer: httpx.Response = client.get("/login/company", params={"to": to})
    assert answer.status_code == 303
    return answer


def at_the_provider(address: str) -> str:
    """The browser logs in there, and is sent back."""
    return str(httpx.get(address, follow_redirects=False, trust_env=False).headers["location"])


def test_logging_in_at_the_page(client: TestClient, issuer: FakeIssuer) -> None:
    sent = begin(client)
    asked = parse_qs(urlsplit(sent.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert "httponly" in sent.headers["set-cookie"].lower()
    back = at_the_provider(sent.headers["location"])
    entered = client.get(back)
    assert (entered.status_code, entered.headers["location"]) == (303, "/?q=order+7")
    page = client.get("/", params={"q": "order 7"})
    assert page.status_code == 200
    assert "login:u-1" in page.text
    assert "Quillfeather" not in page.text
    assert client.get(back).status_code == 401  # the same return again
    token = page.text.partition('name="form_key" value="')[2].partition('"')[0]
    assert client.post("/logout", data={"form_key": token}).status_code == 303
    assert client.get("/", headers={"accept": "text/html"}).status_code == 303


@pytest.mark.parametrize(
    "changes", [{"nonce": "other"}, {"aud": AUDIENCE}, {"exp": 1}, {"iss": "https://else.example.org"}, {"azp": "else"},
                {"aud": [CLIENT, "else"]}, {"sub": ""}],
)  # fmt: skip
def test_a_login_with_another_token_is_refused(client: TestClient, issuer: FakeIssuer, changes: dict[str, object]) -> None:
    issuer.changes = changes
    try:
        answer = client.get(at_the_provider(begin(client).headers["location"]))
    finally:
        issuer.changes = {}
    assert answer.status_code == 401
    assert "fullcircle=" not in answer.headers.get("set-cookie", "")


def test_a_return_that_this_browser_did_not_begin_is_refused(client: TestClient) -> None:
    back = at_the_provider(begin(client).headers["location"])
    client.cookies.clear()  # the browser of somebody else, who was sent the address
    assert client.get(back).status_code == 401
    begin(client)
    for address in ("/login/company/back", "/login/company/back?state=x&code=y", "/login/company/back?error=access_denied"):
        assert client.get(address).status_code == 401


def test_where_one_comes_back_to_is_inside(client: TestClient) -> None:
    for to in ("https://evil.example.org/", "//evil.example.org", "/\\evil.example.org"):
        assert client.get(at_the_provider(begin(client, to).headers["location"])).headers["location"] == "/"


def test_what_cannot_be_meant_is_refused_at_the_start(project: Path) -> None:
    settings = read_config(project)
    assert settings.serve.oidc
    check(settings)
    for wrong in ({"roles": {"sales": "marketeer"}}, {"issuer": "http://login.example.org"}, {"client_secret": "plain"}):
        oidc = settings.serve.oidc.model_copy(update=wrong)
        with pytest.raises(ConfigError):
            check(settings.model_copy(update={"serve": settings.serve.model_copy(update={"oidc": oidc})}))
    with pytest.raises(ValidationError):
        OidcSettings(issuer="https://login.example.org", audience="same", client_id="same")
    with pytest.raises(ValidationError):
        OidcSettings(issuer="https://login.example.org", audience="api", algorithms=("HS256",))  # type: ignore[arg-type]
