"""The newest order is the first in a view; orders of a date that is still to come are after the others."""

from datetime import UTC, datetime, timedelta

from fullcircle.ask.customer import future_last


def test_orders_of_the_future_are_last():
    now = datetime.now(UTC).replace(tzinfo=None)
    days = [datetime(2935, 1, 1), now + timedelta(hours=10), now, datetime(2020, 1, 1), None]
    orders = [{"id": str(n), "ordered_at": day} for n, day in enumerate(days)]
    assert [one["id"] for one in future_last(orders)] == ["1", "2", "3", "4", "0"]
