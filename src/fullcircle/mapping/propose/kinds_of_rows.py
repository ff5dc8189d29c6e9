"""Which column says of each row what it is, an invoice, a payment or a credit note: `Type`, `Belegart`, `Transaction type`.

See `says_kind`; documents.py knows what its words mean.
"""

from __future__ import annotations

import re

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Facts, Sample
from fullcircle.mapping.propose.status_column import INVOICE
from fullcircle.mapping.propose.words import plain

KIND = re.compile(
    r"^((doc|document|invoice|transaction|trans|txn|trx|gift|donation|record|voucher|entry|sale|sales|order|bill|receipt|revenue|activity"
    r"|contribution|operation|ledger|posting|line|row|item)_)?"
    r"(type|kind|typ|tipo|tip|tipologia|typologie|class|category|subtype|sub_type|designation_type)$|^(art|rodzaj|druh|genre|nature|soort|slag|tyyppi|тип|вид|tur|turu|類型|种类|类型|種別|区分"
    r"|종류|유형|구분|fajta|tipus|vrsta|τυπος|ειδος)(_.*)?$|^\w{3,}(art|typ|type|tipo|soort|slag|sort|tyyppi|tipusa?|typu|turu|区分|種別|类型|類型|종류|유형|구분)$"
    r"|^(type|typ|tipo|tip|genre|nature|soort|rodzaj|druh|typologie|tipologia)_(de_|du_|di_|do_|da_|d_|della_|del_|van_)?\w+$|^\w+_(art|typ|tipus|tipusa|soort|turu)$"
)
NOT_KIND = re.compile(  # the kind of something else than the row
    r"(^|_)(products?|articles?|artikel\w*|produit|producto|prodotto|customers?|kunden\w*|clients?|cliente|klient\w*|accounts?|contacts?|kontakt\w*|shipping|versand\w*"
    r"|livraison|envio|membership|mitglieds\w*|payments?|zahlungs\w*|paiement|pago|pagamento|betaal\w*|betalings?\w*|tender|ticket|room|zimmer\w*|event|vehicle|address|phone|telefon\w*|email|steuer\w*|tax)(_|$)"
)
MOST_KINDS = 25
NO_SALE = re.compile(
    r"payment|pmt|zahlung|paiement|pago|pagament|betaling|betalning|platb|platnos|odeme|estimate|quote|angebot|devis"
)


def says_kind(column: str, facts: Facts) -> bool:
    """True for a column of few values that says of a row what it is: `Type`, `Belegart`."""
    name = plain(column)
    return 0 < facts.distinct <= MOST_KINDS and bool(KIND.search(name)) and not NOT_KIND.search(name)


def lists_sales(engine: Engine | None, sample: Sample) -> bool:
    """True where such a column calls some rows invoices, and others something else: a list of what happened on accounts."""
    if engine is None or not sample.table:
        return False
    for column, facts in sample.facts.items():
        if not says_kind(column, facts) or facts.distinct < 2:
            continue
        rows = engine.rows(f"SELECT DISTINCT {text_of(column)} FROM {sample.table} WHERE {text_of(column)} IS NOT NULL")
        words = [plain(str(word)) for (word,) in rows]
        if any(INVOICE.search(word) and not NO_SALE.search(word) for word in words):
            return True
    return False
