"""Five more products as people bring them: a club, a CRM, a help desk with its members, another CRM, a hotel. Made-up people."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

P1_BEITRAGSRECHNUNGEN = """
Rechnungsnummer;Mitgliedsnummer;Empfänger;Rechnungsdatum;Fälligkeitsdatum;Betrag;Offener Betrag;Status
2025-001;1001;Jürgen Größl;02.01.2025;31.01.2025;60,00;0,00;Bezahlt
2025-002;1002;Käthe Größl;02.01.2025;31.01.2025;60,00;0,00;Bezahlt
2025-003;1044;Otto Kern;02.01.2025;31.01.2025;60,00;60,00;Offen
2025-004;1005;Bäckerei Huber GmbH;02.01.2025;31.01.2025;200,00;0,00;Storniert
"""
P1_MITGLIEDER = """
Mitgliedsnummer;Anrede;Vorname;Nachname;Familienname Partner;Straße;PLZ;Ort;E-Mail privat;E-Mail geschäftlich;Telefon privat;Mobil;Geburtsdatum;Eintrittsdatum;Austrittsdatum;Mitgliedsart;Zahlungsweise;Kontoinhaber;IBAN
1001;Herr;Jürgen;Größl;;Lindenweg 4;80331;München;juergen@groessl.example;;+49 89 123401;+49 171 1234501;01.02.1960;01.01.2010;;Aktiv;SEPA;Jürgen Größl;DE02120300000000202051
1002;Frau;Käthe;Größl;;Lindenweg 4;80331;München;juergen@groessl.example;;+49 89 123401;;03.04.1962;01.01.2010;;Aktiv;SEPA;Jürgen Größl;DE02120300000000202051
1003;Herr;Otto;Kern;;Alte Gasse 1;80333;München;otto.alt@kern.example;;+49 89 123402;;05.06.1970;01.01.2005;31.12.2015;Passiv;Rechnung;Otto Kern;
1044;Herr;Otto;Kern;;Neue Gasse 9;80337;München;otto@kern.example;;;+49 171 1234502;05.06.1970;01.01.2020;;Aktiv;SEPA;Otto Kern;DE02500105170137075030
1005;Firma;;Bäckerei Huber GmbH;;Markt 2;80335;München;info@huber.example;;+49 89 123403;;;01.01.2012;;Fördermitglied;Rechnung;Bäckerei Huber GmbH;
"""
P2_CONTACTS = """
Civilité;Nom;Prénom;Fonction;Société;E-mail;Téléphone;Mobile;Archivé;Désinscrit e-mailing
M.;Lefèvre;Émile;Gérant;Boulangerie Lefèvre SARL;emile@lefevre.example;+33 4 11 22 33 01;+33 6 11 22 33 01;Non;Non
Mme;Lefèvre;Chloé;Comptable;Boulangerie Lefevre S.A.R.L.;chloe@lefevre.example;+33 4 11 22 33 01;;Non;Oui
M.;Brun;Noël;Acheteur;Garage du Pré;ancien@pre.example;+33 4 11 22 33 03;;Oui;Non
M.;Brun;Noël;Directeur;Garage du Pré;noel@pre.example;+33 4 11 22 33 03;;Non;Non
Mme;Roy;Zoé;;;zoe@roy.example;;+33 6 11 22 33 05;Non;Non
"""
P2_FACTURES = """
Numéro;Date;Client;Montant TTC;Reste dû;Statut
F-1;03/01/2025;Boulangerie Lefèvre SARL;240,00;0,00;Payée
F-2;04/01/2025;Garage du Pré;100,00;100,00;En retard
F-3;05/01/2025;Zoé Roy;50,00;0,00;Payée
F-4;05/01/2025;Garage du Pré;80,00;0,00;Annulée
"""
P2_SOCIETES = """
Nom;Type;SIRET;Site web;Ville;Archivé
Boulangerie Lefèvre SARL;Client;73282932000074;https://lefevre.example;Lyon;Non
Garage du Pré;Prospect;44306184100047;https://pre.example;Dijon;Non
"""
P3_SOCIOS = """
Nº socio,Socio,DNI,Correo,Móvil,Fecha de alta,Fecha de baja,Cuota mensual,Domiciliación
11,Íñigo Peña Ríos,12345678Z,inigo@pena.example,+34 600 111 201,2020-01-02,,35.00,Sí
12,Ana Ruiz Cobo,87654321X,ana@ruiz.example,+34 600 111 202,2021-01-02,,35.00,Sí
13,Íñigo Peña Ríos,12345678Z,viejo@pena.example,+34 600 111 299,2010-01-02,2015-05-05,20.00,No
"""
P3_TICKETS = """
ID de ticket,Asunto,Estado,Prioridad,Nombre del solicitante,Correo del solicitante,Agente,Grupo,Hora de creación,Hora de cierre
1,No puedo entrar,Cerrado,Baja,Íñigo Peña,inigo@pena.example,Lucía Gil,Soporte,2025-01-02 09:00:00,2025-01-02 10:00:00
2,Factura,Abierto,Media,Ana Ruiz,ana@ruiz.example,Lucía Gil,Soporte,2025-01-03 09:00:00,
3,Prueba interna,Cerrado,Baja,Lucía Gil,lucia@gimnasio.example,Marta Sol,Soporte,2025-01-04 09:00:00,2025-01-04 09:30:00
4,Cambio de cuota,Cerrado,Media,Íñigo Peña,inigo@pena.example,Marta Sol,Soporte,2025-01-05 09:00:00,2025-01-05 10:00:00
"""
P4_BEDRIJVEN = """
Naam,Btw-nummer,Website,Sector,E-mail,Telefoon,Gemeente,Land,Status
Bakkerij 't Hoekje B.V.,NL123456789B01,https://hoekje.example,Voeding,info@hoekje.example,+31 20 1234500,Amsterdam,Nederland,Actief
Garage Smit,NL987654321B01,https://smit.example,Auto,info@smit.example,+31 20 1234510,Den Haag,Nederland,Actief
"""
P4_CONTACTEN = """
Voornaam,Achternaam,Bedrijf,Functie,E-mail,Telefoon,GSM,Straat,Nummer,Postcode,Gemeente,Land,Status,Nieuwsbrief
Jan,de Vries,Bakkerij 't Hoekje BV,Zaakvoerder,jan@hoekje.example,+31 20 1234501,+31 6 12345601,Dorpsstraat,1,1011AB,Amsterdam,Nederland,Actief,ja
Piet & Marie,Jansen,,,jansen@thuis.example,+31 20 1234502,,Kerkstraat,5,3011CD,Rotterdam,Nederland,Actief,nee
Sanne,Bakker,Garage Smit,Inkoper,sanne@smit.example,+31 20 1234503,,Laan,7,2511EF,Den Haag,Nederland,Gedeactiveerd,ja
"""
P4_FACTUREN = """
Factuurnummer,Datum,Klant,Contactpersoon,Bedrag incl. btw,Openstaand,Status
2025/1,2025-01-02,Bakkerij 't Hoekje BV,Jan de Vries,121.00,0.00,Betaald
2025/2,2025-01-03,Piet & Marie Jansen,,60.50,60.50,Openstaand
2025/3,2025-01-04,Garage Smit,Sanne Bakker,242.00,0.00,Gecrediteerd
"""
P5_OSPITI = """
Ospite,Data di nascita,Email,Telefono,Indirizzo,CAP,Città,Nazione,Note
Niccolò Galli,01/02/1980,niccolo@galli.example,+39 333 1112201,Via Roma 1,20121,Milano,Italia,
Zoè Riva,03/04/1985,zoe@riva.example,+39 333 1112202,Via Po 2,10123,Torino,Italia,
"""
P5_PRENOTAZIONI = """
N. prenotazione,Intestatario,Email,Telefono,Arrivo,Partenza,Notti,Camera,Adulti,Bambini,Canale,Totale,Acconto,Saldo,Stato
501,Niccolò Galli,niccolo@galli.example,+39 333 1112201,01/03/2025,04/03/2025,3,101,2,0,Diretto,300.00,100.00,200.00,Confermata
502,Zoè Riva,abc123@guest.booking.com,+39 333 1112202,05/03/2025,06/03/2025,1,102,1,0,Booking.com,90.00,0.00,90.00,Mancato arrivo
503,Zoè Riva,zoe@riva.example,+39 333 1112202,08/03/2025,10/03/2025,2,102,1,1,Diretto,180.00,180.00,0.00,Partito
504,Niccolò Galli,niccolo@galli.example,+39 333 1112201,01/04/2025,02/04/2025,1,101,2,0,Diretto,100.00,50.00,50.00,Cancellata
"""


def test_a_german_club(day_one):
    view = day_one({"beitragsrechnungen.csv": P1_BEITRAGSRECHNUNGEN, "mitglieder.csv": P1_MITGLIEDER})
    assert view.people == {"Jürgen Größl", "Käthe Größl", "Otto Kern", "Bäckerei Huber GmbH"}
    assert view.golden["Otto Kern"] == "otto@kern.example"
    assert view.spent["Jürgen Größl"] == view.spent["Käthe Größl"] == {"": Decimal("60.00")}
    assert view.unpaid == {"Otto Kern": {"": Decimal("60.00")}}
    assert "Bäckerei Huber GmbH" not in view.spent


def test_a_french_crm(day_one):
    view = day_one({"contacts.csv": P2_CONTACTS, "factures.csv": P2_FACTURES, "sociétés.csv": P2_SOCIETES})
    companies = {
        "Émile Lefèvre": "Boulangerie Lefèvre SARL",
        "Chloé Lefèvre": "Boulangerie Lefèvre SARL",
        "Noël Brun": "Garage du Pré",
    }
    assert view.companies == companies
    assert view.golden["Noël Brun"] == "noel@pre.example"
    assert view.spent["Boulangerie Lefèvre SARL"] == {"": Decimal("240.00")}


def test_a_spanish_help_desk(day_one):
    view = day_one({"socios.csv": P3_SOCIOS, "tickets.csv": P3_TICKETS})
    assert len(view.people) == 2
    assert "Lucía Gil" not in view.people
    assert view.golden["Íñigo Peña Ríos"] == "inigo@pena.example"
    assert 'opened_at = "Hora de creación"' in view.text


def test_a_dutch_crm(day_one):
    view = day_one({"bedrijven.csv": P4_BEDRIJVEN, "contacten.csv": P4_CONTACTEN, "facturen.csv": P4_FACTUREN})
    assert view.companies == {"Jan de Vries": "Bakkerij 't Hoekje B.V.", "Sanne Bakker": "Garage Smit"}
    assert 'street = { fields = ["Straat", "Nummer"] }' in view.text
    assert view.consents["Jan de Vries"] == {("nieuwsbrief", True)}


def test_an_italian_hotel(day_one):
    view = day_one({"ospiti.csv": P5_OSPITI, "prenotazioni.csv": P5_PRENOTAZIONI})
    assert view.people == {"Niccolò Galli", "Zoè Riva"}
    assert view.golden["Zoè Riva"] == "zoe@riva.example"
    assert view.statuses["502"] == view.statuses["504"] == "cancelled"
    assert view.spent == {"Niccolò Galli": {"": Decimal("100.00")}, "Zoè Riva": {"": Decimal("180.00")}}
