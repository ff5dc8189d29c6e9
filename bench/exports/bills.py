"""Bills, gifts and bookings that are paid, owed, paid in part, cancelled, taken back: shops, books, clubs, a charity, in six languages."""

# ruff: noqa: E501 - the rows of exports are long

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bench.exports.far_shops import DONE, comma
from bench.exports.made_up import Order, World
from bench.exports.truth import Export

NONE = Decimal("0.00")
WHO = "name email"


@dataclass(frozen=True)
class Bill:
    """One document: what it is (paid, part, open, cancelled, reversal, credit, offer), its sum, and what of it is owed."""

    number: int
    order: Order
    what: str
    total: Decimal
    owed: Decimal = NONE
    of: int = 0  # the document that it takes back

    @property
    def paid(self) -> Decimal:
        return self.total - self.owed


def bills(world: World) -> Iterator[Bill]:
    """The documents of a world: mostly paid; every tenth in part, open, cancelled with its reversal, with a credit, an offer."""
    number = 1000
    for order in world.orders(40):
        number += 1
        total, kind = order.total, order.number % 10
        if kind == 3:
            yield Bill(number, order, "part", total, total - (total / 2).quantize(NONE))
        elif kind == 4:
            yield Bill(number, order, "open", total, total)
        elif kind == 5:
            yield Bill(number, order, "cancelled", total)
            yield Bill(number + 1, order, "reversal", -total, of=number)
            number += 1
        elif kind == 6:
            yield Bill(number, order, "paid", total)
            yield Bill(number + 1, order, "credit", -Decimal("2.00"), of=number)
            number += 1
        elif kind == 7:
            yield Bill(number, order, "offer", total, total)
        else:
            yield Bill(number, order, "paid", total)


MEANS: dict[str, object] = {
    "paid": DONE, "part": DONE, "open": DONE, "cancelled": "cancelled", "reversal": {"refunded", "returned"},
    "credit": {"refunded", "returned"}, "offer": {"draft", "pending"},
}  # fmt: skip


def _true(e: Export, key: str, bill: Bill, currency: object, whose: bool = True) -> None:
    """What is true of a document."""
    owed = {"part": bill.owed, "open": bill.owed}.get(bill.what, {None, NONE})
    e.order(key, bill.order.person if whose else None, ordered_at=bill.order.at.date(), amount=bill.total, currency=currency, status=MEANS[bill.what], unpaid=owed)  # fmt: skip
    if whose:
        e.person(bill.order.person, WHO)


def invoice_ninja() -> Export:
    """English: invoices with a balance; credits are rows of their own, with a negative amount and the invoice in the notes."""
    e, w = Export("Invoice Ninja", known=False), World("ninja")
    words = {
        "paid": "Paid",
        "part": "Partial",
        "open": "Sent",
        "cancelled": "Cancelled",
        "reversal": "Reversed invoice credit",
        "credit": "Credit",
        "offer": "Draft",
    }
    rows = []
    for b in bills(w):
        kind = "Credit" if b.what in {"reversal", "credit"} else "Quote" if b.what == "offer" else "Invoice"
        status = "Applied" if kind == "Credit" else words[b.what]
        note = f"Credit for INV-{b.of}" if b.of else ""
        rows.append({"b": b, "p": b.order.person, "kind": kind, "status": status, "note": note})
        _true(e, f"INV-{b.number}", b, {"USD", None})
    e.table("invoices.csv", {
        "Invoice Number": "INV-{b.number}", "Document Type": "{kind}", "Client Name": "{p.name}", "Client Email": "{p.email}", "Invoice Date": "{b.order.at:%Y-%m-%d}",
        "Status": "{status}", "Amount": "{b.total}", "Balance": "{b.owed}", "Public Notes": "{note}", "Assigned User": "Rick Repp",
    }, rows)  # fmt: skip
    return e


def holded() -> Export:
    """Spanish: facturas with what was paid and what is pending, rectificativas that name theirs."""
    e, w = Export("Holded ES", known=False), World("holded", countries=("DE",))
    words = {
        "paid": "Cobrada",
        "part": "Parcialmente cobrada",
        "open": "Vencida",
        "cancelled": "Anulada",
        "reversal": "Cobrada",
        "credit": "Cobrada",
        "offer": "Pendiente",
    }
    rows = []
    for b in bills(w):
        kind = "Rectificativa" if b.of else "Presupuesto" if b.what == "offer" else "Factura"
        rows.append({"b": b, "p": b.order.person, "kind": kind, "status": words[b.what], "of": f"F25-{b.of}" if b.of else "",
                     "total": comma(b.total, "."), "paid": comma(b.paid, "."), "owed": comma(b.owed, ".")})  # fmt: skip
        _true(e, f"F25-{b.number}", b, {"EUR", None})
    e.table("facturas.csv", {
        "Núm. documento": "F25-{b.number}", "Tipo documento": "{kind}", "Fecha": "{b.order.at:%d/%m/%Y}", "Vencimiento": "{b.order.at:%d/%m/%Y}", "Cliente": "{p.name}",
        "Correo electrónico": "{p.email}", "Total": "{total} €", "Cobrado": "{paid} €", "Pendiente": "{owed} €", "Estado": "{status}", "Factura rectificada": "{of}",
    }, rows, ";")  # fmt: skip
    return e


