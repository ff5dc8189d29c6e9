"""The files of words and figures that come with the mapping, in data/."""

from __future__ import annotations

from importlib import resources


def shipped(name: str) -> str:
    """The text of a file in data/."""
    return resources.files("fullcircle.mapping").joinpath(f"data/{name}").read_text(encoding="utf-8")
