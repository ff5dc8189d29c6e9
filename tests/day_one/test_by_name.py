"""Files that name each other: the company of a contact, the contact of a deal; only what one row alone is called is a link."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from fullcircle.ask.map_explain import explain
from fullcircle.config.read import read_config
from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.desk import open_desk
from fullcircle.errors import ConfigError
from fullcircle.mapping.validate import _check_by, _table
from tests.day_one.conftest import View, bring

FILES = {
    "companies.csv": """
Company ID,Company name,Website,Account Manager
C1,Tallow Works,tallow.example,Rick Rep
C2,Quill Partners,quill.example,Rick Rep
C3,Northmoor,north.example,Rick Rep
C4,Northmoor,moor.example,Rick Rep
""",
    "contacts.csv": """
Contact ID,First name,Last name,Email,Company
P1,Iris,Fenn,iris@example.com,Tallow Works
P2,Otto,Beck,otto@example.com,tallow  works
P3,Pia,Lund,pia@example.com,Northmoor
P4,Uma,Voss,uma@example.com,Nowhere Ltd
P5,Sam,Twin,sam.one@example.com,Quill Partners
P6,Sam,Twin,sam.two@example.org,Quill Partners
""",
    "deals.csv": """
Deal ID,Deal name,Value,Close date,Contact person,Deal owner
D1,Kettles,100.50,2025-01-02,Iris Fenn,Rick Rep
D2,Lamps,200,2025-01-03,"Beck, Otto",Rick Rep
D3,Rugs,300,2025-01-04,Sam Twin,Rick Rep
D4,Clocks,400,2025-01-05,Nobody Known,Rick Rep
D5,Mugs,500,2025-01-06,Uma Voss;Iris Fenn,Rick Rep
""",
    "tickets.csv": """
Ticket ID,Subject,Status,Created,Customer,Agent
T1,No light,open,2025-01-02 10:00,Pia Lund,Rick Rep
T2,No heat,open,2025-01-03 10:00,Sam Twin,Rick Rep
""",
}  # fmt: skip


@pytest.fixture(scope="module")
def brought(tmp_path_factory: pytest.TempPathFactory) -> tuple[View, Path]:
    folder = tmp_path_factory.mktemp("by-name")
    return bring(folder, FILES), folder


def test_people_belong_to_the_company_that_alone_has_the_name(brought):
    _, folder = brought
    with open_desk(read_config(folder / "fullcircle.toml")) as desk:
        of = dict(desk.engine.rows("SELECT r.key, a.key FROM records r LEFT JOIN accounts a USING (account_id)"))
    assert of == {"P1": "C1", "P2": "C1", "P3": None, "P4": None, "P5": "C2", "P6": "C2"}


def test_deals_and_tickets_belong_to_who_alone_has_the_name(brought):
    view, _ = brought
    assert view.people == {"Iris Fenn", "Otto Beck", "Pia Lund", "Uma Voss", "Sam Twin"}
    assert view.deals == {"Iris Fenn": [Decimal("100.50")], "Otto Beck": [Decimal(200)], "Uma Voss": [Decimal(500)]}
    assert view.tickets == {"Pia Lund": ["No light"]}
    assert view.quarantine == []


def test_the_proposal_says_how_sure_the_names_are(brought):
    view, _ = brought
    assert "2 of 4 values of contacts.Company are the name of one row in companies; 1 are the name of several" in view.text
    assert "in 1 rows Contact person names several: the first is the link" in view.text
    assert 'by = "name"' in view.text


def test_explain_says_that_the_link_is_by_name(brought):
    _, folder = brought
    (told,) = (
        one for one in explain(read_config(folder / "fullcircle.toml"), "interactions.record_id") if one["object"] == "deals"
    )
    assert "the name of a row of contacts" in str(told)


def test_a_deal_without_a_link_is_kept(brought):
    _, folder = brought
    with open_desk(read_config(folder / "fullcircle.toml")) as desk:
        nobodys = desk.engine.rows("SELECT key FROM interactions WHERE record_id IS NULL ORDER BY key")
    assert nobodys == [("D3",), ("D4",)]


CLIENTS = """
Client ID,First Name,Last Name,Email
1,Siobhan,O'Dowd,siobhan@example.ie
2,Niamh,Byrne,niamh@example.ie
"""
VISITS = """
Appointment ID,Client,Service,Date,Status
A1,Siobhan O Dowd,Colour,2025-03-05,Completed
A2,Siobhan O\u2019Dowd,Colour,2025-03-06,Completed
A3,Niamh Byrne,Haircut,2025-03-07,Completed
"""


def test_an_apostrophe_is_written_in_many_ways(tmp_path):
    bring(tmp_path, {"clients.csv": CLIENTS, "appointments.csv": VISITS})
    with open_desk(read_config(tmp_path / "fullcircle.toml")) as desk:
        assert not desk.engine.value("SELECT count(*) FROM interactions WHERE record_id IS NULL")


@pytest.mark.parametrize(
    ("by", "ref", "column"), [("colour", "people", "record_id"), ("name", "", "record_id"), ("name", "people", "at")]
)
def test_a_link_by_something_else_is_refused(by, ref, column):
    settings = MapSettings(source="crm", object="deals", to="interactions")
    with pytest.raises(ConfigError, match=f'{column} cannot be linked by "{by}"'):
        _check_by(settings, column, FieldRule(field="x", ref=ref, by=by), _table(settings))
