"""A fake whose token is in a file, as one that is exchanged while it is read."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from tests.fakes.faulty import FaultyServer


class TokenFile(FaultyServer):
    """Before the fake in the bases of a class: `path` is the file, which has the token of now."""

    token: str

    def __init__(self, clock: datetime) -> None:
        super().__init__(clock)  # type: ignore[call-arg]
        self._folder = tempfile.TemporaryDirectory(prefix="fullcircle-")
        self.path = Path(self._folder.name) / "token"
        self.path.write_text(self.token)

    def expire(self) -> None:
        super().expire()
        self.path.write_text(self.token)

    def stop(self) -> None:
        super().stop()
        self._folder.cleanup()
