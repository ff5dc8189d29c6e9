"""Numbers that a spreadsheet wrote in scientific notation are neither keys nor numbers of documents."""

from fullcircle.mapping.conform import conform
from tests.mapping.test_conform import map_of


def test_a_mapped_key_that_was_rounded_goes_to_quarantine(engine, landing, progress):
    rows = [{"no": "1.00E+11", "name": "Ada Hale"}, {"no": "1.00E+11", "name": "Bo Lund"}, {"no": "12E3", "name": "Cy Marsh"}]
    rows += [{"no": "1,5e+11", "name": "Di North"}, {"no": "e+12@example.com", "name": "Ed Oaks"}]
    landing.put("shop", "people", [{"id": str(n), **row} for n, row in enumerate(rows)])
    conform(engine, landing, [map_of("shop", "people", "records", {"key": "no", "full_name": "name"})], "US", progress)
    assert engine.rows("SELECT key FROM conformed.records ORDER BY key") == [("12E3",), ("e+12@example.com",)]
    bad = engine.rows("SELECT DISTINCT rule, reason FROM conformed.quarantine")
    assert engine.count("conformed.quarantine") == 3
    assert bad == [
        ("cast", "records.key holds a number in scientific notation: its last digits are lost; export the column as text")
    ]


def test_a_number_of_a_document_that_was_rounded_brings_nobody_together(engine, landing, progress):
    rows = [{"id": "1", "tax": "1.23E+15"}, {"id": "2", "tax": "1.23E+15"}, {"id": "3", "tax": "123E15"}]
    landing.put("shop", "people", rows)
    person = map_of("shop", "people", "records", {"full_name": "id"})
    number = map_of("shop", "people", "identifiers", {"kind": {"value": "tax_id"}, "value": "tax"})
    conform(engine, landing, [person, number], "US", progress)
    assert engine.rows("SELECT value FROM conformed.identifiers") == [("123E15",)]
    assert engine.count("conformed.quarantine") == 2
