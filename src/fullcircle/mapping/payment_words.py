"""What a source's word for the status of a payment says: the money came, it did not, or nobody knows. See `money_came`.

The words of payments are in data/payment_words.toml; those of orders are asked where they say nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from fullcircle.mapping.shipped import shipped
from fullcircle.mapping.status import GENDERS, plain, status_of
from fullcircle.model.statuses import GIVEN_BACK, UNPAID

NOT_PAID = ("cancelled", "draft", "pending", UNPAID, *GIVEN_BACK)  # no money came, or it went back
PAID = ("paid", "shipped")
LETTERS = 5  # of a word whose last vowel says its gender
PARTS = 10  # words of a status; more are a text


def money_came(word: str, own: Mapping[str, str] | None = None) -> bool | None:
    """True for a word that says that the money of a payment came, False that it did not, None for what is not known.

    `own` are the meanings that somebody gave to words, in their plain form.
    """
    text = plain(word)
    if meaning := (own or {}).get(text):
        return meaning not in NOT_PAID
    lost, come, negations = _words()
    parts = [_stem(part) for part in text.split()]
    whole = " ".join(parts)
    if whole in come or whole in lost:
        return whole in come
    runs = (
        {" ".join(parts[a:b]) for a in range(len(parts)) for b in range(a + 1, len(parts) + 1)} if len(parts) < PARTS else set()
    )
    if runs & lost or (negations.intersection(text.split()) and runs & come):
        return any(" " in run for run in runs & come) and not any(" " in run for run in runs & lost)  # `Dispute won, late`
    meaning = status_of(word)
    if meaning in NOT_PAID:
        return False
    return True if runs & come or meaning in PAID else None


def _stem(word: str) -> str:
    """A word without the vowel that says its gender and number: `devuelta` is `devuelto`."""
    return word[:-1] if len(word) > LETTERS and word[-1] in GENDERS else word


@cache
def _words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The words for money that did not come, for what came, and those that turn them round, in plain form."""
    data = tomllib.loads(shipped("payment_words.toml"))
    lost, come = (frozenset(" ".join(map(_stem, plain(word).split())) for word in data[name]) for name in ("not_come", "come"))
    return lost, come, frozenset(plain(word) for word in data["negations"])
