"""The status that tickets have now, and deals that were put off: they are still open. Made-up people."""

from __future__ import annotations

import pytest

from fullcircle.mapping.deal_status import outcome_of


@pytest.mark.parametrize("header", ["Last status", "Current status", "Letzter Status", "Estado actual", "Dernier statut"])
def test_the_current_status_of_tickets_is_their_status(day_one, header):
    view = day_one({"tickets.csv": f"""
Ticket ID,Subject,Requester,Requester Email,{header},Created
1,Broken lamp,Iris Fenn,iris@example.com,Open,2025-01-01
2,No bill,Otto Beck,otto@example.com,Closed,2025-01-02
3,Where is it,Ada Kell,ada@example.com,Solved,2025-01-13
"""})  # fmt: skip
    assert view.tickets["Otto Beck"] == ["No bill"] and f'status = "{header}"' in view.text


def test_deals_that_were_put_off_are_open(day_one):
    view = day_one({"deals.csv": """
ID;Titel;Kontakt;E-Mail;Wert;Status;Angelegt am
1;Umbau;Iris Fenn;iris@example.com;1000,00;verschoben;01.02.2026
2;Garten;Otto Beck;otto@example.com;2000,00;gewonnen;02.02.2026
3;Dach;Ada Kell;ada@example.com;3000,00;verloren;13.02.2026
4;Tor;Bo Lind;bo@example.com;3000,00;on hold;14.02.2026
5;Zaun;Cy Mann;cy@example.com;3000,00;postponed;15.02.2026
"""})  # fmt: skip
    assert view.visits == {"1": "open", "2": "won", "3": "lost", "4": "open", "5": "open"}
    assert not any("not known" in text for text in view.said)


@pytest.mark.parametrize(
    "word", ["Verschoben auf 2027", "Aplazada", "Reportée", "Rinviato", "Adiado", "Uitgesteld", "Odłożona", "Отложена", "延期"]
)
def test_put_off_in_further_languages(word):
    assert outcome_of(word) == "open"


def test_what_was_lost_after_it_was_put_off_is_lost():
    assert outcome_of("Postponed, then lost") == "lost"
