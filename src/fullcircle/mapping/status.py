"""Gives the status of orders the same words in all sources (those of data/statuses.toml). Start at `read_statuses`.

The source's word stays beside it, in `status_raw`. A word that is not known stays as it is and is reported: the order counts as a
sale. The work is done once for each distinct word.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

import pyarrow as pa

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.shipped import shipped
from fullcircle.mapping.worth import worth
from fullcircle.model.counting import counted
from fullcircle.model.progress import Progress
from fullcircle.model.statuses import GIVEN_BACK, STATUSES, UNPAID

CHOICES = (  # what a word may mean, and what follows
    '"paid", "shipped" or "placed" (a sale, and its amount was spent), "unpaid" (a sale, and its amount is owed), "pending" or '
    '"draft" (no sale yet), "cancelled", "returned" or "refunded" (no sale, nothing was spent)'
)
NAMED = 5  # unknown words named in the report
LONG = 40  # what is longer is no status but a text: it is not named
PARTLY = (
    "partial",
    "partly",
    "teilweise",
    "teil",
    "partiel",
    "parcial",
    "parzial",
    "gedeelt",
    "deels",
    "delvis",
    "czesciow",
    "castecn",
    "reszben",
    "kismen",
    "частичн",
    "частков",
    "частично",
    "osittain",
    "djelomic",
    "parcialm",
    "parzialm",
    "μερικ",
)
SHARE = re.compile(r"(?<![\d.,])\d{1,2}([.,]\d+)? ?%")  # less than all
GENDERS = "oaiey"
ORDER = (
    "refunded",
    "returned",
    "cancelled",
    "draft",
    "shipped",
    "paid",
    "pending",
    "placed",
)  # of several words in one status, the first


def read_statuses(engine: Engine, own: Mapping[str, str], progress: Progress) -> None:
    """Replace the status of the staged orders by one of STATUSES, and keep the source's word in status_raw.

    The staged orders get two columns more, `_unpaid`: true where the word says that nothing of the order was paid, and
    `_written_off`: true where it says that what was owed was given up.
    """
    rows = engine.rows(
        "SELECT status, count(*), count(*) FILTER (coalesce(amount, 0) >= 0) FROM staged_orders WHERE status IS NOT NULL "
        "GROUP BY status ORDER BY 2 DESC, 1"
    )
    found = [(word, number) for word, number, _ in rows]
    sales = {word: number for word, _, number in rows}  # what has a negative amount is a return, whatever its status
    mine = {plain(word): meaning for word, meaning in own.items()}
    meanings = [status_of(word, mine) for word, _ in found]
    known = pa.table(
        {
            "word": pa.array([word for word, _ in found], pa.string()),
            "means": pa.array(["placed" if meaning == UNPAID else meaning for meaning in meanings], pa.string()),
            "unpaid": pa.array([is_unpaid(word, mine) for word, _ in found], pa.bool_()),
            "written_off": pa.array([is_written_off(word, mine) for word, _ in found], pa.bool_()),
        }
    )
    with engine.register("known_statuses", known):
        engine.run(
            "CREATE OR REPLACE TEMP TABLE staged_orders AS SELECT o.* REPLACE (coalesce(k.means, o.status) AS status, "
            "coalesce(o.status_raw, o.status) AS status_raw), coalesce(k.unpaid, false) AS _unpaid, "
            "coalesce(k.written_off, false) AS _written_off "
            "FROM staged_orders o LEFT JOIN known_statuses k ON k.word = o.status"
        )
    _report_partly([(word, number) for word, number in found if _is_partly_back(word)], progress)
    unknown = [word for (word, _), meaning in zip(found, meanings, strict=True) if meaning is None and sales[word]]
    _report(engine, [(word, sales[word]) for word in unknown], progress)


def status_of(word: str, own: Mapping[str, str] | None = None) -> str | None:
    """One of STATUSES for a source's word, or None if it is not known. `own` are further words, in their plain form."""
    text = plain(word)
    known = {**_words()[0], **(own or {})}
    if text in known or not text:
        return known.get(text)
    if text[-1] in GENDERS and len(text) > 5 and " " not in text:  # `Cancellata` is `Cancellato` of another gender or number
        forms = {known[text[:-1] + end] for end in GENDERS if text[:-1] + end in known}
        if len(forms) == 1:
            return next(iter(forms))
    start = next((each for each in _of_orders() if text.startswith(each)), "")
    if start and text.removeprefix(start).strip() in known:  # `주문취소`, `注文キャンセル`: words run into one another
        return known[text.removeprefix(start).strip()]
    padded = f" {text} "
    if _is_part_paid(word, padded, known):
        return "placed"
    lost = any(known.get(part) in {"cancelled", *GIVEN_BACK} for part in text.split())
    if not lost and any(" " in word and f" {word} " in padded for word in _awaited()):
        return "placed"  # `En attente de paiement par chèque`: the whole phrase is known
    if any(word.count(" ") > 1 and f" {word} " in padded for word, meaning in known.items() if meaning == "pending"):
        return "pending"
    if any(f" {each} " in padded for each in _words()[1]):
        return None
    parts = text.split()
    runs = (" ".join(parts[a:b]) for a in range(len(parts)) for b in range(a + 1, len(parts) + 1)) if len(parts) < 10 else ()
    inside = {known[run] for run in runs if run in known}
    if inside.intersection(GIVEN_BACK) and any(f" {each} " in padded for each in _words()[2]):
        return None
    return next((meaning for meaning in ORDER if meaning in inside), None)


