"""What is judged by the name alone is said by the proposal, with examples: companies by name, people only by the word."""

from tests.mapping.test_links import project, proposed


def _notes(tmp_path, header, *names):
    rows = "".join(f"{n},{name},a{n}@example.com\n" for n, name in enumerate(names, 1))
    return proposed(project(tmp_path, customers=f"id,{header},email\n{rows}"))["customers"]["notes"]


def test_companies_and_people_with_such_names_are_said(tmp_path):
    notes = " ".join(_notes(tmp_path, "name", "Ada Tal", "Orth GmbH", "Nordic Group", "Emma School", "Bo Berg", "Deutsche Bank"))
    assert (
        "name: 3 names are taken for companies or institutions by the name alone (Deutsche Bank, Nordic Group, Orth GmbH)"
        in notes
    )
    assert "(... School)" in notes
    assert "Emma" not in notes


def test_nothing_is_said_of_people_alone(tmp_path):
    assert not any(
        "by the name alone" in said or "like a company" in said for said in _notes(tmp_path, "name", "Ada Tal", "Bo Berg")
    )


def test_parts_of_names_are_said_too(tmp_path):
    notes = " ".join(_notes(tmp_path, "first name,last name", "Ada,Tal", "Emma,School", "Bo,Orth GmbH"))
    assert "(Bo Orth GmbH)" in notes and "(... School)" in notes
