"""The policy of a project: who may ask what, and at which level each class of fields is seen. Fail closed.

The rules that come with the product are in `data/`; those of the project are files in the folder that `[govern] policy` names.
Decisions are kept for each principal, so an answer costs no more than a look into a dict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from fullcircle.config.sections import GovernSettings
from fullcircle.errors import ConfigError, NotAllowed, did_you_mean
from fullcircle.govern.principal import Principal
from fullcircle.govern.ruling import RuleQuestion, Ruling
from fullcircle.govern.statements import Statement, statements
from fullcircle.model.field_classes import CLASSES, UNCLASSIFIED

DATA = Path(__file__).parent / "data"
ROLES: dict[str, str] = {
    "steward": "keeps who is who in order; sees everything",
    "agent": "talks to customers: contact, money and texts, and a part of what is sensitive",
    "marketer": "plans offers: what was bought and spent, a part of contact",
    "analyst": "counts and compares: what was bought and spent, contact as hashes",
    "privacy_officer": "exports, restricts and erases; reads the audit log; sees everything",
    "admin": "runs, publishes, says who may what; sees nobody",
    "service": "a program that runs and publishes; sees nobody",
}
Level = Literal["full", "partial", "hashed", "absent"]
LEVELS: dict[str, Level] = {"see": "full", "see_partial": "partial", "see_hashed": "hashed"}  # the first that is permitted counts
ORDER: tuple[Level, ...] = ("absent", "hashed", "partial", "full")
ACTIONS = (
    "show", "search", "timeline", "history", "related", "habits", "bought_together", "path", "why", "how", "review", "look_up",
    "query", "status", "health", "quality", "runs", "export", "audit", "propose", "consent", "decide", "create", "label", "run",
    "publish", "write_back", "import", "erase", "restrict", "configure",
)  # fmt: skip
FILES = "*.cedar"
BESIDE = (".cedar", ".test.toml", ".md")  # what the folder may hold


@dataclass(frozen=True, slots=True)
class Sight:
    """At which level each class is seen, and by which rules."""

    levels: Mapping[str, Level]
    rules: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def level(self, field_class: str) -> Level:
        """The level of a class; one that is not known is seen as unclassified."""
        return self.levels.get(field_class, self.levels.get(UNCLASSIFIED, "absent"))

    @property
    def whole(self) -> bool:
        """True for who sees every class in full."""
        return all(self.level(one) == "full" for one in CLASSES)


ALL = Sight(dict.fromkeys(CLASSES, "full"))


class Policy:
    """The rules of a project, read and checked."""

    def __init__(self, settings: GovernSettings, folder: Path) -> None:
        from fullcircle.govern.cedar import Rules  # its library takes 0.1 s, which a project without a policy does not pay

        self.roles = (*ROLES, *(role for role in settings.roles if role not in ROLES))
        own = _own(settings, folder)
        self._rules = Rules(_schema(self.roles), [*_shipped(), *own])
        self.own = len(own)
        self._sights: dict[Principal, Sight] = {}
        self._rulings: dict[tuple[Principal, str], Ruling] = {}

    def ruling(self, who: Principal, action: str) -> Ruling:
        """Whether somebody may do this, and by which rules."""
        key = (who, action)
        if key not in self._rulings:
            self.check_roles(who.roles)
            known = action in ACTIONS and (not who.scope or action in who.scope)
            self._rulings[key] = (
                self._rules.decide(who, [RuleQuestion(action, "Project", "project")])[0] if known else Ruling(False)
            )
        return self._rulings[key]

    def sight(self, who: Principal) -> Sight:
        """At which level somebody sees each class."""
        if who not in self._sights:
            self.check_roles(who.roles)
            wishes = [RuleQuestion(action, "FieldClass", one) for one in CLASSES for action in LEVELS]
            decided = self._rules.decide(who, wishes)
            levels: dict[str, Level] = dict.fromkeys(CLASSES, "absent")
            rules: dict[str, tuple[str, ...]] = {}
            for wish, ruling in zip(wishes, decided, strict=True):
                if not ruling.allowed:
                    rules.setdefault(wish.id, ruling.rules)  # the forbid, where nothing else is permitted
                elif levels[wish.id] == "absent":
                    levels[wish.id] = LEVELS[wish.action]
                    rules[wish.id] = ruling.rules
            self._sights[who] = Sight(levels, rules)
        return self._sights[who]

    def check_roles(self, roles: frozenset[str]) -> None:
        """ConfigError for a role that there is not."""
        for role in sorted(roles):
            if role not in self.roles:
                raise ConfigError(f'There is no role "{role}".', did_you_mean(role, self.roles))


def refused(who: Principal, action: str) -> NotAllowed:
    """The error for what the policy does not permit."""
    roles = ", ".join(sorted(who.roles))
    if not roles:
        return NotAllowed(
            f"{who.name} has no role in this project, so nothing is shown.",
            f"An admin gives one: `fullcircle users add {who.name.removeprefix('os:')} --role agent`. Before there is anybody, "
            "the owner of the home begins: `fullcircle users add --first`.",
        )
    return NotAllowed(
        f"{who.name} ({roles}) may not {action.replace('_', ' ')} here.",
        "`fullcircle policy explain ROLE ACTION` says by which rule; an admin gives roles, or changes the rules.",
    )


def _schema(roles: tuple[str, ...]) -> str:
    text = (DATA / "schema.cedarschema").read_text(encoding="utf-8")
    listed = {"$roles": roles, "$classes": tuple(CLASSES)}
    for name, values in listed.items():
        text = text.replace(name, ", ".join(f'"{value}"' for value in values))
    return text


def _shipped() -> list[Statement]:
    return [one for file in sorted(DATA.glob(FILES)) for one in statements(file.name, file.read_text(encoding="utf-8"))]


def policy_folder(settings: GovernSettings, folder: Path) -> Path | None:
    """The folder of the project's own rules, if the config names one."""
    return (folder / settings.policy) if settings.policy else None


def _own(settings: GovernSettings, folder: Path) -> list[Statement]:
    """The statements of the project's own files. ConfigError for what cannot be read: a rule must not be missed."""
    place = policy_folder(settings, folder)
    if place is None:
        return []
    try:
        files = sorted(file for file in place.iterdir() if not file.name.startswith("."))
        found = [one for file in files if file.suffix == ".cedar" for one in statements(file.name, file.read_text("utf-8"))]
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(
            f"[govern] policy: the rules in {place} cannot be read: {(reason or 'unknown reason').lower()}.",
            "Correct the path or the permissions; until then nothing is shown.",
        ) from error
    for file in files:
        if not file.name.endswith(BESIDE):
            raise ConfigError(
                f"[govern] policy: {file} is neither rules (.cedar) nor their tests (.test.toml).",
                "Rename it or move it away: a rule must not be missed.",
            )
    return found
