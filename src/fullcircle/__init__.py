"""A customer 360 view, kept as a graph. Read pipeline.py first: it is the whole story; `open` is the door for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from fullcircle.ask.reader import Reader
    from fullcircle.govern.open import Asking

__version__ = "0.2.0"


def open(config: str | PathLike[str] | None = None, as_: Asking = None, door: str = "python") -> Reader:
    """Open the customer graph of a config file for reading; none named: the nearest fullcircle.toml, here or above.

    `as_` is who asks, where the config has a policy: an API key; None: the user of the operating system. See govern/.

    Use it in a `with` statement or call `close()`. Any number of readers may be open beside a run.
    """
    from pathlib import Path

    from fullcircle.ask.reader import open_reader
    from fullcircle.config.read import load_config

    return open_reader(load_config(None if config is None else Path(config)), as_, door)
