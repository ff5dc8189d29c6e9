"""Logging in at the page by the company's login: OpenID Connect's code flow, with PKCE, state and nonce.

What was begun is known to this server and to the browser that began it, for ten minutes and for one return. Tokens stay here: the
browser gets the same cookie as with an API key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import time
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from fullcircle.config.secrets import secret
from fullcircle.errors import FullcircleError, NotFound
from fullcircle.serve.http.asking import shared
from fullcircle.serve.http.company import CompanyLogin
from fullcircle.serve.http.issuer import LoginUnreachable, read_json
from fullcircle.serve.http.who import Unknown
from fullcircle.serve.web.login import begin_session, inside

router = APIRouter(include_in_schema=False)
BACK = "/login/company/back"
MINUTES = 10
MOST = 1_000  # logins that were begun and not ended
AGAIN = "Begin again at the page's login."


@dataclass(frozen=True, slots=True)
class Begun:
    """A login that somebody has begun."""

    browser: str  # what the browser that began it has in a cookie
    nonce: str
    verifier: str
    to: str
    until: float


class BegunLogins:
    """All of them, each for one return."""

    def __init__(self) -> None:
        self._all: dict[str, Begun] = {}
        self._lock = threading.Lock()

    def begin(self, to: str) -> tuple[str, Begun]:
        """A new one, with its state."""
        state, now = secrets.token_urlsafe(32), time.monotonic()
        one = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), to, now + MINUTES * 60)
        with self._lock:
            for old in [key for key, begun in self._all.items() if begun.until < now]:
                del self._all[old]
            while len(self._all) >= MOST:
                del self._all[next(iter(self._all))]
            self._all[state] = one
        return state, one

    def end(self, state: str, browser: str) -> Begun:
        """The one of this state, begun by this browser. Unknown otherwise; a state is good once."""
        with self._lock:
            found = self._all.pop(state, None)
        if found is None or found.until < time.monotonic() or not hmac.compare_digest(found.browser.encode(), browser.encode()):
            raise Unknown("This login was not begun here, or too long ago.", AGAIN)
        return found


@router.get("/login/company")
def to_the_company(request: Request, to: str = "/") -> Response:
    """Send the browser to the company's login."""
    login = _login(request)
    state, begun = _begun(request).begin(inside(to))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": login.settings.client_id, "redirect_uri": _back(request), "state": state,
        "scope": login.settings.scope, "nonce": begun.nonce, "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    address = login.issuer.endpoint("authorization_endpoint")
    answer = RedirectResponse(f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", 303)
    secure = shared(request).origin.startswith("https:")
    answer.set_cookie(
        _cookie(request), begun.browser, max_age=MINUTES * 60, httponly=True, samesite="lax", secure=secure, path="/"
    )
    return answer


@router.get(BACK)
def back(
    request: Request,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4_000)] = "",
    error: Annotated[str, Query(max_length=200)] = "",
    iss: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """The browser comes back from the company's login."""
    login = _login(request)
    try:
        begun = _begun(request).end(state, request.cookies.get(_cookie(request), ""))
        if error or not code:
            raise Unknown("The company's login did not let you in.", AGAIN)
        if iss and iss.rstrip("/") != login.issuer.address:
            raise Unknown("This answer is of another login.", AGAIN)
        person = login.of_id_token(_id_token(request, login, code, begun), begun.nonce)
    except FullcircleError as wrong:
        from fullcircle.serve.web.page import draw

        return draw(request, "login.html", status=wrong.status, to="/", problem=wrong.message, hint=wrong.hint)
    answer = begin_session(request, "", begun.to, person)
    answer.delete_cookie(_cookie(request), path="/")
    return answer


def _id_token(request: Request, login: CompanyLogin, code: str, begun: Begun) -> str:
    """Exchange the code for the token that says who logged in."""
    settings = login.settings
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": _back(request), "code_verifier": begun.verifier}
    key = None
    if settings.client_secret:
        found = secret(settings.client_secret, "[serve.oidc] client_secret", shared(request).settings.folder)
        key = (settings.client_id, found.reveal())
    else:
        form["client_id"] = settings.client_id
    token = read_json(login.issuer.endpoint("token_endpoint"), form, key).get("id_token")
    if not isinstance(token, str):
        raise LoginUnreachable("does not say who logged in")
    return token


def _login(request: Request) -> CompanyLogin:
    found: CompanyLogin | None = shared(request).company
    if found is None or not found.settings.client_id:
        raise NotFound("This project has no login of a company.", "Log in with your API key.")
    return found


def _begun(request: Request) -> BegunLogins:
    found: BegunLogins = request.app.state.begun_logins
    return found


def _back(request: Request) -> str:
    return f"{shared(request).origin}{BACK}"


def _cookie(request: Request) -> str:
    return "__Host-fullcircle-login" if shared(request).origin.startswith("https:") else "fullcircle-login"
