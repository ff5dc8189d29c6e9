"""What a form sent: `sent: Sent` gives an endpoint its fields by name, several of one name too."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from fullcircle.errors import ConfigError

LONGEST = 2000
MOST = 1000


class SentFields:
    """The fields of a form."""

    def __init__(self, fields: FormData) -> None:
        self._fields = fields

    def text(self, name: str, default: str | None = None) -> str:
        """One value. ConfigError where it is missing and there is no default."""
        found = self.texts(name)
        if not found and default is None:
            raise ConfigError(f'The form has no field "{name}".', "Open the page again and send it from there.")
        return found[0] if found else str(default)

    def texts(self, name: str) -> list[str]:
        """All values of a name. ConfigError for what no form of this page sends."""
        found = [value for value in self._fields.getlist(name) if isinstance(value, str)]
        if len(found) > MOST or any(len(value) > LONGEST for value in found):
            raise ConfigError(f'The field "{name}" is too long.', "Send less at a time.")
        return found

    def on(self, name: str) -> bool:
        """True for a box that is ticked."""
        return bool(self.text(name, ""))


async def _sent(request: Request) -> SentFields:
    return SentFields(await request.form())


Sent = Annotated[SentFields, Depends(_sent)]
