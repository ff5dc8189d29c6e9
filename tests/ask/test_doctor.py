"""What the doctor looks at, and that nothing wrong is raised."""

from pathlib import Path

from fullcircle.ask.doctor import DoctorCheck, doctor


def test_a_sound_project(project: Path) -> None:
    found = {one.what: one for one in doctor(project)}
    assert found["config"] == DoctorCheck("config", True, str(project), "")
    assert found["source crm"].ok
    assert found["source shop"].ok
    assert found["graph"].found.startswith("sqlite, ")


def test_what_is_wrong_says_what_to_do(tmp_path: Path) -> None:
    missing = doctor(tmp_path / "fullcircle.toml")[-1]
    assert (missing.what, missing.ok) == ("config", False)
    assert missing.do
    file = tmp_path / "other.toml"
    file.write_text("")
    found = {one.what: one for one in doctor(file)}
    assert not found["sources"].ok
    assert found["graph"] == DoctorCheck("graph", True, "sqlite, nothing in it yet", "")


def test_a_write_back_that_cannot_be(tmp_path: Path) -> None:
    source = '[sources.shop]\nconnector = "files"\npath = "."\n'
    file = tmp_path / "fullcircle.toml"
    for name, said in (("shop", "of the kind files are only read"), ("shpo", 'no source "shpo"')):
        file.write_text(f'{source}[writeback.ids]\nsource = "{name}"\nobject = "people"\nfields = {{ id = "customer_id" }}\n')
        (found,) = [one for one in doctor(file) if one.what == "write-back ids"]
        assert not found.ok
        assert said in found.found
        assert found.do
