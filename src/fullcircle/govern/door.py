"""The one way out of the reading room: the policy is asked, the answer is masked, what was shown is noted, then it leaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar, runtime_checkable

from fullcircle.errors import Ambiguous, FullcircleError, NotAllowed, NotAudited
from fullcircle.govern.entry import AuditEntry, AuditLog, Outcome
from fullcircle.govern.log import NullLog
from fullcircle.govern.mask import Mask
from fullcircle.govern.policy import ALL, Policy, refused
from fullcircle.govern.principal import Principal
from fullcircle.model.field_classes import PLAIN

Found = TypeVar("Found")
CHOICES = re.compile(r"customer:[^\s,()]+")
Masking = Callable[[Any, Mask], Any]


@runtime_checkable
class Closes(Protocol):
    """A log that keeps a file open."""

    def close(self) -> None:
        """Close it."""
        ...


class Door:
    """Somebody at a door of a project. Without a policy one person sees all."""

    def __init__(self, who: Principal, policy: Policy | None, log: AuditLog, key: Callable[[], bytes] = bytes) -> None:
        self.who = who
        self.policy = policy
        self.log = log
        sight = policy.sight(who) if policy else ALL
        self.mask = Mask(sight, b"" if sight.whole else key())
        self._rules = sorted({rule for rules in sight.rules.values() for rule in rules})
        self.tool = ""  # of an assistant, by which somebody asks: it is noted, too
        self._is_silent = policy is None and isinstance(log, NullLog)
        self._is_still: Callable[[], object] | None = None

    def close(self) -> None:
        """Close the log."""
        if isinstance(self.log, Closes):
            self.log.close()

    def known_again(self, by: Callable[[], object]) -> None:
        """Whoever asks by a key is looked up before each answer: `by` raises NotAllowed once it is revoked or has ended."""
        self._is_still = by

    def check(self, action: str, question: str = "") -> str:
        """The rules that permit an action; NotAllowed, which is noted, if none does."""
        if self.policy is None:
            return ""
        if self._is_still:
            try:
                self._is_still()
            except NotAllowed:
                self.note(AuditEntry(self.who, question or action, "refused", detail="the key is not valid any more"))
                raise
        ruling = self.policy.ruling(self.who, action)
        if not ruling.allowed:
            self.note(AuditEntry(self.who, question or action, "refused", rule=", ".join(ruling.rules)))
            raise refused(self.who, action)
        return ", ".join(ruling.rules)

    def check_whole(self, action: str, instead: str) -> None:
        """NotAllowed for who does not see everything: this shows values whose class nobody knows."""
        if not self.mask.whole:
            self.note(AuditEntry(self.who, action, "refused", detail="it shows everything"))
            roles = ", ".join(sorted(self.who.roles)) or "without a role"
            raise NotAllowed(f"{self.who.name} ({roles}) does not see every class of fields, and this would show all.", instead)

    def check_seen(self, question: str, doing: str, hidden: Sequence[str]) -> None:
        """NotAllowed if they would compare, count ... by fields that are hidden from them: whom it fits would say the values."""
        if hidden:
            self.note(AuditEntry(self.who, question, "refused", detail=f"to {doing} by what is hidden"))
            names = ", ".join(hidden)
            raise NotAllowed(
                f"{self.who.name} may not {doing} by {names}, which they do not see in full.", f"Leave out: {names}."
            )

    def enter(self, action: str, question: str = "") -> None:
        """Note that somebody does this, before it is done; NotAllowed if the policy does not permit it."""
        rule = self.check(action, question)
        self.note(AuditEntry(self.who, question or action, "answered", rule=rule))

    def answer(self, action: str, question: str, work: Callable[[], Found], masked: Masking) -> Found:
        """The answer that `work` gives, masked; what is shown is durable in the log before this returns."""
        if self._is_silent:
            return work()
        rule = self.check(action, question)
        if self.mask.sight.level(PLAIN) != "full":
            self.note(AuditEntry(self.who, question, "refused", detail="no sight of plain fields"))
            raise NotAllowed(
                f"No rule shows {self.who.name} even the plain fields, and without them no answer can be read.",
                'A rule that does: permit(principal, action in Action::"look", resource == FieldClass::"plain");',
            )
        try:
            found = work()
        except NotAllowed:
            raise  # noted where it was raised
        except FullcircleError as error:
            self._note(question, "failed", rule, error.code)
            if (said := self.as_said(error)) is not error:
                raise said from None
            raise
        self.mask.begin()
        seen: Found = masked(found, self.mask)
        self._note(question, "answered", rule, _size(seen))
        return seen

    def as_said(self, error: FullcircleError) -> FullcircleError:
        """An error as its asker may read it: where the keys of sources are hidden, choices are listed by their ids alone."""
        if isinstance(error, Ambiguous) and not self.mask.sees_keys and (ids := CHOICES.findall(error.hint)):
            return Ambiguous(error.message, f"Name one by its id: {', '.join(ids)}")  # the hint has names
        return error

    def _note(self, question: str, outcome: Outcome, rule: str, detail: str) -> None:
        mask, shown = self.mask, outcome == "answered"
        customers = tuple(sorted(mask.customers)) if shown else ()
        fields = tuple(sorted(mask.fields)) if shown else ()
        rules = ", ".join(filter(None, [rule, *self._rules]))
        self.note(AuditEntry(self.who, question, outcome, customers, fields, rules, detail))

    def note(self, entry: AuditEntry) -> None:
        """Keep an entry; NotAudited if that fails."""
        if self.tool:
            entry = replace(entry, detail="; ".join(filter(None, [f"tool {self.tool}", entry.detail])))
        try:
            self.log.note(entry)
        except FullcircleError:
            raise
        except Exception as error:
            raise NotAudited(
                f"What would be shown cannot be noted in the audit log ({type(error).__name__}), so it is not shown.",
                "Look at the disk and the permissions of the home; `fullcircle doctor` may find the reason.",
            ) from error


def _size(found: object) -> str:
    try:
        rows = len(found)  # type: ignore[arg-type]
    except TypeError:
        return ""
    return f"{rows} row{'s' if rows != 1 else ''}"
