"""How people are addressed, as what it says of their gender: `Titre` with `M.` and `Mme`, `Title` with `Mr` and `Ms`.

The same header may hold a job or a degree: the values decide. See `with_titles`.
"""

from __future__ import annotations

from collections.abc import Sequence

from fullcircle.engine.base import Engine
from fullcircle.mapping.propose.planner import Proposed
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.words import plain
from fullcircle.mapping.reading.contacts import gender

NAMES = frozenset(
    [
        "titre",
        "title",
        "titel",
        "civilite",
        "civ",
        "titolo",
        "trattamento",
        "tratamiento",
        "titulo",
        "tratamento",
        "aanhef",
        "tytul",
        "zwrot",
        "tiltal",
        "titul",
        "osloveni",
        "prefix",
        "name_prefix",
        "anrede",
        "salutation",
        "customer_title",
        "form_of_address",
        "social_title",
        "courtesy_title",
        "geschlecht_anrede",
    ]
)
MOSTLY = 0.8  # of the values say it; `Dr.` does not
MOST_VALUES = 12


def with_titles(engine: Engine, made: Sequence[Proposed]) -> None:
    """Read it for people of whom nothing else says it."""
    for one in made:
        people = one.people()
        if people is None or "gender" in people.fields or not one.sample.table:
            continue
        for name in [left for left in one.left if plain(left) in NAMES]:
            facts = one.sample.facts.get(name)
            if facts is None or not facts.filled or facts.distinct > MOST_VALUES or facts.number > 0:
                continue
            read = f"SELECT count({gender(f'lower({text_of(name)})')}) FROM {one.sample.table}"
            if engine.value(read) >= MOSTLY * facts.filled:
                people.fields["gender"] = {"field": name}
                one.left.remove(name)
                one.evidence.append(f"{name}: how people are addressed says their gender")
                break
