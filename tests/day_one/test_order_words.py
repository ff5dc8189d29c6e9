"""Orders in the words of shops elsewhere: what is a status, a region, a price of one piece, a house number."""

# ruff: noqa: E501 - the rows of exports are long

import pytest

from fullcircle.config.read import read_config
from tests.day_one.conftest import proposed, put

PORTUGUESE = """
Número do Pedido;E-mail;Data;Status do Pedido;Moeda;Total;Nome do comprador;Endereço;Número;Cidade;Estado;País;Nome do Produto;Valor do Produto;Quantidade Comprada;SKU
1;ines@example.com;13/01/2024 10:00:00;Arquivado;BRL;40.00;Ines Prado;Rua das Flores;12;Recife;Pernambuco;Brasil;Bule;10.00;2;B1
1;ines@example.com;;;;;;;;;;;Copo;20.00;1;C1
2;rui@example.com;14/01/2024 10:00:00;Cancelado;BRL;10.00;Rui Sales;Rua do Sol;7;Olinda;Pernambuco;Brasil;Bule;10.00;1;B1
3;lia@example.com;15/01/2024 10:00:00;Arquivado;BRL;60.00;Lia Neves;Rua da Paz;140;Recife;Pernambuco;Brasil;Copo;20.00;3;C1
"""


def maps_of(folder, **files):
    put(folder, {f"{name}.csv": text for name, text in files.items()})
    return {one.to: one for one in read_config(proposed(folder)).map}


@pytest.fixture(scope="module")
def portuguese(tmp_path_factory):
    return maps_of(tmp_path_factory.mktemp("pt") / "shop", vendas=PORTUGUESE)


def test_a_state_beside_a_city_is_a_region_and_never_the_status(portuguese):
    assert portuguese["orders"].fields["status"].field == "Status do Pedido"
    assert portuguese["records"].fields["region"].field == "Estado"


def test_the_value_of_the_product_is_the_price_of_a_piece(portuguese):
    fields = portuguese["order_lines"].fields
    assert fields["quantity"].field == "Quantidade Comprada"
    assert fields["unit_price"].field == "Valor do Produto"
    assert "amount" not in fields


def test_a_mere_number_behind_the_street_is_the_house_number(portuguese):
    assert portuguese["records"].fields["street"].fields == ("Endereço", "Número")


def test_people_are_read_from_the_rows_that_name_them(portuguese):
    assert '"Data"' in portuguese["records"].where


def test_a_number_elsewhere_is_no_house_number(tmp_path):
    text = "Number,Name,E-mail,Street,City\n" + "\n".join(f"{n},Ann Lee{n},a{n}@example.com,Elm Rd,Hull" for n in range(1, 5))
    assert maps_of(tmp_path / "a", customers=text)["records"].fields["street"].field == "Street"


def test_sold_for_is_the_price_of_a_piece(tmp_path):
    text = """
Order Number,Buyer Name,Buyer Email,Ship To Phone,Item Number,Item Title,Quantity,Sold For,Total Price,Sale Date
10-1,Ann Lee,ann@example.com,+15035550999,110,Kettle,2,$10.00,$40.00,2024-01-13
10-1,Ann Lee,ann@example.com,+15035550999,111,Pan,1,$20.00,$40.00,2024-01-13
10-2,Bo Dunn,bo@example.com,+15035550999,110,Kettle,1,$10.00,$10.00,2024-01-14
10-3,Cy Hale,cy@example.com,+15035550999,111,Pan,3,$20.00,$60.00,2024-01-15
"""
    maps = maps_of(tmp_path / "b", orders=text)
    assert maps["order_lines"].fields["unit_price"].field == "Sold For"
    assert "identifiers" not in maps


JOURNAL = """
Date,Receipt No,Row,Customer Code,Customer Name,Quantity,Sales Tax,Total,Details,Sku
2024-01-13 10:00:00,N-1,Sale,C-1,Ann Lee,3,4.00,44.00,"2 X Kettle, 1 X Pan",
2024-01-13 10:00:00,N-1,Sale Line,C-1,Ann Lee,2,0.00,20.00,Kettle,B1
2024-01-13 10:00:00,N-1,Sale Line,C-1,Ann Lee,1,0.00,20.00,Pan,C1
2024-01-14 10:00:00,N-2,Sale,C-2,Bo Dunn,1,1.00,11.00,1 X Kettle,
2024-01-14 10:00:00,N-2,Sale Line,C-2,Bo Dunn,1,0.00,10.00,Kettle,B1
2024-01-15 10:00:00,N-3,Sale,C-3,Cy Hale,4,0.00,80.00,4 X Pan,
2024-01-15 10:00:00,N-3,Sale Line,C-3,Cy Hale,4,0.00,80.00,Pan,C1
"""


def test_a_row_of_the_sale_above_its_lines_has_the_amount_of_the_order(tmp_path):
    amount = maps_of(tmp_path / "c", sales=JOURNAL)["orders"].fields["amount"]
    assert amount.sql.startswith("max(CASE WHEN") and '"Total"' in amount.sql and '"Receipt No"' in amount.sql
