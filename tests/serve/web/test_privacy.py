"""What a person may ask for, at the page: a copy, a restriction, an erasure that is looked at first."""

from __future__ import annotations

import json

import pytest

from fullcircle.privacy.listed import erasures
from tests.serve.conftest import Served
from tests.serve.web.conftest import browser, sent_from


def test_a_copy_is_of_this_person(served: Served) -> None:
    one, ada = browser(served, served.keys["privacy_officer"]), served.customer()
    answer = sent_from(one, f"/customers/{ada}/privacy", f"/customers/{ada}/export", form="json")
    assert answer.headers["content-disposition"] == f'attachment; filename="{ada.replace(":", "-")}.json"'
    found = json.loads(answer.text)
    assert found["about"]["customer_id"] == ada
    assert "Ben Quillfeather" not in answer.text
    page = sent_from(one, f"/customers/{ada}/privacy", f"/customers/{ada}/export", form="html")
    assert page.headers["content-type"].startswith("text/html") and "attachment" in page.headers["content-disposition"]


@pytest.mark.parametrize("role", ["steward", "agent", "viewer", "admin"])
def test_a_copy_is_for_who_may_export_and_sees_all(served: Served, role: str) -> None:
    one, ada = browser(served, served.keys[role]), served.customer()
    assert f"/customers/{ada}/export" not in one.get(f"/customers/{ada}/privacy").text.replace("%3A", ":")
    assert sent_from(one, "/erased", f"/customers/{ada}/export").status_code == 403


@pytest.mark.parametrize("end", ["erase", "restrict", "lift", "export"])
def test_a_customer_is_named_by_the_id_alone(served: Served, end: str) -> None:
    one = browser(served, served.keys["viewer"])  # may erase, and sees no address: whether there is one is not for them
    there, nowhere = "ada.quillfeather@example.org", "nobody@example.org"
    answers = [sent_from(one, "/erased", f"/customers/{which}/{end}") for which in (there, nowhere)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text.replace(there, nowhere) == answers[1].text


def test_a_person_is_restricted_and_used_again(apart: Served) -> None:
    one, ada = browser(apart, apart.keys["privacy_officer"]), apart.customer()
    page = f"/customers/{ada}/privacy"
    answer = sent_from(one, page, f"/customers/{ada}/restrict", reference="DSR-7")
    assert (answer.status_code, answer.headers.get("location")) == (303, page), answer.text
    assert "Restricted" in one.get(page).text and "Restricted" in one.get(f"/customers/{ada}").text
    assert sent_from(one, page, f"/customers/{ada}/lift").status_code == 303
    assert "Restricted" not in one.get(page).text
    again = sent_from(one, page, f"/customers/{ada}/lift")
    assert again.status_code == 404 and "is not restricted" in again.text


def test_a_person_is_erased_after_a_dry_run_and_the_typed_id(apart: Served) -> None:
    one, ada = browser(apart, apart.keys["privacy_officer"]), apart.customer()
    page = f"/customers/{ada}/erase"
    dry = one.get(page)
    assert dry.status_code == 200 and "Nothing was changed" in dry.text and "Out of reach" in dry.text
    wrong = sent_from(one, page, page, typed="customer:somebody")
    assert wrong.status_code == 422 and "Nothing was erased" in wrong.text
    assert one.get(f"/customers/{ada}").status_code == 200 and erasures(apart.settings) == []
    done = sent_from(one, page, page, typed=f" {ada} ", reference="DSR-8")
    assert done.status_code == 303, done.text
    certificate = one.get(done.headers["location"])
    assert "Certificate of erasure" in certificate.text and "DSR-8" in certificate.text
    assert one.get(f"/customers/{ada}").status_code == 404
    assert erasures(apart.settings)[0].id in one.get("/erased").text
    assert "ada.quillfeather" not in one.get("/?q=ada.quillfeather@example.org").text.replace(
        'value="ada.quillfeather', ""
    ).replace("<title>ada.quillfeather", "")
