"""The peer of bench/serve: the least that answers with a 360 view. `python -m bench.peers.bare_handler CONFIG`.

It knows no keys, policy, masks, audit log, limits or problems. It prints its address when it answers.
"""

import asyncio
import json
import socket
import sys
import threading
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import Response
from granian.constants import Interfaces
from granian.server.embed import Server

from fullcircle.ask.customer import view
from fullcircle.ask.reader import Reader, open_reader
from fullcircle.config.read import read_config


def make(config: Path) -> FastAPI:
    app, settings, mine = FastAPI(), read_config(config), threading.local()

    def reader() -> Reader:
        if not hasattr(mine, "reader"):
            mine.reader = open_reader(settings)
        return mine.reader  # type: ignore[no-any-return]

    @app.get("/customers/{which}")
    def show(which: str) -> Response:
        one = reader()
        return Response(json.dumps(view(one.store, one.book, which).to_dict(), default=_text), media_type="application/json")

    return app


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def main() -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    server = Server(make(Path(sys.argv[1])), "127.0.0.1", port, interface=Interfaces.ASGI, websockets=False)
    print(f"http://127.0.0.1:{port}/", flush=True)
    asyncio.run(server.serve())


if __name__ == "__main__":
    main()
