"""Technicians who file tickets are staff: by the columns beside, by a list of staff, by the numbers of agents."""

import pytest

GLPI = """
ID;Title;Status;{asks};{works};Opening date
101;Printer;Closed;Brandt Ilse;Kern Otto;2025-01-02 09:00
102;Monitor;New;Tal Ada;Kern Otto;2025-01-04 09:00
103;Server patch;Closed;Kern, Otto;Fels Uwe;2025-01-06 09:00
104;VPN;Closed;Brandt Ilse;Fels Uwe;2025-01-08 09:00
105;Backup;Closed;Fels Uwe;Fels Uwe;2025-01-10 09:00
"""
TICKETS = """
id,subject,requester,requester_email,created_at
1,Printer,Ilse Brandt,ilse@kunde.example,2025-01-02
2,Server,Otto Kern,otto@acme.example,2025-01-03
3,VPN,Ada Tal,ada@andere.example,2025-01-04
"""
AGENTS = """
Agent ID,Name,Email,Department
A1,Otto Kern,otto@acme.example,Support
A2,Uwe Fels,uwe@acme.example,Support
"""


@pytest.mark.parametrize(
    ("asks", "works"),
    [
        ("Requester - Requester", "Assigned to - Technician"), ("Requester", "Technician"),
        ("Reporter", "Assignee"), ("Requester", "Agent"),
    ],
)  # fmt: skip
def test_technicians_beside_the_requesters(day_one, asks, works):
    view = day_one({"tickets.csv": GLPI.format(asks=asks, works=works)})
    assert view.people == {"Brandt Ilse", "Tal Ada"}
    assert f"people of tickets are named in {works}, as staff are: they are not customers" in view.text
    assert any(
        text.startswith("files.tickets: ") and "staff and not customers: of theirs, 2 tickets stay" in text for text in view.said
    )
    assert not any("no longer active" in text for text in view.said)


def test_of_a_french_help_desk(day_one):
    head = "ID;Titre;Statut;Demandeur - Demandeur;Attribué à - Technicien;Date d'ouverture"
    rows = GLPI.strip().split("\n")[1:]
    assert day_one({"tickets.csv": "\n".join([head, *rows]) + "\n"}).people == {"Brandt Ilse", "Tal Ada"}


@pytest.mark.parametrize("file", ["agents.csv", "staff.csv", "employees.csv", "technicians.csv"])
def test_a_list_of_staff(day_one, file):
    view = day_one({"tickets.csv": TICKETS, file: AGENTS})
    assert view.people == {"Ilse Brandt", "Ada Tal"}


def test_numbers_of_agents_in_a_list_of_users(day_one):
    users = "id,name,email\n90001,Ilse Brandt,i@a.example\n90002,Ada Tal,a@b.example\n90003,Otto Kern,o@acme.example\n"
    tickets = "id,subject,requester_id,assignee_id,created_at\n1,Printer,90001,90003,2025-01-02\n2,VPN,90002,90003,2025-01-03\n"
    view = day_one({"users.csv": users, "tickets.csv": tickets})
    assert view.people == {"Ilse Brandt", "Ada Tal"}


def test_who_buys_stays(day_one):
    orders = "Order No,Date,Customer,Customer Email,Sales Rep,Total\n1,2025-01-02,Ilse Brandt,i@a.example,Otto Kern,100\n"
    orders += "2,2025-01-03,Ada Tal,a@b.example,Otto Kern,50\n3,2025-01-04,Otto Kern,o@acme.example,Uwe Fels,10\n"
    view = day_one({"orders.csv": orders})
    assert view.people == {"Ilse Brandt", "Ada Tal", "Otto Kern"}
    assert 'they stay customers; if they are none, write into the map of people: staff = ["Sales Rep"]' in view.text


def test_where_all_are_staff_nothing_is_taken(day_one):
    rows = "\n".join(f"{n},Task {n},{who},{who},2025-01-0{n}" for n, who in enumerate(("Otto Kern", "Uwe Fels", "Ida Rau"), 1))
    view = day_one({"tickets.csv": f"id,subject,requester,assignee,created_at\n{rows}\n"})
    assert view.people == {"Otto Kern", "Uwe Fels", "Ida Rau"}
