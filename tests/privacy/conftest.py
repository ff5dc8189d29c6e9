"""What conform keeps of landed rows is kept in these small homes, too, so that erasing is seen to reach it."""

from collections.abc import Iterator

import pytest

from fullcircle.mapping import kept


@pytest.fixture(scope="session", autouse=True)
def rows_are_kept() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "SMALLEST", 0)
        yield
