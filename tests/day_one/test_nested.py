"""People whose values are nested in JSON lines: lists of objects, and objects in objects."""

# ruff: noqa: E501 - the rows of exports are long

from __future__ import annotations

import json


def lines(*rows: dict) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_a_list_of_features_in_each_record(day_one):
    view = day_one(
        {
            "members.jsonl": lines(
                {
                    "SOURCE": "M", "RECORD_ID": "m1", "FEATURES": [
                        {"RECORD_TYPE": "PERSON"}, {"NAME_FIRST": "Iris", "NAME_LAST": "Fenn"},
                        {"ADDR_TYPE": "HOME", "ADDR_LINE1": "12 Elm Road", "ADDR_CITY": "Boston", "ADDR_STATE": "MA", "ADDR_POSTAL_CODE": "02134"},
                        {"EMAIL_ADDRESS": "iris@example.com"}, {"EMAIL_ADDRESS": "i2@example.org"}, {"PHONE_NUMBER": "+1 512 555 0111"},
                    ],
                },
                {"SOURCE": "M", "RECORD_ID": "m2", "FEATURES": [{"RECORD_TYPE": "PERSON"}, {"NAME_FULL": "Otto Beck"}, {"PHONE_NUMBER": "+1 512 555 0112"}]},
                {"SOURCE": "M", "RECORD_ID": "m3", "FEATURES": [{"RECORD_TYPE": "ORGANIZATION"}, {"NAME_ORG": "Tallow Works"}, {"EMAIL_ADDRESS": "office@tallow.example"}]},
            ),
        }
    )  # fmt: skip
    assert view.people == {"Iris Fenn", "Otto Beck", "Tallow Works"}
    assert view.emails["Iris Fenn"] == {"iris@example.com", "i2@example.org"}
    assert view.phones["Otto Beck"] == {"+15125550112"}
    assert view.cities == {"Iris Fenn": "Boston"}
    assert '"ORGANIZATION" = "organisation"' in view.text
    assert view.quarantine == []


def test_objects_in_objects_and_lists_of_emails(day_one):
    view = day_one(
        {
            "export.jsonl": lines(
                {
                    "id": 1, "profile": {
                        "name": {"first": "Iris", "last": "Fenn"}, "emails": [{"type": "work", "value": "iris@example.com"}, {"type": "home", "value": "i2@example.org"}],
                        "address": {"street": "12 Elm Road", "city": "Boston", "zip": "02134"},
                        "spouse": {"name": {"first": "Alex"}, "email": "alex@example.com"}, "owner": {"email": "rick@store.example"},
                    },
                },
                {"id": 2, "profile": {"name": {"first": "Otto", "last": "Beck"}, "emails": [{"type": "work", "value": "otto@example.com"}]}},
            ),
        }
    )  # fmt: skip
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.emails["Iris Fenn"] == {"iris@example.com", "i2@example.org"}
    assert view.emails["Otto Beck"] == {"otto@example.com"}
    assert view.cities == {"Iris Fenn": "Boston"}
    assert view.quarantine == []


def test_a_dictionary_whose_keys_are_no_names_makes_nobody(day_one):
    rows = [{"code": f"C{n}", "settings": {f"k{n}_{m}": "x" for m in range(5)}} for n in range(80)]
    people = "id,name,email\n7,Iris Fenn,iris@example.com\n"
    view = day_one({"settings.jsonl": lines(*rows), "people.csv": people})
    assert view.people == {"Iris Fenn"}
    assert "files.settings is not mapped" in view.text


def test_companies_with_a_list_of_their_people(day_one):
    view = day_one(
        {
            "leads.jsonl": lines(
                {
                    "id": "lead_1", "display_name": "Tallow Works", "status_label": "Customer", "tasks": [{"id": "t1", "text": "call"}], "contacts": [
                        {"id": "c1", "name": "Iris Fenn", "emails": [{"email": "iris@example.com", "type": "office"}, {"email": "i2@example.org", "type": "home"}], "phones": [{"phone": "+15125550111"}]},
                        {"id": "c2", "name": "Otto Beck", "emails": [{"email": "otto@example.com", "type": "office"}], "phones": []},
                    ],
                },
                {"id": "lead_2", "display_name": "Quill Partners", "status_label": "Lead", "tasks": [], "contacts": []},
            ),
        }
    )  # fmt: skip
    assert view.people == {"Iris Fenn", "Otto Beck"}
    assert view.emails == {"Iris Fenn": {"iris@example.com", "i2@example.org"}, "Otto Beck": {"otto@example.com"}}
    assert view.phones["Iris Fenn"] == {"+15125550111"}
    assert "not read: tasks" in view.text
    assert view.quarantine == []
