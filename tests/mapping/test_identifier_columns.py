"""A number that one alone has is never a column of money; whose it is may stand beside it. Nobody here exists."""

import pytest

from tests.mapping.test_links import project, proposed

INVOICES = """number,date,buyer,buyer email,{},net,gross
F1,2026-01-22,Dom Trel,biuro@trel.example,{},"1215.45",1495.00
F2,2026-01-30,Anna Wik,anna@wik.example,{},"2000.00",2460.00
F3,2026-02-03,Bo Tarn,bo@tarn.example,{},"1000.00",1230.00
F4,2026-02-05,Cy Sund,cy@sund.example,{},"1000.00",1230.00
"""
PEOPLE = """id,name,email,{}
1,Ada Tal,ada@tal.example,{}
2,Bo Berg,bo@berg.example,{}
3,Cy Dorn,cy@dorn.example,{}
4,Di Elm,di@elm.example,{}
"""


def _kinds(found):
    return {
        one["fields"]["value"]["field"]: one["fields"]["kind"]["value"] for one in found["maps"] if one["to"] == "identifiers"
    }


@pytest.mark.parametrize(
    "values",
    [
        ("279.55", "460.00", "230.00", "230.00"),
        ("279,55 zł", "460,00 zł", "230,00 zł", "230,00 zł"),
        ("€ 279.55", "€ 460.00", "€ 230.00", "€ 230.00"),
        ("23%", "23%", "8%", "8%"),
        ("23", "23", "8", "0"),
        ("yes", "yes", "no", "yes"),
        ("27955", "46000", "23000", "23000"),
    ],
)
def test_an_amount_a_rate_or_a_yes_is_no_tax_number(tmp_path, values):
    sheet = INVOICES
    if values[0] == "27955":  # whole amounts that add up
        sheet = sheet.replace('"1215.45",1495.00', "121545,149500").replace('"2000.00",2460.00', "200000,246000")
        sheet = sheet.replace('"1000.00",1230.00', "100000,123000")
    quoted = [f'"{one}"' for one in values]
    assert _kinds(proposed(project(tmp_path, invoices=sheet.format("VAT", *quoted)))["invoices"]) == {}


@pytest.mark.parametrize(
    "values", [("12.50", "13.00", "12.50", "8.00"), ("yes", "no", "yes", "no"), ("gold", "silver", "gold", "x")]
)
@pytest.mark.parametrize("header", ["VAT", "Loyalty", "Tax ID"])
def test_nor_is_it_one_in_a_list_of_people(tmp_path, header, values):
    found = proposed(project(tmp_path, customers=PEOPLE.format(header, *values)))["customers"]
    assert _kinds(found) == {}
    assert any(header in note and "left out" in note for note in found["notes"])


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("VAT", ("DE811128135", "DE129273398", "ATU13585627", "PL5252344078")),
        ("NIP nabywcy", ("676-245-11-02", "9452118833", "5252344078", "")),
        ("R.F.C.", ("ADL0503127K1", "RFO110908QX3", "TESG820415HT4", "XAXX010101000")),
        ("RFC del cliente", ("ADL0503127K1", "RFO110908QX3", "TESG820415HT4", "")),
        ("CVR-nr.", ("12345678", "23456789", "34567890", "")),
        ("CUIT", ("20-12345678-9", "30-71234567-1", "27-23456789-0", "")),
        ("Steuernummer Kunde", ("93/815/08152", "181/815/08155", "21/815/08150", "")),
        ("SIRET", ("732 829 320 00074", "404 833 048 00022", "552 100 554 00025", "")),
        ("CPF/CNPJ", ("529.982.247-25", "14.190.675/0001-55", "11.222.333/0001-81", "")),
        ("RUT", ("12.345.678-9", "76.123.456-7", "8.765.432-1", "")),
    ],
)
def test_a_tax_number_is_read_whoever_it_says_it_is_of(tmp_path, header, values):
    assert _kinds(proposed(project(tmp_path, invoices=INVOICES.format(header, *values)))["invoices"]) == {header: "tax"}