def idoklad() -> Export:
    """Czech: doklady, dobropisy with the number of the invoice, what remains to be paid."""
    e, w = Export("iDoklad CZ", known=False), World("idoklad", countries=("DE",))
    words = {
        "paid": "Uhrazeno",
        "part": "Částečně uhrazeno",
        "open": "Po splatnosti",
        "cancelled": "Stornováno",
        "reversal": "Uhrazeno",
        "credit": "Uhrazeno",
        "offer": "Vystaveno",
    }
    rows = []
    for b in bills(w):
        kind = "Dobropis" if b.of else "Nabídka" if b.what == "offer" else "Faktura"
        rows.append({"b": b, "p": b.order.person, "kind": kind, "status": words[b.what], "of": f"2025{b.of}" if b.of else "",
                     "total": comma(b.total, " "), "owed": comma(b.owed, " ")})  # fmt: skip
        _true(e, f"2025{b.number}", b, "CZK")
    e.table("vydane_faktury.csv", {
        "Číslo dokladu": "2025{b.number}", "Typ dokladu": "{kind}", "Datum vystavení": "{b.order.at:%d.%m.%Y}", "Odběratel": "{p.name}", "E-mail": "{p.email}",
        "Celkem s DPH": "{total}", "Zbývá uhradit": "{owed}", "Měna": "CZK", "Stav": "{status}", "K faktuře": "{of}",
    }, rows, ";")  # fmt: skip
    return e


def moneybird() -> Export:
    """Dutch: no kinds; a creditfactuur is a negative row, and its reference names the invoice."""
    e, w = Export("Moneybird NL", known=False), World("moneybird", countries=("DE",))
    words = {
        "paid": "Betaald",
        "part": "Verzonden",
        "open": "Te laat",
        "cancelled": "Geannuleerd",
        "reversal": "Betaald",
        "credit": "Betaald",
        "offer": "Concept",
    }
    rows = []
    for b in bills(w):
        rows.append({"b": b, "p": b.order.person, "status": words[b.what], "of": f"Creditfactuur voor 2025-{b.of}" if b.of else "Bestelling",
                     "total": comma(b.total), "owed": comma(b.owed)})  # fmt: skip
        _true(e, f"2025-{b.number}", b, {"EUR", None})
    e.table("verkoopfacturen.csv", {
        "Factuurnummer": "2025-{b.number}", "Referentie": "{of}", "Contact": "{p.name}", "E-mailadres": "{p.email}", "Factuurdatum": "{b.order.at:%d-%m-%Y}",
        "Status": "{status}", "Totaalbedrag incl. btw": "{total}", "Openstaand bedrag": "{owed}",
    }, rows, ";")  # fmt: skip
    return e


def axonaut() -> Export:
    """French: factures and avoirs with a positive amount, what remains to be paid, devis among them."""
    e, w = Export("Axonaut FR", known=False), World("axonaut", countries=("DE",))
    words = {
        "paid": "Payée",
        "part": "Partiellement payée",
        "open": "En retard",
        "cancelled": "Annulée",
        "reversal": "Payée",
        "credit": "Payée",
        "offer": "Envoyé",
    }
    rows = []
    for b in bills(w):
        kind = "Avoir" if b.of else "Devis" if b.what == "offer" else "Facture"
        rows.append({"b": b, "p": b.order.person, "kind": kind, "status": words[b.what], "of": f"FA-{b.of}" if b.of else "",
                     "total": comma(abs(b.total), " "), "owed": comma(b.owed, " ")})  # fmt: skip
        _true(e, f"FA-{b.number}", b, {"EUR", None})
    e.table("factures.csv", {
        "Numéro": "FA-{b.number}", "Type de document": "{kind}", "Date": "{b.order.at:%d/%m/%Y}", "Client": "{p.name}", "Email": "{p.email}", "Montant TTC": "{total}",
        "Reste à payer": "{owed}", "Statut": "{status}", "Facture d'origine": "{of}", "Commercial": "Rick Repp",
    }, rows, ";")  # fmt: skip
    return e


