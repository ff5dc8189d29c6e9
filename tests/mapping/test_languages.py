"""Headers in any script and language: what they are called, what they become, and names that begin with the family name."""

# ruff: noqa: E501 - the rows of headers are long

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullcircle.connectors.base import FoundField, FoundObject
from fullcircle.mapping.propose.guess import guess, is_somebody_else, is_staff, named
from fullcircle.mapping.propose.links import is_like_a_key
from fullcircle.mapping.propose.plan import plan
from fullcircle.mapping.propose.sample import names_only
from fullcircle.mapping.propose.whole_names import whole_name
from fullcircle.mapping.propose.words import languages, plain, spoken, words
from fullcircle.mapping.reading.names import FULL, PARTS
from fullcircle.mapping.reading.steps import chain
from tests.properties import examples

PEOPLE = {  # object: headers in the order of given, family, e-mail, phone, city, postcode, street
    "Клиенты": "Имя, Фамилия, Эл. почта, Телефон, Город, Индекс, Адрес",
    "Клієнти": "Ім'я, Прізвище, Електронна пошта, Телефон, Місто, Поштовий індекс, Адреса",
    "顧客一覧": "名, 姓, メールアドレス, 電話番号, 市区町村, 郵便番号, 番地",
    "客户": "名字, 姓氏, 电子邮箱, 手机号码, 城市, 邮编, 详细地址",
    "會員資料": "名字, 姓氏, 電子郵件, 行動電話, 縣市, 郵遞區號, 地址",
    "고객": "명, 성, 이메일, 휴대폰, 도시, 우편번호, 주소",
    "Πελάτες": "Όνομα, ΕΠΩΝΥΜΟ, Ηλεκτρονικό ταχυδρομείο, Κινητό, Πόλη, Τ.Κ., Διεύθυνση",
    "العملاء": "الاسم الأول, اسم العائلة, البريد الإلكتروني, رقم الهاتف, المدينة, الرمز البريدي, العنوان",
    "לקוחות": 'שם פרטי, שם משפחה, דוא"ל, טלפון, עיר, מיקוד, רחוב',
    "Müşteriler": "Adı, Soyadı, E-posta, Cep Telefonu, Şehir, Posta Kodu, Adres",
    "Klienci": "Imię, Nazwisko, Adres e-mail, Numer telefonu, Miejscowość, Kod pocztowy, Ulica",
    "Zákazníci": "Jméno, Příjmení, E-mailová adresa, Telefonní číslo, Město, PSČ, Ulice",
    "Ügyfelek": "Keresztnév, Vezetéknév, E-mail cím, Telefonszám, Település, Irányítószám, Cím",
    "Kunder": "Förnamn, Efternamn, E-postadress, Telefonnummer, Postort, Postnr, Gatuadress",
    "KUNDER": "FOERNAMN, EFTERNAMN, EPOSTADRESS, TELEFONNUMMER, POSTORT, POSTNR, GATUADRESS",
    "kunder_dk": "Fornavn, Efternavn, E-mailadresse, Tlf. nr., By, Postnr., Vej",
    "Kunderegister": "Fornavn, Etternavn, E-postadresse, Mobilnr, Poststed, Postnummer, Gateadresse",
    "Asiakkaat": "Etunimi, Sukunimi, Sähköpostiosoite, Puhelinnumero, Paikkakunta, Postinumero, Katuosoite",
    "Klanten": "Roepnaam, Achternaam, E-mailadres, Mobiel nummer, Woonplaats, Postcode, Straatnaam",
    "Clientes": "Nome próprio, Apelido, Endereço de e-mail, Telemóvel, Município, Código postal, Morada",
    "Clienti": "Nome, Cognome, Indirizzo e-mail, Numero cellulare, Comune, CAP, Indirizzo",
    "Listado de clientes": "Nombre, Primer apellido, Dirección de correo electrónico, Tfno, Población, Cód. postal, Domicilio",
    "Fichier clients": "Prénom, Nom d'usage, Adresse électronique, Tél. portable, Commune, Code postal, Adresse postale",
    "Kundenstamm": "Rufname, Zuname, E-Mail geschäftlich, Handynummer, Wohnort, Postleitzahl, Straße und Hausnummer",
}
COLUMNS = ("given_name", "family_name", "email", "phone", "city", "postcode", "street")


