"""Spanish given names as they are written short on invoices: `Mª José`, `Fco. Javier`. Made-up people."""

PEOPLE = """
ID,Nombre,Apellidos,Correo,Teléfono
1,María José,Núñez Gil,mj@nunez.example,611200301
2,Francisco Javier,Soto Rey,fj@soto.example,611200302
"""
INVOICES = """
Número,Fecha,Cliente,Correo,Total,Moneda
F-1,2025-01-07,Mª José Núñez Gil,mj@nunez.example,130.00,EUR
F-2,2025-01-08,Fco. Javier Soto Rey,fj@soto.example,70.00,EUR
"""


def test_a_name_written_short_is_the_same_name(day_one) -> None:
    view = day_one({"clientes.csv": PEOPLE, "facturas.csv": INVOICES})
    assert len(view.people) == 2
    assert {key for orders in view.orders.values() for key in orders} == {"F-1", "F-2"}
