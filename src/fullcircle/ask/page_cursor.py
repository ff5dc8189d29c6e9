"""Where a page ended, as a text to go on from. It is sealed: one that was changed, or is of another list, is refused.

The seal is a keyed hash of the place and of what the list is of (whose timeline, which words, which filters). The key comes from
the secret of the book; a graph that was imported has none, and its cursors are proof against slips only.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

from fullcircle.book.book import Book
from fullcircle.errors import ConfigError
from fullcircle.identity.ids import has_secret, secret_of

SEAL = 12  # bytes
AGAIN = "Take `next` of the page before, with the same words and filters, or leave it out to begin again."


class PageCursor:
    """Cursors of one list. `what` names the list in the error, `of` is all that it differs in from others."""

    def __init__(self, book: Book, what: str, *of: object) -> None:
        self._book, self._what = book, what
        self._of = json.dumps([what, *map(str, of)]).encode()

    def at(self, *place: Any) -> str:
        """The cursor of a place: texts, numbers and None."""
        content = json.dumps(place, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._seal(content) + content).decode().rstrip("=")

    def place(self, text: str) -> Sequence[Any]:
        """The place that a cursor names; ConfigError for one that is not of this list, or is not as it was given out."""
        try:
            sealed = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise self.refused() from None
        seal, content = sealed[:SEAL], sealed[SEAL:]
        # The last character of a text in base64 has bits that nothing is read from: another there is another cursor, too.
        is_as_given = base64.urlsafe_b64encode(sealed).decode().rstrip("=") == text
        if not is_as_given or not hmac.compare_digest(seal, self._seal(content)):
            raise self.refused()
        place: Sequence[Any] = json.loads(content)
        return place

    def refused(self) -> ConfigError:
        """The error for a cursor that is none of this list."""
        return ConfigError(f"This cursor is not one of {self._what}.", AGAIN)

    def _seal(self, content: bytes) -> bytes:
        secret = secret_of(self._book) if has_secret(self._book) else ""
        key = hashlib.sha256(f"fullcircle cursor {secret}".encode()).digest()
        return hmac.digest(key, len(self._of).to_bytes(8, "big") + self._of + content, "sha256")[:SEAL]
