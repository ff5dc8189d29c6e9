"""A token that was given once. It may be exchanged for another one while a pull runs: then the reference leads to the new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fullcircle.config.secrets import Secret
from fullcircle.errors import SourceRefused


def bearer(token: str) -> Mapping[str, str]:
    """The usual header."""
    return {"Authorization": f"Bearer {token}"}


class TokenLogin:
    """See `http.client.Login`. `read` follows the reference to the token; `hint` is for who has set a wrong one."""

    def __init__(
        self, where: str, read: Callable[[], Secret], hint: str, header: Callable[[str], Mapping[str, str]] = bearer
    ) -> None:
        self._where, self._read, self._hint, self._header = where, read, hint, header
        self._token = read()

    def headers(self) -> Mapping[str, str]:
        """The headers of a request."""
        return self._header(self._token.reveal())

    def renew(self) -> None:
        """The token was not accepted: read it anew. SourceRefused if it is the same."""
        before, self._token = self._token, self._read()
        if self._token.reveal() == before.reveal():
            raise SourceRefused(f"{self._where} does not accept the token.", self._hint)
