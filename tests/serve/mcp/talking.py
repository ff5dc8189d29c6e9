"""A real client of the protocol, over HTTP (in this process) and over stdin and stdout (a process of its own)."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult

from fullcircle.config.sections import Config
from fullcircle.serve.http.app import Start, make_app

ORIGIN = "http://127.0.0.1:8360"
ROOT = Path(__file__).parents[3]
Asked = Sequence[tuple[str, dict[str, Any]]]  # tools with their arguments


def over_http(settings: Config, keys: dict[str, str], calls: Asked) -> dict[str, list[CallToolResult]]:
    """What everybody (name -> API key) is answered. All ask one application, one after the other."""

    async def talk() -> dict[str, list[CallToolResult]]:
        app = make_app(settings, Start(ORIGIN))
        async with app.router.lifespan_context(app):
            found = {}
            for name, key in keys.items():
                headers = {"authorization": f"Bearer {key}"}
                async with (
                    httpx2.AsyncClient(transport=httpx2.ASGITransport(app), headers=headers) as sends,
                    Client(streamable_http_client(f"{ORIGIN}/mcp/", http_client=sends)) as client,
                ):
                    found[name] = [await client.call_tool(*call) for call in calls]
            return found

    return asyncio.run(talk())


def over_stdio(config: Path, calls: Asked, key: str = "") -> tuple[list[str], list[CallToolResult]]:
    """The names of the tools, and what they answer."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "FULLCIRCLE_TOKEN": key}
    started = StdioServerParameters(
        command=sys.executable, args=["-m", "fullcircle.serve.cli.main", "mcp", "--config", str(config)], env=env
    )

    async def talk() -> tuple[list[str], list[CallToolResult]]:
        async with Client(started) as client:
            names = [one.name for one in (await client.list_tools()).tools]
            return names, [await client.call_tool(*call) for call in calls]

    return asyncio.run(talk())


def text_of(result: CallToolResult) -> str:
    """All that leaves of an answer, as text."""
    return result.model_dump_json()


def data_of(result: CallToolResult) -> Any:
    """The answer itself."""
    assert not result.is_error, text_of(result)
    assert result.structured_content is not None
    return result.structured_content["data"]
