"""Logging in and out at the web page, and who asks there: `visit: Visit` gives an endpoint what `ask: Ask` gives the API's."""

from __future__ import annotations

import hmac
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from fullcircle.ask.reader import Reader
from fullcircle.errors import NotAllowed
from fullcircle.govern.principal import Principal
from fullcircle.model.field_classes import PLAIN
from fullcircle.serve.http.asking import AskedBy, known_person, recognised, shared
from fullcircle.serve.http.who import Unknown
from fullcircle.serve.web.screens import Links, permits, screens_of, screens_of_customer
from fullcircle.serve.web.sessions import HOURS, Session, Sessions

DOOR = "web"
COOKIE = "fullcircle"
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Visited:
    """One request of somebody who is logged in."""

    request: Request
    asked: AskedBy
    session: Session

    def reader(self) -> AbstractContextManager[Reader]:
        """The reading room, as they may see it."""
        return self.asked.reader()

    @property
    def screens(self) -> tuple[tuple[str, Links], ...]:
        """The screens that they may open, in groups: addresses with names."""
        return screens_of(self.asked.door())

    def screens_of_customer(self, id: str) -> Links:
        """The screens of one customer that they may open: addresses with names."""
        return screens_of_customer(self.asked.door(), id)

    def may(self, action: str) -> bool:
        """True where the policy permits it: what it does not permit is not linked."""
        return permits(self.asked.door(), action)

    def name_of(self, reader: Reader, id: str) -> str | None:
        """The name of a customer, for the head of its screens; nothing where they may not open it."""
        seen = self.may("show") and reader.door.mask.sight.level(PLAIN) == "full"
        return reader.show(id, ("customer",)).customer.get("name") if seen else None

    @property
    def sees_all(self) -> bool:
        """True where nothing is masked."""
        return self.asked.door().mask.whole

    @property
    def name(self) -> str:
        """How they are named on the page."""
        return self.asked.who.name

    @property
    def decides(self) -> str:
        """Under which name what they decide is kept."""
        return self.asked.who.name.removeprefix("os:")

    @property
    def roles(self) -> str:
        """Their roles, for the page's head."""
        return ", ".join(sorted(self.asked.who.roles)) or ("sees all" if self.asked.shared.seats.policy is None else "no role")


class LoginNeeded(Unknown):
    """Nobody is logged in: the page asks for it, and comes back to where one was."""


def sessions(request: Request) -> Sessions:
    """The logins of this server."""
    found: Sessions = request.app.state.sessions
    return found


def visited(request: Request) -> Visited:
    """Who visits a page. LoginNeeded if nobody is logged in; Unknown if their key is not good any more."""
    session = sessions(request).of(request.cookies.get(_cookie(request), ""))
    if session is None:
        raise LoginNeeded("You are not logged in.", "Log in with your API key.")
    person = session.person
    asked = known_person(request, person, DOOR) if person else recognised(request, session.token, DOOR)
    return Visited(request, asked, session)


def visiting(request: Request) -> Visited | None:
    """Who visits, where that was found out before: for the head of a page with a problem."""
    asked, session = getattr(request.state, "asked", None), sessions(request).of(request.cookies.get(_cookie(request), ""))
    return Visited(request, asked, session) if asked and session else None


def sending(visit: Annotated[Visited, Depends(visited)], form_key: Annotated[str, Form()] = "") -> Visited:
    """Who sends a form. NotAllowed for a form that is not of this page: another site may have made the browser send it."""
    refuse_foreign(visit.request)
    sent = form_key or visit.request.headers.get("x-form-key", "")
    if not hmac.compare_digest(sent.encode(), visit.session.form.encode()):
        raise NotAllowed("This form is too old, or not from this page.", "Open the page again and send it from there.")
    return visit


Visit = Annotated[Visited, Depends(visited)]
Sending = Annotated[Visited, Depends(sending)]


def refuse_foreign(request: Request) -> None:
    """NotAllowed for what a page of another site makes a browser send."""
    site, origin = request.headers.get("sec-fetch-site", "same-origin"), request.headers.get("origin")
    if site not in ("same-origin", "none") or (origin and origin != shared(request).origin):
        raise NotAllowed("This request comes from a page of another site.", "Open the page itself and try again there.")


@router.get("/login")
def login(request: Request, key: str = "", to: str = "/") -> Response:
    """The form; with the key in the address, as the server prints it where there is no policy, the login itself."""
    if key:
        return _begin(request, key, to)
    from fullcircle.serve.web.page import draw

    return draw(request, "login.html", to=inside(to))


@router.post("/login")
def log_in(request: Request, key: Annotated[str, Form()] = "", to: Annotated[str, Form()] = "/") -> Response:
    """Log in with an API key."""
    refuse_foreign(request)
    return _begin(request, key.strip(), to)


@router.post("/logout")
def log_out(visit: Sending) -> Response:
    """Log out."""
    name = _cookie(visit.request)
    sessions(visit.request).end(visit.request.cookies.get(name, ""))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(name)
    return answer


def _begin(request: Request, key: str, to: str) -> Response:
    from fullcircle.serve.web.page import draw

    try:
        recognised(request, key, DOOR)
    except Unknown as error:
        return draw(request, "login.html", status=401, to=inside(to), problem=error.message, hint=error.hint)
    return begin_session(request, key, to)


def begin_session(request: Request, key: str, to: str, person: Principal | None = None) -> Response:
    """Somebody is logged in from here on: by a key, or as a person whom the company's login knows."""
    answer = RedirectResponse(inside(to), 303)
    secure = shared(request).origin.startswith("https:")
    number = sessions(request).begin(key, person)
    answer.set_cookie(_cookie(request), number, max_age=HOURS * 3600, httponly=True, samesite="lax", secure=secure)
    return answer


def _cookie(request: Request) -> str:
    return f"__Host-{COOKIE}" if shared(request).origin.startswith("https:") else COOKIE


def inside(to: str) -> str:
    """An address of this page, whatever was asked for."""
    parts = urlsplit(to)
    inside = not parts.scheme and not parts.netloc and to.startswith("/") and not to.startswith(("//", "/\\")) and "\\" not in to
    return to if inside and to.isprintable() else "/"


def to_login(request: Request) -> Response:
    """Where one is sent who is not logged in; afterwards they come back."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?to={quote(here)}" if request.method == "GET" else "/login", 303)
