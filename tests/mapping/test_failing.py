"""SQL of a map that fails only on rows: the error names the map, the column and what to do, and never the value."""

import pytest

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.errors import ConfigError
from fullcircle.mapping.conform import conform


@pytest.mark.parametrize(
    ("sql", "where", "each"),
    [
        ('CAST("mail" AS INTEGER)', "", ""),
        ('max("mail")', "", ""),
        ("""error('leak ' || "mail")""", "", ""),
        ('"mail"', 'CAST("mail" AS INTEGER) > 0', ""),
        ("CAST(json_extract_string(_each, '$.x') AS INTEGER)", "", "all"),
    ],
)
def test_the_map_is_named(engine, landing, progress, sql, where, each):
    landing.put("crm", "people", [{"id": "1", "mail": "ada@tal.example", "all": [{"x": "secret"}]}])
    fields = {"key": FieldRule(sql='"id"'), "email": FieldRule(sql=sql)}
    map_ = MapSettings(source="crm", object="people", to="records", where=where, each=each, fields=fields)
    with pytest.raises(ConfigError) as raised:
        conform(engine, landing, [map_], "US", progress)
    said = f"{raised.value} {raised.value.hint}"
    assert "crm.people to records" in said
    assert ("where" if where else "email") in said
    assert "TRY_CAST" in said
    assert not {"ada@tal.example", "secret", "leak"} & {*said.replace("'", " ").split()}
