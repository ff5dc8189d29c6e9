"""The number of a person, named in a compound: `medlemsnr`, `kundennummer`, `ügyfélkód`. See `compound_stems`."""

from __future__ import annotations

from functools import cache, lru_cache

from fullcircle.mapping.propose.words import base, code_words, short_things, unlinked, words

NUMBER_WORDS = ("id", "no", "nr", "num", *code_words("code_after"))


@cache
def numbered_people() -> frozenset[str]:
    """Words for people who have a number, in all languages."""
    return frozenset(words()["columns"]["orders"]["record_id"]) | frozenset(words()["numbered"]["words"])


def _goes_with(stem: str, end: str) -> bool:
    """False for a short word of one language before a number word of all: a `Host ID` is not that of a guest, as in Czech."""
    own = {*base()["columns"]["orders"]["record_id"], *base()["numbered"]["words"]}
    return len(stem) > 4 or end not in {"id", "no", "num", "code"} or stem in own


@lru_cache(maxsize=50_000)
def compound_stems(name: str) -> tuple[str, ...]:
    """What a number named in a compound may be the number of: `medlem` of `medlemsnr`, `jasen` of `jasenen_numero`."""
    ends = [end for end in NUMBER_WORDS if name.endswith(end) and len(name) >= len(end) + 2]
    stems = [stem for end in ends for stem in unlinked(name.removesuffix(end)) if _goes_with(stem, end)]
    short = short_things("who")
    return tuple(dict.fromkeys([*stems, *(short[stem] for stem in stems if stem in short)]))
