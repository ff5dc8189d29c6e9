"""Exports of those who have no customers but donors, members, pupils, patients and tenants."""

# ruff: noqa: E501 - the rows of exports are long

from dataclasses import replace
from decimal import Decimal

from bench.exports.made_up import STAFF, World
from bench.exports.truth import Export

OWNER = f"{STAFF[0]} {STAFF[1]}"
ADDRESS = "street city postcode region country"


def raisers_edge() -> Export:
    """Constituents with their spouse, and gifts of which some are pledges that were written off."""
    e, w = Export("Raiser's Edge", known=False), World("raisers")
    e.table("constituents.csv", {
        "Constituent ID": "{p.number:06d}", "Title": "", "First Name": "{p.given_name}", "Last Name": "{p.family_name}", "Spouse First Name": "Odd",
        "Spouse Last Name": "{p.family_name}", "Preferred Address Lines": "{p.street}", "Preferred City": "{p.city}", "Preferred State": "{p.region}",
        "Preferred ZIP": "{p.postcode}", "Preferred Country": "{p.country_name}", "Email": "{p.email}", "Home Phone": "{p.phone}", "Birth date": "{p.birth:%m/%d/%Y}",
        "Deceased": "No", "Solicitor Name": OWNER,
    }, [{"p": p} for p in w.people])  # fmt: skip
    for p in w.people:
        e.person(p, f"name given_name family_name email phone birth_date {ADDRESS}", f"{p.number:06d}")
    rows = [
        {"n": number, "p": w.people[number % 30], "at": at, "sum": f"{25 + number}.00"} for number, at in enumerate(w.moments(45))
    ]
    e.table("gifts.csv", {
        "Gift ID": "G-{n:05d}", "Constituent ID": "{p.number:06d}", "Name": "{p.name}", "Gift Date": "{at:%m/%d/%Y}", "Gift Amount": "${sum}", "Gift Type": "Cash",
        "Fund Description": "General", "Appeal": "Spring", "Solicitor Name": OWNER,
    }, rows)  # fmt: skip
    for row in rows:
        e.order(f"G-{row['n']:05d}", row["p"], ordered_at=row["at"].date(), amount=Decimal(row["sum"]))
    return e


def breeze() -> Export:
    """People of a church with their family, and what they gave."""
    e, w = Export("Breeze", known=False), World("breeze")
    e.table("people.csv", {
        "Breeze ID": "38{p.number:05d}", "First Name": "{p.given_name}", "Last Name": "{p.family_name}", "Nickname": "", "Middle Name": "", "Maiden Name": "", "Gender": "",
        "Status": "Member", "Birthdate": "{p.birth:%m/%d/%Y}", "Family": "{p.family_name} Family", "Family Role": "Head of Household", "Mobile": "{p.phone}", "Home": "", "Work": "",
        "Email": "{p.email}", "Street Address": "{p.street}", "City": "{p.city}", "State": "{p.region}", "Zip": "{p.postcode}", "Added Date": "01/05/2024",
    }, [{"p": p} for p in w.people])  # fmt: skip
    for p in w.people:
        e.person(p, "name given_name family_name email phone birth_date street city postcode region", f"38{p.number:05d}")
    rows = [
        {"n": number, "p": w.people[number % 30], "at": at, "sum": f"{10 + number}.25"} for number, at in enumerate(w.moments(45))
    ]
    e.table("giving.csv", {
        "Payment ID": "9{n:04d}", "Date": "{at:%m/%d/%Y}", "Batch": "12", "Person ID": "38{p.number:05d}", "First Name": "{p.given_name}", "Last Name": "{p.family_name}",
        "Amount": "{sum}", "Fund(s)": "Tithe", "Method ID": "Check", "Note": "",
    }, rows)  # fmt: skip
    for row in rows:
        e.order(f"9{row['n']:04d}", row["p"], ordered_at=row["at"].date(), amount=Decimal(row["sum"]))
    return e


