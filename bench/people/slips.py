"""How people and machines miswrite: typing slips, misreadings, words by sound."""

from __future__ import annotations

from random import Random

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SOUNDS = (("ph", "f"), ("ck", "k"), ("th", "t"), ("ie", "y"), ("y", "ie"), ("ee", "ea"), ("ll", "l"), ("tt", "t"), ("c", "k"),
          ("ou", "ow"), ("mac", "mc"), ("nn", "n"), ("s", "z"))  # fmt: skip
MISREAD = {"l": "1", "o": "0", "s": "5", "b": "8", "e": "c", "m": "n", "u": "v", "0": "o", "1": "7", "5": "s", "8": "3"}


def slip(draw: Random, text: str) -> str:
    """The text with one slip: a character left out, doubled, replaced, or exchanged with the next one."""
    if not text:
        return text
    place, kind = draw.randrange(len(text)), draw.randrange(4)
    one = draw.choice("0123456789") if text[place].isdigit() else draw.choice(LETTERS)
    if kind == 0 and len(text) > 2:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + one + text[place:]
    if kind == 2 or place + 1 == len(text):
        return text[:place] + one + text[place + 1 :]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def misread(draw: Random, text: str) -> str:
    """One character taken for a similar one, if there is such a character."""
    places = [place for place, one in enumerate(text) if one in MISREAD]
    if not places:
        return slip(draw, text)
    place = draw.choice(places)
    return text[:place] + MISREAD[text[place]] + text[place + 1 :]


def by_sound(draw: Random, text: str) -> str:
    """One spelling replaced by another of the same sound, if there is one."""
    fitting = [(one, other) for one, other in SOUNDS if one in text]
    if not fitting:
        return slip(draw, text)
    return text.replace(*draw.choice(fitting), 1)


def spoil(draw: Random, text: str) -> str:
    """One of the above."""
    return draw.choice((slip, slip, slip, misread, by_sound))(draw, text)
