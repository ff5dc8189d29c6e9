"""The headers of a file show its language, and a language the encodings in which it is written. See `written_in`.

In a short file the letters of a few names can look like any language: `Mariæ` is Danish, or `Marić` read wrongly. The word
`prezime` above it is neither.
"""

from __future__ import annotations

import re
import unicodedata

# The encodings of a region, that of Windows first, and the words for columns that only its languages have; without accents.
REGIONS: dict[tuple[str, ...], str] = {
    ("cp1250", "iso8859-2", "cp852"): (
        "ime prezime grad mjesto adresa kupac kupci iznos cijena opcina zupanija drzava datum_rodenja spol klijent broj "
        "kolicina naziv priimek kraj ulica_in_hisna_stevilka posta postna_stevilka stranka znesek datum_rojstva drzava "
        "jmeno prijmeni mesto ulice zakaznik castka cena psc obec kraj datum_narozeni pohlavi odberatel mnozstvi cislo "
        "cislo_objednavky meno priezvisko ulica zakaznik suma datum_narodenia pohlavie mnozstvo cislo_objednavky nazov "
        "nazev krestni_jmeno celkem imie nazwisko miasto miejscowosc ulica kod_pocztowy kwota klient nazwa "
        "data_urodzenia plec wojewodztwo wartosc ilosc nabywca imie_i_nazwisko numer_zamowienia kontrahent "
        "data_zamowienia adres_e-mail numer_telefonu nev teljes_nev vezeteknev keresztnev csaladnev varos iranyitoszam "
        "utca cim telepules osszeg vevo vevo_neve szuletesi_datum nem rendelesszam mennyiseg telefonszam megnevezes ar "
        "termek ugyfel nume prenume oras localitate strada judet cod_postal suma data_nasterii client_nume pret "
        "cantitate denumire"
    ),
    ("cp1257", "iso8859-13"): (
        "vardas pavarde miestas adresas gatve pasto_kodas klientas gimimo_data suma_eur vards uzvards pilseta adrese "
        "pasta_indekss klients dzimsanas_datums"
    ),
    (
        "cp1254",
        "iso8859-9",
        "cp857",
    ): "soyad soyadi adi sehir ilce musteri tutar isim soyisim dogum_tarihi siparis_no adi_soyadi ad_soyad",
    ("cp1252", "iso8859-15", "cp850", "mac-roman"): (
        "vorname nachname ort wohnort strasse plz kunde kunden kundennummer kundennr betrag geburtsdatum anrede "
        "bezeichnung menge preis land firma rechnungsnr rechnungsnummer telefon_mobil prenom nom ville adresse "
        "code_postal montant quantite prix societe naissance date_de_naissance civilite rue pays nombre apellido "
        "apellidos ciudad direccion codigo_postal importe telefono provincia empresa correo fecha cantidad precio "
        "sobrenome cidade endereco cep valor data_de_nascimento bairro cognome citta indirizzo cap importo fornamn "
        "efternamn postnummer gatuadress belopp kund kundnummer foretag fornavn etternavn efternavn belob kundenavn by "
        "poststed etunimi sukunimi postinumero katuosoite kaupunki paikkakunta summa puhelin asiakas voornaam "
        "achternaam plaats woonplaats straat bedrag klant geboortedatum huisnummer telefoonnummer"
    ),
    ("cp1252", "iso8859-15", "cp1257"): "eesnimi perenimi perekonnanimi linn tanav nafn kennitala fornafn eftirnafn heimilisfang",
}
LINES = 6
_LETTERS = {"ł": "l", "đ": "d", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"}


def written_in(head: bytes) -> tuple[str, ...]:
    """The encodings of the languages that the headers in the first lines show; none if they show none, or several."""
    shown = {encodings for encodings in REGIONS if _cells(head, encodings[0]) & _words(encodings)}
    if len(shown) > 1:  # words that several have: those with the most
        counts = {encodings: len(_cells(head, encodings[0]) & _words(encodings)) for encodings in shown}
        shown = {encodings for encodings, count in counts.items() if count == max(counts.values())}
    return next(iter(shown)) if len(shown) == 1 else ()


def _words(encodings: tuple[str, ...]) -> set[str]:
    return {word.replace("_", " ") for word in REGIONS[encodings].split()}


def _cells(head: bytes, encoding: str) -> set[str]:
    """The first cells of a file, in small letters and without accents."""
    lines = [line for line in head.decode(encoding, "replace").splitlines() if line.strip()][:LINES]
    return {_bare(cell) for line in lines for cell in re.split(r"[,;|\t]", line)}


def _bare(cell: str) -> str:
    text = "".join(_LETTERS.get(letter, letter) for letter in cell.strip(" \"'").lower())
    folded = unicodedata.normalize("NFKD", text)
    return re.sub(r"[\s_-]+", " ", "".join(letter for letter in folded if not unicodedata.combining(letter)))
