"""Sends what the rulesets of a run found: to a webhook, by e-mail, into a file. An alert that cannot be sent never ends a run."""

from __future__ import annotations

import json
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

from fullcircle.book.book import Book
from fullcircle.config.secrets import secret
from fullcircle.config.sections import AlertSettings, Config
from fullcircle.errors import FullcircleError, QualityStopped
from fullcircle.quality.history import KeptCheck, QualityHistory
from fullcircle.serve.hooks.send import send

SECONDS = 10.0  # for a mail server
MOST = 1_000  # checks of one run


@contextmanager
def alerting(settings: Config, book: Book, say: Callable[[str], None]) -> Iterator[None]:
    """After the run inside the `with` block, send what its checks found; also if a rule stopped it."""
    history = QualityHistory(book)
    last = next((one.id for one in history.checks(1)), 0)
    try:
        yield
    except QualityStopped:
        _alert(settings, history, last, True, say)
        raise
    _alert(settings, history, last, False, say)


def _alert(settings: Config, history: QualityHistory, last: int, stopped: bool, say: Callable[[str], None]) -> None:
    checks = [one for one in history.checks(MOST) if one.id > last]
    failed = stopped or any(one.failed or one.errors for one in checks)
    event = {
        "project": settings.project.name, "at": datetime.now(UTC).isoformat(timespec="seconds"), "stopped": stopped,
        "checks": [_check(history, one) for one in reversed(checks)],
    }  # fmt: skip
    for alert in settings.quality.alerts if checks else ():
        if failed or alert.when == "always":
            try:
                problem = SENDERS[alert.to](settings, alert, event)
            except FullcircleError as error:
                problem = error.message
            except (OSError, smtplib.SMTPException) as error:
                problem = type(error).__name__
            if problem:
                say(f"The alert to the {alert.to} could not be sent: {problem}.")


def _check(history: QualityHistory, one: KeptCheck) -> dict[str, Any]:
    wrong = [each for each in history.outcomes(one.id) if each.result != "PASS"]
    return {
        "ruleset": one.ruleset, "table": one.table, "rows": one.rows, "score": one.score,
        "failed": [{"rule": each.rule, "result": each.result, "message": each.message, "rows": each.failed} for each in wrong],
    }  # fmt: skip


def _to_webhook(settings: Config, alert: AlertSettings, event: dict[str, Any]) -> str:
    key = secret(alert.secret, "The secret of the alert", settings.folder).reveal().encode()
    body = json.dumps({"type": "quality", **event}).encode()
    return send(alert.url, body, f"quality-{uuid4().hex}", key, settings.serve.loopback_webhooks)


def _to_file(settings: Config, alert: AlertSettings, event: dict[str, Any]) -> str:
    with (settings.folder / alert.path).open("a", encoding="utf-8") as file:
        file.write(json.dumps(event) + "\n")
    return ""


def _to_email(settings: Config, alert: AlertSettings, event: dict[str, Any]) -> str:
    message = EmailMessage()
    message["From"], message["To"] = alert.sender, ", ".join(alert.recipients)
    number = sum(len(one["failed"]) for one in event["checks"])
    about = "the run was stopped" if event["stopped"] else f"{number} rules did not pass" if number else "all rules pass"
    message["Subject"] = f"{settings.project.name}: {about}"
    message.set_content("\n".join(_lines(event)))
    with smtplib.SMTP(alert.host, alert.port, timeout=SECONDS) as server:
        if alert.tls:
            server.starttls(context=ssl.create_default_context())
        if alert.user:
            server.login(alert.user, secret(alert.password, "The password of the mail server", settings.folder).reveal())
        server.send_message(message)
    return ""


def _lines(event: dict[str, Any]) -> Iterator[str]:
    for one in event["checks"]:
        score = "" if one["score"] is None else f", {one['score']:.0%} of the rules pass"
        yield f"{one['ruleset']} on {one['table']}: {one['rows']:,} rows{score}"
        yield from (f"  {each['result']} {each['rule']} {each['message']}".rstrip() for each in one["failed"])


SENDERS = {"webhook": _to_webhook, "file": _to_file, "email": _to_email}
