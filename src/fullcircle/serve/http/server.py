"""Starts the server. Asked to stop (SIGTERM, Ctrl-C), it takes no new request and ends those it is answering."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import signal
import socket
from collections.abc import Callable
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from fullcircle.config.secrets import secret
from fullcircle.config.sections import Config, OidcSettings, ServeSettings
from fullcircle.errors import ConfigError, did_you_mean
from fullcircle.govern.policy import ROLES
from fullcircle.serve.http.app import Start, make_app
from fullcircle.serve.http.issuer import is_safe

LAST_SECONDS = 10.0  # for requests that are being answered when the server is asked to stop
LOG = logging.getLogger("fullcircle.serve")
LOG_CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
    "loggers": {
        "_granian": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "fullcircle.serve": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}


def check(settings: Config) -> None:
    """ConfigError for a server that would be open to a network without a policy, or without encryption on the way."""
    serve = settings.serve
    if bool(serve.certificate) != bool(serve.key):
        raise ConfigError("[serve] has only one of certificate and key.", "Name both files, in PEM.")
    for file in filter(None, (serve.certificate, serve.key)):
        if not (settings.folder / file).is_file():
            raise ConfigError(f"The file {file} of [serve] does not exist.", "Check its path, from the config file's folder.")
    if serve.oidc is not None:
        _check_login(settings, serve.oidc)
    if _is_loopback(serve.host):
        return
    if settings.govern is None:
        raise ConfigError(
            f"[serve] host {serve.host} can be reached from other machines, and this project has no policy.",
            'Add [govern] and give people keys (docs/how-to/who-may-see-what.md), or keep host = "127.0.0.1".',
        )
    if not serve.certificate and not serve.origin.startswith("https://"):
        raise ConfigError(
            f"[serve] host {serve.host} can be reached from other machines, and answers would travel unencrypted.",
            'Name certificate and key in [serve], or, behind a proxy that encrypts, its address: origin = "https://...".',
        )


def _check_login(settings: Config, oidc: OidcSettings) -> None:
    if settings.govern is None:
        raise ConfigError("[serve.oidc] gives people roles, and this project has no policy.", "Add [govern] to the config.")
    if not is_safe(oidc.issuer):
        raise ConfigError("[serve.oidc] issuer is reached unencrypted.", "Write its address with https://.")
    roles = (*ROLES, *settings.govern.roles)
    for role in oidc.roles.values():
        if role not in roles:
            raise ConfigError(f'[serve.oidc] roles: there is no role "{role}".', did_you_mean(role, roles))
    if oidc.client_secret:
        secret(oidc.client_secret, "[serve.oidc] client_secret", settings.folder)


def origin_of(serve: ServeSettings, port: int) -> str:
    """Where browsers find the server."""
    host = f"[{serve.host}]" if ":" in serve.host else serve.host
    return serve.origin.rstrip("/") or f"http{'s' if serve.certificate else ''}://{host}:{port}"


def free_port(host: str) -> int:
    """A port that nobody listens on."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as one:
        one.bind((host, 0))
        return int(one.getsockname()[1])


def run(settings: Config, local_key: str, ready: Callable[[Start], None]) -> None:
    """Serve until a signal asks to stop. `ready` is called with the address when requests are answered."""
    check(settings)
    serve = settings.serve
    port = serve.port or free_port(serve.host)
    _refuse_taken(serve.host, port)
    start = Start(origin_of(serve, port), local_key, any_name=False)
    app = make_app(settings, start)
    files = {name: settings.folder / file if file else None for name, file in (("cert", serve.certificate), ("key", serve.key))}
    server = Server(
        app, serve.host, port, interface=Interfaces.ASGI, websockets=False, backlog=1024, log_enabled=True,
        log_level=LogLevels.error, log_dictconfig=LOG_CONFIG, ssl_cert=files["cert"], ssl_key=files["key"],
    )  # fmt: skip
    asyncio.run(_serve(server, lambda: ready(start), app.state.stopping.set))


async def _serve(server: Server, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    work = asyncio.create_task(server.serve())
    asking = asyncio.create_task(stop.wait())
    loop.call_later(0.2, ready)
    await asyncio.wait((work, asking), return_when=asyncio.FIRST_COMPLETED)
    stopping()  # what goes on for as long as its client wants ends now
    if asking.done():
        server.stop()  # type: ignore[no-untyped-call]
        done, _ = await asyncio.wait((work,), timeout=LAST_SECONDS)
        if not done:  # threads cannot be ended: what they write is written whole or not at all, so they may be left
            LOG.error("Stopped after %.0f s: a request that was still being answered was left.", LAST_SECONDS)
            logging.shutdown()
            os._exit(1)
    asking.cancel()
    if work.done():
        work.result()


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise ConfigError(
                f"The server cannot listen on {host}:{port}: {reason}.", "Choose another: `fullcircle serve --port 8361`."
            ) from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
