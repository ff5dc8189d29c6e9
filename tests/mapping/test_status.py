"""The status of orders: the words of sources in many languages and their meaning; unknown words stay and are reported."""

# ruff: noqa: E501 - words of many languages

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullcircle.config.read import parse
from fullcircle.config.sections import Config, StatusSettings
from fullcircle.errors import ConfigError
from fullcircle.mapping.conform import conform
from fullcircle.mapping.status import is_unpaid, is_written_off, plain, status_of
from fullcircle.model.statuses import STATUSES
from tests.mapping.test_conform import map_of

DATA = tomllib.loads(resources.files("fullcircle.mapping").joinpath("data/statuses.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("complete", "shipped"),
        ("refund", "refunded"),
        ("refunded", "refunded"),
        ("voided", "cancelled"),
        ("Canceled", "cancelled"),
        ("returned", "returned"),
        ("Storniert", "cancelled"),
        ("trash", "cancelled"),
        ("pending payment", "placed"),
        ("expired", "cancelled"),
        ("cancelled by customer", "cancelled"),
        ("wc-cancelled", "cancelled"),
        ("canceled_paypal", "cancelled"),
        ("PARTIALLY_REFUNDED", "paid"),
        ("PendingFulfillment", "placed"),
        ("Shipped - Returned to Seller", "returned"),
        ("Shipped - Delivered to Buyer", "shipped"),
        ("FULFILLED", "shipped"),
        ("closedwon", "placed"),
        ("closed_lost", "cancelled"),
        ("Zurückerstattet", "refunded"),
        ("Annulée", "cancelled"),
        ("Remboursé", "refunded"),
        ("En attente de paiement", "placed"),
        ("Zahlung ausstehend", "placed"),
        ("Pagado", "paid"),
        ("Devuelto", "returned"),
        ("Consegnato", "shipped"),
        ("Rimborsato", "refunded"),
        ("Rascunho", "draft"),
        ("Geannuleerd", "cancelled"),
        ("Terugbetaald", "refunded"),
        ("Opłacone", "paid"),
        ("Zrealizowane", "shipped"),
        ("İptal Edildi", "cancelled"),
        ("отменён", "cancelled"),
        ("Возвращён", "returned"),
        ("キャンセル", "cancelled"),
        ("已退款", "refunded"),
        ("Angebot", "draft"),
        ("abandoned_cart", "draft"),
        ("unpaid", "placed"),
        ("  ", None),
        ("7", None),
        ("blue", None),
        ("closed", None),  # in Magento it is a refund, elsewhere the usual end
        ("not cancelled", None),
        ("Rückerstattung beantragt", None),
        ("Paid, refund pending", None),
        ("non remboursé", None),
        ("Refund declined by the bank", None),
    ],
)
def test_words(word, meaning):
    assert status_of(word) == meaning


def test_no_word_has_two_meanings():
    seen = {}
    for meaning in STATUSES:
        for word in DATA[meaning]:
            assert seen.setdefault(plain(word), meaning) == meaning, word


@pytest.mark.property
@given(
    st.sampled_from([(word, meaning) for meaning in STATUSES for word in DATA[meaning]]), st.sampled_from([str.upper, str.title])
)
def test_case_and_separators_do_not_matter(entry, case):
    word, meaning = entry
    assert status_of(case(word)) == status_of(f" {word.replace(' ', '_')}.") == status_of(word) == meaning


ORDERS = [
    {"id": "1", "state": "bezahlt"}, {"id": "2", "state": "Storniert"}, {"id": "3", "state": "Zauber"},
    {"id": "4", "state": "Zauber"}, {"id": "5", "state": None}, {"id": "6", "state": "abgeholt"},
]  # fmt: skip


