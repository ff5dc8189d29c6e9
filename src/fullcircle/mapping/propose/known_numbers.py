"""Numbers by which people know a customer or an order, beside the key that links the rows. See `with_known_numbers`.

`CaseNumber` beside the id of 18 characters, the customer number `CLI-003` beside a running `id`. They are kept so that they are
found; nobody becomes one customer by them, because two sources number their customers apart.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.guess import is_somebody_else, is_staff
from fullcircle.mapping.propose.planner import Proposed, ProposedMap, Rule
from fullcircle.mapping.propose.words import plain
from fullcircle.model.entities import BUILT_IN
from fullcircle.model.identifiers import CUSTOMER_NUMBER

_ORDERS = """
order_number order_no order_nr order_name order_reference order_ref increment_id name number bestellnummer bestell_nr bestellnr
auftragsnummer auftrags_nr auftragsnr numero_commande numero_de_commande no_commande n_commande reference_commande ref_commande
numero_de_pedido numero_pedido n_pedido numero_ordine n_ordine ordernummer bestelnummer ordrenummer tilausnumero
numer_zamowienia nr_zamowienia cislo_objednavky rendelesszam rendeles_szama siparis_no siparis_numarasi
invoice_number invoice_no invoice_nr invoice_ref rechnungsnummer rechnungs_nr rechnungsnr numero_facture numero_de_facture
no_facture n_facture numero_factura n_factura numero_fattura n_fattura factuurnummer fakturanummer numer_faktury nr_faktury
cislo_faktury szamlaszam fatura_no receipt_number receipt_no belegnummer beleg_nr document_number document_no doc_number
reference_number номер_заказа номер_счета 注文番号 订单号 订单编号 訂單編號 주문번호"""
_TICKETS = """
case_number case_no ticket_number ticket_no ticket_nr ticket_ref number incident_number request_number vorgangsnummer
kundenvorgangsnummer fallnummer ticketnummer numero_ticket numero_de_ticket numero_du_ticket numero_caso numero_de_caso
numero_richiesta numer_zgloszenia nr_zgloszenia cislo_pozadavku arendenummer sagsnummer saksnummer номер_обращения 工单编号"""
_PEOPLE = """
customer_number customer_no customer_nr customer_code customer_ref customer_reference customer_id client_number client_no
client_nr
client_code client_ref client_id client_reference account_number account_no kundennummer kunden_nr kundennr kdnr kd_nr kunden_id
debitor debitorennummer debitornummer debitor_nr debitoren_nr numero_client numero_de_client no_client n_client code_client
reference_client ref_client numero_de_cliente numero_cliente n_cliente codigo_cliente codigo_de_cliente cod_cliente codice_cliente
klantnummer klant_nr klantnr klantcode debiteurnummer debiteur_nr debiteurennummer kundenummer kundnummer kund_nr kundenr
asiakasnumero asiakasnro numer_klienta nr_klienta kod_klienta cislo_zakaznika zakaznicke_cislo kod_zakaznika ugyfelszam vevokod
musteri_no musteri_kodu musteri_numarasi patient_number patient_no patient_id donor_number donor_id constituent_id
constituent_number reference referenz referenznummer referencia riferimento номер_клиента код_клиента 顧客番号 客户编号 客戶編號
会员编号 고객번호"""
NUMBERS = {"orders": _ORDERS, "tickets": _TICKETS, "interactions": _ORDERS + _TICKETS}
DIFFERENT = 0.9  # of the rows, or keys, have a number of their own


def with_known_numbers(engine: Engine, made: Sequence[Proposed]) -> None:
    """Read the number beside the key of orders, tickets and the like, and the customer number beside the key of people."""
    for one in made:
        main = one.maps[0] if one.maps else None
        if main is None or not one.sample.table or any(each.each for each in one.maps):
            continue
        things = next((each for each in one.maps if each.to in {entity.table_name for entity in BUILT_IN}), None)
        if things is not None and things.to in NUMBERS and "number" not in things.fields:
            if column := _column(engine, one, things, NUMBERS[things.to]):
                things.fields["number"] = {"field": column}
                _taken(one, column, f"{column}: a number beside the key; `search` finds {things.to} by it")
        elif main.to == "records" and things is None and (column := _column(engine, one, main, _PEOPLE)):
            key = main.fields.get("key")
            whose: dict[str, Rule] = {"record_id": {**key, "ref": one.sample.name}} if key else {}
            fields: dict[str, Rule] = {**whose, "kind": {"value": CUSTOMER_NUMBER}, "value": {"field": column}}
            one.maps.append(ProposedMap("identifiers", fields, plain(column), main.where))
            _taken(one, column, f"{column}: the customer's number; `search` finds people by it, and nobody becomes one by it")


def _taken(one: Proposed, column: str, said: str) -> None:
    one.left.remove(column)
    one.evidence.append(said)


def _column(engine: Engine, one: Proposed, main: ProposedMap, listed: str) -> str:
    """The first column that no map reads, is called like a number, has a digit in every value, and hardly repeats."""
    sample = one.sample
    key = str(main.fields.get("key", {}).get("field", "")) or "".join(sample.found.key[:1])
    if not key:
        return ""
    known = sample.facts.get(key)
    wanted = {word.replace("_", "") for word in listed.split()}
    for name in (each for each in one.left if each in engine.columns(sample.table)):
        facts = sample.facts.get(name)
        if plain(name).replace("_", "") not in wanted or facts is None or is_somebody_else(name) or is_staff(name):
            continue
        rows = known.distinct if known else facts.filled
        if not facts.filled or facts.distinct < DIFFERENT * min(facts.filled, rows) or facts.date >= 0.5 or facts.mail > 0:
            continue
        odd = rf"{quoted(name)} IS NOT NULL AND trim({quoted(name)}) <> '' AND NOT regexp_matches({quoted(name)}, '\d')"
        if not engine.value(f"SELECT count(*) FROM {sample.table} WHERE {odd}"):
            return name
    return ""