def is_unpaid(word: str, own: Mapping[str, str] | None = None) -> bool:
    """True for a source's word that says that an order was placed and nothing of it was paid: `Overdue`, `2. Mahnung`."""
    text = plain(word)
    if (own or {}).get(text):
        return (own or {})[text] == UNPAID
    padded = f" {text} "
    if status_of(word, own) not in {"placed", "shipped"} or any(
        part.startswith(PARTLY) or part == "part" for part in text.split()
    ):
        return False
    return any(f" {each} " in padded for each in _words()[4])


def is_written_off(word: str, own: Mapping[str, str] | None = None) -> bool:
    """True for a source's word that says that what was owed was given up: `Written off`, `Uneinbringlich`."""
    text = plain(word)
    if (own or {}).get(text) or status_of(word) != "cancelled":
        return False
    return any(f" {each} " in f" {text} " for each in _written_off())


@cache
def _written_off() -> frozenset[str]:
    return frozenset(plain(word) for word in tomllib.loads(shipped("statuses.toml"))["written_off"])


def _is_part_paid(word: str, padded: str, known: Mapping[str, str]) -> bool:
    """True for `Confirmed - deposit paid`, `Partially paid`, `50 % paid`: what was paid is not the whole price."""
    parts = padded.split()
    part = any(part.startswith(PARTLY) or part == "part" for part in parts) or bool(SHARE.search(word))
    if not part and not any(f" {each} " in padded for each in _words()[3]):
        return False
    doubt = any(f" {each} " in padded for each in _words()[1] if not each.startswith(PARTLY) and each != "part")
    inside = {known.get(part) for part in parts} - {None}
    return not doubt and "paid" in inside and inside <= {"paid", "placed"}


def plain(word: str) -> str:
    """A word without case, accents and punctuation: `WC-Zurückerstattet` is `wc zuruckerstattet`."""
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", word).replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("Ø", "O")
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", spaced.casefold()) if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", bare.replace("ı", "i").replace("æ", "ae")))


@cache
def _awaited() -> frozenset[str]:
    """The words, in plain form, that say that an order was placed and its payment is awaited."""
    return frozenset(plain(word) for word in tomllib.loads(shipped("statuses.toml"))["awaiting"])


@cache
def _of_orders() -> tuple[str, ...]:
    """Words for an order in scripts without spaces, in plain form."""
    return tuple(map(plain, ("ご注文", "注文", "주문", "订单", "訂單")))


@cache
def _words() -> tuple[dict[str, str], frozenset[str], frozenset[str], frozenset[str], frozenset[str]]:
    """The known words with their meaning; those that make a status doubtful, a return doubtful, for a part payment, for none."""
    text = shipped("statuses.toml")
    data = tomllib.loads(text)
    known = {plain(word): meaning for meaning in STATUSES for word in data[meaning]}
    unpaid = frozenset(plain(word) for word in data[UNPAID]) | _awaited()
    known = {**dict.fromkeys(_written_off(), "cancelled"), **dict.fromkeys(unpaid, "placed"), **known}
    doubt, refusal, deposit = (frozenset(plain(word) for word in data[name]) for name in ("doubt", "refusal", "deposit"))
    return known, doubt, refusal, deposit, unpaid


