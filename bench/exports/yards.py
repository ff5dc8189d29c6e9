"""Exports of a ninth round: funnels, rentals, parishes, and more books of small firms."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def funnel() -> Export:
    """A CRM of funnels: contacts with additional e-mails, opportunities by contact and stage."""
    e, w = Export("HighLevel", known=False), World("highlevel", countries=("US",))
    for p in w.people:
        e.person(p, f"given_name family_name region {OWN}", f"hl{p.number:05d}")
    e.table("contacts.csv", {
        "Contact Id": "hl{p.number:05d}", "First Name": "{p.given_name}", "Last Name": "{p.family_name}", "Phone": "{p.phone}", "Email": "{p.email}", "Business Name": "", "Created": "2024-01-02T10:00:00Z", "Last Activity": "2024-05-05", "Tags": "", "Additional Emails": "", "Street Address": "{p.street}", "City": "{p.city}", "State": "{p.region}", "Postal Code": "{p.postcode}", "Country": "US", "Assigned": OWNER, "DND": "",
    }, [{"p": p} for p in w.people])  # fmt: skip
    rows = [
        {
            "p": w.people[number % 30],
            "at": at,
            "n": f"op{number:05d}",
            "sum": 500 + number,
            "state": ("won", "open", "lost")[number % 3],
        }
        for number, at in enumerate(w.moments(30))
    ]
    e.table("opportunities.csv", {
        "Opportunity ID": "{n}", "Opportunity Name": "Roof {n}", "Contact Name": "{p.name}", "phone": "{p.phone}", "email": "{p.email}", "pipeline": "Sales", "stage": "Contacted", "Lead Value": "{sum}", "source": "web", "assigned": OWNER, "Created on": "{at:%Y-%m-%dT%H:%M:%S}", "status": "{state}", "Contact ID": "hl{p.number:05d}",
    }, rows)  # fmt: skip
    for row in rows:
        e.deal(row["n"], row["p"], amount=Decimal(row["sum"]), at={row["at"], row["at"].date()})
    return e


def rental() -> Export:
    """A rental of cameras: renters and rentals with a start and a return, the deposit beside the total."""
    e, w = Export("Rental", known=False), World("rental-gb", countries=("GB",))
    rows = []
    for p in w.people:
        e.person(p, f"name {OWN}", f"RN{p.number:04d}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "n": f"RA-{o.number:05d}"})
        e.order(f"RA-{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("renters.csv", {
        "Renter No": "RN{p.number:04d}", "Renter Name": "{p.name}", "Mobile": "{p.phone}", "Email Addr": "{p.email}", "Address Line 1": "{p.street}", "Town/City": "{p.city}", "Postcode": "{p.postcode}", "ID Seen": "Y", "Driver Licence": "",
    }, [{"p": p} for p in w.people])  # fmt: skip
    e.table("rentals.csv", {
        "Agreement No": "{n}", "Renter No": "RN{p.number:04d}", "Booked On": "{o.at:%d/%m/%Y}", "Hire Start": "01/01/2026", "Hire End": "05/01/2026", "Deposit": "100.00", "Hire Charge": "{o.subtotal}", "Total Charge": "{o.total}", "Handled By": OWNER,
    }, rows)  # fmt: skip
    return e


def parish() -> Export:
    """A Polish parish: parishioners by a card, offerings."""
    e, w = Export("Parafia PL", known=False), World("parafia", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name phone street city postcode birth_date", f"{p.number + 1}")
    for o in w.orders(40):
        rows.append({"o": o, "c": o.person.number + 1, "n": f"KP/{o.number}", "sum": comma(o.total)})
        e.order(f"KP/{o.number}", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("parafianie.csv", {
        "Nr kart.": "{n}", "Nazwisko": "{p.family_name}", "Imię": "{p.given_name}", "Data urodz.": "{p.birth:%d.%m.%Y}", "Telefon": "{p.phone}", "Ulica i nr": "{p.street}", "Kod poczt.": "{p.postcode}", "Miejscow.": "{p.city}", "Imię ojca": "Jan", "Imię matki": "Anna",
    }, [{"p": p, "n": p.number + 1} for p in w.people], ";", "utf-8-sig")  # fmt: skip
    e.table("ofiary.csv", {
        "Nr dowodu": "{n}", "Data wpłaty": "{o.at:%d.%m.%Y}", "Nr kart.": "{c}", "Cel": "Dach", "Kwota wpł.": "{sum}",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e


def florist() -> Export:
    """A German florist: orders that name who orders and who receives, on one sheet."""
    e, w = Export("Blumen DE", known=False), World("blumen", countries=("DE",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"ausgeliefert": DONE | {"shipped"}, "storniert": "cancelled"})
        rows.append({"o": o, "p": o.person, "n": 1200 + o.number, "word": word, "sum": comma(o.total)})
        e.order(str(1200 + o.number), o.person, ordered_at=o.at.date(), amount=o.total, status=status)
        e.person(o.person, "given_name family_name email phone")
    e.table("Bestellungen.csv", {
        "Best.-Nr.": "{n}", "Best.-Dat.": "{o.at:%d.%m.%Y}", "Besteller Vorname": "{p.given_name}", "Besteller Nachname": "{p.family_name}", "Besteller Tel.": "{p.phone}", "Besteller Mail": "{p.email}", "Empf. Name": "Oma Gift", "Empf. Str.": "Nirgends 1", "Empf. PLZ": "99999", "Empf. Ort": "Salem", "Lieferdat.": "01.01.2026", "Kartentext": "Alles Gute", "Gesamt EUR": "{sum}", "Status": "{word}", "Fahrer": OWNER,
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def swim_french() -> Export:
    """A French swimming club: licences as numbers of people, in both files."""
    e, w = Export("Natation FR", known=False), World("natation", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date {OWN}", f"7{p.number:06d}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "n": f"R{o.number:04d}", "sum": comma(o.total)})
        e.order(f"R{o.number:04d}", o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("licencies.csv", {
        "N° licence": "7{p.number:06d}", "NOM": "{p.family_name}", "Prénom": "{p.given_name}", "Date naiss.": "{p.birth:%d/%m/%Y}", "Adr.": "{p.street}", "CP": "{p.postcode}", "Ville": "{p.city}", "Tél. mob.": "{p.phone}", "Courriel": "{p.email}", "Certif. médical": "OUI", "Entraîneur": OWNER,
    }, [{"p": p} for p in w.people], ";", "utf-8-sig")  # fmt: skip
    e.table("cotisations.csv", {
        "N° reçu": "{n}", "Date paiem.": "{o.at:%d/%m/%Y}", "N° licence": "7{p.number:06d}", "Saison": "2024", "Montant": "{sum}", "Moyen paiem.": "CB",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e


def notary_italian() -> Export:
    """An Italian studio: clients and fees."""
    e, w = Export("Studio IT", known=False), World("studio", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date {OWN}", f"{p.number + 30}")
    for o in w.orders(40):
        word, status = state(o, {"Incassata": DONE, "Stornata": {"cancelled", "refunded"}})
        rows.append({"o": o, "c": o.person.number + 30, "n": f"{o.number + 1}/24", "sum": comma(o.total), "word": word})
        e.order(f"{o.number + 1}/24", o.person, ordered_at=o.at.date(), amount=o.total, status=status)
    e.table("anagrafica.csv", {
        "Cod. cliente": "{n}", "Cognome": "{p.family_name}", "Nome": "{p.given_name}", "Data nasc.": "{p.birth:%d/%m/%Y}", "Cod. fisc.": "", "Indir.": "{p.street}", "CAP": "{p.postcode}", "Comune": "{p.city}", "Telef.": "", "Cellul.": "{p.phone}", "PEC": "", "Email": "{p.email}",
    }, [{"p": p, "n": p.number + 30} for p in w.people], ";", "utf-8-sig")  # fmt: skip
    e.table("parcelle.csv", {
        "N. parcella": "{n}", "Data emiss.": "{o.at:%d/%m/%Y}", "Cod. cliente": "{c}", "Oggetto": "Consulenza", "Onorario": "10,00", "Totale parcella": "{sum}", "Stato": "{word}",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e


def bakery_spanish() -> Export:
    """A Mexican bakery: notes of sale, the customer by a number."""
    e, w = Export("Panadería ES", known=False), World("panaderia", countries=("US",))
    rows = []
    for p in w.people:
        e.person(p, f"name {OWN}", f"CTE-{p.number:03d}")
    for o in w.orders(40):
        word, status = state(o, {"Pagada": DONE, "Cancelada": "cancelled"})
        rows.append({"o": o, "p": o.person, "n": 4500 + o.number, "word": word})
        e.order(str(4500 + o.number), o.person, ordered_at=o.at.date(), amount=o.total, status=status)
    e.table("clientes.csv", {
        "No. Cte.": "CTE-{p.number:03d}", "Nombre del Cte.": "{p.name}", "Calle y núm.": "{p.street}", "C.P.": "{p.postcode}", "Ciudad": "{p.city}", "Cel.": "{p.phone}", "Correo": "{p.email}", "RFC": "",
    }, [{"p": p} for p in w.people], ",", "utf-8-sig")  # fmt: skip
    e.table("notas.csv", {
        "No. Nota": "{n}", "Fecha Vta.": "{o.at:%d/%m/%Y}", "No. Cte.": "CTE-{p.number:03d}", "Subtotal": "{o.subtotal}", "IVA": "{o.tax}", "Total": "{o.total}", "Estatus": "{word}", "Cajero": OWNER,
    }, rows, ",", "utf-8-sig")  # fmt: skip
    return e


def museum_dutch() -> Export:
    """A Dutch museum: friends of it, gifts."""
    e, w = Export("Museum NL", known=False), World("museum-nl", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name email phone city postcode", f"V{p.number:04d}", street=p.street)
        e.consent(p, "email", p.number % 2 == 0)
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "n": 66000 + o.number, "sum": comma(o.total)})
        e.order(str(66000 + o.number), o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("Vrienden.csv", {
        "Vriendnr.": "V{p.number:04d}", "Voornaam": "{p.given_name}", "Achternaam": "{p.family_name}", "Adres": "{p.street}", "Postc.": "{p.postcode}", "Woonplaats": "{p.city}", "Telefoonnr.": "{p.phone}", "E-mailadr.": "{p.email}", "Nieuwsbrief (J/N)": "{yes}", "Vriend sinds": "2019",
    }, [{"p": p, "yes": "J" if p.number % 2 == 0 else "N"} for p in w.people], ";")  # fmt: skip
    e.table("Giften.csv", {
        "Giftnr.": "{n}", "Giftdatum": "{o.at:%d-%m-%Y}", "Vriendnr.": "V{p.number:04d}", "Doel": "Zaal", "Giftbedrag": "{sum}",
    }, rows, ";")  # fmt: skip
    return e


def housing_swedish() -> Export:
    """A Swedish landlord: tenants and rents, in the genitive."""
    e, w = Export("Bostad SV", known=False), World("bostad", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"name {OWN}", f"H{p.number:04d}")
    for o in w.orders(40):
        word, status = state(o, {"Betald": DONE, "Krediterad": {"refunded", "cancelled", "returned"}})
        rows.append({"o": o, "p": o.person, "n": 90100 + o.number, "sum": comma(o.total), "word": word})
        e.order(str(90100 + o.number), o.person, ordered_at=o.at.date(), amount=o.total, status=status)
    e.table("hyresgäster.csv", {
        "Hyresgästnr": "H{p.number:04d}", "Hyresgästens namn": "{p.name}", "Adress": "{p.street}", "Postnr": "{p.postcode}", "Ort": "{p.city}", "Tel.": "{p.phone}", "E-postadr.": "{p.email}", "Lgh-nr": "1001", "Förvaltare": OWNER,
    }, [{"p": p} for p in w.people], ";", "utf-8-sig")  # fmt: skip
    e.table("hyresavier.csv", {
        "Avinr": "{n}", "Avidatum": "{o.at:%Y-%m-%d}", "Hyresgästnr": "H{p.number:04d}", "Period": "2024-03", "Att betala": "{sum}", "Status": "{word}",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e


def tailor_turkish() -> Export:
    """A Turkish tailor: customers and orders with a rest."""
    e, w = Export("Terzi TR", known=False), World("terzi", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, "given_name family_name phone email street", f"{p.number + 10}", city={p.city, None})
    for o in w.orders(40):
        word, status = state(o, {"Teslim Edildi": DONE | {"shipped"}, "İptal": "cancelled"})
        rows.append({"o": o, "c": o.person.number + 10, "n": f"SP{o.number:04d}", "sum": comma(o.total), "word": word})
        e.product("Takım", "Takım")
        e.order(f"SP{o.number:04d}", o.person, ordered_at=o.at.date(), amount=o.total, status=status)
    e.table("musteriler.csv", {
        "Müş. No": "{n}", "Ad": "{p.given_name}", "Soyad": "{p.family_name}", "Cep": "{p.phone}", "E-posta": "{p.email}", "Adres": "{p.street}", "Şehir": "{p.city}", "Not": "",
    }, [{"p": p, "n": p.number + 10} for p in w.people], ";", "utf-8-sig")  # fmt: skip
    e.table("siparisler.csv", {
        "Sip. No": "{n}", "Sip. Tar.": "{o.at:%d.%m.%Y}", "Müş. No": "{c}", "Ürün": "Takım", "Top. Tutar": "{sum}", "Kapora": "10,00", "Kalan": "5,00", "Durum": "{word}",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e
