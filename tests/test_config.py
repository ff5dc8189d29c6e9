"""The config: read once, overridden by the environment, errors that name key, place and the nearest right key."""

from pathlib import Path

import pytest

from fullcircle.config import secrets
from fullcircle.config.read import find_config, parse, read_config
from fullcircle.config.sections import Config
from fullcircle.errors import ConfigError


@pytest.fixture(autouse=True)
def no_threads_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """What all tests set (tests/conftest.py) would win over the config file."""
    monkeypatch.delenv("FULLCIRCLE_ENGINE__THREADS", raising=False)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "fullcircle.toml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[grph]\nstore = 'x'", 'unknown key "grph" in the top level', 'Did you mean "graph"'),
        ("[engine]\nmemroy = '1GB'", 'unknown key "memroy" in engine', 'Did you mean "memory"'),
        ("[engine]\nthreads = 'many'", "engine.threads is wrong", "Correct the value"),
        ("[sources.crm]\nurl = 'x'", 'the key "connector" is missing in sources.crm', "Add it"),
        (
            "[[map]]\nsource = 'a'\nobject = 'b'\nto = 'records'\n[map.fields]\nemail = {feild = 'x'}",
            "map[1].fields.email",
            '"field"',
        ),
        ("[engine\n", "is not valid TOML", "Correct that line"),
    ],
)
def test_wrong_key_or_type_is_named(tmp_path: Path, text: str, message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read_config(written(tmp_path, text))
    assert message in raised.value.message
    assert hint in raised.value.hint


def test_missing_file_says_how_to_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        find_config(tmp_path)
    assert "fullcircle init" in raised.value.hint


def test_environment_overrides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FULLCIRCLE_GRAPH__STORE", "memory")
    monkeypatch.setenv("FULLCIRCLE_ENGINE__THREADS", "2")
    monkeypatch.setenv("FULLCIRCLE_SOURCES__CRM__URL", "sqlite:///other.sqlite")
    monkeypatch.setenv("FULLCIRCLE_HOME_PAGE", "not a setting of ours")
    text = "[graph]\nstore = 'ladybug'\n[engine]\nmemory = '3GB'\n[sources.crm]\nconnector = 'sql'\nurl = 'sqlite:///crm.sqlite'"
    settings = read_config(written(tmp_path, text))
    assert (settings.graph.store, settings.engine.threads, settings.engine.memory) == ("memory", 2, "3GB")
    assert settings.sources["crm"].options == {"url": "sqlite:///other.sqlite"}


def test_wrong_environment_value_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FULLCIRCLE_ENGINE__THREADS", "many")
    with pytest.raises(ConfigError) as raised:
        read_config(written(tmp_path, ""))
    assert "engine.threads is wrong" in raised.value.message


def test_plugin_options_and_short_fields(tmp_path: Path) -> None:
    text = "[sources.s]\nconnector = 'sql'\nurl = 'sqlite://'\n[[map]]\nsource='s'\nobject='o'\nto='records'\n[map.fields]\nemail='mail'"
    settings = read_config(written(tmp_path, text))
    assert settings.sources["s"].options == {"url": "sqlite://"}
    assert settings.map[0].fields["email"].field == "mail"
    assert settings.home == tmp_path.resolve() / ".fullcircle"


def test_secrets_stand_by_reference_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_PASSWORD", "hunter2")
    (tmp_path / "pw").write_text("from-file\n")
    found = secrets.secret("env:CRM_PASSWORD", "the password")
    assert found.reveal() == "hunter2"
    assert "hunter2" not in f"{found} {found!r}"
    assert secrets.secret("file:pw", "the password", tmp_path).reveal() == "from-file"
    for reference in ("hunter2", "env:NOT_SET", "file:missing"):
        with pytest.raises(ConfigError) as raised:
            secrets.secret(reference, "the password", tmp_path)
        assert "hunter2" not in raised.value.message + raised.value.hint


def test_url_with_a_password_is_refused() -> None:
    with pytest.raises(ConfigError) as raised:
        secrets.url("postgresql://me:hunter2@db/crm", "[sources.crm] url")
    assert "hunter2" not in raised.value.message + raised.value.hint
    assert secrets.url("sqlite:///crm.sqlite", "url").reveal() == "sqlite:///crm.sqlite"


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [("engine", "threads", -1), ("engine", "threads", 100_000), ("engine", "memory", "-5GB"), ("engine", "memory", "much"),
     ("project", "home", "a\0b")],
)  # fmt: skip
def test_what_the_engine_cannot_take_is_told_as_a_wrong_value(section, key, value):
    with pytest.raises(ConfigError, match=f"{section}.{key} is wrong"):
        parse(Config, {section: {key: value}}, "fullcircle.toml")


NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    "given",
    [
        {"identity": {"threshold": NAN}}, {"identity": {"threshold": -INF}}, {"identity": {"shared_limit": -3}},
        {"identity": {"limits": {"changed": 7}}}, {"identity": {"limits": {"mixed": NAN}}},
        {"identity": {"limits": {"singles": [-1, 2]}}}, {"identity": {"limits": {"biggest": -1}}},
        {"money": {"base": "Zloty"}}, {"money": {"base": "EUR", "rates": {"$": 0.9}}},
        {"money": {"base": "EUR", "rates": {"USD": NAN}}},
    ],
)  # fmt: skip
def test_a_number_or_currency_that_is_none_is_refused(given):
    with pytest.raises(ConfigError, match=next(iter(given))):
        parse(Config, given, "fullcircle.toml")


def test_currencies_are_three_letters_in_any_case():
    assert parse(Config, {"money": {"base": " eur", "rates": {"usd": 0.9}}}, "fullcircle.toml").money.rates == {"usd": 0.9}


@pytest.mark.parametrize("memory", ["2GB", "512MB", "1.5 GiB", "80%", "4gb"])
def test_amounts_of_memory(memory):
    assert parse(Config, {"engine": {"memory": memory}}, "fullcircle.toml").engine.memory == memory


@pytest.mark.parametrize(
    ("one", "other", "twins"),
    [
        ('connector = "files"\npath = "data"', 'connector = "files"\npath = "./data/"', True),
        ('connector = "sql"\nurl = "sqlite:///shop.db"', 'connector = "sql"\nurl = "sqlite:///{folder}/shop.db"', True),
        ('connector = "sql"\nurl = "postgresql://db/shop"', 'connector = "sql"\nurl = "postgresql://db/shop"', True),
        ('connector = "files"\npath = "data"', 'connector = "files"\npath = "data/2025"', False),
        ('connector = "sql"\nurl = "postgresql://db/a"\nschema = "x"', 'connector = "sql"\nurl = "postgresql://db/a"', False),
        ('connector = "tryton"', 'connector = "tryton"', False),
    ],
)
def test_two_sources_of_the_same_data_are_refused(tmp_path: Path, one: str, other: str, twins: bool) -> None:
    file = written(tmp_path, f"[sources.a]\n{one}\n[sources.b]\n{other}\n".replace("{folder}", str(tmp_path)))
    if twins:
        with pytest.raises(ConfigError, match="a and b read the same data"):
            read_config(file)
    else:
        assert set(read_config(file).sources) == {"a", "b"}
