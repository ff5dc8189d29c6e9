"""A mere `Status` of a list of mail, known by its values: they subscribed or left. See `state_of_mail`."""

from __future__ import annotations

from fullcircle.engine.base import Engine, quoted
from fullcircle.mapping.propose.guess import plain, words
from fullcircle.mapping.propose.sample import Sample


def state_of_mail(engine: Engine | None, sample: Sample) -> str:
    """The column whose values all are states of a subscription, and at least one says that somebody subscribed or left."""
    known = words()["mail_states"]
    every = {*known["subscribed"], *known["beside"]}
    for name, facts in sample.facts.items():
        if engine is None or not sample.table or plain(name) not in known["names"] or not 0 < facts.distinct <= len(every):
            continue
        rows = engine.rows(f"SELECT DISTINCT lower({quoted(name)}) FROM {sample.table} WHERE {quoted(name)} IS NOT NULL")
        values = {str(value) for (value,) in rows}
        if values.intersection(known["subscribed"]) and values <= every:
            return name
    return ""
