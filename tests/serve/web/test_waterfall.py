"""The bars of a waterfall add up to the weight, and lie where they say."""

from __future__ import annotations

import pytest

from fullcircle.identity.explain import Explanation, FieldWeight
from fullcircle.serve.web.waterfall import WIDTH, probability, waterfall


def pair(strangers: tuple[float, ...], kin: tuple[float, ...], weight: float | None, priors: tuple[float, float] = (-7.0, -1.0)):
    parts = tuple(
        FieldWeight(f"field {place}", "same", "a", "a", *both) for place, both in enumerate(zip(strangers, kin, strict=True))
    )
    totals = priors[0] + sum(strangers), priors[1] + sum(kin)
    return Explanation("record:a:b:1", "record:a:b:2", *priors, parts, *totals, weight, 2.0, (), (), True)


def test_the_steps_add_up_to_the_weight_and_follow_one_another() -> None:
    found = waterfall(pair((18.0, -2.0, 0.0), (3.0, -2.0, 0.0), -0.1))
    assert found is not None and found.against == "kin"
    *steps, total = found.steps
    assert sum(step.weight for step in steps) == pytest.approx(-0.1)
    assert [step.name for step in steps] == ["before comparing", "field 0", "field 1", "they may be strangers, too"]
    assert [step.kind for step in steps] == ["start", "for", "against", "against"]
    assert total.kind == "total" and total.weight == -0.1
    assert all(step.x >= 0 and step.x + step.width <= WIDTH for step in found.steps)
    assert steps[1].x == steps[0].x  # the first one goes to the left, the next begins where it ended


def test_the_explanation_that_counts_more_is_shown() -> None:
    found = waterfall(pair((1.0,), (9.0,), -6.01))
    assert found is not None and found.against == "strangers"


def test_what_cannot_be_compared_has_no_picture() -> None:
    assert waterfall(pair((), (), None)) is None


def test_all_alike_is_drawn_too() -> None:
    found = waterfall(pair((), (), 0.0, (0.0, 0.0)))
    assert found is not None and found.steps[-1].width > 0


@pytest.mark.parametrize(("weight", "is_"), [(0.0, 0.5), (1.0, 2 / 3), (5000.0, 1.0), (-5000.0, 0.0)])
def test_weights_as_probabilities(weight: float, is_: float) -> None:
    assert probability(weight) == pytest.approx(is_)
