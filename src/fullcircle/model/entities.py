"""The entities: what customers have or do. Another package adds one by an entry point in the group `fullcircle.entities`."""

from __future__ import annotations

from fullcircle.errors import ConfigError
from fullcircle.model.additions import additions
from fullcircle.model.entity import Entity, EntityField

ORDER = Entity(
    label="Order",
    table_name="orders",
    edge="PLACED",
    meaning="A sale.",
    fields=(
        EntityField("ordered_at", "timestamp"),
        EntityField("status"),
        EntityField("channel"),
        EntityField("currency"),
        EntityField("amount", "money"),
        EntityField("status_raw"),  # the source's word; `status` is one of statuses.py, or that word where it is not known
        EntityField("unpaid", "money", added=True),  # what of the amount is still owed; null where the source does not say
        EntityField("paid", "money", aside=True),  # what of it was paid, where the source says that and not what is owed
        EntityField("corrects", aside=True, ref="orders"),  # of a credit note or reversal: the order (invoice) that it takes back
        EntityField("same_as", aside=True, ref="orders"),  # of an invoice: the order that it bills, which is the same sale
        EntityField("number", added=True),  # by which people know it, where the key is another
    ),
    when="ordered_at",
    title="Orders",
    shown=("ordered_at", "id", "amount", "unpaid", "currency", "status", "channel"),
    schema_org="schema:Order",
)
TICKET = Entity(
    label="Ticket",
    table_name="tickets",
    edge="RAISED",
    meaning="A request of a customer to support.",
    fields=(
        EntityField("opened_at", "timestamp"),
        EntityField("closed_at", "timestamp"),
        EntityField("status"),
        EntityField("subject"),
        EntityField("channel"),
        EntityField("priority"),
        EntityField("number", added=True),  # by which people know it, where the key is another
    ),
    when="opened_at",
    title="Tickets",
    shown=("opened_at", "id", "subject", "status", "channel"),
)
INTERACTION = Entity(
    label="Interaction",
    table_name="interactions",
    edge="INTERACTED",
    meaning="A contact with a customer: a call, a visit, a mention, a deal.",
    fields=(
        EntityField("at", "timestamp"),
        EntityField("kind"),
        EntityField("channel"),
        EntityField("text"),
        EntityField("sentiment"),
        EntityField("amount", "money"),  # of deals: the value, expected or, where `status` is won, agreed
        EntityField("currency", added=True),
        EntityField(
            "status", added=True
        ),  # of deals: one of statuses.DEAL_STATUSES; else, and where not known, the source's word
        EntityField("status_raw", added=True),
        EntityField("pays", aside=True, ref="orders"),  # of a payment: the order (invoice) that it pays
        EntityField("number", added=True),  # by which people know it, where the key is another
    ),
    when="at",
    title="Interactions",
    shown=("at", "kind", "status", "amount", "currency", "text", "channel"),
)
BUILT_IN = (ORDER, TICKET, INTERACTION)
ADDED: tuple[Entity, ...] = tuple(additions("fullcircle.entities", Entity))
ENTITIES: dict[str, Entity] = {entity.label: entity for entity in (*BUILT_IN, *ADDED)}


def _refuse_names_taken() -> None:
    """ConfigError if an added entity has the label, table, edge or title of another one."""
    for what in ("label", "table_name", "edge", "title"):
        names = [getattr(entity, what) for entity in (*BUILT_IN, *ADDED)]
        taken = sorted({name for name in names if names.count(name) > 1})
        if taken:
            raise ConfigError(f'Two entities have the {what} "{taken[0]}".', "Rename it in the package that adds one of them.")


_refuse_names_taken()