def school() -> Export:
    """Pupils with their parents, who are other people, teachers apart, and invoices of fees."""
    e, w = Export("School", known=False), World("school")
    e.table("students.csv", {
        "Student_Number": "{p.number:08d}", "Last_Name": "{p.family_name}", "First_Name": "{p.given_name}", "Grade_Level": "9", "DOB": "{p.birth:%m/%d/%Y}",
        "Student_Email": "{p.email}", "Mother": "Ann {p.family_name}", "Mother_Email": "ann.{p.family_name}@parents.example", "Father_Phone": "+15125559{p.number:03d}",
        "Home_Phone": "{p.phone}", "Street": "{p.street}", "City": "{p.city}", "State": "{p.region}", "Zip": "{p.postcode}", "Homeroom_Teacher": OWNER, "Enroll_Status": "0",
    }, [{"p": p} for p in w.people])  # fmt: skip
    for p in w.people:
        e.person(p, "name given_name family_name email phone birth_date street city postcode region", f"{p.number:08d}")
    e.table(
        "teachers.csv",
        {"Teacher_ID": "T1", "First_Name": STAFF[0], "Last_Name": STAFF[1], "Email_Addr": STAFF[2], "Home_Phone": "+15125557777"},
        [{}],
    )
    rows = [
        {"n": number, "p": w.people[number % 30], "at": at, "sum": f"{300 + number}.00"}
        for number, at in enumerate(w.moments(40))
    ]
    e.table("fee_invoices.csv", {
        "Invoice_No": "INV{n:05d}", "Student_Number": "{p.number:08d}", "Invoice_Date": "{at:%m/%d/%Y}", "Due_Date": "06/30/2025", "Total_Amount": "{sum}", "Status": "Paid",
    }, rows)  # fmt: skip
    for row in rows:
        e.order(f"INV{row['n']:05d}", row["p"], ordered_at=row["at"].date(), amount=Decimal(row["sum"]), status="paid")
    return e


def clinic() -> Export:
    """Patients with their guarantor and provider, some deleted, and appointments."""
    e, w = Export("Open Dental", known=False), World("clinic")
    gone = w.people[-1]
    e.table("patient.csv", {
        "PatNum": "{p.number}", "LName": "{p.family_name}", "FName": "{p.given_name}", "MiddleI": "", "Preferred": "", "PatStatus": "{state}", "Gender": "", "Birthdate": "{p.birth_date}",
        "SSN": "", "Address": "{p.street}", "Address2": "", "City": "{p.city}", "State": "{p.region}", "Zip": "{p.postcode}", "HmPhone": "", "WkPhone": "", "WirelessPhone": "{p.phone}",
        "Email": "{p.email}", "Guarantor": "{p.number}", "PriProv": "3", "ChartNumber": "", "is_deleted": "{deleted}",
    }, [{"p": p, "state": "Patient", "deleted": "Y" if p is gone else "N"} for p in w.people], "\t")  # fmt: skip
    for p in w.people[:-1]:
        e.person(p, "name given_name family_name email phone birth_date street city postcode region", str(p.number))
    rows = [{"n": 5000 + number, "p": w.people[number % 30], "at": at} for number, at in enumerate(w.moments(45))]
    e.table("appointment.csv", {
        "AptNum": "{n}", "PatNum": "{p.number}", "AptStatus": "Complete", "AptDateTime": "{at:%Y-%m-%d %H:%M:%S}", "ProvNum": "3", "Note": "Check-up", "Op": "2",
    }, rows, "\t")  # fmt: skip
    for row in rows:
        e.deal(str(row["n"]), row["p"], at=row["at"])
    return e


def estate() -> Export:
    """Leads of an estate agent: several numbered e-mails and phones, the agent, what they look for."""
    e, w = Export("Follow Up Boss", known=False), World("estate")
    e.table("people.csv", {
        "ID": "{p.number}", "First Name": "{p.given_name}", "Last Name": "{p.family_name}", "Stage": "Lead", "Lead Source": "Web", "Assigned Agent": OWNER, "Assigned Lender": "Len Der",
        "Email 1": "{p.email}", "Email 1 - Type": "home", "Email 2": "{second}", "Email 2 - Type": "", "Phone 1": "{p.phone}", "Phone 1 - Type": "mobile", "Phone 1 - Is Bad Number": "No",
        "Address 1 - Street": "{p.street}", "Address 1 - City": "{p.city}", "Address 1 - State": "{p.region}", "Address 1 - Zip": "{p.postcode}", "Address 1 - Country": "{p.country}",
        "Property Address": "1 Nowhere Lane", "Property City": "Elsewhere", "Property Price": "450000", "Relationship 1 First Name": "Odd", "Relationship 1 Email 1": "odd{p.number}@example.org",
        "Background": "", "Tags": "buyer", "Created At": "2024-01-05 10:00:00", "Last Activity": "2024-05-05",
    }, [{"p": p, "second": f"{p.given_name}@home.example" if p.number % 3 == 0 else ""} for p in w.people])  # fmt: skip
    for p in w.people:
        second = {f"{p.given_name}@home.example".lower()} if p.number % 3 == 0 else set()
        e.person(p, f"name given_name family_name phone {ADDRESS}", str(p.number), email={p.email} | second)
    return e