@pytest.mark.parametrize("header", ["NIP sprzedawcy", "Seller VAT", "Supplier tax id", "Lieferant Steuernummer"])
def test_the_number_of_who_sells_is_nobodys(tmp_path, header):
    values = ("5252344078", "5252344078", "5252344078", "5252344078")
    assert _kinds(proposed(project(tmp_path, invoices=INVOICES.format(header, *values)))["invoices"]) == {}


BOOKINGS = """Booking No,Booking Date,{0} First Name,{0} Last Name,{0} Email,{0} Phone,Total
B1,2026-03-01,Fia,Tarn,home@tarn.example,0412345678,30.00
B2,2026-03-02,Hal,Tarn,home@tarn.example,0412345679,25.00
B3,2026-03-03,Bo,Sund,bo@sund.example,0412345670,25.00
"""


@pytest.mark.parametrize("start", ["Booking", "Order", "Ordre", "Buyer", "Zahler", "Sale", "Reg", "Primary Attendee"])
def test_what_all_columns_of_the_person_begin_with_does_not_hide_the_names(tmp_path, start):
    found = proposed(project(tmp_path, bookings=BOOKINGS.format(start)))["bookings"]
    people = next(one["fields"] for one in found["maps"] if one["to"] == "records")
    assert (people["given_name"]["field"], people["family_name"]["field"]) == (f"{start} First Name", f"{start} Last Name")
    assert people["email"]["field"] == f"{start} Email"
    assert "sql" in people["key"]  # two people of one address are two


def test_names_that_are_left_out_are_said(tmp_path):
    sheet = "No,Date,Email,Alpha First Name,Alpha Last Name,Beta First Name,Beta Last Name,Total\n" + "".join(
        f"{n},2026-03-0{n},p{n}@tarn.example,Fia,Tarn,Bo,Sund,25.00\n" for n in (1, 2, 3)
    )
    found = proposed(project(tmp_path, orders=sheet))["orders"]
    assert any("LOOK" in note and "Alpha First Name" in note for note in found["notes"])
    assert found["sure"] != "sure"


@pytest.mark.parametrize("header", ["Teléfono principal", "Telefone fixo", "Telefon stacjonarny", "Festnetz", "Téléphone fixe"])
def test_a_landline_is_a_phone(tmp_path, header):
    numbers = ("33 1288 9043", "33 1288 9044", "", "33 1288 9046")
    found = proposed(project(tmp_path, customers=PEOPLE.format(header, *numbers)))["customers"]
    people = next(one["fields"] for one in found["maps"] if one["to"] == "records")
    assert people.get("phone", {}).get("field") == header or _kinds(found) == {header: "phone"}


def test_a_key_may_be_called_clave_and_others_point_to_it_by_another_name(tmp_path):
    clients = "Clave,Nombre,R.F.C.,Correo electrónico\n" + "".join(
        f"{n},CLIENTA {'ABCDE'[n]} TREL,XEXX01010100{n},c{n}@trel.example\n" for n in range(1, 5)
    )
    bills = "Documento,Cliente,Nombre,Fecha de elaboración,Importe total\n" + "".join(
        f"FAC{n},{n % 4 + 1},CLIENTA TREL,0{n}/03/2026,100.00\n" for n in range(1, 7)
    )
    found = proposed(project(tmp_path, SAE_Clientes=clients, SAE_Facturas=bills))
    people, orders = (
        next(one["fields"] for one in found[name]["maps"] if one["to"] == to)
        for name, to in (("SAE_Clientes", "records"), ("SAE_Facturas", "orders"))
    )
    assert people["key"] == {"field": "Clave"}
    assert orders["record_id"]["field"] == "Cliente" and orders["record_id"]["ref"] == "SAE_Clientes"
