"""What is only kept where there is much is kept in these small homes, too, so that erasing is seen to reach it."""

from collections.abc import Iterator

import pytest

from fullcircle.engine import changes
from fullcircle.identity import pair_scope
from fullcircle.mapping import kept


@pytest.fixture(scope="module", autouse=True)
def all_is_kept() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "SMALLEST", 0)
        patch.setattr(pair_scope, "MANY", 1)
        patch.setattr(changes, "SMALL", 0)
        yield
