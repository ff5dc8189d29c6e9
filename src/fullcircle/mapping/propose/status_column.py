"""The status of orders where no header names it: a column with few different values, most of which are words for a status.

`Stato`, `statusName`, `Durum`: the values say it in all languages that the mapping speaks. Start at `status_column`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.guess import is_staff, plain
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.status import plain as plain_word
from fullcircle.mapping.status import status_of

NOT_STATUS = re.compile(
    r"(^|_)(method|type|typ|kind|mode|carrier|gateway|provider|channel|source|tags?|note|notes|category|product|item|subscribed|consent"
    r"|newsletter|marketing|name|city|country|verified|methode|zahlungsart|versandart)(_|$)"
)
INVOICE = re.compile(
    r"(^|_)(invoice|rechnung\w*|beleg\w*|facture|factura|fattura|fatura|faktura\w*|factuur\w*|bill|estimate)(_|$)"
)
SENT = {
    "sent", "viewed", "envoyee", "envoye", "versendet", "verzonden", "inviata", "inviato", "enviada", "enviado", "wyslana",
    "odeslana", "sendt", "skickad", "lahetetty", "gonderildi",
}  # fmt: skip
MOST_WORDS = 15
MOSTLY = 0.6  # of the different values must be words for a status


def status_column(engine: Engine | None, sample: Sample, free: Collection[str]) -> str:
    """The column whose values are statuses; "" if there is none, or more than one that is as good."""
    if engine is None or not sample.table:
        return ""
    best: list[tuple[float, str]] = []
    for name in free:
        facts = sample.facts[name]
        few = 0 < facts.distinct <= min(MOST_WORDS, max(1, facts.filled // 2)) and facts.longest <= 40
        if not few or facts.number > 0.2 or facts.email or is_staff(name) or NOT_STATUS.search(plain(name)):
            continue
        known = [status_of(value) is not None for value in _words(engine, sample, name)]
        if sum(known) >= MOSTLY * len(known):
            best.append((sum(known) / len(known) + ("stat" in plain(name)), name))
    best.sort(reverse=True)
    return best[0][1] if best and (len(best) == 1 or best[0][0] > best[1][0]) else ""


def status_rule(engine: Engine | None, sample: Sample, name: str) -> dict[str, Any]:
    """The rule for a status; of an invoice that was sent, the goods need not have been."""
    about = [plain(name), plain(sample.name), *(plain(each.name) for each in sample.found.fields)]
    if engine is None or not sample.table or name not in sample.facts or not any(INVOICE.search(one) for one in about):
        return {"field": name}
    if sample.facts[name].distinct > MOST_WORDS:
        return {"field": name}
    sent = [value for value in _words(engine, sample, name) if plain_word(value) in {plain_word(one) for one in SENT}]
    return {"field": name, "map": dict.fromkeys(sent, "placed")} if sent else {"field": name}


def _words(engine: Engine, sample: Sample, name: str) -> list[str]:
    return [
        str(value)
        for (value,) in engine.rows(f"SELECT DISTINCT {quoted(name)} AS v FROM {sample.table} WHERE v IS NOT NULL ORDER BY 1")
    ]
