"""The policy: what the shipped roles may do and see, rules of one's own, and mistakes in them, which show nothing."""

from pathlib import Path

import pytest

from fullcircle.config.sections import GovernSettings
from fullcircle.errors import ConfigError
from fullcircle.govern.cedar import Rules
from fullcircle.govern.policy import ACTIONS, LEVELS, ROLES, Policy
from fullcircle.govern.principal import Principal
from fullcircle.govern.statements import statements
from fullcircle.model.field_classes import CLASSES


def who(*roles: str, door: str = "python", name: str = "os:maria") -> Principal:
    return Principal(name, frozenset(roles), door)


def own(folder: Path, text: str, file: str = "mine.cedar", roles: tuple[str, ...] = ()) -> Policy:
    (folder / "policy").mkdir(exist_ok=True)
    (folder / "policy" / file).write_text(text)
    return Policy(GovernSettings(policy="policy", roles=roles), folder)


@pytest.fixture(scope="module")
def shipped() -> Policy:
    return Policy(GovernSettings(), Path())


def test_without_a_role_nothing_is_allowed_and_nothing_is_seen(shipped: Policy) -> None:
    assert not any(shipped.ruling(who(), action).allowed for action in ACTIONS)
    assert set(shipped.sight(who()).levels.values()) == {"absent"}


def test_a_role_sees_its_classes_and_no_others(shipped: Policy) -> None:
    assert shipped.sight(who("agent")).levels == {
        "plain": "full", "contact": "full", "sensitive": "partial", "financial": "full", "text": "full", "unclassified": "absent",
    }  # fmt: skip
    assert shipped.sight(who("marketer")).level("contact") == "partial"
    assert shipped.sight(who("analyst")).level("contact") == "hashed"
    assert shipped.sight(who("admin")).level("contact") == "absent"


def test_who_sees_unclassified_sees_all(shipped: Policy) -> None:
    for role in ROLES:
        sight = shipped.sight(who(role))
        assert (sight.level("unclassified") == "full") == sight.whole == (role in ("steward", "privacy_officer")), role


def test_a_class_that_is_not_known_is_seen_as_unclassified(shipped: Policy) -> None:
    assert shipped.sight(who("agent")).level("no such class") == "absent"


def test_several_roles_see_and_do_what_each_of_them_does(shipped: Policy) -> None:
    both = who("marketer", "agent")
    assert shipped.sight(both).level("contact") == "full"
    assert shipped.ruling(both, "look_up").allowed


def test_only_roles_that_see_all_may_query(shipped: Policy) -> None:
    for role in ROLES:
        assert not shipped.ruling(who(role), "query").allowed or shipped.sight(who(role)).whole


def test_the_rule_that_decided_is_known(shipped: Policy) -> None:
    assert shipped.ruling(who("agent"), "show").rules == ("agent-asks",)
    assert shipped.sight(who("marketer")).rules["contact"] == ("marketer-sees-a-part-of-contact",)


def test_an_action_that_there_is_not_is_refused(shipped: Policy) -> None:
    assert not shipped.ruling(who("steward"), "fly").allowed


def test_a_forbid_of_ones_own_is_stronger_than_a_shipped_permit(tmp_path: Path) -> None:
    text = '// no agent by night\n\nforbid(principal in Role::"agent", action == Action::"search", resource);'
    policy = own(tmp_path, text)
    assert policy.ruling(who("agent"), "search").rules == ("mine.cedar:3",)
    assert not policy.ruling(who("agent", "steward"), "search").allowed
    assert policy.ruling(who("agent"), "show").allowed


def test_to_forbid_see_lowers_the_level_and_to_forbid_look_hides(tmp_path: Path) -> None:
    lower = own(tmp_path, 'forbid(principal in Role::"agent", action == Action::"see", resource == FieldClass::"contact");')
    assert lower.sight(who("agent")).level("contact") == "partial"
    hide = own(tmp_path, 'forbid(principal in Role::"agent", action in Action::"look", resource == FieldClass::"contact");')
    assert hide.sight(who("agent")).level("contact") == "absent"
    assert hide.sight(who("agent")).rules["contact"] == ("mine.cedar:1",)


