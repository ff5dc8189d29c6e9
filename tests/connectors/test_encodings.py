"""Encodings: what people's names show is recognised and told; what they do not show stops the pull. Never mojibake."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullcircle.config.sections import SourceSettings
from fullcircle.connectors.pull import open_source
from fullcircle.connectors.sources.files import delimited
from fullcircle.connectors.sources.files.encoding import KNOWN, encoding_of
from fullcircle.connectors.sources.files.part import How
from fullcircle.connectors.sources.files.unclear import EncodingUnclear
from fullcircle.engine.duckdb import DuckDB
from fullcircle.errors import SourceBroken
from tests.connectors.town import Town
from tests.properties import examples

ENGINE = DuckDB(threads=1)
PEOPLE = {
    "cp1251": "номер;имя;город\n1;Ольга Кузнецова;Москва\n2;Сергей Волков;Казань\n",
    "koi8-r": "номер,имя,город\n1,Ольга Кузнецова,Москва\n2,Сергей Волков,Казань\n",
    "cp866": "номер,имя,город\n1,Ольга Кузнецова,Москва\n2,Сергей Волков,Казань\n",
    "shift_jis": "番号,氏名,住所\n1,高橋一郎,大阪市\n2,鈴木さくら,京都市\n3,ソフィア,横浜\n",
    "gb18030": "编号,姓名,城市\n1,王芳,北京\n2,刘洋,广州\n3,陈静,深圳\n",
    "big5": "編號,姓名,城市\n1,陳淑芬,臺中\n2,林志明,高雄\n",
    "euc_kr": "번호,이름,도시\n1,최민수,대전\n2,정수진,인천\n",
    "cp1252": "id,name,city\n1,Jürgen Groß,Düsseldorf\n2,Hélène Dupré,Orléans\n3,Bob O’Neil,€5\n",
    "cp1250": "id,jméno,město\n1,Jiří Dvořák,Plzeň\n2,Božena Růžičková,Třebíč\n",
    "mac-roman": "id,name,city\n1,Jürgen Groß,Düsseldorf\n2,Hélène Dupré,Orléans\n3,María Núñez,Málaga\n",
    "cp850": "id,name,city\n1,Jürgen Groß,Düsseldorf\n2,Hélène Dupré,Orléans\n3,María Núñez,Málaga\n",
    "cp1253": "αριθμός,όνομα\n1,Γιώργος Παπαδόπουλος\n2,Μαρία Νικολάου\n",
    "cp1254": "no,isim,şehir\n1,Ayşe Yılmaz,İzmir\n2,Gökhan Öztürk,Eskişehir\n",
    "cp1255": "מספר,שם,עיר\n1,יוסי כהן,חיפה\n2,דנה לוי,ירושלים\n3,משה מזרחי,אשדוד\n",
    "cp1256": "رقم,اسم\n1,محمد علي\n2,فاطمة حسن\n3,أحمد إبراهيم\n",
    "cp874": "ลำดับ,ชื่อ\n1,สมชาย ใจดี\n2,สมหญิง รักไทย\n",
}


@pytest.mark.parametrize("encoding", PEOPLE)
def test_an_encoding_is_recognised_by_its_words_and_told(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(PEOPLE[encoding].encode(encoding))
    parts = list(delimited.read(path, How(), ENGINE))
    [head, *lines] = [line.replace(";", ",").split(",") for line in PEOPLE[encoding].splitlines()]
    assert parts[0].rows.schema.names == head
    assert [list(row.values()) for part in parts for row in part.rows.to_pylist()] == lines
    [note] = parts[0].notes
    assert "confidence" in note


@pytest.mark.parametrize(
    ("encoding", "text"), [("gb18030", "id,name\n1,张伟\n"), ("latin-1", "a,b\n\xe9\x81,1\n"), ("mac-roman", "a\nç\n")]
)
def test_what_is_not_clear_stops_and_the_option_helps(town: Town, encoding: str, text: str) -> None:
    town.put("people.csv", text.encode(encoding))
    with pytest.raises(SourceBroken, match="is not clear: it is not UTF-8") as caught:
        town.pull()
    assert "encoding =" in caught.value.hint
    assert town.pull(objects={"people": {"encoding": encoding}})["people"].rows == 1
    assert list(text.splitlines()[1].split(",")) == list(town.rows("people")[0])


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "id,price\n1,€5\n2,£7\n"),
        ("cp1252", "id,name\n1,Ren\xe9\n"),
        ("cp1252", "Nr,Währung\n1,EUR\n2,CHF\n"),  # a header in letters that look like any language
        ("cp1252", "id,Preço\n1,5\n"),
        ("cp850", "Nr,Länge\n1,5\n"),
        ("cp1250", "id,n\n1,Ştefan Ţepeş\n2,Brăila\n3,Mureşan\n"),
        ("iso2022_jp", "番号,名前\n1,山田\n"),
        ("utf-16-le", "id,name\n1,Жук\n"),
    ],
)
def test_signs_few_words_and_escape_sequences(town: Town, encoding: str, text: str) -> None:
    town.put("people.csv", text.encode(encoding))
    town.pull()
    assert town.rows("people") == sorted(tuple(line.split(",")) for line in text.splitlines()[1:])


def test_a_byte_that_is_not_of_the_encoding_costs_its_line(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    good = "".join(f"{number},Jürgen Groß {number}\n" for number in range(60))
    path.write_bytes(("id,name\n" + good).encode("cp1252") + b"99,J\x81rgen\n")
    parts = list(delimited.read(path, How(), ENGINE))
    assert sum(part.rows.num_rows for part in parts) == 60
    assert [(reject.line, "not cp1252" in reject.reason) for part in parts for reject in part.rejects] == [(62, True)]


NAMES = {
    "cp1251": ["Иванов", "Мария", "Щукин", "Юлия", "Объедков", "Хабаровск", "улица Ленина", "Егор", "Ёлкина"],
    "cp1252": ["Müller", "José", "Zoë", "François", "Bjørn", "Åsa", "João", "Núñez", "Groß", "Hélène", "Loïc", "Noël"],
    "cp1250": ["Dvořák", "Jiří", "Růžičková", "Łukasz", "Wójcik", "Małgorzata", "Kőszegi", "László", "Třebíč", "Gdańsk"],
    "cp932": ["山田太郎", "鈴木", "佐藤花子", "ソフィア", "高橋", "東京都", "さくら", "株式会社ミドリ"],
    "gb18030": ["王小明", "李娜", "张伟", "北京市", "上海", "陈静", "深圳有限公司"],
    "cp949": ["김철수", "이영희", "서울특별시", "박지성", "최민수", "주식회사"],
    "mac-roman": ["Müller", "José", "Zoë", "François", "Bjørn", "João", "Núñez", "Groß", "Hélène"],
}


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_names_are_read_right_or_not_at_all(tmp_path: Path, data: st.DataObject) -> None:
    encoding = data.draw(st.sampled_from(sorted(NAMES)))
    names = data.draw(st.lists(st.sampled_from(NAMES[encoding]), min_size=4, max_size=12, unique=True).filter(bool))
    path = tmp_path / "people.csv"
    text = "id,name\n" + "".join(f"{number},{name}\n" for number, name in enumerate(names))
    path.write_bytes(text.encode(encoding))
    try:
        found = encoding_of(path, How())
    except SourceBroken:
        return
    assert text.encode(encoding).decode(found.name) == text


def test_every_encoding_that_is_tried_is_known_to_python() -> None:
    for name in KNOWN:
        assert "a".encode(name)


SHORT = {  # few letters beyond ASCII: the language of the headers decides
    "hr": ("cp1250", "id;ime;prezime;grad\n1;Ana;Horvat;Šibenik\n2;Ivo;Marić;Zadar\n"),
    "hr_one": ("cp1250", "Kupac;Iznos\nMarko Šarić;12\n"),
    "hr_capital": ("cp1250", "Ime,Prezime,Mjesto\nŽeljko,Novak,Zagreb\n"),
    "sr": ("cp1250", "ime;prezime;grad\nDragan;Petrović;Niš\n"),
    "sl": ("cp1250", "ime;priimek;kraj\nMatjaž;Zupan;Škofja Loka\n"),
    "cs": ("cp1250", "jmeno;prijmeni;mesto\nLukáš;Novák;Plzeň\n"),
    "sk": ("cp1250", "meno;priezvisko;obec\nĽuboš;Kováč;Nitra\n"),
    "pl": ("cp1250", "Imię;Nazwisko;Miasto\nAnna;Nowak;Warszawa\n"),
    "pl_iso": ("iso8859-2", "imie;nazwisko;miasto\nPaweł;Śliwa;Łódź\n"),
    "hu": ("cp1250", "Vevő;Összeg\nKovács János;12\n"),
    "hu_names": ("cp1250", "Név;Cím;Város\nNagy Ernő;Fő utca 1;Győr\n"),
    "ro": ("cp1250", "nume;prenume;oraş\nIonescu;Ştefan;Iaşi\n"),
    "lt": ("cp1257", "vardas;pavardė;miestas\nJonas;Žukauskas;Šiauliai\n"),
    "tr": ("cp1254", "Adı;Soyadı;Şehir\nGül;Ak;İzmir\n"),
    "fr": ("cp1252", "Prénom;Nom;Ville\nHélène;Dupré;Orléans\n"),
    "de": ("cp1252", "Vorname;Nachname;Ort\nJürgen;Groß;Köln\n"),
    "da": ("cp1252", "Fornavn;Efternavn;By\nSøren;Kjær;Ærø\n"),
    "et": ("cp1252", "eesnimi;perenimi;linn\nTõnu;Mägi;Jõhvi\n"),
    "de_dos": ("cp850", "Vorname;Nachname;Ort\nJürgen;Groß;Köln\n"),
}


@pytest.mark.parametrize("one", SHORT)
def test_in_a_short_file_the_language_of_the_headers_decides(tmp_path: Path, one: str) -> None:
    encoding, text = SHORT[one]
    path = tmp_path / "people.csv"
    path.write_bytes(text.encode(encoding))
    found = encoding_of(path, How())
    assert text.encode(encoding).decode(found.name) == text
    assert "confidence" in found.note


@pytest.mark.parametrize("header", ["Vorname;Nachname;Ort", "id;name;city"])
def test_names_that_could_be_of_two_countries_are_asked_about(tmp_path: Path, header: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(f"{header}\nIvo;Marić;Šibenik\n".encode("cp1250"))
    with pytest.raises(SourceBroken, match="cp1250"):
        encoding_of(path, How())


ABROAD = {
    "cp1250": "Wiśniewska Dąbrowski Zając Małgorzata Gdańsk Dvořák Kučera Růžička Szőke Kőszegi Csűrös Marić Bălan",
    "cp1251": "Ольга Морозова Пётр Соколов Москва Олексій Шевченко Георги Петров",
    "cp1253": "Παπαδόπουλος Γιώργος Ελένη Νικολάου Αθήνα Μαρία",
    "cp1254": "Yılmaz Şahin Çelik Doğan Kılıç Işık Ayşe İbrahim Muğla Uğur",
    "cp1252": "Müller Schäfer Hélène Lefèvre Muñoz Peña João Gonçalves Åström Sørensen Kjær Hämäläinen Nicolò Besançon Çelik",
}
HEADERS = (
    "Nr;Vorname;Nachname;Ort",
    "id;name;city",
    "Id;Prenom;Nom;Ville",
    "Nr;Fornavn;Efternavn;By",
    "Id;Nombre;Apellidos;Ciudad",
)


@given(st.sampled_from(sorted(ABROAD)), st.sampled_from(HEADERS), st.data())
@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_people_of_other_countries_are_read_or_asked_about(
    tmp_path: Path, encoding: str, header: str, data: st.DataObject
) -> None:
    names = data.draw(st.lists(st.sampled_from(ABROAD[encoding].split()), min_size=2, max_size=12, unique=True))
    text = header + "\n" + "".join(f"{number};Ben;{name};Bern\n" for number, name in enumerate(names))
    path = tmp_path / "people.csv"
    path.write_bytes(text.encode(encoding))
    try:
        found = encoding_of(path, How())
    except SourceBroken:
        return
    assert path.read_bytes().decode(found.name) == text or found.confidence < 70


@pytest.mark.parametrize("encoding", ABROAD)
def test_with_names_enough_they_are_read(tmp_path: Path, encoding: str) -> None:
    for header in HEADERS:
        text = header + "\n" + "".join(f"{number};Ben;{name};Bern\n" for number, name in enumerate(ABROAD[encoding].split()))
        path = tmp_path / "people.csv"
        path.write_bytes(text.encode(encoding))
        assert path.read_bytes().decode(encoding_of(path, How()).name) == text


@pytest.mark.parametrize(
    ("country", "encoding", "text", "first", "words"),
    [
        ("TR", "cp1254", "id,name\n1,Ayşe Kaya\n2,John Smith\n", "cp1254", ("Ayşe", "Ayþe")),
        ("US", "cp1254", "id,name\n1,Ayşe Kaya\n2,John Smith\n", "cp1252", ("Ayşe", "Ayþe")),
        ("RU", "cp1251", "id,name\n1,Жук\n", "cp1251", ("Жук",)),
        ("CN", "gb18030", "id,name\n1,张伟\n", "gb18030", ("张伟",)),
    ],
)
def test_the_error_offers_encodings_with_a_word_in_each_the_countrys_first(tmp_path, country, encoding, text, first, words):
    path = tmp_path / "people.csv"
    path.write_bytes(text.encode(encoding))
    with pytest.raises(SourceBroken, match="is not clear") as caught:
        list(delimited.read(path, How(country=country), ENGINE))
    assert f'encoding = "{first}"' in caught.value.hint
    assert all(f'"{word}"' in caught.value.message for word in words), caught.value.message


def test_the_country_of_the_project_reaches_the_error(town: Town) -> None:
    town.put("people.csv", "id,name\n1,Ayşe Kaya\n2,John Smith\n".encode("cp1254"))
    source = open_source("shop", SourceSettings(connector="files", path="in"), town.folder, "TR")
    with pytest.raises(SourceBroken, match="is not clear") as caught:
        list(source.pull("people", None))
    assert 'encoding = "cp1254"' in caught.value.hint


@settings(max_examples=examples(30))
@given(st.binary(min_size=3, max_size=12), st.sampled_from(["US", "TR", "RU", "JP", "PL", "GR", ""]))
def test_what_is_offered_reads_the_words_and_no_word_is_offered_twice(word: bytes, country: str) -> None:
    error = EncodingUnclear(Path("x.csv"), ["cp1250", "cp1252", "cp1251", "mac-roman", "cp932"], [word], country)
    shown = re.findall(r'"([^"]*)"', error.message)
    assert len(shown) == len({*shown}) <= 5
    assert re.search(r'encoding = "[a-z0-9_-]+"', error.hint)
