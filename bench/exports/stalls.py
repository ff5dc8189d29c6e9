"""Exports of helpdesks and shops of further kinds, and fourth books of small firms: kinds mixed that were mended one by one."""

# ruff: noqa: E501 - the rows of exports are long

from decimal import Decimal

from bench.exports.far_shops import DONE, OWN, comma, state
from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"


def teachable() -> Export:
    """A school of courses: users with a role, sales with cents in words, a refund with its time."""
    e, w = Export("Teachable", known=False), World("teachable", countries=("US",))
    rows = []
    for o in w.orders(40):
        back = o.number % 8 == 3
        rows.append(
            {
                "o": o,
                "p": o.person,
                "n": 91000 + o.number,
                "good": o.lines[0].good,
                "back": f"{o.at:%Y-%m-%d} 23:59:00 UTC" if back else "",
            }
        )
        e.order(
            str(91000 + o.number),
            o.person,
            ordered_at=o.at,
            amount=o.total,
            currency="USD",
            status={"refunded"} if back else DONE | {None},
        )
        e.person(o.person, "name email")
        e.product(o.lines[0].good.name, o.lines[0].good.name)
    e.table("transactions.csv", {
        "id": "{n}", "purchased_at": "{o.at:%Y-%m-%d %H:%M:%S} UTC", "course_name": "{good.name}", "user_name": "{p.name}", "user_email": "{p.email}", "final_price": "{o.total}", "currency": "USD", "earnings": "1.00", "coupon": "", "affiliate_email": "", "author_email": STAFF[2], "refunded_at": "{back}", "payment_method": "Card",
    }, rows)  # fmt: skip
    return e


