"""Books in Spanish: orders, invoices, payments and currencies in words. Payments are no products, and no second sale."""

from decimal import Decimal

HEAD = "Documento,Cliente,Nombre,Estatus,Fecha de elaboración"
PEDIDOS = f"""
{HEAD},Fecha de entrega,Moneda,Subtotal,I.V.A.,Importe total,Documento siguiente
PED0000051,1,Iris Fenn Ortega,E,01/03/2026,05/03/2026,Pesos mexicanos,"10,000.00","1,600.00","11,600.00",FAC0000101
PED0000052,2,Otto Beck Luna,E,11/05/2026,14/05/2026,Dólares,"1,250.00",0.00,"1,250.00",FAC0000102
PED0000053,3,Uma Hall Rivas,C,15/06/2026,19/06/2026,Pesos mexicanos,"9,000.00","1,440.00","10,440.00",
"""
FACTURAS = f"""
{HEAD},Fecha de vencimiento,Moneda,Subtotal,I.V.A.,Importe total,Documento anterior
FAC0000101,1,Iris Fenn Ortega,E,05/03/2026,04/04/2026,Pesos mexicanos,"10,000.00","1,600.00","11,600.00",PED0000051
FAC0000102,2,Otto Beck Luna,E,14/05/2026,13/06/2026,Dólares,"1,250.00",0.00,"1,250.00",PED0000052
FAC0000103,3,Uma Hall Rivas,E,21/04/2026,21/04/2026,Pesos mexicanos,750.00,120.00,870.00,
FAC0000104,3,Uma Hall Rivas,C,22/04/2026,22/04/2026,Pesos mexicanos,500.00,80.00,580.00,
"""
COBRANZA = """
Cliente,Nombre,Descripción del concepto,Documento,Referencia,Fecha de aplicación,Importe,Moneda
1,Iris Fenn Ortega,PAGO EN TRANSFERENCIA,FAC0000101,SPEI 88121,03/04/2026,"6,600.00",Pesos mexicanos
1,Iris Fenn Ortega,PAGO EN TRANSFERENCIA,FAC0000101,SPEI 90455,01/05/2026,"5,000.00",Pesos mexicanos
2,Otto Beck Luna,PAGO EN TRANSFERENCIA,FAC0000102,WIRE 221,02/06/2026,"1,250.00",Dólares
3,Uma Hall Rivas,PAGO EN EFECTIVO,FAC0000103,,21/04/2026,870.00,Pesos mexicanos
"""
CLIENTES = """
Clave,Nombre,Calle,Código postal,Población,Estado,País,Teléfono,Correo electrónico
1,Iris Fenn Ortega,Calle Roble 3,44100,Guadalajara,JAL,México,+52 33 3614 2201,iris@correo.example.mx
2,Otto Beck Luna,Calle Pino 8,44160,Guadalajara,JAL,México,+52 33 3826 7712,otto@correo.example.mx
4,Rosa Vela Prado,Calle Sauce 2,44100,Guadalajara,JAL,México,+52 33 1288 9050,rosa@correo.example.mx
5,Hugo Lira Soto,Calle Cedro 9,44160,Guadalajara,JAL,México,+52 33 1288 9051,hugo@correo.example.mx
6,Alma Ríos Peña,Calle Fresno 4,44520,Guadalajara,JAL,México,+52 33 1288 9052,alma@correo.example.mx
3,Uma Hall Rivas,Calle Nogal 7,44520,Guadalajara,JAL,México,+52 33 1288 9043,uma@correo.example.mx
"""


def test_payments_add_to_nothing_and_currencies_in_words_are_read(day_one):
    view = day_one(
        {"clientes.csv": CLIENTES, "SAE_Pedidos.csv": PEDIDOS, "SAE_Facturas.csv": FACTURAS, "SAE_Cobranza.csv": COBRANZA}
    )
    assert not view.products, view.text
    spent: dict[str, Decimal] = {}
    for each in view.spent.values():
        for currency, amount in each.items():
            spent[currency] = spent.get(currency, Decimal(0)) + amount
    assert spent == {"MXN": Decimal("12470.00"), "USD": Decimal("1250.00")}, view.text
    assert view.statuses["FAC0000104"] == view.statuses["PED0000053"] == "cancelled"
    assert 'ordered_at = "Fecha de elaboración"' in view.text and "Fecha de aplicación" in view.text
    assert "its rows are payments for the orders in SAE_Facturas" in view.text.replace("\n#", "")