def _is_partly_back(word: str) -> bool:
    """True for `PARTIALLY_REFUNDED`, `Teilweise erstattet`: only some of the order was given back."""
    parts = plain(word).split()
    return any(part.startswith(PARTLY) for part in parts) and any(_words()[0].get(part) in GIVEN_BACK for part in parts)


def _report_partly(partly: list[tuple[str, int]], progress: Progress) -> None:
    if partly:
        named = ", ".join(f"{word} ({number:,})" for word, number in partly[:NAMED])
        orders = sum(number for _, number in partly)
        progress.say(
            f"orders.status: {counted(orders, 'order was', 'orders were')} given back in part: {named}. "
            f"{'It counts' if orders == 1 else 'They count'} with the amount that the map gives: map it to what was kept, if the "
            "source has that. Where the refunds are mapped as orders of their own, nothing is to do."
        )


def report_part_paid(engine: Engine, progress: Progress) -> None:
    """Say which staged orders are paid in part where no column says how much: they count as if they were paid whole."""
    found = engine.rows(
        "SELECT status_raw, count(*) FROM staged_orders WHERE status = 'placed' AND paid IS NULL AND unpaid IS NULL "
        "AND status_raw IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    partly = [(word, number) for word, number in found if _says_part_paid(word)]
    if partly:
        orders = sum(number for _, number in partly)
        progress.say(
            f"orders.status: {counted(orders, 'order is', 'orders are')} paid in part ({listed(partly)}), and no column says how "
            f"much was: {'it counts' if orders == 1 else 'they count'} as spent with the whole amount. Map what was paid to "
            "paid, or what is owed to unpaid."
        )


def _says_part_paid(word: str) -> bool:
    text = plain(word)
    padded = f" {text} "
    return _is_part_paid(word, padded, _words()[0]) or any(part.startswith(PARTLY) or part == "part" for part in text.split())


def listed(words: Sequence[tuple[str, int]]) -> str:
    """The first short words with how often each is there, and how many more there are."""
    named = [f"{word} ({number:,})" for word, number in words if len(word) <= LONG][:NAMED]
    more = len(words) - len(named)
    return ", ".join(named) + (f"{' and ' if named else ''}{more:,} more" if more else "")


def _report(engine: Engine, unknown: list[tuple[str, int]], progress: Progress) -> None:
    if not unknown:
        return
    words = ", ".join(literal(word) for word, _ in unknown)
    sum_ = worth(engine, "amount", f"FROM staged_orders WHERE status IN ({words}) AND amount >= 0")
    kept = "They were kept as they are and count as sales"
    orders = sum(number for _, number in unknown)
    progress.say(
        f"orders.status: {counted(orders, 'order has', 'orders have')} a status that is not known: {listed(unknown)}. "
        f"{'It was kept as it is and counts as a sale' if orders == 1 else kept} ({sum_}). "
        f"Say what each word means in [status] map = {{ {asked([word for word, _ in unknown])} }}: {CHOICES}.{_lettered(unknown)}"
    )


def _lettered(unknown: Sequence[tuple[str, int]]) -> str:
    """A sentence on a C among other single letters: it is probably what was cancelled."""
    letters = [word for word, _ in unknown if len(word.strip()) == 1]
    probably = next((word for word in letters if word.strip().upper() == "C"), "")
    if not probably or len(letters) < 2:
        return ""
    if any(word.strip().upper() == "O" for word in letters):
        return f" {probably} beside O may be closed (paid) beside open, or cancelled: look."
    return (
        f" {probably} beside {', '.join(word for word in letters if word != probably)[:20]} is probably what was cancelled: look."
    )


def asked(words: Sequence[str]) -> str:
    """The first short words as keys of TOML whose meaning is left open."""
    some = [word for word in words if len(word) <= LONG][:NAMED]
    return ", ".join(f'"{_in_toml(word)}" = "..."' for word in some) or '"..." = "..."'


def _in_toml(word: str) -> str:
    """A word as it is written in a basic string of TOML."""
    return word.replace("\\", "\\\\").replace('"', '\\"')
