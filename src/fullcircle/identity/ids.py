"""New customer ids: 80 bits of a keyed hash of the id of the first record, in Crockford's base 32.

The key is a secret of the book, made once. Without it nobody can try out which record an id is of: where a source has e-mail
addresses for keys, who sees nothing but ids could else find out whose they are. The same book gives the same record the same id
every time; another book gives others. An id that is in the ledger stays, however it was made.

`new_secret` is for tests to replace: with one secret in all books, two homes can be compared by their ids.
"""

from __future__ import annotations

import secrets
from hashlib import md5, sha256

from fullcircle.book.book import Book
from fullcircle.engine.base import literal

DDL = "CREATE TABLE IF NOT EXISTS customer_secret (one INTEGER PRIMARY KEY CHECK (one = 1), secret TEXT NOT NULL);"
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
# Sixteen terms rather than a list: that takes a fourth of the time.
_LETTERS = "'customer:' || " + " || ".join(
    f"substr('{ALPHABET}', CAST((md5_number_{half}(hash) >> {5 * place}) & 31 AS BIGINT) + 1, 1)"
    for half in ("lower", "upper")
    for place in range(8)
)


def new_secret() -> str:
    """The secret of a new book."""
    return secrets.token_hex(32)


def secret_of(book: Book) -> str:
    """The secret of a book; made if there is none yet."""
    book.define(DDL)
    found = book.read("SELECT secret FROM customer_secret")
    if not found:
        book.write("INSERT OR IGNORE INTO customer_secret VALUES (1, ?)", (new_secret(),))
        found = book.read("SELECT secret FROM customer_secret")
    return str(found[0][0])


def has_secret(book: Book) -> bool:
    """True for a book that has its secret already."""
    return bool(book.read("SELECT 1 FROM sqlite_master WHERE name = 'customer_secret'")) and bool(
        book.read("SELECT 1 FROM customer_secret")
    )


def named(rows: str, founder: str, secret: str) -> str:
    """SQL: a SELECT, with the id that `founder` gives as a further column `customer_id`."""
    key = literal(secret)
    keyed = f"SELECT *, sha256({key} || sha256({key} || {founder})) AS hash FROM ({rows})"
    return f"SELECT * EXCLUDE (hash), {_LETTERS} AS customer_id FROM ({keyed})"


def id_from(founder: str, secret: str) -> str:
    """The id that `named` makes from the id of a customer's first record."""
    keyed = _sha(secret + _sha(secret + founder))
    number = int.from_bytes(md5(keyed.encode(), usedforsecurity=False).digest(), "little")
    halves = (number >> 64, number & (2**64 - 1))
    return "customer:" + "".join(ALPHABET[(halves[place // 8] >> (5 * (place % 8))) & 31] for place in range(16))


def _sha(text: str) -> str:
    return sha256(text.encode()).hexdigest()
