"""Who asks a server: an API key, a token of the company's login, or a session of the web page. Nobody unknown gets any answer.

Without [govern] there are no keys: then one key, made when the server starts and printed with its address, opens everything.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import replace

from fastapi import Request

from fullcircle.book.book import Book
from fullcircle.errors import FullcircleError, NotAllowed
from fullcircle.govern.keys import PREFIX
from fullcircle.govern.open import principal_of
from fullcircle.govern.policy import Policy
from fullcircle.govern.principal import Principal
from fullcircle.govern.users import os_user

LOCAL = "local_"  # how the key of a server without a policy begins
OURS = (PREFIX, LOCAL)  # how keys of ours begin; a company's tokens are JWTs, which do not
Tokens = Callable[[str], Principal | None]  # tells whose a token is; None: it is not one of this sort


class Unknown(FullcircleError):
    """Nobody has said who they are, or what they said is not valid."""

    code, status = "unauthenticated", 401


class Recognition:
    """Tells whom a token belongs to. `others`: what knows further sorts of tokens, as those of an identity provider."""

    def __init__(self, policy: Policy | None, local_key: str = "", others: tuple[Tokens, ...] = ()) -> None:
        self._policy, self._local_key, self._others = policy, local_key, others

    def of_token(self, token: str, door: str, book: Book) -> Principal:
        """Whose token this is, as they are now: a key that was revoked opens nothing any more. Unknown if it is not valid."""
        for knows in self._others if not token.startswith(OURS) else ():
            if found := knows(token):
                return replace(found, door=door)
        if self._policy is None:
            if self._local_key and hmac.compare_digest(token.encode(), self._local_key.encode()):
                return Principal(f"os:{os_user()}", frozenset(), door, "key")
            raise Unknown("This key is not the one that the server printed when it started.", "Copy it from there.")
        try:
            return principal_of(book, token, door, self._policy)
        except NotAllowed as error:
            raise Unknown(error.message, error.hint) from error


def bearer(request: Request) -> str:
    """The token of a request of the API. Unknown if there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unknown(
            "This request does not say who asks.", "Send your API key: `Authorization: Bearer c360_...`; an admin makes one."
        )
    return token.strip()
