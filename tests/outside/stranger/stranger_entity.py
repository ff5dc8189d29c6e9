"""An entity of another package, in one declaration."""

from fullcircle.model.entity import Entity, EntityField

SUBSCRIPTION = Entity(
    label="Subscription",
    table_name="subscriptions",
    edge="SUBSCRIBES_TO",
    meaning="A contract that runs until it is cancelled.",
    fields=(
        EntityField("started_at", "timestamp", ("start_date", "begins_on")),
        EntityField("plan", "string", ("plan_name", "tariff"), field_class="plain"),
        EntityField("fee", "money", ("monthly_fee",), field_class="financial"),
    ),
    when="started_at",
    title="Subscriptions",
    shown=("started_at", "plan", "fee"),
    words=("contract",),
)
