"""Objects that are named for what has an amount and is not a sale: carts that were left, gift cards, what a subscription costs.

Shops export them beside their orders, with customers, days and sums. Counted too, what somebody left in a cart would have been
spent. Start at `without_no_sales`.
"""

from __future__ import annotations

import re

from fullcircle.mapping.propose.grain import number_in_column
from fullcircle.mapping.propose.guess import plain
from fullcircle.mapping.propose.planner import Planner, Proposed, leave
from fullcircle.mapping.propose.words import LOOK
from fullcircle.model.counting import money

CARTS = re.compile(
    r"(^|_)(carts?|baskets?|warenk(o|oe)rbe?|paniers?|carrell[oi]|carritos?|carrinhos?|winkelwagens?|winkelmand(en|je)?"
    r"|kosik[uy]?|kosz?yki?|indkobskurve?|handlekurve?r?|varukorg(ar)?|kosar(ak)?|sepet(ler)?|cosuri|ostoskori(t)?|корзин[аы]?|カート|购物车|購物車|장바구니)(_|$)"
)
ABANDONED = re.compile(
    r"(^|_)(abandoned|abgebrochen\w*|abandonn\w*|abandonad\w*|abbandonat\w*|verlaten|porzucon\w*|opusten\w*|брошен\w*)(_|$)"
)
CARDS = re.compile(
    r"(^|_)(gift_?(cards?|certificates?|vouchers?)|geschenk(karten?|gutscheine?)|gutschein(e|liste|codes?)?|cartes?_cadeaux?|cheques?_cadeaux?"
    r"|bons?_cadeaux?|tarjetas?_(de_)?regalo|buoni_regalo|gift_?card_\w+|carte_regalo|cadeau(bonnen|kaarten)|gavekort|presentkort|lahjakort(ti|it)"
    r"|karty_podarunkowe|darkove_poukazy|ajandekkartyak|hediye_kartlari|подарочные_\w+|store_credits?|ギフトカード|礼品卡)(_|$)"
)
SUBSCRIPTIONS = re.compile(
    r"(^|_)(subscriptions?|recurring_(invoices?|orders?|profiles?|bills?|plans?|templates?)|standing_orders?|abos?|abonnements?|abonnementen|abonnementer|abonnemang|dauerauftr(a|ae)ge?|suscripcion(es)?"
    r"|abbonament[oi]|assinaturas?|prenumeration(er)?|subskrypcj[ae]|predplatne|elofizetes(ek)?|abonelikler|tilaukset|подписк[аи]|サブスクリプション|定期購入)(_|$)"
)


def without_no_sales(planner: Planner, made: Proposed) -> None:
    """Let such rows count nowhere: carts are drafts; cards and subscriptions are what happened, and add to nothing.

    Without orders beside them, a mere cart or a subscription may be how a shop calls its sales.
    """
    orders = next((one for one in made.maps if one.to == "orders"), None)
    name, sample = plain(made.sample.name), made.sample
    if orders is None or planner.engine is None or not sample.table:
        return
    column = str(orders.fields.get("amount", {}).get("field", ""))
    sums = f"SELECT coalesce(sum({number_in_column(planner.engine, sample, column)}), 0) FROM {sample.table}"
    sum_ = f" ({money(planner.engine.value(sums), '')} together)" if column in sample.facts else ""
    others = _orders_beside(planner, made)
    if ABANDONED.search(name) or (CARTS.search(name) and others):
        orders.fields["status"] = {"value": "abandoned"}
        made.notes.append(f"{LOOK}by its name these are carts that were left{sum_}: drafts, which count nowhere")
    elif CARDS.search(name):
        leave(made, "gift card")
        made.notes.append(f"{LOOK}by its name these are gift cards{sum_}: what one is worth is not spent by having it")
    elif SUBSCRIPTIONS.search(name) and others:
        leave(made, "subscription")
        made.notes.append(
            f"{LOOK}by its name these are subscriptions{sum_}: what one costs is not what was paid for it, which is in "
            f"{', '.join(others)}; they count nowhere"
        )


def _orders_beside(planner: Planner, made: Proposed) -> list[str]:
    """The objects of the source that have the orders or invoices."""
    names = [one.sample.name for one in planner.roles if one.table in {"orders", "order_lines"} and one.serves("orders")]
    other = [name for name in names if name != made.sample.name]
    return [name for name in other if not any(each.search(plain(name)) for each in (ABANDONED, CARTS, CARDS, SUBSCRIPTIONS))]