def test_the_source_s_word_stays_and_unknown_ones_are_reported(engine, landing, progress):
    landing.put("shop", "orders", ORDERS)
    maps = [map_of("shop", "orders", "orders", {"status": "state"})]
    conform(engine, landing, maps, "US", progress, StatusSettings(map={"ABGEHOLT": "paid"}))
    assert engine.rows("SELECT key, status, status_raw FROM conformed.orders ORDER BY 1") == [
        ("1", "paid", "bezahlt"), ("2", "cancelled", "Storniert"), ("3", "Zauber", "Zauber"), ("4", "Zauber", "Zauber"),
        ("5", None, None), ("6", "paid", "abgeholt"),
    ]  # fmt: skip
    (said,) = [text for text in progress.said if "status" in text]
    assert "2 orders" in said and "Zauber (2)" in said and "[status] map" in said


def test_a_wrong_meaning_in_the_config_is_refused():
    with pytest.raises(ConfigError, match="status"):
        parse(Config, {"status": {"map": {"abgeholt": "collected"}}}, "fullcircle.toml")


LINES = {"order_id": {"field": "order", "ref": "orders"}, "product_id": {"field": "sku", "ref": "products"}, "quantity": "n"}


def test_an_order_of_returned_goods_is_a_return(engine, landing, progress):
    landing.put("till", "products", [{"id": "LAMP"}])
    landing.put(
        "till", "orders",
        [{"id": "5001"}, {"id": "C5002"}, {"id": "5003", "state": "complete", "total": "-9.00"}, {"id": "5004", "state": "void"}],
    )  # fmt: skip
    lines = [("5001", "6"), ("C5002", "-1"), ("5003", "1"), ("5004", "-1")]
    held = [{"id": n, "order": n, "sku": "LAMP", "n": quantity, "price": "2.55"} for n, quantity in lines]
    landing.put("till", "lines", held)
    maps = [
        map_of("till", "products", "products", {"name": "id"}),
        map_of("till", "orders", "orders", {"status": "state", "amount": "total"}),
        map_of("till", "lines", "order_lines", {**LINES, "unit_price": "price"}),
    ]
    conform(engine, landing, maps, "GB", progress)
    found = engine.rows("SELECT key, CAST(amount AS DOUBLE), status, status_raw FROM conformed.orders ORDER BY 1")
    assert found == [
        ("5001", 15.3, None, None), ("5003", -9.0, "returned", "complete"), ("5004", -2.55, "cancelled", "void"),
        ("C5002", -2.55, "returned", None),
    ]  # fmt: skip


def test_the_currency_is_its_code_and_may_stand_beside_the_amount(engine, landing, progress):
    rows = [
        ("1", "5", "eur"),
        ("2", "5", "€"),
        ("3", "5.00 SEK", None),
        ("4", "£5", ""),
        ("5", "$5", None),
        ("6", "5", "US$"),
        ("7", "NAN", None),
    ]
    landing.put("shop", "orders", [{"id": key, "total": total, "cur": cur} for key, total, cur in rows])
    conform(engine, landing, [map_of("shop", "orders", "orders", {"amount": "total", "currency": "cur"})], "US", progress)
    found = engine.rows("SELECT key, currency, CAST(amount AS INTEGER) FROM conformed.orders ORDER BY 1")
    assert found == [
        ("1", "EUR", 5),
        ("2", "EUR", 5),
        ("3", "SEK", 5),
        ("4", "GBP", 5),
        ("5", None, 5),
        ("6", "USD", 5),
        ("7", None, None),
    ]


def test_the_source_s_word_stays_whatever_the_map_makes_of_it(engine, landing, progress):
    landing.put("shop", "orders", [{"id": "1", "state": "7"}])
    maps = [map_of("shop", "orders", "orders", {"status": {"field": "state", "map": {"7": "bezahlt"}}})]
    conform(engine, landing, maps, "US", progress)
    assert engine.rows("SELECT status, status_raw FROM conformed.orders") == [("paid", "7")]


