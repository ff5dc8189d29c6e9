"""moto, as a server: services of AWS in memory. It is honest for S3 and Glue; its Athena runs nothing and says that it did."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """Its address."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def only(monkeypatch: pytest.MonkeyPatch, **given: str) -> None:
    """The environment of a user of AWS: these variables, and nothing of this machine's own."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    nowhere = {"AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"}
    for name, value in {"AWS_EC2_METADATA_DISABLED": "true", **nowhere, **given}.items():
        monkeypatch.setenv(name, value)
