"""The next basket: what a customer will buy next, what they buy again included. See offers/made.py for how it is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fullcircle.config.read import parse
from fullcircle.insights.base import Finding, InsightContext
from fullcircle.insights.offers.chosen import check_method
from fullcircle.insights.offers.made import OfferOptions, make
from fullcircle.insights.offers.methods import BASKET


class NextBasketOptions(OfferOptions):
    """[insights.next_basket]."""


class NextBasket:
    """See the top of the file."""

    name = "next_basket"
    meaning = "Which products a customer will most likely buy next, what they buy again included."
    after = ()
    makes_offers = True

    def check_options(self, options: Mapping[str, Any]) -> None:
        """See `insights.base.ChecksInsight`."""
        check_method(self.name, BASKET, parse(NextBasketOptions, dict(options), "[insights.next_basket]").method)

    def compute(self, context: InsightContext) -> Finding:
        """Fill insight_next_basket and edges_may_buy, and the rows of insight_trials."""
        options = parse(NextBasketOptions, context.options, "[insights.next_basket]")
        check_method(self.name, BASKET, options.method)
        return make(context, self.name, BASKET, "MAY_BUY", options)


PLUGIN = NextBasket()