def found(name, fields):
    return FoundObject(name, (), tuple(FoundField(each) for each in fields))


@pytest.mark.parametrize("name", PEOPLE)
def test_people_in_any_language(name):
    headers = PEOPLE[name].split(", ")
    ours = guess(found(name, headers))
    assert ours is not None
    assert (ours.table, {column: ours.columns.get(column) for column in COLUMNS}) == (
        "records",
        dict(zip(COLUMNS, headers, strict=True)),
    )


ORDERS = {  # orders, headers of order number, customer number, date, amount, status; people, header of their number
    "Заказы": ("Номер заказа, Код клиента, Дата заказа, Сумма, Статус", "Клиенты", "Код клиента, ФИО"),
    "Замовлення": ("Номер замовлення, Номер клієнта, Дата, Разом, Стан", "Клієнти", "Номер клієнта, ПІБ"),
    "注文": ("注文番号, 顧客ID, 注文日, 合計金額, ステータス", "顧客", "顧客ID, 氏名"),
    "订单": ("订单号, 客户编号, 下单时间, 金额, 状态", "客户", "客户编号, 姓名"),
    "訂單": ("訂單編號, 會員編號, 訂單日期, 總金額, 訂單狀態", "會員", "會員編號, 姓名"),
    "주문": ("주문번호, 고객번호, 주문일자, 결제금액, 주문상태", "고객", "고객번호, 이름"),
    "Παραγγελίες": ("Αριθμός παραγγελίας, Κωδικός πελάτη, Ημερομηνία, Σύνολο, Κατάσταση", "Πελάτες", "Κωδικός πελάτη, Ονοματεπώνυμο"),
    "الطلبات": ("رقم الطلب, رقم العميل, تاريخ الطلب, المبلغ الإجمالي, الحالة", "العملاء", "رقم العميل, اسم العميل"),
    "הזמנות": ("מספר הזמנה, מספר לקוח, תאריך הזמנה, סכום, סטטוס", "לקוחות", "מספר לקוח, שם מלא"),
    "Siparişler": ("Sipariş No, Müşteri No, Sipariş Tarihi, Toplam Tutar, Durum", "Müşteriler", "Müşteri No, Ad Soyad"),
    "Zamówienia": ("Numer zamówienia, Numer klienta, Data zamówienia, Kwota, Status", "Klienci", "Numer klienta, Nazwisko i imię"),
    "Rendelések": ("Rendelésszám, Ügyfélszám, Rendelés dátuma, Végösszeg, Állapot", "Ügyfelek", "Ügyfélszám, Név"),
    "Beställningar": ("Ordernummer, Kundnummer, Beställningsdatum, Belopp, Orderstatus", "Kunder", "Kundnummer, Namn"),
    "Tilaukset": ("Tilausnumero, Asiakasnumero, Tilauspäivä, Loppusumma, Tila", "Asiakkaat", "Asiakasnumero, Nimi"),
    "Pedidos": ("Número do pedido, Código do cliente, Data do pedido, Valor total, Situação", "Clientes", "Código do cliente, Nome completo"),
}  # fmt: skip


@pytest.mark.parametrize("name", ORDERS)
def test_orders_and_their_customers_in_any_language(name):
    headers, people, of_people = ORDERS[name]
    number, customer, date, amount, status = headers.split(", ")
    objects = [found(name, headers.split(", ")), found(people, of_people.split(", "))]
    orders, persons = plan(names_only("files", objects), None)
    fields = next(one for one in orders.maps if one.to == "orders").fields
    assert fields["key"] == {"field": number}
    assert fields["record_id"] == {"field": customer, "ref": people}
    assert [fields[each]["field"] for each in ("ordered_at", "amount", "status")] == [date, amount, status]
    assert "full_name" in persons.maps[0].fields