def test_a_rule_may_depend_on_the_door_and_on_the_person(tmp_path: Path) -> None:
    policy = own(
        tmp_path,
        'forbid(principal, action in Action::"look", resource == FieldClass::"contact") when { context.door == "mcp" };\n'
        'permit(principal == User::"os:maria", action == Action::"query", resource);',
    )
    assert policy.sight(who("agent", door="mcp")).level("contact") == "absent"
    assert policy.sight(who("agent", door="cli")).level("contact") == "full"
    assert policy.ruling(who("agent"), "query").allowed
    assert not policy.ruling(who("agent", name="os:ben"), "query").allowed


def test_a_role_of_ones_own_has_what_its_rules_give_it(tmp_path: Path) -> None:
    text = 'permit(principal in Role::"auditor", action == Action::"audit", resource);'
    policy = own(tmp_path, text, roles=("auditor",))
    assert policy.ruling(who("auditor"), "audit").allowed
    assert set(policy.sight(who("auditor")).levels.values()) == {"absent"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('permit(principal,\n  action,, resource);', "mine.cedar, line 2"),
        ('permit(principal in Role::"agnt", action, resource);', "agnt"),
        ('forbid(principal, action == Action::"serch", resource);', "serch"),
        ('forbid(principal, action, resource == FieldClass::"contct");', "contct"),
        ('forbid(principal, action, resource) when { context.dor == "rest" };', "dor"),
        ("forbid(principal == ?principal, action, resource);", "gap"),
        ("forbid(principal, action, resource)", "mine.cedar, line 2"),
        ('@id("agent-asks") forbid(principal, action, resource);', '"agent-asks" is there already: roles.cedar, line'),
        ("hello", "mine.cedar, line 2"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rule_is_an_error_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        own(tmp_path, f"// a comment; with a semicolon\n{text}")
    assert "mine.cedar, line 2" in raised.value.message
    assert message in raised.value.message


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        Policy(GovernSettings(policy="nowhere"), tmp_path)
    with pytest.raises(ConfigError, match="not utf-8"):
        (tmp_path / "policy").mkdir()
        (tmp_path / "policy" / "a.cedar").write_bytes(b"\xff\xfe")
        Policy(GovernSettings(policy="policy"), tmp_path)


def test_a_file_of_another_ending_is_an_error_because_a_rule_may_be_meant(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="neither rules"):
        own(tmp_path, "forbid(principal, action, resource);", "mine.ceder")


def test_a_role_that_there_is_not_is_an_error(shipped: Policy) -> None:
    with pytest.raises(ConfigError) as raised:
        shipped.ruling(who("agnt"), "show")
    assert raised.value.hint == 'Did you mean "agent"?'


def test_the_actions_and_classes_of_the_schema_are_those_of_the_code(shipped: Policy) -> None:
    text = "".join(f'permit(principal, action == Action::"{action}", resource);\n' for action in (*ACTIONS, *LEVELS))
    text += "".join(f'forbid(principal, action, resource == FieldClass::"{name}");\n' for name in CLASSES)
    from fullcircle.govern.policy import _schema

    assert len(Rules(_schema(tuple(ROLES)), statements("all", text)).names) == len(ACTIONS) + len(LEVELS) + len(CLASSES)


def test_statements_know_their_lines() -> None:
    text = '// a; b\npermit(principal, action, resource)\nwhen { "x;//" == "y" };\n\n\n  forbid(principal);// c\nend'
    assert [(one.line, one.text.split("(")[0]) for one in statements("f", text)] == [(2, "permit"), (6, "forbid"), (7, "end")]
