"""Of which country the files of a new project are: by columns of countries, phones, e-mails, money, numbers of states, headers.

Phones and dates without a country of their own are read as those of `[project] country`; a wrong one reads them wrongly, so it is
taken from the files, and said by what. Start at `country_of`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from fullcircle.config.workbook_text import ENDINGS, sheets_of

READ = 1 << 17  # bytes of each file
MOST_FILES, MOST_ROWS = 40, 500
PHONE = re.compile(r"(?:\+|\b00)[ (]{0,2}([1-9]\d{0,2})(?=[\d ()/.-]{6,})")
MAIL = re.compile(r"@[\w.-]+\.([a-z]{2})\b")
MONEY = re.compile(r"(?<![A-Z])([A-Z]{3})(?![A-Z])")
CALLING = {
    "1": "US", "7": "RU", "20": "EG", "27": "ZA", "30": "GR", "31": "NL", "32": "BE", "33": "FR", "34": "ES", "36": "HU",
    "39": "IT", "40": "RO", "41": "CH", "43": "AT", "44": "GB", "45": "DK", "46": "SE", "47": "NO", "48": "PL",
    "49": "DE", "51": "PE", "52": "MX", "54": "AR", "55": "BR", "56": "CL", "57": "CO", "60": "MY", "61": "AU",
    "62": "ID", "63": "PH", "64": "NZ", "65": "SG", "66": "TH", "81": "JP", "82": "KR", "84": "VN", "86": "CN",
    "90": "TR", "91": "IN", "92": "PK", "234": "NG", "254": "KE", "351": "PT", "352": "LU", "353": "IE", "354": "IS",
    "358": "FI", "359": "BG", "370": "LT", "371": "LV", "372": "EE", "380": "UA", "381": "RS", "385": "HR", "386": "SI",
    "420": "CZ", "421": "SK", "852": "HK", "886": "TW", "966": "SA", "971": "AE", "972": "IL",
}  # fmt: skip
CURRENCIES = {
    "PLN": "PL", "CZK": "CZ", "HUF": "HU", "SEK": "SE", "DKK": "DK", "NOK": "NO", "GBP": "GB", "CHF": "CH", "TRY": "TR",
    "RON": "RO", "UAH": "UA", "RUB": "RU", "JPY": "JP", "CNY": "CN", "KRW": "KR", "BRL": "BR", "MXN": "MX", "AUD": "AU",
    "CAD": "CA", "NZD": "NZ", "INR": "IN", "USD": "US", "ISK": "IS", "ZAR": "ZA", "ILS": "IL", "AED": "AE", "SAR": "SA",
    "SGD": "SG", "HKD": "HK", "TWD": "TW", "THB": "TH", "VND": "VN", "ARS": "AR", "CLP": "CL", "COP": "CO", "PEN": "PE",
    "RSD": "RS", "TRL": "TR", "EUR": "EUR",  # of many countries: it counts against the others, and for none
}  # fmt: skip
EURO = "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK"  # countries that pay in euros
DOLLARS = "US CA AU NZ SG HK TW MX AR CL CO"  # and those whose own money has the sign $
DOLLAR_SIGN = re.compile(r"(?<![A-Za-z$])(US ?\$|\$)(?= ?-?\d)|(?<=\d) ?(\$)")
MONEY_SIGNS = {"R$": "BR", "zł": "PL", "Kč": "CZ", "Ft": "HU", "£": "GB", "₺": "TR", "₹": "IN", "₴": "UA", "₽": "RU", "₩": "KR",
         "₪": "IL", "A$": "AU", "NZ$": "NZ", "C$": "CA", "MX$": "MX", "S/": "PE", "€": "EUR"}  # fmt: skip
MONEY_SIGN = re.compile(r"(?<![A-Za-z$])(R\$|A\$|NZ\$|C\$|MX\$|S/|[£₺₹₴₽₩₪€]) ?(?=\d)|(?<=\d) ?(zł|Kč|Ft|[₺₴₽€])(?![A-Za-z])")
LOCAL_PHONES = {  # as they are written at home
    "BR": r"\(\d{2}\) ?9\d{4}-?\d{4}(?!\d)", "US": r"(?<![\d+)] )(?<![\d+])\(\d{3}\) \d{3}-\d{4}(?!\d)",
    "FR": r"(?<![\d+.-])0[1-79](?:[ .]\d{2}){4}(?![\d.])", "AU": r"(?<![\d+])04\d{2} \d{3} \d{3}(?!\d)",
    "GB": r"(?<![\d+])07\d{3} \d{6}(?!\d)", "DE": r"(?<![\d+])01[567]\d[ /-]\d{6,9}(?!\d)",
    "SE": r"(?<![\d+])08-\d{2,3} \d{2,3} \d{2}(?!\d)",
    "TR": r"(?<![\d+])0 ?\(?5\d{2}\)? \d{3} \d{2} ?\d{2}(?!\d)", "NL": r"(?<![\d+])06[- ]\d{8}(?!\d)",
    "JP": r"(?<![\d+])0[789]0-\d{4}-\d{4}(?!\d)", "IT": r"(?<![\d+] )(?<![\d+])3[2-9]\d[ /-]\d{6,7}(?!\d)",
    "AT": r"(?<![\d+])06(?:50|60|64|76|80|81|88|99)[ /-]\d{6,9}(?!\d)",
}  # fmt: skip
STATE_NUMBERS = {  # as they are written: of people, of companies
    "BR": r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b|\b\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}\b", "CL": r"\b\d{1,2}\.\d{3}\.\d{3}-[\dkK]\b",
    "AR": r"\b(?:20|23|24|27|30|33|34)-\d{8}-\d\b",
    "PL": r"\b\d{3}-\d{3}-\d{2}-\d{2}\b", "AT": r"\bATU\d{8}\b", "CH": r"\bCHE-?\d{3}\.?\d{3}\.?\d{3}\b", "DE": r"\bDE\d{9}\b",
}  # fmt: skip
STATE_WORDS = {  # headers that one country alone has: numbers of its state, postcodes, parts of addresses
    "BR": "cpf cnpj cep bairro logradouro", "MX": "rfc curp colonia", "PL": "nip pesel regon", "DK": "cvr cvrnr cvrnummer cpr",
    "FR": "siret siren", "AU": "abn acn", "AR": "cuit cuil", "IT": "codicefiscale partitaiva piva",
    "NL": "kvk kvknummer btwnummer",
    "CO": "nit", "CL": "rut comuna", "IN": "gstin pincode aadhaar", "CZ": "ico dic", "SE": "personnummer organisationsnummer",
    "NO": "organisasjonsnummer fodselsnummer", "HU": "adoszam iranyitoszam", "US": "ssn ein", "PT": "nif concelho freguesia",
    "ES": "nif cif", "CH": "ahv kanton", "RO": "cui cnp", "HR": "oib", "TR": "kdv tckn vkn vergidairesi vergino",
}  # fmt: skip
TOP_LEVEL = {one.lower(): one for one in {*CALLING.values()} - {"GB", "US"}} | {"uk": "GB"}
HEADERS = {
    "DE": "vorname nachname plz strasse ort wohnort kunde kundennummer betrag anrede rechnungsnummer geburtsdatum",
    "FR": "prenom nom ville rue montant client naissance civilite adresse codepostal",
    "PL": "imie nazwisko miasto ulica kwota klient", "ES": "nombre apellido apellidos ciudad importe cliente calle",
    "IT": "nome cognome citta indirizzo importo cliente cap",
    "NL": "voornaam achternaam woonplaats plaats straat bedrag klant",
    "PT": "apelido cidade morada valor cliente telefone nascimento telemovel",
    "BR": "sobrenome cidade endereco valor cliente telefone nascimento celular",
    "SE": "fornamn efternamn ort postnummer belopp kund",
    "DK": "fornavn efternavn postnr belob kunde by", "NO": "fornavn etternavn postnr poststed belop kunde",
    "FI": "etunimi sukunimi postinumero kaupunki asiakas", "CZ": "jmeno prijmeni mesto ulice castka zakaznik psc",
    "HU": "vezeteknev keresztnev varos utca vevo osszeg iranyitoszam", "RO": "nume prenume oras judet localitate client",
    "HR": "ime prezime grad mjesto kupac iznos",
    "TR": "ad soyad adi soyadi sehir musteri musteriadi fatura faturano tarih tutar geneltoplam ilce eposta",
    "RU": "имя фамилия город клиент сумма телефон", "UA": "ім'я прізвище місто клієнт сума", "GR": "ονομα επωνυμο πολη",
    "JP": "氏名 名前 住所 電話番号 郵便番号", "CN": "姓名 客户 电话 城市 金额", "KR": "이름 고객 전화번호 주소",
}  # fmt: skip
ALSO_SPOKEN = {  # the words of headers say a language: it is spoken there too
    "DE": ("AT", "CH"), "ES": ("MX", "AR", "CO", "CL", "PE"), "FR": ("BE", "CH"), "NL": ("BE",), "IT": ("CH",),
}  # fmt: skip
THERE_TOO = 0.6  # of what it says of the first country
COUNTRY_HEADERS = frozenset((
    "country", "country_code", "countrycode", "drzava", "kraj", "land", "landkode", "maa", "orszag", "paese", "pais",
    "pays", "tara", "ulke", "zeme", "χωρα", "країна", "страна", "国", "国家", "국가",
))  # fmt: skip
KEY = re.compile(r'"(\w{2,40})"\s*:')
COUNTRY_VALUE = re.compile(r'"(?:country|country_?[cC]ode|countryId|pais|land|kraj)"\s*:\s*"([^"]{2,40})"')
ENOUGH, CLEARER = 1.0, 1.5  # of the evidence; and so much more than for the next country


@dataclass(frozen=True, slots=True)
class Country:
    """The ISO code of the country of the files, and what shows it; "" if nothing does."""

    code: str
    why: str
    currency: str = ""  # that of the country, where all files were read and none names another one


@dataclass(slots=True)
class _Seen:
    votes: dict[str, Counter[str]]
    unread: int = 0  # files whose text cannot be seen here
    dollars: set[str] = field(default_factory=set)  # `$` or `US$`, as they are before or after numbers

    def add(self, what: str, codes: Iterable[str]) -> None:
        self.votes.setdefault(what, Counter()).update(codes)


WEIGHTS = {
    "values of columns for a country": 3.0,
    "phones": 3.0,
    "currencies": 2.0,
    "phones without the number of a country": 1.5,
    "signs of money": 2.0,
    "numbers of states": 2.0,
    "headers of one country": 1.5,
    "endings of e-mail addresses": 1.2,
    "words of headers": 1.5,
}


def country_of(files: Iterable[Path], names: Mapping[str, str]) -> Country:
    """The country that most of the evidence shows, if it is clear. `names`: of countries, in small letters -> code."""
    seen, every = _Seen({}), list(files)
    for path in every[:MOST_FILES]:
        texts = [text for text in _texts(path) if text]
        for text in texts:
            _look(text, names, seen)
        seen.unread += not texts
    seen.unread += len(every[MOST_FILES:])
    scores: Counter[str] = Counter()
    for what, votes in seen.votes.items():
        for code, count in votes.items():
            share = WEIGHTS[what] * count / (votes.total() + 1)  # one alone says less
            also = ALSO_SPOKEN.get(code, ()) if what == "words of headers" else ()
            for one, part in ((code, 1.0), *((other, THERE_TOO) for other in also)):
                scores[one] += share * part  # type: ignore[assignment]
    scores.pop("EUR", None)
    best = scores.most_common(2)
    if not best or best[0][1] < ENOUGH or (len(best) > 1 and best[0][1] < CLEARER * best[1][1]):
        return Country("", "the files do not show one country")
    code = best[0][0]
    shown = [f"{votes[code]:,} of {votes.total():,} {what}" for what, votes in seen.votes.items() if votes[code]]
    return Country(code, ", ".join(shown), _only_currency(code, seen))


def currency_of(country: str) -> str:
    """The currency of a country by its code; "" if it is not known here."""
    return "EUR" if country in EURO.split() else next((code for code, of in CURRENCIES.items() if of == country), "")


def _only_currency(country: str, seen: _Seen) -> str:
    """The currency of the country, if all files were read and none names another one: no code, no sign, no `$` of others."""
    named = set(seen.votes.get("currencies", ())) | set(seen.votes.get("signs of money", ()))
    dollars = {"$"} if country in DOLLARS.split() else set()
    dollars |= {"US$"} if country == "US" else set()
    own = "EUR" if country in EURO.split() else country
    return "" if seen.unread or named - {own} or seen.dollars - dollars else currency_of(country)


def _texts(path: Path) -> list[str]:
    """The text of the beginning of a file, and of each sheet of a workbook."""
    return sheets_of(path) if path.name.lower().endswith(ENDINGS) else [_text(path)]


def _text(path: Path) -> str:
    if not path.name.lower().endswith((".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson")):
        return ""
    with suppress(OSError), path.open("rb") as file:
        data = file.read(READ)
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return data.decode("utf-16", "replace").removeprefix("\ufeff")
        try:
            return data.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            cut_off = error.start >= len(data) - 4  # within the last letter that was read
            return data.decode("utf-8" if cut_off else "cp1252", "replace").removeprefix("\ufeff")
    return ""


def _look(text: str, names: Mapping[str, str], seen: _Seen) -> None:
    seen.add("phones", (CALLING[code] for found in PHONE.findall(text) if (code := _calling(found))))
    seen.add("endings of e-mail addresses", (TOP_LEVEL[end] for end in MAIL.findall(text.lower()) if end in TOP_LEVEL))
    seen.add("currencies", (CURRENCIES[one] for one in MONEY.findall(text) if one in CURRENCIES))
    seen.dollars |= {(before or after).replace(" ", "") for before, after in DOLLAR_SIGN.findall(text)}
    seen.add("signs of money", (MONEY_SIGNS[one or other] for one, other in MONEY_SIGN.findall(text)))
    for what, shapes in (("phones without the number of a country", LOCAL_PHONES), ("numbers of states", STATE_NUMBERS)):
        for code, shape in shapes.items():
            seen.add(what, [code] * len(re.findall(shape, text)))
    lines = [line for line in text.splitlines() if line.strip()][:MOST_ROWS]
    if not lines:
        return
    if lines[0].lstrip().startswith(("{", "[")):
        _look_at_headers([*dict.fromkeys(KEY.findall(text))], seen)
        values = (one.lower() for one in COUNTRY_VALUE.findall(text))
        seen.add("values of columns for a country", (names[one] for one in values if one in names))
        return
    sign = max(";\t|,", key=lambda one: min(line.count(one) for line in lines[:3]))
    header, *rows = csv.reader(lines, delimiter=sign)
    words = [_bare(cell) for cell in header]
    _look_at_headers(header, seen)
    for place, word in enumerate(words):
        if word in COUNTRY_HEADERS:
            cells = (row[place].strip().lower() for row in rows if len(row) > place)
            seen.add("values of columns for a country", (names[cell] for cell in cells if cell in names))


def _look_at_headers(header: Iterable[str], seen: _Seen) -> None:
    """What the names of columns say: their language, and what only one country has."""
    words = [{_bare(cell), *(_bare(part) for part in re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", cell))} - {""} for cell in header]
    whole = [_bare(cell) for cell in header]
    seen.add("words of headers", (code for code, known in HEADERS.items() for word in whole if word in known.split()))
    own = ((code, {*known.split()}) for code, known in STATE_WORDS.items())
    seen.add("headers of one country", (code for code, known in own for one in words if one & known))


def _calling(digits: str) -> str:
    return next((digits[:long] for long in (3, 2, 1) if digits[:long] in CALLING), "")


def _bare(cell: str) -> str:
    text = cell.strip().lower().replace("ß", "ss").replace("ł", "l").replace("ø", "o")
    folded = unicodedata.normalize("NFKD", text)
    return re.sub(r"[\s_.-]+", "", "".join(letter for letter in folded if not unicodedata.combining(letter)))
