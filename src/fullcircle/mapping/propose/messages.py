"""Messages with a sender and receivers: the customer is the side that is not the company's own. Start at `customer_side`.

The company's own addresses are those of the domain that is in most rows, on the one side or the other. A message between two
others, or within the company, is nobody's.
"""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle.engine.base import Engine, literal
from fullcircle.mapping.propose.profiles import text_of
from fullcircle.mapping.propose.sample import Sample
from fullcircle.mapping.propose.words import plain

FROM = ("from", "from_email", "from_address", "sender", "sender_email", "sender_address", "email_from", "von", "de", "absender")
TO = ("to", "to_email", "to_address", "to_addresses", "recipient", "recipient_email", "recipients", "receiver", "email_to", "an")
MOSTLY = 0.8  # of the messages have the company on one side
ADDRESS = r"[^\s<>,;:\x22()]+@[^\s<>,;:\x22()]+"


@dataclass(frozen=True, slots=True)
class Side:
    """The customers of messages: SQL of their address and name, and which domain is the company's own."""

    email: str
    name: str
    sender: str
    receiver: str
    own: str


def customer_side(engine: Engine | None, sample: Sample) -> Side | None:
    """The customer's side of an object of messages; None if these are none, or if no domain is that of the company."""
    names = {plain(one.name): one.name for one in sample.found.fields}
    sender = next((names[word] for word in FROM if word in names and _mails(sample, names[word])), "")
    receiver = next((names[word] for word in TO if word in names and _mails(sample, names[word])), "")
    if engine is None or not sample.table or not sender or not receiver:
        return None
    domains = " UNION ALL ".join(
        f"SELECT rowid AS r, split_part({_address(column)}, '@', 2) AS d FROM {sample.table}" for column in (sender, receiver)
    )
    found = engine.rows(f"SELECT d, count(DISTINCT r) AS n FROM ({domains}) WHERE d <> '' GROUP BY d ORDER BY n DESC, d LIMIT 2")
    if not found or found[0][1] < MOSTLY * sample.rows or (len(found) > 1 and found[1][1] == found[0][1]):
        return None
    own = str(found[0][0])
    return Side(_theirs(sender, receiver, own), _name(sender, receiver, own), sender, receiver, own)


def _mails(sample: Sample, column: str) -> bool:
    facts = sample.facts.get(column)
    return facts is not None and facts.mail >= MOSTLY


def _address(column: str) -> str:
    return f"lower(regexp_extract({text_of(column)}, {literal(ADDRESS)}))"


def _is_own(column: str, own: str) -> str:
    return f"split_part({_address(column)}, '@', 2) = {literal(own)}"


def _theirs(sender: str, receiver: str, own: str) -> str:
    incoming = f"{_is_own(receiver, own)} AND NOT {_is_own(sender, own)}"
    outgoing = f"{_is_own(sender, own)} AND NOT {_is_own(receiver, own)}"
    return f"nullif(CASE WHEN {incoming} THEN {_address(sender)} WHEN {outgoing} THEN {_address(receiver)} END, '')"


def _name(sender: str, receiver: str, own: str) -> str:
    """The name before the address: `Iris Fenn <iris@example.com>`."""
    named = [f"nullif(trim(regexp_extract({text_of(column)}, '^([^<@;,]+)<', 1), ' \x22'), '')" for column in (sender, receiver)]
    return f"CASE WHEN {_is_own(sender, own)} THEN {named[1]} ELSE {named[0]} END"
