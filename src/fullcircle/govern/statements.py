"""A file of policies in its statements, each with the line it begins on: messages name the line, and audit entries the rule."""

from __future__ import annotations

import re
from dataclasses import dataclass

# what may hide a semicolon: a comment, a text in quotes
_PIECE = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|;|[^;"/]+|.', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """One policy of a file."""

    file: str
    line: int
    text: str


def statements(file: str, text: str) -> list[Statement]:
    """The statements of a file, in order; the last may be one that does not end. Comments in front of one are left out."""
    found: list[Statement] = []
    begun, line, first = "", 1, 1
    for piece in _PIECE.findall(text):
        rest = piece if begun else "" if piece.startswith("//") else piece.lstrip()
        if rest and not begun:
            first = line + piece[: len(piece) - len(rest)].count("\n")
        begun += rest
        line += piece.count("\n")
        if piece == ";":
            found.append(Statement(file, first, begun))
            begun = ""
    return [*found, Statement(file, first, begun)] if begun.strip() else found
