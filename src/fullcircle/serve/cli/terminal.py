"""The one place where text of other people becomes text on a terminal: nothing in it can steer the terminal or hide.

Values, names of columns and files come from anywhere. What a terminal or the drawing library would obey (escape sequences,
marks of writing direction, invisible characters, markup, names of emoji) is shown as it is written: `\\x1b`, `\\u202e`, `[red]`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

# Control characters but line feed and tab; marks of writing direction; invisible characters but the joiners that emoji, Persian
# and Indian scripts need; separators of lines; halves of characters, which cannot be encoded; tags.
OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def console(stderr: bool = False, width: int | None = None, quiet: bool = False, soft_wrap: bool = False) -> Console:
    """A console that colours nothing by itself and leaves `:names:` of emoji alone. All drawing goes through one of these."""
    from rich.console import Console

    return Console(stderr=stderr, width=width, quiet=quiet, soft_wrap=soft_wrap, highlight=False, emoji=False)


def visible(text: str) -> str:
    """Text in which whatever a terminal would obey is written out."""
    return OBEYED.sub(lambda found: _written(ord(found[0])), text)


def plain(text: str) -> str:
    """Visible text in which nothing is taken for markup either."""
    from rich.markup import escape

    return escape(visible(text))


def marked(text: str) -> Text:
    """Markup of ours, with data in it that went through `plain`, for places that are not printed by a console directly."""
    from rich.text import Text

    return Text.from_markup(text, emoji=False)


def cell(text: str) -> Text:
    """Text for a cell of a table."""
    from rich.text import Text

    return Text(visible(text))


def beside(word: str, style: str, text: str) -> Text:
    """A word of ours in a style, then text."""
    from rich.text import Text

    return Text.assemble((word, style), " ", visible(text))


def json_safe(text: str) -> str:
    """A JSON document that means the same, without characters that a terminal obeys: they are escaped as JSON does it."""
    return OBEYED.sub(_escaped, text)


def _written(code: int) -> str:
    if code < 0x100:
        return {0x0D: "\\r"}.get(code, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
