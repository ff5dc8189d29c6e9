"""What the made-up people buy, with planted taste: favourite categories, bestsellers, things bought together, rhythms.

`buy` draws whole columns: no loop over people, orders or lines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fullcircle.demo.products import CATEGORIES, TOGETHER, Catalogue

Ints = npt.NDArray[np.int64]
Dice = np.random.Generator

LINES_PER_ORDER = 2.4  # about, with what is added because it goes together
RHYTHMS = (14, 21, 28, 30, 45, 60, 90)  # days between two orders of those who buy regularly
REGULAR = 0.4  # share of buyers with a rhythm
TRUE_TO_TASTE = 0.85  # share of lines from the favourite categories
FAVOURITES = (0.55, 0.3, 0.15)
ZIPF = 1.0


@dataclass(frozen=True, slots=True)
class Bought:
    """Orders (number, account, placed, status, channel, cents) and lines (order, line, product, quantity,
    price, percent, cents)."""

    orders: pa.Table
    lines: pa.Table


def buy(account: Ints, person: Ints, lines: int, goods: Catalogue, span: tuple[np.datetime64, int], dice: Dice) -> Bought:
    """About `lines` order lines by the people behind the shop accounts, in the `span` (first day, days).

    `account` and `person` run in parallel: a person may have several accounts and uses any of them.
    """
    people, place = np.unique(person, return_inverse=True)
    first_account = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[first_account], np.arange(len(people)))
    accounts = np.bincount(place)
    buyer, day = _orders(len(people), max(1, round(lines / LINES_PER_ORDER)), span[1], dice)
    used = account[first_account[starts[buyer] + (dice.random(len(buyer)) * accounts[buyer]).astype(np.int64)]]
    second = dice.integers(6 * 3600, 23 * 3600, len(buyer))
    order = np.lexsort((used, second, day))
    buyer, day, used, second = buyer[order], day[order], used[order], second[order]
    made = _lines(buyer, len(people), goods, dice)
    cents = np.bincount(made["order"], weights=made["cents"], minlength=len(buyer)).astype(np.int64)
    at = span[0].astype("datetime64[s]") + day * 86_400 + second
    orders = {
        "number": np.arange(len(buyer)),
        "account": used,
        "placed": at.astype("datetime64[us]"),
        "status": _text(["complete", "returned", "cancelled"], [0.93, 0.04, 0.03], len(buyer), dice),
        "channel": _by_buyer(["web", "app", "store"], buyer, len(people), dice),
        "cents": cents,
    }
    return Bought(pa.table(orders), pa.table(made))


def _orders(people: int, total: int, days: int, dice: Dice) -> tuple[Ints, Ints]:
    """Buyer and day of each order; regular buyers keep their rhythm back from a day near the end."""
    rhythm = np.where(dice.random(people) < REGULAR, dice.choice(RHYTHMS, people), 0)
    rhythm[0] = 0  # somebody always takes what the regular buyers leave
    keen = dice.gamma(1.2, 1.0, people) + 0.15 + 0.8 * (rhythm > 0)
    wanted = dice.multinomial(total, keen / keen.sum())
    room = np.where(rhythm > 0, days // np.maximum(rhythm, 1) - 1, total)  # a rhythm gives only so many orders
    wanted = np.minimum(wanted, room)
    free = keen * (rhythm == 0)
    wanted += dice.multinomial(total - wanted.sum(), free / free.sum())
    buyer = np.repeat(np.arange(people), wanted)
    nth = np.arange(len(buyer)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    last = (dice.random(people) * rhythm).astype(np.int64)
    wobble = dice.normal(0, 0.07, len(buyer)) * rhythm[buyer]
    regular_day = days - 1 - last[buyer] - nth * rhythm[buyer] + np.round(wobble).astype(np.int64)
    begin = dice.integers(0, int(days * 0.8), people)
    free_day = begin[buyer] + (dice.random(len(buyer)) * (days - begin[buyer])).astype(np.int64)
    return buyer, np.clip(np.where(rhythm[buyer] > 0, regular_day, free_day), 0, days - 1)


def _lines(buyer: Ints, people: int, goods: Catalogue, dice: Dice) -> dict[str, Ints]:
    kinds = len(CATEGORIES)
    favourite = np.argsort(dice.random((people, kinds)), axis=1)[:, : len(FAVOURITES)]
    count = 1 + dice.poisson(1.35, len(buyer))
    order = np.repeat(np.arange(len(buyer)), count)
    who = buyer[order]
    rank = np.searchsorted(np.cumsum(FAVOURITES)[:-1], dice.random(len(order)), side="right")
    anything = dice.integers(0, kinds, len(order))
    kind = np.where(dice.random(len(order)) < TRUE_TO_TASTE, favourite[who, rank], anything)
    chance = np.cumsum(1.0 / np.arange(1, goods.size + 1) ** ZIPF)
    product = kind * goods.size + np.searchsorted(chance / chance[-1], dice.random(len(order)))
    extra = (goods.complement[product] >= 0) & (dice.random(len(order)) < TOGETHER)
    pairs = np.unique(
        np.concatenate([order, order[extra]]) * (kinds * goods.size) + np.concatenate([product, goods.complement[product[extra]]])
    )
    order, product = np.divmod(pairs, kinds * goods.size)
    quantity = 1 + (dice.random(len(order)) < 0.25) + (dice.random(len(order)) < 0.08)
    percent = dice.choice([0, 5, 10, 20], len(order), p=[0.8, 0.08, 0.08, 0.04])
    price = goods.price[product]
    first = np.searchsorted(order, order)
    return {
        "order": order,
        "line": np.arange(len(order)) - first + 1,
        "product": product,
        "quantity": quantity.astype(np.int64),
        "price": price,
        "percent": percent,
        "cents": (quantity * price * (100 - percent) + 50) // 100,
    }


def _text(words: list[str], shares: list[float], count: int, dice: Dice) -> pa.Array:
    return pa.array(words).take(dice.choice(len(words), count, p=shares))


def _by_buyer(words: list[str], buyer: Ints, people: int, dice: Dice) -> pa.Array:
    """Each buyer has a usual one, and takes another one time in five."""
    usual = dice.integers(0, len(words), people)[buyer]
    other = dice.integers(0, len(words), len(buyer))
    return pa.array(words).take(np.where(dice.random(len(buyer)) < 0.8, usual, other))
