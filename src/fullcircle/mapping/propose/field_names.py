"""By which names a field may be known: its own, and without what is in brackets or says how a value was made. See `names_of`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from fullcircle.mapping.propose.sample import Facts
from fullcircle.mapping.propose.words import plain, written_out

PREPARED = re.compile(
    r"_(fake|synthetic|clean|cleaned|cleansed|raw|std|standardi[sz]ed|normali[sz]ed|norm|formatted|anonymi[sz]ed|anon|imputed|corrected)$"
)
GROSS = re.compile(
    r"_(with|incl?|including|inclusive(_of)?|mit|inkl|tvac|avec|con|com|met|med|s|vcetne|z|ttc)(_?(vat|tax|taxes|gst|mwst|ust|btw|moms|dph|iva|tva"
    r"|kdv|afa|impost[oi]s?|impuestos?|imposte|steuern?))?$|_(gross|brutto)$"
)
NET = re.compile(
    r"_(without|excl?|excluding|exclusive(_of)?|ohne|exkl|sans|sin|sem|zonder|uden|bez|ht)"
    r"(_?(vat|tax|taxes|gst|mwst|ust|btw|moms|dph|iva|tva|kdv|afa|impost[oi]s?|impuestos?|imposte|steuern?))?$|_(net|netto)$"
)
WITH_TIP = re.compile(  # `Amount incl. tip` is what was paid
    r"_(with|incl?|including|inclusive_of|mit|inkl|avec|con|com|met|med)_(tips?|gratuity|trinkgeld|pourboires?|propinas?|mancia|gorjeta|fooi|drikkepenge"
    r"|driks|dricks)$"
)
WHOLE = 0.8  # of the names have several words: they are whole names
HOME = {"home", "private", "privat", "prive", "personal", "casa", "domicile", "particular", "main", "primary"}


def without_tax(name: str) -> str:
    """The name of a sum without what it says of its tax or a tip: `total_with_vat` is `total`."""
    return NET.sub("", GROSS.sub("", WITH_TIP.sub("", name)))


def names_of(fields: Sequence[str], facts: Mapping[str, Facts] | None = None) -> dict[str, str]:
    """Normalised name -> field; also without what is in brackets (`Price (net, required)`) or says how a value was prepared
    (`postcode_fake`, `email_clean`), if only one field is called so.
    """
    names = {plain(each): each for each in reversed(fields)}
    bare: dict[str, list[str]] = {}
    for each in fields:
        short = PREPARED.sub("", plain(re.sub(r"[(\[][^()\[\]]*[)\]]", " ", each)))
        if short and short != plain(each) and is_filled(facts, each):
            bare.setdefault(short, []).append(each)
    for ending in (GROSS, NET, WITH_TIP):
        for each in fields:
            short = ending.sub("", plain(each))
            if short and short != plain(each) and short not in names:
                names[short] = each
    for short, each in _in_brackets(fields).items():
        names.setdefault(short, each)
    for each in fields:  # `OrdDt` is the `order_date`, where nothing else is called so
        names.setdefault(written_out(plain(each)), each)
    at_home = {short: [one for one in those if plain(one).removeprefix(f"{short}_") in HOME] for short, those in bare.items()}
    clear = {short: those if len(those) == 1 else at_home[short] for short, those in bare.items()}
    return names | {short: those[0] for short, those in clear.items() if len(those) == 1 and short not in names}


def _in_brackets(fields: Sequence[str]) -> dict[str, str]:
    """The name in the API that follows the title in many headers: `Fecha de compra (date_created)`."""
    found = [(match.group(1), each) for each in fields if (match := re.fullmatch(r".+[(\[]([a-z]+(?:_[a-z]+)*)[)\]]\s*", each))]
    once = Counter(name for name, _ in found)
    return {plain(name): each for name, each in found if once[name] == 1} if len(found) >= 3 else {}


def is_filled(facts: Mapping[str, Facts] | None, name: str) -> bool:
    """False for a field that no sampled row fills."""
    known = (facts or {}).get(name)
    return known is None or known.filled > 0


def holds_whole(column: str, facts: Mapping[str, Facts] | None) -> bool:
    """True for a `Nom` or `Nom du client` of whole names: the word is said of family names, and of these."""
    known = (facts or {}).get(column)
    return bool(known and re.search(r"(^|_)nom(_|$)", plain(column)) and known.filled and known.name >= WHOLE)
