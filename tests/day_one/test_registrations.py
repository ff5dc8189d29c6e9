"""Lists of people who registered, with what each place costs: orders, whatever the list is called. Made-up people."""

from __future__ import annotations

import pytest

from .conftest import money

# the list; its headers for the number, date, names, e-mail, sum and status; words for confirmed, awaited, cancelled, waiting
LISTS = {
    "en": ("participants", "Registration ID,Registration Date,First Name,Last Name,Email,Total,Status",
           "Registered,Awaiting payment,Withdrew,Waiting list"),
    "fr": ("participants", "Code commande,Date commande,Prénom,Nom,E-mail,Montant total,Statut",
           "Inscrit,En attente de paiement,Désistée,Liste d'attente"),
    "de": ("anmeldungen", "Anmeldenr,Anmeldedatum,Vorname,Nachname,E-Mail,Zu zahlen,Status",
           "Angemeldet,Zahlung ausstehend,Abgemeldet,Warteliste"),
    "pl": ("uczestnicy", "Numer zamówienia,Data zamówienia,Imię,Nazwisko,E-mail,Kwota,Status",
           "Zapisany,Oczekuje na płatność,Zrezygnował(a),Lista rezerwowa"),
    "es": ("inscritos", "Nº inscripción,Fecha de inscripción,Nombre,Apellidos,Correo electrónico,Importe total,Estado",
           "Inscrito,Pendiente de pago,Baja,Lista de espera"),
    "nl": ("deelnemers", "Ordernummer,Orderdatum,Voornaam,Achternaam,E-mail,Totaalbedrag,Status",
           "Ingeschreven,Wacht op betaling,Afgemeld,Wachtlijst"),
}  # fmt: skip


@pytest.mark.parametrize("language", LISTS)
def test_what_a_list_of_participants_costs_is_read(day_one, language):
    name, headers, words = LISTS[language]
    people = ("Ada,Kell", "Bo,Lind", "Cy,Mann", "Di,Noel")
    rows = "".join(
        f"N-{place},2026-01-{place + 12},{who},{who.split(',')[0].lower()}@post.example,{place}0.00,{word}\n"
        for place, (who, word) in enumerate(zip(people, words.split(","), strict=True), 1)
    )
    view = day_one({f"{name}.csv": f"{headers}\n{rows}"})
    assert {key: sum(each.values()) for key, each in view.spent.items() if sum(each.values())} == {"Ada Kell": money("10")[0]}, (
        view.text
    )
    assert {key: sum(each.values()) for key, each in view.unpaid.items()} == {"Bo Lind": money("20")[0]}
    assert view.statuses == {"N-1": "placed", "N-2": "placed", "N-3": "cancelled", "N-4": "pending"}
    assert not view.consents and view.people == {"Ada Kell", "Bo Lind", "Cy Mann", "Di Noel"}


def test_what_customers_spent_altogether_is_not_an_order(suggested):
    rows = "".join(f"C{n},Iris{n},Fenn,iris{n}@post.example,2026-01-{n + 10},{n}0.00\n" for n in range(1, 6))
    head = "Customer ID,First Name,Last Name,Email,Last Order Date,Total Spent\n"
    assert suggested({"customers.csv": head + rows})["customers"] == {"records"}