def test_a_short_word_of_another_language_means_nothing():
    assert spoken("campaign", ("Ad", "Email", "By")) == ()
    ours = guess(found("contacts", ["Email", "Ad", "By", "Data"]))
    assert ours is not None
    assert ours.columns == {"email": "Email"}


def test_staff_and_others_in_other_languages():
    assert all(
        is_staff(one) for one in ("Ответственный", "営業担当", "负责人", "영업담당자", "Opiekun handlowy", "Account Owner")
    )
    assert not any(is_staff(one) for one in ("担当者名", "Nombre comercial", "Заказчик", "Name"))
    assert all(
        is_somebody_else(one)
        for one in ("Spouse First Name", "Contact 2 Email", "Emergency Contact Phone", "緊急連絡先", "CC", "Mother's maiden name")
    )
    assert not any(is_somebody_else(one) for one in ("partner_id", "parent_id/id", "Contact Email", "Account", "First Name"))


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("注文明細", "order_lines"),
        ("客户列表", "records"),
        ("Заказы", "orders"),
        ("Ordrelinjer", "order_lines"),
        ("天気", ""),
        ("погода", ""),
    ],
)
def test_objects_are_named_in_other_languages(name, table):
    assert named(name) == table


def test_numbers_that_are_no_keys():
    assert not any(
        is_like_a_key(one) for one in ("電話番号", "郵便番号", "手机号", "身份证号", "Telefonnummer", "Numer telefonu", "NIP")
    )
    assert all(is_like_a_key(one) for one in ("顧客番号", "订单号", "Код клиента", "Kundennummer", "Müşteri No", "رقم العميل"))


@pytest.mark.parametrize(
    ("header", "value", "parts"),
    [
        ("ФИО", "Иванова Анна Петровна", ("Анна", "Петровна", "Иванова")),
        ("Név", "Kovács János", ("János", None, "Kovács")),
        ("Nazwisko i imię", "Łęcka-Żuk Zofia", ("Zofia", None, "Łęcka-Żuk")),
        ("Nom et prénom", "LE GOFF Jean Marie", ("Jean", "Marie", "LE GOFF")),
        ("Apellidos y nombre", "García Lorca Federico", ("Federico", None, "García Lorca")),
        ("Apellidos y nombre", "Peña, Iñaki", ("Iñaki", None, "Peña")),
        ("Họ và tên", "Nguyễn Văn An", ("An", "Văn", "Nguyễn")),
        ("Last Name, First Name", "Fenn Iris", ("Iris", None, "Fenn")),
        ("Name", "Iris Fenn", ("Iris", None, "Fenn")),
        ("氏名", "山田 太郎", ("太郎", None, "山田")),
        ("氏名", "山田　太郎", ("太郎", None, "山田")),
        ("성명", "김민수", (None, None, None)),
    ],
)  # fmt: skip
def test_names_that_begin_with_the_family_name(engine, header, value, parts):
    rule = whole_name(header)
    engine.run(f"CREATE OR REPLACE TEMP TABLE one AS SELECT '{value}' AS \"{header}\"")
    sql = rule.get("sql") or f'"{rule["field"]}"'
    x = engine.value(f"SELECT x FROM ({chain(f'(SELECT {sql} AS x, 1 AS n FROM one)', (*FULL, PARTS), 'n')})")
    assert (x["g"], x["m"], x["f"]) == parts


def test_a_word_has_one_meaning_in_a_language():
    for one in languages().values():
        people = [one.lists.get(name, ()) for name in ("given", "family", "email", "phone", "city", "postcode")]
        assert sum(map(len, people)) == len({word for each in people for word in each}), one.code


def test_all_words_are_in_plain_form():
    for of_table in words()["columns"].values():
        for synonyms in of_table.values():
            assert [plain(word) for word in synonyms] == list(synonyms)


@settings(max_examples=examples(200))
@given(st.text(max_size=30))
def test_the_plain_form_of_a_plain_form_is_itself(name):
    assert plain(plain(name)) == plain(name)
    assert plain(name.strip()) == plain(name)
