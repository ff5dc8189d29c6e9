"""Of which country the files of a new project are: by a column of countries, phones, e-mails, money and the words of headers.

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
from dataclasses import dataclass
from pathlib import Path

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
    "RSD": "RS",
}  # fmt: skip
TOP_LEVEL = {one.lower(): one for one in {*CALLING.values()} - {"GB", "US"}} | {"uk": "GB"}
HEADERS = {
    "DE": "vorname nachname plz strasse ort wohnort kunde kundennummer betrag anrede rechnungsnummer geburtsdatum",
    "FR": "prenom nom ville rue montant client naissance civilite adresse codepostal",
    "PL": "imie nazwisko miasto ulica kwota klient", "ES": "nombre apellido apellidos ciudad importe cliente calle",
    "IT": "nome cognome citta indirizzo importo cliente cap",
    "NL": "voornaam achternaam woonplaats plaats straat bedrag klant",
    "PT": "sobrenome apelido cidade morada valor cliente", "SE": "fornamn efternamn ort postnummer belopp kund",
    "DK": "fornavn efternavn postnr belob kunde by", "NO": "fornavn etternavn postnr poststed belop kunde",
    "FI": "etunimi sukunimi postinumero kaupunki asiakas", "CZ": "jmeno prijmeni mesto ulice castka zakaznik psc",
    "HU": "vezeteknev keresztnev varos utca vevo osszeg iranyitoszam", "RO": "nume prenume oras judet localitate client",
    "HR": "ime prezime grad mjesto kupac iznos", "TR": "ad soyad adi soyadi sehir",
    "RU": "имя фамилия город клиент сумма телефон", "UA": "ім'я прізвище місто клієнт сума", "GR": "ονομα επωνυμο πολη",
    "JP": "氏名 名前 住所 電話番号 郵便番号", "CN": "姓名 客户 电话 城市 金额", "KR": "이름 고객 전화번호 주소",
}  # fmt: skip
COUNTRY_HEADERS = frozenset((
    "country", "country_code", "countrycode", "drzava", "kraj", "land", "landkode", "maa", "orszag", "paese", "pais",
    "pays", "tara", "ulke", "zeme", "χωρα", "країна", "страна", "国", "国家", "국가",
))  # fmt: skip
ENOUGH, CLEARER = 1.0, 1.5  # of the evidence; and so much more than for the next country


@dataclass(frozen=True, slots=True)
class Country:
    """The ISO code of the country of the files, and what shows it; "" if nothing does."""

    code: str
    why: str


@dataclass(slots=True)
class _Seen:
    votes: dict[str, Counter[str]]

    def add(self, what: str, codes: Iterable[str]) -> None:
        self.votes.setdefault(what, Counter()).update(codes)


WEIGHTS = {
    "values of columns for a country": 3.0,
    "phones": 3.0,
    "currencies": 2.0,
    "endings of e-mail addresses": 1.0,
    "words of headers": 1.5,
}


def country_of(files: Iterable[Path], names: Mapping[str, str]) -> Country:
    """The country that most of the evidence shows, if it is clear. `names`: of countries, in small letters -> code."""
    seen = _Seen({})
    for path in list(files)[:MOST_FILES]:
        if text := _text(path):
            _look(text, names, seen)
    scores: Counter[str] = Counter()
    for what, votes in seen.votes.items():
        for code, count in votes.items():
            scores[code] += WEIGHTS[what] * count / (votes.total() + 1)  # type: ignore[assignment]  # one alone says less
    best = scores.most_common(2)
    if not best or best[0][1] < ENOUGH or (len(best) > 1 and best[0][1] < CLEARER * best[1][1]):
        return Country("", "the files do not show one country")
    code = best[0][0]
    shown = [f"{votes[code]:,} of {votes.total():,} {what}" for what, votes in seen.votes.items() if votes[code]]
    return Country(code, ", ".join(shown))


def _text(path: Path) -> str:
    if not path.name.lower().endswith((".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson")):
        return ""
    with suppress(OSError), path.open("rb") as file:
        data = file.read(READ)
        wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
        return data.decode("utf-16" if wide else "utf-8", "replace").removeprefix("\ufeff")
    return ""


def _look(text: str, names: Mapping[str, str], seen: _Seen) -> None:
    seen.add("phones", (CALLING[code] for found in PHONE.findall(text) if (code := _calling(found))))
    seen.add("endings of e-mail addresses", (TOP_LEVEL[end] for end in MAIL.findall(text.lower()) if end in TOP_LEVEL))
    seen.add("currencies", (CURRENCIES[one] for one in MONEY.findall(text) if one in CURRENCIES))
    lines = [line for line in text.splitlines() if line.strip()][:MOST_ROWS]
    if not lines or lines[0].lstrip().startswith(("{", "[")):
        return
    sign = max(";\t|,", key=lambda one: min(line.count(one) for line in lines[:3]))
    header, *rows = csv.reader(lines, delimiter=sign)
    words = [_bare(cell) for cell in header]
    seen.add("words of headers", (code for code, known in HEADERS.items() for word in words if word in known.split()))
    for place, word in enumerate(words):
        if word in COUNTRY_HEADERS:
            cells = (row[place].strip().lower() for row in rows if len(row) > place)
            seen.add("values of columns for a country", (names[cell] for cell in cells if cell in names))


def _calling(digits: str) -> str:
    return next((digits[:long] for long in (3, 2, 1) if digits[:long] in CALLING), "")


def _bare(cell: str) -> str:
    text = cell.strip().lower().replace("ß", "ss").replace("ł", "l").replace("ø", "o")
    folded = unicodedata.normalize("NFKD", text)
    return re.sub(r"[\s_.-]+", "", "".join(letter for letter in folded if not unicodedata.combining(letter)))
