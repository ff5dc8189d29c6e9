"""An insight of another package: on which day of the week a customer orders most."""

from fullcircle.insights.base import Finding
from fullcircle.insights.tables import fill_edges, fill_vertices

DAYS = "SELECT 'weekday:' || lower(day) AS id, day AS name FROM (SELECT DISTINCT day FROM insight_weekday)"
ON = "SELECT customer_id AS source, 'weekday:' || lower(day) AS target, orders FROM insight_weekday"


class Weekday:
    """See the top of the file."""

    name = "weekday"
    meaning = "Which day of the week a customer orders on."
    after = ()

    def compute(self, context):
        context.engine.run(
            """CREATE OR REPLACE TABLE insight_weekday AS
            SELECT customer_id, mode(dayname(ordered_at) ORDER BY ordered_at) AS day, count(*) AS orders
            FROM customer_orders GROUP BY customer_id"""
        )
        fill_vertices(context.engine, "Weekday", DAYS)
        fill_edges(context.engine, "ORDERS_ON", ON)
        return Finding(self.name, {"insight_weekday": context.engine.count("insight_weekday")})


PLUGIN = Weekday()
