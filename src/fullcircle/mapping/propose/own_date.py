"""Of several dates the order's own: when it was placed or issued, before when it was paid or delivered. See `own_date`."""

from __future__ import annotations

import re

from fullcircle.mapping.propose.gist import OTHER_DATE
from fullcircle.mapping.propose.guess import is_staff, plain
from fullcircle.mapping.propose.sample import Sample

DATED, NEARLY = 0.9, 0.9  # of the filled values are dates; of the rows that have another date
OWN = re.compile(
    r"(^|_)(order|ordered|created|creation|issue|issued|invoice|placed|booked|booking|purchase|document|emision|emissao|emissione|elaboracion|creacion"
    r"|criacao|expedicion|pedido|factura|fatura|fattura|ordine|facture|commande|emission|bestell\w*|auftrags\w*|rechnungs\w*|erstell\w*|beleg\w*|gebucht"
    r"|buchung\w*|bestel\w*|factuur\w*|aangemaakt|ordre\w*|faktura\w*|opprettet|oprettet|order\w*|skapad|tilaus\w*|lasku\w*|luotu|zamowienia|wystawienia"
    r"|utworzenia|sprzedazy|objednavky|vystaveni|vytvoreni|vytvoreno|rendeles\w*|kiallitas\w*|comenzii|emiterii|narudzbe|izdavanja|siparis|заказа"
    r"|создания|создан|выставления|замовлення|створення|注文日|受注日|発行日|下单|订购|주문일|발행일)(_|$)"
)
LATER = re.compile(
    r"(^|_)(pay|paid|payment|payments|pago|pagado|cobro|aplicacion|pagamento|zahl\w*|bezahl\w*|paiement|reglement|betaling\w*|betaal\w*|betalt|betald"
    r"|platnosci|zaplaty|wplaty|platby|uhrady|fizetes\w*|platii|odeme\w*|оплаты|оплати|入金日?|支払日?|付款|결제일?|entrega|deliver\w*|liefer\w*|livraison"
    r"|consegna|lever\w*|bezorg\w*|dostawy|dodani|szallitas\w*|livrarii|teslim\w*|доставки|配送日?|出荷日?|发货|배송일?|ship\w*|versand\w*|settle\w*|credit"
    r"|captured?|received)(_|$)"
)


def with_own_date(sample: Sample, columns: dict[str, str], key: str) -> list[str]:
    """Put the date of the order before that of its payment, and that of its delivery; sentences for the reader."""
    was = columns.get("ordered_at", "")
    own = own_date(sample, was)
    if not own or own in {was, key, *columns.values()}:
        return []
    columns["ordered_at"] = own
    return [f"{own} is the date of the order" + (f", and not {was}" if was else "")]


def own_date(sample: Sample, chosen: str) -> str:
    """The column of the order's own date, where the chosen one ("" if none is) is that of a payment or a delivery."""
    facts = sample.facts.get(chosen)
    if facts and not (LATER.search(plain(chosen)) and not OWN.search(plain(chosen))):
        return chosen
    able = [
        name for name, each in sample.facts.items()
        if name != chosen and each.filled >= NEARLY * (facts.filled if facts else sample.rows) and each.date >= DATED
        and not is_staff(name) and _is_own(plain(name))
    ]  # fmt: skip
    return able[0] if able else chosen


def _is_own(name: str) -> bool:
    return bool(OWN.search(name)) and not LATER.search(name) and not OTHER_DATE.search(name)
