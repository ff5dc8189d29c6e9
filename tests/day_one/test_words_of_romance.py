"""`Tipo` says of a row what it is, `Nom du client` is a whole name, and `Por liquidar` is what is owed."""

from __future__ import annotations

from tests.day_one.conftest import bring, money

FATURAS = """
Nº documento;Tipo;Data;Cliente;NIF;E-mail;Total s/ IVA;IVA;Total;Por liquidar;Estado
FT 1;Fatura;05/02/2025;Ana Pereira;501234560;ana@pereira.example;100,00;23,00;123,00;0,00;Paga
FT 2;Fatura;16/02/2025;Marta Nunes;;marta@nunes.example;200,00;46,00;246,00;146,00;Parcial
NC 1;Nota de crédito;20/02/2025;Ana Pereira;501234560;ana@pereira.example;10,00;2,30;12,30;0,00;Emitida
"""
COMMANDES = """
Commande;Date de commande;Nom du client;E-mail du client;État;Total TTC;Devise
1001;05/01/2025;Lucie Petit;lucie@petit.example;Expédiée;80,00;EUR
1002;16/01/2025;Yann Kerbrat;yann@phare.example;Payée;120,00;EUR
"""
DEMANDES = """
N° de ticket;Créé le;Demandeur;Adresse e-mail du demandeur;Objet;Statut;Priorité
1;02/01/2025 10:00;Lucie Petit;lucie@petit.example;Colis perdu;Résolu;Haute
2;14/01/2025 10:00;Yann Kerbrat;yann@phare.example;Facture;Ouvert;Normale
"""


def test_a_credit_note_is_one_by_its_tipo_and_the_rest_is_owed(tmp_path):
    view = bring(tmp_path, {"faturas.csv": FATURAS})
    assert view.spent == {"Ana Pereira": {"": money("110.70")[0]}, "Marta Nunes": {"": money("100")[0]}}
    assert view.unpaid == {"Marta Nunes": {"": money("146")[0]}} and view.text.count('value = "NIF"') == 1


def test_nom_du_client_is_a_whole_name(tmp_path):
    view = bring(tmp_path, {"commandes.csv": COMMANDES, "demandes.csv": DEMANDES})
    assert view.people == {"Lucie Petit", "Yann Kerbrat"} and set(view.tickets) == view.people == set(view.orders)
