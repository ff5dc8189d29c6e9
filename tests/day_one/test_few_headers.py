"""Lists of people that share only a few words with the export of a vendor: what the general reader knows of them is read."""

from __future__ import annotations

from tests.day_one.conftest import bring

PEOPLE = """
id,customer_code,company_name,first_name,last_name,email,website,phone,mobile,date_of_birth,sex,do_not_email,\
physical_address_1,physical_city,physical_postcode,physical_country_id,\
customer_group_name,enable_loyalty,balance,note,created_at
a1,ADA-4Q,,Ada,Tal,ada@tal.example,,,0612345601,,,0,Dorpsstraat 12,Borculo,7271 AB,NL,All,1,0.00,,2025-01-02 09:00:00
a2,BO-7H,,Bo,Ek,bo@ek.example,,,0612345606,,,0,Kerklaan 3,Brummen,6971 AA,NL,All,1,0.00,,2025-01-02 09:00:00
a3,CY-9K,,Cy,Ohm,cy@ohm.example,,,+31612345603,,,1,,Lochem,7241 BB,NL,All,1,0.00,,2025-01-02 09:00:00
"""


def test_the_general_reader_reads_a_list_of_which_a_profile_knows_few_headers(tmp_path):
    view = bring(tmp_path, {"customers.csv": PEOPLE})
    assert view.cities == {"Ada Tal": "Borculo", "Bo Ek": "Brummen", "Cy Ohm": "Lochem"}
    assert view.phones["Ada Tal"] == {"+31612345601"} and view.phones["Cy Ohm"] == {"+31612345603"}
    assert "Magento" not in view.text and "Dynamics" not in view.text
