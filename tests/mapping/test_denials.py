"""A denial counts before a consent of the same record, unless the consent is known to be newer."""

from __future__ import annotations

import pytest

from fullcircle.mapping.conform import conform
from tests.mapping.test_conform import map_of


def consents(engine, landing, progress, row):
    landing.put("crm", "people", [{"id": "1", "mail": "ada@tal.example", **row}])
    people = map_of("crm", "people", "records", {"email": "mail"})
    maps = [
        map_of("crm", "people", "consents", {"purpose": {"value": "email"}, "granted": "a", "at": "t"}, key="a"),
        map_of("crm", "people", "consents", {"purpose": {"value": "Email"}, "granted": "b", "at": "u"}, key="b"),
        map_of("crm", "people", "consents", {"purpose": {"value": "sms"}, "granted": "b", "at": "u"}, key="c"),
    ]
    conform(engine, landing, [people, *maps], "US", progress)
    return engine.rows("SELECT lower(purpose), granted FROM conformed.consents ORDER BY ALL")


@pytest.mark.parametrize(
    ("a", "b", "t", "u", "email"),
    [
        ("yes", "no", None, None, [False]), ("no", "yes", None, None, [False]), ("yes", "yes", None, None, [True, True]),
        ("yes", "no", "2024-02-02", "2024-01-01", [False, True]), ("yes", "no", "2024-01-01", "2024-02-02", [False]),
        ("yes", "no", "2024-01-01", None, [False]),
    ],
)  # fmt: skip
def test_a_denial_counts(engine, landing, progress, a, b, t, u, email):
    found = consents(engine, landing, progress, {"a": a, "b": b, "t": t, "u": u})
    assert [granted for purpose, granted in found if purpose == "email"] == email
    assert [granted for purpose, granted in found if purpose == "sms"] == [b == "yes"]
    assert any("the denial counts" in said for said in progress.said) is (email == [False])


def test_a_denial_of_e_mail_counts_for_what_is_sent_by_e_mail(engine, landing, progress):
    landing.put("crm", "people", [{"id": "1", "mail": "ada@tal.example", "out": "ja", "news": "ja", "sms": "ja"}])
    people = map_of("crm", "people", "records", {"email": "mail"})
    maps = [
        map_of("crm", "people", "consents", {"purpose": {"value": "email"}, "refused": "out"}, key="a"),
        map_of("crm", "people", "consents", {"purpose": {"value": "newsletter"}, "granted": "news"}, key="b"),
        map_of("crm", "people", "consents", {"purpose": {"value": "sms_opt_in"}, "granted": "sms"}, key="c"),
    ]
    conform(engine, landing, [people, *maps], "US", progress)
    found = engine.rows("SELECT purpose, granted FROM conformed.consents ORDER BY ALL")
    assert found == [("email", False), ("sms_opt_in", True)]
