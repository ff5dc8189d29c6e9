"""The labels that the insight `weekday` owns; light, because every reader of the model loads it."""

from fullcircle.model.label import EdgeLabel, VertexLabel

LABELS = (
    VertexLabel("Weekday", {"name": "string"}, "weekday", "A day of the week.", classes={"name": "plain"}),
    EdgeLabel("ORDERS_ON", (("Customer", "Weekday"),), {"orders": "int"}, "weekday"),
)