def fattura() -> Export:
    """Italian: the orders of the shop, and invoices of which most name one; note di credito name the same order."""
    e, w = Export("Fattura IT", known=False), World("fattura", countries=("DE",))
    orders, rows = [], []
    for b in bills(w):
        if b.what in {"cancelled", "reversal", "offer"}:
            continue
        base = {"b": b, "p": b.order.person, "total": comma(b.total), "paid": comma(b.paid)}
        named = b.order.number % 3 != 0
        if named and not b.of:
            orders.append(base)
            _true(e, f"ORD{b.order.number:05d}", b, {"EUR", None})
        elif not named or b.of:
            _true(e, f"{b.number}/25", b, {"EUR", None})
        kind, word = (
            ("Nota di credito", "Saldata")
            if b.of
            else ("Fattura", {"paid": "Saldata", "part": "Parziale", "open": "Scaduta"}[b.what])
        )
        rows.append({**base, "kind": kind, "word": word, "order": f"ORD{b.order.number:05d}" if named else ""})
    e.table("ordini.csv", {
        "Numero ordine": "ORD{b.order.number:05d}", "Data ordine": "{b.order.at:%d/%m/%Y}", "Cliente": "{p.name}", "E-mail": "{p.email}", "Totale": "{total}", "Stato": "Spedito",
    }, orders, ";")  # fmt: skip
    e.table("fatture.csv", {
        "Numero": "{b.number}/25", "Tipo documento": "{kind}", "Data": "{b.order.at:%d/%m/%Y}", "Intestatario": "{p.name}", "E-mail": "{p.email}", "Totale documento": "{total}",
        "Incassato": "{paid}", "Stato": "{word}", "Numero ordine": "{order}",
    }, rows, ";")  # fmt: skip
    return e


def charity() -> Export:
    """A charity: gifts, pledges, soft credits, matching gifts and write-offs in one list."""
    e, w = Export("Charity gifts", known=False), World("charity")
    words = {"part": "Matching Gift", "open": "Pledge", "cancelled": "Write-off", "credit": "Refund", "offer": "Soft Credit"}
    means = {
        "part": {"draft", "pending", "cancelled"},
        "open": {"pending", "draft"},
        "cancelled": "cancelled",
        "credit": {"refunded", "returned"},
        "offer": {"draft", "cancelled"},
        "paid": DONE | {None},
    }
    rows = []
    for b in bills(w):
        if b.what == "reversal":
            continue
        rows.append({"b": b, "p": b.order.person, "kind": words.get(b.what, "Cash"), "total": f"${b.total:,.2f}"})
        e.order(
            f"G-{b.number}",
            b.order.person,
            ordered_at=b.order.at.date(),
            amount=b.total,
            currency={"USD", None},
            status=means[b.what],
            unpaid={None, NONE},
        )
        e.person(b.order.person, WHO)
    e.table("gifts.csv", {
        "Gift Reference": "G-{b.number}", "Gift Date": "{b.order.at:%m/%d/%Y}", "Donor Name": "{p.name}", "Donor Email": "{p.email}", "Gift Type": "{kind}",
        "Gift Amount": "{total}", "Appeal": "Spring", "Solicitor": "Rick Repp",
    }, rows)  # fmt: skip
    return e


def club() -> Export:
    """A German club: what each member was charged, what was paid and what remains, with a reversal in the text."""
    e, w = Export("Verein DE", known=False), World("club", countries=("DE",))
    words = {
        "paid": "bezahlt",
        "part": "teilweise bezahlt",
        "open": "2. Mahnung",
        "cancelled": "storniert",
        "reversal": "bezahlt",
        "credit": "bezahlt",
        "offer": "Entwurf",
    }
    rows = []
    for b in bills(w):
        text = (
            f"Storno Beitragsrechnung BR{b.of}" if b.what == "reversal" else f"Nachlass zu BR{b.of}" if b.of else "Beitrag 2025"
        )
        rows.append(
            {
                "b": b,
                "p": b.order.person,
                "status": words[b.what],
                "text": text,
                "total": comma(b.total, "."),
                "paid": comma(b.paid, "."),
                "owed": comma(b.owed, "."),
            }
        )
        _true(e, f"BR{b.number}", b, {"EUR", None})
    e.table("beitragsrechnungen.csv", {
        "Rechnungs-Nr.": "BR{b.number}", "Datum": "{b.order.at:%d.%m.%Y}", "Mitglied": "{p.name}", "E-Mail": "{p.email}", "Buchungstext": "{text}", "Betrag": "{total} €",
        "Bezahlt": "{paid} €", "Restbetrag": "{owed} €", "Status": "{status}", "Kassenwart": "Rick Repp",
    }, rows, ";")  # fmt: skip
    return e