def weebly() -> Export:
    """A site builder: a row for each item, billing before shipping, names in one word."""
    e, w = Export("Weebly", known=False), World("weebly", countries=("US",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Complete": DONE, "Cancelled": "cancelled"})
        rows += [{"o": o, "p": o.person, "line": line, "n": 1177000 + o.number, "word": word} for line in o.lines]
        e.order(
            str(1177000 + o.number),
            o.person,
            o.lines,
            ordered_at={o.at, o.at.date()},
            amount=o.total,
            status=status,
            currency="USD",
        )
        e.person(o.person, f"name region {OWN}")
    e.table("orders.csv", {
        "Order #": "{n}", "Date": "{o.at:%Y-%m-%d}", "Status": "{word}", "Currency": "USD", "Subtotal": "{o.subtotal}", "Tax Total": "{o.tax}", "Shipping Total": "{o.shipping}", "Total": "{o.total}", "Billing Name": "{p.name}", "Billing Email": "{p.email}", "Billing Phone": "{p.phone}", "Billing Address": "{p.street}", "Billing City": "{p.city}", "Billing Region": "{p.region}", "Billing Postal Code": "{p.postcode}", "Billing Country": "US", "Shipping Name": "Uncle Gift", "Shipping City": "Salem",
        "Product Id": "{line.good.sku}", "Product Name": "{line.good.name}", "Product Options": "", "Product Quantity": "{line.quantity}", "Product Price": "{line.good.price}", "Product Total Price": "{line.amount}", "Coupon": "",
    }, rows)  # fmt: skip
    return e


def freshservice() -> Export:
    """A desk for the firm: requesters by name and address, agents beside, times of many kinds."""
    e, w = Export("Freshservice", known=False), World("freshservice", countries=("GB",))
    rows = []
    for number, at in enumerate(w.moments(40)):
        p = w.people[number % 30]
        rows.append(
            {
                "p": p,
                "at": at,
                "n": f"SR-{300 + number}",
                "subject": w.subject(number),
                "state": ("Open", "Resolved")[number % 2],
                "end": f"{at:%d/%m/%Y} 23:57" if number % 2 else "",
            }
        )
        e.ticket(f"SR-{300 + number}", p, subject=w.subject(number), opened_at=at, priority="Low")
        e.person(p, "name email")
    e.table("tickets.csv", {
        "Ticket ID": "{n}", "Subject": "{subject}", "Status": "{state}", "Priority": "Low", "Source": "Portal", "Type": "Service Request", "Requester Name": "{p.name}", "Requester Email": "{p.email}", "Requester Location": "Hull", "Requester VIP": "No", "Agent": OWNER, "Group": "IT", "Department": "Sales", "Created Time": "{at:%d/%m/%Y %H:%M}", "Due by Time": "31/12/2025 10:00", "Resolved Time": "{end}", "Closed Time": "", "Last Updated Time": "05/01/2025 10:00", "Survey Result": "",
    }, rows)  # fmt: skip
    return e


def pledges() -> Export:
    """A crowdfunding site: backers with a pledge, who may have dropped it."""
    e, w = Export("Crowd", known=False), World("crowd", countries=("US",))
    rows = []
    for o in w.orders(40):
        if any(row["p"] is o.person for row in rows):
            continue
        word = "dropped" if o.number % 9 == 4 else "collected"
        rows.append({"o": o, "p": o.person, "n": 7700 + o.number, "word": word})
        e.order({str(7700 + o.number), str(len(rows))}, o.person, ordered_at={o.at, o.at.date()}, amount=o.total)
        e.person(o.person, f"name region {OWN}")
    e.table("backers.csv", {
        "Backer Number": "{k}", "Backer UID": "{n}", "Backer Name": "{p.name}", "Email": "{p.email}", "Shipping Country": "US", "Shipping Amount": "$0.00 USD", "Reward Title": "One lamp", "Backing Minimum": "$10.00 USD", "Pledge Amount": "${o.total} USD", "Pledged At": "{o.at:%Y/%m/%d, %H:%M}", "Pledged Status": "{word}", "Shipping Name": "{p.name}", "Shipping Address 1": "{p.street}", "Shipping City": "{p.city}", "Shipping State": "{p.region}", "Shipping Postal Code": "{p.postcode}", "Shipping Phone Number": "{p.phone}",
    }, [row | {"k": k + 1} for k, row in enumerate(rows)])  # fmt: skip
    return e


def optician() -> Export:
    """A German optician: customers with two phones, jobs with a deposit and a rest."""
    e, w = Export("Optiker DE", known=False), World("optiker", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date {OWN}", f"{p.number + 7000}")
        e.consent(p, "email", p.number % 3 == 0)
    for o in w.orders(40):
        word, status = state(o, {"abgeholt": DONE | {"shipped"}, "storniert": "cancelled"})
        rows.append({"o": o, "c": o.person.number + 7000, "n": f"A-{o.number:05d}", "word": word, "sum": comma(o.total)})
        e.order(f"A-{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.total, status=status)
    e.table("Kundenkartei.csv", {
        "Kd-Nr": "{n}", "Titel": "", "Nachname": "{p.family_name}", "Vorname": "{p.given_name}", "geb. am": "{p.birth:%d.%m.%Y}", "Straße/Nr.": "{p.street}", "Plz/Ort": "{p.postcode} {p.city}", "Festnetz": "", "Mobil": "{p.phone}", "E-Mail-Adr.": "{p.email}", "Newsletter j/n": "{yes}", "Krankenkasse": "TK", "Augenarzt": OWNER,
    }, [{"p": p, "n": p.number + 7000, "yes": "j" if p.number % 3 == 0 else "n"} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("Auftraege.csv", {
        "Auftr.-Nr.": "{n}", "Auftr.-Datum": "{o.at:%d.%m.%Y}", "Kd-Nr": "{c}", "Art": "Brille", "Anzahlung": "10,00", "Rest": "5,00", "Endpreis": "{sum}", "Stand": "{word}", "Berater": OWNER,
    }, rows, ";", "cp1252")  # fmt: skip
    return e


def winery_french() -> Export:
    """A French winery: customers and invoices, lines with bottles."""
    e, w = Export("Domaine FR", known=False), World("domaine", countries=("DE",))
    heads, items = [], []
    for p in w.people:
        e.person(p, f"given_name family_name {OWN}", f"{p.number + 400}")
    for o in w.orders(40):
        heads.append(
            {"o": o, "c": o.person.number + 400, "n": f"F{o.number:05d}", "ht": comma(o.total - o.tax), "sum": comma(o.total)}
        )
        items += [
            {"o": o, "line": line, "n": f"F{o.number:05d}", "ep": comma(line.good.price), "gp": comma(line.amount)}
            for line in o.lines
        ]
        e.order(f"F{o.number:05d}", o.person, o.lines, ordered_at=o.at.date(), amount=o.total)
    e.table("fichier_clients.csv", {
        "Num. client": "{n}", "Nom": "{p.family_name}", "Prén.": "{p.given_name}", "Adresse 1": "{p.street}", "Adresse 2": "", "Cp": "{p.postcode}", "Ville": "{p.city}", "Téléph.": "{p.phone}", "E-mail": "{p.email}", "Représentant": OWNER,
    }, [{"p": p, "n": p.number + 400} for p in w.people], ";", "cp1252")  # fmt: skip
    e.table("factures_entete.csv", {
        "Num. facture": "{n}", "Date": "{o.at:%d/%m/%Y}", "Num. client": "{c}", "Montant HT": "{ht}", "Montant TTC": "{sum}", "Réglée": "O",
    }, heads, ";", "cp1252")  # fmt: skip
    e.table("factures_lignes.csv", {
        "Num. facture": "{n}", "Code art.": "{line.good.sku}", "Libellé": "{line.good.name}", "Nb bouteilles": "{line.quantity}", "Px unit.": "{ep}", "Mt ligne": "{gp}",
    }, items, ";", "cp1252")  # fmt: skip
    return e


def hotel_italian() -> Export:
    """An Italian hotel: bookings that name the guest, an agency beside."""
    e, w = Export("Albergo IT", known=False), World("albergo", countries=("DE",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"Confermata": DONE, "Cancellata": "cancelled"})
        rows.append({"o": o, "p": o.person, "n": f"P{o.number:05d}", "word": word, "sum": comma(o.total)})
        e.order(f"P{o.number:05d}", o.person, ordered_at=o.at.date(), amount=o.total, status=status)
        e.person(o.person, "given_name family_name email phone")
    e.table("prenotazioni.csv", {
        "N. pren.": "{n}", "Data pren.": "{o.at:%d/%m/%Y}", "Cognome ospite": "{p.family_name}", "Nome ospite": "{p.given_name}", "Email ospite": "{p.email}", "Cell. ospite": "{p.phone}", "Arrivo": "01/01/2026", "Partenza": "03/01/2026", "Notti": "2", "Camera": "12", "Agenzia": "Viaggi Srl", "Email agenzia": "info@viaggi.example", "Tot. soggiorno": "{sum}", "Stato pren.": "{word}",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e


def sports_dutch() -> Export:
    """A Dutch sports club: members with a parent, and contributions."""
    e, w = Export("Sportclub NL", known=False), World("sportclub", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date {OWN}", f"{p.number + 150}")
    for o in w.orders(40):
        word = "Gestorneerd" if o.number % 9 == 4 else "Betaald"
        rows.append({"o": o, "c": o.person.number + 150, "n": 31000 + o.number, "word": word, "sum": comma(o.total)})
        e.product("Contributie", "Contributie")
        e.order(str(31000 + o.number), o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("Ledenlijst.csv", {
        "Lidnr.": "{n}", "Roepnaam": "{p.given_name}", "Achternaam": "{p.family_name}", "Geb.dat.": "{p.birth:%d-%m-%Y}", "Straat + nr.": "{p.street}", "Pcode": "{p.postcode}", "Woonplts.": "{p.city}", "Mob. tel.": "{p.phone}", "Mail": "{p.email}", "Mail ouder": "ouder{n}@ouders.example", "Team": "JO13", "Trainer": OWNER,
    }, [{"p": p, "n": p.number + 150} for p in w.people], ";")  # fmt: skip
    e.table("Contributie.csv", {
        "Incassonr.": "{n}", "Incassodatum": "{o.at:%d-%m-%Y}", "Lidnr.": "{c}", "Omschr.": "Contributie", "Bedrag": "{sum}", "Status": "{word}",
    }, rows, ";")  # fmt: skip
    return e


def shop_japanese() -> Export:
    """A Japanese shop: orders on one sheet, the name in two columns, prices with tax."""
    e, w = Export("通販 JA", known=False), World("tsuhan", countries=("US",))
    rows = []
    for o in w.orders(40):
        word, status = state(o, {"発送済み": DONE | {"shipped"}, "キャンセル": "cancelled"})
        rows.append({"o": o, "p": o.person, "n": f"N{o.number:06d}", "word": word, "sum": int(o.total * 10)})
        e.order(f"N{o.number:06d}", o.person, ordered_at=o.at, amount=Decimal(int(o.total * 10)), status=status)
        e.person(o.person, "given_name family_name email phone postcode")
    e.table("受注データ.csv", {
        "受注番号": "{n}", "受注日時": "{o.at:%Y/%m/%d %H:%M}", "受注状況": "{word}", "注文者姓": "{p.family_name}", "注文者名": "{p.given_name}", "注文者メールアドレス": "{p.email}", "注文者電話番号": "{p.phone}", "注文者郵便番号": "{p.postcode}", "送付先姓": "Gift", "送付先名": "Uncle", "送付先電話番号": "+12025550000", "合計金額(税込)": "{sum}", "支払方法": "カード", "備考": "",
    }, rows, ",", "utf-8-sig")  # fmt: skip
    return e


def lessons_swedish() -> Export:
    """A Swedish riding school: pupils with a guardian, lessons that were paid for."""
    e, w = Export("Ridskola SV", known=False), World("ridskola", countries=("DE",))
    rows = []
    for p in w.people:
        e.person(p, f"given_name family_name birth_date {OWN}", f"E{p.number:03d}")
    for o in w.orders(40):
        rows.append({"o": o, "p": o.person, "n": 880 + o.number, "sum": comma(o.total)})
        e.order(str(880 + o.number), o.person, ordered_at=o.at.date(), amount=o.total)
    e.table("elever.csv", {
        "Elevnr": "E{p.number:03d}", "Förnamn": "{p.given_name}", "Efternamn": "{p.family_name}", "Född": "{p.birth_date}", "Gatuadress": "{p.street}", "Postnr": "{p.postcode}", "Postort": "{p.city}", "Mobil": "{p.phone}", "E-post": "{p.email}", "Målsmans namn": "Eva Ek", "Målsmans mobil": "+46701234567", "Ridlärare": OWNER,
    }, [{"p": p} for p in w.people], ";", "utf-8-sig")  # fmt: skip
    e.table("betalningar.csv", {
        "Kvittonr": "{n}", "Betaldatum": "{o.at:%Y-%m-%d}", "Elevnr": "E{p.number:03d}", "Avser": "Lektion", "Belopp": "{sum}", "Betalsätt": "Swish",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    return e