def test_orders_that_were_given_back_in_part_are_reported(engine, landing, progress):
    words = ["PARTIALLY_REFUNDED", "Teilweise erstattet", "refunded", "partially paid", "paid"]
    landing.put("shop", "orders", [{"id": str(n), "s": word} for n, word in enumerate(words)])
    conform(engine, landing, [map_of("shop", "orders", "orders", {"status": "s"})], "US", progress)
    assert [text for text in progress.said if "2 orders were given back in part" in text]


@pytest.mark.parametrize(
    ("means", "texts"),
    [
        ("placed", "Deposit only|Deposit paid|Part-paid|Partially paid|PARTIALLY_PAID|Balance due|Confirmed - deposit paid|50% paid|Payment plan|"
         "Anzahlung geleistet|Teilweise bezahlt|Restzahlung offen|Acompte versé|Acompte payé|Solde dû|Pago parcial|Parcialmente pagado|"
         "Caparra versata|Parzialmente pagato|Sinal pago|Aanbetaald|Deels betaald|Handpenning betald|Delbetalt|Osittain maksettu|"
         "Zaliczka wpłacona|Částečně zaplaceno|Részben fizetve|Kısmen ödendi|Частично оплачен|Предоплата внесена|内金入金済み|部分付款|계약금 입금"),
        ("draft", "Enquiry|New enquiry|Quote|RFQ|Anfrage|Demande de devis|Solicitud|Offerteaanvraag|Förfrågan|Zapytanie|Запрос|問い合わせ|询价"),
        ("pending", "Provisional|Provisionally booked|Tentative|Option|Waitlisted|Requested|Unconfirmed|Awaiting deposit|Vorläufig|Warteliste|"
         "Provisoire|Lista de espera|Voorlopig|Preliminärbokad|Wstępnie zarezerwowane|Ön rezervasyon|Предварительная|仮予約|候补|가예약"),
        ("cancelled", "No show|No-show|NoShow|Void|Lapsed|Did not attend|Nicht erschienen|Absent|Não compareceu|Niet verschenen|Udeblevet|"
         "Nie stawił się|Неявка|無断キャンセル|노쇼"),
        ("paid", "Paid in full|Fully paid|100% paid|Attended|Part refunded"), ("shipped", "Completed|Fulfilled"),
        (None, "No deposit paid|Not part paid|Credit|Moved"),
    ],
)  # fmt: skip
def test_what_is_paid_in_part_asked_for_or_not_certain_yet(means, texts):
    wrong = {text: found for text in texts.split("|") if (found := status_of(text)) != means}
    assert not wrong


@pytest.mark.parametrize(
    ("means", "texts"),
    [
        ("placed", "Awaiting Payment|On hold|wc-on-hold|Awaiting check payment|Pay at door|Warten auf Zahlungseingang|En attente de paiement par chèque|"
         "Pendiente de cobro|In attesa di bonifico|Aguardando pagamento|Wacht op betaling|Afventer betaling|Väntar på betalning|Odottaa maksua|"
         "Oczekuje na wpłatę|Čeká na platbu|Fizetésre vár|Așteaptă plata|Ödeme bekleniyor|Ожидание оплаты|Очікує оплати|Чака плащане|"
         "Αναμονή πληρωμής|Čeka uplatu|Čaka na plačilo|入金待ち|等待付款|결제 대기|Chờ thanh toán"),
        ("pending", "pending|wc-pending|Awaiting deposit"),
        ("cancelled", "Cancelled"), (None, "Cancelled, not yet paid"),
    ],
)  # fmt: skip
def test_an_order_whose_payment_is_awaited_is_owed(means, texts):
    for word in texts.split("|"):
        assert status_of(word) == means, word
        assert is_unpaid(word) is (means == "placed"), word


