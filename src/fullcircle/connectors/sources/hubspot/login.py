"""The token of a private app. It may be exchanged for another one while a pull runs: then the reference leads to the new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fullcircle.config.secrets import Secret
from fullcircle.errors import SourceRefused


class TokenLogin:
    """See `http.client.Login`. `read` follows the reference to the token."""

    def __init__(self, where: str, read: Callable[[], Secret]) -> None:
        self._where, self._read = where, read
        self._token = read()

    def headers(self) -> Mapping[str, str]:
        """The headers of a request."""
        return {"Authorization": f"Bearer {self._token.reveal()}"}

    def renew(self) -> None:
        """The token was not accepted: read it anew. SourceRefused if it is the same."""
        before, self._token = self._token, self._read()
        if self._token.reveal() == before.reveal():
            raise SourceRefused(
                f"{self._where} does not accept the token.",
                "Look at the private app in HubSpot: was its token exchanged, or the app deleted? Then set the new `token`.",
            )