def association() -> Export:
    """Memberships of a French association: who joins and who pays are columns of their own; cents with a comma."""
    e, w = Export("HelloAsso FR", known=False), World("association")
    words = ("Validé", "Remboursé")
    rows = [
        {"n": 1000 + number, "p": w.people[number], "at": at, "who": "Kim" if number % 5 == 0 else w.people[number].given_name, "sum": f"{20 + number},50", "state": words[number % 2]}
        for number, at in enumerate(w.moments(35))
    ]  # fmt: skip
    e.table("adhesions.csv", {
        "Référence commande": "{n}", "Date de la commande": "{at:%d/%m/%Y %H:%M}", "Statut de la commande": "{state}", "Nom adhérent": "{p.family_name}", "Prénom adhérent": "{who}",
        "Carte d'adhérent": "", "Nom payeur": "{p.family_name}", "Prénom payeur": "{p.given_name}", "Email payeur": "{p.email}", "Raison sociale": "", "Moyen de paiement": "Carte bancaire",
        "Tarif": "Adulte", "Montant tarif": "{sum}", "Code promo": "",
    }, rows, ";", "utf-8-sig")  # fmt: skip
    for row in rows:
        e.person(row["p"], "name given_name family_name email")
        if row["who"] != row["p"].given_name:  # who joins is a customer, too: without the address of who pays
            e.person(replace(row["p"], given_name=row["who"]), "name given_name family_name")
        e.order(
            str(row["n"]),
            row["p"],
            ordered_at=row["at"],
            amount=Decimal(row["sum"].replace(",", ".")),
            status="refunded" if row["state"] == "Remboursé" else {"placed", "paid"},
        )
    return e


def members_greek() -> Export:
    """Members of a Greek club, UTF-16 with tabs, below a title."""
    e, w = Export("Club EL", known=False), World("greek")
    e.table("Μέλη.txt", {
        "Α/Α": "{n}", "Αρ. Μητρώου": "{p.number:05d}", "Επώνυμο": "{p.family_name}", "Όνομα": "{p.given_name}", "Πατρώνυμο": "Γεώργιος", "Κινητό": "{p.phone}", "Email": "{p.email}",
        "Διεύθυνση": "{p.street}", "Πόλη": "{p.city}", "Τ.Κ.": "{p.postcode}", "Ημ. Γέννησης": "{p.birth:%d/%m/%Y}", "ΑΦΜ": "",
    }, [{"n": p.number + 1, "p": p} for p in w.people], "\t", "utf-16", above="Κατάλογος μελών 2024\n\n")  # fmt: skip
    for p in w.people:
        e.person(p, "name given_name family_name email phone street city postcode birth_date", f"{p.number:05d}")
    return e


def wild_apricot() -> Export:
    """Members, some archived, with their consent in words; staff are administrators."""
    e, w = Export("Wild Apricot", known=False), World("apricot")
    e.table("Contacts.csv", {
        "User ID": "60{p.number:04d}", "First name": "{p.given_name}", "Last name": "{p.family_name}", "Organization": "{p.organisation}", "e-Mail": "{p.email}", "Phone": "{p.phone}",
        "Membership level": "Gold", "Membership status": "Active", "Member since": "01/05/2024", "Renewal due": "01/05/2025", "Balance": "0", "Archived": "no",
        "Subscribed to emails": "{yes}", "Member bundle ID or email": "", "Group participation": "", "Creation date": "05 Jan 2024", "Profile last updated": "05 May 2024",
    }, [{"p": p, "yes": "yes" if p.number % 4 else "no"} for p in w.people])  # fmt: skip
    for p in w.people:
        e.person(p, "name given_name family_name email phone organisation", f"60{p.number:04d}")
        e.consent(p, "email", bool(p.number % 4))
    return e
