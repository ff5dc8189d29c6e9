"""Something new: products that a customer never bought, but may like. See offers/made.py for how, and how it is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fullcircle.config.read import parse
from fullcircle.insights.base import Finding, InsightContext
from fullcircle.insights.offers.chosen import check_method
from fullcircle.insights.offers.made import OfferOptions, make
from fullcircle.insights.offers.methods import NEW


class NextProductOptions(OfferOptions):
    """[insights.next_product]."""

    buy_again: tuple[str, ...] = ()  # categories whose products are offered even to who owns them


class NextProduct:
    """See the top of the file."""

    name = "next_product"
    meaning = "Which products a customer does not own yet, but may like next."
    after = ()
    makes_offers = True

    def check_options(self, options: Mapping[str, Any]) -> None:
        """See `insights.base.ChecksInsight`."""
        check_method(self.name, NEW, parse(NextProductOptions, dict(options), "[insights.next_product]").method)

    def compute(self, context: InsightContext) -> Finding:
        """Fill insight_next_product and edges_may_like, and the rows of insight_trials."""
        options = parse(NextProductOptions, context.options, "[insights.next_product]")
        check_method(self.name, NEW, options.method)
        return make(context, self.name, NEW, "MAY_LIKE", options, options.buy_again)


PLUGIN = NextProduct()
