"""openCypher for Neptune: what may be asked by a person, and the batched writes of rows."""

from __future__ import annotations

import re

# Strings, quoted names and comments: what stands in them is no keyword.
NOT_WORDS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|//[^\n]*|/\*.*?\*/", re.DOTALL)
REFUSED = {"CREATE", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "DROP", "LOAD", "FOREACH", "CALL"}


def why_refused(text: str) -> str:
    """Why a text is not a single reading statement; empty where it is one."""
    bare = NOT_WORDS.sub(" ", text)
    if "'" in bare or '"' in bare or "`" in bare or "/*" in bare:
        return "a quote or a comment in it is not closed"
    if ";" in bare.strip().rstrip(";"):
        return "it holds more than one statement"
    bad = next((word for word in re.findall(r"\w+", bare.upper()) if word in REFUSED), "")
    return f"it holds the word {bad}" if bad else ""