@pytest.mark.parametrize(
    ("means", "texts"),
    [
        ("cancelled", "Withdrew|Deregistered|Not coming|DNS|Excused|Abgemeldet|Zurückgetreten|Désistée|Désinscrit|Excusé|Baja|Renuncia|"
         "No se presentó|Rinunciato|Desistiu|Não veio|Afgemeld|Uitgeschreven|Afmeldt|Udeblevet|Avmeldt|Møtte ikke opp|Avanmäld|"
         "Kom inte|Perunut|Poissa|Zrezygnował|Zrezygnowała|Zrezygnował(a)|Rezygnacja|Wypisany|Odhlášen|Neúčast|Odhlásený|Visszalépett|"
         "Nem jelent meg|Renunțat|Retras|Vazgeçti|Katılmadı|Отказался|Не явился|Відмовилась|Не з'явився|Отказал се|Αποχώρησε|Odustao|"
         "Odjavljena|Odpovedal|辞退|欠席|缺席|爽约|불참|노쇼|Vắng mặt|No show|No-Show|Nicht erschienen|Absente"),
        ("pending", "Waiting|Standby|Reserve list|Nachrücker|Auf der Warteliste|Liste complémentaire|Sur liste d'attente|Liste d'attente|"
         "Suplente|Lista de reserva|In lista di attesa|Em lista de espera|Reservelijst|Op de wachtlijst|Venteliste|Reservplats|Varasijalla|"
         "Lista rezerwowa|Rezerwowy|Náhradník|Čakacia listina|Várólistás|Lista de așteptare|Yedek|Список ожидания|У списку очікування|"
         "Чакащ|Επιλαχών|Lista čekanja|Čakalna lista|補欠|キャンセル待ち|候补|備取|예비|대기자|Warteliste"),
        ("placed", "Registered|Angemeldet|Inscrite|Inscrito|Iscritta|Aangemeld|Tilmeldt|Påmeldt|Anmäld|Ilmoittautunut|Zapisana|Přihlášen|"
         "Înscris|Kayıtlı|Зарегистрирован|Εγγεγραμμένος|Prijavljen|已报名"),
    ],
)  # fmt: skip
def test_words_of_registrations(means, texts):
    assert {word: status_of(word) for word in texts.split("|") if status_of(word) != means} == {}


OF_PAYMENTS = {
    "refunded": "Gestorneerd|Incassobatch teruggeboekt|Rücklastschrift|Wiedergutschrift|Lastschrift zurückgebucht|Rejet de prélèvement|"
    "Addebito respinto|Obciążenie zwrotne|Tilbageført|Tilbakeført|Återförd|Takaisinveloitus|Reversal|Direct debit returned|Chargeback",
    "owed": "Openstaand|1. Mahnung|Mahnstufe 2|Rappel|1er rappel|Mise en demeure|Sollecito|1° sollecito|Aanmaning|1e aanmaning|"
    "Betalingsherinnering|Ponaglenie|Wezwanie do zapłaty|Rykker 1|Purring|Inkassovarsel|Betalningspåminnelse|Maksumuistutus|Impagado",
    "given up": "Passé en perte|Ausgebucht|Oninbaar|Stralciato|Incobrable|Spisana na straty|Afskrevet|Avskriven|Luottotappio",
}
WORDS_OF_PAYMENTS = [(word, what) for what, words in OF_PAYMENTS.items() for word in words.split("|")]


@pytest.mark.parametrize(("word", "what"), WORDS_OF_PAYMENTS, ids=[word for word, _ in WORDS_OF_PAYMENTS])
def test_everyday_words_of_payments(word, what):
    if what == "refunded":
        assert status_of(word) in {"refunded", "cancelled", "returned"}
    elif what == "owed":
        assert (status_of(word), is_unpaid(word, {})) == ("placed", True)
    else:
        assert (status_of(word), is_written_off(word, {})) == ("cancelled", True)


@pytest.mark.parametrize("word", ["Reclamado", "Litige", "Disputed", "Ritirato", "Abgeholt und zurück", "Recordatorio"])
def test_words_of_two_meanings_are_not_guessed(word):
    assert status_of(word) != "refunded" and not is_unpaid(word, {})
